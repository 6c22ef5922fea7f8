//! Time spent, participation and the gap between women and men, of any column of minutes.

use super::pending::{Number, Pending};
use super::{AgeStandard, Candidate, EVERYBODY, Indicators, PERCENT};
use crate::estimation::{Linearised, Totals};
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
    /// The age structure for gaps between women and men of one.
    pub standard: Option<&'a AgeStandard>,
}

impl Indicators<'_> {
    /// Time spent, participation rate, participation time, gap and what else was asked of one category; gaps at one age
    /// structure at the end.
    pub fn of_time(&self, question: &TimeQuestion<'_>) -> Vec<Candidate> {
        let minutes = question.minutes;
        let n_domains = match question.standard {
            Some(_) => self.sample.groups.len(),
            None => Indicators::n_domains(question.groups),
        };
        let values = |place: usize| [minutes.minutes[place], 1.0];
        let [time, participation] = self.sample.blocks.totals_of(&minutes.rows, n_domains, values);
        let n_participants = self.count_persons(&minutes.rows);
        let mut candidates = Vec::new();
        for group in question.groups.iter().copied() {
            let mut pending = Pending::default();
            let df_of_participants = self.df_of_participants(group, &participation);
            for domain in self.mean_domains(group) {
                let spent = self.mean(&time, domain);
                let rate = self.mean(&participation, domain);
                let per_participant = match (&spent, &rate) {
                    (Some(spent), Some(rate)) => Linearised::ratio(spent, rate),
                    _ => None,
                };
                let df = self.df(domain);
                let mut add = |indicator, number| {
                    let candidate = Candidate {
                        n_participants: n_participants[group][domain.place],
                        ..self.candidate(indicator, question.category, domain)
                    };
                    pending.add(candidate, number);
                };
                let number = |scale| move |linearised| Number { linearised, scale, degrees_of_freedom: df };
                add(Indicator::TimeSpent, spent.clone().map(number(1.0)));
                add(Indicator::ParticipationRate, rate.map(number(PERCENT)));
                let per_participant = per_participant.map(|linearised| Number {
                    linearised,
                    scale: 1.0,
                    degrees_of_freedom: df_of_participants[domain.place],
                });
                add(Indicator::ParticipationTime, per_participant);
                if question.also.contains(&Indicator::ShareOfDay) {
                    add(Indicator::ShareOfDay, spent.map(number(PERCENT / MINUTES_PER_DAY as f64)));
                }
            }
            self.add_gaps(question, &time, group, &n_participants[group], &mut pending);
            candidates.extend(pending.estimated(self));
        }
        if let Some(standard) = question.standard {
            candidates.extend(self.of_standardised(question.category, &time, &n_participants[EVERYBODY], standard));
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
        pending: &mut Pending,
    ) {
        for (domain, sides) in self.gap_domains(group).zip(&self.sides) {
            let of = |contrast| Linearised::mean(&self.sample.blocks, time, group, contrast);
            let degrees_of_freedom = self.df(domain);
            let ratio = |over: Option<Linearised>, under: Option<Linearised>| {
                let linearised = Linearised::ratio(&over?, &under?)?;
                Some(Number { linearised, scale: PERCENT, degrees_of_freedom })
            };
            let mut add = |indicator, number| {
                let candidate = Candidate {
                    n_participants: n_participants[domain.place],
                    ..self.candidate(indicator, question.category, domain)
                };
                pending.add(candidate, number);
            };
            let gap = self.mean(time, domain);
            add(Indicator::TimeGap, gap.map(|linearised| Number { linearised, scale: 1.0, degrees_of_freedom }));
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
