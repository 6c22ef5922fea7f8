//! The page that says what this edition is: who answers for it, what it corrects, what has changed, what came before.

use analytics::table::{CategoryRow, EstimateRow, Indicator};
use askama::Template;
use questionnaires::Language;

use crate::comparison::{Change, Comparison};
use crate::edition::Lineage;
use crate::figure::Source;
use crate::figure::table::{Cell, Table, TableRow};
use crate::number;
use crate::site::explanations::Explanation;
use crate::site::layout::Layout;
use crate::site::{CALENDAR_FILE, COMPARISON_FILE, FEED_FILE};
use crate::text::Texts;

/// How many of the largest differences the page shows; the file holds all.
const N_SHOWN: usize = 10;

#[derive(Template)]
#[template(path = "edition.html")]
pub(super) struct EditionPage<'a> {
    layout: Layout<'a>,
    facts: Vec<Explanation>,
    /// What was wrong, and why.
    correction: Option<(&'a str, &'a str)>,
    policy: String,
    comparison: Option<ComparisonView>,
    earlier: Vec<EarlierView>,
    /// The SHA-256 of the manifest of the edition before.
    previous_seal: Option<&'a str>,
    feed: &'static str,
    calendar: &'static str,
}

struct ComparisonView {
    summary: String,
    largest: Option<Table>,
    csv: &'static str,
}

struct EarlierView {
    href: String,
    label: String,
    summary: String,
}

impl<'a> EditionPage<'a> {
    pub(super) fn new(layout: Layout<'a>, source: &'a Source<'a>, lineage: &'a Lineage) -> EditionPage<'a> {
        let Source { texts, edition, .. } = *source;
        let imprint = &edition.imprint;
        let folder = layout.root;
        let earlier = lineage.earlier.iter().rev().map(|one| {
            let (shown, date) = (one.number.to_string(), number::date(one.date, texts));
            // Seen from the top of the site; the language's folder comes after the edition's.
            let language = if folder.is_empty() { String::new() } else { format!("{}/", layout.language) };
            EarlierView {
                href: format!("{folder}edizioni/{shown}/{language}"),
                label: texts.fill("edition", &[("number", &shown), ("date", &date)]),
                summary: texts.label(&one.summary).to_owned(),
            }
        });
        EditionPage {
            facts: facts(source, lineage),
            correction: imprint
                .correction
                .as_ref()
                .map(|correction| (texts.label(&correction.what), texts.label(&correction.why))),
            policy: match &imprint.corrections {
                Some(policy) => texts.label(policy).to_owned(),
                None => texts.text("corrections-usual"),
            },
            comparison: lineage.comparison.as_ref().map(|comparison| comparison_view(source, comparison)),
            earlier: earlier.collect(),
            previous_seal: lineage.previous.as_ref().map(|previous| previous.manifest_sha256.as_str()),
            feed: FEED_FILE,
            calendar: CALENDAR_FILE,
            layout,
        }
    }
}

fn facts(source: &Source, lineage: &Lineage) -> Vec<Explanation> {
    let Source { texts, edition, .. } = *source;
    let imprint = &edition.imprint;
    let mut facts = vec![
        (texts.text("edition-number"), edition.number.to_string()),
        (texts.text("edition-date"), when(source)),
        (texts.text("edition-publisher"), texts.label(&edition.publisher).to_owned()),
    ];
    let author = imprint.author.as_ref().map(|author| texts.label(author).to_owned());
    facts.extend(author.map(|author| (texts.text("edition-author"), author)));
    facts.extend(imprint.contact.clone().map(|contact| (texts.text("edition-contact"), contact)));
    facts.push((texts.text("licence"), imprint.licence.name.clone()));
    if let Some(previous) = &lineage.previous {
        let number = previous.number.to_string();
        facts.push((texts.text("edition-previous"), number));
    }
    facts
}

/// The day, and the hour where one was set.
fn when(source: &Source) -> String {
    let Source { texts, edition, .. } = *source;
    // In a narrow column a date may go on in the next line.
    let date = number::date(edition.date, texts).replace('\u{a0}', " ");
    match edition.imprint.embargo {
        Some(embargo) => {
            let hour = embargo.format("%H:%M").to_string();
            texts.fill("edition-date-hour", &[("date", &date), ("hour", &hour)])
        }
        None => date,
    }
}

