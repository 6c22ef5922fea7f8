//! The audit log in the database.

use std::path::Path;

use chrono::{DateTime, Utc};
use ring::hmac;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait,
    QueryFilter, QueryOrder, QuerySelect, TransactionTrait, sea_query::Expr,
};

use super::{
    act::{Act, Verb},
    chain::{self, Head, Link},
    segment,
    verify::{AuditError, Flaw, Verified, Verifier},
};
use crate::{
    database::{
        Database,
        entity::{audit_head, audit_log},
    },
    error::AppError,
    keys::Keys,
};

/// How many rows are read at once while the log is verified.
const PAGE: u64 = 10_000;

/// The log of an installation, with the key that authenticates its head.
#[derive(Clone)]
pub struct Log {
    database: Database,
    keys: Option<Keys>,
}

/// A row of the log, as it is read.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Record {
    /// 1 for the first row ever.
    pub sequence: i64,
    /// When, in seconds since 1970.
    pub at: i64,
    /// `citizen`, `officer` or `system`.
    pub actor_kind: String,
    /// The pseudonym in this log of a person ([`Log::alias`]), or the name of a part of the program.
    pub actor: String,
    /// The officer's role.
    pub actor_role: Option<String>,
    /// What was done ([`super::Verb::text`]).
    pub verb: String,
    /// The pseudonym in this log of whom it is about.
    pub subject: Option<String>,
    /// What else should be known.
    pub detail: String,
    /// The chain's hash at this row.
    pub hash: String,
}

impl Record {
    pub(super) fn link(&self) -> Link<'_> {
        Link {
            sequence: self.sequence,
            at: self.at,
            actor_kind: &self.actor_kind,
            actor: &self.actor,
            actor_role: self.actor_role.as_deref(),
            verb: &self.verb,
            subject: self.subject.as_deref(),
            detail: &self.detail,
        }
    }
}

impl From<audit_log::Model> for Record {
    fn from(row: audit_log::Model) -> Record {
        Record {
            sequence: row.sequence,
            at: row.at,
            actor_kind: row.actor_kind,
            actor: row.actor,
            actor_role: row.actor_role,
            verb: row.verb,
            subject: row.subject,
            detail: row.detail,
            hash: row.hash,
        }
    }
}

impl Log {
    pub(crate) fn new(database: &Database, keys: Option<Keys>) -> Log {
        Log { database: database.clone(), keys }
    }

    fn keys(&self) -> Result<&Keys, AppError> {
        self.keys.as_ref().ok_or_else(|| AppError::StoredData("the audit log was opened without its key".to_owned()))
    }

    fn key(&self) -> Result<&hmac::Key, AppError> {
        Ok(self.keys()?.audit_key())
    }

    /// The name by which this log knows a participant: a keyed pseudonym, so that the log read without the key joins with
    /// no other table, and names nobody any more once the participant id is gone.
    ///
    /// # Errors
    /// When the log was opened without its key.
    pub fn alias(&self, participant_id: &str) -> Result<String, AppError> {
        Ok(self.keys()?.audit_alias(participant_id))
    }

    /// Writes `act` down as part of the transaction of the act itself: both happen or neither. Writers of the log wait
    /// for each other until that transaction ends, so this belongs at its end. On SQLite the transaction must have been
    /// begun by [`Database::begin_write`], or have read nothing yet.
    ///
    /// # Errors
    /// When the database cannot be written, or the log was opened without its key.
    pub async fn record<C>(&self, connection: &C, act: &Act, now: DateTime<Utc>) -> Result<(), AppError>
    where
        C: ConnectionTrait + TransactionTrait<Transaction = DatabaseTransaction>,
    {
        let transaction = connection.begin().await?;
        let (head, archived, _) = lock_head(&transaction).await?;
        let (actor_kind, actor, actor_role) = act.actor.parts();
        let actor = match act.actor {
            super::Actor::System(_) => actor.to_owned(),
            _ => self.alias(actor)?,
        };
        let subject = act.subject.as_deref().map(|subject| self.alias(subject)).transpose()?;
        let link = Link {
            sequence: head.sequence + 1,
            at: now.timestamp(),
            actor_kind,
            actor: &actor,
            actor_role,
            verb: act.verb.text(),
            subject: subject.as_deref(),
            detail: &act.detail,
        };
        let next = Head { sequence: link.sequence, hash: link.hash(&head.hash) };
        let row = audit_log::ActiveModel {
            sequence: Set(next.sequence),
            at: Set(link.at),
            actor_kind: Set(actor_kind.to_owned()),
            actor: Set(actor.clone()),
            actor_role: Set(actor_role.map(str::to_owned)),
            verb: Set(link.verb.to_owned()),
            subject: Set(subject.clone()),
            detail: Set(act.detail.clone()),
            hash: Set(next.hash.clone()),
        };
        audit_log::Entity::insert(row).exec_without_returning(&transaction).await?;
        self.write_head(&transaction, &next, &archived).await?;
        Ok(transaction.commit().await?)
    }

