//! Episodes of each category: how many a day has, their minutes, when the first begins and the last ends.

use super::category::Membership;
use crate::snapshot::Episode;

/// The episodes of one category by observation; days without it are left out. An episode is the longest run of
/// minutes in the category: where only the company changes, or one activity of the category follows another, it goes
/// on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Spells {
    /// Numbers of the observations, ascending.
    pub rows: Vec<u32>,
    /// Their episodes, at least one.
    pub count: Vec<f64>,
    /// Their minutes in the category.
    pub minutes: Vec<f64>,
    /// When the first begins, in minutes after 04:00.
    pub first_start: Vec<f64>,
    /// When the last ends, in minutes after 04:00.
    pub last_end: Vec<f64>,
}

impl Spells {
    fn add(&mut self, row: u32, start: f64, minutes: f64) {
        let place = self.rows.len().wrapping_sub(1);
        if self.rows.last() != Some(&row) {
            self.rows.push(row);
            self.count.push(1.0);
            self.minutes.push(minutes);
            self.first_start.push(start);
            self.last_end.push(start + minutes);
            return;
        }
        if self.last_end[place] != start {
            self.count[place] += 1.0;
        }
        self.minutes[place] += minutes;
        self.last_end[place] = start + minutes;
    }
}

/// The episodes of the first `n_categories` categories over the observed days, whose episodes must follow each other
/// in time. Episodes without a start are left out.
pub fn spells(days: &[&[Episode]], membership: &Membership, n_categories: usize) -> Vec<Spells> {
    let mut spells = vec![Spells::default(); n_categories];
    let mut places = Vec::new();
    for (observation, episodes) in days.iter().enumerate() {
        for episode in *episodes {
            let Some(start) = episode.start_minute else { continue };
            membership.of(episode, &mut places);
            for place in places.iter().filter(|place| **place < n_categories) {
                spells[*place].add(observation as u32, f64::from(start), f64::from(episode.minutes));
            }
        }
    }
    spells
}
