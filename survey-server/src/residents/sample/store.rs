//! The sample in the database: one at a time, each person's place in it sealed.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::{Sample, SampleError, SamplePlan, SampledPerson, Unit};
use crate::{
    audit::{Act, Log, Verb},
    clock::italian_time,
    database::{
        Database,
        entity::{sample, sampled_person},
    },
    error::AppError,
    keys::{self, Keys},
    residents::resident::Resident,
};

/// Divides what is sealed of the design from the resident's record.
const DIVIDER: char = '\u{1e}';
/// People written by one statement.
const N_PER_STATEMENT: usize = 4_000;

/// Whether a sample is kept.
pub(super) async fn exists(database: &Database) -> Result<bool, AppError> {
    Ok(sample::Entity::find().one(database.connection()).await?.is_some())
}

/// Keeps a sample in the place of any other.
pub(super) async fn keep(
    database: &Database,
    keys: &Keys,
    plan: &SamplePlan,
    drawn: &Sample,
    now: DateTime<Utc>,
) -> Result<(), SampleError> {
    let sample_id = keys::random_id();
    let number = |number: u64| i32::try_from(number).unwrap_or(i32::MAX);
    let strata: Vec<&str> = plan.strata.iter().map(|stratifier| stratifier.name()).collect();
    let row = sample::ActiveModel {
        sample_id: Set(sample_id.clone()),
        drawn_at: Set(now.timestamp()),
        seed: Set(plan.seed.clone()),
        unit: Set(plan.unit.name().to_owned()),
        strata: Set(strata.join(",")),
        allocation: Set(plan.allocation.name().to_owned()),
        minimum_age: Set(number(plan.minimum_age.into())),
        n_strata: Set(number(drawn.strata.len() as u64)),
        n_units: Set(number(drawn.n_units())),
        n_persons: Set(number(drawn.people.len() as u64)),
    };
    let detail = format!(
        "{} {} in {} strata, {} persons, allocation {}",
        drawn.n_units(),
        plan.unit.name(),
        drawn.strata.len(),
        drawn.people.len(),
        plan.allocation.name()
    );
    let stored = async {
        let transaction = database.begin_write().await?;
        database.hold_keys(&transaction).await?;
        if !plan.replace && sample::Entity::find().one(&transaction).await?.is_some() {
            return Ok(false);
        }
        sampled_person::Entity::delete_many().exec(&transaction).await?;
        sample::Entity::delete_many().exec(&transaction).await?;
        sample::Entity::insert(row).exec_without_returning(&transaction).await?;
        insert(&transaction, keys, &sample_id, &drawn.people).await?;
        let act = Act::of_system("tempi residents", Verb::SampleDrawn, detail);
        database.audit().record(&transaction, &act, now).await?;
        transaction.commit().await?;
        Ok::<bool, AppError>(true)
    };
    if stored.await? { Ok(()) } else { Err(SampleError::Exists) }
}

/// The sample kept, if there is one: what its units are, and its people with the digests they are found by.
pub(crate) async fn kept(
    connection: &impl ConnectionTrait,
    keys: &Keys,
) -> Result<Option<(Unit, Vec<(String, SampledPerson)>)>, AppError> {
    let Some(sample) = sample::Entity::find().one(connection).await? else { return Ok(None) };
    let unit = Unit::from_name(&sample.unit).ok_or_else(broken)?;
    let people = sampled_person::Entity::find().all(connection).await?;
    let people = people.into_iter().map(|row| {
        let record = keys.register().open(&place(&sample.sample_id, &row.fiscal_code_digest), &row.sealed)?;
        Ok((row.fiscal_code_digest, person(&record)?))
    });
    Ok(Some((unit, people.collect::<Result<_, AppError>>()?)))
}

/// The place in the sample of the person whom this digest finds, if they were drawn.
pub(crate) async fn sampled(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    digest: &str,
) -> Result<Option<SampledPerson>, AppError> {
    let row = sampled_person::Entity::find().filter(sampled_person::Column::FiscalCodeDigest.eq(digest));
    let Some(row) = row.one(connection).await? else { return Ok(None) };
    let record = keys.register().open(&place(&row.sample_id, digest), &row.sealed)?;
    Ok(Some(person(&record)?))
}

/// Removes samples that were drawn up to `last`, as part of `transaction`; says how many people they held.
pub(crate) async fn forget_drawn_until(
    transaction: &DatabaseTransaction,
    audit: &Log,
    last: NaiveDate,
    now: DateTime<Utc>,
) -> Result<u64, AppError> {
    let mut n_people = 0;
    for row in sample::Entity::find().all(transaction).await? {
        let drawn_at = DateTime::from_timestamp(row.drawn_at, 0).ok_or_else(broken)?;
        if italian_time(drawn_at).date() > last {
            continue;
        }
        let removed = sampled_person::Entity::delete_many()
            .filter(sampled_person::Column::SampleId.eq(row.sample_id.as_str()))
            .exec(transaction)
            .await?
            .rows_affected;
        sample::Entity::delete_by_id(row.sample_id).exec(transaction).await?;
        let act = Act::of_system("retention", Verb::SampleRemoved, format!("{removed} persons"));
        audit.record(transaction, &act, now).await?;
        n_people += removed;
    }
    Ok(n_people)
}

/// Writes the sample anew with other keys.
pub(crate) async fn rekey(transaction: &DatabaseTransaction, from: &Keys, to: &Keys) -> Result<(), AppError> {
    let Some((_, people)) = kept(transaction, from).await? else { return Ok(()) };
    let Some(sample) = sample::Entity::find().one(transaction).await? else { return Ok(()) };
    sampled_person::Entity::delete_many().exec(transaction).await?;
    let people: Vec<SampledPerson> = people.into_iter().map(|(_, person)| person).collect();
    insert(transaction, to, &sample.sample_id, &people).await
}

async fn insert(
    transaction: &DatabaseTransaction,
    keys: &Keys,
    sample_id: &str,
    people: &[SampledPerson],
) -> Result<(), AppError> {
    for batch in people.chunks(N_PER_STATEMENT) {
        let rows = batch.iter().map(|person| {
            let digest = person.resident.digest(keys);
            sampled_person::ActiveModel {
                sample_id: Set(sample_id.to_owned()),
                sealed: Set(keys.register().seal(&place(sample_id, &digest), &record(person))),
                fiscal_code_digest: Set(digest),
            }
        });
        sampled_person::Entity::insert_many(rows).exec_without_returning(transaction).await?;
    }
    Ok(())
}

fn record(person: &SampledPerson) -> String {
    let numbers = [person.n_frame.to_string(), person.n_drawn.to_string()];
    [person.stratum.as_str(), &numbers[0], &numbers[1], &person.resident.to_record()].join(&DIVIDER.to_string())
}

fn person(record: &str) -> Result<SampledPerson, AppError> {
    let mut fields = record.split(DIVIDER);
    let mut field = || fields.next().ok_or_else(broken);
    let (stratum, n_frame, n_drawn, resident) = (field()?, field()?, field()?, field()?);
    Ok(SampledPerson {
        resident: Resident::from_record(resident)?,
        stratum: stratum.to_owned(),
        n_frame: n_frame.parse().map_err(|_| broken())?,
        n_drawn: n_drawn.parse().map_err(|_| broken())?,
    })
}

/// The row that a record is bound to.
fn place(sample_id: &str, digest: &str) -> String {
    format!("sampled:{sample_id}:{digest}")
}

fn broken() -> AppError {
    AppError::StoredData("a sampled person who does not read back".to_owned())
}
