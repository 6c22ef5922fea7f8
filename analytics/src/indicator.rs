//! The indicators: time spent, participation, tempogram and the women-men gap of every group and kind of day.
//! Everything here is a candidate for publication; only `disclosure` lets numbers out.

use crate::domain::{DayScope, PopulationGroup, SexScope, gap_contrast, mean_contrast};
use crate::estimation::{Column, Contrast, Estimator, Linearised, Totals, t_quantile};
use crate::sample::Sample;
use crate::table::Indicator;
use crate::time_budget::Minutes;
use crate::weighting::DayBalance;

/// Shares are published in percent.
const PERCENT: f64 = 100.0;

/// A number with its precision, before any rule of publication.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The number, in its indicator's unit.
    pub value: f64,
    /// Its standard error; `None` where the design gives none.
    pub standard_error: Option<f64>,
    /// Degrees of freedom in the domain.
    pub degrees_of_freedom: u32,
    /// Half the length of the 95% t interval.
    pub half_width: Option<f64>,
}

/// A number that asks to be published.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// What it measures.
    pub indicator: Indicator,
    /// The activity's place in the classification.
    pub activity: usize,
    /// Of whom.
    pub group: PopulationGroup,
    /// Of which sex.
    pub sex: SexScope,
    /// On which day.
    pub day: DayScope,
    /// The slot of a tempogram.
    pub slot: Option<u8>,
    /// The number; `None` where nobody was observed.
    pub estimate: Option<Estimate>,
    /// Persons in the domain, unweighted.
    pub n_persons: u64,
    /// Persons in the domain who did it, unweighted.
    pub n_participants: u64,
}

/// A sex and day with the contrast that expresses it.
struct Scope {
    sex: SexScope,
    day: DayScope,
    contrast: Contrast,
}

/// What all indicators of one sample share.
pub struct Indicators<'a> {
    sample: &'a Sample,
    estimator: Estimator<'a>,
    means: Vec<Scope>,
    gaps: Vec<Scope>,
    t_quantiles: Vec<f64>,
    /// By group, then scope: means first, gaps after.
    n_persons: Vec<Vec<u64>>,
    degrees_of_freedom: Vec<Vec<u32>>,
}

