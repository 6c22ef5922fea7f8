//! What the measures promise at the edges: published gaps, poverty lines, wages, pairs, and what is left out where a
//! snapshot cannot tell.

use std::path::{Path, PathBuf};

use crate::city;

use analytics::measure::{HourlyWage, HourlyWages, Measure, MeasureSet, TimePoverty, WagesError};
use analytics::plan::ReleasePlan;
use analytics::snapshot::{DiaryRow, EpisodeRow, PersonRow, Writer};
use analytics::table::{ClassificationRow, EstimateRow, Estimates, Flag, Indicator, Timeline};

/// A survey of persons one by one: sex, age, weight and kinds of day with the minutes of care (activity 3), of
/// leisure (8) and of work (1); the rest is sleep.
struct Survey(Writer);

impl Survey {
    fn new() -> Survey {
        let mut writer = Writer { persons: Vec::new(), diaries: Vec::new(), episodes: Vec::new(), ..city::city(0) };
        writer.description.classification = "ACL 2018".to_owned();
        writer.classification = ["0", "1", "3", "8"]
            .map(|code| ClassificationRow {
                code: code.to_owned(),
                level: 1,
                label_it: format!("Attività {code}"),
                label_en: format!("Activity {code}"),
                members: code.to_owned(),
            })
            .into();
        Survey(writer)
    }

    fn person(&mut self, household: &str, sex: &str, age: i64, weight: f64) -> &mut Survey {
        let person_id = format!("p{:05}", self.0.persons.len());
        self.0.persons.push(PersonRow {
            person_id,
            household_id: Some(household.to_owned()),
            sex: sex.to_owned(),
            age: Some(age),
            weight: Some(weight),
            ..PersonRow::default()
        });
        self
    }

    /// A day of the last person: work, care and leisure from 08:00, sleep around them.
    fn day(&mut self, kind: &str, [work, care, leisure]: [i64; 3]) -> &mut Survey {
        let diary_id = format!("d{:06}", self.0.diaries.len());
        let person_id = self.0.persons.last().expect("a person").person_id.clone();
        self.0.diaries.push(DiaryRow {
            diary_id: diary_id.clone(),
            person_id,
            day_kind: kind.to_owned(),
            month: None,
            grade: "good".to_owned(),
            weight: None,
        });
        let night = 1440 - 240 - work - care - leisure;
        let mut start = 0;
        for (main, minutes) in [("0", 240), ("1", work), ("3", care), ("8", leisure), ("0", night)] {
            if minutes > 0 {
                self.0.episodes.push(EpisodeRow {
                    diary_id: diary_id.clone(),
                    start_minute: Some(start),
                    minutes,
                    main: main.to_owned(),
                    ..EpisodeRow::default()
                });
            }
            start += minutes;
        }
        self
    }

    fn estimates(self, measures: MeasureSet) -> Estimates {
        let folder = tempfile::tempdir().expect("a folder");
        city::write(self.0, folder.path());
        city::run(&ReleasePlan { measures, ..city::plan(folder.path()) }).expect("a run");
        Estimates::read(&folder.path().join("estimates")).expect("estimates")
    }
}

/// The row of everybody's average day.
fn average(estimates: &Estimates, indicator: Indicator, timeline: Timeline, code: &str) -> EstimateRow {
    let is_it = |row: &&EstimateRow| {
        (row.indicator, row.timeline, row.activity.as_str()) == (indicator, timeline, code)
            && [&row.sex, &row.age_group, &row.target_group] == ["all"; 3]
            && row.day == "average"
    };
    let rows: Vec<&EstimateRow> = estimates.rows.iter().filter(is_it).collect();
    assert_eq!(rows.len(), 1, "{indicator:?} of {code}");
    rows[0].clone()
}

/// Many women and men with these minutes of care on a weekday, a Saturday and a Sunday.
fn of_care(women: [i64; 3], men: [i64; 3]) -> Estimates {
    let mut survey = Survey::new();
    for place in 0..400 {
        let (sex, minutes) = if place % 2 == 0 { ("F", women) } else { ("M", men) };
        survey.person(&format!("h{place:05}"), sex, 40, 1.0 + f64::from(place % 3));
        for (kind, minutes) in ["weekday", "saturday", "sunday"].into_iter().zip(minutes) {
            survey.day(kind, [0, minutes, 200]);
        }
    }
    survey.estimates(MeasureSet::default())
}

