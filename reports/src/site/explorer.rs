//! The explorer: the published tables as light files that a script looks through, and the page that it works on. Numbers
//! are rounded to what is shown; whoever wants all digits takes the open data. Hidden numbers are a sign of why.

use std::collections::{BTreeMap, BTreeSet};

use analytics::table::{EstimateRow, Flag, Indicator, Status, Timeline, Unit};
use askama::Template;
use questionnaires::slot::SLOTS_PER_DAY;
use serde::Serialize;
use serde_json::{Value, json};

use crate::folder::Files;
use crate::opendata::Material;
use crate::opendata::codes::{Variable, code};
use crate::site::layout::Layout;
use crate::site::pages::Way;
use crate::site::{DATA_FOLDER, Page, Site};
use crate::text::Texts;

/// Where the files of the explorer lie.
pub const FOLDER: &str = "esplora";

/// In place of a number: nobody published it, it is too uncertain, withheld, or withheld because another could be worked out.
const ABSENT: u8 = 0;
const SUPPRESSED: u8 = 1;
const WITHHELD: u8 = 2;
const WITHHELD_SECONDARY: u8 = 3;

#[derive(Template)]
#[template(path = "explorer.html")]
pub(super) struct ExplorerPage<'a> {
    layout: Layout<'a>,
    /// The file with the names, from the top of the site.
    index: String,
    /// The same tables as files.
    tables: Vec<Way>,
    data_href: String,
}

impl<'a> ExplorerPage<'a> {
    pub(super) fn new(layout: Layout<'a>, site: &Site, material: &Material) -> ExplorerPage<'a> {
        let texts = layout.texts;
        let tables = material.tables.iter().map(|((indicator, timeline), _)| Way {
            href: format!("{DATA_FOLDER}/{}", crate::opendata::json_stat_path(*indicator, *timeline, texts)),
            label: label(*indicator, *timeline, texts),
            words: String::new(),
        });
        ExplorerPage { index: index_path(texts), tables: tables.collect(), data_href: site.file(Page::Data), layout }
    }
}

fn index_path(texts: &Texts) -> String {
    format!("{FOLDER}/indice-{}.json", texts.language().tag())
}

fn label(indicator: Indicator, timeline: Timeline, texts: &Texts) -> String {
    let (indicator, timeline) = (code(&indicator), code(&timeline));
    let label = Variable::Indicator.label(&indicator, texts);
    match timeline.as_str() {
        "main" => label,
        _ => format!("{label} · {}", Variable::Timeline.label(&timeline, texts)),
    }
}

/// Whether its numbers are of slots: a file holds one activity then.
fn has_slots(rows: &[&EstimateRow]) -> bool {
    rows.first().is_some_and(|row| row.slot.is_some())
}

/// The files with the numbers, the same in every language: one for each measure on each timeline, or for each of its
/// activities where the numbers are of ten minutes.
pub fn tables(material: &Material) -> Files {
    let mut files = Files::new();
    for ((indicator, timeline), rows) in &material.tables {
        let name = format!("{FOLDER}/{}-{}", code(indicator), code(timeline));
        if has_slots(rows) {
            let mut by_activity: BTreeMap<&str, Vec<&EstimateRow>> = BTreeMap::new();
            for row in rows {
                by_activity.entry(&row.activity).or_default().push(row);
            }
            for (activity, rows) in by_activity {
                files.insert(format!("{name}-{activity}.json"), to_bytes(&table(&rows)));
            }
        } else {
            files.insert(format!("{name}.json"), to_bytes(&table(rows)));
        }
    }
    files
}

fn to_bytes(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("texts and finite numbers always make JSON")
}

/// Numbers by group, day and sex, each a list in the order of the activities or of the slots.
#[derive(Serialize)]
struct Numbers<'a> {
    groups: Vec<&'a str>,
    days: Vec<&'a str>,
    sexes: Vec<&'a str>,
    activities: Vec<&'a str>,
    cells: BTreeMap<String, Vec<Entry>>,
}

/// A number with its interval and persons, and whether it is to be used with care; or why there is none.
#[derive(Clone, Serialize)]
#[serde(untagged)]
enum Entry {
    Hidden(u8),
    Reliable([Rounded; 4]),
    Unsure([Rounded; 5]),
}

/// A number as it is written: whole where it is whole.
#[derive(Clone, Copy)]
struct Rounded(f64);

impl Serialize for Rounded {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.fract() == 0.0 && self.0.abs() < 1e15 {
            serializer.serialize_i64(self.0 as i64)
        } else {
            serializer.serialize_f64(self.0)
        }
    }
}

