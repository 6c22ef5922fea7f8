//! Quantiles of a weighted variable, with Woodruff's intervals. Point and interval are made by one rule.
//!
//! Sources: Woodruff (1952); Hyndman and Fan (1996) for the rules; R survey 4.1, `svyquantile`.

use super::distributions::t_quantile;
use super::survey::all_observed;
use super::{Domain, EstimationError, Interval, Mean, Proportion, ProportionInterval, Survey, Variable};

/// How a quantile is read off the weighted distribution (R's `qrule`): the types of Hyndman and Fan (1996), with
/// weights in place of counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum QuantileRule {
    /// The smallest value with at least the share p at or below it: the inverse of the distribution function
    /// (R's `math`, `hf1`).
    #[default]
    Inverse,
    /// The same, and the mean of two neighbours where the distribution function is p exactly (R's `school`, `hf2`).
    AveragedInverse,
    /// The nearest even observation (`hf3`).
    NearestEven,
    /// Linear interpolation of the distribution function (`hf4`).
    Linear,
    /// Interpolation at the middle of each step (`hf5`).
    Midpoint,
    /// Weibull's plotting position (`hf6`).
    Weibull,
    /// The rule that spreadsheets use (`hf7`).
    Mode,
    /// Nearly unbiased for the median of the order statistics (`hf8`).
    Median,
    /// Nearly unbiased for normal data (`hf9`).
    Normal,
}

/// The scale on which Woodruff's interval of the distribution function is made (R's `interval.type`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum QuantileInterval {
    /// The t interval of a mean.
    #[default]
    Mean,
    /// On the logit scale.
    Logit,
    /// On the arcsine scale.
    Asin,
    /// Korn and Graubard's.
    Beta,
}

/// Quantiles of a variable at some probabilities.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantiles<'a> {
    variables: [Variable<'a>; 1],
    probabilities: Vec<f64>,
    rule: QuantileRule,
}

/// A quantile with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QuantileEstimate {
    /// The quantile.
    pub value: f64,
    /// The interval's limits; `None` where the limit of the distribution function lies outside 0 to 1, so that the
    /// sample says nothing of how far the quantile may be off.
    pub low: Option<f64>,
    /// The upper limit.
    pub high: Option<f64>,
    /// The interval's width over twice the t quantile.
    pub standard_error: Option<f64>,
}

impl<'a> Quantiles<'a> {
    /// The quantiles of a variable at `probabilities` between 0 and 1.
    pub fn new(variable: Variable<'a>, probabilities: Vec<f64>, rule: QuantileRule) -> Quantiles<'a> {
        Quantiles { variables: [variable], probabilities, rule }
    }

    /// The same variable, read by the same rule at other probabilities.
    #[must_use]
    pub fn at(&self, probabilities: Vec<f64>) -> Quantiles<'a> {
        Quantiles { probabilities, ..self.clone() }
    }

    /// 1 for the units whose value is at most `value`, 0 for all others: its mean is the share that Woodruff's interval is
    /// made of.
    pub fn at_most(&self, value: f64) -> Vec<f64> {
        let [variable] = &self.variables;
        (0..variable.len()).map(|unit| f64::from(u8::from(variable.at(unit) <= value))).collect()
    }

    /// The quantiles under any weights; NaN where nobody has one.
    pub fn values(&self, weights: &[f64]) -> Vec<f64> {
        let distribution = Distribution::new(&self.variables[0], weights);
        self.probabilities.iter().map(|p| distribution.quantile(*p, self.rule)).collect()
    }

    /// The quantiles over a domain with intervals at a `level` such as 0.95.
    ///
    /// Woodruff: the interval of the share at or below the estimated quantile is read back through the distribution
    /// function, by the rule that gave the quantile. Degrees of freedom are the domain's.
    pub fn estimate(
        &self,
        survey: &Survey,
        domain: &Domain,
        interval: QuantileInterval,
        level: f64,
    ) -> Result<Vec<QuantileEstimate>, EstimationError> {
        survey.check(&Mean(self.variables.to_vec()), domain)?;
        let weights = survey.weights_in(domain);
        let distribution = Distribution::new(&self.variables[0], &weights);
        if distribution.values.is_empty() {
            return Err(EstimationError::EmptyDomain { what: "a quantile" });
        }
        let degrees_of_freedom = f64::from(survey.degrees_of_freedom(domain));
        self.probabilities
            .iter()
            .map(|p| {
                let value = distribution.quantile(*p, self.rule);
                let below: Vec<f64> = (0..weights.len())
                    .map(|unit| f64::from(u8::from(weights[unit] != 0.0 && self.variables[0].at(unit) <= value)))
                    .collect();
                let share = survey.estimate(&Mean(vec![Variable::Number(&below)]), domain)?;
                let share = Proportion {
                    estimate: share.value(0),
                    variance: share.covariance()?.variance(0),
                    n_units: survey.n_units(domain),
                    degrees_of_freedom,
                };
                let limits = share.woodruff(interval, level);
                let read = |limit: f64| (0.0..=1.0).contains(&limit).then(|| distribution.quantile(limit, self.rule));
                let low = limits.and_then(|limits| read(limits.low));
                let high = limits.and_then(|limits| read(limits.high));
                let t = t_quantile(0.5 + level / 2.0, degrees_of_freedom);
                let standard_error = low.zip(high).map(|(low, high)| (high - low) / (2.0 * t));
                Ok(QuantileEstimate { value, low, high, standard_error })
            })
            .collect()
    }

    /// Whether a unit has a value.
    pub fn is_observed(&self, unit: usize) -> bool {
        all_observed(&self.variables, unit)
    }
}

