//! The audit log, read for auditors.

use std::sync::Arc;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::form::Filter;
use crate::{
    access::guard::Store,
    app::Services,
    audit::{AuditError, Flaw, Record, Verified},
    clock::end_of_day,
    database::{Database, entity::audit_log},
    error::AppError,
};

/// The rows of a page.
pub(super) const PAGE: usize = 50;

/// The log.
pub(crate) struct Records {
    database: Database,
}

impl Store for Records {
    fn open(services: &Arc<Services>) -> Records {
        Records { database: services.database.clone() }
    }
}

impl Records {
    /// The rows that `filter` lets through, the newest first; one more than a page when there are further ones.
    pub(super) async fn page(&self, filter: &Filter) -> Result<Vec<Record>, AppError> {
        let mut query = audit_log::Entity::find();
        if let Some(verb) = filter.verb {
            query = query.filter(audit_log::Column::Verb.eq(verb.text()));
        }
        if let Some(begin) = filter.from.and_then(|date| date.pred_opt()).and_then(end_of_day) {
            query = query.filter(audit_log::Column::At.gte(begin.timestamp()));
        }
        if let Some(end) = filter.to.and_then(end_of_day) {
            query = query.filter(audit_log::Column::At.lt(end.timestamp()));
        }
        if let Some(before) = filter.before {
            query = query.filter(audit_log::Column::Sequence.lt(before));
        }
        let rows = query
            .order_by_desc(audit_log::Column::Sequence)
            .limit(PAGE as u64 + 1)
            .all(self.database.connection())
            .await?;
        Ok(rows.into_iter().map(Record::from).collect())
    }

    /// The verdict on the whole chain: intact, or the row that does not hold and what is wrong with it.
    pub(super) async fn verify(&self) -> Result<Result<Verified, (i64, Flaw)>, AppError> {
        match self.database.audit().verify(None).await {
            Ok(verified) => Ok(Ok(verified)),
            Err(AuditError::Broken { sequence, flaw }) => Ok(Err((sequence, flaw))),
            Err(AuditError::Database(error)) => Err(error),
        }
    }
}
