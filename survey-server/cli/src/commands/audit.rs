//! `tempi audit`.

use anyhow::Context;
use serde_json::json;
use survey_server::audit::{Head, verify_segments};

use super::server;
use crate::arguments::{AuditListArguments, AuditVerifyArguments, ServerArguments};
use crate::results::Results;

/// Goes through the whole log.
pub async fn verify(arguments: &AuditVerifyArguments, results: Results) -> anyhow::Result<()> {
    let expected: Option<Head> = arguments.head.as_deref().map(str::parse).transpose().context("--head")?;
    let (database, _) = server::data(&arguments.server).await?;
    let log = database.audit();
    let verified = log.verify(expected.as_ref()).await?;
    let n_archived = match arguments.archive.as_slice() {
        [] => None,
        segments => Some(verify_segments(segments, &log.archived().await?)?),
    };
    database.close().await?;
    let archived = match n_archived {
        Some(n_rows) => format!(", and {n_rows} archived ones before them"),
        None if verified.n_archived > 0 => format!("; {} archived ones before them were not read", verified.n_archived),
        None => String::new(),
    };
    results.print(
        &format!("The audit log is intact: {} rows{archived}. Its head is {}", verified.n_rows, verified.head),
        &json!({
            "n_rows": verified.n_rows,
            "n_archived_before": verified.n_archived,
            "n_archived_verified": n_archived,
            "head": verified.head.to_string(),
        }),
    );
    Ok(())
}

/// Prints the head.
pub async fn head(arguments: &ServerArguments, results: Results) -> anyhow::Result<()> {
    let (database, _) = server::data(arguments).await?;
    let head = database.audit().head().await?;
    database.close().await?;
    results.print(&head.to_string(), &json!({ "head": head.to_string() }));
    Ok(())
}

/// Prints the latest rows.
pub async fn list(arguments: &AuditListArguments, results: Results) -> anyhow::Result<()> {
    let (database, _) = server::data(&arguments.server).await?;
    let rows = database.audit().latest(arguments.limit).await?;
    database.close().await?;
    let lines = rows.iter().map(|row| {
        let at = chrono::DateTime::from_timestamp(row.at, 0).map_or_else(String::new, |at| at.to_rfc3339());
        let role = row.actor_role.as_deref().map_or_else(String::new, |role| format!(" as {role}"));
        let subject = row.subject.as_deref().map_or_else(String::new, |subject| format!(" about {subject}"));
        let detail = if row.detail.is_empty() { String::new() } else { format!(": {}", row.detail) };
        format!("{} {at} {} {} {}{role}{subject}{detail}", row.sequence, row.verb, row.actor_kind, row.actor)
    });
    results.print(&lines.collect::<Vec<_>>().join("\n"), &json!({ "rows": rows }));
    Ok(())
}
