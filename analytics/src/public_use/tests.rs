//! The reduction, the draw and the weights, beside what can be said of them without the code.

use std::collections::BTreeMap;

use questionnaires::{Companions, DayKind};

use super::characteristics::{Key, reduce};
use super::days::{Activity, Day, HALF_HOURS, Reduction, join_rare, spells};
use super::fingerprint::{diversity, known, unique_share};
use super::random::Stream;
use super::replicates::{FileWeights, WeighedDay, WeighedPerson, WeightRules, mean, weigh};
use super::report::PublicUseRules;
use super::risk::{Classes, individual_risk};
use crate::snapshot::Episode;

fn key(codes: [&str; 4]) -> Key {
    codes.map(|code| Some(code.to_owned()))
}

/// Persons of skewed characteristics: some combinations are rare.
fn people(n: usize) -> Vec<Key> {
    let mut stream = Stream::new(7);
    (0..n)
        .map(|_| {
            let skewed = |codes: &[&str], stream: &mut Stream| {
                let place = stream.below(codes.len()).min(stream.below(codes.len())).min(stream.below(codes.len()));
                Some(codes[place].to_owned())
            };
            [
                skewed(&["F", "M", "X"], &mut stream),
                skewed(&["25-44", "45-64", "65+", "15-24", "10-14"], &mut stream),
                skewed(&["1", "2", "3", "4+"], &mut stream),
                skewed(&["employed", "neither", "student"], &mut stream),
            ]
        })
        .collect()
}

#[test]
fn after_the_reduction_every_class_is_large_enough_and_safe_classes_are_as_they_were() {
    let keys = people(900);
    let weights = vec![12.0; keys.len()];
    let rules = PublicUseRules { smallest_class: 6, largest_risk: 0.01, ..PublicUseRules::default() };
    let whole: Vec<Option<Key>> = keys.iter().cloned().map(Some).collect();
    let before = Classes::of(&whole, &weights);
    assert!(before.risk().smallest_class < 6, "nothing had to be done");
    let reduced = reduce(keys.clone(), &weights, &rules);
    let after = Classes::of(&reduced.keys, &weights);
    for (class, (n, weight)) in &after.0 {
        assert!(*n >= 6 && individual_risk(*n, *weight) <= 0.01, "{class:?}: {n}");
    }
    let mut n_emptied = 0;
    for (was, is) in keys.iter().zip(&reduced.keys) {
        let (n, weight) = before.0[was];
        let is_safe = n >= 6 && individual_risk(n, weight) <= 0.01;
        let Some(is) = is else {
            assert!(!is_safe);
            continue;
        };
        for (was, is) in was.iter().zip(is) {
            assert!(is.is_none() || is == was, "a characteristic became another");
            n_emptied += u64::from(is.is_none());
        }
        assert!(!is_safe || was == is, "a safe person lost something: {was:?}");
    }
    let kept_emptied: u64 = n_emptied;
    assert!(reduced.emptied.values().sum::<u64>() >= kept_emptied && kept_emptied > 0);
}

#[test]
fn in_a_census_classes_must_be_larger() {
    let keys: Vec<Key> = vec![key(["F", "25-44", "2", "employed"]); 10];
    let rules = PublicUseRules::default();
    assert!(reduce(keys.clone(), &[1.0; 10], &rules).keys.iter().all(Option::is_none), "1 in 10 is more than 0.05");
    assert!(reduce(keys, &[20.0; 10], &rules).keys.iter().all(Option::is_some));
}

fn episode(start: u16, minutes: u16, activity: u16) -> Episode {
    Episode {
        diary: 0,
        start_minute: Some(start),
        minutes,
        activity,
        secondary: None,
        location: None,
        with_whom: Companions::NOT_STATED,
        device: None,
        enjoyment: None,
    }
}

