//! `tempi export`.

use questionnaires::Label;
use serde_json::json;
use survey_server::clock::{Clock, SystemClock};
use survey_server::snapshot::{self, ExportOptions};

use super::server;
use crate::arguments::ExportArguments;
use crate::results::Results;

/// Writes the snapshot.
pub async fn run(arguments: &ExportArguments, results: Results) -> anyhow::Result<()> {
    let (database, keys) = server::data(&arguments.server).await?;
    let options = ExportOptions {
        as_of: SystemClock.now(),
        purpose: arguments.purpose.clone(),
        synthetic: survey_server::demonstration::holds_invented_people(&database).await?,
        title: Label::new(&arguments.title, &arguments.title_en),
        population: Label::new("Persone di 10 anni e più che hanno partecipato", "Participants aged 10 and over"),
    };
    let exported = snapshot::export(&database, &keys, &arguments.output, &options).await;
    database.close().await?;
    let summary = exported?;
    results.print(
        &format!(
            "{} persons, {} diaries ({} of them too incomplete to count), {} episodes in {}",
            summary.n_persons,
            summary.n_diaries,
            summary.n_rejected,
            summary.n_episodes,
            arguments.output.display()
        ),
        &json!({
            "output": arguments.output,
            "n_persons": summary.n_persons,
            "n_diaries": summary.n_diaries,
            "n_rejected": summary.n_rejected,
            "n_episodes": summary.n_episodes,
        }),
    );
    Ok(())
}
