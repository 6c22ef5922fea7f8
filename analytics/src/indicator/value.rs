//! The monetary value of time, per person and day, and of a population in a year.

use rayon::prelude::*;

use super::pending::{Number, Pending};
use super::{Candidate, Indicators};
use crate::domain::{DayScope, PopulationGroup};
use crate::estimation::Column;
use crate::table::Indicator;
use crate::time_budget::Minutes;

/// Days of the year that a yearly value stands for.
const DAYS_PER_YEAR: f64 = 365.0;

impl Indicators<'_> {
    /// Euros per person and day for each of `groups`; for everybody and by age also euros per year, which is 365 times
    /// the population times the mean of the average day. The population is the sum of the persons' weights, taken as
    /// known, as it is after post-stratification by sex and age; so target groups get no yearly value.
    ///
    /// `euros` holds a day's euros where a budget holds its minutes.
    pub fn of_value(&self, category: usize, euros: &Minutes, groups: &[usize]) -> Vec<Candidate> {
        let totals = self.sample.blocks.totals(Column { rows: &euros.rows, values: &euros.minutes });
        let n_participants = self.count_persons(&euros.rows);
        let of_group = |group: &usize| {
            let population = self.population(*group);
            let mut pending = Pending::default();
            for domain in self.mean_domains(*group) {
                let per_day = self.mean(&totals, domain);
                let mut add = |indicator, scale| {
                    let candidate = Candidate {
                        n_participants: n_participants[*group][domain.place],
                        ..self.candidate(indicator, category, domain)
                    };
                    let degrees_of_freedom = self.df(domain);
                    let number = |linearised| Number { linearised, scale, degrees_of_freedom };
                    pending.add(candidate, per_day.clone().map(number));
                };
                add(Indicator::ValuePerDay, 1.0);
                let is_counted = !matches!(self.sample.groups[*group], PopulationGroup::Target(_));
                if is_counted && domain.scope.day == DayScope::Average {
                    add(Indicator::ValuePerYear, DAYS_PER_YEAR * population[domain.place]);
                }
            }
            pending.estimated(self)
        };
        groups.par_iter().flat_map_iter(of_group).collect()
    }

    /// The persons whom a group stands for, by scope: a person's weight is the mean of the days' weights.
    fn population(&self, group: usize) -> Vec<f64> {
        let sample = self.sample;
        let masks = self.masks();
        let mut population = vec![0.0; masks.len()];
        let rows: Vec<usize> = (0..sample.observations.len()).collect();
        for days in rows.chunk_by(|one, other| sample.respondent_of[*one] == sample.respondent_of[*other]) {
            if !sample.groups_of[sample.respondent_of[days[0]] as usize].contains(&group) {
                continue;
            }
            let weight = days.iter().map(|row| sample.observations[*row].weight).sum::<f64>() / days.len() as f64;
            let classes = days.iter().fold(0_u16, |classes, row| classes | 1 << sample.class_of[*row]);
            for (population, mask) in population.iter_mut().zip(&masks) {
                if classes & mask != 0 {
                    *population += weight;
                }
            }
        }
        population
    }
}
