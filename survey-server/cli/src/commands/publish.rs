//! `tempi publish`.

use std::path::Path;

use anyhow::Context;
use questionnaires::{Label, Language};
use reports::opendata::Catalogue;
use reports::{Edition, Progress as Published, PublishOptions, PublishSummary, StaticFile};
use serde_json::json;
use survey_server::clock::{Clock, SystemClock, italian_time};

use crate::arguments::PublishArguments;
use crate::progress::Progress;
use crate::results::Results;

/// Writes the site.
pub fn run(arguments: PublishArguments, results: Results) -> anyhow::Result<()> {
    let date = match &arguments.date {
        Some(text) => text.parse().with_context(|| format!("`{text}` is not a date: write it as 2026-11-22"))?,
        None => italian_time(SystemClock.now()).date(),
    };
    let publisher = Label::new(arguments.publisher.clone(), arguments.publisher);
    let edition = Edition { number: arguments.edition, date, publisher };
    let catalogue = match &arguments.catalogue {
        Some(path) => Catalogue::read(path)?,
        None => Catalogue::default(),
    };
    let sources =
        Sources { estimates: &arguments.estimates, public_use: arguments.public_use.as_deref(), catalogue: &catalogue };
    let summary = with_progress(&sources, &arguments.output, &edition)?;
    results.print(
        &format!("{} pages, {} figures in {}", summary.n_pages, summary.n_figures, summary.output.display()),
        &json!({
            "output": summary.output,
            "n_pages": summary.n_pages,
            "n_figures": summary.n_figures,
            "n_files": summary.n_files,
        }),
    );
    Ok(())
}

/// What a publication is made from.
pub struct Sources<'a> {
    /// The estimates folder.
    pub estimates: &'a Path,
    /// The folder of the public-use file.
    pub public_use: Option<&'a Path>,
    /// What catalogues are told.
    pub catalogue: &'a Catalogue,
}

/// Publishes in every language with the figures counted.
pub fn with_progress(sources: &Sources, output: &Path, edition: &Edition) -> anyhow::Result<PublishSummary> {
    let design_system: Vec<StaticFile> = survey_server::web::assets::design_system()
        .into_iter()
        .map(|(path, bytes)| StaticFile { path, bytes })
        .collect();
    let options = PublishOptions {
        estimates: sources.estimates,
        output,
        edition,
        design_system: &design_system,
        languages: &Language::COMPLETE,
        home: Some("/"),
        catalogue: sources.catalogue,
        public_use: sources.public_use,
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
