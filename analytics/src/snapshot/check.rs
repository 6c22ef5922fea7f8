//! Turns tables into facts: what a row says is either a value of the domain or a named error.

use questionnaires::quality::Grade;
use std::collections::{BTreeMap, BTreeSet};

use questionnaires::slot::MINUTES_PER_DAY;
use questionnaires::{Answer, Answers, Companions, DayKind};

use super::error::SnapshotError;
use super::open::Table;
use super::{DiaryDay, Episode, Person, Sex};
use crate::columns::{integers, reals, text};
use crate::table::ClassificationRow;

pub(super) fn classification(table: &Table) -> Result<Vec<ClassificationRow>, SnapshotError> {
    let codes = unique(table, "code")?;
    let levels = table.full_column(integers, "level")?;
    let labels_it = table.full_column(text, "label_it")?;
    let labels_en = table.full_column(text, "label_en")?;
    let members = table.full_column(text, "members")?;
    let mut rows = Vec::with_capacity(codes.len());
    let columns = codes.into_iter().zip(levels).zip(labels_it).zip(labels_en).zip(members);
    for (row, ((((code, level), label_it), label_en), members)) in columns.enumerate() {
        let level = u8::try_from(level)
            .ok()
            .filter(|level| *level > 0)
            .ok_or_else(|| table.row(row, format!("the level of `{code}` is {level}; levels count from 1")))?;
        if !members.split_whitespace().any(|prefix| !prefix.starts_with('-')) {
            return Err(table.row(row, format!("`{code}` has no members")));
        }
        rows.push(ClassificationRow { code, level, label_it, label_en, members });
    }
    rows.sort_by(|a, b| (a.level, &a.code).cmp(&(b.level, &b.code)));
    Ok(rows)
}

pub(super) fn persons(table: &Table, answers: &Table) -> Result<Vec<Person>, SnapshotError> {
    let mut answers = answers_of(answers, table)?;
    let ids = unique(table, "person_id")?;
    let households = table.column(text, "household_id")?;
    let sexes = table.full_column(text, "sex")?;
    let ages = table.column(integers, "age")?;
    let weights = weights(table)?;
    let strata = table.column(text, "stratum")?;
    let clusters = table.column(text, "cluster")?;
    let mut persons = Vec::with_capacity(ids.len());
    for (row, id) in ids.into_iter().enumerate() {
        let sex = Sex::from_code(&sexes[row])
            .ok_or_else(|| table.row(row, format!("person `{id}` has sex `{}`; it is F, M or X", sexes[row])))?;
        if ages[row].is_some_and(|age| !(0..=130).contains(&age)) {
            return Err(table.row(row, format!("person `{id}` has age {}", ages[row].unwrap_or_default())));
        }
        let mut answers = answers.remove(&(row as u32)).unwrap_or_default();
        if let (Some(age), None) = (ages[row], answers.answer("age")) {
            answers.set("age", Answer::Number(age));
        }
        persons.push(Person {
            id,
            household: households[row].clone(),
            sex,
            age: ages[row],
            weight: weights[row],
            stratum: strata[row].clone(),
            cluster: clusters[row].clone(),
            answers,
        });
    }
    Ok(persons)
}

fn answers_of(table: &Table, persons: &Table) -> Result<BTreeMap<u32, Answers>, SnapshotError> {
    let of_person = table.positions_in(persons, "person_id")?;
    let questions = table.full_column(text, "question")?;
    let values = table.full_column(text, "value")?;
    let mut chosen: BTreeMap<(u32, String), Vec<String>> = BTreeMap::new();
    for ((person, question), value) in of_person.into_iter().zip(questions).zip(values) {
        chosen.entry((person, question)).or_default().push(value);
    }
    let mut answers: BTreeMap<u32, Answers> = BTreeMap::new();
    for ((person, question), values) in chosen {
        answers.entry(person).or_default().set(question, answer(values));
    }
    Ok(answers)
}

fn answer(mut values: Vec<String>) -> Answer {
    match (values.len(), values.pop()) {
        (1, Some(value)) => value.parse().map(Answer::Number).unwrap_or(Answer::Choice(value)),
        (_, last) => Answer::Choices(values.into_iter().chain(last).collect()),
    }
}

pub(super) fn diaries(table: &Table, persons: &Table) -> Result<Vec<DiaryDay>, SnapshotError> {
    let ids = unique(table, "diary_id")?;
    let of_person = table.positions_in(persons, "person_id")?;
    let kinds = table.full_column(text, "day_kind")?;
    let grades = table.full_column(text, "grade")?;
    let weights = weights(table)?;
    let mut diaries = Vec::with_capacity(ids.len());
    for (row, id) in ids.into_iter().enumerate() {
        let day_kind = DayKind::from_code(&kinds[row]).ok_or_else(|| {
            table.row(row, format!("diary `{id}` has day_kind `{}`; it is weekday, saturday or sunday", kinds[row]))
        })?;
        let grade = Grade::from_code(&grades[row]).ok_or_else(|| {
            table.row(row, format!("diary `{id}` has grade `{}`; it is good, acceptable or rejected", grades[row]))
        })?;
        diaries.push(DiaryDay { id, person: of_person[row], day_kind, grade, weight: weights[row] });
    }
    Ok(diaries)
}

