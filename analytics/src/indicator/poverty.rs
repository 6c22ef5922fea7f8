//! Time poverty: the share of days with too little free time, or with too much work.
//!
//! Minutes come in slots of ten, and a line at a share of the median would jump with the median from slot to slot: a
//! number that jumps has no linearisation (in simulations the standard error of such a rate came out a sixth too small). So
//! a day of y minutes is taken as spread evenly over y - 5 to y + 5, for the median and for the rate alike.

use questionnaires::DayKind;
use questionnaires::slot::MINUTES_PER_SLOT;
use rayon::prelude::*;

use super::{Candidate, Domain, EVERYBODY, Estimate, Indicators, PERCENT};
use crate::domain::{DayScope, classes};
use crate::estimation::Column;
use crate::snapshot::Sex;
use crate::table::Indicator;
use crate::time_budget::Minutes;

/// Minutes in a slot.
const SLOT: f64 = MINUTES_PER_SLOT as f64;

/// When a day counts as poor in time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum PovertyLine {
    /// Below this share (0.6, say) of the median of everybody's days of the same kind.
    BelowShareOfMedian(f64),
    /// Above this many minutes.
    Above(f64),
}

/// A kind of day (or all, where weights balance them) with the line drawn on it.
struct Pool {
    /// Its part of the average day.
    share: f64,
    /// Its classes, a bit each.
    classes: u16,
    line: Line,
}

/// A share of the median, with what its being an estimate does to others.
struct Line {
    value: f64,
    bandwidth: f64,
    /// For each observation of the sample, the influence on the line; zero outside the pool.
    scores: Vec<f64>,
}

