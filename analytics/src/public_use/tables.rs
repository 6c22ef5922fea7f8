//! The tables of the file: their columns, and what each column is.

use std::collections::BTreeMap;

use questionnaires::{DayKind, Label};

use super::characteristics::{Characteristic, Key};
use super::days::{Activity, Day, HALF_HOUR, spells};
use super::replicates::FileWeights;
use super::report::{CategoryDescription, ColumnDescription, TableDescription};
use crate::columns::Values;
use crate::table::ClassificationRow;

/// What the file tells, in the order of its rows.
pub struct Content<'a> {
    /// Persons: name and characteristics.
    pub persons: Vec<(String, Key)>,
    /// Days: name, person by place, kind, half hours.
    pub days: Vec<(String, usize, DayKind, Day)>,
    /// Weights of both.
    pub weights: &'a FileWeights,
    /// The classification of the snapshot.
    pub classification: &'a [ClassificationRow],
    /// The activities of level 1, as places in it.
    pub level_1: Vec<Activity>,
    /// By activity the level 1 it lies in.
    pub parents: &'a BTreeMap<Activity, Activity>,
}

/// A column: what it is, and its values.
pub struct Column {
    /// Name, type, meaning.
    pub description: ColumnDescription,
    /// One for each row.
    pub values: Values,
}

/// A table: name of its files, key, columns.
pub struct Table {
    /// Without ending.
    pub name: &'static str,
    /// The columns.
    pub columns: Vec<Column>,
    /// What makes a row unique.
    pub primary_key: Vec<String>,
    /// Columns, the other file, its columns.
    pub foreign_key: Option<(Vec<String>, String, Vec<String>)>,
    /// Rows.
    pub n_rows: usize,
}

impl Table {
    /// Its description.
    pub fn description(&self) -> TableDescription {
        TableDescription {
            n_rows: self.n_rows as u64,
            columns: self.columns.iter().map(|column| column.description.clone()).collect(),
            primary_key: self.primary_key.clone(),
            foreign_key: self.foreign_key.clone(),
        }
    }
}

fn text(name: &str, label: Label, values: Vec<Option<String>>, meaning: Option<&dyn Fn(&str) -> Label>) -> Column {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    if meaning.is_some() {
        for value in values.iter().flatten() {
            *counts.entry(value).or_default() += 1;
        }
    }
    let categories = counts.into_iter().map(|(code, n_rows)| CategoryDescription {
        code: code.to_owned(),
        label: meaning.map_or_else(|| Label::new(code, code), |meaning| meaning(code)),
        n_rows,
    });
    let description = ColumnDescription {
        name: name.to_owned(),
        kind: "text".to_owned(),
        required: values.iter().all(Option::is_some),
        label,
        categories: categories.collect(),
    };
    Column { description, values: Values::Text(values) }
}

fn plain(name: &str, kind: &str, label: Label) -> ColumnDescription {
    ColumnDescription { name: name.to_owned(), kind: kind.to_owned(), required: true, label, categories: Vec::new() }
}

fn integers(name: &str, label: Label, values: Vec<i64>) -> Column {
    Column {
        description: plain(name, "integer", label),
        values: Values::Integer(values.into_iter().map(Some).collect()),
    }
}

fn reals(name: &str, label: Label, values: &[f64]) -> Column {
    Column {
        description: plain(name, "number", label),
        values: Values::Real(values.iter().map(|value| Some(*value)).collect()),
    }
}