impl Entry {
    fn of(row: &EstimateRow) -> Entry {
        match (row.status, row.flag, row.value) {
            (Status::Withheld, ..) => Entry::Hidden(WITHHELD),
            (Status::WithheldSecondary, ..) => Entry::Hidden(WITHHELD_SECONDARY),
            (Status::Published, Flag::Suppressed, _) | (_, _, None) => Entry::Hidden(SUPPRESSED),
            (Status::Published, flag, Some(value)) => {
                let [value, low, high] = [value, row.ci_low.unwrap_or(value), row.ci_high.unwrap_or(value)]
                    .map(|number| shown(number, row.unit));
                let n = Rounded(row.n as f64);
                match flag {
                    Flag::E => Entry::Unsure([value, low, high, n, Rounded(1.0)]),
                    _ => Entry::Reliable([value, low, high, n]),
                }
            }
        }
    }
}

/// A number with the digits that are shown of its unit, so that nothing is rounded twice. What is less than a minute
/// but not nothing stays so.
fn shown(number: f64, unit: Unit) -> Rounded {
    let scale = match unit {
        Unit::EpisodesPerDay | Unit::EurosPerDay => 100.0,
        Unit::Percent | Unit::PercentagePoints => 10.0,
        Unit::EurosPerYear | Unit::MinutesAfterFour => 1.0,
        Unit::MinutesPerDay | Unit::MinutesPerEpisode if number != 0.0 && number.round() == 0.0 => {
            return Rounded(0.1 * number.signum());
        }
        Unit::MinutesPerDay | Unit::MinutesPerEpisode => 1.0,
    };
    Rounded((number * scale).round() / scale)
}

/// The code of people: estimates cross neither ages nor target groups with each other.
fn group(row: &EstimateRow) -> &str {
    if row.age_group == "all" { &row.target_group } else { &row.age_group }
}

/// The codes in the order in which they come first.
fn codes<'a>(rows: &[&'a EstimateRow], of: impl Fn(&'a EstimateRow) -> &'a str) -> Vec<&'a str> {
    let mut seen = BTreeSet::new();
    rows.iter().map(|row| of(row)).filter(|code| seen.insert(*code)).collect()
}

fn table<'a>(rows: &[&'a EstimateRow]) -> Numbers<'a> {
    let mut activities = codes(rows, |row| &row.activity);
    activities.sort_unstable();
    let places: BTreeMap<&str, usize> = activities.iter().enumerate().map(|(place, code)| (*code, place)).collect();
    let mut cells: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    for row in rows {
        let (place, length) = match row.slot {
            Some(slot) => (usize::from(slot), SLOTS_PER_DAY),
            None => (places[row.activity.as_str()], activities.len()),
        };
        let key = format!("{}|{}|{}", group(row), row.day, row.sex);
        let list = cells.entry(key).or_insert_with(|| vec![Entry::Hidden(ABSENT); length]);
        if let Some(entry) = list.get_mut(place) {
            *entry = Entry::of(row);
        }
    }
    Numbers {
        groups: codes(rows, group),
        days: codes(rows, |row| &row.day),
        sexes: codes(rows, |row| &row.sex),
        activities,
        cells,
    }
}

impl Site<'_> {
    /// The names of everything that can be chosen, in this language.
    pub fn explorer_index(&self, material: &Material) -> (String, Vec<u8>) {
        let texts = self.source.texts;
        let measures = material.tables.iter().map(|((indicator, timeline), rows)| {
            json!({
                "code": format!("{}-{}", code(indicator), code(timeline)),
                "label": label(*indicator, *timeline, texts),
                "timeline": code(timeline),
                "unit": code(&indicator.unit()),
                "unitLabel": Variable::Unit.label(&code(&indicator.unit()), texts),
                "difference": indicator.compares().is_some() && indicator.unit() != Unit::Percent,
                "activities": if has_slots(rows) { slot_activities(rows) } else { Vec::new() },
            })
        });
        let mut activities: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for row in &material.estimates.classification {
            let label = material.categories.label(row.timeline, &row.code, texts.language());
            activities.entry(code(&row.timeline)).or_default().push(json!([row.code, row.level, label]));
        }
        let rows: Vec<&EstimateRow> = material.estimates.rows.iter().collect();
        let groups = codes(&rows, group).into_iter().map(|code| match code {
            "all" => json!([code, texts.text("everybody")]),
            _ if code.starts_with(|letter: char| letter.is_ascii_digit()) => json!([code, self.source.age(code)]),
            _ => json!([code, self.source.group(code)]),
        });
        let named = |variable: Variable, codes: Vec<&str>| -> Vec<Value> {
            codes.into_iter().map(|code| json!([code, variable.label(code, texts)])).collect()
        };
        let index = json!({
            "words": words(material, texts),
            "measures": measures.collect::<Vec<_>>(),
            "activities": activities,
            "groups": groups.collect::<Vec<_>>(),
            "days": named(Variable::Day, codes(&rows, |row| &row.day)),
            "sexes": named(Variable::Sex, codes(&rows, |row| &row.sex)),
        });
        (index_path(texts), to_bytes(&index))
    }
}

