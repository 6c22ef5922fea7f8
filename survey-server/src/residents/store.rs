//! The register in the database. An extract comes in beside the one in use, in pieces; one short transaction then makes
//! it the register. Readers never see half of one, and nobody waits for an import.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Statement, sea_query::Expr,
};

use super::resident::{self, Resident};
use crate::{
    audit::{Act, Log, Verb},
    database::{
        Database,
        entity::{register_extract, resident as resident_entity},
    },
    error::AppError,
    keys::Keys,
};

const LOADING: &str = "loading";
const CURRENT: &str = "current";
const REPLACED: &str = "replaced";

/// Residents written by one statement, and by one transaction.
const N_PER_STATEMENT: usize = 4_000;
/// Residents read at once.
const N_PER_PAGE: u64 = 20_000;

/// How an extract differs from the one before it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Changes {
    /// People the register did not have.
    pub n_joined: u64,
    /// People it has no more.
    pub n_left: u64,
    /// People of whom something changed.
    pub n_changed: u64,
    /// People as they were.
    pub n_unchanged: u64,
}

/// The extract that is the register now.
pub(crate) async fn current(connection: &impl ConnectionTrait) -> Result<Option<i32>, AppError> {
    let extract = register_extract::Entity::find().filter(register_extract::Column::State.eq(CURRENT));
    Ok(extract.one(connection).await?.map(|extract| extract.extract_id))
}

/// The resident with this digest, if there is one, if there is a register.
pub(super) async fn look_up(
    database: &Database,
    keys: &Keys,
    digest: &str,
) -> Result<Option<Option<Resident>>, AppError> {
    let transaction = database.begin_read().await?;
    let Some(extract_id) = current(&transaction).await? else { return Ok(None) };
    let row = resident_entity::Entity::find_by_id((extract_id, digest.to_owned())).one(&transaction).await?;
    transaction.commit().await?;
    Ok(Some(row.map(|row| Resident::open(keys, digest, &row.sealed)).transpose()?))
}

/// Everybody in the register, in no order that tells anything; `None` where no register was imported.
pub(crate) async fn everybody(database: &Database, keys: &Keys) -> Result<Option<Vec<Resident>>, AppError> {
    let transaction = database.begin_read().await?;
    let Some(extract_id) = current(&transaction).await? else { return Ok(None) };
    let mut everybody = Vec::new();
    let mut page = after(&transaction, extract_id, "").await?;
    while let Some(last) = page.last() {
        let last = last.fiscal_code_digest.clone();
        for row in page {
            everybody.push(Resident::open(keys, &row.fiscal_code_digest, &row.sealed)?);
        }
        page = after(&transaction, extract_id, &last).await?;
    }
    Ok(Some(everybody))
}

/// The residents of an extract that come after this digest, as many as are read at once.
async fn after(
    connection: &impl ConnectionTrait,
    extract_id: i32,
    digest: &str,
) -> Result<Vec<resident_entity::Model>, AppError> {
    let residents = resident_entity::Entity::find()
        .filter(resident_entity::Column::ExtractId.eq(extract_id))
        .filter(resident_entity::Column::FiscalCodeDigest.gt(digest))
        .order_by_asc(resident_entity::Column::FiscalCodeDigest)
        .limit(N_PER_PAGE);
    Ok(residents.all(connection).await?)
}

/// The row of a resident.
fn row(keys: &Keys, extract_id: i32, resident: &Resident) -> resident_entity::ActiveModel {
    let digest = resident.digest(keys);
    let place = resident::place(&digest);
    let record = resident.to_record();
    resident_entity::ActiveModel {
        extract_id: Set(extract_id),
        content_digest: Set(keys.register().content_digest(&place, &record)),
        sealed: Set(keys.register().seal(&place, &record)),
        fiscal_code_digest: Set(digest),
    }
}

/// The number of the extract that is begun next.
async fn next_id(connection: &impl ConnectionTrait) -> Result<i32, AppError> {
    let last = register_extract::Entity::find().order_by_desc(register_extract::Column::ExtractId);
    Ok(last.one(connection).await?.map_or(0, |extract| extract.extract_id) + 1)
}

