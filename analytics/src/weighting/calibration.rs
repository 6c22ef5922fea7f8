//! Calibration: weights moved as little as a distance allows, so that the sample's totals of auxiliary variables
//! become the population's. Source: Deville and Särndal (1992); R survey's `calibrate` (`grake`).
//!
//! The columns are first made orthonormal under the weights, so that Newton's steps are well conditioned whatever
//! the columns' units, and columns that follow from others are found and set aside.

use std::collections::HashMap;

use crate::estimation::{Regression, Residuals};

use super::adjusted::{Adjusted, check_length, check_numbers, check_weights};
use super::cholesky::{Cholesky, dot, gram, scale_rows};
use super::distance::Distance;
use super::error::{Note, WeightingError};
use super::model::Model;
use super::raking::note_negative;

/// A column is redundant when less than this share of its square length is left beside the columns before it
/// (R's `qr` takes 1e-7 of the length).
const REDUNDANCY: f64 = 1e-12;
/// A redundant column's total may differ this much, relatively, from what the others make it.
const CONTRADICTION: f64 = 1e-7;
/// Totals are far from the weights when every one is more than this many times what they make of it.
const FAR: f64 = 20.0;
/// Rounding errors of a sum, relative to the sum of sizes.
const ROUNDING: f64 = 1e-13;
/// The slope that units held by their bounds are given where nothing else moves a column.
const HELD: f64 = 1e-3;
/// Shares of a direction that are tried.
const MAX_SHARES: usize = 50;

/// How to calibrate.
#[derive(Debug, Clone, PartialEq)]
pub struct CalibrationOptions {
    /// The distance.
    pub distance: Distance,
    /// The variance of each unit in the model, up to a constant (R's `variance`, 1/q of Deville and Särndal); `None` for all
    /// equal. Above zero.
    pub variance: Option<Vec<f64>>,
    /// The group of each unit (a household, a cluster; numbered from 0) within which weights come out equal: columns and
    /// weights are averaged over the group first (R's `aggregate.stage`).
    pub equal_within: Option<Vec<u32>>,
    /// Ends when every total is met to this, relative to 1 + |total|. R's default is 1e-7.
    pub epsilon: f64,
    /// Newton steps at most.
    pub max_iterations: usize,
}

impl CalibrationOptions {
    /// The defaults with a distance.
    pub fn new(distance: Distance) -> CalibrationOptions {
        CalibrationOptions { distance, variance: None, equal_within: None, epsilon: 1e-11, max_iterations: 50 }
    }
}

/// A model ready to calibrate any weights of the same units: the sample's, or each replicate's.
#[derive(Debug, Clone)]
pub struct Calibration {
    options: CalibrationOptions,
    model: Model,
    /// Units that are alike share a pattern, and their factor: a model of categories has few.
    pattern_of: Vec<u32>,
    /// The columns of each pattern, averaged over groups where weights are to be equal within them.
    rows: Vec<f64>,
    /// The variance of each pattern.
    variance: Vec<f64>,
    basis: Basis,
    totals: Vec<f64>,
    notes: Vec<Note>,
}

/// The columns made orthonormal under the weights over the variances.
#[derive(Debug, Clone)]
struct Basis {
    width: usize,
    /// n by `width`, row-major.
    rows: Vec<f64>,
    first: Cholesky,
    second: Cholesky,
}

impl Calibration {
    /// Prepares the model. `weights` are those the columns are judged with; zero is allowed.
    pub fn new(model: Model, options: CalibrationOptions, weights: &[f64]) -> Result<Calibration, WeightingError> {
        let (n, p) = (model.n_units(), model.columns().len());
        check_length("the model", n, weights.len())?;
        check_weights(weights)?;
        if p == 0 {
            return Err(WeightingError::Nothing { what: "the model has no column" });
        }
        let mut variance = options.variance.clone().unwrap_or_else(|| vec![1.0; n]);
        check_length("the variance", variance.len(), n)?;
        check_numbers("the variance", &variance)?;
        if let Some(row) = variance.iter().position(|variance| *variance <= 0.0) {
            let what = "the variance (which is above zero)".to_owned();
            return Err(WeightingError::NotANumber { what, row: row + 1, value: variance[row] });
        }
        let mut rows = model.values().to_vec();
        let mut weights = weights.to_vec();
        if let Some(groups) = &options.equal_within {
            check_length("the groups of equal weights", groups.len(), n)?;
            if let Some(row) = groups.iter().position(|group| *group as usize >= n) {
                let what = "the group of equal weights (numbered from 0)".to_owned();
                return Err(WeightingError::NotANumber { what, row: row + 1, value: f64::from(groups[row]) });
            }
            average_within(groups, &mut rows, p);
            average_within(groups, &mut weights, 1);
            average_within(groups, &mut variance, 1);
        }
        options.distance.check(&weights)?;
        let is_bounded_by_unit = options.distance.depends_on_weight();
        let pattern_of =
            if is_bounded_by_unit { (0..n as u32).collect() } else { patterns(&mut rows, p, &mut variance) };
        let weights = summed(&weights, &pattern_of, variance.len());
        let basis = Basis::new(&rows, p, &weights, &variance);
        let mut totals: Vec<f64> = model.columns().iter().map(|column| column.total).collect();
        let notes = settle_redundant(&model, &basis, &mut totals)?;
        Ok(Calibration { options, model, pattern_of, rows, variance, basis, totals, notes })
    }

