//! JSON-stat 2.0 (<https://json-stat.org/full/>): a dataset for each measure and timeline, in each language, and a collection
//! that lists them. Cells that nobody published are absent; hidden ones have a status and no value.

use std::collections::BTreeMap;

use analytics::table::{EstimateRow, Flag, Indicator, Status, Timeline, Unit};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::codes::{Variable, clock, code};
use super::{Material, citation};
use crate::folder::Files;
use crate::text::Texts;

/// The numbers of a cell, in the order of the dimension `measure`.
const MEASURES: [&str; 6] = ["value", "standard_error", "ci_low", "ci_high", "degrees_of_freedom", "n"];

/// The folder of the datasets.
pub const FOLDER: &str = "json-stat";

/// The file of a dataset, inside [`FOLDER`].
pub fn name(indicator: Indicator, timeline: Timeline, texts: &Texts) -> String {
    format!("{}-{}-{}.json", code(&indicator), code(&timeline), texts.language().tag())
}

/// The file of the collection, inside [`FOLDER`].
pub fn collection_name(texts: &Texts) -> String {
    format!("index-{}.json", texts.language().tag())
}

/// All datasets of one language and their collection, by name inside [`FOLDER`].
pub fn files(material: &Material, texts: &Texts) -> Files {
    let mut files = Files::new();
    let mut items = Vec::new();
    for ((indicator, timeline), rows) in &material.tables {
        let label = label(*indicator, *timeline, texts);
        let name = name(*indicator, *timeline, texts);
        items.push(json!({ "class": "dataset", "href": name, "label": label }));
        files.insert(name, to_bytes(&dataset(material, rows, label, texts)));
    }
    let collection = json!({
        "version": "2.0",
        "class": "collection",
        "label": texts.fill("about-title", &[("survey", texts.label(&material.estimates.run.title))]),
        "updated": material.edition.date.to_string(),
        "link": { "item": items },
    });
    files.insert(collection_name(texts), to_bytes(&collection));
    files
}

fn to_bytes(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("texts and finite numbers always make JSON")
}

fn label(indicator: Indicator, timeline: Timeline, texts: &Texts) -> String {
    let (indicator, timeline) = (code(&indicator), code(&timeline));
    format!("{} · {}", Variable::Indicator.label(&indicator, texts), Variable::Timeline.label(&timeline, texts))
}

#[derive(Serialize)]
struct Dataset {
    version: &'static str,
    class: &'static str,
    label: String,
    source: String,
    updated: String,
    note: Vec<String>,
    id: Vec<&'static str>,
    size: Vec<usize>,
    role: Value,
    dimension: BTreeMap<&'static str, Value>,
    value: Sparse<f64>,
    status: Sparse<&'static str>,
    link: Value,
    extension: Value,
}

/// Entries by place in the cube.
struct Sparse<T>(Vec<(usize, T)>);

impl<T: Serialize> Serialize for Sparse<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(place, entry)| (place, entry)))
    }
}

/// The categories of a dimension, in the order in which they come first.
#[derive(Default)]
struct Dimension {
    places: BTreeMap<String, usize>,
    codes: Vec<String>,
}

impl Dimension {
    fn place(&mut self, code: &str) -> usize {
        if let Some(place) = self.places.get(code) {
            return *place;
        }
        self.codes.push(code.to_owned());
        self.places.insert(code.to_owned(), self.codes.len() - 1);
        self.codes.len() - 1
    }

    fn json(&self, label: String, name: impl Fn(&str) -> String) -> Value {
        let labels: serde_json::Map<String, Value> =
            self.codes.iter().map(|code| (code.clone(), Value::String(name(code)))).collect();
        json!({ "label": label, "category": { "index": self.codes, "label": labels } })
    }
}

/// The code of people in the dimension `group`: estimates cross neither ages nor target groups with each other.
fn group(row: &EstimateRow) -> &str {
    if row.age_group == "all" { &row.target_group } else { &row.age_group }
}

