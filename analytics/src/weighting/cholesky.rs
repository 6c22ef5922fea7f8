//! Small symmetric systems, p by p: a Cholesky factorisation that finds the columns which follow from those before
//! them. Nothing here knows of surveys.

/// A column is redundant when less than this share of its square length is left beside the columns before it
/// (R's `qr` takes 1e-7 of the length).
pub(super) const REDUNDANCY: f64 = 1e-12;

/// The factorisation of a positive semidefinite matrix, rows and columns first scaled to a unit diagonal.
#[derive(Debug, Clone)]
pub(crate) struct Cholesky {
    n: usize,
    /// Row-major, lower triangle. The row of a dependent column holds its coefficients on the columns before it.
    lower: Vec<f64>,
    scales: Vec<f64>,
    is_dependent: Vec<bool>,
}

impl Cholesky {
    /// Factorises an n by n matrix (row-major; only the lower triangle is read). A column is dependent when less than
    /// `tolerance` of its square length is left beside the columns before it.
    pub(crate) fn new(matrix: &[f64], n: usize, tolerance: f64) -> Cholesky {
        let scale = |j: usize| if matrix[j * n + j] > 0.0 { matrix[j * n + j].sqrt().recip() } else { 0.0 };
        let scales: Vec<f64> = (0..n).map(scale).collect();
        let mut lower = vec![0.0; n * n];
        let mut is_dependent = vec![false; n];
        for i in 0..n {
            for j in 0..i {
                if !is_dependent[j] {
                    let products = dot(&lower[i * n..i * n + j], &lower[j * n..j * n + j]);
                    lower[i * n + j] = (matrix[i * n + j] * scales[i] * scales[j] - products) / lower[j * n + j];
                }
            }
            let row = &lower[i * n..i * n + i];
            let left = 1.0 - dot(row, row);
            if scales[i] > 0.0 && left > tolerance {
                lower[i * n + i] = left.sqrt();
            } else {
                is_dependent[i] = true;
            }
        }
        Cholesky { n, lower, scales, is_dependent }
    }

    /// Columns that follow from those before them.
    pub(crate) fn is_dependent(&self) -> &[bool] {
        &self.is_dependent
    }

    /// How many columns do not follow from others.
    pub(crate) fn rank(&self) -> usize {
        self.is_dependent.iter().filter(|dependent| !**dependent).count()
    }

    /// Expresses a row in the orthonormal basis (L⁻¹ S x). In the place of a dependent column stands what its value
    /// has beyond the value that follows from the others: nothing, where the dependence is exact.
    pub(crate) fn forward(&self, row: &mut [f64]) {
        for i in 0..self.n {
            let mut value = row[i] * self.scales[i];
            for (j, coefficient) in self.lower[i * self.n..i * self.n + i].iter().enumerate() {
                if !self.is_dependent[j] {
                    value -= coefficient * row[j];
                }
            }
            row[i] = if self.is_dependent[i] { value } else { value / self.lower[i * self.n + i] };
        }
    }

    /// Solves the system; dependent columns get zero (a generalised inverse).
    pub(crate) fn solve(&self, right: &mut [f64]) {
        self.forward(right);
        for i in (0..self.n).rev() {
            if self.is_dependent[i] {
                right[i] = 0.0;
                continue;
            }
            let mut value = right[i];
            for (k, solved) in right.iter().enumerate().skip(i + 1) {
                if !self.is_dependent[k] {
                    value -= self.lower[k * self.n + i] * solved;
                }
            }
            right[i] = value / self.lower[i * self.n + i];
        }
        for (value, scale) in right.iter_mut().zip(&self.scales) {
            *value *= scale;
        }
    }

    /// What one unit in the scaled place of a dependent column is in the column's own unit.
    pub(crate) fn scale(&self, column: usize) -> f64 {
        self.scales[column]
    }
}

/// Adds up weight × row × rowᵀ over the rows (row-major, `n` wide): the lower triangle of a Gram matrix.
pub(crate) fn gram(rows: &[f64], n: usize, weights: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut gram = vec![0.0; n * n];
    for (row, weight) in rows.chunks_exact(n.max(1)).zip(weights) {
        for (i, value) in row.iter().enumerate() {
            let scaled = weight * value;
            // Rows of indicators are mostly zeros.
            if scaled != 0.0 {
                for (sum, other) in gram[i * n..=i * n + i].iter_mut().zip(row) {
                    *sum += scaled * other;
                }
            }
        }
    }
    gram
}

/// Multiplies every row (row-major, `n` wide) by its number.
pub(crate) fn scale_rows(rows: &mut [f64], n: usize, scales: &[f64]) {
    for (row, scale) in rows.chunks_exact_mut(n).zip(scales) {
        row.iter_mut().for_each(|value| *value *= scale);
    }
}

/// The product of two rows, summed in order.
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::{Cholesky, gram};

    #[test]
    fn a_column_that_follows_from_others_is_found_and_the_rest_is_solved() {
        // Third column: the sum of the first two; fourth: zero.
        let rows = [1.0, 0.0, 1.0, 0.0, 0.0, 2.0, 2.0, 0.0, 3.0, 1.0, 4.0, 0.0];
        let factor = Cholesky::new(&gram(&rows, 4, [1.0, 2.0, 1.0].into_iter()), 4, 1e-12);
        assert_eq!(factor.is_dependent(), [false, false, true, true]);
        assert_eq!(factor.rank(), 2);
        let mut right = [13.0, 12.0, 25.0, 0.0];
        factor.solve(&mut right);
        // 10 a + 3 b = 13, 3 a + 9 b = 12.
        assert!((right[0] - 1.0).abs() < 1e-14 && (right[1] - 1.0).abs() < 1e-14, "{right:?}");
        assert_eq!(right[2..], [0.0, 0.0]);
    }
}
