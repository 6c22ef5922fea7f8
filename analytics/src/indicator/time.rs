//! Time spent, participation and the gap between women and men, of any column of minutes.

use super::{Candidate, Indicators, PERCENT};
use crate::estimation::{Column, Linearised, Totals};
use crate::table::Indicator;
use crate::time_budget::Minutes;
use questionnaires::slot::MINUTES_PER_DAY;

/// What is asked of a category's minutes.
#[derive(Debug, Clone, Copy)]
pub struct TimeQuestion<'a> {
    /// The category's place among those of the run.
    pub category: usize,
    /// Its minutes.
    pub minutes: &'a Minutes,
    /// The groups wanted, as places in the sample's.
    pub groups: &'a [usize],
    /// What is wanted besides Eurostat's three measures and the gap: [`Indicator::ShareOfDay`],
    /// [`Indicator::RelativeGap`] or [`Indicator::Asymmetry`].
    pub also: &'a [Indicator],
}

impl Indicators<'_> {
    /// Time spent, participation rate, participation time, gap and what else was asked of one category.
    pub fn of_time(&self, question: &TimeQuestion<'_>) -> Vec<Candidate> {
        let minutes = question.minutes;
        let ones = vec![1.0; minutes.rows.len()];
        let blocks = &self.sample.blocks;
        let time = blocks.totals(Column { rows: &minutes.rows, values: &minutes.minutes });
        let participation = blocks.totals(Column { rows: &minutes.rows, values: &ones });
        let n_participants = self.count_persons(&minutes.rows);
        let mut candidates = Vec::new();
        for group in question.groups.iter().copied() {
            for domain in self.mean_domains(group) {
                let spent = self.mean(&time, domain);
                let rate = self.mean(&participation, domain);
                let per_participant = match (&spent, &rate) {
                    (Some(spent), Some(rate)) => Linearised::ratio(spent, rate),
                    _ => None,
                };
                let df = self.df(domain);
                let df_of_participants = || self.df_of_participants(domain, &participation);
                let share = |spent: &Linearised| self.estimate(spent, PERCENT / MINUTES_PER_DAY as f64, df);
                let mut add = |indicator, estimate| {
                    candidates.push(Candidate {
                        estimate,
                        n_participants: n_participants[group][domain.place],
                        ..self.candidate(indicator, question.category, domain)
                    });
                };
                add(Indicator::TimeSpent, spent.as_ref().map(|spent| self.estimate(spent, 1.0, df)));
                add(Indicator::ParticipationRate, rate.map(|rate| self.estimate(&rate, PERCENT, df)));
                let per_participant = per_participant.map(|minutes| self.estimate(&minutes, 1.0, df_of_participants()));
                add(Indicator::ParticipationTime, per_participant);
                if question.also.contains(&Indicator::ShareOfDay) {
                    add(Indicator::ShareOfDay, spent.as_ref().map(share));
                }
            }
            self.add_gaps(question, &time, group, &n_participants[group], &mut candidates);
        }
        candidates
    }

    /// The gap F - M, and on demand (F - M) / M and F / (F + M): ratios of contrasts, so their variances hold the
    /// covariance of women and men.
    fn add_gaps(
        &self,
        question: &TimeQuestion<'_>,
        time: &Totals,
        group: usize,
        n_participants: &[u64],
        candidates: &mut Vec<Candidate>,
    ) {
        for (domain, sides) in self.gap_domains(group).zip(&self.sides) {
            let of = |contrast| Linearised::mean(&self.sample.blocks, time, group, contrast);
            let df = self.df(domain);
            let ratio = |over: Option<Linearised>, under: Option<Linearised>| {
                Some(self.estimate(&Linearised::ratio(&over?, &under?)?, PERCENT, df))
            };
            let mut add = |indicator, estimate| {
                candidates.push(Candidate {
                    estimate,
                    n_participants: n_participants[domain.place],
                    ..self.candidate(indicator, question.category, domain)
                });
            };
            add(Indicator::TimeGap, self.mean(time, domain).map(|gap| self.estimate(&gap, 1.0, df)));
            for also in question.also {
                match also {
                    Indicator::RelativeGap => add(*also, ratio(self.mean(time, domain), of(&sides.men))),
                    Indicator::Asymmetry => add(*also, ratio(of(&sides.women), of(&sides.both))),
                    _ => {}
                }
            }
        }
    }
}
