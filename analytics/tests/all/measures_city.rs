//! The measures of a synthetic city: every timeline against a count of the diaries slot by slot, and what must hold
//! between the numbers of any release.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::city;

use analytics::editing::usable_diaries;
use analytics::measure::{Composition, MeasureSet, Measures};
use analytics::snapshot::{AnswerRow, DiaryRow, EpisodeRow, PersonRow, Snapshot, Writer};
use analytics::synthetic::{CityOptions, SyntheticPerson, city as synthetic_city};
use analytics::table::{ClassificationRow, EstimateRow, Estimates, Indicator, Timeline, Unit};
use questionnaires::{Companion, DayKind, Diary, activity};

static PERSONS: LazyLock<Vec<SyntheticPerson>> = LazyLock::new(|| {
    let first_date = "2026-10-05".parse().expect("a date");
    synthetic_city(&CityOptions { n_persons: 900, seed: 7, first_date }).persons
});

static ESTIMATES: LazyLock<Estimates> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder");
    city::write(snapshot(), folder.path());
    city::analysed(folder.path())
});

/// The city as a snapshot without weights, its classification the Activity Coding List.
fn snapshot() -> Writer {
    let mut writer = Writer { persons: Vec::new(), diaries: Vec::new(), episodes: Vec::new(), ..city::city(0) };
    writer.description.classification = "ACL 2018".to_owned();
    writer.classification = activity::all()
        .iter()
        .map(|activity| ClassificationRow {
            code: activity.code.to_string(),
            level: activity.level,
            label_it: activity.label.it.clone(),
            label_en: activity.label.en.clone(),
            members: activity.code.to_string(),
        })
        .collect();
    for (place, person) in PERSONS.iter().enumerate() {
        let person_id = format!("p{place:05}");
        writer.answers.extend(person.answers.rows().into_iter().map(|(question, value)| AnswerRow {
            person_id: person_id.clone(),
            question: question.to_owned(),
            value,
        }));
        writer.persons.push(PersonRow {
            person_id: person_id.clone(),
            household_id: Some(format!("h{:05}", person.household)),
            sex: person.answers.choice("sex").expect("a sex").to_owned(),
            age: person.answers.number("age"),
            ..PersonRow::default()
        });
        for (day, diary) in person.diaries.iter().enumerate() {
            let diary_id = format!("d{place:05}{day}");
            writer.diaries.push(DiaryRow {
                diary_id: diary_id.clone(),
                person_id: person_id.clone(),
                day_kind: diary.day_kind().code().to_owned(),
                month: None,
                grade: "good".to_owned(),
                weight: None,
            });
            writer.episodes.extend(diary.episodes().into_iter().map(|episode| EpisodeRow {
                diary_id: diary_id.clone(),
                start_minute: Some(episode.start_minute.into()),
                minutes: episode.minutes.into(),
                main: episode.main.0.to_string(),
                secondary: episode.secondary.map(|secondary| secondary.0.to_string()),
                location: Some(episode.location.code()),
                with_whom: Some(episode.with_whom.code()),
                device: episode.device.map(i64::from),
                enjoyment: None,
            }));
        }
    }
    writer
}

type Key = (Indicator, Timeline, String, String, String, String, String, Option<u8>);

fn key(row: &EstimateRow) -> Key {
    let EstimateRow { indicator, timeline, activity, sex, age_group, target_group, day, slot, .. } = row.clone();
    (indicator, timeline, activity, sex, age_group, target_group, day, slot)
}

static ROWS: LazyLock<BTreeMap<Key, &EstimateRow>> =
    LazyLock::new(|| ESTIMATES.rows.iter().map(|row| (key(row), row)).collect());

fn value(row: &EstimateRow, indicator: Indicator) -> Option<f64> {
    value_of(row, indicator, row.timeline, &row.activity, &row.sex)
}

/// The value of another row of the same group and day.
fn value_of(row: &EstimateRow, indicator: Indicator, timeline: Timeline, code: &str, sex: &str) -> Option<f64> {
    let (_, _, _, _, age_group, target_group, day, slot) = key(row);
    ROWS.get(&(indicator, timeline, code.to_owned(), sex.to_owned(), age_group, target_group, day, slot))?.value
}

fn assert_near(one: f64, other: f64, row: &EstimateRow) {
    assert!((one - other).abs() <= 1e-9 * other.abs().max(1.0), "{one} and {other}: {row:?}");
}

