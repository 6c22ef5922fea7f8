//! Post-stratification to a population register: what it does to estimates, and files that cannot be used.

use crate::city;
use std::path::{Path, PathBuf};

use analytics::plan::{BaseWeights, ReleasePlan, WeightPlan};
use analytics::table::{Estimates, Indicator};

const MARGINS: &str = "sex,age_group,population
F,10-14,2400\nF,15-24,5100\nF,25-44,12800\nF,45-64,15500\nF,65+,14700
M,10-14,2500\nM,15-24,5400\nM,25-44,13000\nM,45-64,15000\nM,65+,11000
";

fn write(folder: &Path, text: &str) -> PathBuf {
    let path = folder.join("margins.csv");
    std::fs::write(&path, text).expect("a file");
    path
}

fn plan(folder: &Path, margins: &str, base: BaseWeights) -> ReleasePlan {
    let weights = WeightPlan { margins: Some(write(folder, margins)), base, ..WeightPlan::default() };
    ReleasePlan { weights, ..city::plan(folder) }
}

/// Women's and men's mean age from the rates would need the persons; the share of each post-stratum shows in the
/// average of a variable that is constant within it.
#[test]
fn groups_weigh_what_the_register_counts_and_no_uncertainty_is_left_in_what_it_knows() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut writer = city::city(1200);
    writer.description.weights_balance_days = true;
    // Everybody over 64 spends the whole day at leisure, everybody else asleep.
    let over_64: Vec<bool> = writer.persons.iter().map(|person| person.age.is_some_and(|age| age >= 65)).collect();
    for episode in &mut writer.episodes {
        let person: usize = episode.diary_id[1..6].parse().expect("a number");
        episode.main = if over_64[person] { "821" } else { "011" }.to_owned();
    }
    city::write(writer, folder.path());
    city::run(&plan(folder.path(), MARGINS, BaseWeights::FromFile)).expect("a run");
    let estimates = Estimates::read(&folder.path().join("estimates")).expect("estimates");
    let leisure = city::only(&estimates, |row| {
        row.indicator == Indicator::ParticipationRate
            && (row.activity.as_str(), row.sex.as_str(), row.day.as_str()) == ("8", "all", "average")
            && (row.age_group.as_str(), row.target_group.as_str()) == ("all", "all")
    });
    let expected = 100.0 * (14_700.0 + 11_000.0) / 97_400.0;
    let found = leisure.value.expect("a rate");
    assert!((found - expected).abs() < 1e-9, "{found} instead of {expected}");
    assert!(leisure.standard_error.expect("an error") < 1e-9, "{leisure:?}");
    assert_eq!(estimates.run.weighting, "post-stratified");
}

#[test]
fn base_weights_still_count_within_a_group() {
    let folder = tempfile::tempdir().expect("a folder");
    city::write(city::city(600), folder.path());
    let care = |base_weights| {
        city::run(&plan(folder.path(), MARGINS, base_weights)).expect("a run");
        let estimates = Estimates::read(&folder.path().join("estimates")).expect("estimates");
        let row = city::only(&estimates, |row| {
            row.indicator == Indicator::TimeSpent
                && (row.activity.as_str(), row.sex.as_str(), row.day.as_str()) == ("3", "all", "average")
                && (row.age_group.as_str(), row.target_group.as_str()) == ("all", "all")
        });
        row.value.expect("a value")
    };
    assert!((care(BaseWeights::FromFile) - care(BaseWeights::AllOne)).abs() > 1e-3);
}

#[test]
fn another_sex_or_an_unknown_age_needs_no_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut writer = city::city(600);
    writer.persons[0].sex = "X".to_owned();
    writer.persons[1].age = None;
    city::write(writer, folder.path());
    let summary = city::run(&plan(folder.path(), MARGINS, BaseWeights::FromFile)).expect("a run");
    assert_eq!(summary.n_persons, 600);
}

fn refusal(margins: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    city::write(city::city(600), folder.path());
    let result = city::run(&plan(folder.path(), margins, BaseWeights::FromFile));
    assert!(!folder.path().join("estimates").exists(), "nothing is written");
    result.expect_err("the margins cannot be used").to_string()
}

#[test]
fn margins_that_cannot_be_used_name_the_group_or_the_line() {
    let without = |line: &str| MARGINS.replace(line, "");
    let cases = [
        (without("M,45-64,15000\n"), vec!["sex M, age group 45-64", "the sample has", "M,45-64,POPULATION"]),
        (MARGINS.to_owned() + "X,25-44,10\n", vec!["10 people of sex X, age group 25-44", "no respondent"]),
        (MARGINS.to_owned() + "M,65+,1\n", vec!["line 12", "sex M, age group 65+ appears twice"]),
        (MARGINS.replace(",15500", ",-15500"), vec!["line 5", "`-15500` is not a number of people above zero"]),
        (MARGINS.replace(",15500", ",many"), vec!["line 5", "`many`"]),
        (MARGINS.replace("F,45-64", "F,45-59"), vec!["line 5", "`45-59` is not an age group", "45-64"]),
        (MARGINS.replace("F,45-64", "D,45-64"), vec!["line 5", "`D` is not a sex"]),
        (MARGINS.replace("F,45-64,15500", "F,45-64"), vec!["line 5", "too few or too many fields"]),
        (MARGINS.replace("population", "persons"), vec!["line 1", "`population` is missing"]),
    ];
    for (margins, parts) in cases {
        let message = refusal(&margins);
        for part in parts {
            assert!(message.contains(part), "`{part}` is not in: {message}");
        }
    }
}

#[test]
fn a_margins_file_that_is_not_there() {
    let folder = tempfile::tempdir().expect("a folder");
    city::write(city::city(20), folder.path());
    let mut plan = city::plan(folder.path());
    plan.weights.margins = Some(folder.path().join("none.csv"));
    let message = city::run(&plan).expect_err("no file").to_string();
    assert!(message.contains("none.csv") && message.contains("check the path"), "{message}");
}