fn comparison_view(source: &Source, comparison: &Comparison) -> ComparisonView {
    let texts = source.texts;
    let count = |n: usize| number::count(n as u64, texts.language());
    let counts = [
        ("same", count(comparison.n_same)),
        ("changed", count(comparison.n_changed)),
        ("new", count(comparison.n_new)),
        ("gone", count(comparison.n_gone)),
        ("shown", count(comparison.n_shown)),
        ("hidden", count(comparison.n_hidden)),
    ];
    let counts: Vec<(&str, &str)> = counts.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let rows: Vec<TableRow> =
        comparison.largest().take(N_SHOWN).filter_map(|change| largest_row(source, change)).collect();
    ComparisonView {
        summary: texts.fill("comparison-summary", &counts),
        largest: (!rows.is_empty()).then(|| Table {
            caption: texts.text("comparison-largest"),
            groups: Vec::new(),
            columns: ["comparison-number", "comparison-before", "comparison-after"].map(|key| texts.text(key)).into(),
            rows,
        }),
        csv: COMPARISON_FILE,
    }
}

fn largest_row(source: &Source, change: &Change) -> Option<TableRow> {
    let value = |value: f64| Cell { words: plain(value, source.texts), value: Some(value.to_string()) };
    Some(TableRow { header: about(source, &change.row), cells: vec![value(change.before?), value(change.after?)] })
}

/// What a number is about, in words: the measure, the activity, whom, when.
fn about(source: &Source, row: &EstimateRow) -> String {
    let texts = source.texts;
    let is_of_row = |category: &&CategoryRow| (category.timeline, &category.code) == (row.timeline, &row.activity);
    let activity = source.estimates.classification.iter().find(is_of_row).map(|category| match texts.language() {
        Language::En => category.label_en.clone(),
        Language::It | Language::Ar => category.label_it.clone(),
    });
    let sex = match row.sex.as_str() {
        "F" => Some(texts.text("women")),
        "M" => Some(texts.text("men")),
        _ => None,
    };
    let group = source.estimates.group(&row.target_group);
    let day = match row.day.as_str() {
        "weekday" => Some(texts.text("day-weekday")),
        "saturday" => Some(texts.text("day-saturday")),
        "sunday" => Some(texts.text("day-sunday")),
        _ => None,
    };
    let slot = row.slot.map(|slot| {
        let minutes = (u32::from(slot) * 10 + 4 * 60) % (24 * 60);
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    });
    let parts = [
        Some(texts.text(indicator_key(row.indicator))),
        activity.filter(|label| !label.is_empty()),
        sex,
        (row.age_group != "all").then(|| row.age_group.clone()),
        group.map(|group| group.label(texts.language()).to_owned()),
        day,
        slot,
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The key of a measure's name.
fn indicator_key(indicator: Indicator) -> &'static str {
    match indicator {
        Indicator::TimeSpent => "measure-time-spent",
        Indicator::ParticipationRate => "measure-participation-rate",
        Indicator::ParticipationTime => "measure-participation-time",
        Indicator::ShareAtSlot => "measure-share-at-slot",
        Indicator::TimeGap => "measure-time-gap",
        Indicator::ShareOfDay => "measure-share-of-day",
        Indicator::ShareGapAtSlot => "measure-share-gap-at-slot",
        Indicator::RelativeGap => "measure-relative-gap",
        Indicator::Asymmetry => "measure-asymmetry",
        Indicator::StandardisedGap => "measure-standardised-gap",
        Indicator::StandardisedRelativeGap => "measure-standardised-relative-gap",
        Indicator::StandardisedAsymmetry => "measure-standardised-asymmetry",
        Indicator::EpisodesPerDay => "measure-episodes-per-day",
        Indicator::EpisodeLength => "measure-episode-length",
        Indicator::FirstStart => "measure-first-start",
        Indicator::LastEnd => "measure-last-end",
        Indicator::TimePoverty => "measure-time-poverty",
        Indicator::SharedTime => "measure-shared-time",
        Indicator::ValuePerDay => "measure-value-per-day",
        Indicator::ValuePerYear => "measure-value-per-year",
    }
}

/// A number with two decimals and the language's sign between them.
fn plain(value: f64, texts: &Texts) -> String {
    let text = format!("{value:.2}");
    match texts.language() {
        Language::En => text,
        _ => text.replace('.', ","),
    }
}
