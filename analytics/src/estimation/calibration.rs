//! Calibration as the blocks take it: what `Residuals` does to the scores of all units, done to the scores of leaves. The coefficients of the regression come from sums by domain and class, with no score for any
//! unit; what the regression explains is then taken from each leaf.
//!
//! Sources: Särndal, Swensson and Wretman (1992), sections 6.6 and 7.6; Deville and Särndal (1992).

use std::ops::Range;

use super::residuals::{RAKING_SWEEPS, Residuals};

/// A variable whose part not explained by those before has less than this share of its sum of squares counts as
/// following from them.
const COLLINEAR: f64 = 1e-12;

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

/// A calibration of weights, ready for the blocks. For units i with scores s = w u and auxiliary variables j, the
/// residual is s_i - Σ_j g_ij b_j, where the b solve Σ_i f_ij (s_i - Σ_k g_ik b_k) = 0 for every j.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
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
    Sweeps { margins: Vec<Range<u16>>, products: Vec<f64> },
}

impl Calibration {
    /// The calibration of `units` by `n_variables` auxiliary variables.
    pub fn new(units: &[CalibrationUnit<'_>], n_variables: usize, solution: Solution) -> Calibration {
        let mut terms = Vec::new();
        let mut first_term_of = vec![0];
        for unit in units {
            let regression_factor = over(unit.regression_weight, unit.weight);
            terms.extend(unit.variables.iter().map(|(variable, x)| Term {
                variable: *variable,
                of_score: regression_factor * x,
                explains: unit.weight * x,
            }));
            first_term_of.push(terms.len());
        }
        let leaves: Vec<u32> = units.iter().map(|unit| unit.leaf).collect();
        Calibration::of_terms(terms, first_term_of, n_variables, &leaves, solution)
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

    /// The calibration that `residuals` describe unit by unit, the units lying in these `leaves` of the design. `None`
    /// for one inside clusters of a stage: the stages' residuals differ then, and leaves do not tell them apart.
    ///
    /// # Panics
    /// When the calibration is not about as many units, or has more than 65,536 auxiliary variables.
    pub fn of(residuals: &Residuals, leaves: &[u32]) -> Option<Calibration> {
        let mut terms = Vec::new();
        let mut first_term_of = vec![0];
        let mut margins: Vec<Range<usize>> = Vec::new();
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
            Residuals::WithinClusters { .. } => return None,
            Residuals::Regression(regression) => {
                for (unit, scale) in regression.scale.iter().enumerate() {
                    let columns = regression.basis.iter().map(|column| column[unit]).enumerate();
                    let used = columns.filter(|(_, value)| *value != 0.0);
                    terms.extend(used.map(|(variable, x)| Term::new(variable, over(x, *scale), x * scale)));
                    first_term_of.push(terms.len());
                }
                regression.scale.len()
            }
        };
        assert_eq!(n_units, leaves.len(), "a leaf for each unit of the calibration");
        let n_variables = terms.iter().map(|term| usize::from(term.variable) + 1).max().unwrap_or(0);
        let solution = if margins.is_empty() {
            Solution::LeastSquares
        } else {
            Solution::Sweeps(margins.iter().map(|margin| margin.start as u16..margin.end as u16).collect())
        };
        Some(Calibration::of_terms(terms, first_term_of, n_variables, leaves, solution))
    }

    fn of_terms(
        terms: Vec<Term>,
        first_term_of: Vec<usize>,
        n_variables: usize,
        leaves: &[u32],
        solution: Solution,
    ) -> Calibration {
        let mut calibration = Calibration {
            n_variables,
            first_term_of,
            terms,
            of_leaves: Vec::new(),
            solver: Solver::Factor(Vec::new()),
        };
        let products = calibration.products();
        calibration.solver = match solution {
            Solution::LeastSquares => Solver::Factor(cholesky(products, n_variables)),
            Solution::Sweeps(margins) => Solver::Sweeps { margins, products },
        };
        calibration.of_leaves = calibration.by_leaf(leaves);
        calibration
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

    /// Σ g over the units of a leaf by auxiliary variable, for some leaves, ascending.
    pub(super) fn of_leaves(&self, leaves: Range<u32>) -> &[(u32, u16, f64)] {
        let place = |leaf: u32| self.of_leaves.partition_point(|(other, ..)| *other < leaf);
        &self.of_leaves[place(leaves.start)..place(leaves.end)]
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
fn sweeps(margins: &[Range<u16>], products: &[f64], moments: &[f64]) -> Vec<f64> {
    let n = moments.len();
    let mut coefficients = vec![0.0; n];
    for _ in 0..RAKING_SWEEPS {
        for category in margins.iter().cloned().flatten().map(usize::from) {
            let row = &products[category * n..(category + 1) * n];
            if row[category] > 0.0 {
                let explained: f64 = row.iter().zip(&coefficients).map(|(product, b)| product * b).sum();
                coefficients[category] += (moments[category] - explained) / row[category];
            }
        }
    }
    coefficients
}