fn slot_activities<'a>(rows: &[&'a EstimateRow]) -> Vec<&'a str> {
    codes(rows, |row| &row.activity)
}

/// What the script says.
fn words(material: &Material, texts: &Texts) -> Value {
    let threshold = material.estimates.run.threshold.to_string();
    let words = [
        ("measure", "code-variable-measure-choice"),
        ("group", "code-variable-group"),
        ("day", "code-variable-day"),
        ("sex", "code-variable-sex"),
        ("activity", "column-activity"),
        ("detail", "explorer-detail"),
        ("detail1", "explorer-detail-1"),
        ("detail2", "explorer-detail-2"),
        ("detail3", "explorer-detail-3"),
        ("hour", "column-hour"),
        ("value", "explorer-value"),
        ("interval", "column-interval"),
        ("persons", "column-persons"),
        ("reliability", "column-reliability"),
        ("good", "flag-a"),
        ("unsure", "flag-e"),
        ("suppressed", "suppressed"),
        ("suppressedWhy", "flag-suppressed-meaning"),
        ("withheld", "withheld"),
        ("secondaryWhy", "explorer-secondary-meaning"),
        ("fromTo", "explorer-from-to"),
        ("none", "explorer-none"),
        ("rows", "explorer-rows"),
        ("hidden", "explorer-hidden"),
        ("failed", "explorer-failed"),
        ("loading", "explorer-loading"),
        ("link", "explorer-link-note"),
        ("underOneMinute", "under-one-minute"),
        ("sort", "table-sort"),
    ];
    let mut said: serde_json::Map<String, Value> =
        words.into_iter().map(|(name, key)| (name.to_owned(), Value::String(texts.text(key)))).collect();
    let withheld = texts.fill("withheld-meaning", &[("threshold", &threshold)]);
    said.insert("withheldWhy".to_owned(), Value::String(withheld));
    Value::Object(said)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn row(value: Option<f64>, flag: Flag, status: Status) -> EstimateRow {
        EstimateRow {
            indicator: Indicator::TimeSpent,
            unit: Unit::MinutesPerDay,
            timeline: Timeline::Main,
            activity: "3".to_owned(),
            level: 1,
            sex: "all".to_owned(),
            age_group: "all".to_owned(),
            target_group: "all".to_owned(),
            day: "average".to_owned(),
            slot: None,
            value,
            standard_error: None,
            ci_low: value.map(|value| value - 1.25),
            ci_high: value.map(|value| value + 1.25),
            degrees_of_freedom: None,
            n: 300,
            flag,
            status,
        }
    }

    fn written(row: &EstimateRow) -> String {
        serde_json::to_string(&Entry::of(row)).unwrap()
    }

    #[test]
    fn a_number_comes_with_its_interval_and_a_hidden_one_with_its_reason_alone() {
        assert_eq!(written(&row(Some(171.2), Flag::A, Status::Published)), "[171,170,172,300]");
        assert_eq!(written(&row(Some(171.2), Flag::E, Status::Published)), "[171,170,172,300,1]");
        // Values that a faulty pipeline left in rows that must not show them.
        assert_eq!(written(&row(Some(7.0), Flag::Suppressed, Status::Published)), "1");
        assert_eq!(written(&row(Some(7.0), Flag::A, Status::Withheld)), "2");
        assert_eq!(written(&row(Some(7.0), Flag::A, Status::WithheldSecondary)), "3");
        assert_eq!(written(&row(None, Flag::A, Status::Published)), "1");
    }

    #[test]
    fn what_is_less_than_a_minute_is_not_nothing() {
        let of = |number| shown(number, Unit::MinutesPerDay).0;
        assert_eq!([of(0.3), of(-0.3), of(0.0), of(59.6)], [0.1, -0.1, 0.0, 60.0]);
        assert_eq!(shown(31.74, Unit::Percent).0, 31.7);
    }

    #[test]
    fn a_table_has_a_place_for_every_activity_in_every_list() {
        let other =
            EstimateRow { activity: "1".to_owned(), sex: "F".to_owned(), ..row(None, Flag::A, Status::Withheld) };
        let all = row(Some(5.0), Flag::A, Status::Published);
        let table = serde_json::to_value(table(&[&all, &other])).unwrap();
        assert_eq!(table["activities"], json!(["1", "3"]));
        assert_eq!(table["cells"]["all|average|all"], json!([0, [5, 4, 6, 300]]));
        assert_eq!(table["cells"]["all|average|F"], json!([2, 0]));
    }
}
