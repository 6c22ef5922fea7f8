//! The page of data: every file with its format, size, licence, how to cite it and how to open it.

use askama::Template;

use crate::figure::Table;
use crate::number;
use crate::opendata::codes::{Variable, code};
use crate::opendata::{
    DataFile, Format, Kind, Licence, Material, OpenData, citation, json_stat_question, load_in_python, load_in_r,
};
use crate::site::explanations;
use crate::site::layout::Layout;
use crate::site::{DATA_FOLDER, Site};
use crate::text::Texts;

#[derive(Template)]
#[template(path = "data.html")]
pub(super) struct DataPage<'a> {
    layout: Layout<'a>,
    /// The files with all estimates, and what belongs to them.
    files: Vec<Download>,
    json_stat: Vec<Download>,
    figures: Vec<Download>,
    public_use: Option<PublicUseView>,
    licence: &'a Licence,
    licence_text: String,
    citation: String,
    opening: Vec<Opening>,
    columns: Table,
}

struct Download {
    href: String,
    name: String,
    format: &'static str,
    language: Option<&'static str>,
    size: String,
    words: String,
}

struct PublicUseView {
    lead: String,
    checked: String,
    files: Vec<Download>,
}

/// A way to open the data: a heading, and words or lines of a program.
struct Opening {
    title: String,
    words: Option<String>,
    lines: Vec<String>,
}

impl<'a> DataPage<'a> {
    pub(super) fn new(layout: Layout<'a>, site: &Site, material: &'a Material, data: &OpenData) -> DataPage<'a> {
        let texts = layout.texts;
        let language = site.language();
        let shown = |is_shown: &dyn Fn(Kind) -> bool| -> Vec<Download> {
            let files = data.listing.iter().filter(|file| is_shown(file.kind));
            let files = files.filter(|file| file.kind != Kind::JsonStat || file.language == Some(language));
            files.map(|file| download(file, site, material, texts)).collect()
        };
        let licence = &material.catalogue.licence;
        DataPage {
            files: shown(&|kind| kind < Kind::JsonStat),
            json_stat: shown(&|kind| kind == Kind::JsonStat),
            figures: shown(&|kind| kind == Kind::Figure),
            public_use: public_use(material, texts, shown(&Kind::is_public_use)),
            licence,
            licence_text: texts.fill("licence-text", &[("licence", &licence.name)]),
            citation: citation(material, texts),
            opening: opening(material, texts),
            columns: explanations::columns(texts),
            layout,
        }
    }
}

fn public_use(material: &Material, texts: &Texts, files: Vec<Download>) -> Option<PublicUseView> {
    let report = &material.public_use?.report;
    let percent = |share: f64| number::percent(share * 100.0, texts.language());
    let lead = if material.estimates.run.synthetic { "puf-lead-synthetic" } else { "puf-lead" };
    let checked = texts.fill(
        "puf-checked",
        &[
            ("k", &report.after.smallest_class.to_string()),
            ("risk", &percent(report.after.largest_risk)),
            ("expected", &number::decimal(report.after.expected_identifications, texts.language())),
            ("unique", &format!("{:.0}", report.fingerprints.unique_days * 100.0)),
        ],
    );
    Some(PublicUseView { lead: texts.text(lead), checked, files })
}

fn download(file: &DataFile, site: &Site, material: &Material, texts: &Texts) -> Download {
    Download {
        href: format!("{DATA_FOLDER}/{}", file.path),
        name: file.path.clone(),
        format: match file.kind {
            Kind::Sdmx | Kind::AnswersSdmx => "SDMX-CSV",
            Kind::Csvw => "CSVW",
            Kind::JsonStat | Kind::JsonStatCollection | Kind::JsonStatAnswers => "JSON-stat",
            Kind::PublicCodebook => "DDI",
            _ => Format::of(&file.path).name,
        },
        language: file.language.map(questionnaires::Language::tag),
        size: size(file.n_bytes, texts),
        words: words(file, site, material, texts),
    }
}