    /// The model.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Calibrates `weights`, one per unit.
    pub fn calibrate(&self, weights: &[f64]) -> Result<Adjusted, WeightingError> {
        check_length("the model", self.model.n_units(), weights.len())?;
        check_weights(weights)?;
        let mut base = weights.to_vec();
        if let Some(groups) = &self.options.equal_within {
            average_within(groups, &mut base, 1);
        }
        self.options.distance.check(&base)?;
        let mut of_patterns = summed(&base, &self.pattern_of, self.variance.len());
        let mut notes = self.notes.clone();
        let scale = self.scale(&of_patterns);
        if scale != 1.0 {
            of_patterns.iter_mut().for_each(|weight| *weight *= scale);
            notes.push(Note::Scaled { by: scale });
        }
        let (factors, n_iterations) = self.newton(&of_patterns)?;
        let factors: Vec<f64> = self.pattern_of.iter().map(|pattern| scale * factors[*pattern as usize]).collect();
        let new: Vec<f64> = base.iter().zip(&factors).map(|(weight, factor)| weight * factor).collect();
        note_negative(&new, &mut notes);
        Ok(Adjusted { weights: new, factors, n_iterations, notes })
    }

    /// What weights are multiplied by before a calibration that is not linear: their mean distance from the totals, where every
    /// total is more than twenty times what they make of it (as in R's `grake`); else 1.
    fn scale(&self, weights: &[f64]) -> f64 {
        if self.options.distance == Distance::Linear || self.options.distance.depends_on_weight() {
            return 1.0;
        }
        let sums = self.state(weights, vec![0.0; self.basis.width]).misfit_of_columns;
        let ratios: Vec<f64> = self.totals.iter().zip(sums).map(|(total, misfit)| total / (total - misfit)).collect();
        let mean = ratios.iter().sum::<f64>() / ratios.len() as f64;
        if ratios.iter().all(|ratio| *ratio > FAR) && mean.is_finite() { mean } else { 1.0 }
    }

    /// What the variance needs to know of `adjusted`, which this calibration made of `before`: residuals of the weighted
    /// regression on the model's columns (Deville and Särndal 1992, result 5).
    pub fn residuals(&self, before: &[f64], adjusted: &Adjusted) -> Residuals {
        let mut base = before.to_vec();
        if let Some(groups) = &self.options.equal_within {
            average_within(groups, &mut base, 1);
        }
        let p = self.model.columns().len();
        let variance = |unit: usize| self.variance[self.pattern_of[unit] as usize];
        let roots: Vec<f64> = base.iter().enumerate().map(|(unit, weight)| (weight / variance(unit)).sqrt()).collect();
        let pattern = |pattern: &u32| &self.rows[*pattern as usize * p..(*pattern as usize + 1) * p];
        let mut rows: Vec<f64> = self.pattern_of.iter().flat_map(pattern).copied().collect();
        scale_rows(&mut rows, p, &roots);
        let parts = roots.iter().zip(&adjusted.factors).enumerate();
        let scale = parts.map(|(unit, (root, factor))| factor * root * variance(unit)).collect();
        Residuals::Regression(Regression::new(&rows, scale))
    }

    /// The factors of the patterns, for the sums of their weights.
    fn newton(&self, weights: &[f64]) -> Result<(Vec<f64>, usize), WeightingError> {
        let width = self.basis.width;
        let mut at = self.state(weights, vec![0.0; width]);
        let mut n_iterations = 0;
        let roundings = self.roundings(weights);
        while !self.is_met(&at, &roundings) {
            if n_iterations == self.options.max_iterations {
                return Err(self.not_converged(&at, n_iterations));
            }
            n_iterations += 1;
            match self.along(weights, &at, &self.direction(weights, &at)) {
                Some(next) => at = next,
                None => return Err(self.not_converged(&at, n_iterations)),
            }
        }
        Ok((at.factors, n_iterations.max(1)))
    }

