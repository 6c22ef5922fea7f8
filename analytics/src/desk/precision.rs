//! The two ways to a standard error: linearisation under a design, and replicate weights.

use super::answer::AnswerRow;
use crate::estimation::{
    Domain, Estimates, EstimationError, Interval, Mean, Proportion, ProportionInterval, QuantileInterval, Quantiles,
    Statistic, Survey, Variable, t_quantile,
};
use crate::estimation::{ReplicateWeights, Replicated};

/// How standard errors are made.
#[derive(Debug)]
pub(super) enum Precision<'s> {
    /// From scores, over the strata and clusters of the survey.
    Linearised(&'s Survey),
    /// From the spread over replicates.
    Replicated(&'s Survey, ReplicateWeights),
}

/// The numbers of one term in one domain.
#[derive(Debug, Default)]
pub(super) struct Estimated<'s> {
    pub rows: Vec<Number>,
    linearised: Option<Estimates<'s>>,
    replicated: Vec<Replicated>,
}

/// One number with its precision.
#[derive(Debug, Clone, Copy)]
pub(super) struct Number {
    value: f64,
    standard_error: Option<f64>,
    degrees_of_freedom: f64,
    n_units: usize,
    pub interval: Option<Interval>,
    pub design_effect: Option<f64>,
}

impl Precision<'_> {
    fn survey(&self) -> &Survey {
        match self {
            Precision::Linearised(survey) | Precision::Replicated(survey, _) => survey,
        }
    }
}

impl<'s> Precision<'s> {
    /// A statistic over a domain.
    pub fn estimate(&self, statistic: &dyn Statistic, domain: &Domain) -> Result<Estimated<'s>, EstimationError> {
        match self {
            Precision::Linearised(survey) => {
                let estimates = survey.estimate(statistic, domain)?;
                let variances = match estimates.covariance() {
                    Ok(covariance) => Some(covariance),
                    Err(EstimationError::NoVariance) => None,
                    Err(error) => return Err(error),
                };
                let df = f64::from(estimates.degrees_of_freedom());
                let number = |(place, value): (usize, &f64)| {
                    let variance = variances.as_ref().map(|covariance| covariance.variance(place));
                    Number::new(*value, variance, df, estimates.n_units()[place])
                };
                let rows = estimates.values().iter().enumerate().map(number).collect();
                Ok(Estimated { rows, linearised: Some(estimates), replicated: Vec::new() })
            }
            Precision::Replicated(survey, weights) => {
                // The check for missing values and empty domains is the same.
                let values = survey.estimate(statistic, domain)?.values().to_vec();
                let replicated = replicate(weights, domain, &values, |weights| statistic.values(weights));
                let df = degrees_of_freedom(survey, weights, domain);
                let n_units = survey.n_units(domain);
                let row = |found: &Replicated| Number::new(found.estimate, Some(weights.variance(found)), df, n_units);
                Ok(Estimated { rows: replicated.iter().map(row).collect(), linearised: None, replicated })
            }
        }
    }

    /// Quantiles over a domain, with Woodruff's intervals: the variance of the share below comes from the design, or from
    /// the replicates, as in R's `svyquantile`.
    pub fn quantiles(
        &self,
        quantiles: &Quantiles<'_>,
        domain: &Domain,
        level: f64,
    ) -> Result<Estimated<'s>, EstimationError> {
        let survey = self.survey();
        let found = quantiles.estimate(survey, domain, QuantileInterval::Mean, level)?;
        let n_units = survey.n_units(domain);
        let rows = match self {
            Precision::Linearised(survey) => {
                let degrees_of_freedom = f64::from(survey.degrees_of_freedom(domain));
                let row = |quantile: crate::estimation::QuantileEstimate| Number {
                    value: quantile.value,
                    standard_error: quantile.standard_error,
                    degrees_of_freedom,
                    n_units,
                    interval: quantile.low.zip(quantile.high).map(|(low, high)| Interval { low, high }),
                    design_effect: None,
                };
                found.into_iter().map(row).collect()
            }
            Precision::Replicated(survey, weights) => {
                let inside = survey.weights_in(domain);
                let df = degrees_of_freedom(survey, weights, domain);
                let t = t_quantile(0.5 + level / 2.0, df);
                let read = |share: f64| {
                    let quantile = quantiles.at(vec![share]).values(&inside).first().copied();
                    quantile.filter(|_| (0.0..=1.0).contains(&share))
                };
                let row = |value: f64| {
                    let below = quantiles.at_most(value);
                    let share = Mean(vec![Variable::Number(&below)]);
                    let share = replicate(weights, domain, &share.values(&inside), |weights| share.values(weights));
                    let half_width = t * weights.variance(&share[0]).sqrt();
                    let (low, high) = (read(share[0].estimate - half_width), read(share[0].estimate + half_width));
                    let interval = low.zip(high).map(|(low, high)| Interval { low, high });
                    Number {
                        standard_error: interval.map(|interval| (interval.high - interval.low) / (2.0 * t)),
                        interval,
                        ..Number::new(value, None, df, n_units)
                    }
                };
                found.iter().map(|quantile| row(quantile.value)).collect()
            }
        };
        Ok(Estimated { rows, linearised: None, replicated: Vec::new() })
    }

    /// A function of all estimates: linearised by its gradient, or evaluated in each replicate.
    pub fn function(
        &self,
        all: &[Estimated<'_>],
        value: f64,
        gradient: &[f64],
        evaluated: impl Fn(&[f64]) -> f64,
    ) -> Result<Number, EstimationError> {
        let enters = |place: usize| gradient[place] != 0.0;
        let rows: Vec<&Number> = all.iter().flat_map(|estimated| &estimated.rows).collect();
        let behind = rows.iter().enumerate().filter(|(place, _)| enters(*place)).map(|(_, row)| *row);
        let n_units = behind.clone().map(|row| row.n_units).min().unwrap_or(0);
        match self {
            Precision::Linearised(_) => {
                // Only what enters, so that degrees of freedom are those of the domains it speaks of.
                let (mut parts, mut slopes, mut first) = (Vec::new(), Vec::new(), 0);
                for estimated in all {
                    let slopes_of_part = &gradient[first..first + estimated.rows.len()];
                    first += estimated.rows.len();
                    if let (Some(estimates), true) =
                        (&estimated.linearised, slopes_of_part.iter().any(|slope| *slope != 0.0))
                    {
                        parts.push(estimates);
                        slopes.extend_from_slice(slopes_of_part);
                    }
                }
                if parts.is_empty() {
                    return Ok(Number::new(value, Some(0.0), 0.0, n_units));
                }
                let function = Estimates::stacked(&parts).transformed(vec![value], &[slopes]);
                let variance = match function.covariance() {
                    Ok(covariance) => Some(covariance.variance(0)),
                    Err(EstimationError::NoVariance) => None,
                    Err(error) => return Err(error),
                };
                Ok(Number::new(value, variance, f64::from(function.degrees_of_freedom()), n_units))
            }
            Precision::Replicated(_, weights) => {
                let all: Vec<&Replicated> = all.iter().flat_map(|estimated| &estimated.replicated).collect();
                let of_replicate = |replicate: usize| {
                    let numbers: Vec<f64> = all.iter().map(|found| found.replicates[replicate]).collect();
                    evaluated(&numbers)
                };
                let replicates = (0..weights.n_replicates()).map(of_replicate).collect();
                let found = Replicated { estimate: value, replicates };
                let df = behind.map(|row| row.degrees_of_freedom).fold(f64::INFINITY, f64::min);
                Ok(Number::new(value, Some(weights.variance(&found)), df, n_units))
            }
        }
    }
}

