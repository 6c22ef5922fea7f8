//! A covariance matrix of a few estimates, and what linear functions of them have for variance.

/// A symmetric matrix of variances and covariances.
#[derive(Debug, Clone, PartialEq)]
pub struct Covariance {
    n: usize,
    /// Row-major.
    values: Vec<f64>,
}

impl Covariance {
    /// A matrix of `n` rows from its values, row by row.
    ///
    /// # Panics
    /// When `values` does not hold n × n numbers.
    pub fn from_rows(n: usize, values: Vec<f64>) -> Covariance {
        assert_eq!(values.len(), n * n, "a covariance matrix is square");
        Covariance { n, values }
    }

    /// Adds the covariance of another source of error, independent of this one.
    pub(crate) fn add(&mut self, other: &Covariance) {
        self.values.iter_mut().zip(&other.values).for_each(|(value, other)| *value += other);
    }

    /// How many estimates it is about.
    pub fn n(&self) -> usize {
        self.n
    }

    /// The covariance of two estimates.
    pub fn at(&self, row: usize, column: usize) -> f64 {
        self.values[row * self.n + column]
    }

    /// All values, row by row.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The variance of an estimate.
    pub fn variance(&self, place: usize) -> f64 {
        self.at(place, place)
    }

    /// The standard error of an estimate.
    pub fn standard_error(&self, place: usize) -> f64 {
        self.variance(place).sqrt()
    }

    /// Standard errors of all estimates.
    pub fn standard_errors(&self) -> Vec<f64> {
        (0..self.n).map(|place| self.standard_error(place)).collect()
    }

    /// The covariance a'Vb of two linear functions of the estimates.
    pub fn between(&self, a: &[f64], b: &[f64]) -> f64 {
        let row =
            |i: usize| -> f64 { self.values[i * self.n..(i + 1) * self.n].iter().zip(b).map(|(v, b)| v * b).sum() };
        a.iter().enumerate().map(|(i, a)| a * row(i)).sum()
    }

    /// The covariance of linear functions of the estimates, each given by its coefficients (the delta method, when they
    /// are gradients).
    pub fn transformed(&self, functions: &[Vec<f64>]) -> Covariance {
        let n = functions.len();
        let mut values = vec![0.0; n * n];
        for (i, a) in functions.iter().enumerate() {
            for (j, b) in functions.iter().enumerate().skip(i) {
                let value = self.between(a, b);
                values[i * n + j] = value;
                values[j * n + i] = value;
            }
        }
        Covariance { n, values }
    }
}