pub(super) fn episodes(
    table: &Table,
    diary_table: &Table,
    diaries: &[DiaryDay],
    timed: bool,
) -> Result<(Vec<Episode>, Vec<String>), SnapshotError> {
    let of_diary = table.positions_in(diary_table, "diary_id")?;
    let starts = table.column(integers, "start_minute")?;
    let lengths = table.full_column(integers, "minutes")?;
    let mains = table.full_column(text, "main")?;
    let secondaries = table.column(text, "secondary")?;
    let locations = table.column(text, "location")?;
    let companies = table.column(text, "with_whom")?;
    let devices = table.column(integers, "device")?;
    let enjoyments = table.column(integers, "enjoyment")?;
    let codes: BTreeSet<&str> = mains.iter().chain(secondaries.iter().flatten()).map(String::as_str).collect();
    let codes: Vec<String> = codes.into_iter().map(str::to_owned).collect();
    let place_of = |code: &String| codes.binary_search(code).unwrap_or_default() as u16;
    let mut episodes = Vec::with_capacity(mains.len());
    for (row, main) in mains.iter().enumerate() {
        let diary = of_diary[row];
        let id = &diaries[diary as usize].id;
        let minutes = minutes_of_day(lengths[row], 1)
            .ok_or_else(|| table.row(row, format!("an episode of diary `{id}` lasts {} minutes", lengths[row])))?;
        let start_minute = match starts[row] {
            Some(start) => Some(minutes_of_day(start, 0).ok_or_else(|| {
                table.row(row, format!("an episode of diary `{id}` starts {start} minutes after 04:00"))
            })?),
            None if timed => {
                return Err(table.row(row, format!("an episode of diary `{id}` has no start, in a timed snapshot")));
            }
            None => None,
        };
        let context = |error: questionnaires::context::UnknownContext| {
            table.row(row, format!("an episode of diary `{id}` has an unknown code: {error}"))
        };
        let location = locations[row].as_deref().map(str::parse).transpose().map_err(context)?;
        let with_whom = companies[row].as_deref().map_or(Ok(Companions::NOT_STATED), str::parse).map_err(context)?;
        let device = match devices[row] {
            None => None,
            Some(0) => Some(false),
            Some(1) => Some(true),
            Some(other) => {
                return Err(table.row(row, format!("an episode of diary `{id}` has device {other}; it is 0 or 1")));
            }
        };
        let enjoyment = match enjoyments[row] {
            None => None,
            Some(level @ 1..=7) => Some(level as u8),
            Some(other) => {
                return Err(table.row(row, format!("an episode of diary `{id}` has enjoyment {other}; it is 1 to 7")));
            }
        };
        episodes.push(Episode {
            diary,
            start_minute,
            minutes,
            activity: place_of(main),
            secondary: secondaries[row].as_ref().map(place_of),
            location,
            with_whom,
            device,
            enjoyment,
        });
    }
    episodes.sort_by_key(|episode| (episode.diary, episode.start_minute));
    check_days(&episodes, diaries, timed)?;
    Ok((episodes, codes))
}

fn minutes_of_day(minutes: i64, least: u16) -> Option<u16> {
    u16::try_from(minutes).ok().filter(|minutes| *minutes >= least && usize::from(*minutes) <= MINUTES_PER_DAY)
}

/// Every diary in use is a whole day: 1440 minutes and, where times are known, no gap and no overlap.
fn check_days(episodes: &[Episode], diaries: &[DiaryDay], timed: bool) -> Result<(), SnapshotError> {
    let mut covered = vec![0_usize; diaries.len()];
    for episode in episodes {
        let diary = &diaries[episode.diary as usize];
        let so_far = &mut covered[episode.diary as usize];
        let is_next = episode.start_minute.is_none_or(|start| usize::from(start) == *so_far);
        if timed && !is_next && diary.grade != Grade::Rejected {
            let start = episode.start_minute.unwrap_or_default();
            let message = format!("an episode starts at minute {start} where minute {so_far} should follow");
            return Err(SnapshotError::Diary { diary: diary.id.clone(), message });
        }
        *so_far += usize::from(episode.minutes);
    }
    for (diary, minutes) in diaries.iter().zip(covered) {
        if minutes != MINUTES_PER_DAY && diary.grade != Grade::Rejected {
            let message = format!("its minutes sum to {minutes} instead of {MINUTES_PER_DAY}");
            return Err(SnapshotError::Diary { diary: diary.id.clone(), message });
        }
    }
    Ok(())
}

fn weights(table: &Table) -> Result<Vec<Option<f64>>, SnapshotError> {
    let weights = table.column(reals, "weight")?;
    let impossible = |weight: &Option<f64>| weight.is_some_and(|weight| !weight.is_finite() || weight < 0.0);
    match weights.iter().position(impossible) {
        Some(row) => {
            let weight = weights[row].unwrap_or_default();
            Err(table.row(row, format!("the weight is {weight}; weights are zero or more")))
        }
        None => Ok(weights),
    }
}

fn unique(table: &Table, key: &str) -> Result<Vec<String>, SnapshotError> {
    let ids = table.full_column(text, key)?;
    let mut seen = BTreeSet::new();
    for (row, id) in ids.iter().enumerate() {
        if !seen.insert(id) {
            return Err(table.row(row, format!("`{key}` {id} appears twice")));
        }
    }
    Ok(ids)
}
