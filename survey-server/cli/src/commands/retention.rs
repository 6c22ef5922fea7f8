//! `tempi retention`.

use serde_json::json;
use survey_server::clock::{Clock, SystemClock};
use survey_server::retention;

use super::server;
use crate::arguments::ServerArguments;
use crate::results::Results;

/// Applies the retention limits now.
pub async fn run(arguments: &ServerArguments, results: Results) -> anyhow::Result<()> {
    let config = server::configuration(arguments)?;
    let (database, _) = server::data(arguments).await?;
    let applied = retention::apply(&database, &config.retention, config.session_lifetime, SystemClock.now()).await;
    database.close().await?;
    let applied = applied?;
    results.print(
        &format!("Removed: {applied}. The rows of the database lie in an order that tells nothing."),
        &json!({
            "n_sessions": applied.n_sessions,
            "n_drafts": applied.n_drafts,
            "n_identities": applied.n_identities,
            "n_surveys": applied.n_surveys,
            "n_residents": applied.n_residents,
            "n_sampled": applied.n_sampled,
            "n_audit_rows": applied.n_audit_rows,
        }),
    );
    Ok(())
}
