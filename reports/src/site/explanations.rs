//! What pages explain beside the figures: signs, method, sample, columns.

use analytics::table::RunInfo;

use crate::dataset;
use crate::figure::table::{Cell, Table, TableRow};
use crate::figure::{Source, Topic};
use crate::number;
use crate::text::Texts;

/// A term and its meaning.
pub type Explanation = (String, String);

/// The key of the note on how to read a topic's figures.
pub fn note(topic: Topic) -> &'static str {
    match topic {
        Topic::Activities | Topic::Themes => "note-minutes",
        Topic::Day => "note-day",
        Topic::Gap => "note-gap",
        Topic::Groups => "note-groups",
        Topic::Needs => "note-needs",
    }
}

/// The signs of reliability and confidentiality.
pub fn flags(texts: &Texts, run: &RunInfo) -> Vec<Explanation> {
    let threshold = run.threshold.to_string();
    vec![
        (texts.text("flag-a-name"), texts.text("flag-a-meaning")),
        (texts.text("flag-e-name"), texts.text("flag-e-meaning")),
        (texts.text("flag-suppressed-name"), texts.text("flag-suppressed-meaning")),
        (texts.text("withheld-name"), texts.fill("withheld-meaning", &[("threshold", &threshold)])),
    ]
}

/// The sections of the method page.
pub fn method(texts: &Texts, run: &RunInfo) -> Vec<Explanation> {
    let origin = match run.source.as_str() {
        "tempi" => ("method-diary-title", "method-diary"),
        _ => ("method-import-title", "method-import"),
    };
    let weights = match run.weighting.as_str() {
        "post-stratified" => "method-weights-post-stratified",
        _ => "method-weights-file",
    };
    [
        origin,
        ("method-weights-title", weights),
        ("method-average-title", "method-average"),
        ("method-intervals-title", "method-intervals"),
        ("method-exceptions-title", "method-exceptions"),
    ]
    .map(|(title, text)| (texts.text(title), texts.text(text)))
    .into()
}

/// Who was asked: for the front page.
pub fn sample(source: &Source) -> Vec<Explanation> {
    let (texts, run) = (source.texts, &source.estimates.run);
    vec![
        (texts.text("fact-persons"), number::count(run.n_persons, texts.language())),
        (texts.text("fact-diaries"), number::count(run.n_diaries, texts.language())),
        (texts.text("fact-population"), texts.label(&run.population).to_owned()),
    ]
}

/// What the edition was computed from.
pub fn run(texts: &Texts, run: &RunInfo) -> Vec<Explanation> {
    let count = |value: u64| number::count(value, texts.language());
    [
        ("fact-survey", texts.label(&run.title).to_owned()),
        ("fact-population", texts.label(&run.population).to_owned()),
        ("fact-persons", count(run.n_persons)),
        ("fact-diaries", count(run.n_diaries)),
        ("fact-rejected", count(run.n_diaries_rejected)),
        ("fact-classification", run.classification.clone()),
        ("fact-as-of", run.as_of.clone()),
        ("fact-version", run.tempi_version.clone()),
        ("fact-input", run.input_sha256.clone()),
    ]
    .map(|(key, value)| (texts.text(key), value))
    .into()
}

/// The columns of `estimates.csv`, explained.
pub fn columns(texts: &Texts) -> Table {
    let explained = dataset::COLUMNS.into_iter().filter(|column| !dataset::NAMES.contains(column));
    Table {
        caption: texts.text("columns-table"),
        columns: vec![texts.text("column-name"), texts.text("column-meaning")],
        rows: explained
            .map(|column| TableRow {
                header: column.to_owned(),
                cells: vec![Cell::words(texts.text(&format!("data-{}", column.replace('_', "-"))))],
            })
            .collect(),
        ..Table::default()
    }
}
