//! Post-stratification and raking: weights multiplied by one factor per category until every margin is met.
//! One margin is post-stratification and takes one round. Sources: Deming and Stephan (1940); Särndal, Swensson and
//! Wretman (1992), section 7.6; R survey's `postStratify` and `rake`.
//!
//! Units that share their category in every margin share their factor, so the rounds run over such cells, not over
//! units: forty thousand units are a few hundred cells.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::estimation::{RakedMargin, Regression, Residuals};

use super::adjusted::{Adjusted, check_length, check_weights};
use super::cholesky::scale_rows;
use super::error::{Note, WeightingError};
use super::margin::{Margin, MarginRules, Targets, check_margins};

/// When raking ends, in the terms of R's `rake`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RakingControl {
    /// Rounds at most, each over all margins.
    pub max_iterations: usize,
    /// Ends when no cell of the crossed margins changes by this much in a round; below 1 it is a share of the sum
    /// of weights. R's default is 1, one person; the default here leaves weights good to 1e-10.
    pub epsilon: f64,
}

impl Default for RakingControl {
    fn default() -> RakingControl {
        RakingControl { max_iterations: 1000, epsilon: 1e-13 }
    }
}

/// How far a margin may be from its total, relatively, when no cell changes any more: beyond it the margins
/// contradict each other in this sample.
const MARGIN_TOLERANCE: f64 = 1e-8;

/// Margins ready to rake any weights of the same units: the sample's, or each replicate's.
#[derive(Debug, Clone)]
pub struct Raking {
    margins: Vec<Margin>,
    rules: MarginRules,
    control: RakingControl,
    cell_of: Vec<u32>,
    /// The categories of each cell, margin by margin.
    categories: Vec<Vec<Option<u32>>>,
}

impl Raking {
    /// Prepares the margins, all of the same units.
    pub fn new(margins: Vec<Margin>, rules: MarginRules, control: RakingControl) -> Result<Raking, WeightingError> {
        let n_units = margins.first().map_or(0, |margin| margin.category_of().len());
        check_margins(&margins, n_units)?;
        let mut cell_of = vec![0; n_units];
        let mut categories: Vec<Vec<Option<u32>>> = vec![Vec::new()];
        for margin in &margins {
            // Cells are numbered as they come, so the order of the map never shows.
            let mut numbers: HashMap<_, u32, BuildHasherDefault<PairHasher>> = HashMap::default();
            let mut split: Vec<Vec<Option<u32>>> = Vec::new();
            for (cell, category) in cell_of.iter_mut().zip(margin.category_of()) {
                let number = numbers
                    .entry((u64::from(*cell) << 32) | category.map_or(0, |category| u64::from(category) + 1))
                    .or_insert_with(|| {
                        let mut path = categories[*cell as usize].clone();
                        path.push(*category);
                        split.push(path);
                        split.len() as u32 - 1
                    });
                *cell = *number;
            }
            categories = split;
        }
        Ok(Raking { margins, rules, control, cell_of, categories })
    }

    /// The margins.
    pub fn margins(&self) -> &[Margin] {
        &self.margins
    }

    /// Rakes `weights`, one per unit. Zero weights stay zero.
    pub fn rake(&self, weights: &[f64]) -> Result<Adjusted, WeightingError> {
        check_length("the margins", self.cell_of.len(), weights.len())?;
        check_weights(weights)?;
        let mut start = vec![0.0; self.categories.len()];
        for (cell, weight) in self.cell_of.iter().zip(weights) {
            start[*cell as usize] += weight;
        }
        let mut notes = Vec::new();
        let sums: Vec<Vec<f64>> = (0..self.margins.len()).map(|margin| self.sums(margin, &start)).collect();
        let targets = self.rules.targets(&self.margins, &sums, &mut notes)?;
        let (factors, n_iterations) = self.rounds(&start, &targets)?;
        let factors: Vec<f64> = self.cell_of.iter().map(|cell| factors[*cell as usize]).collect();
        let weights = weights.iter().zip(&factors).map(|(weight, factor)| weight * factor).collect();
        Ok(Adjusted { weights, factors, n_iterations, notes })
    }

    /// What the variance needs to know of `adjusted`, which this raking made of `before`. One margin leaves residuals from
    /// post-strata, several those of R's `rake`; where a margin is partial, the residuals are those of a regression on
    /// the categories, which raking is in the limit (Deville and Särndal 1992, result 5).
    pub fn residuals(&self, before: &[f64], adjusted: &Adjusted) -> Residuals {
        if let [margin] = &self.margins[..] {
            return Residuals::PostStrata {
                groups: margin.category_of().to_vec(),
                weights_before: before.to_vec(),
                weights_after: adjusted.weights.clone(),
            };
        }
        let raked = |margin: &Margin| {
            let groups: Option<Vec<u32>> = margin.category_of().iter().copied().collect();
            Some(RakedMargin { groups: groups?, weights: adjusted.weights.clone() })
        };
        if let Some(margins) = self.margins.iter().map(raked).collect() {
            return Residuals::Raking { margins };
        }
        let n_columns: usize = self.margins.iter().map(|margin| margin.categories().len()).sum();
        let mut indicators = vec![0.0; before.len() * n_columns];
        let mut first = 0;
        for margin in &self.margins {
            for (row, category) in indicators.chunks_exact_mut(n_columns).zip(margin.category_of()) {
                if let Some(category) = category {
                    row[first + *category as usize] = 1.0;
                }
            }
            first += margin.categories().len();
        }
        let roots: Vec<f64> = before.iter().map(|weight| weight.sqrt()).collect();
        scale_rows(&mut indicators, n_columns, &roots);
        let scale = roots.iter().zip(&adjusted.factors).map(|(root, factor)| factor * root).collect();
        Residuals::Regression(Regression::new(&indicators, scale))
    }

