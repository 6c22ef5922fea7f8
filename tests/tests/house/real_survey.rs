//! The American Time Use Survey of 2015, from the file of the Bureau of Labor Statistics to published figures.
//! Published figures and their tolerances: BLS annual averages, news release and API series for 2015.

use std::collections::BTreeSet;
use std::path::Path;

use analytics::table::{EstimateRow, Estimates, Indicator, Timeline};
use questionnaires::{Label, Language};
use reports::Edition;
use reports::chart::{self, Size};
use reports::figure::{Source, Topic};
use reports::legibility;
use reports::text::Texts;
use tests::command::tempi;

/// A published figure with what it describes.
struct Figure {
    population: String,
    activity_code: String,
    unit: String,
    published: f64,
    tolerance: f64,
}

#[test]
fn the_2015_american_survey_meets_all_published_figures() {
    let Some(figures) = figures() else { return };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let Some(estimates) = analyse(folder.path(), &[]) else { return };
    let misses: Vec<String> = figures.iter().filter_map(|figure| miss(figure, &estimates)).collect();
    assert_eq!(figures.len(), 48);
    assert!(misses.is_empty(), "{} figures are missed:\n{}", misses.len(), misses.join("\n"));
}

#[test]
fn every_chart_of_the_2015_american_survey_can_be_read() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let Some(estimates) = analyse(folder.path(), &[]) else { return };
    let date = chrono::NaiveDate::from_ymd_opt(2026, 11, 26).expect("a date");
    let edition = Edition::new(1, date, Label::new("Bureau of Labor Statistics", "Bureau of Labor Statistics"));
    let mut n_pictures = 0;
    for language in Language::COMPLETE {
        let texts = Texts::new(language);
        let source = Source::new(&estimates, &edition, &texts);
        for figure in Topic::ALL.into_iter().flat_map(|topic| topic.figures(&source)) {
            for size in Size::ALL {
                let scene = chart::draw(&figure.chart, &figure.caption, size, &texts);
                let faults = legibility::faults(&scene).expect("the scene can be painted");
                assert!(faults.is_empty(), "{} {size:?} {language:?}: {faults:?}", figure.name);
                n_pictures += 1;
            }
        }
    }
    // Activities and the day, the gap, ages and the pyramid, four of groups; the file tells no times.
    assert_eq!(n_pictures, 2 * 3 * 9);
}

#[test]
fn without_weights_most_published_figures_are_missed() {
    let Some(figures) = figures() else { return };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let Some(estimates) = analyse(folder.path(), &["--ignore-weights"]) else { return };
    let n_missed = figures.iter().filter(|figure| miss(figure, &estimates).is_some()).count();
    assert!(n_missed > 24, "only {n_missed} of {} figures are missed", figures.len());
}

fn figures() -> Option<Vec<Figure>> {
    let path = tests::reference_data("atus2015_published.csv")?;
    let mut reader = csv::Reader::from_path(path).expect("the published figures are readable");
    let figures = reader.records().map(|record| {
        let record = record.expect("well-formed CSV");
        let number = |column: usize| record[column].parse().expect("a number");
        Figure {
            population: record[0].to_owned(),
            activity_code: record[1].to_owned(),
            unit: record[3].to_owned(),
            published: number(4),
            tolerance: number(5),
        }
    });
    Some(figures.collect())
}

fn analyse(folder: &Path, options: &[&str]) -> Option<Estimates> {
    let microdata = tests::reference_data("atussum_2015.dat.gz")?;
    let path = |name: &str| folder.join(name).display().to_string();
    tempi(["import", "atus", &microdata.display().to_string(), "--output", &path("snapshot")]).success();
    let mut arguments = vec!["analyse".to_owned(), path("snapshot"), "--output".to_owned(), path("estimates")];
    arguments.extend(options.iter().map(|option| (*option).to_owned()));
    tempi(arguments).success();
    Some(Estimates::read(&folder.join("estimates")).expect("the estimates are readable"))
}

/// What is wrong with our number for this figure, if anything.
fn miss(figure: &Figure, estimates: &Estimates) -> Option<String> {
    let (indicator, scale) = match figure.unit.as_str() {
        "hours per day" => (Indicator::TimeSpent, 60.0),
        "hours per participant day" => (Indicator::ParticipationTime, 60.0),
        "% of population engaged" => (Indicator::ParticipationRate, 1.0),
        other => panic!("unknown unit {other}"),
    };
    let (sex, target_group) = match figure.population.as_str() {
        "all persons 15+" => ("all", "all"),
        "employed" | "employed, days worked" => ("all", "employed"),
        "female" => ("F", "all"),
        "male" => ("M", "all"),
        other => panic!("unknown population {other}"),
    };
    let members = members(&figure.activity_code);
    let activity = estimates
        .classification
        .iter()
        .filter(|category| category.timeline == Timeline::Main)
        .find(|activity| activity.members.split(' ').map(str::to_owned).collect::<BTreeSet<_>>() == members)
        .unwrap_or_else(|| panic!("no reported activity is {members:?}"));
    let is_it = |row: &&EstimateRow| {
        row.indicator == indicator
            && row.timeline == Timeline::Main
            && row.activity == activity.code
            && row.level == activity.level
            && (row.sex.as_str(), row.target_group.as_str()) == (sex, target_group)
            && (row.age_group.as_str(), row.day.as_str()) == ("all", "average")
    };
    let rows: Vec<&EstimateRow> = estimates.rows.iter().filter(is_it).collect();
    assert_eq!(rows.len(), 1, "one row answers {} of {}", figure.activity_code, figure.population);
    let ours = rows[0].value.map(|value| value / scale);
    let near = ours.is_some_and(|ours| (ours - figure.published).abs() <= figure.tolerance);
    (!near).then(|| {
        format!(
            "{} of {}, {}: published {}, ours {ours:?}",
            figure.activity_code, figure.population, figure.unit, figure.published
        )
    })
}

/// The code prefixes of a published definition such as `02 less 020903,020904 plus 1802`, those taken out led
/// by `-`. A code such as `010300` names the whole tier `0103`.
fn members(definition: &str) -> BTreeSet<String> {
    let mut sign = "";
    let mut members = BTreeSet::new();
    for word in definition.split([' ', ',']).filter(|word| !word.is_empty()) {
        match word {
            "less" => sign = "-",
            "plus" => sign = "",
            code => {
                let tier = if code.len() == 6 { code.strip_suffix("00").unwrap_or(code) } else { code };
                members.insert(format!("{sign}{tier}"));
            }
        }
    }
    members
}

#[test]
fn definitions_of_published_figures_are_understood() {
    let set = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(members("02 less 020903,020904 plus 1802"), set(&["02", "-020903", "-020904", "1802"]));
    assert_eq!(members("010300"), set(&["0103"]));
    assert_eq!(members("020101"), set(&["020101"]));
}
