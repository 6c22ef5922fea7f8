//! Open data: the estimates in the formats that spreadsheets, statistical programs and catalogues read. Every number here is
//! one of the estimates; what is hidden there is hidden in every format, with its reason.

mod answer_sheet;
mod catalogue;
mod cell;
pub(crate) mod codes;
mod csvw;
mod dcat;
mod json_stat;
mod public_use;
mod questions;
mod sdmx;
mod workbook;

use std::collections::BTreeMap;

use analytics::table::{EstimateRow, Estimates, Indicator, Timeline};
use questionnaires::Language;
use ring::digest;

pub use catalogue::{Area, Catalogue, CatalogueError, Contact, Licence, Organisation, Themes};
pub use public_use::{PublicUse, PublicUseError, load_in_python, load_in_r};

use crate::edition::Edition;
use crate::folder::Files;
use crate::number;
use crate::text::Texts;
use codes::{Categories, Variable};
use questions::Questions;

/// The folder of the public-use file, inside that of the data.
pub const PUBLIC_USE_FOLDER: &str = "puf";

/// The comparison with the edition before, inside the folder of the data.
pub const COMPARISON: &str = "confronto.csv";

/// What every format is made from.
pub struct Material<'a> {
    /// The numbers.
    pub estimates: &'a Estimates,
    /// The edition.
    pub edition: &'a Edition,
    /// Whose they are, under which licence.
    pub catalogue: &'a Catalogue,
    /// Names of categories.
    pub categories: Categories<'a>,
    /// The rows of each measure on each timeline, in the order of the estimates.
    pub tables: Vec<((Indicator, Timeline), Vec<&'a EstimateRow>)>,
    /// The answers to questionnaires, question by question.
    pub(crate) questions: Questions<'a>,
    /// Whether small counts are the only primary reason to withhold.
    pub only_small_counts: bool,
    /// The public-use file that goes with the edition.
    pub public_use: Option<&'a PublicUse>,
}

impl<'a> Material<'a> {
    /// Sorts the estimates by measure. `run` is `run.json` as it came.
    pub fn new(
        estimates: &'a Estimates,
        edition: &'a Edition,
        catalogue: &'a Catalogue,
        public_use: Option<&'a PublicUse>,
        run: &[u8],
    ) -> Material<'a> {
        let mut tables: BTreeMap<(Indicator, Timeline), Vec<&EstimateRow>> = BTreeMap::new();
        for row in &estimates.rows {
            tables.entry((row.indicator, row.timeline)).or_default().push(row);
        }
        Material {
            estimates,
            edition,
            catalogue,
            categories: Categories::of(estimates),
            tables: tables.into_iter().collect(),
            questions: Questions::of(estimates),
            only_small_counts: only_small_counts(run),
            public_use,
        }
    }

    /// What a code is called; a zone by the name that the estimates give it.
    fn label(&self, variable: Variable, code: &str, texts: &Texts) -> String {
        let group = self.estimates.group(code).filter(|_| variable == Variable::TargetGroup);
        group.map_or_else(|| variable.label(code, texts), |group| group.label(texts.language()).to_owned())
    }

    /// What must be said beside every number: whether the data are invented.
    fn notes(&self, texts: &Texts) -> Vec<String> {
        let synthetic = self.estimates.run.synthetic;
        synthetic
            .then(|| format!("{}. {}", texts.text("synthetic"), texts.text("synthetic-explained")))
            .into_iter()
            .collect()
    }
}

/// Whether the release withheld by the number of persons only, and by no rule of dominance.
fn only_small_counts(run: &[u8]) -> bool {
    let run: serde_json::Value = serde_json::from_slice(run).unwrap_or_default();
    let secrecy = &run["options"]["release"]["secrecy"];
    secrecy["dominance"].is_null() && secrecy["p_percent"].is_null()
}

/// The JSON-stat file of a measure on a timeline, inside the folder of the data.
pub(crate) fn json_stat_path(indicator: Indicator, timeline: Timeline, texts: &Texts) -> String {
    format!("{}/{}", json_stat::FOLDER, json_stat::name(indicator, timeline, texts))
}

