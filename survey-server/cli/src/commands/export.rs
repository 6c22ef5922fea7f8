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
        who: server::configuration(&arguments.server)?.participation.who,
        sampled_only: arguments.sampled_only,
        with_texts: arguments.with_texts,
    };
    let exported = snapshot::export(&database, &keys, &arguments.output, &options).await;
    database.close().await?;
    let summary = exported?;
    let disagreements = summary.disagreements;
    let remarks = [
        (summary.n_outside_sample, "persons are in no sample and have no weight"),
        (summary.n_city_users, "persons are city users: in no register, no sample and no known total"),
        (summary.n_neither, "persons left out: neither in the register nor declared city users who live elsewhere"),
        (disagreements.n_sex, "persons gave another sex than the register"),
        (disagreements.n_age, "persons gave another age than the register"),
        (disagreements.n_zone, "persons gave another zone than the register"),
    ];
    let remarks =
        remarks.into_iter().filter(|(number, _)| *number > 0).map(|(number, what)| format!("\n{number} {what}"));
    results.print(
        &format!(
            "{} persons, {} diaries ({} of them too incomplete to count), {} episodes in {}{}",
            summary.n_persons,
            summary.n_diaries,
            summary.n_rejected,
            summary.n_episodes,
            arguments.output.display(),
            remarks.collect::<String>()
        ),
        &json!({
            "output": arguments.output,
            "n_persons": summary.n_persons,
            "n_diaries": summary.n_diaries,
            "n_rejected": summary.n_rejected,
            "n_episodes": summary.n_episodes,
            "n_outside_sample": summary.n_outside_sample,
            "n_city_users": summary.n_city_users,
            "n_neither": summary.n_neither,
            "n_other_sex": disagreements.n_sex,
            "n_other_age": disagreements.n_age,
            "n_other_zone": disagreements.n_zone,
        }),
    );
    Ok(())
}
