//! The annex on method: how the numbers of this edition were collected and computed, how precise they are, what is hidden and
//! why, what words mean. Everything comes from the estimates and what their run says of itself.

use std::collections::BTreeMap;

use analytics::table::{EstimateRow, Flag, GroupKind, GroupRow, Status, Timeline};
use serde_json::Value;

use super::binder::{Binder, table};
use super::document::{Block, Document, Look, words};
use super::{Desk, PdfError, evidence};
use crate::figure::Sex;
use crate::figure::reading::Reading;
use crate::figure::table::{Cell, Table, TableRow};
use crate::number;
use crate::opendata::codes::{Variable, code};
use crate::report::Kind;
use crate::site::explanations;

/// The annex.
///
/// # Errors
/// When it cannot be written.
pub fn document(desk: &Desk) -> Result<Document, PdfError> {
    let sections = [
        ("annex-survey", survey(desk)),
        ("annex-response", response(desk)),
        ("annex-design", design(desk)),
        ("annex-precision", precision(desk)),
        ("annex-secrecy", secrecy(desk)),
        ("annex-definitions", definitions(desk)),
        ("annex-reproduce", reproduce(desk)),
    ];
    let heading = |key: &str| Block::heading(1, desk.source.texts.text(key));
    let blocks = sections.into_iter().flat_map(|(key, blocks)| std::iter::once(heading(key)).chain(blocks)).collect();
    Ok(desk.document(Kind::Annex, Look::Report, blocks, Binder::new(desk.source)))
}

/// A table of two columns.
fn facts(desk: &Desk, caption: &str, columns: [&str; 2], rows: Vec<(String, String)>) -> Block {
    let texts = desk.source.texts;
    let rows = rows.into_iter().map(|(header, value)| TableRow { header, cells: vec![Cell::words(value)] });
    let facts = Table {
        caption: texts.text(caption),
        columns: columns.map(|key| texts.text(key)).into(),
        rows: rows.collect(),
        ..Table::default()
    };
    table(&facts, facts.caption.clone())
}

fn survey(desk: &Desk) -> Vec<Block> {
    let source = desk.source;
    let facts_of_run = explanations::run(source.texts, &source.estimates.run);
    // A digest is for the last section: it has no place to break in a cell.
    let rows = facts_of_run.into_iter().filter(|(_, value)| value.len() < 60).collect();
    let mut blocks = vec![Block::Lead { words: words(source.texts.text("annex-survey-lead")) }];
    blocks.push(facts(desk, "annex-survey-table", ["column-setting", "column-value"], rows));
    let method = explanations::method(source.texts, &source.estimates.run);
    blocks.extend(method.into_iter().take(1).map(|(_, text)| Block::paragraph(text)));
    blocks
}

fn response(desk: &Desk) -> Vec<Block> {
    let (texts, run) = (desk.source.texts, &desk.source.estimates.run);
    let count = |value: u64| number::count(value, texts.language());
    let handed_in = (run.n_diaries + run.n_diaries_rejected).max(1);
    let share = number::percent(100.0 * run.n_diaries_rejected as f64 / handed_in as f64, texts.language());
    let told = texts.fill(
        "annex-response-text",
        &[
            ("persons", &count(run.n_persons)),
            ("diaries", &count(run.n_diaries)),
            ("rejected", &count(run.n_diaries_rejected)),
            ("share", &share),
        ],
    );
    vec![Block::paragraph(told), Block::paragraph(texts.text("annex-response-note"))]
}

fn design(desk: &Desk) -> Vec<Block> {
    let texts = desk.source.texts;
    let run = &desk.source.estimates.run;
    let method = explanations::method(texts, run).into_iter().skip(1);
    let mut blocks: Vec<Block> =
        method.flat_map(|(title, text)| [Block::heading(2, title), Block::paragraph(text)]).collect();
    let rows = settings(desk);
    if !rows.is_empty() {
        blocks.push(facts(desk, "annex-design-table", ["column-setting", "column-value"], rows));
    }
    blocks
}