    /// Writes `act` down in a transaction of its own, for acts that change nothing in the database.
    ///
    /// # Errors
    /// When the database cannot be written, or the log was opened without its key.
    pub async fn write(&self, act: &Act, now: DateTime<Utc>) -> Result<(), AppError> {
        let transaction = self.database.begin_write().await?;
        self.record(&transaction, act, now).await?;
        Ok(transaction.commit().await?)
    }

    /// Authenticates the head of a log that no key has been shown to yet.
    pub(crate) async fn begin(&self, transaction: &DatabaseTransaction) -> Result<(), AppError> {
        let (head, archived, mac) = lock_head(transaction).await?;
        if mac.is_empty() && head == Head::genesis() {
            self.write_head(transaction, &head, &archived).await?;
        }
        Ok(())
    }

    async fn write_head(
        &self,
        transaction: &DatabaseTransaction,
        head: &Head,
        archived: &Head,
    ) -> Result<(), AppError> {
        use audit_head::Column;
        audit_head::Entity::update_many()
            .col_expr(Column::Sequence, Expr::value(head.sequence))
            .col_expr(Column::Hash, Expr::value(head.hash.as_str()))
            .col_expr(Column::ArchivedSequence, Expr::value(archived.sequence))
            .col_expr(Column::ArchivedHash, Expr::value(archived.hash.as_str()))
            .col_expr(Column::Mac, Expr::value(chain::mac(self.key()?, head, archived)))
            .exec(transaction)
            .await?;
        Ok(())
    }

