//! Answers to questionnaires against R survey 4.1-1, from a snapshot of 900 invented persons to the rows of `answers.csv`:
//! everybody, sexes, age groups, target groups and zones, by the file's weights and post-stratified. `tests/reference/answers.R`
//! makes the persons and R's numbers. Tolerance 1e-10 relative.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use analytics::plan::{ReleasePlan, WeightPlan};
use analytics::snapshot::{AnswerRow as Told, DiaryRow, EpisodeRow, Instrument, PersonRow, Writer};
use analytics::table::{AnswerMeasure, AnswerRow, Estimates};

use crate::city;

/// R's numbers are printed with 15 digits.
const TOLERANCE: f64 = 1e-10;

fn reference(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference").join(name)
}

/// The persons, each with one or two days: how many days somebody told must not matter.
fn survey() -> Writer {
    let mut writer = Writer { persons: Vec::new(), diaries: Vec::new(), episodes: Vec::new(), ..city::city(0) };
    let used = [("individual", 1), ("temporal_needs", 1), ("end_of_day", 1)];
    writer.description.instruments = used.map(|(name, version)| Instrument { name: name.to_owned(), version }).into();
    let mut reader = csv::Reader::from_path(reference("answers_persons.csv")).expect("the persons");
    for record in reader.deserialize() {
        let fields: BTreeMap<String, String> = record.expect("a person");
        let person_id = format!("p{:0>6}", fields["id"]);
        writer.persons.push(PersonRow {
            person_id: person_id.clone(),
            sex: fields["sex"].clone(),
            age: Some(fields["age"].parse().expect("an age")),
            zone: Some(fields["zone"].clone()),
            weight: Some(fields["weight"].parse().expect("a weight")),
            stratum: Some(fields["stratum"].clone()),
            cluster: Some(fields["psu"].clone()),
            ..PersonRow::default()
        });
        let mut tell = |question: &str, value: &str| {
            if !value.is_empty() {
                let (question, value) = (question.to_owned(), value.to_owned());
                writer.answers.push(Told { person_id: person_id.clone(), question, value });
            }
        };
        tell("cares_for_adult", &fields["carer"]);
        tell("day_satisfaction.own_time.satisfied.weekday", &fields["satisfied"]);
        tell("gives_up", &fields["gives_up"]);
        tell("service_hours.post.collides", &fields["collides"]);
        tell("service_hours.post.travel_minutes", &fields["travel"]);
        tell("service_hours.post.wait_minutes", &fields["wait"]);
        fields["services"].split(' ').for_each(|service| tell("services_used", service));
        let n_days = fields["n_days"].parse().expect("days");
        for (day, day_kind) in ["weekday", "sunday"].into_iter().enumerate().take(n_days) {
            let diary_id = format!("d{:0>6}{day}", fields["id"]);
            writer.diaries.push(DiaryRow {
                diary_id: diary_id.clone(),
                person_id: person_id.clone(),
                day_kind: day_kind.to_owned(),
                month: None,
                grade: "good".to_owned(),
                weight: None,
            });
            writer.episodes.push(EpisodeRow {
                diary_id,
                start_minute: Some(0),
                minutes: 1440,
                main: "011".to_owned(),
                ..EpisodeRow::default()
            });
        }
    }
    writer
}

/// People by age group, women and men, in thousands.
const POPULATION: [(&str, [u32; 2]); 5] =
    [("10-14", [3, 3]), ("15-24", [8, 8]), ("25-44", [15, 15]), ("45-64", [16, 14]), ("65+", [17, 12])];

fn estimates(folder: &Path, weighting: &str) -> Estimates {
    city::write(survey(), folder);
    let margins = folder.join("margins.csv");
    let lines = POPULATION.map(|(age, [women, men])| format!("F,{age},{women}000\nM,{age},{men}000\n"));
    std::fs::write(&margins, format!("sex,age_group,population\n{}", lines.concat())).expect("margins");
    let margins = (weighting == "post-stratified").then_some(margins);
    let weights = WeightPlan { margins, ..WeightPlan::default() };
    city::run(&ReleasePlan { weights, ..city::plan(folder) }).expect("a run");
    Estimates::read(&folder.join("estimates")).expect("estimates")
}

/// A number of R's.
#[derive(Debug, serde::Deserialize)]
struct Line {
    weighting: String,
    measure: AnswerMeasure,
    question: String,
    answer: String,
    sex: String,
    age_group: String,
    target_group: String,
    value: f64,
    se: f64,
    low: f64,
    high: f64,
    df: f64,
    n: u64,
}

#[test]
fn shares_and_means_are_those_of_r() {
    assert_agreement("file");
}

#[test]
fn shares_and_means_of_calibrated_weights_are_those_of_r() {
    assert_agreement("post-stratified");
}

fn assert_agreement(weighting: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let estimates = estimates(folder.path(), weighting);
    let lines = csv::Reader::from_path(reference("answers_r_survey.csv")).expect("R's numbers").into_deserialize();
    let lines = lines.map(|line: Result<Line, csv::Error>| line.expect("a line"));
    let (mut n_lines, mut n_compared) = (0, 0);
    for line in lines.filter(|line| line.weighting == weighting) {
        n_lines += 1;
        let is_it = |row: &&AnswerRow| {
            row.measure == line.measure
                && row.question == line.question
                && row.answer == line.answer
                && row.sex == line.sex
                && row.age_group == line.age_group
                && row.target_group == line.target_group
        };
        let row = estimates.answers.iter().find(is_it).unwrap_or_else(|| panic!("no row for {line:?}"));
        if row.status.is_withheld() {
            continue;
        }
        assert_eq!((row.n, row.degrees_of_freedom), (line.n, Some(line.df)), "{line:?}");
        let Some(value) = row.value else { continue };
        let found = [Some(value), row.standard_error, row.ci_low, row.ci_high];
        for (found, expected) in found.into_iter().zip([line.value, line.se, line.low, line.high]) {
            let found = found.expect("a number with its precision");
            assert!((found - expected).abs() <= TOLERANCE * expected.abs(), "{line:?}: {found} instead of {expected}");
        }
        n_compared += 1;
    }
    println!("{n_compared} of {n_lines} numbers of {weighting} weights compared");
    assert!(n_lines > 200 && n_compared * 10 > n_lines * 9, "{n_compared} of {n_lines}");
}
