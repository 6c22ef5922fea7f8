//! Minutes per diary and category: episodes are added up into one sparse column per category.

use std::ops::Range;

use crate::measure::Membership;
use crate::snapshot::Episode;
use crate::table::ClassificationRow;

/// Which codes a reported activity is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Members {
    included: Vec<String>,
    taken_out: Vec<String>,
}

impl Members {
    /// Reads the column `members` of a classification: prefixes of codes, those led by `-` taken out.
    pub fn parse(text: &str) -> Members {
        let (taken_out, included): (Vec<&str>, Vec<&str>) =
            text.split_whitespace().partition(|prefix| prefix.starts_with('-'));
        Members {
            included: included.into_iter().map(str::to_owned).collect(),
            taken_out: taken_out.into_iter().map(|prefix| prefix[1..].to_owned()).collect(),
        }
    }

    /// Whether `code` is one of them.
    pub fn contain(&self, code: &str) -> bool {
        let begins_with = |prefixes: &[String]| prefixes.iter().any(|prefix| code.starts_with(prefix.as_str()));
        begins_with(&self.included) && !begins_with(&self.taken_out)
    }
}

/// Why time cannot be told apart by activity.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClassificationError {
    /// A code lies in no activity of level 1, or in several: level 1 must divide the day.
    #[error(
        "the activity code `{code}` lies in {n_activities} activities of level 1 of the classification instead of \
         one{}. Nothing was written; correct the column `members` of `classification` at its source.",
        listed(activities)
    )]
    NotAPartition {
        /// The code.
        code: String,
        /// In how many it lies.
        n_activities: usize,
        /// In which.
        activities: Vec<String>,
    },
}

fn listed(activities: &[String]) -> String {
    if activities.is_empty() { String::new() } else { format!(" ({})", activities.join(", ")) }
}

/// For each code of `codes`, the activities of `classification` it belongs to, as places in it.
pub fn activities_of_codes(
    codes: &[String],
    classification: &[ClassificationRow],
) -> Result<Vec<Vec<usize>>, ClassificationError> {
    let members: Vec<Members> = classification.iter().map(|row| Members::parse(&row.members)).collect();
    let mut of_codes = Vec::with_capacity(codes.len());
    for code in codes {
        let places: Vec<usize> = (0..members.len()).filter(|place| members[*place].contain(code)).collect();
        let level_1: Vec<String> = places
            .iter()
            .filter(|place| classification[**place].level == 1)
            .map(|place| classification[*place].code.clone())
            .collect();
        if level_1.len() != 1 {
            return Err(ClassificationError::NotAPartition {
                code: code.clone(),
                n_activities: level_1.len(),
                activities: level_1,
            });
        }
        of_codes.push(places);
    }
    Ok(of_codes)
}

/// The minutes of one category, by observation; diaries without it are left out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Minutes {
    /// Numbers of the observations, ascending.
    pub rows: Vec<u32>,
    /// Their minutes, above zero.
    pub minutes: Vec<f64>,
}

/// Adds up, over the observed `days`, the minutes of each of the categories `wanted`, given by their places.
pub fn minutes_by_category(days: &[&[Episode]], membership: &Membership, wanted: Range<usize>) -> Vec<Minutes> {
    let mut budget = vec![Minutes::default(); wanted.len()];
    let mut places = Vec::new();
    for (observation, episodes) in days.iter().enumerate() {
        for episode in *episodes {
            membership.of(episode, &mut places);
            for place in places.iter().filter(|place| wanted.contains(place)) {
                budget[place - wanted.start].add(observation as u32, f64::from(episode.minutes));
            }
        }
    }
    budget
}

/// Cuts `episodes`, which lie diary by diary, into the days of `diaries`, given as places in the snapshot.
pub fn days<'a>(episodes: &'a [Episode], diaries: &[u32]) -> Vec<&'a [Episode]> {
    let day_of = |diary: u32| {
        let first = episodes.partition_point(|episode| episode.diary < diary);
        let after = episodes.partition_point(|episode| episode.diary <= diary);
        &episodes[first..after]
    };
    diaries.iter().map(|diary| day_of(*diary)).collect()
}

impl Minutes {
    /// Adds minutes to an observation that is not before the last one.
    pub(crate) fn add(&mut self, row: u32, minutes: f64) {
        match (self.rows.last(), self.minutes.last_mut()) {
            (Some(last), Some(sum)) if *last == row => *sum += minutes,
            _ => {
                self.rows.push(row);
                self.minutes.push(minutes);
            }
        }
    }
}