#[test]
fn asymmetry_and_relative_gap_are_those_that_are_published() {
    // Eurostat, Italy 2008-09, household and family care: men 97 minutes, women 286.
    let italy = of_care([286; 3], [97; 3]);
    let asymmetry = average(&italy, Indicator::Asymmetry, Timeline::Main, "3").value.expect("an asymmetry");
    assert_eq!(format!("{asymmetry:.1}"), "74.7");
    // Destatis, Germany 2022: 29 h 52 min a week by women, 20 h 42 min by men.
    let germany = of_care([256, 256, 256], [177, 178, 179]);
    let gap = average(&germany, Indicator::RelativeGap, Timeline::Derived, "unpaid_work").value.expect("a gap");
    assert_eq!(format!("{gap:.1}"), "44.3");
}

/// Leisure that varies between persons and a little between kinds of day.
fn of_leisure(weight: impl Fn(i64) -> f64, leisure: impl Fn(i64) -> i64) -> Survey {
    let mut survey = Survey::new();
    for place in 0..600_i64 {
        let (sex, age) = (["F", "M"][place as usize % 2], 20 + place % 60);
        survey.person(&format!("h{place:05}"), sex, age, weight(place));
        survey.day("weekday", [300 + 10 * (place % 40), 0, leisure(place)]);
        survey.day(["saturday", "sunday"][place as usize / 2 % 2], [0, 0, leisure(place) + 60]);
    }
    survey
}

fn spread(place: i64) -> i64 {
    30 + 10 * (place * 7 % 31)
}

#[test]
fn a_poverty_line_does_not_depend_on_the_unit_of_weights() {
    // With the sum of weights in the bandwidth of the density, the same survey weighted to persons and to thousands
    // of persons has two standard errors.
    let rows = [1.0, 1000.0].map(|unit| {
        let estimates = of_leisure(|place| unit * (1 + place % 4) as f64, spread).estimates(MeasureSet::default());
        average(&estimates, Indicator::TimePoverty, Timeline::Derived, "free_time")
    });
    let [one, other] = rows.map(|row| (row.value.expect("a rate"), row.standard_error.expect("an error")));
    assert!((one.0 - other.0).abs() < 1e-9 && (one.1 / other.1 - 1.0).abs() < 1e-9, "{one:?} and {other:?}");
    assert!(one.0 > 5.0 && one.0 < 60.0, "{one:?}");
}

#[test]
fn a_poverty_line_is_drawn_for_everybody_and_not_anew_in_each_group() {
    // Men have half the leisure of women: a line of their own would call them as rich in time as women.
    let leisure = |place: i64| if place % 2 == 0 { spread(place) } else { spread(place) / 2 };
    let estimates = of_leisure(|_| 1.0, leisure).estimates(MeasureSet::default());
    let of = |sex: &str| {
        let is_it =
            |row: &&EstimateRow| row.indicator == Indicator::TimePoverty && row.sex == sex && row.day == "weekday";
        let mut rows = estimates.rows.iter().filter(is_it).filter(|row| row.activity == "free_time");
        rows.find(|row| row.age_group == "all" && row.target_group == "all").and_then(|row| row.value).expect("a rate")
    };
    assert!(of("M") > 1.5 * of("F"), "{} and {}", of("M"), of("F"));
}

#[test]
fn where_all_have_the_same_free_time_nobody_is_poor_in_it() {
    let estimates = of_leisure(|_| 1.0, |_| 200).estimates(MeasureSet::default());
    let row = average(&estimates, Indicator::TimePoverty, Timeline::Derived, "free_time");
    // A zero is no measurement and is not shown; what matters is that nothing breaks where there is no density.
    assert_eq!((row.value, row.flag), (None, Flag::Suppressed));
}