/// The mean over everybody's average day of a count of slots, in minutes.
fn average_minutes(of_day: impl Fn(&Diary) -> usize) -> f64 {
    let mean_on = |kind: DayKind| {
        let diaries = PERSONS.iter().flat_map(|person| &person.diaries).filter(|diary| diary.day_kind() == kind);
        let minutes: Vec<f64> = diaries.map(|diary| 10.0 * of_day(diary) as f64).collect();
        minutes.iter().sum::<f64>() / minutes.len() as f64
    };
    DayKind::ALL.map(|kind| mean_on(kind) * kind.days_per_week() as f64 / 7.0).iter().sum()
}

fn average(timeline: Timeline, code: &str) -> &'static EstimateRow {
    let all = || "all".to_owned();
    let key = (Indicator::TimeSpent, timeline, code.to_owned(), all(), all(), all(), "average".to_owned(), None);
    ROWS.get(&key).unwrap_or_else(|| panic!("no row {key:?}"))
}

#[test]
fn every_timeline_is_what_the_diaries_say_slot_by_slot() {
    let check = |timeline, code: &str, holds: &dyn Fn(&Diary, usize) -> bool| {
        let expected = average_minutes(|day| (0..144).filter(|slot| holds(day, *slot)).count());
        let row = average(timeline, code);
        match row.value {
            Some(found) => assert_near(found, expected, row),
            // Too rare to be shown, so rare indeed.
            None => assert!(expected < 30.0, "{expected}: {row:?}"),
        }
    };
    let is_main = |day: &Diary, slot: usize, prefix: &str| day.main().slots()[slot].0.as_str().starts_with(prefix);
    let is_second = |day: &Diary, slot: usize, prefix: &str| {
        day.as_draft().secondary.slots()[slot].is_some_and(|second| second.0.as_str().starts_with(prefix))
    };
    let company = |day: &Diary, slot: usize| day.as_draft().with_whom.slots()[slot];
    for code in ["0", "3", "5", "8", "38", "51", "82"] {
        check(Timeline::Main, code, &|day, slot| is_main(day, slot, code));
        // A minute of television beside conversation counts once in either, and once in both together.
        check(Timeline::Any, code, &|day, slot| is_main(day, slot, code) || is_second(day, slot, code));
    }
    for one in Companion::ALL {
        check(Timeline::WithWhom, &one.code().to_string(), &|day, slot| company(day, slot).contains(one));
    }
    let household = [Companion::Partner, Companion::Parent, Companion::Child, Companion::OtherHousehold];
    check(Timeline::WithWhom, "household", &|day, slot| household.iter().any(|one| company(day, slot).contains(*one)));
    check(Timeline::WithWhom, "not_stated", &|day, slot| company(day, slot).is_empty());
    for code in ["11", "13", "15", "16", "21", "22", "24", "31"] {
        check(Timeline::Location, code, &|day, slot| day.location().slots()[slot].code() == code);
    }
    check(Timeline::Location, "travelling", &|day, slot| day.location().slots()[slot].is_transport());
    check(Timeline::Device, "in_use", &|day, slot| day.as_draft().device.slots()[slot] == Some(true));
    check(Timeline::Derived, "simultaneous", &|day, slot| day.as_draft().secondary.slots()[slot].is_some());
    check(Timeline::Derived, "with_children", &|day, slot| company(day, slot).contains(Companion::Child));
    check(Timeline::Derived, "unpaid_work", &|day, slot| {
        ["3", "936", "938", "939"].iter().any(|code| is_main(day, slot, code))
    });
}

#[test]
fn shared_time_is_what_pairs_of_adults_do_slot_by_slot() {
    let age = |person: &SyntheticPerson| person.answers.number("age").expect("an age");
    let with_household = |day: &Diary, slot: usize| {
        let company = day.as_draft().with_whom.slots()[slot];
        [Companion::Partner, Companion::Parent, Companion::OtherHousehold].iter().any(|one| company.contains(*one))
    };
    let level_1 = |day: &Diary, slot: usize| day.main().slots()[slot].0.at_level(1);
    let mut sums: BTreeMap<DayKind, [f64; 3]> = BTreeMap::new();
    for household in PERSONS.chunk_by(|one, other| one.household == other.household) {
        let adults: Vec<&SyntheticPerson> = household.iter().filter(|person| age(person) >= 18).collect();
        for (place, one) in adults.iter().enumerate() {
            for other in &adults[place + 1..] {
                for (a, b) in one.diaries.iter().zip(&other.diaries) {
                    assert_eq!(a.date(), b.date(), "a household keeps its diaries on the same days");
                    let sum = sums.entry(a.day_kind()).or_default();
                    sum[0] += 1.0;
                    for slot in 0..144 {
                        sum[1] += if level_1(a, slot) == level_1(b, slot) { 10.0 } else { 0.0 };
                        sum[2] += if with_household(a, slot) && with_household(b, slot) { 10.0 } else { 0.0 };
                    }
                }
            }
        }
    }
    let rows = ESTIMATES.rows.iter().filter(|row| row.indicator == Indicator::SharedTime && row.day == "weekday");
    let rows: Vec<&EstimateRow> = rows.filter(|row| row.age_group == "all" && row.target_group == "all").collect();
    let row = |code: &str| *rows.iter().find(|row| row.activity == code).expect("a row");
    let [n_pairs, same, together] = sums[&DayKind::Weekday];
    assert_near(row("same_activity").value.expect("a value"), same / n_pairs, row("same_activity"));
    assert_near(row("together").value.expect("a value"), together / n_pairs, row("together"));
    let activities: f64 = rows.iter().filter(|row| row.level == 2).map(|row| row.value.unwrap_or_default()).sum();
    assert!(activities <= same / n_pairs + 1e-9 && activities > 0.8 * same / n_pairs, "{activities}");
}

