//! Regression models estimated under the design: linear and logistic.
//!
//! Sources: Binder (1983), On the variances of asymptotically normal estimators from complex surveys; R survey, `svyglm`.

use super::matrix::solve;
use super::{SimpleRandom, Statistic, Variable};

/// The distribution of the response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// A linear model (R's `gaussian`).
    Gaussian,
    /// A logistic model of a response between 0 and 1 (R's `quasibinomial`).
    Logistic,
}

/// A generalised linear model; its values are the coefficients, the intercept first.
#[derive(Debug, Clone, PartialEq)]
pub struct GeneralisedLinear<'a> {
    family: Family,
    /// The response, then the predictors.
    variables: Vec<Variable<'a>>,
}

/// Fisher scoring converges in a few steps or, where a group predicts perfectly, never.
const MAX_STEPS: usize = 100;

impl<'a> GeneralisedLinear<'a> {
    /// The model of `response` by an intercept and `predictors`.
    pub fn new(family: Family, response: Variable<'a>, predictors: &[Variable<'a>]) -> GeneralisedLinear<'a> {
        GeneralisedLinear { family, variables: [&[response], predictors].concat() }
    }

    fn n_coefficients(&self) -> usize {
        self.variables.len()
    }

    /// The predictors of a unit, the intercept first.
    fn predictors(&self, unit: usize) -> impl Iterator<Item = f64> + '_ {
        std::iter::once(1.0).chain(self.variables[1..].iter().map(move |variable| variable.at(unit)))
    }

    /// The expected response and its derivative by the linear predictor.
    fn expected(&self, unit: usize, coefficients: &[f64]) -> (f64, f64) {
        let linear: f64 = self.predictors(unit).zip(coefficients).map(|(x, coefficient)| x * coefficient).sum();
        match self.family {
            Family::Gaussian => (linear, 1.0),
            Family::Logistic => {
                let odds = (-linear.abs()).exp();
                let far = odds / (1.0 + odds);
                (if linear < 0.0 { far } else { 1.0 - far }, odds / ((1.0 + odds) * (1.0 + odds)))
            }
        }
    }

    /// X'WX and X'W(y - mu) under the working weights.
    fn equations(&self, weights: &[f64], coefficients: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let k = self.n_coefficients();
        let (mut information, mut score) = (vec![0.0; k * k], vec![0.0; k]);
        let mut row = vec![0.0; k];
        for (unit, weight) in weights.iter().enumerate().filter(|(_, weight)| **weight != 0.0) {
            row.iter_mut().zip(self.predictors(unit)).for_each(|(place, value)| *place = value);
            let (mean, slope) = self.expected(unit, coefficients);
            let residual = weight * (self.variables[0].at(unit) - mean);
            for ((x, score), information) in row.iter().zip(&mut score).zip(information.chunks_exact_mut(k)) {
                *score += residual * x;
                information.iter_mut().zip(&row).for_each(|(sum, other)| *sum += weight * slope * x * other);
            }
        }
        (information, score)
    }

    /// The coefficients; NaN where the equations have no single solution.
    fn fit(&self, weights: &[f64]) -> Vec<f64> {
        let k = self.n_coefficients();
        let mut coefficients = vec![0.0; k];
        let mut last_step = f64::INFINITY;
        for _ in 0..MAX_STEPS {
            let (mut information, mut step) = self.equations(weights, &coefficients);
            if !solve(&mut information, &mut step, k) {
                break;
            }
            coefficients.iter_mut().zip(&step).for_each(|(coefficient, step)| *coefficient += step);
            let size = |values: &[f64]| values.iter().fold(0.0, |max: f64, value| max.max(value.abs()));
            let relative = size(&step) / size(&coefficients).max(f64::MIN_POSITIVE);
            // Converged, or as close as rounding lets it come.
            if relative < 1e-15 || (relative < 1e-10 && relative >= last_step) {
                return coefficients;
            }
            last_step = relative;
        }
        vec![f64::NAN; k]
    }
}

impl Statistic for GeneralisedLinear<'_> {
    fn name(&self) -> &'static str {
        "a regression model"
    }

    fn why_undefined(&self) -> &'static str {
        "its predictors are collinear, or a group of them predicts the response perfectly"
    }

    fn variables(&self) -> &[Variable<'_>] {
        &self.variables
    }

    fn values(&self, weights: &[f64]) -> Vec<f64> {
        self.fit(weights)
    }

    fn linearise(&self, weights: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let k = self.n_coefficients();
        let coefficients = self.fit(weights);
        let (mut information, _) = self.equations(weights, &coefficients);
        let mut inverse = vec![0.0; k * k];
        (0..k).for_each(|i| inverse[i * k + i] = 1.0);
        let mut scores = vec![0.0; weights.len() * k];
        if solve(&mut information, &mut inverse, k) {
            for (unit, weight) in weights.iter().enumerate().filter(|(_, weight)| **weight != 0.0) {
                let residual = weight * (self.variables[0].at(unit) - self.expected(unit, &coefficients).0);
                for (i, score) in scores[unit * k..(unit + 1) * k].iter_mut().enumerate() {
                    let row = &inverse[i * k..(i + 1) * k];
                    *score = residual * self.predictors(unit).zip(row).map(|(x, inverse)| x * inverse).sum::<f64>();
                }
            }
        }
        (coefficients, scores)
    }

    fn simple_random_variance(&self, _: &[f64], _: SimpleRandom) -> Option<Vec<f64>> {
        None
    }
}