#[test]
fn the_limit_of_work_is_a_parameter() {
    let share_above = |minutes| {
        let time_poverty = TimePoverty { minutes_of_total_work: minutes, ..TimePoverty::default() };
        let estimates = of_leisure(|_| 1.0, spread).estimates(MeasureSet { time_poverty, ..MeasureSet::default() });
        average(&estimates, Indicator::TimePoverty, Timeline::Derived, "total_work").value.expect("a share")
    };
    // Weekdays have 300, 310, ..., 690 minutes of work, weekends none; above means more than.
    assert!((share_above(480.0) - 100.0 * 5.0 / 7.0 * 21.0 / 40.0).abs() < 1e-9);
    assert!((share_above(490.0) - 100.0 * 5.0 / 7.0 * 20.0 / 40.0).abs() < 1e-9);
}

#[test]
fn the_same_ages_for_both_sexes_take_a_gap_of_age_alone_away() {
    // Everybody spends as many minutes on care as years of age; women of the sample are older.
    let survey = || {
        let mut survey = Survey::new();
        for place in 0..800_i64 {
            let is_old = if place % 2 == 0 { place % 8 != 0 } else { place % 8 == 1 };
            let age = if is_old { 70 } else { 30 };
            survey.person(&format!("h{place:05}"), ["F", "M"][place as usize % 2], age, 1.0);
            survey.day("weekday", [0, age + place / 2 % 3, 100]);
            survey.day(["saturday", "sunday"][place as usize / 8 % 2], [0, age + place / 2 % 3, 100]);
        }
        survey
    };
    let estimates = survey().estimates(MeasureSet::default());
    let raw = average(&estimates, Indicator::TimeGap, Timeline::Main, "3").value.expect("a gap");
    let own = average(&estimates, Indicator::StandardisedRelativeGap, Timeline::Main, "3").value.unwrap_or(f64::NAN);
    assert!(raw > 10.0 && own.abs() < 2.0, "{raw} and {own}");
    // A standard of the young alone, as parameter.
    let young = [("25-44".to_owned(), 12_345.0)].into();
    let estimates = survey().estimates(MeasureSet { standard_population: Some(young), ..MeasureSet::default() });
    let asymmetry = average(&estimates, Indicator::StandardisedAsymmetry, Timeline::Main, "3").value.expect("a share");
    assert!((asymmetry - 50.0).abs() < 1.0, "{asymmetry}");
    // An age group of the standard in which there is nobody leaves no value.
    let unknown = [("10-14".to_owned(), 5.0), ("25-44".to_owned(), 5.0)].into();
    let estimates = survey().estimates(MeasureSet { standard_population: Some(unknown), ..MeasureSet::default() });
    assert_eq!(average(&estimates, Indicator::StandardisedGap, Timeline::Main, "3").value, None);
}

#[test]
fn a_standard_population_that_is_none_is_refused() {
    for (group, count) in [("18-99", 5.0), ("25-44", -1.0), ("25-44", 0.0), ("25-44", f64::NAN)] {
        let folder = tempfile::tempdir().expect("a folder");
        city::write(city::city(20), folder.path());
        let measures =
            MeasureSet { standard_population: Some([(group.to_owned(), count)].into()), ..MeasureSet::default() };
        let error = city::run(&ReleasePlan { measures, ..city::plan(folder.path()) }).expect_err("no population");
        assert!(error.to_string().contains("standard population"), "{error}");
    }
}

#[test]
fn days_are_paired_only_where_the_kind_of_day_tells_which_belong_together() {
    let mut survey = Survey::new();
    for place in 0..300_i64 {
        let household = format!("h{place:05}");
        // Together for 100 of 1440 minutes less than all day, on a weekday each.
        survey.person(&household, "F", 40, 1.0).day("weekday", [0, 100 + place % 2 * 10, 0]);
        survey.person(&household, "M", 41, 1.0).day("weekday", [0, 0, 0]);
        // A child is no adult, and a third adult with two weekdays cannot be matched.
        survey.person(&household, "M", 17, 1.0).day("weekday", [300, 300, 300]);
        survey.person(&household, "F", 70, 1.0).day("weekday", [0, 0, 600]).day("weekday", [0, 600, 0]);
        // On Saturday one alone keeps a diary.
        survey.day("saturday", [0, 0, 600]);
    }
    let estimates = survey.estimates(MeasureSet::default());
    let rows = estimates.rows.iter().filter(|row| row.indicator == Indicator::SharedTime && row.target_group == "all");
    let rows: Vec<&EstimateRow> =
        rows.filter(|row| row.age_group == "all" && row.activity == "same_activity").collect();
    let on = |day: &str| rows.iter().find(|row| row.day == day).expect("a row");
    let weekday = on("weekday");
    assert!((weekday.value.expect("minutes") - (1440.0 - 105.0)).abs() < 1e-9, "{weekday:?}");
    assert_eq!(weekday.n, 600, "persons in pairs");
    assert_eq!(on("saturday").value, None);
}

