//! The columns of a calibration's model in an orthonormal basis.

use super::cholesky::{Cholesky, REDUNDANCY, gram};

/// The columns made orthonormal under the weights over the variances.
#[derive(Debug, Clone)]
pub(super) struct Basis {
    /// Its columns.
    pub width: usize,
    /// n by `width`, row-major.
    pub rows: Vec<f64>,
    /// Finds the dependent columns.
    pub first: Cholesky,
    second: Cholesky,
}

impl Basis {
    /// Orthonormalises twice: once leaves an error that grows with the square of the columns' condition.
    pub(super) fn new(rows: &[f64], p: usize, weights: &[f64], variance: &[f64]) -> Basis {
        let metric = || weights.iter().zip(variance).map(|(weight, variance)| weight / variance);
        let first = Cholesky::new(&gram(rows, p, metric()), p, REDUNDANCY);
        let width = first.rank();
        let mut in_basis = Vec::with_capacity(rows.len() / p * width);
        let mut expressed = vec![0.0; p];
        for row in rows.chunks_exact(p) {
            expressed.copy_from_slice(row);
            first.forward(&mut expressed);
            in_basis.extend(
                expressed.iter().zip(first.is_dependent()).filter(|(_, dependent)| !**dependent).map(|(v, _)| v),
            );
        }
        let second = Cholesky::new(&gram(&in_basis, width, metric()), width, REDUNDANCY);
        for row in in_basis.chunks_exact_mut(width.max(1)) {
            second.forward(row);
        }
        Basis { width, rows: in_basis, first, second }
    }

    /// A vector over columns, in the basis.
    pub(super) fn express(&self, mut columns: Vec<f64>) -> Vec<f64> {
        self.first.forward(&mut columns);
        let mut kept =
            columns.iter().zip(self.first.is_dependent()).filter(|(_, d)| !**d).map(|(v, _)| *v).collect::<Vec<_>>();
        self.second.forward(&mut kept);
        kept
    }
}