fn words(file: &DataFile, site: &Site, material: &Material, texts: &Texts) -> String {
    let key = match file.kind {
        Kind::Workbook => "kind-workbook",
        Kind::EstimatesCsv => "kind-estimates-csv",
        Kind::EstimatesParquet => "kind-estimates-parquet",
        Kind::JsonStatCollection => "kind-json-stat-collection",
        Kind::Sdmx => "kind-sdmx",
        Kind::Classification => "kind-classification",
        Kind::Groups => "kind-groups",
        Kind::AnswersCsv => "kind-answers-csv",
        Kind::AnswersParquet => "kind-answers-parquet",
        Kind::Questions => "kind-questions",
        Kind::JsonStatAnswers => "kind-json-stat-answers-collection",
        Kind::AnswersSdmx => "kind-answers-sdmx",
        Kind::Comparison => "kind-comparison",
        Kind::Run => "kind-run",
        Kind::Csvw => "kind-csvw",
        Kind::Dcat => "kind-dcat",
        Kind::JsonStat => return json_stat_words(file, material, texts),
        Kind::Figure => {
            let headline = site.headline_of_table(&file.path).unwrap_or_default();
            return texts.fill("kind-figure", &[("headline", headline)]);
        }
        Kind::PublicPersons => "kind-puf-persons",
        Kind::PublicDays => "kind-puf-days",
        Kind::PublicEpisodes => "kind-puf-episodes",
        Kind::PublicClassification => "kind-puf-classification",
        Kind::PublicCodebook => "kind-puf-codebook",
        Kind::PublicReport => "kind-puf-report",
        Kind::PublicDesign => "kind-puf-design",
    };
    texts.text(key)
}

fn json_stat_words(file: &DataFile, material: &Material, texts: &Texts) -> String {
    let name = file.path.rsplit('/').next().unwrap_or_default();
    if let Some(question) = json_stat_question(name, material, texts) {
        return texts.fill("kind-json-stat-answers", &[("question", &question)]);
    }
    let tables = material.tables.iter().map(|((indicator, timeline), _)| (code(indicator), code(timeline)));
    let (indicator, timeline) = tables
        .into_iter()
        .find(|(indicator, timeline)| name.starts_with(&format!("{indicator}-{timeline}-")))
        .unwrap_or_default();
    let indicator = Variable::Indicator.label(&indicator, texts);
    let timeline = Variable::Timeline.label(&timeline, texts);
    texts.fill("kind-json-stat", &[("indicator", &indicator), ("timeline", &timeline)])
}

/// A length as people read it, by powers of ten.
pub(super) fn size(n_bytes: usize, texts: &Texts) -> String {
    let language = texts.language();
    let bytes = n_bytes as f64;
    match n_bytes {
        0..1_000 => texts.fill("size-bytes", &[("n", &n_bytes.to_string())]),
        1_000..1_000_000 => texts.fill("size-kilobytes", &[("n", &number::decimal(bytes / 1e3, language))]),
        _ => texts.fill("size-megabytes", &[("n", &number::decimal(bytes / 1e6, language))]),
    }
}

fn opening(material: &Material, texts: &Texts) -> Vec<Opening> {
    let words = |title: &str, text: &str| Opening {
        title: texts.text(title),
        words: Some(texts.text(text)),
        lines: Vec::new(),
    };
    let lines = |title: &str, lines: Vec<String>| Opening { title: texts.text(title), words: None, lines };
    let mut in_r = vec![READ_IN_R[0].to_owned(), READ_IN_R[1].to_owned()];
    let mut in_python = vec![READ_IN_PYTHON[0].to_owned(), READ_IN_PYTHON[1].to_owned()];
    if let Some(public_use) = material.public_use {
        in_r.extend(load_in_r(public_use.report.weights.n_replicates));
        in_r.push(ESTIMATE_IN_R.to_owned());
        in_python.extend(load_in_python(public_use.report.weights.n_replicates));
        in_python.push(ESTIMATE_IN_PYTHON.to_owned());
    }
    vec![
        words("open-in-spreadsheet", "open-in-spreadsheet-text"),
        lines("open-in-r", in_r),
        lines("open-in-python", in_python),
        words("open-in-command", "open-in-command-text"),
    ]
}

const READ_IN_R: [&str; 2] = [
    "stime <- read.csv(\"estimates.csv\")",
    "subset(stime, indicator == \"time_spent\" & timeline == \"main\" & level == 1 & day == \"average\")",
];
const ESTIMATE_IN_R: &str = "svyby(~minutes_3, ~sex, disegno, svymean)";
const READ_IN_PYTHON: [&str; 2] =
    ["import pandas", "stime = pandas.read_csv(\"estimates.csv\", dtype={\"activity\": str})"];
const ESTIMATE_IN_PYTHON: &str = "disegno.estimation.mean(\"minutes_3\", by=\"sex\", method=\"replication\")";
