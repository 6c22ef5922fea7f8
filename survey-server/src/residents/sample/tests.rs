//! Frames and draws: who is in a stratum, and with which probability.

use std::collections::BTreeMap;

use questionnaires::fiscal_code::{FiscalCode, Holder, RegisteredSex};

use super::*;
use crate::residents::Resident;

fn today() -> chrono::NaiveDate {
    "2026-11-22".parse().unwrap()
}

fn person(number: u8, sex: RegisteredSex, year: i32, zone: &str, household: &str, is_reference: bool) -> Resident {
    let birth_date = chrono::NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
    let surname = format!("B{}C", char::from(b'A' + number));
    let holder = Holder { surname: &surname, first_name: "Anna", sex, birth_date, birthplace: "L219".parse().unwrap() };
    Resident {
        code: FiscalCode::of(&holder).unwrap().reveal().parse().unwrap(),
        sex,
        birth_date,
        zone: Some(zone.to_owned()).filter(|zone| !zone.is_empty()),
        household: household.to_owned(),
        is_reference,
    }
}

use RegisteredSex::{Female, Male};

/// Three households and somebody alone.
fn town() -> Vec<Resident> {
    vec![
        person(0, Female, 1980, "nord", "h1", true),
        person(1, Male, 1975, "nord", "h1", false),
        person(2, Female, 2020, "nord", "h1", false),
        person(3, Male, 1950, "nord", "h2", false),
        person(4, Female, 1952, "nord", "h2", false),
        person(5, Female, 1990, "sud", "h3", false),
        person(6, Male, 2010, "sud", "h3", false),
        person(7, Male, 1960, "", "h4", false),
    ]
}

fn strata(unit: Unit, stratifiers: &[Stratifier]) -> Vec<(String, usize)> {
    let frame = Frame::new(town(), unit, stratifiers, 10, today()).unwrap();
    frame.strata.into_iter().map(|(name, units)| (name, units.len())).collect()
}

fn named(pairs: &[(&str, usize)]) -> Vec<(String, usize)> {
    pairs.iter().map(|(name, number)| ((*name).to_owned(), *number)).collect()
}

#[test]
fn persons_are_in_the_stratum_of_their_own_values() {
    assert_eq!(strata(Unit::Persons, &[]), named(&[("", 7)]), "the child of six is not in the frame");
    assert_eq!(strata(Unit::Persons, &[Stratifier::Zone]), named(&[("-", 1), ("nord", 4), ("sud", 2)]));
    assert_eq!(
        strata(Unit::Persons, &[Stratifier::Sex, Stratifier::Age]),
        named(&[
            ("F / 25-44", 1),
            ("F / 45-64", 1),
            ("F / 65+", 1),
            ("M / 15-24", 1),
            ("M / 45-64", 1),
            ("M / 65+", 2)
        ])
    );
}

#[test]
fn households_are_in_the_stratum_of_their_reference_person_and_size() {
    assert_eq!(strata(Unit::Households, &[Stratifier::Zone]), named(&[("-", 1), ("nord", 2), ("sud", 1)]));
    // h1 names its reference person, a woman; of h2 and h3 it is the oldest.
    assert_eq!(strata(Unit::Households, &[Stratifier::Sex]), named(&[("F", 2), ("M", 2)]));
    assert_eq!(
        strata(Unit::Households, &[Stratifier::HouseholdSize]),
        named(&[("1", 1), ("2", 2), ("3", 1)]),
        "children count"
    );
}

#[test]
fn a_frame_of_nobody_is_refused() {
    assert!(matches!(Frame::new(town(), Unit::Persons, &[], 90, today()), Err(SampleError::NobodyOldEnough(90))));
}

fn plan(unit: Unit, size: u64, stratifiers: &[Stratifier], seed: &str) -> SamplePlan {
    SamplePlan {
        unit,
        size,
        strata: stratifiers.to_vec(),
        allocation: Allocation::Equal,
        minimum_age: 10,
        seed: seed.to_owned(),
        replace: false,
    }
}