impl<'a> Indicators<'a> {
    /// Prepares the domains of a sample.
    pub fn new(sample: &'a Sample, balance: DayBalance) -> Indicators<'a> {
        let mean = |sex, day| Scope { sex, day, contrast: mean_contrast(sex, day, balance) };
        let gap = |day| Scope { sex: SexScope::All, day, contrast: gap_contrast(day, balance) };
        let mut indicators = Indicators {
            sample,
            estimator: Estimator::new(&sample.design, &sample.blocks),
            means: SexScope::ALL.iter().flat_map(|sex| DayScope::ALL.map(|day| mean(*sex, day))).collect(),
            gaps: DayScope::ALL.map(gap).into_iter().collect(),
            t_quantiles: (1..=sample.design.n_clusters()).map(|df| t_quantile(0.975, df as f64)).collect(),
            n_persons: Vec::new(),
            degrees_of_freedom: Vec::new(),
        };
        let everyone: Vec<u32> = (0..sample.respondent_of.len() as u32).collect();
        indicators.n_persons = indicators.count_persons(&everyone);
        let degrees = |group| {
            let scopes = indicators.means.iter().chain(&indicators.gaps);
            scopes.map(|scope| indicators.estimator.degrees_of_freedom(group, &scope.contrast)).collect()
        };
        indicators.degrees_of_freedom = (0..sample.groups.len()).map(degrees).collect();
        indicators
    }

    /// Time spent, participation rate, participation time and gap of one activity, for each of `groups`
    /// (places in the sample's groups).
    pub fn of_activity(&self, activity: usize, minutes: &Minutes, groups: &[usize]) -> Vec<Candidate> {
        let ones = vec![1.0; minutes.rows.len()];
        let blocks = &self.sample.blocks;
        let time = blocks.totals(Column { rows: &minutes.rows, values: &minutes.minutes });
        let participation = blocks.totals(Column { rows: &minutes.rows, values: &ones });
        let n_participants = self.count_persons(&minutes.rows);
        let mut candidates = Vec::new();
        for group in groups.iter().copied() {
            for (scope, place) in self.means.iter().zip(0..) {
                let candidate = |indicator, estimate| Candidate {
                    n_participants: n_participants[group][place],
                    ..self.candidate(indicator, activity, group, place, scope, estimate)
                };
                let df = self.degrees_of_freedom[group][place];
                let spent = Linearised::mean(blocks, &time, group, &scope.contrast);
                let rate = Linearised::mean(blocks, &participation, group, &scope.contrast);
                let per_participant = match (&spent, &rate) {
                    (Some(spent), Some(rate)) => Linearised::ratio(spent, rate),
                    _ => None,
                };
                let df_of_participants =
                    || self.estimator.degrees_of_freedom_of_participants(group, &scope.contrast, &participation);
                let spent = spent.map(|spent| self.estimate(&spent, 1.0, df));
                let rate = rate.map(|rate| self.estimate(&rate, PERCENT, df));
                let per_participant = per_participant.map(|minutes| self.estimate(&minutes, 1.0, df_of_participants()));
                candidates.push(candidate(Indicator::TimeSpent, spent));
                candidates.push(candidate(Indicator::ParticipationRate, rate));
                candidates.push(candidate(Indicator::ParticipationTime, per_participant));
            }
            candidates.extend(self.gaps_of(activity, &time, group, &n_participants));
        }
        candidates
    }

    fn gaps_of(&self, activity: usize, time: &Totals, group: usize, n_participants: &[Vec<u64>]) -> Vec<Candidate> {
        let places = self.means.len()..;
        let of_scope = |(scope, place): (&Scope, usize)| {
            let gap = Linearised::mean(&self.sample.blocks, time, group, &scope.contrast);
            let gap = gap.map(|gap| self.estimate(&gap, 1.0, self.degrees_of_freedom[group][place]));
            Candidate {
                n_participants: n_participants[group][place],
                ..self.candidate(Indicator::TimeGap, activity, group, place, scope, gap)
            }
        };
        self.gaps.iter().zip(places).map(of_scope).collect()
    }

    /// The share doing an activity in one slot, for everybody by sex and day.
    pub fn of_slot(&self, activity: usize, slot: u8, occupants: &[u32]) -> Vec<Candidate> {
        let everybody = 0;
        let ones = vec![1.0; occupants.len()];
        let totals = self.sample.blocks.totals(Column { rows: occupants, values: &ones });
        let n_participants = self.count_persons(occupants);
        let of_scope = |(scope, place): (&Scope, usize)| {
            let share = Linearised::mean(&self.sample.blocks, &totals, everybody, &scope.contrast);
            let share = share.map(|share| self.estimate(&share, PERCENT, self.degrees_of_freedom[everybody][place]));
            Candidate {
                slot: Some(slot),
                n_participants: n_participants[everybody][place],
                ..self.candidate(Indicator::ShareAtSlot, activity, everybody, place, scope, share)
            }
        };
        self.means.iter().zip(0..).map(of_scope).collect()
    }

    fn candidate(
        &self,
        indicator: Indicator,
        activity: usize,
        group: usize,
        place: usize,
        scope: &Scope,
        estimate: Option<Estimate>,
    ) -> Candidate {
        Candidate {
            indicator,
            activity,
            group: self.sample.groups[group],
            sex: scope.sex,
            day: scope.day,
            slot: None,
            estimate,
            n_persons: self.n_persons[group][place],
            n_participants: 0,
        }
    }

    fn estimate(&self, number: &Linearised, scale: f64, degrees_of_freedom: u32) -> Estimate {
        let standard_error = self.estimator.standard_error(number).map(|error| error * scale);
        let t = degrees_of_freedom.checked_sub(1).map(|below| self.t_quantiles[below as usize]);
        Estimate {
            value: number.value * scale,
            standard_error,
            degrees_of_freedom,
            half_width: standard_error.zip(t).map(|(error, t)| error * t),
        }
    }

    /// Distinct persons behind observations (ascending), by group and scope.
    fn count_persons(&self, rows: &[u32]) -> Vec<Vec<u64>> {
        let masks: Vec<u16> = self.means.iter().chain(&self.gaps).map(|scope| scope.contrast.classes()).collect();
        let mut counts = vec![vec![0; masks.len()]; self.sample.groups.len()];
        let respondent_of = |row: u32| self.sample.respondent_of[row as usize];
        for of_one in rows.chunk_by(|a, b| respondent_of(*a) == respondent_of(*b)) {
            let classes = of_one.iter().fold(0, |classes, row| classes | 1_u16 << self.sample.class_of[*row as usize]);
            for group in &self.sample.groups_of[respondent_of(of_one[0]) as usize] {
                for (count, mask) in counts[*group].iter_mut().zip(&masks) {
                    *count += u64::from(classes & mask != 0);
                }
            }
        }
        counts
    }
}