/// What the answers in a JSON-stat file are; none where the file of this name holds no answers.
pub(crate) fn json_stat_question(name: &str, material: &Material, texts: &Texts) -> Option<String> {
    let mut asked = material.questions.asked.iter();
    let found = asked.find(|asked| json_stat::name_of_answers(asked, texts) == name)?;
    Some(found.label(&material.questions, texts))
}

/// How to name the source, in one line.
pub(crate) fn citation(material: &Material, texts: &Texts) -> String {
    texts.fill(
        "citation",
        &[
            ("publisher", texts.label(&material.edition.publisher)),
            ("survey", texts.label(&material.estimates.run.title)),
            ("number", &material.edition.number.to_string()),
            ("date", &number::date(material.edition.date, texts)),
        ],
    )
}

/// What a file of the open data is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The workbook of a language.
    Workbook,
    /// `estimates.csv`.
    EstimatesCsv,
    /// `estimates.parquet`.
    EstimatesParquet,
    /// The list of JSON-stat datasets of a language.
    JsonStatCollection,
    /// SDMX-CSV.
    Sdmx,
    /// `classification.csv`.
    Classification,
    /// `groups.csv`.
    Groups,
    /// `answers.csv`.
    AnswersCsv,
    /// `answers.parquet`.
    AnswersParquet,
    /// `questions.csv`.
    Questions,
    /// The list of JSON-stat datasets of answers of a language.
    JsonStatAnswers,
    /// The answers as SDMX-CSV.
    AnswersSdmx,
    /// What has changed since the edition before.
    Comparison,
    /// `run.json`.
    Run,
    /// The description of all CSVs.
    Csvw,
    /// The record for catalogues.
    Dcat,
    /// A JSON-stat dataset.
    JsonStat,
    /// The rows behind a figure.
    Figure,
    /// Public-use file: persons.
    PublicPersons,
    /// Public-use file: days with weights.
    PublicDays,
    /// Public-use file: episodes.
    PublicEpisodes,
    /// Public-use file: activities.
    PublicClassification,
    /// Public-use file: codebook.
    PublicCodebook,
    /// Public-use file: what its check found.
    PublicReport,
    /// Public-use file: its design.
    PublicDesign,
}

impl Kind {
    /// Whether it belongs to the public-use file.
    pub fn is_public_use(self) -> bool {
        self >= Kind::PublicPersons
    }

    /// The kind of a file of the public-use file, by its name.
    fn of_public_use(name: &str) -> Kind {
        match name.split('.').next().unwrap_or_default() {
            "persons" => Kind::PublicPersons,
            "days" => Kind::PublicDays,
            "episodes" => Kind::PublicEpisodes,
            "classification" => Kind::PublicClassification,
            "codebook" => Kind::PublicCodebook,
            "design" => Kind::PublicDesign,
            _ => Kind::PublicReport,
        }
    }
}

/// The form of a file, by the ending of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Format {
    /// As people call it.
    pub name: &'static str,
    /// Its code in the European list of file types.
    pub file_type: &'static str,
    /// Its media type (IANA).
    pub media_type: &'static str,
}

impl Format {
    /// The format of the file at `path`.
    pub fn of(path: &str) -> Format {
        let (name, file_type, media_type) = match path.rsplit('.').next().unwrap_or_default() {
            "csv" => ("CSV", "CSV", "text/csv"),
            "parquet" => ("Parquet", "PARQUET", "application/vnd.apache.parquet"),
            "xlsx" => ("XLSX", "XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            "jsonld" => ("JSON-LD", "JSON_LD", "application/ld+json"),
            "xml" => ("XML", "XML", "application/xml"),
            _ => ("JSON", "JSON", "application/json"),
        };
        Format { name, file_type, media_type }
    }
}

/// A file of the open data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataFile {
    /// Its path inside the folder of the data.
    pub path: String,
    /// What it is.
    pub kind: Kind,
    /// Its language; absent where it speaks none, or all.
    pub language: Option<Language>,
    /// Length in bytes.
    pub n_bytes: usize,
    /// SHA-256, hexadecimal.
    pub sha256: String,
}

