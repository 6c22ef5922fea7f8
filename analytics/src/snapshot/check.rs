//! Turns the tables of persons, diaries and activities into facts: what a row says is either a value of the domain or a
//! named error. Answers and episodes have rooms of their own.

use std::sync::Arc;

use questionnaires::DayKind;
use questionnaires::quality::Grade;

use super::error::SnapshotError;
use super::ids::Ids;
use super::part::{Part, Table};
use super::{DiaryDay, Person, Sex, answers};
use crate::columns::CodedText;
use crate::table::ClassificationRow;

pub(super) fn classification(table: &Table) -> Result<Vec<ClassificationRow>, SnapshotError> {
    let part = table.whole(&["code", "level", "label_it", "label_en", "members"])?;
    let codes = part.full_text("code")?;
    unique(&part, "code", &codes)?;
    let levels = part.full_integers("level")?;
    let labels_it = part.full_text("label_it")?;
    let labels_en = part.full_text("label_en")?;
    let members = part.full_text("members")?;
    let mut rows = Vec::with_capacity(codes.len());
    for (row, code) in codes.into_iter().enumerate() {
        let level = u8::try_from(levels[row])
            .ok()
            .filter(|level| *level > 0)
            .ok_or_else(|| part.row(row, format!("the level of `{code}` is {}; levels count from 1", levels[row])))?;
        if !members[row].split_whitespace().any(|prefix| !prefix.starts_with('-')) {
            return Err(part.row(row, format!("`{code}` has no members")));
        }
        rows.push(ClassificationRow {
            code: code.to_owned(),
            level,
            label_it: labels_it[row].to_owned(),
            label_en: labels_en[row].to_owned(),
            members: members[row].to_owned(),
        });
    }
    rows.sort_by(|a, b| (a.level, &a.code).cmp(&(b.level, &b.code)));
    Ok(rows)
}

pub(super) fn persons(table: &Table, answer_table: &Table) -> Result<Vec<Person>, SnapshotError> {
    let part = table.whole(&["person_id", "household_id", "sex", "age", "zone", "weight", "stratum", "cluster"])?;
    let ids = part.full_text("person_id")?;
    let places = unique(&part, "person_id", &ids)?;
    let ages = part.integers("age")?;
    let answers = answers::read(answer_table, &places, &table.path, &ages)?;
    let sexes = part.full_text("sex")?;
    let weights = part.weights("weight")?;
    let shared_text = |name| part.coded_text(name).map(SharedText::new);
    let (households, zones) = (shared_text("household_id")?, shared_text("zone")?);
    let (strata, clusters) = (shared_text("stratum")?, shared_text("cluster")?);
    let mut persons = Vec::with_capacity(ids.len());
    for ((row, id), answers) in ids.into_iter().enumerate().zip(answers) {
        let sex = Sex::from_code(sexes[row])
            .ok_or_else(|| part.row(row, format!("person `{id}` has sex `{}`; it is F, M or X", sexes[row])))?;
        if ages[row].is_some_and(|age| !(0..=130).contains(&age)) {
            return Err(part.row(row, format!("person `{id}` has age {}", ages[row].unwrap_or_default())));
        }
        persons.push(Person {
            id: id.to_owned(),
            household: households.of(row),
            sex,
            age: ages[row],
            zone: zones.of(row),
            weight: weights[row],
            stratum: strata.of(row),
            cluster: clusters.of(row),
            answers,
        });
    }
    Ok(persons)
}

/// A column of text of which rows with the same text hold one.
struct SharedText<'a> {
    coded: CodedText<'a>,
    texts: Vec<Arc<str>>,
}

impl<'a> SharedText<'a> {
    fn new(coded: CodedText<'a>) -> SharedText<'a> {
        SharedText { texts: coded.texts.iter().map(|text| Arc::from(*text)).collect(), coded }
    }

    fn of(&self, row: usize) -> Option<Arc<str>> {
        self.coded.number(row).map(|number| self.texts[number].clone())
    }
}

/// The diaries, whose persons are in a table of the path `person_path`.
pub(super) fn diaries(table: &Table, persons: &[Person], person_path: &str) -> Result<Vec<DiaryDay>, SnapshotError> {
    let part = table.whole(&["diary_id", "person_id", "day_kind", "grade", "weight"])?;
    let ids = part.full_text("diary_id")?;
    unique(&part, "diary_id", &ids)?;
    let places = Ids::new(persons.iter().map(|person| person.id.as_str()).collect());
    let places = places.expect("the persons' ids were found to be unique");
    let mut finder = places.finder();
    let of_person = part.full_text("person_id")?;
    let kinds = part.full_text("day_kind")?;
    let grades = part.full_text("grade")?;
    let weights = part.weights("weight")?;
    let mut diaries = Vec::with_capacity(ids.len());
    for (row, id) in ids.into_iter().enumerate() {
        let person = of_person[row];
        let person = finder
            .find(person)
            .ok_or_else(|| part.row(row, format!("`person_id` {person} has no row in {person_path}")))?;
        let day_kind = DayKind::from_code(kinds[row]).ok_or_else(|| {
            part.row(row, format!("diary `{id}` has day_kind `{}`; it is weekday, saturday or sunday", kinds[row]))
        })?;
        let grade = Grade::from_code(grades[row]).ok_or_else(|| {
            part.row(row, format!("diary `{id}` has grade `{}`; it is good, acceptable or rejected", grades[row]))
        })?;
        diaries.push(DiaryDay { id: id.to_owned(), person, day_kind, grade, weight: weights[row] });
    }
    Ok(diaries)
}

fn unique<'a>(part: &Part<'_>, key: &str, ids: &[&'a str]) -> Result<Ids<'a>, SnapshotError> {
    Ids::new(ids.to_vec()).map_err(|row| part.row(row, format!("`{key}` {} appears twice", ids[row])))
}
