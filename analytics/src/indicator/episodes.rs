//! Episodes: how many a day has, how long they last, when the first begins and the last ends.

use super::pending::{Number, Pending};
use super::{Candidate, Indicators};
use crate::estimation::{Column, Linearised, Totals};
use crate::measure::Spells;
use crate::table::Indicator;

/// What is asked of a category's episodes.
#[derive(Debug, Clone, Copy)]
pub struct EpisodeQuestion<'a> {
    /// The category's place among those of the run.
    pub category: usize,
    /// Its episodes, day by day.
    pub spells: &'a Spells,
    /// The groups wanted, as places in the sample's.
    pub groups: &'a [usize],
}

impl Indicators<'_> {
    /// Episodes per day over everybody; minutes per episode, first start and last end among those who did it.
    pub fn of_episodes(&self, question: &EpisodeQuestion<'_>) -> Vec<Candidate> {
        let spells = question.spells;
        let totals = |values: &[f64]| self.sample.blocks.totals(Column { rows: &spells.rows, values });
        let participation = totals(&vec![1.0; spells.rows.len()]);
        let count = totals(&spells.count);
        let [minutes, first, last] = [&spells.minutes, &spells.first_start, &spells.last_end].map(|of| totals(of));
        let n_participants = self.count_persons(&spells.rows);
        let mut candidates = Vec::new();
        for group in question.groups.iter().copied() {
            let mut pending = Pending::default();
            for domain in self.mean_domains(group) {
                let ratio = |over: &Totals, under: &Totals| {
                    let linearised = Linearised::ratio(&self.mean(over, domain)?, &self.mean(under, domain)?)?;
                    let degrees_of_freedom = self.df_of_participants(domain, &participation);
                    Some(Number { linearised, scale: 1.0, degrees_of_freedom })
                };
                let degrees_of_freedom = self.df(domain);
                let per_day = self.mean(&count, domain);
                let per_day = per_day.map(|linearised| Number { linearised, scale: 1.0, degrees_of_freedom });
                let found = [
                    (Indicator::EpisodesPerDay, per_day),
                    (Indicator::EpisodeLength, ratio(&minutes, &count)),
                    (Indicator::FirstStart, ratio(&first, &participation)),
                    (Indicator::LastEnd, ratio(&last, &participation)),
                ];
                for (indicator, number) in found {
                    let candidate = Candidate {
                        n_participants: n_participants[group][domain.place],
                        ..self.candidate(indicator, question.category, domain)
                    };
                    pending.add(candidate, number);
                }
            }
            candidates.extend(pending.estimated(self));
        }
        candidates
    }
}