fn dataset(material: &Material, rows: &[&EstimateRow], label: String, texts: &Texts) -> Dataset {
    let mut dimensions: [Dimension; 5] = Default::default();
    let mut places: Vec<[usize; 5]> = Vec::with_capacity(rows.len());
    for row in rows {
        let slot = row.slot.map(clock);
        let codes = [&row.activity, &row.sex, group(row), &row.day, slot.as_deref().unwrap_or("day")];
        let mut place = [0; 5];
        for (dimension, code) in codes.into_iter().enumerate() {
            place[dimension] = dimensions[dimension].place(code);
        }
        places.push(place);
    }
    let sizes: Vec<usize> = dimensions.iter().map(|dimension| dimension.codes.len()).collect();
    let mut cells: Vec<(usize, &EstimateRow)> = places
        .iter()
        .map(|place| place.iter().zip(&sizes).fold(0, |cell, (place, size)| cell * size + place))
        .zip(rows.iter().copied())
        .collect();
    cells.sort_by_key(|(cell, _)| *cell);

    let mut values = Vec::with_capacity(cells.len() * MEASURES.len());
    let mut statuses = Vec::new();
    for (cell, row) in &cells {
        let n = (!row.status.is_withheld()).then_some(row.n as f64);
        let numbers = [row.value, row.standard_error, row.ci_low, row.ci_high, row.degrees_of_freedom, n];
        for (measure, number) in numbers.into_iter().enumerate() {
            values.extend(number.map(|number| (cell * MEASURES.len() + measure, number)));
        }
        statuses.extend(status(row).map(|status| (cell * MEASURES.len(), status)));
    }

    let timeline = rows.first().map_or(Timeline::Main, |row| row.timeline);
    let [activities, sexes, groups, days, slots] = dimensions;
    let named = |variable: Variable| move |code: &str| variable.label(code, texts);
    let heading = |name: &str| texts.text(&format!("code-variable-{name}"));
    let mut dimension = BTreeMap::from([
        (
            "activity",
            activities.json(heading("activity_label"), |code| {
                material.categories.label(timeline, code, texts.language()).to_owned()
            }),
        ),
        ("sex", sexes.json(heading("sex"), named(Variable::Sex))),
        (
            "group",
            groups.json(heading("group"), |code| {
                if code.starts_with(|letter: char| letter.is_ascii_digit()) {
                    Variable::AgeGroup.label(code, texts)
                } else {
                    material.label(Variable::TargetGroup, code, texts)
                }
            }),
        ),
        ("day", days.json(heading("day"), named(Variable::Day))),
        ("measure", measures(rows.first().map(|row| row.unit), texts)),
    ]);
    let mut id = vec!["activity", "sex", "group", "day"];
    let mut size = sizes[..4].to_vec();
    if slots.codes != ["day"] {
        dimension.insert("slot", slots.json(heading("slot"), str::to_owned));
        id.push("slot");
        size.push(sizes[4]);
    }
    id.push("measure");
    size.push(MEASURES.len());
    Dataset {
        version: "2.0",
        class: "dataset",
        label,
        source: citation(material, texts),
        updated: material.edition.date.to_string(),
        note: material.notes(texts),
        id,
        size,
        role: json!({ "metric": ["measure"] }),
        dimension,
        value: Sparse(values),
        status: Sparse(statuses),
        link: json!({ "license": [{ "href": material.catalogue.licence.address, "label": material.catalogue.licence.name }] }),
        extension: json!({ "language": texts.language().tag(), "status": { "label": status_labels(texts) } }),
    }
}

fn measures(unit: Option<Unit>, texts: &Texts) -> Value {
    let heading = |name: &str| texts.text(&format!("code-variable-{name}"));
    let labels: serde_json::Map<String, Value> =
        MEASURES.iter().map(|measure| ((*measure).to_owned(), Value::String(heading(measure)))).collect();
    let label = unit.map(|unit| Variable::Unit.label(&code(&unit), texts)).unwrap_or_default();
    let unit_of = |measure: &&str| match *measure {
        "degrees_of_freedom" | "n" => json!({ "decimals": 0 }),
        _ => json!({ "label": label, "decimals": decimals(unit) }),
    };
    let units: serde_json::Map<String, Value> =
        MEASURES.iter().map(|measure| ((*measure).to_owned(), unit_of(measure))).collect();
    json!({
        "label": heading("measure"),
        "category": { "index": MEASURES, "label": labels, "unit": units },
    })
}

/// Decimals worth showing; the values have them all.
fn decimals(unit: Option<Unit>) -> u8 {
    match unit {
        Some(Unit::EpisodesPerDay | Unit::EurosPerDay) => 2,
        Some(Unit::EurosPerYear) => 0,
        _ => 1,
    }
}

/// Absent for a reliable published number.
fn status(row: &EstimateRow) -> Option<&'static str> {
    match (row.status, row.flag) {
        (Status::Withheld, _) => Some("withheld"),
        (Status::WithheldSecondary, _) => Some("withheld_secondary"),
        (Status::Published, Flag::Suppressed) => Some("suppressed"),
        (Status::Published, Flag::E) => Some("E"),
        (Status::Published, Flag::A) => None,
    }
}

fn status_labels(texts: &Texts) -> Value {
    json!({
        "E": Variable::Flag.label("E", texts),
        "suppressed": Variable::Flag.label("suppressed", texts),
        "withheld": Variable::Status.label("withheld", texts),
        "withheld_secondary": Variable::Status.label("withheld_secondary", texts),
    })
}