    fn state(&self, weights: &[f64], predictor: Vec<f64>) -> State {
        let (p, width) = (self.model.columns().len(), self.basis.width);
        let mut sums = vec![0.0; p];
        let mut factors = Vec::with_capacity(weights.len());
        let mut slopes = Vec::with_capacity(weights.len());
        let rows = self.rows.chunks_exact(p).zip(self.basis.rows.chunks_exact(width));
        for ((row, in_basis), (weight, variance)) in rows.zip(weights.iter().zip(&self.variance)) {
            let (factor, slope) = self.options.distance.factor(dot(in_basis, &predictor) / variance, *weight);
            if *weight != 0.0 {
                let weight = weight * factor;
                for (sum, value) in sums.iter_mut().zip(row) {
                    *sum += weight * value;
                }
            }
            factors.push(factor);
            slopes.push(slope);
        }
        let misfit_of_columns: Vec<f64> = self.totals.iter().zip(&sums).map(|(total, sum)| total - sum).collect();
        let misfit = self.basis.express(misfit_of_columns.clone());
        State { predictor, factors, slopes, misfit_of_columns, misfit }
    }

    /// Newton's direction. Where bounds hold all the units that could move a column, the derivative says nothing about it;
    /// a small part of the linear distance's derivative then shows the way.
    fn direction(&self, weights: &[f64], at: &State) -> Vec<f64> {
        let width = self.basis.width;
        let derivative = |added: f64| {
            let parts = weights.iter().zip(&at.slopes).zip(&self.variance);
            let scaled = parts.map(|((weight, slope), variance)| weight * (slope + added) / variance);
            Cholesky::new(&gram(&self.basis.rows, width, scaled), width, REDUNDANCY)
        };
        let mut factor = derivative(0.0);
        if factor.rank() < width {
            factor = derivative(HELD);
        }
        let mut direction = at.misfit.clone();
        factor.solve(&mut direction);
        direction
    }

    /// The point along a direction where the misfit in it has at least halved. The misfit is the slope of a concave function,
    /// so it falls all the way: a share of the direction is too small before that point, and too large where the misfit
    /// has turned around. `None` where no share moves the misfit.
    fn along(&self, weights: &[f64], at: &State, direction: &[f64]) -> Option<State> {
        let downhill = dot(direction, &at.misfit);
        let (mut low, mut high, mut share) = (0.0, f64::INFINITY, 1.0);
        let mut reached = None;
        for _ in 0..MAX_SHARES {
            let next = self.state(weights, moved(&at.predictor, direction, share));
            let slope = dot(direction, &next.misfit);
            if !next.is_finite() || slope < -0.5 * downhill {
                high = share;
            } else if slope > 0.5 * downhill {
                low = share;
                reached = Some(next);
            } else {
                return Some(next);
            }
            share = if high.is_finite() { 0.5 * (low + high) } else { 2.0 * low };
        }
        reached.filter(|next| next.misfit != at.misfit)
    }

    fn is_met(&self, at: &State, roundings: &[f64]) -> bool {
        let columns = at.misfit_of_columns.iter().zip(&self.totals).zip(roundings);
        columns
            .into_iter()
            .all(|((misfit, total), rounding)| misfit.abs() < self.options.epsilon * (1.0 + total.abs()) + rounding)
    }

    /// What rounding leaves of each column's misfit, however well it is met: large where positive and negative values
    /// cancel out.
    fn roundings(&self, weights: &[f64]) -> Vec<f64> {
        let mut sizes = vec![0.0; self.totals.len()];
        for (row, weight) in self.rows.chunks_exact(self.totals.len()).zip(weights) {
            for (size, value) in sizes.iter_mut().zip(row) {
                *size += weight * value.abs();
            }
        }
        sizes.into_iter().map(|size| ROUNDING * size).collect()
    }

    fn not_converged(&self, at: &State, n_iterations: usize) -> WeightingError {
        let relative = |column: &usize| at.misfit_of_columns[*column].abs() / (1.0 + self.totals[*column].abs());
        let worst = (0..self.totals.len()).max_by(|a, b| relative(a).total_cmp(&relative(b))).unwrap_or(0);
        let expected = self.totals[worst];
        let difference = -at.misfit_of_columns[worst];
        let (worst, found) = (self.model.columns()[worst].name.clone(), expected + difference);
        WeightingError::NotConverged { n_iterations, worst, found, expected, difference }
    }
}