    /// The head: whoever keeps a copy of it elsewhere notices when the end of the log is cut off later.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn head(&self) -> Result<Head, AppError> {
        let row = audit_head::Entity::find_by_id(1).one(self.database.connection()).await?;
        Ok(parts(row)?.0)
    }

    /// Verifies the whole log in one consistent state: every row against its hash and its predecessor, the head against
    /// its key, and that `expected`, a head noted earlier, is still part of it.
    ///
    /// # Errors
    /// [`AuditError::Broken`] names the first row that does not hold.
    pub async fn verify(&self, expected: Option<&Head>) -> Result<Verified, AuditError> {
        let transaction = self.database.begin_read().await.map_err(AppError::from)?;
        let row = audit_head::Entity::find_by_id(1).one(&transaction).await.map_err(AppError::from)?;
        let (head, archived, mac) = parts(row)?;
        let mut verifier = Verifier::new(archived.clone(), expected.cloned());
        loop {
            let rows = audit_log::Entity::find()
                .filter(audit_log::Column::Sequence.gt(verifier.head().sequence))
                .order_by_asc(audit_log::Column::Sequence)
                .limit(PAGE)
                .all(&transaction)
                .await
                .map_err(AppError::from)?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                verifier.take(&row.into())?;
            }
        }
        // A row that hides before the place where the chain begins.
        let hidden = audit_log::Entity::find()
            .filter(audit_log::Column::Sequence.lte(archived.sequence))
            .one(&transaction)
            .await
            .map_err(AppError::from)?;
        transaction.commit().await.map_err(AppError::from)?;
        if let Some(hidden) = hidden {
            return Err(AuditError::Broken { sequence: hidden.sequence, flaw: Flaw::Archived });
        }
        let verified = verifier.finish(&head)?;
        if !chain::mac_holds(self.key()?, &head, &archived, &mac) {
            return Err(AuditError::Broken { sequence: head.sequence, flaw: Flaw::Unauthenticated });
        }
        Ok(verified)
    }

    /// Takes rows older than `before` out of the log, after they were written into `folder`, as far as there is one; says
    /// how many. The chain goes on after them: the head remembers the hash they end with.
    ///
    /// # Errors
    /// When the segment cannot be written, the database cannot, or the rows are not intact; the log is then as it was.
    pub async fn archive(
        &self,
        before: DateTime<Utc>,
        folder: Option<&Path>,
        now: DateTime<Utc>,
    ) -> Result<u64, AppError> {
        let transaction = self.database.begin_write().await?;
        let (head, archived, _) = lock_head(&transaction).await?;
        let rows = audit_log::Entity::find()
            .filter(audit_log::Column::At.lt(before.timestamp()))
            .order_by_asc(audit_log::Column::Sequence)
            .all(&transaction)
            .await?;
        let mut verifier = Verifier::new(archived, None);
        let mut records: Vec<Record> = Vec::new();
        for record in rows.into_iter().map(Record::from) {
            if record.sequence != verifier.head().sequence + 1 {
                // A clock that went back: what is older and stands later goes another time.
                break;
            }
            verifier.take(&record).map_err(|error| AppError::StoredData(error.to_string()))?;
            records.push(record);
        }
        let Some(last) = records.last() else { return Ok(0) };
        let end = Head { sequence: last.sequence, hash: last.hash.clone() };
        if let Some(folder) = folder {
            segment::write(folder, &records)?;
        }
        self.write_head(&transaction, &head, &end).await?;
        let removed = audit_log::Entity::delete_many()
            .filter(audit_log::Column::Sequence.lte(end.sequence))
            .exec(&transaction)
            .await?;
        let detail = format!("rows {} to {}", records[0].sequence, end.sequence);
        self.record(&transaction, &Act::of_system("retention", Verb::LogArchived, detail), now).await?;
        transaction.commit().await?;
        Ok(removed.rows_affected)
    }

    /// Where the part that was archived ends.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn archived(&self) -> Result<Head, AppError> {
        let row = audit_head::Entity::find_by_id(1).one(self.database.connection()).await?;
        Ok(parts(row)?.1)
    }

    /// The latest rows, newest first, at most `limit`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn latest(&self, limit: u64) -> Result<Vec<Record>, AppError> {
        let rows = audit_log::Entity::find()
            .order_by_desc(audit_log::Column::Sequence)
            .limit(limit)
            .all(self.database.connection())
            .await?;
        Ok(rows.into_iter().map(Record::from).collect())
    }

    /// The rows about a participant, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn about(&self, participant_id: &str) -> Result<Vec<Record>, AppError> {
        let alias = self.alias(participant_id)?;
        let rows = audit_log::Entity::find()
            .filter(Condition::all().add(audit_log::Column::Subject.eq(alias)))
            .order_by_desc(audit_log::Column::Sequence)
            .all(self.database.connection())
            .await?;
        Ok(rows.into_iter().map(Record::from).collect())
    }
}

/// Waits until nobody else writes the log, and gives its head, the end of its archived part and the head's MAC.
async fn lock_head(transaction: &DatabaseTransaction) -> Result<(Head, Head, String), AppError> {
    if transaction.get_database_backend() == DbBackend::Sqlite {
        // A write, though of nothing new: it takes the lock before anything is read.
        audit_head::Entity::update_many()
            .col_expr(audit_head::Column::Id, Expr::col(audit_head::Column::Id))
            .exec(transaction)
            .await?;
    }
    parts(audit_head::Entity::find_by_id(1).lock_exclusive().one(transaction).await?)
}

fn parts(row: Option<audit_head::Model>) -> Result<(Head, Head, String), AppError> {
    let Some(row) = row else {
        return Err(AppError::StoredData("the head of the audit log is missing".to_owned()));
    };
    let archived = Head { sequence: row.archived_sequence, hash: row.archived_hash };
    Ok((Head { sequence: row.sequence, hash: row.hash }, archived, row.mac))
}
