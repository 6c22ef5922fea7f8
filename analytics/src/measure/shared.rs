//! What two adults of a household do at the same time.
//!
//! A snapshot has no dates. As HETUS gives a household the same days, two days are taken for one date when they are
//! of the same household and the same kind of day, and each person has a single day of that kind. Households that
//! kept their days apart look less synchronous than they are.

use std::collections::HashMap;

use questionnaires::{Companion, Companions, DayKind};
use rayon::prelude::*;

use crate::editing::UsableDiaries;
use crate::indicator::PairTime;
use crate::snapshot::{Episode, Snapshot};
use crate::time_budget::Minutes;

/// Age from which a person counts as an adult.
const ADULT_AGE: i64 = 18;
/// Half of a pair goes to either of its days.
const HALF: f64 = 0.5;
/// Categories before the activities: the same activity, together, both at once.
pub const N_GENERAL: usize = 3;

/// Minutes that pairs of adults share: in the same activity, together, in both, then in each of `activities` (places
/// in the classification, which must divide the day). `activities_of` is by code.
pub fn shared_time(
    snapshot: &Snapshot,
    usable: &UsableDiaries,
    days: &[&[Episode]],
    activities_of: &[Vec<usize>],
    activities: &[usize],
) -> PairTime {
    let activity_of: Vec<Option<usize>> =
        activities_of.iter().map(|of_code| activities.iter().position(|one| of_code.contains(one))).collect();
    let n_categories = N_GENERAL + activities.len();
    let pairs = pairs(snapshot, usable);
    let minutes_of: Vec<Vec<u16>> =
        (pairs.par_iter()).map(|(one, other)| overlap(days[*one], days[*other], &activity_of, n_categories)).collect();
    // Halves of whole numbers add up exactly, in any order.
    let halves = |of_pair: &(dyn Fn(usize) -> u16 + Sync)| {
        let mut sums = vec![0.0; days.len()];
        for (pair, (one, other)) in pairs.iter().enumerate() {
            for day in [one, other] {
                sums[*day] += HALF * f64::from(of_pair(pair));
            }
        }
        sparse(&sums)
    };
    let of_category = |category: usize| halves(&|pair| minutes_of[pair][category]);
    PairTime { pairs: halves(&|_| 1), minutes: (0..n_categories).into_par_iter().map(of_category).collect() }
}

fn sparse(dense: &[f64]) -> Minutes {
    let filled = dense.iter().zip(0..).filter(|(value, _)| **value > 0.0);
    let (rows, minutes) = filled.map(|(value, row)| (row, *value)).unzip();
    Minutes { rows, minutes }
}

/// Pairs of observations of the same household and kind of day, by two adults with one such day each.
fn pairs(snapshot: &Snapshot, usable: &UsableDiaries) -> Vec<(usize, usize)> {
    let mut households = Numbers::default();
    let mut days: Vec<(u32, DayKind, u32, usize)> = Vec::with_capacity(usable.diaries.len());
    for (observation, place) in usable.diaries.iter().enumerate() {
        let diary = &snapshot.diaries[*place as usize];
        let person = &snapshot.persons[diary.person as usize];
        let is_adult = person.age.is_some_and(|age| age >= ADULT_AGE);
        if let (Some(household), true) = (&person.household, is_adult) {
            days.push((households.of(household), diary.day_kind, diary.person, observation));
        }
    }
    days.par_sort_by_key(|(household, kind, _, _)| (*household, *kind));
    let mut pairs = Vec::new();
    for days in days.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)) {
        // Persons with several days of the kind cannot be matched by it.
        let single: Vec<usize> = days
            .chunk_by(|one, other| one.2 == other.2)
            .filter(|of_one| of_one.len() == 1)
            .map(|of_one| of_one[0].3)
            .collect();
        for (place, one) in single.iter().enumerate() {
            pairs.extend(single[place + 1..].iter().map(|other| (*one, *other)));
        }
    }
    pairs
}

/// Numbers of texts, in the order in which they are first seen.
#[derive(Default)]
struct Numbers<'t> {
    known: HashMap<&'t str, u32>,
    last: Option<(&'t str, u32)>,
}

