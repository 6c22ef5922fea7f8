//! Replicate weights: the sample weighted again and again, so that the spread of an estimate over the replicates is its
//! variance. Made from a design or read from columns; adjusted replicate by replicate; summed in one pass.
//!
//! Sources: Wolter (2007); R survey's `svrepdesign`, `svrVar` and `degf`.

mod error;
mod hadamard;
mod method;
mod totals;

pub use error::ReplicateError;
pub use method::{Centre, LargeStrata, ReplicateMethod};
pub use totals::{CellTotals, ReplicateTotals};

use rayon::prelude::*;

use crate::design::{Covariance, SurveyDesign};
use crate::weighting::{Adjusted, Cholesky, WeightingError};

/// Replicate weights of a sample.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplicateWeights {
    /// Full-sample weights.
    weights: Vec<f64>,
    /// What each unit's factors multiply: its full-sample weight, or 1 where the factors are weights themselves.
    base: Vec<f64>,
    /// The row of factors of each unit: units of a cluster share one.
    row_of: Vec<u32>,
    n_replicates: usize,
    /// Row-major, a row of `n_replicates` for each cluster, or for each unit.
    factors: Vec<f64>,
    scale: f64,
    rscales: Vec<f64>,
    centre: Centre,
}

/// What columns of replicate weights hold (R's `combined.weights`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplicateColumns {
    /// Weights: the sampling weight is in them.
    Combined,
    /// Factors of the sampling weight.
    Factors,
}

/// How squares of replicates become a variance: `scale` × the sum over replicates of `rscales` × squares.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplicateScales {
    /// One for all.
    pub scale: f64,
    /// One per replicate.
    pub rscales: Vec<f64>,
    /// What the squares are taken around.
    pub centre: Centre,
}

/// An estimate and its value in every replicate.
#[derive(Debug, Clone, PartialEq)]
pub struct Replicated {
    /// From the whole sample.
    pub estimate: f64,
    /// From each replicate; not a number where a replicate gives none (nobody left to divide by).
    pub replicates: Vec<f64>,
}

impl ReplicateWeights {
    /// Replicates of a design. `centre` replaces the method's own (the replicates' mean, for successive differences the
    /// estimate), as R's `mse` does.
    pub fn new(
        design: &SurveyDesign,
        weights: &[f64],
        method: ReplicateMethod,
        centre: Option<Centre>,
    ) -> Result<ReplicateWeights, ReplicateError> {
        if weights.len() != design.n_units() {
            let what = format!("there are {} weights for {} units", weights.len(), design.n_units());
            return Err(ReplicateError::Columns { what });
        }
        let factors = method.factors(design)?;
        Ok(ReplicateWeights {
            weights: weights.to_vec(),
            base: weights.to_vec(),
            row_of: design.leaf_of_unit().iter().map(|leaf| design.cluster_of_leaf(*leaf)).collect(),
            n_replicates: factors.rscales.len(),
            factors: factors.of_clusters,
            scale: factors.scale,
            rscales: factors.rscales,
            centre: centre.unwrap_or(factors.centre),
        })
    }

    /// Replicates from the columns of a file: one slice per replicate, each as long as `weights`.
    pub fn from_columns(
        weights: &[f64],
        columns: &[&[f64]],
        kind: ReplicateColumns,
        scales: ReplicateScales,
    ) -> Result<ReplicateWeights, ReplicateError> {
        let n_replicates = columns.len();
        let refuse = |what: String| Err(ReplicateError::Columns { what });
        if n_replicates < 2 {
            return Err(ReplicateError::TooFew { n_replicates });
        }
        if scales.rscales.len() != n_replicates {
            return refuse(format!("there are {} scales for {n_replicates} replicates", scales.rscales.len()));
        }
        let is_scale = |scale: &f64| scale.is_finite() && *scale >= 0.0;
        if !is_scale(&scales.scale) || !scales.rscales.iter().all(is_scale) {
            return refuse("scales of replicates are numbers of zero or more".to_owned());
        }
        for (number, column) in columns.iter().chain([&weights]).enumerate() {
            let name =
                if number < n_replicates { format!("replicate {}", number + 1) } else { "the weights".to_owned() };
            if column.len() != weights.len() {
                return refuse(format!("{name} has {} rows where the weights have {}", column.len(), weights.len()));
            }
            // Calibrated replicates, and those of successive differences, may hold weights below zero.
            if let Some(row) = column.iter().position(|weight| !weight.is_finite()) {
                return refuse(format!("{name} has {} in row {}", column[row], row + 1));
            }
        }
        let base = match kind {
            ReplicateColumns::Combined => vec![1.0; weights.len()],
            ReplicateColumns::Factors => weights.to_vec(),
        };
        let ReplicateScales { scale, rscales, centre } = scales;
        let row_of = (0..weights.len() as u32).collect();
        let factors = transposed(columns);
        Ok(ReplicateWeights { weights: weights.to_vec(), base, row_of, n_replicates, factors, scale, rscales, centre })
    }

