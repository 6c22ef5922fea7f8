//! `tempi questionnaire publish`.

use anyhow::bail;
use serde_json::json;
use survey_server::clock::{Clock, SystemClock};
use survey_server::questionnaire::catalogue::{self, Published};

use crate::arguments::PublishQuestionnaireArguments;
use crate::commands::server;
use crate::results::Results;

/// Publishes a version, and says what is left to do until people are asked it.
pub async fn run(arguments: &PublishQuestionnaireArguments, results: Results) -> anyhow::Result<()> {
    let instrument = super::read(&arguments.file)?;
    let config = server::configuration(&arguments.server)?;
    let Some(folder) = &config.questionnaires.folder else {
        bail!(
            "questionnaires.folder is not set: name a folder in the configuration, put {} into it, and publish again",
            arguments.file.display()
        );
    };
    let (database, _) = server::data(&arguments.server).await?;
    let origin = arguments.file.display().to_string();
    let published = catalogue::publish(&database, &origin, &instrument, SystemClock.now()).await;
    database.close().await?;
    let is_new = published? == Published::Now;
    let is_in_folder = arguments
        .file
        .canonicalize()
        .ok()
        .zip(folder.canonicalize().ok())
        .is_some_and(|(file, folder)| file.parent() == Some(folder.as_path()));
    let what = match is_new {
        true => {
            format!("Version {} of {} is published and will not change any more.", instrument.version, instrument.name)
        }
        false => format!("Version {} of {} was published before and is the same.", instrument.version, instrument.name),
    };
    let rest = match is_in_folder {
        true => "People are asked it once the server is started again.".to_owned(),
        false => format!(
            "Put the file into {} (questionnaires.folder) and start the server again: then people are asked it.",
            folder.display()
        ),
    };
    results.print(
        &format!("{what} {rest}"),
        &json!({
            "name": instrument.name,
            "version": instrument.version,
            "sha256": catalogue::fingerprint(&instrument),
            "is_new": is_new,
            "is_in_folder": is_in_folder,
        }),
    );
    Ok(())
}
