//! Days in half hours: what was done in one ten-minute slot of each, by activity of level 2, with rare activities told as their
//! level 1.

use std::collections::{BTreeMap, BTreeSet};

use questionnaires::slot::MINUTES_PER_SLOT;

use super::random::Stream;
use crate::snapshot::{Episode, Snapshot};
use crate::time_budget::{ClassificationError, activities_of_codes};

/// Half hours of a day.
pub const HALF_HOURS: usize = 48;
/// Their length in minutes.
pub const HALF_HOUR: usize = 30;

/// The activity of level 1 that holds what is told of no other: unspecified time (ACL 2018), not elsewhere classified (ATUS).
const REST: [&str; 2] = ["9", "50"];

/// An activity of the file, as a place in the classification.
pub type Activity = usize;

/// A day in half hours from 04:00.
pub type Day = [Activity; HALF_HOURS];

/// The activities that codes are told as.
#[derive(Debug)]
pub struct Reduction {
    /// By code of the snapshot: its activity of level 1.
    level_1: Vec<Activity>,
    /// By code of the snapshot: its activity of level 2, or of level 1 where it has none.
    level_2: Vec<Activity>,
}

impl Reduction {
    /// Finds the activities of every code.
    pub fn of(snapshot: &Snapshot) -> Result<Reduction, ClassificationError> {
        let places = activities_of_codes(&snapshot.activity_codes, &snapshot.classification)?;
        let deepest = |places: &Vec<usize>, most: u8| {
            let upto = places.iter().filter(|place| snapshot.classification[**place].level <= most);
            upto.max_by_key(|place| snapshot.classification[**place].level).copied().unwrap_or_default()
        };
        Ok(Reduction {
            level_1: places.iter().map(|places| deepest(places, 1)).collect(),
            level_2: places.iter().map(|places| deepest(places, 2)).collect(),
        })
    }

    /// The activity of level 1 for what is told of no other.
    pub fn rest(&self, snapshot: &Snapshot) -> Option<Activity> {
        self.level_1.iter().copied().find(|place| REST.contains(&snapshot.classification[*place].code.as_str()))
    }

    /// Codes told as these activities, all of them within activity 0.
    #[cfg(test)]
    pub fn of_activities(level_2: Vec<Activity>) -> Reduction {
        Reduction { level_1: vec![0; level_2.len()], level_2 }
    }

    /// Activities of level 2 and the level 1 that each lies in.
    pub fn parents(&self) -> BTreeMap<Activity, Activity> {
        self.level_2.iter().copied().zip(self.level_1.iter().copied()).collect()
    }

    /// A day in half hours: of each the activity under way in one of its three ten-minute slots, drawn anew. What was done
    /// longest would make long activities longer and short ones shorter; a drawn slot keeps every mean of minutes as it is
    /// expected to be, and what the draw adds to a day is in the variance between days.
    pub fn day(&self, episodes: &[Episode], draws: &mut Stream) -> Day {
        let mut told = [0; HALF_HOURS];
        for (place, told) in told.iter_mut().enumerate() {
            let minute = place * HALF_HOUR + draws.below(HALF_HOUR / MINUTES_PER_SLOT) * MINUTES_PER_SLOT;
            let is_under_way = |episode: &&Episode| {
                let start = usize::from(episode.start_minute.unwrap_or_default());
                (start..start + usize::from(episode.minutes)).contains(&minute)
            };
            let under_way = episodes.iter().find(is_under_way);
            *told = under_way.map_or(0, |episode| self.level_2[usize::from(episode.activity)]);
        }
        told
    }
}

/// What was told less finely than it is known, since too few persons did it.
#[derive(Debug, PartialEq)]
pub struct Joined {
    /// Activities told as their level 1, in the order of their places.
    pub as_level_1: BTreeSet<Activity>,
    /// Activities of level 1 told as the rest.
    pub as_rest: BTreeSet<Activity>,
}

/// Tells an activity that fewer than `fewest` persons did as its level 1, with the rarest of its siblings where that is not
/// enough, and a level 1 of so few as the `rest` of the classification.
pub fn join_rare(
    days: &mut [Day],
    person_of: &[usize],
    parents: &BTreeMap<Activity, Activity>,
    rest: Option<Activity>,
    fewest: u64,
) -> Joined {
    let mut joined = Joined { as_level_1: BTreeSet::new(), as_rest: BTreeSet::new() };
    let parent = |activity: &Activity| parents.get(activity).copied().unwrap_or(*activity);
    // Every turn takes one activity out of the file.
    loop {
        let persons = persons_by_activity(days, person_of);
        let Some(rare) = persons.iter().find(|(_, persons)| (persons.len() as u64) < fewest).map(|(rare, _)| *rare)
        else {
            break;
        };
        let siblings = persons.iter().filter(|(sibling, _)| **sibling != rare && parent(sibling) == rare);
        let (from, to) = if parent(&rare) != rare {
            (rare, parent(&rare))
        } else if let Some((sibling, _)) = siblings.min_by_key(|(_, persons)| persons.len()) {
            (*sibling, rare)
        } else if let Some(rest) = rest.filter(|rest| *rest != rare) {
            (rare, rest)
        } else {
            break;
        };
        if to == parent(&from) {
            joined.as_level_1.insert(from)
        } else {
            joined.as_rest.insert(from)
        };
        for told in days.iter_mut().flatten().filter(|told| **told == from) {
            *told = to;
        }
    }
    joined
}

/// Who did each activity.
pub fn persons_by_activity(days: &[Day], person_of: &[usize]) -> BTreeMap<Activity, BTreeSet<usize>> {
    let mut persons: BTreeMap<Activity, BTreeSet<usize>> = BTreeMap::new();
    for (day, person) in days.iter().zip(person_of) {
        for activity in day {
            persons.entry(*activity).or_default().insert(*person);
        }
    }
    persons
}

/// A day's spells: activity, first half hour, half hours.
pub fn spells(day: &Day) -> Vec<(Activity, usize, usize)> {
    let mut spells: Vec<(Activity, usize, usize)> = Vec::new();
    for (place, activity) in day.iter().enumerate() {
        match spells.last_mut() {
            Some((last, _, length)) if last == activity => *length += 1,
            _ => spells.push((*activity, place, 1)),
        }
    }
    spells
}
