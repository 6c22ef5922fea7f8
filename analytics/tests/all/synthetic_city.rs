//! The synthetic city: it is the same every time, its people answer what they are asked, and its figures look
//! like Italy's. References: Eurostat's tables for Italy, wave 2010, read from the reference data folder.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use analytics::synthetic::{City, CityOptions, SyntheticPerson, city};
use questionnaires::quality::{self, Grade, Quality};
use questionnaires::slot::{MINUTES_PER_SLOT, SLOTS_PER_DAY};
use questionnaires::{Answers, DayKind, Diary, instrument, target_group};

use crate::reference;

fn small_city(seed: u64) -> City {
    city(&CityOptions { n_persons: 300, seed, first_date: "2026-10-05".parse().unwrap() })
}

/// Large enough that chance moves a mean by a minute or two at most.
static LARGE_CITY: LazyLock<City> =
    LazyLock::new(|| city(&CityOptions { n_persons: 8_000, seed: 2010, first_date: "2026-10-05".parse().unwrap() }));

fn official_table(file: &str) -> Option<csv::Reader<std::fs::File>> {
    Some(csv::Reader::from_path(reference::data()?.join(file)).unwrap())
}

fn age_group(age: i64) -> &'static str {
    match age {
        ..=14 => "10-14",
        15..=24 => "15-24",
        25..=44 => "25-44",
        45..=64 => "45-64",
        _ => "65+",
    }
}

fn sex(person: &SyntheticPerson) -> &str {
    person.answers.choice("sex").unwrap()
}

fn age(person: &SyntheticPerson) -> i64 {
    person.answers.number("age").unwrap()
}

/// Diary days with weights that meet the margins and balance the kinds of day 5 : 1 : 1 within each sex.
fn weighted_days(city: &City) -> Vec<(&SyntheticPerson, &Diary, f64)> {
    let group = |person: &SyntheticPerson| (sex(person).to_owned(), age_group(age(person)));
    let mut respondents: BTreeMap<_, f64> = BTreeMap::new();
    for person in &city.persons {
        *respondents.entry(group(person)).or_default() += 1.0;
    }
    let weight = |person: &SyntheticPerson| {
        let margin = city.margins.iter().find(|m| m.sex == sex(person) && m.age_group == age_group(age(person)));
        margin.unwrap().population as f64 / respondents[&group(person)]
    };
    let mut totals: BTreeMap<_, f64> = BTreeMap::new();
    for person in &city.persons {
        for diary in &person.diaries {
            *totals.entry((sex(person).to_owned(), diary.day_kind())).or_default() += weight(person);
        }
    }
    let days = city.persons.iter().flat_map(|person| person.diaries.iter().map(move |diary| (person, diary)));
    days.map(|(person, diary)| {
        let kind = diary.day_kind();
        let balance = kind.days_per_week() as f64 / totals[&(sex(person).to_owned(), kind)];
        (person, diary, weight(person) * balance)
    })
    .collect()
}

/// Weighted mean minutes of people of `of_sex` aged 15 and over in activities that begin with one of `prefixes`.
fn minutes(days: &[(&SyntheticPerson, &Diary, f64)], of_sex: &str, prefixes: &[&str]) -> f64 {
    let (mut sum, mut weights) = (0.0, 0.0);
    for (person, diary, weight) in days {
        if sex(person) != of_sex || age(person) < 15 {
            continue;
        }
        let main = diary.main();
        let slots = main.slots().iter().filter(|main| prefixes.iter().any(|p| main.0.as_str().starts_with(p))).count();
        sum += weight * (slots * MINUTES_PER_SLOT) as f64;
        weights += weight;
    }
    sum / weights
}

#[test]
fn the_same_options_give_the_same_city_and_another_seed_another() {
    assert_eq!(small_city(1), small_city(1));
    assert_ne!(small_city(1), small_city(2));
}

