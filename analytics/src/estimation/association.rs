//! Tests of association between two factors: Rao and Scott's corrections of Pearson's chi-squared, and Wald tests.
//!
//! Sources: Rao and Scott (1984); Thomas and Rao (1987); Koch, Freeman and Freeman (1975); R survey, `svychisq`.

use super::distributions::{chi_squared_upper_tail, f_upper_tail};
use super::matrix::solve;
use super::{Domain, Estimates, EstimationError, Factor, Mean, Survey, Total};

/// Which test (R's `statistic`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AssociationTest {
    /// Pearson's statistic over the trace of the generalised design effects, against F with Satterthwaite's degrees of
    /// freedom (second-order Rao-Scott).
    #[default]
    F,
    /// Pearson's statistic, against chi-squared after division by the mean design effect (first-order Rao-Scott).
    ChiSquared,
    /// The Wald statistic of all interactions, against F.
    Wald,
    /// The same, adjusted for few degrees of freedom.
    AdjustedWald,
}

/// The outcome of a test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Association {
    /// The test statistic.
    pub statistic: f64,
    /// Degrees of freedom of the numerator, or of chi-squared.
    pub degrees_of_freedom: f64,
    /// Degrees of freedom of the denominator; `None` for chi-squared.
    pub denominator_degrees_of_freedom: Option<f64>,
    /// The probability of a statistic at least as large without association.
    pub p_value: f64,
}

const NOT_DEFINED: &str = "a test of association";

impl Survey {
    /// Tests whether two factors are independent in a domain; units without a value of either are left out, and levels
    /// that nobody in it has are not counted. Degrees of freedom of the design are the domain's.
    pub fn association(
        &self,
        rows: &Factor,
        columns: &Factor,
        domain: &Domain,
        test: AssociationTest,
    ) -> Result<Association, EstimationError> {
        let table = Table::new(self, rows, columns, domain)?;
        match test {
            AssociationTest::F | AssociationTest::ChiSquared => table.rao_scott(test),
            AssociationTest::Wald | AssociationTest::AdjustedWald => table.wald(test),
        }
    }
}

/// A two-way table of the levels that occur: the first factor varies fastest.
struct Table<'a> {
    n_rows: usize,
    n_columns: usize,
    proportions: Estimates<'a>,
    counts: Estimates<'a>,
    n_units: f64,
    design_df: f64,
}