/// Writes the register anew with other keys: digests are others then, and so are seals.
pub(crate) async fn rekey(transaction: &DatabaseTransaction, from: &Keys, to: &Keys) -> Result<(), AppError> {
    let extract = register_extract::Entity::find().filter(register_extract::Column::State.eq(CURRENT));
    let Some(extract) = extract.one(transaction).await? else { return Ok(()) };
    let (old_id, new_id) = (extract.extract_id, next_id(transaction).await?);
    let mut page = after(transaction, old_id, "").await?;
    while let Some(last) = page.last() {
        let last = last.fiscal_code_digest.clone();
        for some in page.chunks(N_PER_STATEMENT) {
            let residents = some.iter().map(|row| Resident::open(from, &row.fiscal_code_digest, &row.sealed));
            let rows =
                residents.map(|resident| Ok(row(to, new_id, &resident?))).collect::<Result<Vec<_>, AppError>>()?;
            resident_entity::Entity::insert_many(rows).exec_without_returning(transaction).await?;
        }
        page = after(transaction, old_id, &last).await?;
    }
    resident_entity::Entity::delete_many()
        .filter(resident_entity::Column::ExtractId.eq(old_id))
        .exec(transaction)
        .await?;
    register_extract::Entity::delete_by_id(old_id).exec(transaction).await?;
    let again = register_extract::Model { extract_id: new_id, ..extract };
    let again = register_extract::ActiveModel::from(again).reset_all();
    register_extract::Entity::insert(again).exec_without_returning(transaction).await?;
    Ok(())
}

/// An extract coming in.
pub(super) struct Loading<'a> {
    database: &'a Database,
    keys: &'a Keys,
    extract_id: i32,
    waiting: Vec<resident_entity::ActiveModel>,
    n_residents: u64,
}

impl<'a> Loading<'a> {
    /// Makes room for an extract. What a broken import left behind goes.
    pub(super) async fn begin(
        database: &'a Database,
        keys: &'a Keys,
        now: DateTime<Utc>,
    ) -> Result<Loading<'a>, AppError> {
        remove(database, LOADING).await?;
        let extract_id = next_id(database.connection()).await?;
        let row = register_extract::ActiveModel {
            extract_id: Set(extract_id),
            state: Set(LOADING.to_owned()),
            imported_at: Set(now.timestamp()),
            n_residents: Set(0),
            n_rejected: Set(0),
        };
        register_extract::Entity::insert(row).exec_without_returning(database.connection()).await?;
        Ok(Loading { database, keys, extract_id, waiting: Vec::with_capacity(N_PER_STATEMENT), n_residents: 0 })
    }

    /// Adds a resident.
    pub(super) async fn add(&mut self, resident: &Resident) -> Result<(), AppError> {
        self.waiting.push(row(self.keys, self.extract_id, resident));
        self.n_residents += 1;
        if self.waiting.len() == N_PER_STATEMENT { self.flush().await } else { Ok(()) }
    }

    pub(super) fn n_residents(&self) -> u64 {
        self.n_residents
    }

    /// How the extract differs from the register in use.
    pub(super) async fn changes(&mut self) -> Result<Changes, AppError> {
        self.flush().await?;
        let connection = self.database.connection();
        let Some(old) = current(connection).await? else {
            return Ok(Changes { n_joined: self.n_residents, ..Changes::default() });
        };
        let n_old = resident_entity::Entity::find().filter(resident_entity::Column::ExtractId.eq(old));
        let n_old = n_old.count(connection).await?;
        // Both numbers are our own, so that nothing from outside enters the statement.
        let sql = format!(
            "SELECT COUNT(*) AS n_both, COUNT(CASE WHEN o.content_digest = n.content_digest THEN 1 END) AS n_same \
             FROM resident n JOIN resident o ON o.extract_id = {old} AND o.fiscal_code_digest = n.fiscal_code_digest \
             WHERE n.extract_id = {}",
            self.extract_id
        );
        let statement = Statement::from_string(connection.get_database_backend(), sql);
        let row = connection.query_one_raw(statement).await?;
        let row = row.ok_or_else(|| AppError::StoredData("a count without an answer".to_owned()))?;
        let (n_both, n_same): (i64, i64) = (row.try_get("", "n_both")?, row.try_get("", "n_same")?);
        let (n_both, n_unchanged) = (n_both.unsigned_abs(), n_same.unsigned_abs());
        Ok(Changes {
            n_joined: self.n_residents - n_both,
            n_left: n_old - n_both,
            n_changed: n_both - n_unchanged,
            n_unchanged,
        })
    }

    /// Makes the extract the register. The one before it is then removed.
    pub(super) async fn put_in_force(
        mut self,
        n_rejected: u64,
        changes: Changes,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        self.flush().await?;
        let transaction = self.database.begin_write().await?;
        register_extract::Entity::update_many()
            .col_expr(register_extract::Column::State, Expr::value(REPLACED))
            .filter(register_extract::Column::State.eq(CURRENT))
            .exec(&transaction)
            .await?;
        let put = register_extract::Entity::update_many()
            .col_expr(register_extract::Column::State, Expr::value(CURRENT))
            .col_expr(register_extract::Column::NResidents, Expr::value(saturated(self.n_residents)))
            .col_expr(register_extract::Column::NRejected, Expr::value(saturated(n_rejected)))
            .filter(register_extract::Column::ExtractId.eq(self.extract_id))
            .filter(register_extract::Column::State.eq(LOADING))
            .exec(&transaction)
            .await?;
        if put.rows_affected != 1 {
            // Another import began meanwhile and swept this one out.
            return Err(AppError::ChangedElsewhere);
        }
        let Changes { n_joined, n_left, n_changed, .. } = changes;
        let detail = format!(
            "{} residents, {n_joined} joined, {n_left} left, {n_changed} changed, {n_rejected} lines left out",
            self.n_residents
        );
        let act = Act::of_system("tempi residents", Verb::RegisterImported, detail);
        self.database.audit().record(&transaction, &act, now).await?;
        transaction.commit().await?;
        remove(self.database, REPLACED).await
    }

    /// Takes back everything that came in.
    pub(super) async fn abandon(self) -> Result<(), AppError> {
        remove(self.database, LOADING).await
    }

    async fn flush(&mut self) -> Result<(), AppError> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let batch = std::mem::replace(&mut self.waiting, Vec::with_capacity(N_PER_STATEMENT));
        let transaction = self.database.begin_write().await?;
        self.database.hold_keys(&transaction).await?;
        resident_entity::Entity::insert_many(batch).exec_without_returning(&transaction).await?;
        Ok(transaction.commit().await?)
    }
}

