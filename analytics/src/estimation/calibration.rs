//! Calibration as the bulk kernel sees it: the residuals of `Residuals`, without a score for every unit. The coefficients
//! of the regression come from sums by domain and class; what it explains is then taken from the leaves' scores.
//!
//! Sources: Särndal, Swensson and Wretman (1992), sections 6.6 and 7.6; Deville and Särndal (1992).

use std::ops::Range;

/// A unit (a person) whose weight was calibrated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CalibrationUnit<'a> {
    /// Its leaf in the design.
    pub leaf: u32,
    /// Its weight afterwards.
    pub weight: f64,
    /// Its weight in the regression: that before the calibration (over the variance factor of the distance, where there
    /// is one); 1 for raking as in R's `rake`. Zero for a unit that the calibration left out.
    pub regression_weight: f64,
    /// Its auxiliary variables that are not zero: number and value.
    pub variables: &'a [(u16, f64)],
}

/// A unit whose weight was scaled to the population count of its post-stratum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PostStratumUnit {
    /// Its leaf in the design.
    pub leaf: u32,
    /// Its weight afterwards.
    pub weight: f64,
    /// Its post-stratum, numbered from 0; `None` where the weight was not touched.
    pub post_stratum: Option<u16>,
}

/// How the coefficients of the regression are found.
#[derive(Debug, Clone, PartialEq)]
pub enum Solution {
    /// As those of least squares. Variables that follow from those before them are left out.
    LeastSquares,
    /// By sweeps over margins, given as the ranges of their categories' variables: what R's `rake` does, ten times, on the
    /// way to the same coefficients.
    Sweeps(Vec<Range<u16>>),
}

/// Sweeps over raked margins, as in R survey.
const SWEEPS: usize = 10;
/// A variable of which this share of its sum of squares is left, those before it taken out, counts as following from them.
const COLLINEAR: f64 = 1e-12;

/// A calibration of the weights: auxiliary variables x, weights q of the regression, and each leaf's Σ w x.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    n_variables: usize,
    first_entry_of: Vec<usize>,
    entries: Vec<(u16, f64)>,
    /// By unit, q / w.
    regression_factors: Vec<f64>,
    /// Σ w x by leaf and variable, leaves ascending.
    of_leaves: Vec<(u32, u16, f64)>,
    solver: Solver,
}

#[derive(Debug, Clone, PartialEq)]
enum Solver {
    /// The lower Cholesky factor of Σ q x x', row by row; a variable left out has zeros.
    Factor(Vec<f64>),
    /// Σ q x x' itself, row by row.
    Sweeps { margins: Vec<Range<u16>>, products: Vec<f64> },
}

impl Calibration {
    /// The calibration of `units` by `n_variables` auxiliary variables.
    pub fn new(units: &[CalibrationUnit<'_>], n_variables: usize, solution: Solution) -> Calibration {
        let mut first_entry_of = vec![0];
        let mut entries = Vec::new();
        let mut products = vec![0.0; n_variables * n_variables];
        let mut of_leaves = Vec::new();
        for unit in units {
            for (variable, x) in unit.variables {
                of_leaves.push((unit.leaf, *variable, unit.weight * x));
                for (other, y) in unit.variables {
                    products[usize::from(*variable) * n_variables + usize::from(*other)] +=
                        unit.regression_weight * x * y;
                }
            }
            entries.extend_from_slice(unit.variables);
            first_entry_of.push(entries.len());
        }
        // Stable: a sum runs in the order of the units.
        of_leaves.sort_by_key(|(leaf, variable, _)| (*leaf, *variable));
        let same = |a: &(u32, u16, f64), b: &(u32, u16, f64)| (a.0, a.1) == (b.0, b.1);
        let summed = |group: &[(u32, u16, f64)]| (group[0].0, group[0].1, group.iter().map(|(_, _, sum)| sum).sum());
        let factor = |unit: &CalibrationUnit<'_>| {
            if unit.weight == 0.0 { 0.0 } else { unit.regression_weight / unit.weight }
        };
        Calibration {
            n_variables,
            first_entry_of,
            entries,
            regression_factors: units.iter().map(factor).collect(),
            of_leaves: of_leaves.chunk_by(same).map(summed).collect(),
            solver: match solution {
                Solution::LeastSquares => Solver::Factor(cholesky(products, n_variables)),
                Solution::Sweeps(margins) => Solver::Sweeps { margins, products },
            },
        }
    }

