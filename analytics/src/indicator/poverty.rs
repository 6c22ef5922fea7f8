//! Time poverty: the share of days with too little free time, or with too much work.
//!
//! Minutes come in slots of ten, and a line at a share of the median would jump with the median from slot to slot: a
//! number that jumps has no linearisation (in simulations the standard error of such a rate came out a sixth too small). So
//! a day of y minutes is taken as spread evenly over y - 5 to y + 5, for the median and for the rate alike.

use questionnaires::DayKind;
use questionnaires::slot::MINUTES_PER_SLOT;
use rayon::prelude::*;

use super::pending::{Number, Pending};
use super::{Candidate, Domain, EVERYBODY, Indicators, PERCENT};
use crate::domain::{DayScope, classes};
use crate::estimation::{Blocks, Contrast, Linearised, Term, Totals};
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
    /// Its classes, a bit each.
    classes: u16,
    /// The median of everybody's days.
    median: f64,
    /// A share of it.
    line: f64,
    bandwidth: f64,
    /// What the line's score has of the score of the share of everybody's days below the median; zero where nobody
    /// differs: there is no density then, and the line is as sure as the values are.
    of_median: f64,
}

/// Some pools that do not overlap, with the days below their lines.
struct Pools {
    pools: Vec<Pool>,
    /// The days below their pool's line, ascending.
    poor: Vec<u32>,
    /// How much of each day lies below its pool's line, and how much below its median.
    below_line: Totals,
    below_median: Totals,
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
        let [totals] = self.sample.blocks.totals_of(&poor, Indicators::n_domains(groups), |_| [1.0]);
        let n_participants = self.count_persons(&poor);
        let rate = |domain: Domain<'_>| self.mean(&totals, domain);
        self.rates(category, groups, &rate, &|domain| n_participants[domain.group][domain.place])
    }

    /// A rate against an estimated line: R = F_D(c M), with the median M estimated too. Its score is that of F_D at a
    /// fixed line, plus the density of D at the line times the score of the line (Osier 2009; Deville 1999).
    fn below_median(&self, category: usize, minutes: &Minutes, share: f64, groups: &[usize]) -> Vec<Candidate> {
        let histogram = Histogram::new(self, minutes);
        let pools = |of_days: Vec<Vec<DayKind>>| self.pools(&of_days, &histogram, share, groups);
        let on_average = pools(self.balance.shares().into_iter().map(|(days, _)| days).collect());
        let by_kind = pools(DayKind::ALL.map(|kind| vec![kind]).into());
        let [poor_on_average, poor] = [&on_average, &by_kind].map(|pools| self.count_persons(&pools.poor));
        let rate = |domain: Domain<'_>| match domain.scope.day {
            DayScope::Average => self.rate_below(domain, &on_average, &histogram),
            DayScope::Kind(_) => self.rate_below(domain, &by_kind, &histogram),
        };
        let n_poor = |domain: Domain<'_>| match domain.scope.day {
            DayScope::Average => poor_on_average[domain.group][domain.place],
            DayScope::Kind(_) => poor[domain.group][domain.place],
        };
        self.rates(category, groups, &rate, &n_poor)
    }

    fn rates(
        &self,
        category: usize,
        groups: &[usize],
        rate: &(dyn Fn(Domain<'_>) -> Option<Linearised> + Sync),
        n_poor: &(dyn Fn(Domain<'_>) -> u64 + Sync),
    ) -> Vec<Candidate> {
        let of_group = |group: &usize| {
            let mut pending = Pending::default();
            for domain in self.mean_domains(*group) {
                let candidate = Candidate {
                    n_participants: n_poor(domain),
                    ..self.candidate(Indicator::TimePoverty, category, domain)
                };
                let degrees_of_freedom = self.df(domain);
                let number = |linearised| Number { linearised, scale: PERCENT, degrees_of_freedom };
                pending.add(candidate, rate(domain).map(number));
            }
            pending.estimated(self)
        };
        groups.par_iter().flat_map_iter(of_group).collect()
    }

    fn rate_below(&self, domain: Domain<'_>, pools: &Pools, histogram: &Histogram) -> Option<Linearised> {
        let rate = self.mean(&pools.below_line, domain)?;
        let mut of_lines = Vec::new();
        for Term { classes, factor } in &domain.scope.contrast.0 {
            let pool = pools.pools.iter().find(|pool| pool.classes & classes != 0)?;
            // A line below one slot is beyond what the diary can tell.
            if pool.line < SLOT {
                return None;
            }
            let of_pool = Contrast(vec![Term { classes: pool.classes, factor: 1.0 }]);
            let median = Linearised::mean(&self.sample.blocks, &pools.below_median, EVERYBODY, &of_pool)?;
            let density = density(&histogram.days(domain.group, *classes), pool.line, pool.bandwidth);
            of_lines.push((median, factor * density * pool.of_median));
        }
        let of_lines = of_lines.iter().map(|(median, slope)| (median, *slope));
        Some(Linearised::function(rate.value, &std::iter::once((&rate, 1.0)).chain(of_lines).collect::<Vec<_>>()))
    }

    fn pools(&self, of_days: &[Vec<DayKind>], histogram: &Histogram, share: f64, groups: &[usize]) -> Pools {
        let pool = |days: &Vec<DayKind>| {
            let classes = classes(&Sex::ALL, days);
            let days = histogram.days(EVERYBODY, classes);
            let median = median(&days).unwrap_or(0.0);
            let bandwidth = bandwidth(&days, histogram.n_days(classes));
            let density = density(&days, median, bandwidth);
            let of_median = if density > 0.0 { -share / density } else { 0.0 };
            Pool { classes, median, line: share * median, bandwidth, of_median }
        };
        let pools: Vec<Pool> = of_days.iter().map(pool).collect();
        let level_of_class = |level: fn(&Pool) -> f64| -> Vec<f64> {
            let pool_of = |class: usize| pools.iter().find(|pool| pool.classes & 1 << class != 0);
            (0..Blocks::MAX_CLASSES).map(|class| pool_of(class).map_or(f64::NEG_INFINITY, level)).collect()
        };
        let n_domains = Indicators::n_domains(groups);
        let (poor, shares) = self.days_below(histogram, &level_of_class(|pool| pool.line));
        let [below_line] = self.sample.blocks.totals_of(&poor, n_domains, |place| [shares[place]]);
        let (days, shares) = self.days_below(histogram, &level_of_class(|pool| pool.median));
        let [below_median] = self.sample.blocks.totals_of(&days, EVERYBODY + 1, |place| [shares[place]]);
        Pools { pools, poor, below_line, below_median }
    }

    /// The days of which something lies below the level of their class, and how much.
    fn days_below(&self, histogram: &Histogram, level_of_class: &[f64]) -> (Vec<u32>, Vec<f64>) {
        let days = (0..).zip(&histogram.minutes_of).zip(&self.sample.class_of);
        let below = days.map(|((row, minutes), class)| {
            (row, share_below(f64::from(*minutes), level_of_class[usize::from(*class)]))
        });
        below.filter(|(_, share)| *share > 0.0).unzip()
    }
}

/// The weight of days by their minutes: what medians and densities are made from.
struct Histogram {
    /// By observation, whole minutes.
    minutes_of: Vec<u16>,
    /// By group, class and minutes.
    weights: Vec<[Vec<f64>; Blocks::MAX_CLASSES]>,
    /// By class, everybody's days with a weight.
    n_days: [usize; Blocks::MAX_CLASSES],
}

impl Histogram {
    fn new(indicators: &Indicators<'_>, minutes: &Minutes) -> Histogram {
        let sample = indicators.sample;
        let mut minutes_of = vec![0_u16; sample.observations.len()];
        for (row, minutes) in minutes.rows.iter().zip(&minutes.minutes) {
            minutes_of[*row as usize] = *minutes as u16;
        }
        let n_values = minutes_of.iter().max().map_or(0, |most| usize::from(*most) + 1);
        let mut weights = vec![std::array::from_fn(|_| vec![0.0; n_values]); sample.groups.len()];
        let mut n_days = [0; _];
        for ((minutes, observation), respondent) in
            minutes_of.iter().zip(&sample.observations).zip(&sample.respondent_of)
        {
            let class = usize::from(observation.class);
            n_days[class] += usize::from(observation.weight > 0.0);
            for group in &sample.groups_of[*respondent as usize] {
                weights[*group][class][usize::from(*minutes)] += observation.weight;
            }
        }
        Histogram { minutes_of, weights, n_days }
    }

    /// The minutes of a group's days in some classes, ascending, with their weights above zero.
    fn days(&self, group: usize, classes: u16) -> Vec<(f64, f64)> {
        let of_classes: Vec<&Vec<f64>> = self.weights[group]
            .iter()
            .enumerate()
            .filter(|(class, _)| classes & 1 << class != 0)
            .map(|(_, of)| of)
            .collect();
        let weight = |minutes: usize| of_classes.iter().map(|weights| weights[minutes]).sum::<f64>();
        let n_values = of_classes.first().map_or(0, |weights| weights.len());
        (0..n_values).map(|minutes| (minutes as f64, weight(minutes))).filter(|(_, weight)| *weight > 0.0).collect()
    }

    /// How many of everybody's days in some classes have a weight.
    fn n_days(&self, classes: u16) -> usize {
        self.n_days.iter().enumerate().filter(|(class, _)| classes & 1 << class != 0).map(|(_, n)| n).sum()
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
fn bandwidth(days: &[(f64, f64)], n: usize) -> f64 {
    let weight: f64 = days.iter().map(|(_, weight)| weight).sum();
    if weight <= 0.0 {
        return 0.0;
    }
    let mean = days.iter().map(|(value, weight)| value * weight).sum::<f64>() / weight;
    let variance = days.iter().map(|(value, weight)| weight * (value - mean) * (value - mean)).sum::<f64>() / weight;
    variance.sqrt() * (n as f64).powf(-0.2)
}

/// The density at `at` by a Gaussian kernel; zero where the bandwidth is.
fn density(days: &[(f64, f64)], at: f64, bandwidth: f64) -> f64 {
    if bandwidth <= 0.0 || days.is_empty() {
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