    /// The factor of each cell.
    fn rounds(&self, start: &[f64], targets: &Targets) -> Result<(Vec<f64>, usize), WeightingError> {
        let epsilon = match self.control.epsilon {
            share if share < 1.0 => share * start.iter().sum::<f64>(),
            weight => weight,
        };
        let mut factors = vec![1.0; start.len()];
        let mut now = start.to_vec();
        let mut n_iterations = 0;
        let mut is_settled = false;
        while !is_settled && n_iterations < self.control.max_iterations {
            let before = now.clone();
            for (margin, targets) in targets.iter().enumerate() {
                let steps: Vec<f64> = self
                    .sums(margin, &now)
                    .iter()
                    .zip(targets)
                    .map(|(sum, target)| target.map_or(1.0, |t| t / sum))
                    .collect();
                for (cell, categories) in self.categories.iter().enumerate() {
                    if let Some(category) = categories[margin] {
                        now[cell] *= steps[category as usize];
                        factors[cell] *= steps[category as usize];
                    }
                }
            }
            n_iterations += 1;
            // A single margin is met after one round: no other margin undoes it. A change that is not a number goes on.
            is_settled = targets.len() == 1 || largest_change(&before, &now) < epsilon;
        }
        let worst = self.worst(&now, targets);
        match worst {
            Some((off, worst)) if !is_settled || off.is_nan() || off > self.tolerance() => {
                Err(WeightingError::NotConverged {
                    n_iterations,
                    worst: self.margins[worst.margin].title_of(worst.category),
                    found: worst.found,
                    expected: worst.expected,
                    difference: worst.found - worst.expected,
                })
            }
            _ => Ok((factors, n_iterations)),
        }
    }

    /// A caller who stops early, as R's default does, accepts margins met as loosely.
    fn tolerance(&self) -> f64 {
        if self.control.epsilon < 1.0 { MARGIN_TOLERANCE.max(100.0 * self.control.epsilon) } else { f64::INFINITY }
    }

    fn sums(&self, margin: usize, cells: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.margins[margin].categories().len()];
        for (categories, weight) in self.categories.iter().zip(cells) {
            if let Some(category) = categories[margin] {
                sums[category as usize] += weight;
            }
        }
        sums
    }

    /// The category that is off the most, relative to its total.
    fn worst(&self, cells: &[f64], targets: &Targets) -> Option<(f64, Off)> {
        let mut worst: Option<(f64, Off)> = None;
        for (margin, targets) in targets.iter().enumerate() {
            for (category, (found, target)) in self.sums(margin, cells).into_iter().zip(targets).enumerate() {
                let Some(expected) = *target else { continue };
                let off = ((found - expected) / expected).abs();
                if worst.as_ref().is_none_or(|(most, _)| off > *most || off.is_nan()) {
                    worst = Some((off, Off { margin, category, found, expected }));
                }
            }
        }
        worst
    }
}

/// Mixes one number. The standard hasher withstands hostile keys, at ten times the time.
#[derive(Debug, Default)]
struct PairHasher(u64);

impl Hasher for PairHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, number: u64) {
        let mixed = (self.0 ^ number).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = mixed ^ (mixed >> 32);
    }
}

#[derive(Debug)]
struct Off {
    margin: usize,
    category: usize,
    found: f64,
    expected: f64,
}

/// NaN counts as a change, so that it never passes for convergence.
fn largest_change(before: &[f64], now: &[f64]) -> f64 {
    let changes = before.iter().zip(now).map(|(before, now)| (before - now).abs());
    changes.fold(0.0, |largest, change| if change > largest || change.is_nan() { change } else { largest })
}

/// Rakes weights to margins with the default control; with one margin, post-stratifies them.
pub fn rake(weights: &[f64], margins: Vec<Margin>, rules: MarginRules) -> Result<Adjusted, WeightingError> {
    Raking::new(margins, rules, RakingControl::default())?.rake(weights)
}

/// Notes of an adjustment that can leave weights below zero.
pub(super) fn note_negative(weights: &[f64], notes: &mut Vec<Note>) {
    let n = weights.iter().filter(|weight| **weight < 0.0).count();
    if n > 0 {
        notes.push(Note::NegativeWeights { n, lowest: weights.iter().copied().fold(0.0, f64::min) });
    }
}
