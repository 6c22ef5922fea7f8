//! The commands that stand on the server's configuration: `tempi serve`, `tempi migrate`, `tempi check`.

use std::sync::Arc;

use anyhow::bail;
use chrono::Utc;
use serde_json::json;
use survey_server::clock::SystemClock;
use survey_server::config::{Config, Overrides};
use survey_server::review::{Gravity, review};
use survey_server::serve::{Server, open_database};

use crate::arguments::ServerArguments;
use crate::results::Results;

/// The configuration that `arguments` point to.
pub fn configuration(arguments: &ServerArguments) -> anyhow::Result<Config> {
    let overrides = Overrides {
        public_address: arguments.public_address.clone(),
        public_url: arguments.public_url.clone(),
        card_address: arguments.card_address.clone(),
        card_url: arguments.card_url.clone(),
        database_url: arguments.database.clone(),
        key_file: arguments.key_file.clone(),
        publication: arguments.publication.clone(),
    };
    Ok(Config::load(arguments.config.as_deref(), std::env::vars(), &overrides)?)
}

/// Runs the site until it is asked to stop.
pub async fn serve(arguments: &ServerArguments) -> anyhow::Result<()> {
    let server = Server::bind(configuration(arguments)?, Arc::new(SystemClock), None).await?;
    println!("Tempi answers at {} and takes cards at {}", server.public_url(), server.card_url());
    server.run(stop_asked()).await?;
    Ok(())
}

/// Brings the schema up to date.
pub async fn migrate(arguments: &ServerArguments, results: Results) -> anyhow::Result<()> {
    let config = configuration(arguments)?;
    let database = survey_server::database::Database::open(&config.database_url).await?;
    let n_steps = database.migrate().await?;
    database.close().await?;
    results.print(
        &match n_steps {
            0 => "The database schema was up to date.".to_owned(),
            steps => format!("The database schema is up to date after {steps} steps."),
        },
        &json!({ "n_steps": n_steps }),
    );
    Ok(())
}

/// Reviews a configuration; nothing is started and nothing changed. Fails when it found a fault.
pub async fn check(arguments: &ServerArguments, results: Results) -> anyhow::Result<()> {
    let config = configuration(arguments)?;
    let findings = review(&config, Utc::now()).await;
    let word = |gravity| match gravity {
        Gravity::Fault => "fault",
        Gravity::Warning => "warning",
    };
    let lines = findings.iter().map(|found| format!("{}: {}: {}", word(found.gravity), found.key, found.message));
    let mut lines: Vec<String> = lines.collect();
    let n_faults = findings.iter().filter(|found| found.gravity == Gravity::Fault).count();
    if n_faults == 0 {
        lines.push(format!("The configuration is good: {} and {} can be served.", config.public.url, config.card.url));
    }
    let found = findings
        .iter()
        .map(|found| json!({ "gravity": word(found.gravity), "key": found.key, "message": found.message }));
    results.print(
        &lines.join("\n"),
        &json!({
            "public_url": config.public.url,
            "card_url": config.card.url,
            "findings": found.collect::<Vec<_>>(),
        }),
    );
    if n_faults > 0 {
        bail!("{n_faults} faults: mend them before the site goes live");
    }
    Ok(())
}

/// The database and keys of a configuration, for commands that work on an installation's data.
pub async fn data(
    arguments: &ServerArguments,
) -> anyhow::Result<(survey_server::database::Database, survey_server::keys::Keys)> {
    Ok(open_database(&configuration(arguments)?).await?)
}

/// Completes when somebody asks the program to stop: Ctrl-C, or the service manager's SIGTERM.
pub async fn stop_asked() {
    let mut terminated = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(signal) => signal,
        Err(error) => {
            tracing::warn!(%error, "SIGTERM cannot be heard; only Ctrl-C stops the server");
            let _ = tokio::signal::ctrl_c().await;
            return;
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminated.recv() => {}
    }
}
