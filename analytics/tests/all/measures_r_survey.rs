//! The time-use measures against R survey 4.1-1, from a snapshot of 2,561 synthetic diaries to the rows of the
//! estimates. `tests/reference/measures_r_survey.csv` holds R's numbers, `measures.R` makes them. Tolerance 1e-10
//! relative.

use std::collections::BTreeMap;
use std::path::Path;

use crate::{city, reference};

use analytics::measure::MeasureSet;
use analytics::plan::{ReleasePlan, WeightPlan};
use analytics::snapshot::{DiaryRow, EpisodeRow, PersonRow, Writer};
use analytics::table::{ClassificationRow, EstimateRow, Estimates, Flag};

/// R's numbers are printed with 15 digits.
const TOLERANCE: f64 = 1e-10;

/// The diaries as a survey of persons in households, each with one day; episodes are cut where nothing changes too.
fn survey(path: &Path) -> Writer {
    let mut writer = Writer { persons: Vec::new(), diaries: Vec::new(), episodes: Vec::new(), ..city::city(0) };
    writer.description.classification = "ACL 2018".to_owned();
    let activity = |digit: u8| ClassificationRow {
        code: digit.to_string(),
        level: 1,
        label_it: format!("Attività {digit}"),
        label_en: format!("Activity {digit}"),
        members: digit.to_string(),
    };
    writer.classification = (0..10).map(activity).collect();
    let mut reader = csv::Reader::from_path(path).expect("the diaries");
    for record in reader.deserialize() {
        let fields: BTreeMap<String, String> = record.expect("a diary");
        let place: usize = fields["age"].parse().expect("an age group");
        let day: usize = fields["dow"].parse().expect("a kind of day");
        let person_id = format!("p{:0>6}", fields["pid"]);
        let diary_id = format!("d{:0>6}", fields["pid"]);
        writer.persons.push(PersonRow {
            person_id: person_id.clone(),
            household_id: Some(format!("{} {} {}", fields["stratum"], fields["psu"], fields["hh"])),
            sex: if fields["sex"] == "1" { "M" } else { "F" }.to_owned(),
            age: Some([12, 20, 30, 50, 70][place]),
            weight: Some(fields["w"].parse().expect("a weight")),
            stratum: Some(fields["stratum"].clone()),
            cluster: Some(fields["psu"].clone()),
            ..PersonRow::default()
        });
        writer.diaries.push(DiaryRow {
            diary_id: diary_id.clone(),
            person_id,
            day_kind: ["weekday", "saturday", "sunday"][day].to_owned(),
            month: None,
            grade: "good".to_owned(),
            weight: None,
        });
        let slots: Vec<(usize, char)> = fields["slots"].chars().enumerate().collect();
        for episode in slots.chunk_by(|one, other| one.1 == other.1 && other.0 % 36 != 0) {
            writer.episodes.push(EpisodeRow {
                diary_id: diary_id.clone(),
                start_minute: Some(10 * episode[0].0 as i64),
                minutes: 10 * episode.len() as i64,
                main: episode[0].1.to_string(),
                ..EpisodeRow::default()
            });
        }
    }
    writer
}

/// People by age group, women before men.
const POPULATION: [(&str, [u32; 2]); 5] =
    [("10-14", [300, 310]), ("15-24", [420, 400]), ("25-44", [700, 720]), ("45-64", [690, 650]), ("65+", [600, 410])];

/// The estimates with the file's weights, or post-stratified by sex and age.
fn estimates(oracle: &Path, folder: &Path, weighting: &str) -> Estimates {
    city::write(survey(&oracle.join("tus_synthetic.csv")), folder);
    let margins = folder.join("margins.csv");
    let lines = POPULATION.map(|(age, [women, men])| format!("F,{age},{women}000\nM,{age},{men}000\n"));
    std::fs::write(&margins, format!("sex,age_group,population\n{}", lines.concat())).expect("margins");
    let wages = folder.join("wages.csv");
    std::fs::write(&wages, "activity,hourly_wage\n3,9.5\n4,8\n").expect("wages");
    let measures = MeasureSet { hourly_wages: Some(wages), ..MeasureSet::default() };
    let margins = (weighting == "post-stratified").then_some(margins);
    let weights = WeightPlan { margins, ..WeightPlan::default() };
    city::run(&ReleasePlan { measures, weights, ..city::plan(folder) }).expect("a run");
    Estimates::read(&folder.join("estimates")).expect("estimates")
}

