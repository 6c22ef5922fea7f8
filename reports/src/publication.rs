//! One edition of the results: what it is made from, what comes out, and the order of the work.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use analytics::table::{Estimates, ReadError};
use questionnaires::{Label, Language};
use serde::Serialize;

use crate::edition::manifest::{self, Manifest};
use crate::edition::{self, Earlier, Edition, Lineage, LineageError};
use crate::figure::Source;
use crate::folder::{self, Files, FolderError};
use crate::opendata::{self, Catalogue, Material, OpenData, OpenDataError, PublicUse, PublicUseError};
use crate::paint::{self, PaintError};
use crate::report::Report;
use crate::site::{self, Finding, Site};
use crate::text::Texts;

/// What an edition is published from, and where to.
#[derive(Debug, Clone, Copy)]
pub struct PublishOptions<'a> {
    /// The estimates folder, as `tempi analyse` writes it.
    pub estimates: &'a Path,
    /// The folder of the site. It is replaced as a whole, or not at all.
    pub output: &'a Path,
    /// What the edition is called, and what it says of itself.
    pub edition: &'a Edition,
    /// The folder of the edition before, which the new one names by its hash and is compared with.
    pub previous: Option<&'a Path>,
    /// The design system, of which pages ask for [`site::ASSETS`]: other files are left out.
    pub design_system: &'a [StaticFile],
    /// The languages of the site. The first has the pages at the top; each other has a folder.
    pub languages: &'a [Language],
    /// Where the publisher's name leads, such as `/` under a Tempi server; no link where absent.
    pub home: Option<&'a str>,
    /// What catalogues are told of the data.
    pub catalogue: &'a Catalogue,
    /// The folder that `tempi puf` wrote, where a public-use file goes with the edition.
    pub public_use: Option<&'a Path>,
}

/// A file carried into the site as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaticFile {
    /// Relative path with `/` between folders.
    pub path: String,
    /// The content.
    pub bytes: Vec<u8>,
}

/// How far the work is, for a progress line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// The estimates were read.
    Read {
        /// Published numbers found.
        n_rows: usize,
    },
    /// A picture was painted; a figure has one for each language and each size of screen.
    Drawn {
        /// Pictures painted so far.
        done: usize,
        /// Pictures in all.
        total: usize,
    },
    /// A report was set as PDF; or, with none done, they are begun.
    Printed {
        /// Reports set so far.
        done: usize,
        /// Reports in all.
        total: usize,
    },
    /// The site is in its place.
    Written {
        /// Files in it.
        n_files: usize,
    },
}

/// What was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishSummary {
    /// The site's folder.
    pub output: PathBuf,
    /// Pages written.
    pub n_pages: usize,
    /// Figures, each drawn once per language.
    pub n_figures: usize,
    /// Reports as PDF; none where the program was built without them.
    pub n_reports: usize,
    /// Files in the folder.
    pub n_files: usize,
}

