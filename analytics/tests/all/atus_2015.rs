//! The American Time Use Survey of 2015, from the Bureau of Labor Statistics' file to the figures it published.

use crate::reference;
use std::path::{Path, PathBuf};

use analytics::import::atus;
use analytics::pipeline::analyse;
use analytics::plan::{BaseWeights, ReleasePlan};
use analytics::table::{Estimates, Indicator};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
struct Published {
    population: String,
    activity_code: String,
    unit: String,
    published: f64,
    tolerance: f64,
}

fn imported(data: &Path, folder: &Path) -> PathBuf {
    let snapshot = folder.join("snapshot");
    let input = data.join("atussum_2015.dat.gz");
    let summary = atus::import(&input, &snapshot, &atus::Options::default()).expect("the file imports");
    assert_eq!(summary.n_persons, 10_905);
    assert_eq!(summary.n_activity_codes, 354);
    snapshot
}

fn estimates(snapshot: &Path, output: PathBuf, base_weights: BaseWeights) -> Estimates {
    let mut plan = ReleasePlan::new(snapshot.to_owned(), output.clone());
    plan.weights.base = base_weights;
    let summary = analyse(&plan, &mut |_| {}).expect("the snapshot is analysed");
    assert_eq!((summary.n_persons, summary.n_diaries, summary.n_diaries_rejected), (10_905, 10_905, 0));
    Estimates::read(&output).expect("the estimates read back")
}

/// The tables' combined codes are BLS's major categories, named by their first tier; `010300` is tier 0103.
fn code_of(published: &str) -> &str {
    match published {
        "010300" | "020500" | "020600" | "020700" | "020800" | "030200" | "030300" | "060300" | "080200" | "080400" => {
            &published[..4]
        }
        combined if combined.contains(' ') => &combined[..2],
        code => code,
    }
}

fn value(estimates: &Estimates, figure: &Published) -> Option<f64> {
    let (sex, target_group) = match figure.population.as_str() {
        "female" => ("F", "all"),
        "male" => ("M", "all"),
        "all persons 15+" => ("all", "all"),
        "employed" | "employed, days worked" => ("all", "employed"),
        other => panic!("unknown population {other}"),
    };
    let (indicator, factor) = match figure.unit.as_str() {
        "hours per day" => (Indicator::TimeSpent, 1.0 / 60.0),
        "hours per participant day" => (Indicator::ParticipationTime, 1.0 / 60.0),
        "% of population engaged" => (Indicator::ParticipationRate, 1.0),
        other => panic!("unknown unit {other}"),
    };
    let mut rows = estimates.rows.iter().filter(|row| {
        row.indicator == indicator
            && row.activity == code_of(&figure.activity_code)
            && row.sex == sex
            && row.target_group == target_group
            && row.age_group == "all"
            && row.day == "average"
    });
    let row = rows.next().unwrap_or_else(|| panic!("no row for {figure:?}"));
    assert!(rows.next().is_none(), "two rows for {figure:?}");
    row.value.map(|value| value * factor)
}

fn published(data: &Path) -> Vec<Published> {
    let mut reader = csv::Reader::from_path(data.join("atus2015_published.csv")).expect("the published figures");
    let figures: Vec<Published> = reader.deserialize().map(|row| row.expect("a figure")).collect();
    assert_eq!(figures.len(), 48);
    figures
}

fn misses<'a>(estimates: &Estimates, figures: &'a [Published]) -> Vec<(&'a Published, Option<f64>)> {
    let found = figures.iter().map(|figure| (figure, value(estimates, figure)));
    let is_met = |figure: &Published, value: f64| (value - figure.published).abs() <= figure.tolerance;
    found.filter(|(figure, value)| !value.is_some_and(|value| is_met(figure, value))).collect()
}

#[test]
fn all_48_published_figures_are_met_with_the_weights_and_most_are_missed_without() {
    let Some(data) = reference::data() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let snapshot = imported(&data, folder.path());
    let figures = published(&data);

    let weighted = estimates(&snapshot, folder.path().join("weighted"), BaseWeights::FromFile);
    let missed = misses(&weighted, &figures);
    assert!(missed.is_empty(), "missed: {missed:#?}");
    assert_eq!(weighted.run.weighting, "file");

    let unweighted = estimates(&snapshot, folder.path().join("unweighted"), BaseWeights::AllOne);
    let missed = misses(&unweighted, &figures);
    assert!(missed.len() > 24, "only {} of 48 missed without weights", missed.len());
    assert_eq!(unweighted.run.weighting, "none");
}