#[test]
fn a_sample_of_single_persons_has_no_row_on_shared_time() {
    let estimates = of_care([100; 3], [90; 3]);
    assert!(estimates.rows.iter().all(|row| row.indicator != Indicator::SharedTime));
}

#[test]
fn what_a_snapshot_cannot_tell_has_no_rows() {
    let mut writer = city::city(200);
    writer.description.timed = false;
    writer.episodes.iter_mut().for_each(|episode| episode.start_minute = None);
    let folder = tempfile::tempdir().expect("a folder");
    city::write(writer, folder.path());
    let estimates = city::analysed(folder.path());
    let timelines: Vec<Timeline> = estimates.rows.iter().map(|row| row.timeline).collect();
    assert!(timelines.iter().all(|timeline| *timeline == Timeline::Main), "the classification is no known one");
    let untimed = [Indicator::ShareAtSlot, Indicator::EpisodesPerDay, Indicator::FirstStart, Indicator::SharedTime];
    assert!(estimates.rows.iter().all(|row| !untimed.contains(&row.indicator)));
}

#[test]
fn a_release_selects_its_measures() {
    let text = "timelines = [\"with_whom\", \"derived\"]\nmeasures = [\"gap_ratios\"]\nhourly_wages = \"wages.csv\"\n\
        [time_poverty]\nminutes_of_total_work = 720\n[standard_population]\n\"25-44\" = 100\n";
    let set: MeasureSet = toml::from_str(text).expect("a set of measures");
    assert_eq!(set.measures, [Measure::GapRatios]);
    assert_eq!(set.timelines, [Timeline::WithWhom, Timeline::Derived]);
    assert_eq!(set.hourly_wages, Some(PathBuf::from("wages.csv")));
    let expected = TimePoverty { share_of_median_free_time: 0.6, minutes_of_total_work: 720.0 };
    assert_eq!(set.time_poverty, expected);
    assert_eq!(toml::from_str::<MeasureSet>("").expect("the standard set"), MeasureSet::default());
    for mistyped in ["measure = []", "measures = [\"gaps\"]", "[time_poverty]\nlimit = 3"] {
        assert!(toml::from_str::<MeasureSet>(mistyped).is_err(), "{mistyped}");
    }
    let none = MeasureSet { timelines: Vec::new(), measures: Vec::new(), ..MeasureSet::default() };
    let estimates = of_leisure(|_| 1.0, spread).estimates(none);
    let made: std::collections::BTreeSet<Indicator> = estimates.rows.iter().map(|row| row.indicator).collect();
    let always = [Indicator::TimeSpent, Indicator::ParticipationRate, Indicator::ParticipationTime, Indicator::TimeGap];
    assert_eq!(made, always.into());
}

fn wages(text: &str, folder: &Path) -> Result<HourlyWages, WagesError> {
    let path = folder.join("wages.csv");
    std::fs::write(&path, text).expect("a file");
    HourlyWages::read(&path)
}

#[test]
fn hourly_wages_that_cannot_be_used_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let error = |text: &str| wages(text, folder.path()).expect_err(text).to_string();
    assert!(error("activity,hourly_wage\n3,-1\n").contains("`3` is -1"), "a negative wage");
    assert!(error("activity,hourly_wage\n3,nan\n").contains("`3`"), "no number");
    assert!(error("activity,hourly_wage\n3,9\n3,10\n").contains("two hourly wages"), "two wages");
    assert!(error("activity,wage\n3,9\n").contains("activity,hourly_wage"), "a mistyped column");
    assert!(HourlyWages::read(&folder.path().join("none.csv")).is_err());
    let unknown = wages("activity,hourly_wage\n77,9\n", folder.path()).expect("a table");
    assert_eq!(unknown.per_minute(&[], &[]), Err(WagesError::UnknownActivity("77".to_owned())));
}

