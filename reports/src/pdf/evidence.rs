//! What the estimates say, as parts of a document: figures of a topic, findings, what signs mean.

use analytics::table::{EstimateRow, Indicator};

use super::PdfError;
use super::binder::Binder;
use super::document::{Block, Inline, words};
use crate::dataset;
use crate::figure::Sex;
use crate::figure::reading::Reading;
use crate::figure::{Figure, Source, Topic};
use crate::number;
use crate::site::explanations;
use crate::text::Texts;

/// The charts of `topic` that have something to show, the first `most` of them, with their tables.
///
/// # Errors
/// When a chart cannot be painted.
pub fn charts(source: &Source, topic: Topic, most: usize, binder: &mut Binder) -> Result<Vec<Block>, PdfError> {
    let figures = topic.figures(source);
    if figures.is_empty() {
        return Ok(Vec::new());
    }
    let texts = source.texts;
    let shown: Vec<&Figure> = figures.iter().filter(|figure| has_message(figure, texts)).take(most).collect();
    if shown.is_empty() {
        return Ok(vec![Block::paragraph(texts.text("plan-nothing"))]);
    }
    let mut blocks = vec![Block::Note { words: words(texts.text(explanations::note(topic))) }];
    for figure in shown {
        blocks.extend(binder.chart_and_table(figure)?);
    }
    Ok(blocks)
}

/// Whether the message of `figure` says more than that nothing of it may be published.
fn has_message(figure: &Figure, texts: &Texts) -> bool {
    const NOTHING: [&str; 10] = [
        "activities-hidden",
        "ages-hidden",
        "answers-hidden",
        "balance-hidden",
        "day-hidden",
        "gap-hidden",
        "groups-hidden",
        "pyramid-hidden",
        "rhythm-hidden",
        "week-hidden",
    ];
    // The words after the name of the activity, which differs.
    let says = |key: &&str| {
        let words = texts.fill(key, &[("activity", "\u{1}"), ("who", "\u{1}")]);
        figure.caption.title.ends_with(words.rsplit('\u{1}').next().unwrap_or_default())
    };
    !NOTHING.iter().any(says)
}

/// Messages that stand out.
pub fn finding_block(findings: &[String]) -> Block {
    Block::Findings { items: findings.iter().map(|finding| words(format!("{finding}."))).collect() }
}

/// The figure of this name.
pub fn named<'a>(source: &Source<'a>, name: &str) -> Option<Figure<'a>> {
    all(source).find(|figure| figure.name == name)
}

/// Every figure of the edition.
pub fn all<'a>(source: &Source<'a>) -> impl Iterator<Item = Figure<'a>> {
    Topic::ALL.into_iter().flat_map(|topic| topic.figures(source))
}

/// Terms of signs and their meanings.
pub fn signs(source: &Source) -> Block {
    let flags = explanations::flags(source.texts, &source.estimates.run);
    Block::Terms { items: flags.into_iter().map(|(sign, meaning)| [sign, meaning]).collect() }
}

/// Large numbers: who was asked.
pub fn sample(source: &Source) -> Block {
    let (texts, run) = (source.texts, &source.estimates.run);
    let count = |value: u64| number::count(value, texts.language());
    Block::Numbers {
        items: vec![
            [count(run.n_persons), texts.text("fact-persons")],
            [count(run.n_diaries), texts.text("fact-diaries")],
        ],
    }
}

/// The mean time that `sex` spends on the activity `code` of the first level, in words; none where it is not published.
pub fn time(source: &Source, code: &str, sex: Sex) -> Option<String> {
    let row: &EstimateRow = source.time_spent(sex).find(|row| row.activity == code)?;
    Reading::of(row).interval().map(|interval| number::duration(interval.value, source.texts))
}

/// The hour of the average day at which most people do the activity `code`, and their share, in words.
pub fn peak(source: &Source, code: &str) -> Option<(String, String)> {
    let curve = source.curve(Indicator::ShareAtSlot, code, Sex::All, "average");
    let shares = curve.into_iter().enumerate().filter_map(|(slot, row)| {
        let interval = Reading::of(row?).interval()?;
        Some((slot, interval.value))
    });
    let (slot, share) = shares.max_by(|(_, one), (_, other)| one.total_cmp(other))?;
    let minutes = (slot * 10 + 4 * 60) % (24 * 60);
    let clock = format!("{:02}:{:02}", minutes / 60, minutes % 60);
    Some((source.texts.at_time(&clock), number::percent(share, source.texts.language())))
}

/// Where more is found.
pub fn more(source: &Source) -> Block {
    let texts = source.texts;
    match &source.edition.imprint.address {
        Some(address) => {
            let told = texts.fill("report-also", &[("address", "")]);
            let link = Inline::Link { address: address.clone(), words: words(address.clone()) };
            Block::Paragraph { words: words(told).into_iter().chain([link]).collect() }
        }
        None => Block::paragraph(texts.text("report-also-no-address")),
    }
}

/// The columns of the attached files, explained, as CSV.
pub fn columns(texts: &Texts) -> Vec<u8> {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut csv = format!("{},{}\n", quoted(&texts.text("column-name")), quoted(&texts.text("column-meaning")));
    for column in dataset::COLUMNS.into_iter().filter(|column| !dataset::NAMES.contains(column)) {
        let meaning = texts.text(&format!("data-{}", column.replace('_', "-")));
        csv.push_str(&format!("{column},{}\n", quoted(&meaning)));
    }
    csv.into_bytes()
}
