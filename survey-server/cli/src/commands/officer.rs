//! `tempi officer`: the first administrator, and whoever has to be let in or out without the site.

use std::io::Read;

use anyhow::Context;
use questionnaires::fiscal_code::FiscalCode;
use serde_json::json;
use survey_server::access::officer::{self, Grant, NewGrant};
use survey_server::clock::{Clock, SystemClock};

use super::server;
use crate::arguments::{OfficerCommand, RevokeArguments, ServerArguments};
use crate::results::Results;
use crate::table;

/// Runs one of the commands.
pub async fn run(command: OfficerCommand, results: Results) -> anyhow::Result<()> {
    match command {
        OfficerCommand::Grant { fiscal_code, role, until, name, server } => {
            let new = NewGrant { fiscal_code: read(&fiscal_code)?, name, role, until };
            grant(&new, &server, results).await
        }
        OfficerCommand::List(server) => list(&server, results).await,
        OfficerCommand::Revoke(arguments) => revoke(&arguments, results).await,
    }
}

async fn grant(new: &NewGrant, server: &ServerArguments, results: Results) -> anyhow::Result<()> {
    let (database, keys) = server::data(server).await?;
    let granted = officer::grant(&database, &keys, new, SystemClock.now()).await;
    database.close().await?;
    granted?;
    results.print(
        &format!("The role {} is granted until {} included.", new.role, new.until),
        &json!({ "role": new.role.name(), "until": new.until }),
    );
    Ok(())
}

async fn list(server: &ServerArguments, results: Results) -> anyhow::Result<()> {
    let (database, keys) = server::data(server).await?;
    let now = SystemClock.now();
    let grants = officer::list(&database, &keys, now).await;
    database.close().await?;
    let grants = grants?;
    let state = |grant: &Grant| match (grant.is_in_force(now), grant.revoked_at) {
        (true, _) => "in force",
        (false, Some(_)) => "revoked",
        (false, None) => "expired",
    };
    // The end is the first instant without the role.
    let until = |grant: &Grant| (grant.until - chrono::Duration::seconds(1)).date_naive().to_string();
    let header = ["role", "state", "until", "code", "name"].map(str::to_owned);
    let row = |grant: &Grant| {
        vec![
            grant.role.to_string(),
            state(grant).to_owned(),
            until(grant),
            grant.masked_code.clone(),
            grant.name.clone(),
        ]
    };
    let rows: Vec<Vec<String>> = grants.iter().map(row).collect();
    let text = if rows.is_empty() { "Nobody holds a role.".to_owned() } else { table::aligned(&header, &rows) };
    let entry = |grant: &Grant| {
        json!({
            "role": grant.role.name(),
            "state": state(grant),
            "until": until(grant),
            "code": grant.masked_code,
            "name": grant.name,
        })
    };
    results.print(&text, &json!({ "grants": grants.iter().map(entry).collect::<Vec<_>>() }));
    Ok(())
}

async fn revoke(arguments: &RevokeArguments, results: Results) -> anyhow::Result<()> {
    let code = read(&arguments.fiscal_code)?;
    let (database, keys) = server::data(&arguments.server).await?;
    let revoked = officer::revoke(&database, &keys, &code, arguments.role, SystemClock.now()).await;
    database.close().await?;
    let n_revoked = revoked?;
    if n_revoked == 0 {
        anyhow::bail!("this person does not hold the role {}: see `tempi officer list`", arguments.role);
    }
    results.print(
        &format!("The role {} is taken back.", arguments.role),
        &json!({ "role": arguments.role.name(), "n_revoked": n_revoked }),
    );
    Ok(())
}

/// The fiscal code of an argument, or of standard input for `-`.
pub fn read(argument: &str) -> anyhow::Result<FiscalCode> {
    let text = match argument {
        "-" => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).context("standard input cannot be read")?;
            text
        }
        text => text.to_owned(),
    };
    text.parse::<FiscalCode>().context("the fiscal code is not valid")
}
