//! A dataset of JSON-stat: numbers in a cube, whatever its dimensions are.

use std::borrow::Cow;
use std::collections::BTreeMap;

use analytics::table::{Flag, Status};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::opendata::cell::Cell;
use crate::opendata::codes::Variable;
use crate::opendata::{Material, citation};
use crate::text::Texts;

/// The numbers of a cell, in the order of the dimension `measure`.
const MEASURES: [&str; 6] = ["value", "standard_error", "ci_low", "ci_high", "degrees_of_freedom", "n"];

/// A dimension and what its codes are called.
pub struct Axis<'a> {
    /// Its name.
    pub id: &'static str,
    /// The name that people read.
    pub label: String,
    /// What a code is called.
    pub name: Box<dyn Fn(&str) -> String + 'a>,
}

impl<'a> Axis<'a> {
    /// A dimension that is called as the variable `heading` is.
    pub fn new(id: &'static str, heading: &str, texts: &Texts, name: impl Fn(&str) -> String + 'a) -> Axis<'a> {
        Axis { id, label: texts.text(&format!("code-variable-{heading}")), name: Box::new(name) }
    }

    /// Everybody, women, men.
    pub fn sex(texts: &'a Texts) -> Axis<'a> {
        Axis::new("sex", "sex", texts, |code| Variable::Sex.label(code, texts))
    }

    /// Ages, target groups and zones, which are never crossed with each other.
    pub fn group(material: &'a Material, texts: &'a Texts) -> Axis<'a> {
        Axis::new("group", "group", texts, |code| {
            if code.starts_with(|letter: char| letter.is_ascii_digit()) {
                Variable::AgeGroup.label(code, texts)
            } else {
                material.label(Variable::TargetGroup, code, texts)
            }
        })
    }
}

/// The code of people in the dimension `group`.
pub fn group<'a>(age_group: &'a str, target_group: &'a str) -> &'a str {
    if age_group == "all" { target_group } else { age_group }
}

/// In which unit the values are, and how many decimals of them are worth showing; the values have them all.
pub struct Unit {
    /// What it is called.
    pub label: String,
    /// Decimals.
    pub decimals: u8,
}

/// Numbers and the place of each. A dimension whose only code is blank is left out.
pub struct Cube<'a, const N: usize> {
    /// What the numbers are.
    pub label: String,
    /// The dimensions.
    pub axes: [Axis<'a>; N],
    /// The unit.
    pub unit: Unit,
    /// The numbers with their codes, one for each dimension.
    pub cells: Vec<([Cow<'a, str>; N], Cell)>,
}

/// The dataset as it is written.
#[derive(Serialize)]
pub struct Dataset {
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
struct Categories {
    places: BTreeMap<String, usize>,
    codes: Vec<String>,
}

impl Categories {
    fn place(&mut self, code: &str) -> usize {
        if let Some(place) = self.places.get(code) {
            return *place;
        }
        self.codes.push(code.to_owned());
        self.places.insert(code.to_owned(), self.codes.len() - 1);
        self.codes.len() - 1
    }

    fn json(&self, axis: &Axis) -> Value {
        let labels: serde_json::Map<String, Value> =
            self.codes.iter().map(|code| (code.clone(), Value::String((axis.name)(code)))).collect();
        json!({ "label": axis.label, "category": { "index": self.codes, "label": labels } })
    }
}

impl<const N: usize> Cube<'_, N> {
    /// The dataset of an edition.
    pub fn dataset(self, material: &Material, texts: &Texts) -> Dataset {
        let mut categories: [Categories; N] = std::array::from_fn(|_| Categories::default());
        let mut places: Vec<[usize; N]> = Vec::with_capacity(self.cells.len());
        for (codes, _) in &self.cells {
            let mut place = [0; N];
            for ((place, categories), code) in place.iter_mut().zip(&mut categories).zip(codes) {
                *place = categories.place(code);
            }
            places.push(place);
        }
        let sizes: Vec<usize> = categories.iter().map(|categories| categories.codes.len()).collect();
        let mut cells: Vec<(usize, Cell)> = places
            .iter()
            .map(|place| place.iter().zip(&sizes).fold(0, |cell, (place, size)| cell * size + place))
            .zip(self.cells.iter().map(|(_, cell)| *cell))
            .collect();
        cells.sort_by_key(|(place, _)| *place);

        let mut values = Vec::with_capacity(cells.len() * MEASURES.len());
        let mut statuses = Vec::new();
        for (place, cell) in &cells {
            let n = cell.n.map(|n| n as f64);
            let numbers = [cell.value, cell.standard_error, cell.ci_low, cell.ci_high, cell.degrees_of_freedom, n];
            for (measure, number) in numbers.into_iter().enumerate() {
                values.extend(number.map(|number| (place * MEASURES.len() + measure, number)));
            }
            statuses.extend(status(cell).map(|status| (place * MEASURES.len(), status)));
        }

        let mut dimension = BTreeMap::from([("measure", measures(&self.unit, texts))]);
        let (mut id, mut size) = (Vec::new(), Vec::new());
        for (axis, categories) in self.axes.iter().zip(&categories).filter(|(_, categories)| categories.codes != [""]) {
            dimension.insert(axis.id, categories.json(axis));
            id.push(axis.id);
            size.push(categories.codes.len());
        }
        id.push("measure");
        size.push(MEASURES.len());
        Dataset {
            version: "2.0",
            class: "dataset",
            label: self.label,
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
}

fn measures(unit: &Unit, texts: &Texts) -> Value {
    let heading = |name: &str| texts.text(&format!("code-variable-{name}"));
    let labels: serde_json::Map<String, Value> =
        MEASURES.iter().map(|measure| ((*measure).to_owned(), Value::String(heading(measure)))).collect();
    let unit_of = |measure: &&str| match *measure {
        "degrees_of_freedom" | "n" => json!({ "decimals": 0 }),
        _ => json!({ "label": unit.label, "decimals": unit.decimals }),
    };
    let units: serde_json::Map<String, Value> =
        MEASURES.iter().map(|measure| ((*measure).to_owned(), unit_of(measure))).collect();
    json!({
        "label": heading("measure"),
        "category": { "index": MEASURES, "label": labels, "unit": units },
    })
}

/// Absent for a reliable published number.
fn status(cell: &Cell) -> Option<&'static str> {
    match (cell.status, cell.flag) {
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
