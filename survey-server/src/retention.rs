//! Retention limits that apply themselves: dead sessions, drafts that nobody hands in, identities of a survey that is over,
//! a register of residents that has become old, old rows of the audit log. Each run is recorded in that log, and ends by rewriting the database so that the order of
//! rows tells nothing.

pub(crate) mod store;

use std::{fmt, time::Duration};

use chrono::{DateTime, Utc};

use crate::{app::SessionLifetime, clock::SharedClock, config::RetentionConfig, database::Database, error::AppError};

/// What a run removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Applied {
    /// Sessions that nobody could continue any more.
    pub n_sessions: u64,
    /// Days and questionnaires that were begun and never handed in.
    pub n_drafts: u64,
    /// Identities that never agreed to anything, or whose surveys are over.
    pub n_identities: u64,
    /// Surveys whose link to people was destroyed.
    pub n_surveys: u64,
    /// People of a register of residents that was too old.
    pub n_residents: u64,
    /// People of a sample whose survey is over.
    pub n_sampled: u64,
    /// Rows that left the audit log.
    pub n_audit_rows: u64,
}

impl fmt::Display for Applied {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Applied { n_sessions, n_drafts, n_identities, n_surveys, n_residents, n_sampled, n_audit_rows } = self;
        write!(
            formatter,
            "{n_sessions} sessions, {n_drafts} drafts, {n_identities} identities, {n_surveys} surveys made anonymous, \
             {n_residents} residents of an old register, {n_sampled} persons of a sample whose survey is over, {n_audit_rows} rows of the audit log"
        )
    }
}

/// Applies the limits once.
///
/// # Errors
/// When the database or the archive cannot be written; what was removed before stays removed.
pub async fn apply(
    database: &Database,
    config: &RetentionConfig,
    sessions: SessionLifetime,
    now: DateTime<Utc>,
) -> Result<Applied, AppError> {
    let applied = store::apply(database, config, sessions, now).await?;
    database.forget_order().await?;
    Ok(applied)
}

/// How often it is looked whether a run is due.
const LOOK: Duration = Duration::from_secs(1);

/// How long is waited after a run that failed.
const AFTER_FAILURE: Duration = Duration::from_secs(600);

/// Applies the limits whenever they are due, until it is dropped. When they were applied last is read from the audit log,
/// so that a server that is often started anew does not put it off for ever.
pub(crate) async fn keep(database: Database, config: RetentionConfig, sessions: SessionLifetime, clock: SharedClock) {
    let started = clock.now();
    let mut last = store::last_run(&database).await.ok().flatten().unwrap_or(started);
    loop {
        tokio::time::sleep(LOOK).await;
        let now = clock.now();
        if now - last < config.every {
            continue;
        }
        match apply(&database, &config, sessions, now).await {
            Ok(applied) => {
                tracing::info!(%applied, "retention limits were applied");
                last = now;
            }
            Err(error) => {
                tracing::error!(%error, "retention limits were not applied");
                tokio::time::sleep(AFTER_FAILURE).await;
            }
        }
    }
}