#[test]
fn drawn_slots_keep_the_mean_of_minutes() {
    // Twenty minutes in every hour: the longest of a half hour would lose a half of them.
    let reduction = Reduction::of_activities(vec![0, 1]);
    let episodes: Vec<Episode> =
        (0..24).flat_map(|hour| [episode(hour * 60, 40, 0), episode(hour * 60 + 40, 20, 1)]).collect();
    let mut n_told = 0;
    for seed in 0..4_000 {
        let day = reduction.day(&episodes, &mut Stream::new(seed));
        n_told += day.iter().filter(|activity| **activity == 1).count();
    }
    // 8 hours are expected; a half hour varies by at most 15 minutes' standard deviation.
    let mean = n_told as f64 * 30.0 / 4_000.0;
    let error = 15.0 * (HALF_HOURS as f64 / 4_000.0).sqrt();
    assert!((mean - 480.0).abs() < 5.0 * error, "{mean} minutes instead of 480");
}

/// Six persons' days of activity 1, with what the first so many did in a half hour of their own.
fn days_with(told: &[(Activity, usize)]) -> Vec<Day> {
    let mut days: Vec<Day> = vec![[1; HALF_HOURS]; 6];
    for (place, (activity, n)) in told.iter().enumerate() {
        for day in &mut days[..*n] {
            day[10 + place] = *activity;
        }
    }
    days
}

/// Level 1: 0 with 1 and 2, 3 with 4 and 5, 6 with 7 for the rest.
fn join_days(days: &mut [Day]) -> (Vec<Activity>, Vec<Activity>) {
    let parents = BTreeMap::from([(0, 0), (1, 0), (2, 0), (3, 3), (4, 3), (5, 3), (6, 6), (7, 6)]);
    let joined = join_rare(days, &[0, 1, 2, 3, 4, 5], &parents, Some(6), 5);
    (joined.as_level_1.into_iter().collect(), joined.as_rest.into_iter().collect())
}

#[test]
fn rare_activities_are_told_as_their_level_1_and_spells_make_the_day() {
    let mut days = days_with(&[(4, 5), (5, 5), (2, 1), (7, 6)]);
    assert_eq!(join_days(&mut days), (vec![1, 2], vec![]), "2 alone would be the only one told as 0");
    assert_eq!(spells(&days[0]), [(0, 0, 10), (4, 10, 1), (5, 11, 1), (0, 12, 1), (7, 13, 1), (0, 14, 34)]);
}

#[test]
fn a_level_1_of_few_persons_is_told_as_the_rest() {
    let mut days = days_with(&[(4, 3), (5, 2), (7, 6)]);
    assert_eq!(join_days(&mut days), (vec![4, 5, 7], vec![3]), "7 hides the three who are told as 6");
    assert_eq!(spells(&days[0]), [(1, 0, 10), (6, 10, 3), (1, 13, 35)]);
    // Without anybody else in the rest nothing hides them, and the check will say so.
    let mut days = days_with(&[(4, 3)]);
    assert_eq!(join_days(&mut days), (vec![4], vec![3]));
    assert_eq!(days[0][10], 6);
}

#[test]
fn what_a_day_and_a_class_tell_is_counted() {
    let mut days: Vec<Day> = vec![[0; HALF_HOURS]; 4];
    days[3] = [1; HALF_HOURS];
    assert_eq!(unique_share(&days), 0.25);
    assert_eq!(known(&days, &["a", "a", "a", "a"], 1).unique_days, 0.25);
    assert_eq!(known(&days, &["a", "a", "b", "b"], 3).unique_days, 0.5);
    let told = diversity(&days, &["a", "a", "b", "b"], &[0, 1, 2, 3], None, &[(0, "43".to_owned())]);
    assert_eq!((told.fewest_longest_activities, told.n_told), (1, 1));
}

/// One day each of persons in clusters of two, with weights that differ.
fn sample(n_persons: usize, kinds: &[DayKind]) -> (Vec<WeighedPerson>, Vec<WeighedDay>) {
    let keys = people(n_persons);
    let persons =
        keys.into_iter().enumerate().map(|(place, key)| WeighedPerson { key, stratum: place % 3, cluster: place / 2 });
    let days = (0..n_persons).map(|person| WeighedDay {
        person,
        kind: kinds[person % kinds.len()],
        weight: 10.0 + (person % 7) as f64,
    });
    (persons.collect(), days.collect())
}