/// Removes the residents of all extracts in this state. A replaced extract leaves its line, which holds counts only; of one
/// that never came in nothing stays.
async fn remove(database: &Database, state: &str) -> Result<(), AppError> {
    let connection = database.connection();
    let extracts = register_extract::Entity::find().filter(register_extract::Column::State.eq(state));
    for extract in extracts.all(connection).await? {
        // Piece by piece, so that nobody waits long: a digest begins with each of 256 pairs of digits equally often.
        for prefix in 0..=u8::MAX {
            resident_entity::Entity::delete_many()
                .filter(resident_entity::Column::ExtractId.eq(extract.extract_id))
                .filter(resident_entity::Column::FiscalCodeDigest.gte(format!("{prefix:02x}")))
                .filter(resident_entity::Column::FiscalCodeDigest.lt(format!("{prefix:02x}g")))
                .exec(connection)
                .await?;
        }
        if state == LOADING {
            register_extract::Entity::delete_by_id(extract.extract_id).exec(connection).await?;
        }
    }
    Ok(())
}

/// Removes the whole register; the samples drawn from it stay.
pub(super) async fn forget(database: &Database, now: DateTime<Utc>) -> Result<(), AppError> {
    let transaction = database.begin_write().await?;
    resident_entity::Entity::delete_many().exec(&transaction).await?;
    register_extract::Entity::delete_many().exec(&transaction).await?;
    let act = Act::of_system("tempi residents", Verb::RegisterRemoved, "");
    database.audit().record(&transaction, &act, now).await?;
    Ok(transaction.commit().await?)
}

/// Removes a register that was imported before this instant, as part of `transaction`; says how many people it held.
pub(crate) async fn forget_older(
    transaction: &DatabaseTransaction,
    audit: &Log,
    before: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<u64, AppError> {
    let mut n_residents = 0;
    let old = register_extract::Entity::find().filter(register_extract::Column::ImportedAt.lt(before.timestamp()));
    for extract in old.all(transaction).await? {
        let removed = resident_entity::Entity::delete_many()
            .filter(resident_entity::Column::ExtractId.eq(extract.extract_id))
            .exec(transaction)
            .await?
            .rows_affected;
        register_extract::Entity::delete_by_id(extract.extract_id).exec(transaction).await?;
        if extract.state == CURRENT {
            let act = Act::of_system("retention", Verb::RegisterRemoved, format!("{removed} residents"));
            audit.record(transaction, &act, now).await?;
        }
        n_residents += removed;
    }
    Ok(n_residents)
}

/// When the register in use was imported, if there is one.
pub(super) async fn imported_at(connection: &impl ConnectionTrait) -> Result<Option<DateTime<Utc>>, AppError> {
    let extract = register_extract::Entity::find().filter(register_extract::Column::State.eq(CURRENT));
    let extract = extract.one(connection).await?;
    Ok(extract.and_then(|extract| DateTime::from_timestamp(extract.imported_at, 0)))
}

/// Residents in the register now, `None` where there is none.
pub(crate) async fn n_residents(connection: &impl ConnectionTrait) -> Result<Option<u64>, AppError> {
    let Some(extract_id) = current(connection).await? else { return Ok(None) };
    let residents = resident_entity::Entity::find().filter(resident_entity::Column::ExtractId.eq(extract_id));
    Ok(Some(residents.count(connection).await?))
}

fn saturated(number: u64) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
