//! Logistic regression by iteratively reweighted least squares, weighted by sampling weights: the point estimates of R's
//! `svyglm(family = quasibinomial)`. Source: McCullagh and Nelder, Generalized Linear Models (1989), section 4.4.

use super::adjusted::{check_length, check_numbers, check_weights};
use super::cholesky::{Cholesky, REDUNDANCY, dot, gram};
use super::error::WeightingError;

/// Steps at most.
const MAX_ITERATIONS: usize = 50;
/// The last step moves the log odds of every row by less than this.
const TOLERANCE: f64 = 1e-10;
/// A probability this near to zero or one means that the predictors separate the answers.
const SEPARATED: f64 = 1e-9;

/// Predictors of a regression, n units by p columns, row-major; a constant is a column of ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Predictors {
    /// Names of the columns.
    pub names: Vec<String>,
    /// Values.
    pub values: Vec<f64>,
}

/// A fitted logistic regression.
#[derive(Debug, Clone, PartialEq)]
pub struct Logistic {
    /// A coefficient per column; zero for a redundant one.
    pub coefficients: Vec<f64>,
    /// Columns that follow from those before them, which have no coefficient of their own (R gives `NA`).
    pub redundant: Vec<String>,
    /// The fitted probability of each unit.
    pub probabilities: Vec<f64>,
    /// Steps taken.
    pub n_iterations: usize,
}

impl Logistic {
    /// Fits the probability that `outcome` is true.
    pub fn fit(predictors: &Predictors, outcome: &[bool], weights: &[f64]) -> Result<Logistic, WeightingError> {
        let (n, p) = (weights.len(), predictors.names.len());
        check_weights(weights)?;
        check_length("the outcome", outcome.len(), n)?;
        check_length("the predictors (values)", predictors.values.len(), n * p)?;
        if p == 0 {
            return Err(WeightingError::Nothing { what: "the model has no predictor" });
        }
        for (column, name) in predictors.names.iter().enumerate() {
            let values: Vec<f64> = predictors.values.iter().skip(column).step_by(p).copied().collect();
            check_numbers(name, &values)?;
        }
        let rows = || predictors.values.chunks_exact(p);
        let by_weight = Cholesky::new(&gram(&predictors.values, p, weights.iter().copied()), p, REDUNDANCY);
        let is_redundant = by_weight.is_dependent().to_vec();
        let mut coefficients = vec![0.0; p];
        let mut probabilities = vec![0.5; n];
        for n_iterations in 1..=MAX_ITERATIONS {
            let mut step = vec![0.0; p];
            for ((row, weight), (outcome, probability)) in rows().zip(weights).zip(outcome.iter().zip(&probabilities)) {
                let residual = weight * (f64::from(u8::from(*outcome)) - probability);
                for (sum, value) in step.iter_mut().zip(row) {
                    *sum += residual * value;
                }
            }
            let information = weights.iter().zip(&probabilities).map(|(weight, p)| weight * p * (1.0 - p));
            let information = Cholesky::new(&gram(&predictors.values, p, information), p, REDUNDANCY);
            for (score, redundant) in step.iter_mut().zip(&is_redundant) {
                if *redundant {
                    *score = 0.0;
                }
            }
            information.solve(&mut step);
            for (step, redundant) in step.iter_mut().zip(&is_redundant) {
                if *redundant {
                    *step = 0.0;
                }
            }
            let largest = rows().map(|row| dot(row, &step).abs()).fold(0.0, f64::max);
            // A step over more than five log odds is shortened: far out, the curve says nothing about the way.
            let share = if largest > 5.0 { 5.0 / largest } else { 1.0 };
            coefficients.iter_mut().zip(&step).for_each(|(coefficient, step)| *coefficient += share * step);
            for (probability, row) in probabilities.iter_mut().zip(rows()) {
                *probability = 1.0 / (1.0 + (-dot(row, &coefficients)).exp());
            }
            let is_certain =
                |row: &usize| weights[*row] > 0.0 && !(SEPARATED..=1.0 - SEPARATED).contains(&probabilities[*row]);
            if let Some(row) = (0..n).find(is_certain) {
                return Err(WeightingError::Separated { row: row + 1, propensity: probabilities[row] });
            }
            if largest < TOLERANCE {
                let names = predictors.names.iter().zip(&is_redundant);
                let redundant = names.filter(|(_, redundant)| **redundant).map(|(name, _)| name.clone()).collect();
                return Ok(Logistic { coefficients, redundant, probabilities, n_iterations });
            }
        }
        let row = (0..n).max_by(|a, b| (probabilities[*a] - 0.5).abs().total_cmp(&(probabilities[*b] - 0.5).abs()));
        let row = row.unwrap_or(0);
        Err(WeightingError::Separated { row: row + 1, propensity: probabilities[row] })
    }
}
