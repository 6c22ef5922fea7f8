//! Primary rules: which cells would tell too much of a respondent by themselves, and how far an outsider must be
//! kept from their values. Hundepool et al., Statistical Disclosure Control (2012), section 4.2; parameters, and the
//! protection each rule asks for, as in τ-Argus.

use serde::{Deserialize, Serialize};

use super::cell::Cell;

/// The rules of a run; a cell is unsafe as soon as one rule says so.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PrimaryRules {
    /// Fewest respondents: τ-Argus `FREQ(n, range)`.
    pub minimum_frequency: Option<MinimumFrequency>,
    /// The share of the largest: τ-Argus `NK(n, k)`.
    pub dominance: Option<Dominance>,
    /// How well the largest can be guessed: τ-Argus `P(p, q, n)`.
    pub p_percent: Option<PPercent>,
}

/// A cell with somebody, but fewer than `n` respondents, is unsafe.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MinimumFrequency {
    /// Fewest respondents of a safe cell.
    pub n: u64,
    /// How far an outsider must be kept from an unsafe value, in percent of it.
    pub safety_range: f64,
}

/// A cell is unsafe when its `n` largest contributions are more than `k` percent of it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dominance {
    /// How many of the largest.
    pub n: usize,
    /// Their largest share, percent.
    pub k: f64,
}

/// A cell is unsafe when its second largest contributor, in league with `coalition - 1` others, can place the largest
/// contribution within `p` percent, having known it within `q` percent before.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PPercent {
    /// Percent that must be left to guess.
    pub p: f64,
    /// Percent within which everybody knows a contribution beforehand; 100 where nothing is known.
    pub q: f64,
    /// Contributors in league.
    pub coalition: usize,
}

/// How far around its value an unsafe cell must be left open, in the cell's unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Protection {
    /// Above the value.
    pub up: f64,
    /// Below the value.
    pub down: f64,
}

impl PrimaryRules {
    /// The protection an unsafe cell needs, the largest that a rule asks for; `None` for a safe cell. Empty cells
    /// are safe.
    pub fn judge(&self, cell: &Cell) -> Option<Protection> {
        if cell.is_empty() {
            return None;
        }
        let asked = [
            self.minimum_frequency.and_then(|rule| rule.distance(cell)),
            self.dominance.and_then(|rule| rule.distance(cell)),
            self.p_percent.and_then(|rule| rule.distance(cell)),
        ];
        let largest = asked.into_iter().flatten().reduce(f64::max)?;
        Some(Protection { up: largest, down: largest })
    }
}

impl MinimumFrequency {
    fn distance(self, cell: &Cell) -> Option<f64> {
        (cell.frequency < self.n).then(|| self.safety_range / 100.0 * cell.value.abs())
    }
}

impl Dominance {
    /// The value at which the cell would be safe, less its value.
    fn distance(self, cell: &Cell) -> Option<f64> {
        let largest: f64 = cell.largest.iter().take(self.n).sum();
        let missing = largest * 100.0 / self.k - cell.value;
        (missing > 1e-12 * cell.value.abs()).then_some(missing)
    }
}

impl PPercent {
    fn distance(self, cell: &Cell) -> Option<f64> {
        let largest = cell.largest.first().copied().unwrap_or(0.0);
        let in_league: f64 = cell.largest.iter().skip(1).take(self.coalition).sum();
        let missing = self.p / self.q * largest - (cell.value - largest - in_league);
        (missing > 1e-12 * cell.value.abs()).then_some(missing)
    }
}