#[test]
fn identities_hold_wherever_their_parts_are_shown() {
    let mut n_held: BTreeMap<&str, usize> = BTreeMap::new();
    let mut hold = |name: &'static str, row: &EstimateRow, one: Option<f64>, other: Option<f64>| {
        if let (Some(one), Some(other)) = (one, other) {
            assert_near(one, other, row);
            *n_held.entry(name).or_default() += 1;
        }
    };
    for row in &ESTIMATES.rows {
        let of = |indicator| value(row, indicator);
        let spent = |timeline, code: &str, sex: &str| value_of(row, Indicator::TimeSpent, timeline, code, sex);
        let product = |one: Option<f64>, other: Option<f64>| Some(one? * other?);
        let sum = |one: Option<f64>, other: Option<f64>| Some(one? + other?);
        match row.indicator {
            Indicator::TimeSpent => {
                let rate = of(Indicator::ParticipationRate).map(|rate| rate / 100.0);
                hold("rate x time", row, row.value, product(rate, of(Indicator::ParticipationTime)));
                if row.timeline == Timeline::Derived {
                    let derived = |code: &str| spent(Timeline::Derived, code, &row.sex);
                    match row.activity.as_str() {
                        "total_work" => {
                            hold("total", row, row.value, sum(derived("paid_work"), derived("unpaid_work")))
                        }
                        "unpaid_work" => hold("unpaid", row, row.value, sum(derived("domestic"), derived("care"))),
                        "personal_care" => hold("care", row, row.value, spent(Timeline::Main, "0", &row.sex)),
                        "alone" => hold("alone", row, row.value, spent(Timeline::WithWhom, "alone", &row.sex)),
                        _ => {}
                    }
                }
            }
            Indicator::ShareOfDay => hold("share", row, row.value, of(Indicator::TimeSpent).map(|spent| spent / 14.4)),
            Indicator::EpisodesPerDay => {
                hold("episodes", row, of(Indicator::TimeSpent), product(row.value, of(Indicator::EpisodeLength)));
            }
            Indicator::RelativeGap => {
                let men = spent(row.timeline, &row.activity, "M");
                let gap = of(Indicator::TimeGap).zip(men).map(|(gap, men)| 100.0 * gap / men);
                hold("relative gap", row, row.value, gap);
            }
            Indicator::Asymmetry => {
                let sides = ["F", "M"].map(|sex| spent(row.timeline, &row.activity, sex));
                let share = sides[0].zip(sides[1]).map(|(women, men)| 100.0 * women / (women + men));
                hold("asymmetry", row, row.value, share);
            }
            Indicator::ShareGapAtSlot => {
                let [women, men] =
                    ["F", "M"].map(|sex| value_of(row, Indicator::ShareAtSlot, row.timeline, &row.activity, sex));
                hold("slot gap", row, row.value, women.zip(men).map(|(women, men)| women - men));
            }
            _ => {}
        }
        assert_eq!(row.unit, row.indicator.unit());
        assert!(row.unit != Unit::Percent || row.value.is_none_or(f64::is_finite));
    }
    println!("{n_held:?}");
    for (name, at_least) in [
        ("rate x time", 500),
        ("total", 20),
        ("unpaid", 10),
        ("care", 50),
        ("alone", 50),
        ("share", 300),
        ("episodes", 50),
        ("relative gap", 20),
        ("asymmetry", 20),
        ("slot gap", 2000),
    ] {
        assert!(n_held.get(name).is_some_and(|n| *n >= at_least), "{name}: {n_held:?}");
    }
}