impl Indicators<'_> {
    /// The share of days that are poor in time, for each of `groups` (places in the sample's).
    pub fn of_poverty(
        &self,
        category: usize,
        minutes: &Minutes,
        line: PovertyLine,
        groups: &[usize],
    ) -> Vec<Candidate> {
        match line {
            PovertyLine::Above(limit) => self.above(category, minutes, limit, groups),
            PovertyLine::BelowShareOfMedian(share) => self.below_median(category, minutes, share, groups),
        }
    }

    fn above(&self, category: usize, minutes: &Minutes, limit: f64, groups: &[usize]) -> Vec<Candidate> {
        let days = minutes.rows.iter().zip(&minutes.minutes);
        let poor: Vec<u32> = days.filter(|(_, minutes)| **minutes > limit).map(|(row, _)| *row).collect();
        let ones = vec![1.0; poor.len()];
        let totals = self.sample.blocks.totals(Column { rows: &poor, values: &ones });
        let rate =
            |domain: Domain<'_>| self.mean(&totals, domain).map(|rate| self.estimate(&rate, PERCENT, self.df(domain)));
        let n_participants = self.count_persons(&poor);
        self.rates(category, groups, &rate, &|domain| n_participants[domain.group][domain.place])
    }

    /// A rate against an estimated line: R = F_D(c M), with the median M estimated too. Its score is that of F_D at a
    /// fixed line, plus the density of D at the line times the score of the line (Osier 2009; Deville 1999).
    fn below_median(&self, category: usize, minutes: &Minutes, share: f64, groups: &[usize]) -> Vec<Candidate> {
        let mut values = vec![0.0; self.sample.observations.len()];
        for (row, minutes) in minutes.rows.iter().zip(&minutes.minutes) {
            values[*row as usize] = *minutes;
        }
        let parts = self.balance.shares().into_iter();
        let pools: Vec<Pool> = parts.map(|(days, part)| self.pool(&days, part, &values, share)).collect();
        let kinds = DayKind::ALL.map(|kind| self.pool(&[kind], 1.0, &values, share));
        let [poor_on_average, poor] =
            [&pools[..], &kinds].map(|pools| self.count_persons(&self.poor_days(pools, &values)));
        let rate = |domain: Domain<'_>| match domain.scope.day {
            DayScope::Average => self.rate_below(domain, &pools, &values),
            DayScope::Kind(kind) => {
                let place = DayKind::ALL.iter().position(|one| *one == kind)?;
                self.rate_below(domain, &kinds[place..=place], &values)
            }
        };
        let n_poor = |domain: Domain<'_>| match domain.scope.day {
            DayScope::Average => poor_on_average[domain.group][domain.place],
            DayScope::Kind(_) => poor[domain.group][domain.place],
        };
        self.rates(category, groups, &rate, &n_poor)
    }

    /// Observations below the line of their pool, ascending.
    fn poor_days(&self, pools: &[Pool], values: &[f64]) -> Vec<u32> {
        let is_below = |row: usize| {
            pools.iter().any(|pool| {
                pool.classes & 1 << self.sample.class_of[row] != 0 && share_below(values[row], pool.line.value) > 0.0
            })
        };
        (0..values.len()).filter(|row| is_below(*row)).map(|row| row as u32).collect()
    }

    fn rates(
        &self,
        category: usize,
        groups: &[usize],
        rate: &(dyn Fn(Domain<'_>) -> Option<Estimate> + Sync),
        n_poor: &(dyn Fn(Domain<'_>) -> u64 + Sync),
    ) -> Vec<Candidate> {
        let domains: Vec<Domain<'_>> = groups.iter().flat_map(|group| self.mean_domains(*group)).collect();
        let candidate = |domain: Domain<'_>| Candidate {
            estimate: rate(domain),
            n_participants: n_poor(domain),
            ..self.candidate(Indicator::TimePoverty, category, domain)
        };
        domains.into_par_iter().map(candidate).collect()
    }

    fn rate_below(&self, domain: Domain<'_>, pools: &[Pool], values: &[f64]) -> Option<Estimate> {
        let weight_of = |row: usize| self.sample.observations[row].weight;
        let mut rate = 0.0;
        let mut scores = vec![0.0; values.len()];
        for pool in pools {
            let in_both = domain.scope.contrast.classes() & pool.classes;
            let rows = self.whole.rows(domain.group, in_both);
            let weight: f64 = rows.clone().map(weight_of).sum();
            // A line below one slot is beyond what the diary can tell.
            if weight <= 0.0 || pool.line.value < SLOT {
                return None;
            }
            let is_below = |row: usize| share_below(values[row], pool.line.value);
            let below: f64 = rows.clone().map(|row| weight_of(row) * is_below(row)).sum();
            let rate_of_pool = below / weight;
            let days = rows.clone().map(|row| (values[row], weight_of(row)));
            let density = density(days, pool.line.value, pool.line.bandwidth);
            rate += pool.share * rate_of_pool;
            for row in rows {
                scores[row] += pool.share * (is_below(row) - rate_of_pool) / weight;
            }
            for (score, of_line) in scores.iter_mut().zip(&pool.line.scores) {
                *score += pool.share * density * of_line;
            }
        }
        let error = self.whole.standard_error(&scores);
        Some(self.with_error(PERCENT * rate, error, PERCENT, self.df(domain)))
    }

    fn pool(&self, days: &[DayKind], part: f64, values: &[f64], share: f64) -> Pool {
        let classes = classes(&Sex::ALL, days);
        let rows: Vec<usize> = self.whole.rows(EVERYBODY, classes).collect();
        let weight_of = |row: usize| self.sample.observations[row].weight;
        let mut line = Line { value: 0.0, bandwidth: 0.0, scores: vec![0.0; values.len()] };
        let days_of_pool: Vec<(f64, f64)> = rows.iter().map(|row| (values[*row], weight_of(*row))).collect();
        if let Some(median) = median(&days_of_pool) {
            line.value = share * median;
            line.bandwidth = bandwidth(&days_of_pool);
            let weight: f64 = days_of_pool.iter().map(|(_, weight)| weight).sum();
            let below: f64 = days_of_pool.iter().map(|(value, weight)| weight * share_below(*value, median)).sum();
            let density = density(days_of_pool.iter().copied(), median, line.bandwidth);
            // Where nobody differs there is no density, and the line is as sure as the values are.
            if density > 0.0 {
                for row in rows {
                    let is_below = share_below(values[row], median);
                    line.scores[row] = -share * (is_below - below / weight) / (weight * density);
                }
            }
        }
        Pool { share: part, classes, line }
    }
}

/// How much of a day of `value` minutes, spread over a slot around it, lies below `line`: 0 to 1.
fn share_below(value: f64, line: f64) -> f64 {
    ((line - value) / SLOT + 0.5).clamp(0.0, 1.0)
}

/// The minutes below which half of the weight lies, each day (value, weight) being spread over a slot around its value.
fn median(days: &[(f64, f64)]) -> Option<f64> {
    let half = days.iter().map(|(_, weight)| weight).sum::<f64>() / 2.0;
    // The weight below grows along straight lines; its slope changes where a day's slot begins and where it ends.
    let weighty = days.iter().filter(|(_, weight)| *weight > 0.0);
    let mut bends: Vec<(f64, f64)> = weighty
        .flat_map(|(value, weight)| [(value - SLOT / 2.0, weight / SLOT), (value + SLOT / 2.0, -weight / SLOT)])
        .collect();
    bends.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    let (mut below, mut slope, mut at) = (0.0, 0.0, bends.first()?.0);
    for (bend, change) in bends {
        let reached = below + slope * (bend - at);
        // Half of the weight that rounding takes for less is still half.
        if reached >= half * (1.0 - 1e-12) {
            return Some(if slope > 0.0 { (at + (half - below) / slope).min(bend) } else { bend });
        }
        (below, slope, at) = (reached, slope + change, bend);
    }
    Some(at)
}

/// The weighted standard deviation times n^(-1/5), n being the days with a weight. The usual rule has the sum of
/// weights for n, so that the same survey weighted to thousands and to units would give two standard errors.
fn bandwidth(days: &[(f64, f64)]) -> f64 {
    let weight: f64 = days.iter().map(|(_, weight)| weight).sum();
    let n = days.iter().filter(|(_, weight)| *weight > 0.0).count() as f64;
    let mean = days.iter().map(|(value, weight)| value * weight).sum::<f64>() / weight;
    let variance = days.iter().map(|(value, weight)| weight * (value - mean) * (value - mean)).sum::<f64>() / weight;
    variance.sqrt() * n.powf(-0.2)
}

/// The density at `at` by a Gaussian kernel; zero where the bandwidth is.
fn density(days: impl Iterator<Item = (f64, f64)>, at: f64, bandwidth: f64) -> f64 {
    if bandwidth <= 0.0 {
        return 0.0;
    }
    let (mut sum, mut total) = (0.0, 0.0);
    for (value, weight) in days {
        let distance = (value - at) / bandwidth;
        sum += weight * (-0.5 * distance * distance).exp();
        total += weight;
    }
    sum / (total * bandwidth * (2.0 * std::f64::consts::PI).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_days_spread_over_their_slots() {
        // One slot holds half of its day below its middle.
        assert_eq!(median(&[(200.0, 3.0)]), Some(200.0));
        // A quarter of the weight lies at 100; of the rest at 120 a third is needed: 115 and a third of ten.
        let found = median(&[(120.0, 3.0), (100.0, 1.0)]).expect("a median");
        assert!((found - (115.0 + 10.0 / 3.0)).abs() < 1e-12, "{found}");
        // Between two equal halves the first place at which half is reached.
        assert_eq!(median(&[(100.0, 1.0), (300.0, 1.0), (500.0, 0.0)]), Some(105.0));
        assert_eq!((median(&[]), median(&[(100.0, 0.0)])), (None, None));
        assert_eq!([share_below(100.0, 95.0), share_below(100.0, 102.0), share_below(100.0, 105.0)], [0.0, 0.7, 1.0]);
    }
}