    /// Post-stratification: one indicator for each post-stratum, so that a score's residual is its distance from the mean
    /// of its post-stratum. `None` where no unit has one. Inside a post-stratum weights before and after are in
    /// proportion, so either may weigh the mean.
    pub fn post_strata(units: &[PostStratumUnit]) -> Option<Calibration> {
        let last = units.iter().filter_map(|unit| unit.post_stratum).max()?;
        let indicators: Vec<Option<(u16, f64)>> =
            units.iter().map(|unit| unit.post_stratum.map(|number| (number, 1.0))).collect();
        let units: Vec<CalibrationUnit<'_>> = (units.iter().zip(&indicators))
            .map(|(unit, indicator)| CalibrationUnit {
                leaf: unit.leaf,
                weight: unit.weight,
                regression_weight: unit.weight,
                variables: indicator.as_slice(),
            })
            .collect();
        Some(Calibration::new(&units, usize::from(last) + 1, Solution::LeastSquares))
    }

    /// How many auxiliary variables there are.
    pub fn n_variables(&self) -> usize {
        self.n_variables
    }

    pub(super) fn regression_factor(&self, unit: u32) -> f64 {
        self.regression_factors[unit as usize]
    }

    pub(super) fn entries(&self, unit: u32) -> &[(u16, f64)] {
        &self.entries[self.first_entry_of[unit as usize]..self.first_entry_of[unit as usize + 1]]
    }

    /// The coefficients B of the scores' regression, from Σ q x u.
    pub(super) fn coefficients(&self, mut moments: Vec<f64>) -> Vec<f64> {
        match &self.solver {
            Solver::Factor(factor) => {
                solve(factor, self.n_variables, &mut moments);
                moments
            }
            Solver::Sweeps { margins, products } => sweeps(margins, products, &moments),
        }
    }

    /// Takes what the regression explains, w x'B, from the scores of all leaves, `LANES` numbers side by side.
    pub(super) fn subtract_explained<const LANES: usize>(
        &self,
        coefficients: &[[f64; LANES]],
        scores: &mut [[f64; LANES]],
    ) {
        for (leaf, variable, sum) in &self.of_leaves {
            let coefficients = &coefficients[usize::from(*variable)];
            for (score, coefficient) in scores[*leaf as usize].iter_mut().zip(coefficients) {
                *score -= sum * coefficient;
            }
        }
    }
}

fn cholesky(mut matrix: Vec<f64>, n: usize) -> Vec<f64> {
    for column in 0..n {
        let squared = |row: usize, matrix: &[f64]| -> f64 {
            let start = row * n;
            matrix[start..start + column].iter().zip(&matrix[column * n..column * n + column]).map(|(a, b)| a * b).sum()
        };
        let whole = matrix[column * n + column];
        let left = whole - squared(column, &matrix);
        let pivot = if left > COLLINEAR * whole { left.sqrt() } else { 0.0 };
        matrix[column * n + column] = pivot;
        for row in column + 1..n {
            let value = matrix[row * n + column] - squared(row, &matrix);
            matrix[row * n + column] = if pivot == 0.0 { 0.0 } else { value / pivot };
        }
    }
    matrix
}

/// Solves L L' b = right in place; variables left out get zero.
fn solve(factor: &[f64], n: usize, right: &mut [f64]) {
    let divided = |value: f64, pivot: f64| if pivot == 0.0 { 0.0 } else { value / pivot };
    for row in 0..n {
        let known: f64 = (0..row).map(|column| factor[row * n + column] * right[column]).sum();
        right[row] = divided(right[row] - known, factor[row * n + row]);
    }
    for row in (0..n).rev() {
        let known: f64 = (row + 1..n).map(|column| factor[column * n + row] * right[column]).sum();
        right[row] = divided(right[row] - known, factor[row * n + row]);
    }
}

/// Margin by margin, each category's mean of what the others have not explained yet.
fn sweeps(margins: &[Range<u16>], products: &[f64], moments: &[f64]) -> Vec<f64> {
    let n = moments.len();
    let mut coefficients = vec![0.0; n];
    for _ in 0..SWEEPS {
        for margin in margins {
            for category in margin.clone().map(usize::from) {
                let row = &products[category * n..(category + 1) * n];
                if row[category] > 0.0 {
                    let explained: f64 = row.iter().zip(&coefficients).map(|(product, b)| product * b).sum();
                    coefficients[category] += (moments[category] - explained) / row[category];
                }
            }
        }
    }
    coefficients
}
