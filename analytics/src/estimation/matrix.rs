//! Small dense linear algebra for tests and models: solving a few equations.

/// Solves A x = b for each of the columns of `b`, in place, by elimination with partial pivoting. Matrices are row-major:
/// `a` is n × n, `b` is n × m. False where A is singular to working precision.
pub(super) fn solve(a: &mut [f64], b: &mut [f64], n: usize) -> bool {
    let m = b.len() / n.max(1);
    let largest: Vec<f64> =
        (0..n).map(|row| a[row * n..(row + 1) * n].iter().fold(0.0, |max: f64, value| max.max(value.abs()))).collect();
    let scale = largest.iter().copied().fold(0.0, f64::max);
    for column in 0..n {
        let size = |row: &usize| a[row * n + column].abs();
        let pivot = (column..n).max_by(|x, y| size(x).total_cmp(&size(y))).unwrap_or(column);
        let size = a[pivot * n + column].abs();
        if size.is_nan() || size <= f64::EPSILON * scale {
            return false;
        }
        if pivot != column {
            (0..n).for_each(|j| a.swap(pivot * n + j, column * n + j));
            (0..m).for_each(|j| b.swap(pivot * m + j, column * m + j));
        }
        for row in column + 1..n {
            let factor = a[row * n + column] / a[column * n + column];
            (column..n).for_each(|j| a[row * n + j] -= factor * a[column * n + j]);
            (0..m).for_each(|j| b[row * m + j] -= factor * b[column * m + j]);
        }
    }
    for row in (0..n).rev() {
        for j in 0..m {
            let known: f64 = (row + 1..n).map(|column| a[row * n + column] * b[column * m + j]).sum();
            b[row * m + j] = (b[row * m + j] - known) / a[row * n + row];
        }
    }
    true
}