const PLAIN: WeightRules = WeightRules { smallest_group: 10, is_adjusted: false, balances_days: false };

fn sums(weights: &FileWeights, days: &[WeighedDay], kind: DayKind) -> f64 {
    days.iter().zip(&weights.days).filter(|(day, _)| day.kind == kind).map(|(_, weight)| weight).sum()
}

#[test]
fn weights_stand_for_the_population_and_the_week_and_are_shared() {
    let (persons, days) = sample(400, &DayKind::ALL);
    let weights =
        weigh(&persons, &days, WeightRules { is_adjusted: true, balances_days: true, ..PLAIN }).expect("clusters");
    let population: f64 = weights.persons.iter().sum();
    assert!((population - days.iter().map(|day| day.weight).sum::<f64>()).abs() < 0.05, "{population}");
    for kind in DayKind::ALL {
        let expected = population * kind.days_per_week() as f64 / 7.0;
        assert!((sums(&weights, &days, kind) / expected - 1.0).abs() < 1e-4, "{kind:?}");
    }
    let mut shared: BTreeMap<String, u64> = BTreeMap::new();
    for weight in &weights.persons {
        *shared.entry(weight.to_string()).or_default() += 1;
    }
    assert!(shared.values().all(|n| *n >= weights.protection.smallest_group), "{shared:?}");
    for replicate in &weights.replicates {
        assert!((replicate.iter().sum::<f64>() / population - 1.0).abs() < 1e-4);
    }
}

#[test]
fn replicates_hide_each_cluster_among_ten_and_have_the_variance_of_random_groups() {
    let (persons, days) = sample(400, &[DayKind::Weekday]);
    let weights = weigh(&persons, &days, PLAIN).expect("clusters");
    assert_eq!((weights.replicates.len(), weights.protection.fewest_clusters), (20, 10));
    // Which replicate leaves a person out: the same for ten clusters or more, never for two members of a household apart.
    let left_out = |day: usize| weights.replicates.iter().position(|replicate| replicate[day] == 0.0).expect("a group");
    let groups: Vec<usize> = (0..days.len()).map(left_out).collect();
    for group in 0..20 {
        let clusters: std::collections::BTreeSet<usize> =
            (0..days.len()).filter(|day| groups[*day] == group).map(|day| persons[day].cluster).collect();
        assert!(clusters.len() >= 10, "{} clusters in a group", clusters.len());
    }
    assert!((0..days.len()).step_by(2).all(|day| groups[day] == groups[day + 1]));

    // V = (G − 1)/G Σ (θ_g − θ̄)², θ_g being the mean of everybody outside the group.
    let values: Vec<f64> = (0..days.len()).map(|day| (day * 37 % 101) as f64).collect();
    let of = |is_in: &dyn Fn(usize) -> bool| {
        let units = || (0..days.len()).filter(|day| is_in(*day));
        let total: f64 = units().map(|day| weights.days[day] * values[day]).sum();
        total / units().map(|day| weights.days[day]).sum::<f64>()
    };
    let without: Vec<f64> = (0..20).map(|group| of(&|day| groups[day] != group)).collect();
    let centre = without.iter().sum::<f64>() / 20.0;
    let variance: f64 = without.iter().map(|one| (one - centre).powi(2)).sum::<f64>() * 19.0 / 20.0;
    let found = mean("minutes", &values, &weights);
    assert!((found.value - of(&|_| true)).abs() < 1e-9);
    assert!((found.standard_error / variance.sqrt() - 1.0).abs() < 1e-4, "{found:?}, {}", variance.sqrt());
}

#[test]
fn a_sample_of_few_clusters_has_no_file() {
    let (persons, days) = sample(198, &[DayKind::Weekday]);
    assert!(weigh(&persons, &days, PLAIN).is_none());
}