/// Where Newton's method stands.
#[derive(Debug)]
struct State {
    predictor: Vec<f64>,
    factors: Vec<f64>,
    slopes: Vec<f64>,
    misfit_of_columns: Vec<f64>,
    /// The same in the orthonormal basis.
    misfit: Vec<f64>,
}

impl State {
    fn is_finite(&self) -> bool {
        self.misfit.iter().all(|misfit| misfit.is_finite())
    }
}

fn moved(from: &[f64], step: &[f64], share: f64) -> Vec<f64> {
    from.iter().zip(step).map(|(from, step)| from + share * step).collect()
}

impl Basis {
    /// Orthonormalises twice: once leaves an error that grows with the square of the columns' condition.
    fn new(rows: &[f64], p: usize, weights: &[f64], variance: &[f64]) -> Basis {
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
    fn express(&self, mut columns: Vec<f64>) -> Vec<f64> {
        self.first.forward(&mut columns);
        let mut kept =
            columns.iter().zip(self.first.is_dependent()).filter(|(_, d)| !**d).map(|(v, _)| *v).collect::<Vec<_>>();
        self.second.forward(&mut kept);
        kept
    }
}

/// Gives every redundant column the total that follows from the others, and refuses one that contradicts it.
fn settle_redundant(model: &Model, basis: &Basis, totals: &mut [f64]) -> Result<Vec<Note>, WeightingError> {
    let mut beyond = totals.to_vec();
    basis.first.forward(&mut beyond);
    let mut notes = Vec::new();
    for (place, _) in basis.first.is_dependent().iter().enumerate().filter(|(_, dependent)| **dependent) {
        let (column, total) = (model.columns()[place].name.clone(), totals[place]);
        if basis.first.scale(place) == 0.0 {
            if total != 0.0 {
                return Err(WeightingError::EmptyColumn { column, total });
            }
        } else {
            let implied = total - beyond[place] / basis.first.scale(place);
            if (total - implied).abs() > CONTRADICTION * (1.0 + total.abs()) {
                return Err(WeightingError::ContradictoryTotal { column, total, implied });
            }
            totals[place] = implied;
        }
        notes.push(Note::Redundant { column });
    }
    Ok(notes)
}

/// Numbers the different rows (with their variance) as they come, and keeps one of each.
fn patterns(rows: &mut Vec<f64>, p: usize, variance: &mut Vec<f64>) -> Vec<u32> {
    let bits: Vec<u64> = rows
        .chunks_exact(p)
        .zip(variance.iter())
        .flat_map(|(row, variance)| row.iter().chain([variance]).map(|value| value.to_bits()))
        .collect();
    let mut numbers = HashMap::new();
    let mut kept = Vec::new();
    let mut pattern_of = Vec::with_capacity(variance.len());
    for (unit, bits) in bits.chunks_exact(p + 1).enumerate() {
        pattern_of.push(*numbers.entry(bits).or_insert_with(|| {
            kept.push(unit);
            kept.len() as u32 - 1
        }));
    }
    *rows = kept.iter().flat_map(|unit| &rows[unit * p..(unit + 1) * p]).copied().collect();
    *variance = kept.iter().map(|unit| variance[*unit]).collect();
    pattern_of
}

fn summed(weights: &[f64], pattern_of: &[u32], n_patterns: usize) -> Vec<f64> {
    let mut sums = vec![0.0; n_patterns];
    for (weight, pattern) in weights.iter().zip(pattern_of) {
        sums[*pattern as usize] += weight;
    }
    sums
}

/// Replaces every row by its group's mean.
fn average_within(groups: &[u32], rows: &mut [f64], width: usize) {
    let n_groups = groups.iter().max().map_or(0, |last| *last as usize + 1);
    let mut sums = vec![0.0; n_groups * width];
    let mut counts = vec![0.0; n_groups];
    for (row, group) in rows.chunks_exact(width).zip(groups) {
        counts[*group as usize] += 1.0;
        let first = *group as usize * width;
        for (sum, value) in sums[first..first + width].iter_mut().zip(row) {
            *sum += value;
        }
    }
    for (row, group) in rows.chunks_exact_mut(width).zip(groups) {
        let first = *group as usize * width;
        for (value, sum) in row.iter_mut().zip(&sums[first..first + width]) {
            *value = sum / counts[*group as usize];
        }
    }
}

/// Calibrates weights to a model.
pub fn calibrate(weights: &[f64], model: Model, options: CalibrationOptions) -> Result<Adjusted, WeightingError> {
    Calibration::new(model, options, weights)?.calibrate(weights)
}
