//! The residuals of calibrated weights as the blocks take them: what `Residuals` does to the scores of all units, done to
//! the scores of leaves. The coefficients of the regression come from sums by domain and class, with no score for any
//! unit; what the regression explains is then taken from each leaf.
//!
//! Sources: Särndal, Swensson and Wretman (1992), sections 6.6 and 7.6; Deville and Särndal (1992).

use std::ops::Range;

use super::residuals::{RAKING_SWEEPS, Residuals};

/// A variable whose part not explained by those before has less than this share of its sum of squares counts as
/// following from them.
const COLLINEAR: f64 = 1e-12;

/// Residuals of one calibration, ready for the blocks. For units i with scores s = w u and auxiliary variables j, the
/// residual is s_i - Σ_j g_ij b_j, where the b solve Σ_i f_ij (s_i - Σ_k g_ik b_k) = 0 for every j.
#[derive(Debug, Clone, PartialEq)]
pub struct BulkResiduals {
    n_variables: usize,
    /// By unit, its range of `terms`.
    first_term_of: Vec<usize>,
    terms: Vec<Term>,
    /// Σ g over the units of a leaf, leaves ascending.
    of_leaves: Vec<(u32, u16, f64)>,
    solver: Solver,
}

/// An auxiliary variable of one unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Term {
    pub variable: u16,
    /// What the unit's score enters the variable's equation with: f.
    pub of_score: f64,
    /// What the variable's coefficient enters the unit's score with: g.
    pub explains: f64,
}

#[derive(Debug, Clone, PartialEq)]
enum Solver {
    /// Least squares: the lower Cholesky factor of Σ f g, row by row; a variable left out has zeros.
    Factor(Vec<f64>),
    /// Sweeps over raked margins, given as ranges of variables, and Σ f g itself.
    Sweeps { margins: Vec<Range<usize>>, products: Vec<f64> },
}

impl BulkResiduals {
    /// The residuals of a calibration whose units lie in these `leaves` of the design.
    ///
    /// # Panics
    /// When the calibration is not about as many units, or has more than 65,536 auxiliary variables.
    pub fn new(residuals: &Residuals, leaves: &[u32]) -> BulkResiduals {
        let mut terms = Vec::new();
        let mut first_term_of = vec![0];
        let mut margins = Vec::new();
        let n_units = match residuals {
            Residuals::PostStrata { groups, weights_before, weights_after } => {
                for ((group, before), after) in groups.iter().zip(weights_before).zip(weights_after) {
                    terms.extend(group.map(|group| Term::new(group as usize, over(*before, *after), *after)));
                    first_term_of.push(terms.len());
                }
                groups.len()
            }
            Residuals::Raking { margins: raked } => {
                let mut first = 0;
                for margin in raked {
                    let n_categories = margin.groups.iter().max().map_or(0, |last| *last as usize + 1);
                    margins.push(first..first + n_categories);
                    first += n_categories;
                }
                for unit in 0..leaves.len() {
                    terms.extend(raked.iter().zip(&margins).map(|(margin, variables)| {
                        let weight = margin.weights[unit];
                        Term::new(variables.start + margin.groups[unit] as usize, over(1.0, weight), weight)
                    }));
                    first_term_of.push(terms.len());
                }
                raked.first().map_or(leaves.len(), |margin| margin.groups.len())
            }
            Residuals::Regression(regression) => {
                for (unit, scale) in regression.scale.iter().enumerate() {
                    let columns = regression.basis.iter().map(|column| column[unit]).enumerate();
                    let used = columns.filter(|(_, value)| *value != 0.0);
                    terms.extend(used.map(|(variable, x)| Term::new(variable, over(x, *scale), x * scale)));
                    first_term_of.push(terms.len());
                }
                regression.scale.len()
            }
            // Only later stages see these residuals, and the blocks have one.
            Residuals::WithinClusters { .. } => {
                first_term_of.resize(leaves.len() + 1, 0);
                leaves.len()
            }
        };
        assert_eq!(n_units, leaves.len(), "a leaf for each unit of the calibration");
        let n_variables = terms.iter().map(|term| usize::from(term.variable) + 1).max().unwrap_or(0);
        let mut bulk = BulkResiduals {
            n_variables,
            first_term_of,
            terms,
            of_leaves: Vec::new(),
            solver: Solver::Factor(Vec::new()),
        };
        let products = bulk.products();
        bulk.solver = match residuals {
            Residuals::Raking { .. } => Solver::Sweeps { margins, products },
            _ => Solver::Factor(cholesky(products, n_variables)),
        };
        bulk.of_leaves = bulk.by_leaf(leaves);
        bulk
    }