impl DataFile {
    fn of(path: &str, kind: Kind, language: Option<Language>, bytes: &[u8]) -> DataFile {
        let sha256 = digest::digest(&digest::SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        DataFile { path: path.to_owned(), kind, language, n_bytes: bytes.len(), sha256 }
    }
}

/// The open data of an edition.
pub struct OpenData {
    /// The files made here, by path inside the folder of the data.
    pub files: Files,
    /// All files of the data, also those that were there before.
    pub listing: Vec<DataFile>,
}

/// Why there are no open data.
#[derive(Debug, thiserror::Error)]
pub enum OpenDataError {
    /// A table cannot be written.
    #[error("cannot write a table: {0}")]
    Table(#[from] csv::Error),
    /// A workbook cannot be written.
    #[error("cannot write a workbook: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// A thread ended before its work.
    #[error("a format was not finished")]
    Unfinished,
}

/// Makes every format. `carried` are the files of the estimates, `tables` those behind figures and the comparison with the
/// edition before, by path inside the folder of the data; they are described, not made.
///
/// # Errors
/// See [`OpenDataError`].
pub fn make(
    material: &Material,
    languages: &[Language],
    carried: &Files,
    tables: &Files,
) -> Result<OpenData, OpenDataError> {
    let made = formats(material, languages)?;
    let mut files = Files::new();
    let mut listing = Vec::new();
    for (path, kind, language, bytes) in made {
        listing.push(DataFile::of(&path, kind, language, &bytes));
        files.insert(path, bytes);
    }
    for (path, bytes) in carried {
        let kind = match path.as_str() {
            "estimates.csv" => Kind::EstimatesCsv,
            "estimates.parquet" => Kind::EstimatesParquet,
            "classification.csv" => Kind::Classification,
            "groups.csv" => Kind::Groups,
            "answers.csv" => Kind::AnswersCsv,
            "answers.parquet" => Kind::AnswersParquet,
            "questions.csv" => Kind::Questions,
            _ => Kind::Run,
        };
        listing.push(DataFile::of(path, kind, None, bytes));
    }
    for (path, bytes) in tables {
        let kind = if path == COMPARISON { Kind::Comparison } else { Kind::Figure };
        listing.push(DataFile::of(path, kind, None, bytes));
    }
    for (name, bytes) in material.public_use.iter().flat_map(|public_use| &public_use.files) {
        let path = format!("{PUBLIC_USE_FOLDER}/{name}");
        listing.push(DataFile::of(&path, Kind::of_public_use(name), None, bytes));
        files.insert(path, bytes.clone());
    }
    let csvw = csvw::file(material, &listing);
    listing.push(DataFile::of(csvw::NAME, Kind::Csvw, None, &csvw));
    files.insert(csvw::NAME.to_owned(), csvw);
    listing.sort_by(|a, b| (a.kind, &a.path).cmp(&(b.kind, &b.path)));
    let dcat = dcat::file(material, languages, &listing);
    listing.push(DataFile::of(dcat::NAME, Kind::Dcat, None, &dcat));
    files.insert(dcat::NAME.to_owned(), dcat);
    listing.sort_by(|a, b| (a.kind, &a.path).cmp(&(b.kind, &b.path)));
    Ok(OpenData { files, listing })
}

type Made = (String, Kind, Option<Language>, Vec<u8>);

/// The formats with all estimates, made side by side.
fn formats(material: &Material, languages: &[Language]) -> Result<Vec<Made>, OpenDataError> {
    std::thread::scope(|scope| {
        let of_language = languages.iter().map(|language| {
            scope.spawn(move || -> Result<Vec<Made>, OpenDataError> {
                let texts = Texts::new(*language);
                let workbook = workbook::file(material, &texts)?;
                let name = format!("estimates-{}.xlsx", language.tag());
                let mut made = vec![(name, Kind::Workbook, Some(*language), workbook)];
                let tables = json_stat::files(material, &texts).into_iter();
                made.extend(tables.map(|(name, kind, bytes)| {
                    (format!("{}/{name}", json_stat::FOLDER), kind, Some(*language), bytes)
                }));
                Ok(made)
            })
        });
        let workers: Vec<_> = of_language.collect();
        let mut made = vec![("estimates-sdmx.csv".to_owned(), Kind::Sdmx, None, sdmx::estimates(material)?)];
        if !material.estimates.answers.is_empty() {
            made.push(("answers-sdmx.csv".to_owned(), Kind::AnswersSdmx, None, sdmx::answers(material)?));
        }
        for worker in workers {
            made.extend(worker.join().map_err(|_| OpenDataError::Unfinished)??);
        }
        Ok(made)
    })
}
