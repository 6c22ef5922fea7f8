//! `tempi paper`: a diary to be printed.

use std::fs::File;
use std::io::Write;

use anyhow::Context;
use questionnaires::Language;
use serde_json::json;
use survey_server::clock::{Clock, SystemClock};
use survey_server::paper;

use super::{officer, server};
use crate::arguments::PaperArguments;
use crate::results::Results;

/// Makes a form and writes it.
pub async fn run(arguments: &PaperArguments, results: Results) -> anyhow::Result<()> {
    let fiscal_code = officer::read(&arguments.fiscal_code)?;
    let config = server::configuration(&arguments.server)?;
    let shown = arguments.output.display();
    // Opened before a number is made: a form that cannot be written must not be on record.
    let file = File::create_new(&arguments.output).with_context(|| format!("{shown} cannot be made"));
    let mut file = file?;
    let (database, keys) = server::data(&arguments.server).await?;
    let now = SystemClock.now();
    let made = paper::make(&database, &keys, &config.participation, &fiscal_code, None, now).await;
    database.close().await?;
    let language = if arguments.english { Language::En } else { Language::It };
    let written = made
        .map_err(anyhow::Error::from)
        .and_then(|made| Ok(made?))
        .and_then(|number| Ok(file.write_all(&paper::diary_form(&number, &config.municipality, language))?));
    if written.is_err() {
        // An empty file is of no use; if it cannot be removed either, the first error says more.
        let _ = std::fs::remove_file(&arguments.output);
    }
    written.with_context(|| format!("{shown} was not written"))?;
    results.print(&format!("{shown} is ready to be printed."), &json!({ "output": arguments.output }));
    Ok(())
}
