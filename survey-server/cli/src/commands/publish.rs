//! `tempi publish`.

use std::path::Path;

use anyhow::{Context, bail};
use questionnaires::{Label, Language};
use reports::{Edition, Progress as Published, PublishOptions, PublishSummary, StaticFile};
use serde_json::json;
use survey_server::clock::{Clock, SystemClock, italian_time};

use crate::arguments::{PublishArguments, VerifyEditionArguments};
use crate::progress::Progress;
use crate::results::Results;

/// Writes the site.
pub fn run(arguments: PublishArguments, results: Results) -> anyhow::Result<()> {
    let edition = edition(&arguments)?;
    let summary = with_progress(&arguments.estimates, &arguments.output, &edition, arguments.previous.as_deref())?;
    results.print(
        &format!("{} pages, {} figures in {}", summary.n_pages, summary.n_figures, summary.output.display()),
        &json!({
            "output": summary.output,
            "edition": edition.number,
            "n_pages": summary.n_pages,
            "n_figures": summary.n_figures,
            "n_files": summary.n_files,
        }),
    );
    Ok(())
}

/// The edition that a file describes, which is never written over an edition of before; or one of a number and a day.
fn edition(arguments: &PublishArguments) -> anyhow::Result<Edition> {
    if let Some(file) = &arguments.edition_file {
        if arguments.output.join("edition.json").exists() && !arguments.replace {
            bail!(
                "{} holds an edition, and editions do not change: name another folder with --output, or say --replace",
                arguments.output.display()
            );
        }
        return Ok(Edition::read(file)?);
    }
    let date = match &arguments.date {
        Some(text) => text.parse().with_context(|| format!("`{text}` is not a date: write it as 2026-11-22"))?,
        None => italian_time(SystemClock.now()).date(),
    };
    let publisher = Label::new(arguments.publisher.clone(), &arguments.publisher);
    Ok(Edition::new(arguments.edition, date, publisher))
}

/// Says whether an edition still is what was sealed.
pub fn verify(arguments: &VerifyEditionArguments, results: Results) -> anyhow::Result<()> {
    let verified = reports::edition::verify(&arguments.edition, arguments.previous.as_deref())?;
    results.print(
        &format!(
            "Edition {} is as it was sealed: {} files. Its manifest has the SHA-256 {}.",
            verified.number, verified.n_files, verified.manifest_sha256
        ),
        &json!({
            "edition": verified.number,
            "n_files": verified.n_files,
            "manifest_sha256": verified.manifest_sha256,
        }),
    );
    Ok(())
}

/// Publishes in every language with the figures counted.
pub fn with_progress(
    estimates: &Path,
    output: &Path,
    edition: &Edition,
    previous: Option<&Path>,
) -> anyhow::Result<PublishSummary> {
    let design_system = design_system();
    let options = PublishOptions {
        estimates,
        output,
        edition,
        previous,
        design_system: &design_system,
        languages: &Language::COMPLETE,
        home: Some("/"),
    };
    let mut progress = Progress::new();
    progress.step("Publishing");
    let summary = reports::publish(&options, &mut |now| {
        if let Published::Drawn { done, total } = now {
            progress.at(done, total);
        }
    });
    progress.finish();
    Ok(summary?)
}

/// The design system that a site carries with it.
pub fn design_system() -> Vec<StaticFile> {
    let files = survey_server::web::assets::design_system().into_iter();
    files.map(|(path, bytes)| StaticFile { path, bytes }).collect()
}