#[test]
fn the_finest_activity_with_a_wage_sets_the_value_of_a_minute() {
    let row = |code: &str, level| ClassificationRow {
        code: code.to_owned(),
        level,
        label_it: String::new(),
        label_en: String::new(),
        members: code.to_owned(),
    };
    let classification = [row("3", 1), row("31", 2)];
    let wage = |activity: &str, hourly_wage| HourlyWage { activity: activity.to_owned(), hourly_wage };
    let table = HourlyWages::new(vec![wage("31", 12.0), wage("3", 6.0)]).expect("a table");
    // Codes 311, 321 and 011 as places of the activities they lie in.
    let per_minute = table.per_minute(&classification, &[vec![0, 1], vec![0], vec![]]).expect("known activities");
    assert_eq!(per_minute, [0.2, 0.1, 0.0]);
}

#[test]
fn the_band_of_a_whole_tempogram_is_wider_than_the_interval_of_one_slot() {
    let folder = tempfile::tempdir().expect("a folder");
    city::write(city::city(400), folder.path());
    let row = city::analysed(folder.path()).rows.into_iter().find(|row| row.slot == Some(60) && row.value > Some(20.0));
    let row = EstimateRow { degrees_of_freedom: Some(58.0), ..row.expect("a share") };
    let (low, high) = row.simultaneous_band().expect("a band");
    // R 4.2.2: qt(1 - 0.025 / 144, 58).
    let expected = 3.801_832_401_666_04 * row.standard_error.expect("an error");
    assert!(((high - low) / 2.0 / expected - 1.0).abs() < 1e-10);
    assert!(row.ci_low.expect("a limit") > low && row.ci_high.expect("a limit") < high);
    assert_eq!(EstimateRow { slot: None, ..row }.simultaneous_band(), None);
}

#[test]
fn persons_without_weight_are_in_no_number_and_in_no_count() {
    let plain = of_leisure(|_| 1.0, spread).estimates(MeasureSet::default());
    let mut survey = of_leisure(|_| 1.0, spread);
    for place in 0..200 {
        survey.person(&format!("z{place:05}"), "F", 40, 0.0).day("weekday", [0, 0, 1000]).day("sunday", [700, 0, 0]);
    }
    let with_others = survey.estimates(MeasureSet::default());
    let mut n_compared = 0;
    for (one, other) in plain.rows.iter().zip(&with_others.rows) {
        assert_eq!(
            (one.indicator, one.n, one.degrees_of_freedom),
            (other.indicator, other.n, other.degrees_of_freedom)
        );
        if let (Some(one), Some(other)) = (one.value, other.value) {
            assert!((one - other).abs() <= 1e-9 * one.abs().max(1.0), "{one} and {other}");
            n_compared += 1;
        }
    }
    assert!(plain.rows.len() == with_others.rows.len() && n_compared > 1000, "{n_compared}");
}

#[test]
fn a_run_writes_down_what_was_measured() {
    let folder = tempfile::tempdir().expect("a folder");
    city::write(city::city(20), folder.path());
    let wages = folder.path().join("wages.csv");
    std::fs::write(&wages, "activity,hourly_wage\n3,9.5\n").expect("wages");
    let measures = MeasureSet { hourly_wages: Some(wages), ..MeasureSet::default() };
    city::run(&ReleasePlan { measures, ..city::plan(folder.path()) }).expect("a run");
    let run = std::fs::read_to_string(folder.path().join("estimates/run.json")).expect("a run");
    let run: serde_json::Value = serde_json::from_str(&run).expect("JSON");
    assert_eq!(run["options"]["release"]["measures"]["time_poverty"]["share_of_median_free_time"], 0.6);
    assert_eq!(run["options"]["hourly_wages_sha256"].as_str().map(str::len), Some(64));
    assert!(!run.to_string().contains("wages.csv"), "a path is nobody's business");
}
