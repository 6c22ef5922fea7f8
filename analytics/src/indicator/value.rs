//! The monetary value of time, per person and day, and of a population in a year.

use rayon::prelude::*;

use super::pending::{Number, Pending};
use super::{Candidate, Indicators};
use crate::domain::DayScope;
use crate::estimation::{Column, Linearised};
use crate::table::Indicator;
use crate::time_budget::Minutes;

/// Days of the year that a yearly value stands for.
const DAYS_PER_YEAR: f64 = 365.0;

impl Indicators<'_> {
    /// Euros per person and day for each of `groups`, and euros per year: 365 times the persons of the group times the
    /// mean of the average day. The persons are an estimate too, the sum of their weights, and their error counts: it is
    /// nothing where post-stratification fixes them, as for everybody and the age groups.
    ///
    /// `euros` holds a day's euros where a budget holds its minutes.
    pub fn of_value(&self, category: usize, euros: &Minutes, groups: &[usize]) -> Vec<Candidate> {
        let blocks = &self.sample.blocks;
        let totals = blocks.totals(Column { rows: &euros.rows, values: &euros.minutes });
        let shares = self.days_as_shares_of_persons();
        let every_row: Vec<u32> = (0..shares.len() as u32).collect();
        let persons = blocks.totals(Column { rows: &every_row, values: &shares });
        let n_participants = self.count_persons(&euros.rows);
        let of_group = |group: &usize| {
            let mut pending = Pending::default();
            for domain in self.mean_domains(*group) {
                let per_day = self.mean(&totals, domain);
                let mut add = |indicator, number: Option<Linearised>, scale| {
                    let candidate = Candidate {
                        n_participants: n_participants[*group][domain.place],
                        ..self.candidate(indicator, category, domain)
                    };
                    let degrees_of_freedom = self.df(domain);
                    pending.add(candidate, number.map(|linearised| Number { linearised, scale, degrees_of_freedom }));
                };
                add(Indicator::ValuePerDay, per_day.clone(), 1.0);
                if domain.scope.day == DayScope::Average {
                    let persons = Linearised::total(&persons, *group, domain.scope.contrast.classes());
                    let per_year = per_day.map(|per_day| Linearised::product(&persons, &per_day));
                    add(Indicator::ValuePerYear, per_year, DAYS_PER_YEAR);
                }
            }
            pending.estimated(self)
        };
        groups.par_iter().flat_map_iter(of_group).collect()
    }

    /// For each day of the sample one over the days of its person, so that weights times these add up to persons.
    fn days_as_shares_of_persons(&self) -> Vec<f64> {
        let of_person = self.sample.respondent_of.chunk_by(|one, other| one == other);
        of_person.flat_map(|days| days.iter().map(|_| 1.0 / days.len() as f64)).collect()
    }
}
