//! Minutes per diary and category: episodes are added up into one sparse column per category.

use rayon::prelude::*;

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

/// Days that a thread goes through at once; their columns are joined in the days' order.
pub(crate) const DAYS_AT_A_TIME: usize = 1 << 14;

/// Adds up, over the observed `days`, the minutes of each of `n_categories`.
pub fn minutes_by_category(days: &[&[Episode]], membership: &Membership, n_categories: usize) -> Vec<Minutes> {
    sums_by_category(days, n_categories, |episode, add| {
        let minutes = f64::from(episode.minutes);
        membership.for_each(episode, |place| add(place, minutes));
    })
}

/// Adds up, over the observed `days`, what `tell` tells of each episode: a category and an amount above zero.
pub(crate) fn sums_by_category(
    days: &[&[Episode]],
    n_categories: usize,
    tell: impl Fn(&Episode, &mut dyn FnMut(usize, f64)) + Sync,
) -> Vec<Minutes> {
    let of_part = |(part, days): (usize, &[&[Episode]])| {
        let mut sums = vec![Minutes::default(); n_categories];
        for (row, episodes) in (part * DAYS_AT_A_TIME..).zip(days) {
            for episode in *episodes {
                tell(episode, &mut |place, amount| sums[place].add(row as u32, amount));
            }
        }
        sums
    };
    let parts: Vec<Vec<Minutes>> = days.par_chunks(DAYS_AT_A_TIME).enumerate().map(of_part).collect();
    (0..n_categories)
        .into_par_iter()
        .map(|place| Minutes {
            rows: joined(&parts, |part| &part[place].rows),
            minutes: joined(&parts, |part| &part[place].minutes),
        })
        .collect()
}

/// What the parts have of a column, one after the other.
pub(crate) fn joined<P, T: Copy>(parts: &[P], column: impl Fn(&P) -> &[T]) -> Vec<T> {
    let mut all = Vec::with_capacity(parts.iter().map(|part| column(part).len()).sum());
    parts.iter().for_each(|part| all.extend_from_slice(column(part)));
    all
}

/// The episodes of the observed days, in the order of the observations: what is gone through again and again then lies in
/// the order in which it is read.
#[derive(Debug)]
pub struct ObservedDays {
    /// Those of [`DAYS_AT_A_TIME`] days each.
    parts: Vec<Vec<Episode>>,
    /// By day.
    n_episodes: Vec<u32>,
}

impl ObservedDays {
    /// Takes, from `episodes` that lie diary by diary, the days of `diaries`, given as places among the snapshot's
    /// `n_diaries`.
    pub fn new(episodes: &[Episode], n_diaries: usize, diaries: &[u32]) -> ObservedDays {
        let mut ends = vec![0; n_diaries + 1];
        for episode in episodes {
            ends[episode.diary as usize + 1] += 1;
        }
        for diary in 0..n_diaries {
            ends[diary + 1] += ends[diary];
        }
        let day = |diary: &u32| &episodes[ends[*diary as usize]..ends[*diary as usize + 1]];
        let of_part = |diaries: &[u32]| {
            let mut part = Vec::with_capacity(diaries.iter().map(|diary| day(diary).len()).sum());
            diaries.iter().for_each(|diary| part.extend_from_slice(day(diary)));
            part
        };
        ObservedDays {
            parts: diaries.par_chunks(DAYS_AT_A_TIME).map(of_part).collect(),
            n_episodes: diaries.iter().map(|diary| day(diary).len() as u32).collect(),
        }
    }

    /// The episodes of each day.
    pub fn days(&self) -> Vec<&[Episode]> {
        let mut days = Vec::with_capacity(self.n_episodes.len());
        for (part, lengths) in self.parts.iter().zip(self.n_episodes.chunks(DAYS_AT_A_TIME)) {
            let mut left = part.as_slice();
            for length in lengths {
                let (day, after) = left.split_at(*length as usize);
                days.push(day);
                left = after;
            }
        }
        days
    }
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

#[cfg(test)]
mod tests {
    use questionnaires::Companions;

    use super::*;

    fn episode(diary: u32, minutes: u16, activity: u16) -> Episode {
        Episode {
            diary,
            start_minute: Some(0),
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
    fn days_of_all_parts_are_there_in_the_order_of_the_observations() {
        let n_diaries = 2 * DAYS_AT_A_TIME + 7;
        // Two episodes a day of activity 0, and one of activity 1 on every third; the last diary has none.
        let of_diary = |diary: u32| {
            let third = diary.is_multiple_of(3).then(|| episode(diary, 5, 1));
            [episode(diary, 1 + (diary % 100) as u16, 0), episode(diary, 20, 0)].into_iter().chain(third)
        };
        let episodes: Vec<Episode> = (0..n_diaries as u32 - 1).flat_map(of_diary).collect();
        let diaries: Vec<u32> = (0..n_diaries as u32).rev().collect();
        let observed = ObservedDays::new(&episodes, n_diaries, &diaries);
        let days = observed.days();
        assert_eq!(days.len(), n_diaries);
        assert!(days[0].is_empty());
        assert!(days[1..].iter().zip(&diaries[1..]).all(|(day, diary)| day.iter().copied().eq(of_diary(*diary))));

        let sums = sums_by_category(&days, 2, |episode, add| add(episode.activity.into(), episode.minutes.into()));
        let expected = |wanted: u16| -> (Vec<u32>, Vec<f64>) {
            let of_day = |(row, day): (u32, &&[Episode])| {
                let minutes = day.iter().filter(|one| one.activity == wanted).map(|one| f64::from(one.minutes));
                (row, minutes.sum::<f64>())
            };
            (0..).zip(&days).map(of_day).filter(|(_, minutes)| *minutes > 0.0).unzip()
        };
        for (activity, Minutes { rows, minutes }) in (0..).zip(sums) {
            assert!(rows.last().is_some_and(|last| *last as usize > 2 * DAYS_AT_A_TIME));
            assert_eq!((rows, minutes), expected(activity));
        }
    }
}