    /// The replicates adjusted one by one, and the full-sample weights with them: variances then know what the adjustment
    /// made certain. `adjust` is any adjustment: raking, calibration, trimming.
    pub fn adjusted(
        &self,
        adjust: impl Fn(&[f64]) -> Result<Adjusted, WeightingError> + Sync,
    ) -> Result<ReplicateWeights, WeightingError> {
        let weights = adjust(&self.weights)?.weights;
        let adjusted: Result<Vec<Vec<f64>>, WeightingError> = (0..self.n_replicates)
            .into_par_iter()
            .map(|replicate| match adjust(&self.replicate(replicate)) {
                Ok(adjusted) => Ok(adjusted.weights),
                Err(error) => Err(WeightingError::Replicate { replicate: replicate + 1, source: Box::new(error) }),
            })
            .collect();
        let adjusted = adjusted?;
        let columns: Vec<&[f64]> = adjusted.iter().map(Vec::as_slice).collect();
        Ok(ReplicateWeights {
            base: vec![1.0; weights.len()],
            row_of: (0..weights.len() as u32).collect(),
            factors: transposed(&columns),
            weights,
            ..self.clone()
        })
    }

    /// Full-sample weights.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// Replicates.
    pub fn n_replicates(&self) -> usize {
        self.n_replicates
    }

    /// The weights of one replicate, counted from 0.
    pub fn replicate(&self, replicate: usize) -> Vec<f64> {
        (0..self.weights.len()).map(|unit| self.replicate_weight(unit, replicate)).collect()
    }

    /// The weight of one unit in one replicate, both counted from 0.
    pub fn replicate_weight(&self, unit: usize, replicate: usize) -> f64 {
        self.base[unit] * self.factors[self.row_of[unit] as usize * self.n_replicates + replicate]
    }

    /// How squares become a variance.
    pub fn scales(&self) -> ReplicateScales {
        ReplicateScales { scale: self.scale, rscales: self.rscales.clone(), centre: self.centre }
    }

    /// The variance of an estimate. Replicates without a value are left out, as in R; [`Replicated::n_undefined`] counts
    /// them. Not a number where no replicate has a value.
    pub fn variance(&self, estimate: &Replicated) -> f64 {
        self.covariance(std::slice::from_ref(estimate)).variance(0)
    }

    /// The covariances of estimates. A replicate in which one of them has no value is left out.
    pub fn covariance(&self, estimates: &[Replicated]) -> Covariance {
        let k = estimates.len();
        let is_defined =
            |replicate: &usize| estimates.iter().all(|estimate| estimate.replicates[*replicate].is_finite());
        let defined: Vec<usize> = (0..self.n_replicates).filter(is_defined).collect();
        let centre = |estimate: &Replicated| match self.centre {
            Centre::Estimate => estimate.estimate,
            Centre::Mean => {
                let counted = defined.iter().filter(|replicate| self.rscales[**replicate] > 0.0);
                let (sum, n) = counted.fold((0.0, 0.0), |(sum, n), r| (sum + estimate.replicates[*r], n + 1.0));
                sum / n
            }
        };
        if defined.is_empty() {
            return Covariance::from_rows(k, vec![f64::NAN; k * k]);
        }
        // Where no replicate counts, the sample is the population.
        if defined.iter().all(|replicate| self.rscales[*replicate] == 0.0) {
            return Covariance::from_rows(k, vec![0.0; k * k]);
        }
        let centres: Vec<f64> = estimates.iter().map(centre).collect();
        let mut covariance = vec![0.0; k * k];
        for replicate in defined {
            let away = |at: usize| estimates[at].replicates[replicate] - centres[at];
            for a in 0..k {
                for b in 0..k {
                    covariance[a * k + b] += self.rscales[replicate] * away(a) * away(b);
                }
            }
        }
        covariance.iter_mut().for_each(|sum| *sum *= self.scale);
        Covariance::from_rows(k, covariance)
    }

    /// Degrees of freedom of the part of the sample in `units`: the rank of its replicate weights minus one, columns
    /// counting as dependent when less than 1e-5 of their length is their own (R's `degf`).
    pub fn degrees_of_freedom(&self, units: impl IntoIterator<Item = usize>) -> usize {
        let mut square_of_row = vec![0.0; self.factors.len() / self.n_replicates.max(1)];
        for unit in units {
            square_of_row[self.row_of[unit] as usize] += self.base[unit] * self.base[unit];
        }
        let gram = crate::weighting::gram(&self.factors, self.n_replicates, square_of_row.into_iter());
        Cholesky::new(&gram, self.n_replicates, 1e-10).rank().saturating_sub(1)
    }
}

impl Replicated {
    /// Replicates in which the estimate has no value.
    pub fn n_undefined(&self) -> usize {
        self.replicates.iter().filter(|value| !value.is_finite()).count()
    }
}

/// Columns as one row-major matrix.
fn transposed(columns: &[&[f64]]) -> Vec<f64> {
    let n_rows = columns.first().map_or(0, |column| column.len());
    let mut rows = Vec::with_capacity(n_rows * columns.len());
    for row in 0..n_rows {
        rows.extend(columns.iter().map(|column| column[row]));
    }
    rows
}
