//! Episodes of each category: how many a day has, their minutes, when the first begins and the last ends.

use questionnaires::slot::MINUTES_PER_DAY;
use rayon::prelude::*;

use super::membership::Membership;
use crate::snapshot::Episode;
use crate::time_budget::{DAYS_AT_A_TIME, Minutes, joined};

/// The episodes of one category by observation; days without it are left out. An episode is the longest run of minutes
/// in the category: where only the company changes, or one activity of the category follows another, it goes on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Spells {
    /// Numbers of the observations, ascending.
    pub rows: Vec<u32>,
    /// Their episodes, at least one.
    pub count: Vec<f64>,
    /// Their minutes in the category.
    pub minutes: Vec<f64>,
    /// When the first begins, in minutes after 04:00. What is under way at 04:00 began before the diary did, and does
    /// not count: the first start of sleep is going to bed.
    pub first_start: Minutes,
    /// When the last ends, in minutes after 04:00; what is under way at the end of the day does not count.
    pub last_end: Minutes,
}

/// An episode that may still go on.
#[derive(Debug, Clone, Copy)]
struct Open {
    row: u32,
    start: u16,
    end: u16,
}

impl Spells {
    /// Takes in an episode that is over; episodes come in order.
    fn close(&mut self, Open { row, start, end }: Open) {
        let minutes = f64::from(end - start);
        match (self.rows.last() == Some(&row), self.count.last_mut(), self.minutes.last_mut()) {
            (true, Some(count), Some(sum)) => {
                *count += 1.0;
                *sum += minutes;
            }
            _ => {
                self.rows.push(row);
                self.count.push(1.0);
                self.minutes.push(minutes);
            }
        }
        if start > 0 && self.first_start.rows.last() != Some(&row) {
            self.first_start.add(row, f64::from(start));
        }
        if usize::from(end) < MINUTES_PER_DAY {
            match (self.last_end.rows.last() == Some(&row), self.last_end.minutes.last_mut()) {
                (true, Some(last)) => *last = f64::from(end),
                _ => self.last_end.add(row, f64::from(end)),
            }
        }
    }
}

/// The episodes of `n_categories` over the observed days, whose episodes must follow each other in time. Episodes without
/// a start are left out.
pub fn spells(days: &[&[Episode]], membership: &Membership, n_categories: usize) -> Vec<Spells> {
    let of_part = |(part, days): (usize, &[&[Episode]])| {
        let mut spells = vec![Spells::default(); n_categories];
        let mut open: Vec<Option<Open>> = vec![None; n_categories];
        for (row, episodes) in (part * DAYS_AT_A_TIME..).zip(days) {
            for episode in *episodes {
                let Some(start) = episode.start_minute else { continue };
                membership.for_each(episode, |place| {
                    let (row, end) = (row as u32, start + episode.minutes);
                    match &mut open[place] {
                        Some(going_on) if (going_on.row, going_on.end) == (row, start) => going_on.end = end,
                        other => {
                            let over = other.replace(Open { row, start, end });
                            over.into_iter().for_each(|over| spells[place].close(over));
                        }
                    }
                });
            }
        }
        for (spells, open) in spells.iter_mut().zip(open) {
            open.into_iter().for_each(|over| spells.close(over));
        }
        spells
    };
    let parts: Vec<Vec<Spells>> = days.par_chunks(DAYS_AT_A_TIME).enumerate().map(of_part).collect();
    let times = |of: &dyn Fn(&Vec<Spells>) -> &Minutes| Minutes {
        rows: joined(&parts, |part| &of(part).rows),
        minutes: joined(&parts, |part| &of(part).minutes),
    };
    (0..n_categories)
        .map(|place| Spells {
            rows: joined(&parts, |part| &part[place].rows),
            count: joined(&parts, |part| &part[place].count),
            minutes: joined(&parts, |part| &part[place].minutes),
            first_start: times(&|part| &part[place].first_start),
            last_end: times(&|part| &part[place].last_end),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_episode_goes_on_through_changes_within_and_what_lies_beyond_the_day_has_no_time() {
        let mut spells = Spells::default();
        // Under way at 04:00; once more in two pieces; under way at the end.
        for (start, end) in [(0, 180), (600, 690), (1200, 1440)] {
            spells.close(Open { row: 3, start, end });
        }
        spells.close(Open { row: 5, start: 0, end: 1440 });
        assert_eq!(
            (&spells.rows[..], &spells.count[..], &spells.minutes[..]),
            (&[3, 5][..], &[3.0, 1.0][..], &[510.0, 1440.0][..])
        );
        assert_eq!(spells.first_start, Minutes { rows: vec![3], minutes: vec![600.0] });
        assert_eq!(spells.last_end, Minutes { rows: vec![3], minutes: vec![690.0] });
    }
}
