//! What holds in every table of estimates: Eurostat's identity, the balance of the week, the day that adds up,
//! the rules of publication, and the same bytes for the same input.

use crate::city;
use std::collections::BTreeMap;

use analytics::table::{EstimateRow, Estimates, Flag, Indicator, Status, Timeline};

/// What tells a row's domain and activity apart.
fn domain(row: &EstimateRow) -> (String, String, String, String, String) {
    let EstimateRow { activity, sex, age_group, target_group, day, .. } = row.clone();
    (activity, sex, age_group, target_group, day)
}

fn values(
    estimates: &Estimates,
    indicator: Indicator,
) -> BTreeMap<(String, String, String, String, String), &EstimateRow> {
    let rows = estimates.rows.iter().filter(|row| row.indicator == indicator);
    rows.map(|row| (domain(row), row)).collect()
}

fn assert_near(one: f64, other: f64, what: &str) {
    assert!((one - other).abs() <= 1e-9 * other.abs().max(1.0), "{what}: {one} and {other}");
}

#[test]
fn time_spent_is_participation_rate_times_participation_time_in_every_row() {
    let folder = tempfile::tempdir().expect("a folder");
    city::write(city::city(1500), folder.path());
    let estimates = city::analysed(folder.path());
    let rates = values(&estimates, Indicator::ParticipationRate);
    let times = values(&estimates, Indicator::ParticipationTime);
    let mut n_compared = 0;
    for (key, spent) in values(&estimates, Indicator::TimeSpent) {
        if let (Some(spent), Some(rate), Some(time)) = (spent.value, rates[&key].value, times[&key].value) {
            assert_near(rate / 100.0 * time, spent, &format!("{key:?}"));
            n_compared += 1;
        }
    }
    assert!(n_compared > 300, "only {n_compared} rows with all three values");
}

#[test]
fn an_average_day_is_five_weekdays_a_saturday_and_a_sunday_in_every_domain() {
    let folder = tempfile::tempdir().expect("a folder");
    city::write(city::city(1500), folder.path());
    let estimates = city::analysed(folder.path());
    for indicator in [Indicator::TimeSpent, Indicator::ParticipationRate, Indicator::TimeGap] {
        let rows = values(&estimates, indicator);
        let mut n_compared = 0;
        for (key, average) in rows.iter().filter(|(key, _)| key.4 == "average") {
            let of = |day: &str| rows[&(key.0.clone(), key.1.clone(), key.2.clone(), key.3.clone(), day.to_owned())];
            let days = ["weekday", "saturday", "sunday"].map(|day| of(day).value);
            if let (Some(average), [Some(weekday), Some(saturday), Some(sunday)]) = (average.value, days) {
                assert_near((5.0 * weekday + saturday + sunday) / 7.0, average, &format!("{indicator:?} {key:?}"));
                n_compared += 1;
            }
        }
        assert!(n_compared > 9, "only {n_compared} averages of {indicator:?} with all their days");
    }
}

#[test]
fn weights_that_balance_the_days_are_left_as_they_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut writer = city::city(1500);
    writer.description.weights_balance_days = true;
    let persons: BTreeMap<String, f64> =
        writer.persons.iter().map(|person| (person.person_id.clone(), person.weight.expect("a weight"))).collect();
    let (mut minutes, mut weights) = (0.0, 0.0);
    for episode in &writer.episodes {
        let weight = persons[&format!("p{}", &episode.diary_id[1..6])];
        minutes += weight * if episode.main == "011" { episode.minutes as f64 } else { 0.0 };
        weights += weight * episode.minutes as f64 / 1440.0;
    }
    city::write(writer, folder.path());
    let estimates = city::analysed(folder.path());
    let row = city::only(&estimates, |row| {
        row.indicator == Indicator::TimeSpent
            && domain(row) == ("0".into(), "all".into(), "all".into(), "all".into(), "average".into())
    });
    assert_near(row.value.expect("a value"), minutes / weights, "sleep");
}

#[test]
fn level_1_fills_the_day_and_every_slot_of_the_tempogram() {
    let folder = tempfile::tempdir().expect("a folder");
    city::write(city::city(800), folder.path());
    let estimates = city::analysed(folder.path());
    let mut days: BTreeMap<String, f64> = BTreeMap::new();
    let mut slots: BTreeMap<(String, String, Option<u8>), f64> = BTreeMap::new();
    for row in estimates.rows.iter().filter(|row| row.level == 1) {
        let everybody = row.age_group == "all" && row.target_group == "all";
        match row.indicator {
            Indicator::TimeSpent if everybody => {
                *days.entry(format!("{} {}", row.sex, row.day)).or_default() += row.value.unwrap_or(f64::NAN);
            }
            Indicator::ShareAtSlot => {
                let slot = (row.sex.clone(), row.day.clone(), row.slot);
                *slots.entry(slot).or_default() += row.value.expect("no share is left out of this sample");
            }
            _ => {}
        }
    }
    assert_eq!(slots.len(), 3 * 4 * 144);
    for (slot, sum) in slots {
        assert_near(sum, 100.0, &format!("{slot:?}"));
    }
    // Work has too few participants at the weekend to be shown, so its day is not complete.
    for day in ["all average", "F average", "M average", "all weekday", "F weekday", "M weekday"] {
        assert_near(days[day], 1440.0, day);
    }
}