/// The values of a statistic in each replicate.
fn replicate(
    weights: &ReplicateWeights,
    domain: &Domain,
    values: &[f64],
    statistic: impl Fn(&[f64]) -> Vec<f64>,
) -> Vec<Replicated> {
    let mut replicated: Vec<Replicated> =
        values.iter().map(|value| Replicated { estimate: *value, replicates: Vec::new() }).collect();
    for replicate in 0..weights.n_replicates() {
        let inside = weights.replicate(replicate).into_iter().zip(domain.mask());
        let inside: Vec<f64> = inside.map(|(weight, is_in)| if *is_in { weight } else { 0.0 }).collect();
        for (found, value) in replicated.iter_mut().zip(statistic(&inside)) {
            found.replicates.push(value);
        }
    }
    replicated
}

fn degrees_of_freedom(survey: &Survey, weights: &ReplicateWeights, domain: &Domain) -> f64 {
    let counted = (0..survey.weights().len()).filter(|unit| domain.contains(*unit) && survey.weights()[*unit] != 0.0);
    weights.degrees_of_freedom(counted) as f64
}

impl Number {
    fn new(value: f64, variance: Option<f64>, degrees_of_freedom: f64, n_units: usize) -> Number {
        let standard_error = variance.filter(|variance| variance.is_finite()).map(|variance| variance.max(0.0).sqrt());
        Number { value, standard_error, degrees_of_freedom, n_units, interval: None, design_effect: None }
    }

    /// The t interval; none without a standard error or degrees of freedom.
    pub fn t_interval(&self, level: f64) -> Option<Interval> {
        let error = self.standard_error.filter(|_| self.degrees_of_freedom > 0.0)?;
        let half_width = t_quantile(0.5 + level / 2.0, self.degrees_of_freedom) * error;
        Some(Interval { low: self.value - half_width, high: self.value + half_width })
    }

    /// The interval of a share.
    pub fn share_interval(&self, kind: ProportionInterval, level: f64) -> Option<Interval> {
        let Number { value, standard_error, degrees_of_freedom, n_units, .. } = *self;
        let variance = standard_error? * standard_error?;
        Proportion { estimate: value, variance, n_units, degrees_of_freedom }.interval(kind, level)
    }

    /// The row of the answer.
    pub fn of(&self, domain: &[String], term: &str) -> AnswerRow {
        AnswerRow {
            domain: domain.to_vec(),
            term: term.to_owned(),
            estimate: self.value,
            standard_error: self.standard_error,
            ci_low: self.interval.map(|interval| interval.low),
            ci_high: self.interval.map(|interval| interval.high),
            degrees_of_freedom: Some(self.degrees_of_freedom),
            cv: self.standard_error.map(|error| error / self.value.abs()).filter(|cv| cv.is_finite()),
            design_effect: self.design_effect,
            n: self.n_units,
        }
    }
}
