//! `tempi sessions`: ends sessions, of one person or of everybody.

use anyhow::ensure;
use serde_json::json;
use survey_server::access::session;
use survey_server::clock::{Clock, SystemClock};

use super::{officer, server};
use crate::arguments::EndSessionsArguments;
use crate::results::Results;

/// Ends sessions.
pub async fn end(arguments: &EndSessionsArguments, results: Results) -> anyhow::Result<()> {
    ensure!(
        arguments.fiscal_code.is_some() != arguments.everybody,
        "say whose sessions end: a fiscal code, or --everybody"
    );
    let fiscal_code = arguments.fiscal_code.as_deref().map(officer::read).transpose()?;
    let (database, keys) = server::data(&arguments.server).await?;
    let ended = session::end(&database, &keys, fiscal_code.as_ref(), SystemClock.now()).await;
    database.close().await?;
    let n_ended = ended?;
    results.print(&format!("{n_ended} sessions were ended."), &json!({ "n_ended": n_ended }));
    Ok(())
}
