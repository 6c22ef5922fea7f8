//! `tempi publish`.

use std::path::Path;

use anyhow::{Context, bail};
use questionnaires::{Label, Language};
use reports::edition::Licence;
use reports::opendata::Catalogue;
use reports::{Edition, Progress as Published, PublishOptions, PublishSummary, StaticFile};
use serde_json::json;
use survey_server::clock::{Clock, SystemClock, italian_time};

use crate::arguments::{PublishArguments, VerifyEditionArguments};
use crate::progress::Progress;
use crate::results::Results;

/// Writes the site.
pub fn run(arguments: PublishArguments, results: Results) -> anyhow::Result<()> {
    let edition = edition(&arguments)?;
    let catalogue = match &arguments.catalogue {
        Some(path) => Catalogue::read(path)?,
        None => catalogue_of(&edition),
    };
    let sources =
        Sources { estimates: &arguments.estimates, public_use: arguments.public_use.as_deref(), catalogue: &catalogue };
    let summary = with_progress(&sources, &arguments.output, &edition, arguments.previous.as_deref())?;
    results.print(
        &format!(
            "{} pages, {} figures, {} reports in {}",
            summary.n_pages,
            summary.n_figures,
            summary.n_reports,
            summary.output.display()
        ),
        &json!({
            "output": summary.output,
            "edition": edition.number,
            "n_pages": summary.n_pages,
            "n_figures": summary.n_figures,
            "n_reports": summary.n_reports,
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

/// What catalogues are told when no file says more: what the edition says of itself.
pub fn catalogue_of(edition: &Edition) -> Catalogue {
    let usual = Catalogue::default();
    let Licence { name, address } = &edition.imprint.licence;
    // The kinds of licence of ADMS, as DCAT-AP_IT uses them.
    let kind = match name.as_str() {
        "CC0-1.0" => "PublicDomain",
        "CC-BY-SA-4.0" => "ViralEffect-ShareAlike",
        _ => "Attribution",
    };
    let licence = address
        .clone()
        .filter(|_| *name != Licence::default().name)
        .map(|address| reports::opendata::Licence { name: name.clone(), address, kind: kind.to_owned() });
    Catalogue {
        address: edition.imprint.address.clone(),
        licence: licence.unwrap_or_else(|| usual.licence.clone()),
        ..usual
    }
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
pub fn with_progress(
    sources: &Sources,
    output: &Path,
    edition: &Edition,
    previous: Option<&Path>,
) -> anyhow::Result<PublishSummary> {
    let design_system = design_system();
    let options = PublishOptions {
        estimates: sources.estimates,
        output,
        edition,
        previous,
        design_system: &design_system,
        languages: &Language::COMPLETE,
        home: Some("/"),
        catalogue: sources.catalogue,
        public_use: sources.public_use,
    };
    let mut progress = Progress::new();
    progress.step("Publishing");
    let summary = reports::publish(&options, &mut |now| match now {
        Published::Drawn { done, total } => progress.at(done, total),
        Published::Printed { done: 0, .. } => progress.step("Setting the reports"),
        Published::Printed { done, total } => progress.at(done, total),
        Published::Read { .. } | Published::Written { .. } => {}
    });
    progress.finish();
    if !cfg!(feature = "pdf") {
        eprintln!("This program was built without the reports as PDF: the edition has none.");
    }
    Ok(summary?)
}

/// The design system that a site carries with it.
pub fn design_system() -> Vec<StaticFile> {
    let files = survey_server::web::assets::design_system().into_iter();
    files.map(|(path, bytes)| StaticFile { path, bytes }).collect()
}