/// Why nothing was published. What stood in the output folder before still stands.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The estimates cannot be read.
    #[error(transparent)]
    Estimates(#[from] ReadError),
    /// The edition before cannot be followed.
    #[error(transparent)]
    Lineage(#[from] LineageError),
    /// A site needs a language.
    #[error("no language was named. Nothing was published. Name at least one of `it` and `en`.")]
    NoLanguage,
    /// A chart cannot be painted.
    #[error("{0}. Nothing was published; what was published before is unchanged.")]
    Paint(#[from] PaintError),
    /// A page cannot be written from its template.
    #[error("cannot write a page: {0}. Nothing was published; what was published before is unchanged.")]
    Page(#[from] askama::Error),
    /// A table cannot be written.
    #[error("cannot write a table: {0}. Nothing was published; what was published before is unchanged.")]
    Table(#[from] csv::Error),
    /// A format of the open data cannot be made.
    #[error("{0}. Nothing was published; what was published before is unchanged.")]
    OpenData(#[from] OpenDataError),
    /// A report cannot be made.
    #[cfg(feature = "pdf")]
    #[error("{0}. Nothing was published; what was published before is unchanged.")]
    Report(#[from] crate::pdf::PdfError),
    /// The public-use file cannot be read.
    #[error(transparent)]
    PublicUse(#[from] PublicUseError),
    /// The site cannot be put in its place.
    #[error(transparent)]
    Folder(#[from] FolderError),
}

/// Publishes an edition: the same estimates and options give the same bytes.
///
/// # Errors
/// See [`PublishError`].
pub fn publish(options: &PublishOptions, progress: &mut dyn FnMut(Progress)) -> Result<PublishSummary, PublishError> {
    let estimates = Estimates::read(options.estimates)?;
    progress(Progress::Read { n_rows: estimates.rows.len() });
    let carried = estimates_files(options)?;
    let (mut files, counts) = assemble(&estimates, &carried, options, progress)?;
    carry_over(options, carried, &mut files);
    files.insert(manifest::FILE.to_owned(), Manifest::of(options.edition.number, &files).to_json());
    folder::replace(options.output, &files)?;
    progress(Progress::Written { n_files: files.len() });
    let Counts { n_pages, n_figures, n_reports } = counts;
    Ok(PublishSummary { output: options.output.to_owned(), n_pages, n_figures, n_reports, n_files: files.len() })
}

/// How much of each an edition has.
struct Counts {
    n_pages: usize,
    n_figures: usize,
    n_reports: usize,
}

/// Pages, figures and reports in every language; how many of each.
fn assemble(
    estimates: &Estimates,
    carried: &Files,
    options: &PublishOptions,
    progress: &mut dyn FnMut(Progress),
) -> Result<(Files, Counts), PublishError> {
    let texts: Vec<Texts> = options.languages.iter().map(|language| Texts::new(*language)).collect();
    let lineage = Lineage::of(options.edition, estimates, options.previous)?;
    let before = lineage.wave_before.as_ref();
    let source = |texts| Source::new(estimates, options.edition, texts).after(before);
    let sources: Vec<Source> = texts.iter().map(source).collect();
    let sites = sources.iter().map(|source| Site::new(source, &lineage, options.languages, options.home));
    let sites: Vec<Site> = sites.collect();
    let Some(first) = sites.first() else { return Err(PublishError::NoLanguage) };
    let n_figures = first.n_figures();

    let jobs: Vec<_> = sites.iter().flat_map(Site::pictures).collect();
    let mut files = Files::new();
    files.extend(paint::all(&jobs, &mut |done| progress(Progress::Drawn { done, total: jobs.len() }))?);
    let n_pictures = files.len();
    let mut tables = first.tables()?;
    if let Some(comparison) = &lineage.comparison {
        tables.insert(opendata::COMPARISON.to_owned(), comparison.csv()?);
    }
    let public_use = options.public_use.map(PublicUse::read).transpose()?;
    let run = carried.get("run.json").map(Vec::as_slice).unwrap_or_default();
    let material = Material::new(estimates, options.edition, options.catalogue, public_use.as_ref(), run);
    let data = opendata::make(&material, options.languages, carried, &tables)?;
    let reports = reports(&sources, &sites, carried, progress)?;
    for site in &sites {
        files.extend(site.pages(&material, &data, &reports)?);
    }
    let n_pages = files.len() - n_pictures;
    let n_reports = reports.len();
    files.extend(reports.into_iter().map(|report| (report.path(), report.bytes)));
    files.extend(site::explorer::tables(&material));
    files.extend(sites.iter().map(|site| site.explorer_index(&material)));
    files.extend(in_data_folder(tables));
    let OpenData { files: made, .. } = data;
    files.extend(in_data_folder(made));
    let summary = summary(options.edition, &sites);
    for (site, texts) in sites.iter().zip(&texts) {
        let folder = site.folder(site.language());
        let feed = edition::feed(options.edition, &lineage, &summary, &folder, texts);
        files.insert(format!("{folder}{}", site::FEED_FILE), feed);
        files.insert(format!("{folder}{}", site::CALENDAR_FILE), edition::calendar(options.edition, &lineage, texts));
    }
    files.insert(folder::MARKER.to_owned(), mark(options.edition, &lineage, &summary, &sites));
    Ok((files, Counts { n_pages, n_figures, n_reports }))
}

/// The reports in every language.
#[cfg(feature = "pdf")]
fn reports(
    sources: &[Source],
    sites: &[Site],
    carried: &Files,
    progress: &mut dyn FnMut(Progress),
) -> Result<Vec<Report>, PublishError> {
    let told = |site: &Site| site.findings().iter().map(|finding| finding.headline().to_owned()).collect();
    let findings: Vec<Vec<String>> = sites.iter().map(told).collect();
    let file = |name: &str| carried.get(name).map(Vec::as_slice).unwrap_or_default();
    let made = &mut |done, total| progress(Progress::Printed { done, total });
    Ok(crate::pdf::make(sources, &findings, file("run.json"), file("classification.csv"), made)?)
}

/// A program built without them makes no reports.
#[cfg(not(feature = "pdf"))]
fn reports(_: &[Source], _: &[Site], _: &Files, _: &mut dyn FnMut(Progress)) -> Result<Vec<Report>, PublishError> {
    Ok(Vec::new())
}

/// The files of the estimates, by name. Estimates made elsewhere may lack the Parquet file.
fn estimates_files(options: &PublishOptions) -> Result<Files, PublishError> {
    let mut files = Files::new();
    for (name, is_needed) in site::ESTIMATES_FILES {
        let path = options.estimates.join(name);
        match fs::read(&path) {
            Ok(bytes) => drop(files.insert(name.to_owned(), bytes)),
            Err(error) if !is_needed && error.kind() == std::io::ErrorKind::NotFound => {}
            Err(source) => return Err(ReadError::Io { path: path.display().to_string(), source }.into()),
        }
    }
    Ok(files)
}

fn in_data_folder(files: Files) -> impl Iterator<Item = (String, Vec<u8>)> {
    files.into_iter().map(|(path, bytes)| (format!("{}/{path}", site::DATA_FOLDER), bytes))
}

/// What goes into the site as it is: the estimates and the design system.
fn carry_over(options: &PublishOptions, carried: Files, files: &mut Files) {
    files.extend(in_data_folder(carried));
    let is_wanted = |file: &&StaticFile| site::ASSETS.contains(&file.path.as_str());
    for file in options.design_system.iter().filter(is_wanted) {
        files.insert(format!("{}/{}", site::ASSETS_FOLDER, file.path), file.bytes.clone());
    }
    let used = site::style::Used::by(files);
    if let Some(sheet) = files.get_mut(&format!("{}/{}", site::ASSETS_FOLDER, site::DESIGN_SYSTEM_SHEET)) {
        *sheet = site::style::narrowed(&String::from_utf8_lossy(sheet), &used).into_bytes();
    }
    files.insert(site::STYLE_SHEET.to_owned(), include_bytes!("../templates/tempi-risultati.css").to_vec());
}

/// An edition in one sentence: what it corrects, or its first finding, or its number.
fn summary(edition: &Edition, sites: &[Site]) -> Label {
    if let Some(correction) = &edition.imprint.correction {
        return correction.what.clone();
    }
    let in_language = |language: Language| {
        let site = sites.iter().find(|site| site.language() == language).or_else(|| sites.first());
        site.map(Site::summary).unwrap_or_default()
    };
    Label::new(in_language(Language::It), in_language(Language::En))
}

/// The mark of a published site: the edition, what came before, and its findings by language for who wants to tell them
/// elsewhere.
fn mark(edition: &Edition, lineage: &Lineage, summary: &Label, sites: &[Site]) -> Vec<u8> {
    #[derive(Serialize)]
    struct Mark<'a> {
        #[serde(flatten)]
        edition: &'a Edition,
        summary: &'a Label,
        #[serde(skip_serializing_if = "Option::is_none")]
        previous: Option<&'a edition::lineage::Reference>,
        #[serde(skip_serializing_if = "<[Earlier]>::is_empty")]
        earlier: &'a [Earlier],
        findings: BTreeMap<&'static str, Told>,
    }
    #[derive(Serialize)]
    struct Told {
        folder: String,
        findings: Vec<Finding>,
    }
    let told = |site: &Site| {
        let language = site.language();
        (language.tag(), Told { folder: site.folder(language), findings: site.findings() })
    };
    let mark = Mark {
        edition,
        summary,
        previous: lineage.previous.as_ref(),
        earlier: &lineage.earlier,
        findings: sites.iter().map(told).collect(),
    };
    serde_json::to_vec_pretty(&mark).expect("numbers, dates and texts always make JSON")
}