#[test]
fn places_and_devices_divide_the_day_and_gaps_at_a_slot_cancel_out() {
    let mut days: BTreeMap<(Timeline, String, String), Vec<f64>> = BTreeMap::new();
    let mut slots: BTreeMap<(String, Option<u8>), f64> = BTreeMap::new();
    for row in ESTIMATES.rows.iter().filter(|row| row.level == 1 && row.age_group == "all" && row.target_group == "all")
    {
        match (row.indicator, row.timeline) {
            (Indicator::TimeSpent, Timeline::Location | Timeline::Device) => {
                let day = (row.timeline, row.sex.clone(), row.day.clone());
                days.entry(day).or_default().push(row.value.unwrap_or_default());
            }
            (Indicator::ShareGapAtSlot, _) => {
                *slots.entry((row.day.clone(), row.slot)).or_default() += row.value.unwrap_or(f64::NAN);
            }
            _ => {}
        }
    }
    assert_eq!(days.len(), 2 * 3 * 4);
    for (day, minutes) in days {
        // What nobody did has no value and is nothing.
        assert!((minutes.iter().sum::<f64>() - 1440.0).abs() < 1e-6, "{day:?}: {minutes:?}");
    }
    let whole: Vec<f64> = slots.into_values().filter(|sum| sum.is_finite()).collect();
    assert!(whole.len() > 300 && whole.iter().all(|sum| sum.abs() < 1e-9), "{}", whole.len());
}

#[test]
fn compositions_hold_in_every_table_of_minutes() {
    let folder = tempfile::tempdir().expect("a folder");
    city::write(snapshot(), folder.path());
    let snapshot = Snapshot::open(&folder.path().join("snapshot")).expect("a snapshot");
    let usable = usable_diaries(&snapshot);
    let set = MeasureSet::default();
    let measures = Measures::new(&snapshot, &usable, &set).expect("measures");
    let names: Vec<(Timeline, &str)> = measures.categories().iter().map(|row| (row.timeline, &row.code[..])).collect();
    let minutes = measures.minutes_of_all();
    let by_day = |places: &[usize]| {
        let mut days = vec![0.0; usable.diaries.len()];
        for place in places {
            for (row, minutes) in minutes[*place].rows.iter().zip(&minutes[*place].minutes) {
                days[*row as usize] += minutes;
            }
        }
        days
    };
    let compositions = measures.compositions();
    for Composition { total, parts } in &compositions {
        let whole = total.map_or_else(|| vec![1440.0; usable.diaries.len()], |total| by_day(&[total]));
        assert!(by_day(parts) == whole, "{:?} of {parts:?}", total.map(|total| names[total]));
    }
    let parts_of = |timeline, code: &str| -> Vec<&str> {
        let total = names.iter().position(|name| *name == (timeline, code));
        let found = compositions.iter().find(|one| one.total == total).unwrap_or_else(|| panic!("{code}"));
        found.parts.iter().map(|part| names[*part].1).collect()
    };
    // What is published under two names is one number, and derived measures follow from activities.
    assert_eq!(parts_of(Timeline::Derived, "personal_care"), ["0"]);
    assert_eq!(parts_of(Timeline::Derived, "with_children"), ["4"]);
    assert_eq!(parts_of(Timeline::Derived, "unpaid_work"), ["3", "936", "938"]);
    assert_eq!(parts_of(Timeline::Main, "021"), ["02"]);
    let of_day = compositions.iter().filter(|one| one.total.is_none());
    let of_day: Vec<Timeline> = of_day.map(|one| names[one.parts[0]].0).collect();
    assert_eq!(of_day, [Timeline::Main, Timeline::Location, Timeline::Device]);
}

#[test]
fn every_row_speaks_of_a_category_of_the_classification() {
    let categories: BTreeMap<(Timeline, &str), u8> =
        ESTIMATES.classification.iter().map(|row| ((row.timeline, row.code.as_str()), row.level)).collect();
    assert_eq!(categories.len(), ESTIMATES.classification.len(), "a code is unique within its timeline");
    for row in &ESTIMATES.rows {
        assert_eq!(categories.get(&(row.timeline, row.activity.as_str())), Some(&row.level), "{row:?}");
    }
    assert_eq!(ROWS.len(), ESTIMATES.rows.len(), "no number stands twice");
}

#[test]
fn all_measures_are_the_same_bytes_at_one_thread_and_at_two() {
    let folder = tempfile::tempdir().expect("a folder");
    city::write(snapshot(), folder.path());
    let bytes = |n_threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().expect("threads");
        pool.install(|| city::run(&city::plan(folder.path()))).expect("a run");
        std::fs::read(folder.path().join("estimates/estimates.csv")).expect("the estimates")
    };
    assert!(bytes(1) == bytes(2), "two threads differ");
}