impl Proportion {
    fn woodruff(&self, interval: QuantileInterval, level: f64) -> Option<Interval> {
        match interval {
            // Where everybody is at or below the quantile the t interval has no width.
            QuantileInterval::Mean if self.variance == 0.0 => {
                Some(Interval { low: self.estimate, high: self.estimate })
            }
            QuantileInterval::Mean => self.interval(ProportionInterval::Mean, level),
            QuantileInterval::Logit => self.interval(ProportionInterval::Logit, level),
            QuantileInterval::Asin => self.interval(ProportionInterval::Asin, level),
            QuantileInterval::Beta => self.interval(ProportionInterval::Beta, level),
        }
    }
}

/// Values in ascending order with their weights added up, units of weight zero left out.
struct Distribution {
    values: Vec<f64>,
    weights: Vec<f64>,
    cumulated: Vec<f64>,
}

impl Distribution {
    fn new(variable: &Variable<'_>, weights: &[f64]) -> Distribution {
        let counted = weights.iter().enumerate().filter(|(_, weight)| **weight != 0.0);
        let mut pairs: Vec<(f64, f64)> = counted.map(|(unit, weight)| (variable.at(unit), *weight)).collect();
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (values, weights): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
        let cumulated = cumulated(&weights);
        Distribution { values, weights, cumulated }
    }

    fn total(&self) -> f64 {
        self.cumulated.last().copied().unwrap_or(0.0)
    }

    fn quantile(&self, p: f64, rule: QuantileRule) -> f64 {
        if self.values.is_empty() {
            return f64::NAN;
        }
        match rule {
            QuantileRule::Inverse => {
                let step = self.step(p);
                if step.is_exact { self.values[step.low] } else { self.values[step.high] }
            }
            QuantileRule::AveragedInverse => {
                let step = self.step(p);
                let (low, high) = (self.values[step.low], self.values[step.high]);
                if step.is_exact { 0.5 * (low + high) } else { high }
            }
            QuantileRule::NearestEven => {
                let distinct = self.distinct();
                let step = distinct.step(p);
                // Observations count from 1.
                if step.is_exact && step.low % 2 == 1 { distinct.values[step.low] } else { distinct.values[step.high] }
            }
            QuantileRule::Linear => {
                let step = self.step(p);
                let share = |place: usize| self.cumulated[place] / self.total();
                let (below, above) = (p - share(step.low), share(step.high) - p);
                let gamma = if above + below == 0.0 { 0.0 } else { below / (above + below) };
                self.values[step.low] * (1.0 - gamma) + self.values[step.high] * gamma
            }
            QuantileRule::Midpoint => self.interpolated(p, |below, weight| (below + weight / 2.0, 0.0)),
            QuantileRule::Weibull => self.interpolated(p, |below, weight| (below + weight, 1.0)),
            QuantileRule::Mode => self.interpolated(p, |below, _| (below, -1.0)),
            QuantileRule::Median => self.interpolated(p, |below, weight| (below + weight * 2.0 / 3.0, 1.0 / 3.0)),
            QuantileRule::Normal => self.interpolated(p, |below, weight| (below + weight * 5.0 / 8.0, 1.0 / 4.0)),
        }
    }

    /// The last observation whose cumulated weight does not exceed the share p, and the next.
    fn step(&self, p: f64) -> Step {
        let last = self.values.len() - 1;
        let target = p * self.total();
        match self.cumulated.partition_point(|cumulated| *cumulated <= target).checked_sub(1) {
            // Below the first step the first value is the quantile, by any rule.
            None => Step { low: 0, high: 0, is_exact: true },
            Some(low) => {
                let is_exact = p - self.cumulated[low] / self.total() == 0.0;
                Step { low, high: (low + 1).min(last), is_exact }
            }
        }
    }

    /// Linear interpolation between plotting positions: `position` gives for an observation, from the weight before it
    /// and its own, the numerator, and how much of the last observation's weight is added to the total.
    fn interpolated(&self, p: f64, position: impl Fn(f64, f64) -> (f64, f64)) -> f64 {
        let last = self.values.len() - 1;
        let at = |place: usize| {
            let below = if place == 0 { 0.0 } else { self.cumulated[place - 1] };
            let (numerator, added) = position(below, self.weights[place]);
            numerator / (self.total() + added * self.weights[last])
        };
        if last == 0 || p <= at(0) {
            return self.values[0];
        }
        if p >= at(last) {
            return self.values[last];
        }
        let places: Vec<usize> = (0..=last).collect();
        let high = places.partition_point(|place| at(*place) < p);
        let (before, after) = (at(high - 1), at(high));
        self.values[high - 1] + (self.values[high] - self.values[high - 1]) * (p - before) / (after - before)
    }

    fn distinct(&self) -> Distribution {
        let mut values: Vec<f64> = Vec::new();
        let mut weights: Vec<f64> = Vec::new();
        for (value, weight) in self.values.iter().zip(&self.weights) {
            match (values.last(), weights.last_mut()) {
                (Some(last), Some(sum)) if last == value => *sum += weight,
                _ => {
                    values.push(*value);
                    weights.push(*weight);
                }
            }
        }
        let cumulated = cumulated(&weights);
        Distribution { values, weights, cumulated }
    }
}

struct Step {
    low: usize,
    high: usize,
    /// The distribution function at `low` is p itself.
    is_exact: bool,
}

/// Running sums with Neumaier's compensation: whether a step lies exactly at p must not depend on rounding.
fn cumulated(weights: &[f64]) -> Vec<f64> {
    let (mut sum, mut lost) = (0.0_f64, 0.0_f64);
    let step = |weight: &f64| {
        let next = sum + weight;
        lost += if sum.abs() >= weight.abs() { (sum - next) + weight } else { (weight - next) + sum };
        sum = next;
        sum + lost
    };
    weights.iter().map(step).collect()
}