#[test]
fn a_city_does_not_change_between_machines_and_versions() {
    // FNV-1a over every episode; the number changes only when the generator does.
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for person in &small_city(1).persons {
        for episode in person.diaries.iter().flat_map(Diary::episodes) {
            let (main, place, company) = (episode.main.0, episode.location.code(), episode.with_whom.code());
            let row = format!("{},{},{main},{place},{company};", episode.start_minute, episode.minutes);
            for byte in row.bytes() {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
        }
    }
    assert_eq!(hash, 10_255_746_908_996_199_158);
}

#[test]
fn a_larger_city_begins_with_the_smaller_one() {
    let small = small_city(1);
    let larger = city(&CityOptions { n_persons: 400, seed: 1, first_date: "2026-10-05".parse().unwrap() });
    assert_eq!(larger.persons[..small.persons.len()], small.persons[..]);
}

#[test]
fn everybody_answers_the_questionnaires_as_they_are_asked() {
    for person in &LARGE_CITY.persons {
        let mut n_answers = 0;
        // The usual week is told in times of day, of which nothing is published.
        for instrument in instrument::all().iter().filter(|one| one.name != "usual_week") {
            let occasions = match instrument.asked {
                instrument::Asked::Once => vec![String::new()],
                instrument::Asked::AfterEachDay => vec![".weekday".to_owned(), ".weekend".to_owned()],
            };
            for occasion in occasions {
                let of_occasion = person
                    .answers
                    .0
                    .iter()
                    .filter_map(|(name, answer)| Some((name.strip_suffix(&occasion)?.to_owned(), answer.clone())));
                let answers = instrument.prune(&Answers(of_occasion.collect()));
                assert_eq!(instrument.validate(&answers), [], "{}: {:?}", instrument.name, person.answers);
                assert!(!answers.0.is_empty(), "{} is not answered", instrument.name);
                n_answers += answers.0.len();
            }
        }
        assert_eq!(n_answers, person.answers.0.len(), "an answer belongs to no instrument: {:?}", person.answers);
    }
}

#[test]
fn every_target_group_has_enough_people_to_be_published_in_a_city_of_1500() {
    let city = city(&CityOptions { n_persons: 1_500, seed: 1, first_date: "2026-10-05".parse().unwrap() });
    for group in target_group::all() {
        let n = city.persons.iter().filter(|person| group.contains(&person.answers)).count();
        assert!(n >= 75, "{}: {n}", group.name);
    }
}

#[test]
fn zones_differ_in_who_lives_there_and_in_what_they_say() {
    let city = city(&CityOptions { n_persons: 1_500, seed: 1, first_date: "2026-10-05".parse().unwrap() });
    let of_zone = |zone: &str| -> Vec<&SyntheticPerson> {
        city.persons.iter().filter(|person| person.answers.choice("zone") == Some(zone)).collect()
    };
    let share = |people: &[&SyntheticPerson], is_one: &dyn Fn(&SyntheticPerson) -> bool| {
        people.iter().filter(|person| is_one(person)).count() as f64 / people.len() as f64
    };
    let alone = |person: &SyntheticPerson| person.answers.number("household_size") == Some(1);
    let far = |person: &SyntheticPerson| {
        person.answers.number("service_hours.doctor.travel_minutes").is_some_and(|minutes| minutes > 10)
    };
    for zone in ["centro", "nord", "est", "sud", "ovest"] {
        assert!(of_zone(zone).len() >= 150, "{zone}: {}", of_zone(zone).len());
    }
    let (centre, north, east) = (of_zone("centro"), of_zone("nord"), of_zone("est"));
    assert!(share(&centre, &alone) > share(&north, &alone) + 0.1);
    assert!(share(&east, &far) > share(&centre, &far) + 0.2);
}

#[test]
fn households_share_their_dates_a_weekday_and_a_weekend_day() {
    let city = small_city(1);
    let last = "2026-11-01".parse().unwrap();
    for pair in city.persons.windows(2) {
        let [day, weekend] = pair[0].diaries.each_ref().map(Diary::date);
        assert_eq!(DayKind::of(day), DayKind::Weekday);
        assert_ne!(DayKind::of(weekend), DayKind::Weekday);
        assert!(day <= last && weekend <= last);
        if pair[0].household == pair[1].household {
            assert_eq!([day, weekend], pair[1].diaries.each_ref().map(Diary::date));
        }
    }
}

#[test]
fn the_sample_misrepresents_the_population_so_that_weights_matter() {
    let city = &*LARGE_CITY;
    let population: u64 = city.margins.iter().map(|margin| margin.population).sum();
    let shares = city.margins.iter().map(|margin| {
        let n = city.persons.iter().filter(|p| sex(p) == margin.sex && age_group(age(p)) == margin.age_group).count();
        (n as f64 / city.persons.len() as f64) / (margin.population as f64 / population as f64)
    });
    let shares: Vec<f64> = shares.collect();
    assert!(shares.iter().copied().fold(f64::MAX, f64::min) < 0.85, "{shares:?}");
    assert!(shares.iter().copied().fold(f64::MIN, f64::max) > 1.15, "{shares:?}");
}

#[test]
fn days_have_as_many_episodes_as_well_kept_diaries() {
    let city = &*LARGE_CITY;
    let counts: Vec<usize> = city.persons.iter().flat_map(|p| &p.diaries).map(|diary| diary.episodes().len()).collect();
    let mean = counts.iter().sum::<usize>() as f64 / counts.len() as f64;
    assert!((18.0..=25.0).contains(&mean), "{mean}");
    assert!(counts.iter().all(|n| (7..=50).contains(n)));
}

#[test]
fn days_are_well_kept_nearly_always() {
    let diaries: Vec<&Diary> = LARGE_CITY.persons.iter().flat_map(|person| &person.diaries).collect();
    let assessed: Vec<Quality> = diaries.iter().map(|diary| quality::assess(diary.as_draft())).collect();
    let n_good = assessed.iter().filter(|quality| quality.grade == Grade::Good).count();
    assert!(n_good * 100 >= diaries.len() * 99, "{n_good} of {}", diaries.len());
    let n_without_issue = assessed.iter().filter(|quality| quality.issues.is_empty()).count();
    assert!(n_without_issue * 100 >= diaries.len() * 98, "{n_without_issue} of {}", diaries.len());
}

#[test]
fn who_travels_names_the_means_and_who_stays_names_a_place() {
    for diary in small_city(1).persons.iter().flat_map(|person| &person.diaries) {
        for episode in diary.episodes() {
            let on_the_way = episode.main.0.as_str().starts_with('9') && episode.main.0.as_str() < "990";
            let walks = ["344", "611"].contains(&episode.main.0.as_str());
            assert!(!on_the_way || episode.location.is_transport(), "{episode:?}");
            assert!(!episode.location.is_transport() || on_the_way || walks, "{episode:?}");
        }
    }
}

#[test]
fn time_spent_by_women_and_men_is_near_the_official_table() {
    let Some(mut reader) = official_table("eurostat_tus_00age_italy.csv") else { return };
    let mut official: BTreeMap<(String, String), f64> = BTreeMap::new();
    for row in reader.records() {
        let row = row.unwrap();
        if &row[0] == "2010" && &row[2] == "TOTAL" {
            official.insert((row[1].to_owned(), row[3].to_owned()), row[4].parse().unwrap());
        }
    }
    let city = &*LARGE_CITY;
    let days = weighted_days(city);
    // Tolerances in minutes: the labour status of the invented city is not exactly Italy's.
    for (code, prefixes, tolerance) in [
        ("AC01", &["01"][..], 8.0),
        ("AC02", &["02"], 8.0),
        ("AC03", &["03"], 4.0),
        ("AC1_TR", &["1"], 15.0),
        ("AC2", &["2"], 10.0),
        ("AC3", &["3"], 12.0),
        ("AC4-8", &["4", "5", "6", "7", "8"], 25.0),
        ("AC82", &["82"], 12.0),
        ("AC9A", &["91", "92", "93", "94", "95", "96", "90"], 10.0),
    ] {
        for of_sex in ["F", "M"] {
            let ours = minutes(&days, of_sex, prefixes);
            let theirs = official[&(of_sex.to_owned(), code.to_owned())];
            assert!((ours - theirs).abs() <= tolerance, "{code} {of_sex}: {ours:.1} against {theirs}");
        }
    }
    // Eurostat, Italy 2008-09: 286 minutes against 97, an asymmetry of 74.7%.
    let (women, men) = (minutes(&days, "F", &["3"]), minutes(&days, "M", &["3"]));
    let asymmetry = 100.0 * women / (women + men);
    assert!((asymmetry - 74.7).abs() <= 2.0, "{asymmetry:.1}");
}

#[test]
fn the_day_has_the_hours_of_the_official_tempogram() {
    let Some(mut reader) = official_table("eurostat_tus_00startime_italy.csv") else { return };
    let mut official: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for row in reader.records() {
        let row = row.unwrap();
        // The table ends at 20:29; its last row is the whole day's mean.
        if &row[0] == "2010" && row[1].starts_with("From") {
            official.entry(row[2].to_owned()).or_default().push(row[3].parse().unwrap());
        }
    }
    let city = &*LARGE_CITY;
    let days = weighted_days(city);
    // The table counts leisure travel among household work, as its 24-hour total shows.
    for (name, prefixes, correlation, points) in [
        ("Eating", &["02"][..], 0.97, 12.0),
        ("Personal care except eating", &["01", "03"], 0.99, 7.0),
        ("Work and study", &["1", "2"], 0.96, 9.0),
        (
            "Household and family care and related travel",
            &["3", "900", "936", "938", "939", "94", "95", "96"],
            0.96,
            9.0,
        ),
        ("Leisure, social and associative life except TV and video", &["4", "5", "6", "7", "81", "83"], 0.92, 12.0),
        ("Television and video", &["82"], 0.93, 8.0),
        ("Travel to/from work/study", &["91", "92"], 0.88, 5.0),
    ] {
        let mut shares = vec![0.0; SLOTS_PER_DAY];
        let mut weights = 0.0;
        for (person, diary, weight) in &days {
            if age(person) < 15 {
                continue;
            }
            weights += weight;
            for (share, main) in shares.iter_mut().zip(diary.main().slots()) {
                if prefixes.iter().any(|prefix| main.0.as_str().starts_with(prefix)) {
                    *share += 100.0 * weight;
                }
            }
        }
        let theirs = &official[name];
        let ours: Vec<f64> = shares.iter().take(theirs.len()).map(|share| share / weights).collect();
        let farthest = ours.iter().zip(theirs).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        let found = pearson(&ours, theirs);
        assert!(found >= correlation, "{name}: correlation {found:.3}");
        assert!(farthest <= points, "{name}: {farthest:.1} points apart somewhere");
    }
}

fn pearson(a: &[f64], b: &[f64]) -> f64 {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let covariance: f64 = a.iter().zip(b).map(|(x, y)| (x - mean_a) * (y - mean_b)).sum();
    let spread = |values: &[f64], mean: f64| values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>();
    covariance / (spread(a, mean_a) * spread(b, mean_b)).sqrt()
}

#[test]
fn margins_are_written_as_the_analysis_reads_them() {
    let city = small_city(1);
    let text = city.margins_csv();
    assert!(text.starts_with("sex,age_group,population\nF,10-14,"));
    assert_eq!(text.lines().count(), 1 + 2 * 5);
}
