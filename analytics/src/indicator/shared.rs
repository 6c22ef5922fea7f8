//! Time that two adults of a household share: means over pairs.

use rayon::prelude::*;

use super::pending::{Number, Pending};
use super::{Candidate, Indicators};
use crate::domain::SexScope;
use crate::estimation::{Column, Linearised};
use crate::table::Indicator;
use crate::time_budget::Minutes;

/// Pairs of days of two adults of one household, half of each pair put down to either day. Then a mean over pairs is a
/// ratio of two sums over the sample's own days, and weights, clusters and post-strata need no second description.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PairTime {
    /// For each day in a pair, half the number of its pairs.
    pub pairs: Minutes,
    /// By category, half the minutes that its pairs share.
    pub minutes: Vec<Minutes>,
}

impl Indicators<'_> {
    /// Minutes shared, by category (the first at place `first` among those of the run), group and kind of day. A pair
    /// weighs as much as the mean of its two days.
    pub fn of_shared(&self, first: usize, time: &PairTime, groups: &[usize]) -> Vec<Vec<Candidate>> {
        let blocks = &self.sample.blocks;
        let pairs = blocks.totals(Column { rows: &time.pairs.rows, values: &time.pairs.minutes });
        let n_paired = self.count_persons(&time.pairs.rows);
        let df_of_paired: Vec<Vec<u32>> =
            (0..self.sample.groups.len()).map(|group| self.df_of_participants(group, &pairs)).collect();
        let of_category = |(place, minutes): (usize, &Minutes)| {
            let shared = blocks.totals(Column { rows: &minutes.rows, values: &minutes.minutes });
            let n_participants = self.count_persons(&minutes.rows);
            let mut candidates = Vec::new();
            for group in groups.iter().copied() {
                let mut pending = Pending::default();
                for domain in self.mean_domains(group).filter(|domain| domain.scope.sex == SexScope::All) {
                    let ratio = || Linearised::ratio(&self.mean(&shared, domain)?, &self.mean(&pairs, domain)?);
                    let degrees_of_freedom = df_of_paired[group][domain.place];
                    let all = self.candidate(Indicator::SharedTime, first + place, domain);
                    let candidate = Candidate {
                        weight: all.weight * self.mean(&pairs, domain).map_or(0.0, |mean| mean.value),
                        n_persons: n_paired[group][domain.place],
                        n_participants: n_participants[group][domain.place],
                        ..all
                    };
                    let number = |linearised| Number { linearised, scale: 1.0, degrees_of_freedom };
                    pending.add(candidate, ratio().map(number));
                }
                candidates.extend(pending.estimated(self));
            }
            candidates
        };
        time.minutes.par_iter().enumerate().map(of_category).collect()
    }
}