impl<'a> Table<'a> {
    fn new(survey: &'a Survey, rows: &Factor, columns: &Factor, domain: &Domain) -> Result<Table<'a>, EstimationError> {
        let is_known = |unit: usize| rows.codes()[unit].is_some() && columns.codes()[unit].is_some();
        let known = Domain::from_mask((0..rows.codes().len().min(columns.codes().len())).map(is_known).collect());
        if known.mask().len() != domain.mask().len() {
            let (found, expected) = (known.mask().len(), domain.mask().len());
            return Err(EstimationError::Length { what: "a factor", found, expected });
        }
        let domain = domain.and(&known);
        let occurring =
            |factor: &Factor| factor.occurring(|unit| domain.contains(unit) && survey.weights()[unit] != 0.0);
        let (rows, columns) = (occurring(rows), occurring(columns));
        let (n_rows, n_columns) = (rows.levels().len(), columns.levels().len());
        if n_rows < 2 || n_columns < 2 {
            return Err(EstimationError::NotDefined {
                what: NOT_DEFINED,
                why: "a factor has a single level in the domain",
            });
        }
        let cells = Factor::crossed(&[&rows, &columns]);
        Ok(Table {
            n_rows,
            n_columns,
            proportions: survey.estimate(&Mean(cells.indicators()), &domain)?,
            counts: survey.estimate(&Total(cells.indicators()), &domain)?,
            n_units: survey.n_units(&domain) as f64,
            design_df: f64::from(survey.degrees_of_freedom(&domain)),
        })
    }

    fn interactions(&self) -> impl Iterator<Item = (usize, usize)> + Clone + use<> {
        let n_columns = self.n_columns;
        (1..self.n_rows).flat_map(move |row| (1..n_columns).map(move |column| (row, column)))
    }

    /// The sums of a table's rows, and of its columns.
    fn margins(&self, cells: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let mut rows = vec![0.0; self.n_rows];
        let mut columns = vec![0.0; self.n_columns];
        for (place, value) in cells.iter().enumerate() {
            rows[place % self.n_rows] += value;
            columns[place / self.n_rows] += value;
        }
        (rows, columns)
    }

    fn rao_scott(&self, test: AssociationTest) -> Result<Association, EstimationError> {
        let p = self.proportions.values();
        let (rows, columns) = self.margins(p);
        let expected = |place: usize| rows[place % self.n_rows] * columns[place / self.n_rows];
        let pearson: f64 = (0..p.len()).map(|place| (p[place] - expected(place)).powi(2) / expected(place)).sum();
        let pearson = pearson * self.n_units;

        // Interaction contrasts, free of main effects, weighted by 1 / p; a cell of nobody counts as zero.
        let (n_rows, n_columns) = (self.n_rows as f64, self.n_columns as f64);
        let is = |a: usize, b: usize| f64::from(u8::from(a == b));
        let contrasts: Vec<Vec<f64>> = self
            .interactions()
            .map(|(row, column)| {
                let of_cell = |place: usize| {
                    let (i, j) = (place % self.n_rows, place / self.n_rows);
                    (is(i, row) - 1.0 / n_rows) * (is(j, column) - 1.0 / n_columns)
                };
                (0..p.len()).map(of_cell).collect()
            })
            .collect();
        let inverse = |place: usize| if p[place] == 0.0 { 0.0 } else { 1.0 / p[place] };
        let weighted: Vec<Vec<f64>> = contrasts
            .iter()
            .map(|contrast| contrast.iter().enumerate().map(|(place, c)| c * inverse(place)).collect())
            .collect();
        let k = contrasts.len();
        let mut simple = Vec::with_capacity(k * k);
        for a in &contrasts {
            for b in &weighted {
                simple.push(a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>() / self.n_units);
            }
        }
        // The generalised design effects are the eigenvalues of simple⁻¹ V; only traces are needed.
        let mut effects = self.proportions.covariance()?.transformed(&weighted).values().to_vec();
        if !solve(&mut simple, &mut effects, k) {
            return Err(EstimationError::NotDefined {
                what: NOT_DEFINED,
                why: "too many cells of the table are empty",
            });
        }
        let trace: f64 = (0..k).map(|i| effects[i * k + i]).sum();
        let trace_of_square: f64 = (0..k)
            .flat_map(|i| (0..k).map(move |j| (i, j)))
            .map(|(i, j)| effects[i * k + j] * effects[j * k + i])
            .sum();
        if trace.is_nan() || trace <= 0.0 {
            return Err(EstimationError::NoVariance);
        }
        Ok(if test == AssociationTest::ChiSquared {
            Association {
                statistic: pearson,
                degrees_of_freedom: k as f64,
                denominator_degrees_of_freedom: None,
                p_value: chi_squared_upper_tail(pearson / (trace / k as f64), k as f64),
            }
        } else {
            let df = trace * trace / trace_of_square;
            f_test(pearson / trace, df, df * self.design_df)
        })
    }

    fn wald(&self, test: AssociationTest) -> Result<Association, EstimationError> {
        let counts = self.counts.values();
        let (rows, columns) = self.margins(counts);
        let total: f64 = counts.iter().sum();
        let is = |a: usize, b: usize| f64::from(u8::from(a == b));
        // How far each count is from what independence expects, with its derivatives by the counts.
        let (values, gradients): (Vec<f64>, Vec<Vec<f64>>) = self
            .interactions()
            .map(|(row, column)| {
                let expected = rows[row] * columns[column] / total;
                let by_count = |place: usize| {
                    let (i, j) = (place % self.n_rows, place / self.n_rows);
                    is(i, row) * is(j, column)
                        - is(i, row) * columns[column] / total
                        - is(j, column) * rows[row] / total
                        + expected / total
                };
                (counts[row + column * self.n_rows] - expected, (0..counts.len()).map(by_count).collect())
            })
            .unzip();
        let k = values.len();
        let mut covariance = self.counts.covariance()?.transformed(&gradients).values().to_vec();
        let mut solved = values.clone();
        if !solve(&mut covariance, &mut solved, k) {
            return Err(EstimationError::NotDefined {
                what: NOT_DEFINED,
                why: "the covariance of the table has not full rank; the design has too few clusters for a Wald test",
            });
        }
        let wald: f64 = values.iter().zip(&solved).map(|(value, solved)| value * solved).sum();
        let k = k as f64;
        Ok(match test {
            AssociationTest::AdjustedWald => {
                let denominator = self.design_df - k + 1.0;
                f_test(wald * denominator / (k * self.design_df), k, denominator)
            }
            _ => f_test(wald / k, k, self.design_df),
        })
    }
}

fn f_test(statistic: f64, numerator: f64, denominator: f64) -> Association {
    let p_value = if denominator > 0.0 { f_upper_tail(statistic, numerator, denominator) } else { f64::NAN };
    Association { statistic, degrees_of_freedom: numerator, denominator_degrees_of_freedom: Some(denominator), p_value }
}
