//! How far a day tells whose it is, and what a class tells of its members: measured, and said.

use std::collections::{BTreeMap, BTreeSet};

use super::days::{Activity, Day, HALF_HOURS};
use super::random::Stream;
use super::report::{Diversity, KnownHalfHours};

/// The share of `days` that no other equals.
pub fn unique_share<T: Ord>(days: &[T]) -> f64 {
    let mut counts: BTreeMap<&T, u64> = BTreeMap::new();
    for day in days {
        *counts.entry(day).or_default() += 1;
    }
    let unique = counts.values().filter(|count| **count == 1).count();
    if days.is_empty() { 0.0 } else { unique as f64 / days.len() as f64 }
}

/// The share of days that no other day of the same group agrees with in `n_half_hours` half hours, drawn for each day.
pub fn known<G: Ord>(days: &[Day], groups: &[G], n_half_hours: usize) -> KnownHalfHours {
    let mut members: BTreeMap<&G, Vec<usize>> = BTreeMap::new();
    for (day, group) in groups.iter().enumerate() {
        members.entry(group).or_default().push(day);
    }
    let is_unique = |day: &usize| {
        let drawn = draw(*day as u64, n_half_hours);
        let agrees =
            |other: &usize| other != day && drawn.iter().all(|place| days[*other][*place] == days[*day][*place]);
        !members[&groups[*day]].iter().any(agrees)
    };
    let n_unique = (0..days.len()).filter(is_unique).count();
    KnownHalfHours {
        n_half_hours: n_half_hours as u64,
        unique_days: if days.is_empty() { 0.0 } else { n_unique as f64 / days.len() as f64 },
    }
}

/// Different half hours, a stream for each day: the same file, the same draw.
fn draw(seed: u64, n: usize) -> BTreeSet<usize> {
    let mut stream = Stream::new(seed);
    let mut drawn = BTreeSet::new();
    while drawn.len() < n.min(HALF_HOURS) {
        drawn.insert(stream.below(HALF_HOURS));
    }
    drawn
}

/// What belonging to a class tells. `class_of` and `person_of` are by day.
pub fn diversity<G: Ord>(
    days: &[Day],
    class_of: &[G],
    person_of: &[usize],
    sleep: Option<Activity>,
    sensitive: &[(Activity, String)],
) -> Diversity {
    let mut longest: BTreeMap<&G, BTreeSet<Activity>> = BTreeMap::new();
    let mut persons: BTreeMap<&G, BTreeSet<usize>> = BTreeMap::new();
    let mut did: BTreeMap<(&G, Activity), BTreeSet<usize>> = BTreeMap::new();
    for ((day, class), person) in days.iter().zip(class_of).zip(person_of) {
        let mut half_hours: BTreeMap<Activity, usize> = BTreeMap::new();
        for activity in day.iter().filter(|activity| Some(**activity) != sleep) {
            *half_hours.entry(*activity).or_default() += 1;
        }
        let most = half_hours.iter().max_by_key(|(activity, length)| (**length, std::cmp::Reverse(**activity)));
        longest.entry(class).or_default().extend(most.map(|(activity, _)| *activity));
        persons.entry(class).or_default().insert(*person);
        for (activity, _) in sensitive {
            if day.contains(activity) {
                did.entry((class, *activity)).or_default().insert(*person);
            }
        }
    }
    let n_told =
        did.iter().filter(|((class, _), who)| persons.get(class).is_some_and(|all| all.len() == who.len())).count();
    Diversity {
        fewest_longest_activities: longest.values().map(BTreeSet::len).min().unwrap_or_default() as u64,
        sensitive: sensitive.iter().map(|(_, code)| code.clone()).collect(),
        n_told: n_told as u64,
    }
}
