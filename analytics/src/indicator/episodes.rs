//! Episodes: how many a day has, how long they last, when the first begins and the last ends.

use super::pending::{Number, Pending};
use super::{Candidate, Indicators};
use crate::estimation::{Linearised, Totals};
use crate::measure::Spells;
use crate::table::Indicator;
use crate::time_budget::Minutes;

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
    /// Episodes per day over everybody; minutes per episode, first start and last
    /// end among those who began, or stopped, within the day.
    pub fn of_episodes(&self, question: &EpisodeQuestion<'_>) -> Vec<Candidate> {
        let spells = question.spells;
        let (blocks, n_domains) = (&self.sample.blocks, Indicators::n_domains(question.groups));
        let [participation, count, minutes] =
            blocks.totals_of(&spells.rows, n_domains, |place| [1.0, spells.count[place], spells.minutes[place]]);
        let clock_times =
            |times: &Minutes| blocks.totals_of(&times.rows, n_domains, |place| [1.0, times.minutes[place]]);
        let [started, first] = clock_times(&spells.first_start);
        let [ended, last] = clock_times(&spells.last_end);
        let n_participants = self.count_persons(&spells.rows);
        let n_started = self.count_persons(&spells.first_start.rows);
        let n_ended = self.count_persons(&spells.last_end.rows);
        let mut candidates = Vec::new();
        for group in question.groups.iter().copied() {
            let mut pending = Pending::default();
            let [df_of_all, df_of_started, df_of_ended] =
                [&participation, &started, &ended].map(|totals| self.df_of_participants(group, totals));
            for domain in self.mean_domains(group) {
                let ratio = |over: &Totals, under: &Totals, df_of_participants: &[u32]| {
                    let linearised = Linearised::ratio(&self.mean(over, domain)?, &self.mean(under, domain)?)?;
                    let degrees_of_freedom = df_of_participants[domain.place];
                    Some(Number { linearised, scale: 1.0, degrees_of_freedom })
                };
                let degrees_of_freedom = self.df(domain);
                let per_day = self.mean(&count, domain);
                let per_day = per_day.map(|linearised| Number { linearised, scale: 1.0, degrees_of_freedom });
                let share = |of: &Totals| self.mean(of, domain).map_or(0.0, |mean| mean.value);
                let found = [
                    (Indicator::EpisodesPerDay, per_day, &n_participants, 1.0),
                    (Indicator::EpisodeLength, ratio(&minutes, &count, &df_of_all), &n_participants, 1.0),
                    (Indicator::FirstStart, ratio(&first, &started, &df_of_started), &n_started, share(&started)),
                    (Indicator::LastEnd, ratio(&last, &ended, &df_of_ended), &n_ended, share(&ended)),
                ];
                for (indicator, number, behind, share) in found {
                    let all = self.candidate(indicator, question.category, domain);
                    let candidate = Candidate {
                        weight: all.weight * share,
                        // Where nobody began or stopped within the day, those who did it are who could be told of.
                        n_participants: match behind[group][domain.place] {
                            0 => n_participants[group][domain.place],
                            n => n,
                        },
                        ..all
                    };
                    pending.add(candidate, number);
                }
            }
            candidates.extend(pending.estimated(self));
        }
        candidates
    }
}
