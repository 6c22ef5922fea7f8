//! Confidence intervals for proportions. The t interval of any estimate is [`super::Estimates::intervals`].
//!
//! Sources: R survey, `svyciprop`; Korn and Graubard (1998), Confidence intervals for proportions with small expected
//! number of positive counts; Wilson (1927), with the effective sample size in place of the sample size.

use super::distributions::{beta_quantile, t_quantile};

/// A confidence interval, in the unit of its estimate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Its lower limit.
    pub low: f64,
    /// Its upper limit.
    pub high: f64,
}

/// How the interval of a proportion is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProportionInterval {
    /// The t interval of a mean, which may leave 0 to 1.
    Mean,
    /// A t interval on the logit scale (R's `logit` and `xlogit`, which differ only by rounding).
    Logit,
    /// A t interval on the scale of arcsin √p.
    Asin,
    /// Clopper and Pearson's exact interval for the effective sample size (Korn and Graubard).
    Beta,
    /// Where the deviance of a logistic model, scaled by the design effect, exceeds that of the estimate by t².
    Likelihood,
    /// Wilson's score interval for the effective sample size.
    Wilson,
}

/// A proportion and what its interval is made from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Proportion {
    /// The estimate, 0 to 1.
    pub estimate: f64,
    /// Its variance.
    pub variance: f64,
    /// Units behind it.
    pub n_units: usize,
    /// Degrees of freedom of its domain.
    pub degrees_of_freedom: f64,
}

impl Proportion {
    /// The interval at a `level` such as 0.95; `None` where it is not defined: without degrees of freedom or variance.
    ///
    /// A proportion of 0 or 1 has no variance to tell how far it may be off. The intervals by Beta and Wilson then take
    /// the number of units for the effective sample size (Korn and Graubard 1998), the others are not defined.
    pub fn interval(&self, kind: ProportionInterval, level: f64) -> Option<Interval> {
        if self.degrees_of_freedom <= 0.0 || !(0.0..=1.0).contains(&self.estimate) || self.n_units < 2 {
            return None;
        }
        let p = self.estimate;
        let error = self.variance.sqrt();
        let t = t_quantile(0.5 + level / 2.0, self.degrees_of_freedom);
        let varies = self.variance > 0.0 && p > 0.0 && p < 1.0;
        match kind {
            ProportionInterval::Mean => varies.then_some(Interval { low: p - t * error, high: p + t * error }),
            ProportionInterval::Logit => varies.then(|| {
                let half_width = t * error / (p * (1.0 - p));
                let logit = (p / (1.0 - p)).ln();
                Interval { low: expit(logit - half_width), high: expit(logit + half_width) }
            }),
            ProportionInterval::Asin => varies.then(|| {
                let half_width = t * error / (2.0 * (p * (1.0 - p)).sqrt());
                let angle = p.sqrt().asin();
                // Beyond a quarter turn the sine comes back: the limit is then the end itself.
                let share = |angle: f64| angle.clamp(0.0, std::f64::consts::FRAC_PI_2).sin().powi(2);
                Interval { low: share(angle - half_width), high: share(angle + half_width) }
            }),
            ProportionInterval::Beta => self.effective_size(level).map(|n| {
                let alpha = 1.0 - level;
                Interval {
                    low: beta_quantile(alpha / 2.0, n * p, n * (1.0 - p) + 1.0),
                    high: beta_quantile(1.0 - alpha / 2.0, n * p + 1.0, n * (1.0 - p)),
                }
            }),
            ProportionInterval::Likelihood => varies.then(|| self.likelihood(t)),
            ProportionInterval::Wilson => {
                let n = if varies { p * (1.0 - p) / self.variance } else { self.size_without_variance()? };
                let square = t * t / n;
                let centre = (p + square / 2.0) / (1.0 + square);
                let half_width = (square * p * (1.0 - p) + square * square / 4.0).sqrt() / (1.0 + square);
                Some(Interval { low: (centre - half_width).max(0.0), high: (centre + half_width).min(1.0) })
            }
        }
    }

    /// p (1 - p) / V, corrected for degrees of freedom as in Korn and Graubard.
    fn effective_size(&self, level: f64) -> Option<f64> {
        let p = self.estimate;
        if self.variance > 0.0 && p > 0.0 && p < 1.0 {
            let quantile = |df: f64| t_quantile(0.5 + level / 2.0, df);
            let correction = quantile(self.n_units as f64 - 1.0) / quantile(self.degrees_of_freedom);
            Some(p * (1.0 - p) / self.variance * correction * correction)
        } else {
            self.size_without_variance()
        }
    }

    fn size_without_variance(&self) -> Option<f64> {
        (self.estimate == 0.0 || self.estimate == 1.0).then_some(self.n_units as f64)
    }

    /// The two proportions q at which √(deviance / dispersion) is t times the square root of the design effect. The
    /// deviance from p is 2 n (p ln(p / q) + (1 - p) ln((1 - p) / (1 - q))), the dispersion n / (n - 1), and the
    /// design effect n V / (p (1 - p)).
    fn likelihood(&self, t: f64) -> Interval {
        let p = self.estimate;
        let n = self.n_units as f64;
        let target = t * t * n * self.variance / (p * (1.0 - p)) / (2.0 * (n - 1.0));
        let divergence = |logit: f64| {
            let (q, complement) = (expit(logit), expit(-logit));
            p * (p / q).ln() + (1.0 - p) * ((1.0 - p) / complement).ln()
        };
        let centre = (p / (1.0 - p)).ln();
        let limit = |direction: f64| {
            let mut far = 1.0;
            while divergence(centre + direction * far) < target {
                far *= 2.0;
            }
            let mut near = 0.0;
            for _ in 0..200 {
                let middle = 0.5 * (near + far);
                if middle == near || middle == far {
                    break;
                }
                if divergence(centre + direction * middle) < target { near = middle } else { far = middle }
            }
            expit(centre + direction * near)
        };
        Interval { low: limit(-1.0), high: limit(1.0) }
    }
}

fn expit(logit: f64) -> f64 {
    if logit < 0.0 { logit.exp() / (1.0 + logit.exp()) } else { 1.0 / (1.0 + (-logit).exp()) }
}