fn drawn(plan: &SamplePlan, people: Vec<Resident>) -> Sample {
    draw_from(Frame::new(people, plan.unit, &plan.strata, plan.minimum_age, today()).unwrap(), plan).unwrap()
}

#[test]
fn all_members_of_a_household_are_invited_with_its_probability() {
    for seed in ["1", "2", "3", "4"] {
        let sample = drawn(&plan(Unit::Households, 2, &[], seed), town());
        assert_eq!(sample.n_units(), 2);
        let mut of_household: BTreeMap<&str, usize> = BTreeMap::new();
        for person in &sample.people {
            assert_eq!((person.n_drawn, person.n_frame), (2, 4));
            assert_eq!((person.probability(), person.weight()), (0.5, 2.0));
            *of_household.entry(&person.resident.household).or_default() += 1;
        }
        for (household, n_members) in of_household {
            assert_eq!(n_members, if household == "h4" { 1 } else { 2 }, "{household}");
        }
    }
}

#[test]
fn the_order_of_the_register_does_not_matter() {
    let plan = plan(Unit::Persons, 4, &[], "seme");
    let mut turned = town();
    turned.reverse();
    assert_eq!(drawn(&plan, town()), drawn(&plan, turned));
}

/// Each person's share of 20,000 samples, and each pair's, beside n/N and n(n-1)/(N(N-1)): within five standard deviations.
#[test]
fn inclusion_probabilities_are_those_stated() {
    const N_SAMPLES: usize = 20_000;
    let people: Vec<Resident> = (0..12)
        .map(|number| {
            let zone = if number < 7 { "nord" } else { "sud" };
            person(number, if number % 2 == 0 { Female } else { Male }, 1980, zone, &number.to_string(), false)
        })
        .collect();
    let mut alone: BTreeMap<String, usize> = BTreeMap::new();
    let mut together: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut stated: BTreeMap<String, (f64, u64, u64)> = BTreeMap::new();
    for seed in 0..N_SAMPLES {
        let sample = drawn(&plan(Unit::Persons, 6, &[Stratifier::Zone], &seed.to_string()), people.clone());
        let codes: Vec<String> = sample.people.iter().map(|person| person.resident.code.reveal().to_owned()).collect();
        for (place, code) in codes.iter().enumerate() {
            let person = &sample.people[place];
            stated.insert(code.clone(), (person.probability(), person.n_drawn, person.n_frame));
            *alone.entry(code.clone()).or_default() += 1;
            for other in codes.iter().filter(|other| *other > code) {
                *together.entry((code.clone(), other.clone())).or_default() += 1;
            }
        }
    }
    let check = |count: usize, probability: f64, what: &str| {
        let share = count as f64 / N_SAMPLES as f64;
        let deviation = (probability * (1.0 - probability) / N_SAMPLES as f64).sqrt();
        assert!((share - probability).abs() < 5.0 * deviation, "{what}: {share} for {probability}");
    };
    assert_eq!(alone.len(), 12);
    for (code, count) in &alone {
        check(*count, stated[code].0, "one");
    }
    assert_eq!(together.len(), 12 * 11 / 2);
    for ((one, other), count) in &together {
        let ((p, n, n_frame), (q, m, m_frame)) = (stated[one], stated[other]);
        let is_same_stratum = (n, n_frame) == (m, m_frame);
        let expected = if is_same_stratum { p * (n - 1) as f64 / (n_frame - 1) as f64 } else { p * q };
        check(*count, expected, "two");
    }
}

#[test]
fn variables_have_italian_and_english_names() {
    for (name, expected) in [("zona", Stratifier::Zone), (" Sesso", Stratifier::Sex), ("età", Stratifier::Age)] {
        assert_eq!(Stratifier::from_name(name), Some(expected), "{name}");
    }
    assert_eq!(Stratifier::from_name("age"), Some(Stratifier::Age));
    assert_eq!(Stratifier::from_name("nome"), None);
}