#[test]
fn the_gap_is_women_minus_men_with_the_covariance_of_shared_households() {
    let folder = tempfile::tempdir().expect("a folder");
    city::write(city::city(800), folder.path());
    let estimates = city::analysed(folder.path());
    let of = |indicator, sex: &str| {
        let key = ("3".into(), sex.to_owned(), "all".into(), "all".into(), "average".into());
        values(&estimates, indicator)[&key]
    };
    let (women, men) = (of(Indicator::TimeSpent, "F"), of(Indicator::TimeSpent, "M"));
    let gap = of(Indicator::TimeGap, "all");
    assert_near(gap.value.expect("a gap"), women.value.expect("women") - men.value.expect("men"), "the gap");
    let independent = women.standard_error.expect("women").hypot(men.standard_error.expect("men"));
    let error = gap.standard_error.expect("an error");
    assert!(error > 0.0 && (error - independent).abs() > 1e-6 * independent, "{error} as if sexes were independent");
}

#[test]
fn few_persons_are_withheld_and_uncertain_numbers_suppressed_without_any_value() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut writer = city::city(800);
    // Two students, and two persons over the others' shared habits who do a rare thing.
    for person in ["p00010", "p00013"] {
        let question = "work_status".to_owned();
        writer.answers.push(analytics::snapshot::AnswerRow {
            person_id: person.into(),
            question,
            value: "student".into(),
        });
    }
    for diary in ["d000100", "d000130"] {
        let episode = writer.episodes.iter_mut().find(|episode| episode.diary_id == diary).expect("an episode");
        episode.main = "961".to_owned();
    }
    writer.classification.push(analytics::table::ClassificationRow {
        code: "9".into(),
        level: 1,
        members: "9".into(),
        ..row_of("9")
    });
    city::write(writer, folder.path());
    let estimates = city::analysed(folder.path());
    let has_no_value =
        |row: &EstimateRow| [row.value, row.standard_error, row.ci_low, row.ci_high].iter().all(Option::is_none);
    let (mut n_withheld, mut n_suppressed) = (0, 0);
    for row in &estimates.rows {
        let hidden = row.status.is_withheld() || row.flag == Flag::Suppressed;
        assert_eq!(hidden, has_no_value(row), "{row:?}");
        if row.status.is_withheld() {
            assert_eq!((row.n, row.degrees_of_freedom), (0, None), "the count itself would tell: {row:?}");
            n_withheld += 1;
        } else {
            assert!(row.n >= 3 || (row.indicator.is_of_participants() && row.n == 0), "{row:?}");
            n_suppressed += u64::from(row.flag == Flag::Suppressed);
        }
        if row.flag == Flag::A && row.status == Status::Published {
            assert!(row.n >= 150, "{row:?}");
        }
        if row.target_group == "students" {
            assert!(row.status.is_withheld(), "{row:?}");
        }
        let rare = row.timeline == Timeline::Main
            && row.activity == "9"
            && row.target_group == "all"
            && row.age_group == "all"
            && row.sex == "all";
        if rare && row.day == "weekday" && row.indicator != Indicator::ShareAtSlot && row.indicator.compares().is_none()
        {
            assert_eq!(row.status, Status::Withheld, "two persons did it: {row:?}");
        }
    }
    assert!(n_withheld > 100 && n_suppressed > 100, "{n_withheld} withheld, {n_suppressed} suppressed");
    // A higher threshold hides more.
    let mut stricter = city::plan(folder.path());
    stricter.secrecy.minimum_frequency = 20;
    assert!(city::run(&stricter).expect("a stricter run").n_withheld > n_withheld);
}

fn row_of(code: &str) -> analytics::table::ClassificationRow {
    let label = format!("Activity {code}");
    analytics::table::ClassificationRow {
        code: code.to_owned(),
        level: 1,
        label_it: label.clone(),
        label_en: label,
        members: code.to_owned(),
    }
}

#[test]
fn rejected_diaries_are_counted_and_left_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut writer = city::city(300);
    writer.diaries[0].grade = "rejected".to_owned();
    writer.diaries[1].grade = "rejected".to_owned();
    writer.diaries[2].grade = "rejected".to_owned();
    // A rejected diary need not be a whole day.
    let cut_short = writer.episodes.iter().position(|episode| episode.diary_id == "d000000").expect("an episode");
    writer.episodes.remove(cut_short);
    city::write(writer, folder.path());
    let summary = city::run(&city::plan(folder.path())).expect("the snapshot is analysed");
    assert_eq!((summary.n_persons, summary.n_diaries, summary.n_diaries_rejected), (299, 597, 3));
}

#[test]
fn the_same_snapshot_gives_the_same_bytes_at_any_number_of_threads() {
    let folder = tempfile::tempdir().expect("a folder");
    city::write(city::city(300), folder.path());
    let files = ["estimates.csv", "estimates.parquet", "classification.csv", "run.json"];
    let bytes = |n_threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().expect("threads");
        pool.install(|| city::run(&city::plan(folder.path()))).expect("a run");
        files.map(|file| std::fs::read(folder.path().join("estimates").join(file)).expect("a file"))
    };
    let once = bytes(1);
    assert!(once == bytes(1), "a second run differs");
    assert!(once == bytes(4), "four threads differ");
}

#[test]
fn an_output_folder_with_other_files_is_not_touched() {
    let folder = tempfile::tempdir().expect("a folder");
    city::write(city::city(20), folder.path());
    let output = folder.path().join("estimates");
    std::fs::create_dir(&output).expect("a folder");
    std::fs::write(output.join("letters.txt"), "mine").expect("a file");
    let error = city::run(&city::plan(folder.path())).expect_err("the folder is somebody's").to_string();
    assert!(error.contains("estimates") && error.contains("new or empty folder"), "{error}");
    assert_eq!(std::fs::read_to_string(output.join("letters.txt")).expect("the file"), "mine");
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 2, "nothing is left beside it");
}