    /// How many auxiliary variables there are.
    pub fn n_variables(&self) -> usize {
        self.n_variables
    }

    pub(super) fn terms(&self, unit: u32) -> &[Term] {
        &self.terms[self.first_term_of[unit as usize]..self.first_term_of[unit as usize + 1]]
    }

    /// The coefficients b of scores, from Σ f s.
    pub(super) fn coefficients(&self, mut moments: Vec<f64>) -> Vec<f64> {
        match &self.solver {
            Solver::Factor(factor) => {
                solve(factor, self.n_variables, &mut moments);
                moments
            }
            Solver::Sweeps { margins, products } => sweeps(margins, products, &moments),
        }
    }

    /// Takes what the regression explains from the scores of all leaves, `LANES` numbers side by side.
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

    /// Σ f g over the units, row by row.
    fn products(&self) -> Vec<f64> {
        let mut products = vec![0.0; self.n_variables * self.n_variables];
        for unit in 0..self.first_term_of.len() as u32 - 1 {
            for row in self.terms(unit) {
                for column in self.terms(unit) {
                    let place = usize::from(row.variable) * self.n_variables + usize::from(column.variable);
                    products[place] += row.of_score * column.explains;
                }
            }
        }
        products
    }

    fn by_leaf(&self, leaves: &[u32]) -> Vec<(u32, u16, f64)> {
        let of_unit = |(unit, leaf): (u32, &u32)| {
            let leaf = *leaf;
            self.terms(unit).iter().map(move |term| (leaf, term.variable, term.explains))
        };
        let mut terms: Vec<(u32, u16, f64)> = (0..).zip(leaves).flat_map(of_unit).collect();
        // Stable: a sum runs in the order of the units.
        terms.sort_by_key(|(leaf, variable, _)| (*leaf, *variable));
        let same = |a: &(u32, u16, f64), b: &(u32, u16, f64)| (a.0, a.1) == (b.0, b.1);
        let summed = |group: &[(u32, u16, f64)]| (group[0].0, group[0].1, group.iter().map(|(_, _, sum)| sum).sum());
        terms.chunk_by(same).map(summed).collect()
    }
}

impl Term {
    fn new(variable: usize, of_score: f64, explains: f64) -> Term {
        assert!(variable <= usize::from(u16::MAX), "at most 65,536 auxiliary variables");
        Term { variable: variable as u16, of_score, explains }
    }
}

/// A unit without a weight has no score, and enters nothing.
fn over(value: f64, by: f64) -> f64 {
    if by == 0.0 { 0.0 } else { value / by }
}

fn cholesky(mut matrix: Vec<f64>, n: usize) -> Vec<f64> {
    for column in 0..n {
        let known = |row: usize, matrix: &[f64]| -> f64 {
            matrix[row * n..][..column].iter().zip(&matrix[column * n..][..column]).map(|(a, b)| a * b).sum()
        };
        let whole = matrix[column * n + column];
        let left = whole - known(column, &matrix);
        let pivot = if left > COLLINEAR * whole { left.sqrt() } else { 0.0 };
        matrix[column * n + column] = pivot;
        for row in column + 1..n {
            let value = matrix[row * n + column] - known(row, &matrix);
            matrix[row * n + column] = over(value, pivot);
        }
    }
    matrix
}

/// Solves L L' b = right in place; variables left out get zero.
fn solve(factor: &[f64], n: usize, right: &mut [f64]) {
    for row in 0..n {
        let known: f64 = (0..row).map(|column| factor[row * n + column] * right[column]).sum();
        right[row] = over(right[row] - known, factor[row * n + row]);
    }
    for row in (0..n).rev() {
        let known: f64 = (row + 1..n).map(|column| factor[column * n + row] * right[column]).sum();
        right[row] = over(right[row] - known, factor[row * n + row]);
    }
}

/// Margin by margin, each category's mean of what has not been explained yet: the sweeps of R's `rake`.
fn sweeps(margins: &[Range<usize>], products: &[f64], moments: &[f64]) -> Vec<f64> {
    let n = moments.len();
    let mut coefficients = vec![0.0; n];
    for _ in 0..RAKING_SWEEPS {
        for category in margins.iter().cloned().flatten() {
            let row = &products[category * n..(category + 1) * n];
            if row[category] > 0.0 {
                let explained: f64 = row.iter().zip(&coefficients).map(|(product, b)| product * b).sum();
                coefficients[category] += (moments[category] - explained) / row[category];
            }
        }
    }
    coefficients
}