/// A number of R's.
#[derive(Debug, serde::Deserialize)]
struct Line {
    weighting: String,
    indicator: String,
    timeline: String,
    activity: String,
    sex: String,
    age_group: String,
    day: String,
    slot: Option<u8>,
    value: f64,
    se: f64,
    df: f64,
}

type Key = (String, String, String, String, String, String, Option<u8>);

fn key(row: &EstimateRow) -> Key {
    let code = |value: serde_json::Value| value.as_str().expect("a code").to_owned();
    (
        code(serde_json::to_value(row.indicator).expect("a code")),
        code(serde_json::to_value(row.timeline).expect("a code")),
        row.activity.clone(),
        row.sex.clone(),
        row.age_group.clone(),
        row.day.clone(),
        row.slot,
    )
}

#[test]
fn every_measure_is_that_of_r_survey_with_its_standard_error_and_degrees_of_freedom() {
    let wanted = [
        ("asymmetry", 8),
        ("episode_length", 80),
        ("episodes_per_day", 80),
        ("first_start", 70),
        ("last_end", 70),
        ("relative_gap", 8),
        ("share_gap_at_slot", 30),
        ("shared_time", 3),
        ("standardised_asymmetry", 8),
        ("standardised_gap", 8),
        ("standardised_relative_gap", 8),
        ("time_gap", 8),
        ("time_poverty", 15),
        ("value_per_day", 6),
        ("value_per_year", 6),
    ];
    assert_agreement("file", &wanted);
}

#[test]
fn after_post_stratification_every_measure_has_the_standard_error_of_residuals() {
    let wanted = [
        ("asymmetry", 8),
        ("episode_length", 18),
        ("episodes_per_day", 18),
        ("first_start", 18),
        ("last_end", 18),
        ("relative_gap", 8),
        ("share_gap_at_slot", 40),
        ("shared_time", 3),
        ("standardised_asymmetry", 8),
        ("standardised_gap", 8),
        ("standardised_relative_gap", 8),
        ("time_gap", 8),
        ("time_poverty", 20),
        ("value_per_day", 6),
        ("value_per_year", 6),
    ];
    assert_agreement("post-stratified", &wanted);
}

fn assert_agreement(weighting: &str, wanted: &[(&str, usize)]) {
    let Some(oracle) = reference::oracle() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let estimates = estimates(&oracle, folder.path(), weighting);
    let everybody = estimates.rows.iter().filter(|row| row.target_group == "all");
    let rows: BTreeMap<Key, &EstimateRow> = everybody.map(|row| (key(row), row)).collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/measures_r_survey.csv");
    let mut compared: BTreeMap<String, usize> = BTreeMap::new();
    let lines = csv::Reader::from_path(path).expect("R's numbers").into_deserialize();
    let lines = lines.map(|line: Result<Line, csv::Error>| line.expect("a line"));
    for line in lines.filter(|line| line.weighting == weighting) {
        let Line { df, value, se: error, .. } = line;
        let Line { indicator, timeline, activity, sex, age_group, day, slot, .. } = line;
        let key = (indicator.clone(), timeline, activity, sex, age_group, day, slot);
        let row = rows.get(&key).unwrap_or_else(|| panic!("no row {key:?}"));
        assert_eq!(row.degrees_of_freedom, Some(df), "{key:?}");
        let (Some(found), Some(found_error)) = (row.value, row.standard_error) else {
            assert_eq!(row.flag, Flag::Suppressed, "{key:?}");
            continue;
        };
        let is_close = |found: f64, expected: f64| (found - expected).abs() <= TOLERANCE * expected.abs();
        assert!(is_close(found, value), "{key:?}: {found} instead of {value}");
        assert!(is_close(found_error, error), "{key:?}: standard error {found_error} instead of {error}");
        *compared.entry(indicator).or_default() += 1;
    }
    println!("{compared:?}");
    for (indicator, at_least) in wanted {
        assert!(compared.get(*indicator).is_some_and(|n| n >= at_least), "{indicator}: {compared:?}");
    }
}