fn key(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn day_kind(code: &str) -> Label {
    match code {
        "saturday" => Label::new("Sabato", "Saturday"),
        "sunday" => Label::new("Domenica", "Sunday"),
        _ => Label::new("Giorno feriale", "Weekday"),
    }
}

impl Content<'_> {
    /// All tables.
    pub fn tables(&self) -> Vec<Table> {
        vec![self.persons(), self.days(), self.episodes(), self.activities()]
    }

    fn characteristics(&self, persons: &[usize]) -> Vec<Column> {
        let column = |characteristic: &Characteristic| {
            let of = |person: &usize| self.persons[*person].1[*characteristic as usize].clone();
            let values = persons.iter().map(of).collect();
            text(characteristic.column(), characteristic.label(), values, Some(&|code| characteristic.meaning(code)))
        };
        Characteristic::ALL.iter().map(column).collect()
    }

    fn persons(&self) -> Table {
        let all: Vec<usize> = (0..self.persons.len()).collect();
        let names = self.persons.iter().map(|(name, _)| Some(name.clone())).collect();
        let mut columns = vec![text("person_id", Label::new("Persona", "Person"), names, None)];
        columns.extend(self.characteristics(&all));
        columns.push(reals("weight", Label::new("Peso della persona", "Weight of the person"), &self.weights.persons));
        Table { name: "persons", columns, primary_key: key(&["person_id"]), foreign_key: None, n_rows: all.len() }
    }

    fn days(&self) -> Table {
        let persons: Vec<usize> = self.days.iter().map(|(_, person, ..)| *person).collect();
        let names = self.days.iter().map(|(name, ..)| Some(name.clone())).collect();
        let of_persons = persons.iter().map(|person| Some(self.persons[*person].0.clone())).collect();
        let kinds = self.days.iter().map(|(_, _, kind, _)| Some(kind.code().to_owned())).collect();
        let mut columns = vec![
            text("day_id", Label::new("Giornata", "Day"), names, None),
            text("person_id", Label::new("Persona", "Person"), of_persons, None),
            text("day_kind", Label::new("Tipo di giorno", "Kind of day"), kinds, Some(&day_kind)),
        ];
        columns.extend(self.characteristics(&persons));
        let weight = Label::new("Peso della giornata nel giorno medio", "Weight of the day in the average day");
        columns.push(reals("weight", weight, &self.weights.days));
        for activity in &self.level_1 {
            let row = &self.classification[*activity];
            let label = Label::new(
                format!("Minuti, a mezze ore: {}", row.label_it),
                format!("Minutes, by half hours: {}", row.label_en),
            );
            columns.push(integers(&format!("minutes_{}", row.code), label, self.minutes(*activity)));
        }
        let width = self.weights.replicates.len().to_string().len();
        for (number, weights) in (1..).zip(&self.weights.replicates) {
            let label = Label::new(format!("Peso replicato {number}"), format!("Replicate weight {number}"));
            columns.push(reals(&format!("replicate_{number:0width$}"), label, weights));
        }
        Table {
            name: "days",
            columns,
            primary_key: key(&["day_id"]),
            foreign_key: Some((key(&["person_id"]), "persons.csv".to_owned(), key(&["person_id"]))),
            n_rows: self.days.len(),
        }
    }

    /// Minutes of an activity of level 1, by day.
    pub fn minutes(&self, level_1: Activity) -> Vec<i64> {
        let is_of = |activity: &&Activity| self.parents.get(*activity) == Some(&level_1) || **activity == level_1;
        self.days.iter().map(|(.., day)| (day.iter().filter(is_of).count() * HALF_HOUR) as i64).collect()
    }

    fn episodes(&self) -> Table {
        let (mut names, mut starts, mut minutes, mut activities) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (name, _, _, day) in &self.days {
            for (activity, start, length) in spells(day) {
                names.push(Some(name.clone()));
                starts.push((start * HALF_HOUR) as i64);
                minutes.push((length * HALF_HOUR) as i64);
                activities.push(Some(self.classification[activity].code.clone()));
            }
        }
        let n_rows = names.len();
        let columns = vec![
            text("day_id", Label::new("Giornata", "Day"), names, None),
            integers("start_minute", Label::new("Inizio, minuti dopo le 4", "Start, minutes after 04:00"), starts),
            integers("minutes", Label::new("Durata, minuti", "Length, minutes"), minutes),
            text(
                "activity",
                Label::new("Attività principale", "Main activity"),
                activities,
                Some(&|code| self.activity(code)),
            ),
        ];
        Table {
            name: "episodes",
            columns,
            primary_key: key(&["day_id", "start_minute"]),
            foreign_key: Some((key(&["activity"]), "classification.csv".to_owned(), key(&["code"]))),
            n_rows,
        }
    }

    fn activity(&self, code: &str) -> Label {
        let row = self.classification.iter().find(|row| row.code == code);
        row.map_or_else(|| Label::new(code, code), |row| Label::new(row.label_it.clone(), row.label_en.clone()))
    }

    fn activities(&self) -> Table {
        let mut used: Vec<Activity> = self.level_1.clone();
        used.extend(self.days.iter().flat_map(|(.., day)| day));
        used.sort_unstable_by_key(|activity| {
            (self.classification[*activity].level, &self.classification[*activity].code)
        });
        used.dedup();
        let rows: Vec<&ClassificationRow> = used.iter().map(|activity| &self.classification[*activity]).collect();
        let of = |field: &dyn Fn(&ClassificationRow) -> String| rows.iter().map(|row| Some(field(row))).collect();
        let columns = vec![
            text("code", Label::new("Codice", "Code"), of(&|row| row.code.clone()), None),
            integers("level", Label::new("Livello", "Level"), rows.iter().map(|row| row.level.into()).collect()),
            text("label_it", Label::new("Nome in italiano", "Italian name"), of(&|row| row.label_it.clone()), None),
            text("label_en", Label::new("Nome in inglese", "English name"), of(&|row| row.label_en.clone()), None),
        ];
        Table { name: "classification", columns, primary_key: key(&["code"]), foreign_key: None, n_rows: rows.len() }
    }
}