impl<'t> Numbers<'t> {
    fn of(&mut self, text: &'t str) -> u32 {
        // Members of a household mostly follow each other.
        match self.last {
            Some((last, number)) if last == text => number,
            _ => {
                let next = self.known.len() as u32;
                let number = *self.known.entry(text).or_insert(next);
                self.last = Some((text, number));
                number
            }
        }
    }
}

fn overlap(one: &[Episode], other: &[Episode], activity_of: &[Option<usize>], n_categories: usize) -> Vec<u16> {
    let mut minutes = vec![0; n_categories];
    let (mut of_one, mut of_other) = (one.iter().peekable(), other.iter().peekable());
    while let (Some(a), Some(b)) = (of_one.peek(), of_other.peek()) {
        let (Some((start_a, end_a)), Some((start_b, end_b))) = (span(a), span(b)) else { break };
        let both = end_a.min(end_b).saturating_sub(start_a.max(start_b));
        let activity = activity_of[usize::from(a.activity)].filter(|_| both > 0);
        let is_same = activity.is_some() && activity == activity_of[usize::from(b.activity)];
        let is_together = with_household(a.with_whom) && with_household(b.with_whom);
        let general = [is_same, is_together, is_same && is_together];
        for (minutes, holds) in minutes.iter_mut().zip(general) {
            *minutes += if holds { both } else { 0 };
        }
        if let (Some(activity), true) = (activity, is_same) {
            minutes[N_GENERAL + activity] += both;
        }
        if end_a <= end_b {
            of_one.next();
        }
        if end_b <= end_a {
            of_other.next();
        }
    }
    minutes
}

fn span(episode: &Episode) -> Option<(u16, u16)> {
    episode.start_minute.map(|start| (start, start + episode.minutes))
}

/// Whether another adult of the household is said to be there.
fn with_household(company: Companions) -> bool {
    [Companion::Partner, Companion::Parent, Companion::OtherHousehold].into_iter().any(|one| company.contains(one))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A day of episodes of any length: what is done, and with whom, changes at the boundaries.
    fn day() -> impl Strategy<Value = Vec<Episode>> {
        let company = prop_oneof![Just(""), Just("1"), Just("2"), Just("46"), Just("4"), Just("35")];
        let parts = prop::collection::vec((1..400_u16, 0..4_u16, company), 1..20);
        parts.prop_map(|parts| {
            let mut episodes = Vec::new();
            let mut start = 0;
            for (minutes, activity, company) in parts.into_iter().chain([(1440, 0, "")]) {
                let minutes = minutes.min(1440 - start);
                if minutes > 0 {
                    episodes.push(Episode {
                        diary: 0,
                        start_minute: Some(start),
                        minutes,
                        activity,
                        secondary: None,
                        location: None,
                        with_whom: company.parse().expect("a company"),
                        device: None,
                        enjoyment: None,
                    });
                }
                start += minutes;
            }
            episodes
        })
    }

    proptest! {
        #[test]
        fn shared_minutes_are_those_found_minute_by_minute(one in day(), other in day()) {
            // Code 3 lies in no activity that is followed.
            let activity_of = [Some(0), Some(1), Some(1), None];
            let at = |day: &[Episode], minute: u16| {
                let is_under_way = |one: &&Episode| span(one).is_some_and(|(start, end)| (start..end).contains(&minute));
                *day.iter().find(is_under_way).expect("a whole day")
            };
            let mut expected = vec![0; 5];
            for minute in 0..1440 {
                let (a, b) = (at(&one, minute), at(&other, minute));
                let activity = activity_of[usize::from(a.activity)];
                let is_same = activity.is_some() && activity == activity_of[usize::from(b.activity)];
                let is_together = with_household(a.with_whom) && with_household(b.with_whom);
                for (place, holds) in [is_same, is_together, is_same && is_together].into_iter().enumerate() {
                    expected[place] += u16::from(holds);
                }
                if let (Some(activity), true) = (activity, is_same) {
                    expected[3 + activity] += 1;
                }
            }
            prop_assert_eq!(overlap(&one, &other, &activity_of, 5), expected);
        }
    }
}
