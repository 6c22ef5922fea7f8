//! Estimates with what their uncertainty is made from; contrasts and other smooth functions of them.

use super::survey::Domain;
use super::{EstimationError, Interval, Proportion, SimpleRandom, Statistic, Survey, t_quantile, t_two_sided};
use crate::design::{Covariance, SurveyDesign};

/// A few numbers with their scores summed by leaf of the design: enough for the covariance of any smooth functions of them.
#[derive(Debug, Clone)]
pub struct Estimates<'a> {
    design: &'a SurveyDesign,
    values: Vec<f64>,
    /// Units with a weight behind each value.
    n_units: Vec<usize>,
    /// For some stages of the design, and those after: as many scores per leaf as there are values. One set from the
    /// first stage on, unless weights were calibrated within clusters.
    scores: Vec<(usize, Vec<f64>)>,
    /// The leaves the domain reaches.
    reached: Vec<bool>,
    /// The first-stage clusters with a unit that counts.
    clusters: Vec<bool>,
}

/// The outcome of a t test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TTest {
    /// The estimate over its standard error.
    pub statistic: f64,
    /// Degrees of freedom.
    pub degrees_of_freedom: f64,
    /// The probability of a statistic at least as far from zero, on either side.
    pub p_value: f64,
}

impl<'a> Estimates<'a> {
    pub(super) fn new(
        design: &'a SurveyDesign,
        values: Vec<f64>,
        unit_scores: &[(usize, Vec<f64>)],
        reach: &Domain,
        counted: impl Iterator<Item = usize>,
    ) -> Estimates<'a> {
        let width = values.len();
        let leaf_of_unit = design.leaf_of_unit();
        let mut reached = vec![false; design.n_leaves()];
        for (leaf, _) in leaf_of_unit.iter().zip(reach.mask()).filter(|(_, is_in)| **is_in) {
            reached[*leaf as usize] = true;
        }
        let by_leaf = |scores: &Vec<f64>| {
            let mut sums = vec![0.0; design.n_leaves() * width];
            // Scores are zero out of reach.
            for (leaf, row) in leaf_of_unit.iter().zip(scores.chunks_exact(width.max(1))) {
                let sums = &mut sums[*leaf as usize * width..][..width];
                sums.iter_mut().zip(row).for_each(|(sum, score)| *sum += score);
            }
            sums
        };
        let scores = unit_scores.iter().map(|(stage, scores)| (*stage, by_leaf(scores))).collect();
        let mut clusters = vec![false; design.n_clusters()];
        let mut n_units = 0;
        for unit in counted {
            n_units += 1;
            clusters[design.cluster_of_leaf(design.leaf_of_unit()[unit]) as usize] = true;
        }
        Estimates { design, n_units: vec![n_units; width], values, scores, reached, clusters }
    }

    /// The numbers.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// One of the numbers.
    pub fn value(&self, place: usize) -> f64 {
        self.values[place]
    }

    /// Units with a weight behind each number; behind a function of several, behind the one that has fewest.
    pub fn n_units(&self) -> &[usize] {
        &self.n_units
    }

    /// Degrees of freedom inside the domain: its first-stage clusters minus their strata.
    pub fn degrees_of_freedom(&self) -> u32 {
        let mut clusters =
            (0..self.clusters.len() as u32).filter(|cluster| self.clusters[*cluster as usize]).peekable();
        let mut df = 0;
        while let Some(cluster) = clusters.next() {
            let stratum = self.design.stratum_of(cluster);
            df += u32::from(clusters.peek().is_some_and(|next| self.design.stratum_of(*next) == stratum));
        }
        df
    }

    /// Variances and covariances.
    pub fn covariance(&self) -> Result<Covariance, EstimationError> {
        let width = self.values.len();
        let leaves: Vec<u32> = (0..self.reached.len() as u32).filter(|leaf| self.reached[*leaf as usize]).collect();
        let mut total = Covariance::from_rows(width, vec![0.0; width * width]);
        for (place, (first, scores)) in self.scores.iter().enumerate() {
            let end = self.scores.get(place + 1).map_or(self.design.n_stages(), |(next, _)| *next);
            let rows: Vec<f64> =
                leaves.iter().flat_map(|leaf| &scores[*leaf as usize * width..][..width]).copied().collect();
            let part = self.design.covariance_of_stages(*first..end, &leaves, &rows, width);
            total.add(&part.ok_or(EstimationError::NoVariance)?);
        }
        Ok(total)
    }

    /// Standard errors, in the numbers' units.
    pub fn standard_errors(&self) -> Result<Vec<f64>, EstimationError> {
        Ok(self.covariance()?.standard_errors())
    }

    /// Coefficients of variation: standard error over the absolute value, infinite for a value of zero.
    pub fn coefficients_of_variation(&self) -> Result<Vec<f64>, EstimationError> {
        let errors = self.standard_errors()?;
        Ok(errors.iter().zip(&self.values).map(|(error, value)| error / value.abs()).collect())
    }

    /// t intervals at a `level` such as 0.95, with the domain's degrees of freedom; `None` where these are zero.
    pub fn intervals(&self, level: f64) -> Result<Option<Vec<Interval>>, EstimationError> {
        match self.degrees_of_freedom() {
            0 => Ok(None),
            df => self.intervals_with(level, f64::from(df)).map(Some),
        }
    }

    /// t intervals with other degrees of freedom than the domain's: those of the whole design, say, as R's `confint` is
    /// often given, or infinitely many.
    pub fn intervals_with(&self, level: f64, degrees_of_freedom: f64) -> Result<Vec<Interval>, EstimationError> {
        let t = t_quantile(0.5 + level / 2.0, degrees_of_freedom);
        let pairs = self.values.iter().zip(self.standard_errors()?);
        Ok(pairs.map(|(value, error)| Interval { low: value - t * error, high: value + t * error }).collect())
    }

    /// The t test of whether a number is zero, with given degrees of freedom: the domain's for a mean or a difference. R's
    /// `svyttest` takes one less for a difference, which it estimates as a model with two coefficients.
    pub fn t_test(&self, place: usize, degrees_of_freedom: f64) -> Result<TTest, EstimationError> {
        let statistic = self.values[place] / self.standard_errors()?[place];
        Ok(TTest { statistic, degrees_of_freedom, p_value: t_two_sided(statistic, degrees_of_freedom) })
    }

    /// One of the numbers as a proportion, whose interval need not be symmetric.
    pub fn proportion(&self, place: usize) -> Result<Proportion, EstimationError> {
        Ok(Proportion {
            estimate: self.values[place],
            variance: self.covariance()?.variance(place),
            n_units: self.n_units[place],
            degrees_of_freedom: f64::from(self.degrees_of_freedom()),
        })
    }

    /// All the numbers of several estimates over one design, with the covariances between them: of domains, say.
    /// Degrees of freedom are those of the domains together.
    ///
    /// # Panics
    /// When none is given, or they are of different designs.
    pub fn stacked(parts: &[&Estimates<'a>]) -> Estimates<'a> {
        let design = parts.first().expect("something to stack").design;
        assert!(parts.iter().all(|part| std::ptr::eq(part.design, design)), "estimates of one design");
        let n_leaves = design.n_leaves();
        let stacked = |set: usize| {
            let mut scores = Vec::with_capacity(n_leaves * parts.iter().map(|part| part.values.len()).sum::<usize>());
            for leaf in 0..n_leaves {
                for part in parts {
                    let width = part.values.len();
                    scores.extend_from_slice(&part.scores[set].1[leaf * width..][..width]);
                }
            }
            scores
        };
        let stages = parts[0].scores.iter().map(|(stage, _)| *stage).enumerate();
        let scores = stages.map(|(set, stage)| (stage, stacked(set))).collect();
        Estimates {
            design,
            values: parts.iter().flat_map(|part| &part.values).copied().collect(),
            n_units: parts.iter().flat_map(|part| &part.n_units).copied().collect(),
            scores,
            reached: either(parts.iter().map(|part| &part.reached[..])),
            clusters: either(parts.iter().map(|part| &part.clusters[..])),
        }
    }

    /// Smooth functions of the numbers: their values, and for each its gradient (the delta method).
    ///
    /// # Panics
    /// When a gradient has not one derivative for each number.
    #[must_use]
    pub fn transformed(&self, values: Vec<f64>, gradients: &[Vec<f64>]) -> Estimates<'a> {
        assert_eq!(values.len(), gradients.len(), "a gradient for each value");
        let width = self.values.len();
        assert!(gradients.iter().all(|gradient| gradient.len() == width), "a derivative by each number");
        let score = |row: &[f64], gradient: &Vec<f64>| -> f64 {
            row.iter().zip(gradient).map(|(score, slope)| score * slope).sum()
        };
        let transformed = |scores: &Vec<f64>| {
            let rows = scores.chunks_exact(width.max(1));
            rows.flat_map(|row| gradients.iter().map(move |gradient| score(row, gradient))).collect()
        };
        let scores = self.scores.iter().map(|(stage, scores)| (*stage, transformed(scores))).collect();
        let behind = |gradient: &Vec<f64>| {
            let enters = gradient.iter().zip(&self.n_units).filter(|(slope, _)| **slope != 0.0);
            enters.map(|(_, n_units)| *n_units).min().unwrap_or(0)
        };
        Estimates {
            values,
            n_units: gradients.iter().map(behind).collect(),
            scores,
            reached: self.reached.clone(),
            clusters: self.clusters.clone(),
            design: self.design,
        }
    }

    /// The linear combination of the numbers with these coefficients (R's `svycontrast`).
    #[must_use]
    pub fn contrast(&self, coefficients: &[f64]) -> Estimates<'a> {
        let value = self.values.iter().zip(coefficients).map(|(value, coefficient)| value * coefficient).sum();
        self.transformed(vec![value], &[coefficients.to_vec()])
    }

    /// One number over another.
    pub fn ratio(&self, numerator: usize, denominator: usize) -> Result<Estimates<'a>, EstimationError> {
        let (n, d) = (self.values[numerator], self.values[denominator]);
        if d == 0.0 {
            return Err(EstimationError::NotDefined { what: "a ratio", why: "its denominator is zero" });
        }
        let mut gradient = vec![0.0; self.values.len()];
        gradient[numerator] += 1.0 / d;
        gradient[denominator] -= n / (d * d);
        Ok(self.transformed(vec![n / d], &[gradient]))
    }

    /// What one number is of the sum of two, a / (a + b): the asymmetry index, for women's and men's unpaid work.
    pub fn share_of_two(&self, part: usize, other: usize) -> Result<Estimates<'a>, EstimationError> {
        let (a, b) = (self.values[part], self.values[other]);
        let sum = a + b;
        if sum == 0.0 {
            return Err(EstimationError::NotDefined { what: "a share of two", why: "their sum is zero" });
        }
        let mut gradient = vec![0.0; self.values.len()];
        gradient[part] += b / (sum * sum);
        gradient[other] -= a / (sum * sum);
        Ok(self.transformed(vec![a / sum], &[gradient]))
    }

    /// One number relative to another, (a - b) / b: the care gap, for women's and men's.
    pub fn relative_difference(&self, number: usize, reference: usize) -> Result<Estimates<'a>, EstimationError> {
        let mut ratio = self.ratio(number, reference)?;
        ratio.values[0] -= 1.0;
        Ok(ratio)
    }
}

/// Where any of the masks, which are equally long, is true.
fn either<'m>(masks: impl Iterator<Item = &'m [bool]>) -> Vec<bool> {
    let mut either = Vec::new();
    for mask in masks {
        either.resize(mask.len(), false);
        either.iter_mut().zip(mask).for_each(|(either, is_in)| *either |= is_in);
    }
    either
}

impl Survey {
    /// Design effects: the variance over what a simple random sample of as many units would give.
    pub fn design_effects(
        &self,
        statistic: &(impl Statistic + ?Sized),
        domain: &Domain,
        sampling: SimpleRandom,
    ) -> Result<Vec<f64>, EstimationError> {
        let covariance = self.estimate(statistic, domain)?.covariance()?;
        let simple = statistic.simple_random_variance(&self.weights_in(domain), sampling).ok_or(
            EstimationError::NotDefined {
                what: "a design effect",
                why: "the weights sum to less than the units, or there are fewer than two",
            },
        )?;
        Ok(simple.iter().enumerate().map(|(place, simple)| covariance.variance(place) / simple).collect())
    }
}