/// What the run was asked, as its file says; a file of another origin may say less.
fn settings(desk: &Desk) -> Vec<(String, String)> {
    let texts = desk.source.texts;
    let asked: Value = serde_json::from_slice(desk.run).unwrap_or_default();
    let weights = match desk.source.estimates.run.weighting.as_str() {
        "post-stratified" => texts.text("weights-post-stratified"),
        "calibrated" => texts.text("weights-calibrated"),
        "none" => texts.text("weights-none"),
        _ => texts.text("weights-file"),
    };
    let shown = |value: &Value| match value {
        Value::Bool(true) => texts.text("setting-yes"),
        Value::Null | Value::Bool(false) => texts.text("setting-no"),
        Value::String(text) if text == "from_file" => texts.text("clusters-from-file"),
        Value::String(text) if text == "file" => texts.text("weights-file"),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let release = asked.pointer("/options/release");
    let mut rows = vec![(texts.text("setting-weights"), weights)];
    rows.extend(
        [
            ("setting-clusters", "/design/clusters"),
            ("setting-base", "/weights/base"),
            ("setting-nonresponse", "/weights/nonresponse"),
            ("setting-margins", "/weights/margins"),
            ("setting-calfun", "/weights/calfun"),
            ("setting-household", "/weights/equal_in_household"),
            ("setting-trim", "/weights/trim"),
            ("setting-minimum", "/secrecy/minimum_frequency"),
            ("setting-dominance", "/secrecy/dominance"),
        ]
        .into_iter()
        .filter_map(|(key, place)| Some((texts.text(key), shown(release?.pointer(place)?)))),
    );
    rows
}

fn precision(desk: &Desk) -> Vec<Block> {
    let source = desk.source;
    let texts = source.texts;
    let duration = |minutes: f64| number::duration(minutes, texts);
    let rows = source.time_spent(Sex::All).map(|row| {
        let reading = Reading::of(row);
        let [value, interval, persons, reliability] = reading.minutes_cells(row, source, duration);
        let error = row.standard_error.filter(|_| reading.interval().is_some());
        let error = error.map_or(Cell::words("–"), |error| {
            Cell::number(format!("{}\u{a0}min", number::decimal(error, texts.language())), error)
        });
        TableRow { header: source.activity(&row.activity), cells: vec![value, error, interval, persons, reliability] }
    });
    let main = Table {
        caption: texts.text("annex-precision-table"),
        columns: [
            "column-activity",
            "column-time",
            "column-error",
            "column-interval",
            "column-persons",
            "column-reliability",
        ]
        .map(|key| texts.text(key))
        .into(),
        rows: rows.collect(),
        ..Table::default()
    };
    let mut blocks = Vec::new();
    if !main.rows.is_empty() {
        blocks.push(table(&main, main.caption.clone()));
    }
    blocks.push(table(&quality(desk), texts.text("annex-quality-table")));
    blocks
}

/// How many numbers of each measure are good, less reliable, too uncertain, withheld.
fn quality(desk: &Desk) -> Table {
    let (source, texts) = (desk.source, desk.source.texts);
    let mut counts: BTreeMap<_, [u64; 4]> = BTreeMap::new();
    for row in &source.estimates.rows {
        let counted = counts.entry(row.indicator).or_default();
        match (row.status.is_withheld(), row.flag) {
            (true, _) => counted[3] += 1,
            (false, Flag::A) => counted[0] += 1,
            (false, Flag::E) => counted[1] += 1,
            (false, Flag::Suppressed) => counted[2] += 1,
        }
    }
    let rows = counts.into_iter().map(|(indicator, counted)| TableRow {
        header: Variable::Indicator.label(&code(&indicator), texts),
        cells: counted.map(|n| Cell::number(number::count(n, texts.language()), n as f64)).into(),
    });
    Table {
        caption: texts.text("annex-quality-table"),
        columns: ["column-measure-of", "column-flag-a", "column-flag-e", "column-too-uncertain", "column-hidden"]
            .map(|key| texts.text(key))
            .into(),
        rows: rows.collect(),
        ..Table::default()
    }
}

fn secrecy(desk: &Desk) -> Vec<Block> {
    let (source, texts) = (desk.source, desk.source.texts);
    let rows = &source.estimates.rows;
    let n = |is_counted: &dyn Fn(&&EstimateRow) -> bool| {
        number::count(rows.iter().filter(|row| is_counted(row)).count() as u64, texts.language())
    };
    let told = texts.fill(
        "annex-secrecy-text",
        &[
            ("threshold", &source.estimates.run.threshold.to_string()),
            ("withheld", &n(&|row| row.status.is_withheld())),
            ("all", &n(&|_| true)),
            ("primary", &n(&|row| row.status == Status::Withheld)),
            ("secondary", &n(&|row| row.status == Status::WithheldSecondary)),
        ],
    );
    vec![Block::paragraph(told), evidence::signs(source)]
}

fn definitions(desk: &Desk) -> Vec<Block> {
    let (source, texts) = (desk.source, desk.source.texts);
    let mut measures: Vec<_> = source.estimates.rows.iter().map(|row| row.indicator).collect();
    measures.sort_unstable();
    measures.dedup();
    let defined = measures.into_iter().filter_map(|indicator| {
        let code = code(&indicator);
        let key = format!("definition-{code}");
        let definition = texts.text(&key);
        (definition != key).then(|| [Variable::Indicator.label(&code, texts), definition])
    });
    let mut blocks = vec![
        Block::heading(2, texts.text("annex-measures")),
        Block::Terms { items: defined.collect() },
        Block::heading(2, texts.text("annex-activities")),
        table(&activities(desk), texts.text("annex-activities-table")),
    ];
    let mut groups: Vec<&str> = source.estimates.rows.iter().map(|row| row.target_group.as_str()).collect();
    groups.sort_unstable();
    groups.dedup();
    let is_told = |group: &&GroupRow| group.kind == GroupKind::Target && groups.contains(&group.code.as_str());
    let told = source.estimates.groups.iter().filter(is_told);
    let names: Vec<&str> = told.map(|group| group.label(texts.language())).collect();
    if !names.is_empty() {
        blocks.push(Block::heading(2, texts.text("annex-groups")));
        blocks.push(Block::paragraph(texts.fill("annex-groups-text", &[("groups", &names.join("; "))])));
    }
    blocks
}

fn activities(desk: &Desk) -> Table {
    let (source, texts) = (desk.source, desk.source.texts);
    let top = source.top_activities();
    let rows = top.iter().filter(|category| category.timeline == Timeline::Main).map(|category| TableRow {
        header: source.activity(&category.code),
        cells: vec![Cell::words(category.code.clone()), Cell::words(category.members.clone())],
    });
    Table {
        caption: texts.text("annex-activities-table"),
        columns: ["column-activity", "column-code", "column-members"].map(|key| texts.text(key)).into(),
        rows: rows.collect(),
        ..Table::default()
    }
}

fn reproduce(desk: &Desk) -> Vec<Block> {
    let (source, texts) = (desk.source, desk.source.texts);
    let run = &source.estimates.run;
    vec![
        Block::paragraph(texts.text("annex-reproduce-text")),
        Block::Terms {
            items: vec![
                [texts.text("fact-input"), run.input_sha256.clone()],
                [texts.text("fact-version"), run.tempi_version.clone()],
                [texts.text("fact-as-of"), run.as_of.clone()],
            ],
        },
        Block::paragraph(texts.text("seal-text")),
        evidence::more(source),
    ]
}
