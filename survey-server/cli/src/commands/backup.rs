//! `tempi backup` and `tempi restore`.

use serde_json::json;
use survey_server::backup::{self, BackupSummary};
use survey_server::clock::{Clock, SystemClock};

use super::server;
use crate::arguments::{BackupArguments, RestoreArguments};
use crate::results::Results;

fn print(results: Results, text: &str, summary: &BackupSummary) {
    results.print(
        text,
        &json!({
            "n_rows": summary.n_rows(),
            "rows": summary.rows,
            "audit_head": summary.audit_head.to_string(),
            "made_at": summary.made_at,
        }),
    );
}

/// Writes a backup.
pub async fn backup(arguments: &BackupArguments, results: Results) -> anyhow::Result<()> {
    let (database, _) = server::data(&arguments.server).await?;
    let made = backup::backup(&database, &arguments.output, arguments.encrypt_with.as_deref(), SystemClock.now()).await;
    database.close().await?;
    let summary = made?;
    let text = format!(
        "{} rows of {} tables in {}. The head of the audit log is {}",
        summary.n_rows(),
        summary.rows.len(),
        arguments.output.display(),
        summary.audit_head
    );
    print(results, &text, &summary);
    Ok(())
}

/// Restores a backup, or only checks it.
pub async fn restore(arguments: &RestoreArguments, results: Results) -> anyhow::Result<()> {
    let key = arguments.decrypt_with.as_deref();
    if arguments.check {
        let summary = backup::check(&arguments.backup, key)?;
        let text = format!("The backup is whole: {} rows, made {}", summary.n_rows(), summary.made_at);
        print(results, &text, &summary);
        return Ok(());
    }
    let config = server::configuration(&arguments.server)?;
    let summary = backup::restore(&config, &arguments.backup, key, SystemClock.now()).await?;
    let text =
        format!("{} rows were restored and the audit log is intact up to {}", summary.n_rows(), summary.audit_head);
    print(results, &text, &summary);
    Ok(())
}
