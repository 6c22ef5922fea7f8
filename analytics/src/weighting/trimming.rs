//! Trimming: weights cut to bounds, what is cut off shared among the others; and trimming that stays calibrated.
//! Source: R survey's `trimWeights`; Potter (1990).

use super::adjusted::{Adjusted, check_weights};
use super::error::{Note, WeightingError};

/// Rounds of repeated trimming before it is given up.
const MAX_ROUNDS: usize = 1000;
/// How far beyond its bound a weight may stay, relatively, when trimming and calibration alternate.
const TOLERANCE: f64 = 1e-9;

/// Bounds of weights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrimmingBounds {
    /// No weight below; R's default is minus infinity.
    pub lower: f64,
    /// No weight above; R's default is infinity.
    pub upper: f64,
}

/// Whether weights that the sharing lifts over a bound are cut again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Trimming {
    /// One pass (R's default): what is shared may lift others over the bound.
    #[default]
    OnePass,
    /// Until no weight is outside (R's `strict = TRUE`).
    Repeated,
}

/// Cuts weights to the bounds and adds what was cut, in equal parts, to the weights that were inside.
/// Zero weights are not lifted: they stand for nobody.
pub fn trim_weights(weights: &[f64], bounds: TrimmingBounds, trimming: Trimming) -> Result<Adjusted, WeightingError> {
    check_weights(weights)?;
    let TrimmingBounds { lower, upper } = bounds;
    if lower.is_nan() || upper.is_nan() || lower >= upper {
        return Err(WeightingError::Bounds { lower, upper, reason: "the lower is below the upper" });
    }
    let mut trimmed = weights.to_vec();
    let mut was_cut = vec![false; weights.len()];
    let mut moved = 0.0;
    let mut n_iterations = 0;
    loop {
        let is_outside: Vec<bool> =
            trimmed.iter().map(|weight| *weight != 0.0 && (*weight < lower || *weight > upper)).collect();
        if !is_outside.contains(&true) || (n_iterations == 1 && trimming == Trimming::OnePass) {
            break;
        }
        let n_inside =
            trimmed.iter().zip(&is_outside).filter(|(weight, outside)| **weight != 0.0 && !**outside).count();
        if n_inside == 0 || n_iterations == MAX_ROUNDS {
            let reason = "the weights' mean lies outside of them, or nobody is left to take what is cut";
            return Err(WeightingError::Bounds { lower, upper, reason });
        }
        let mut cut_off = 0.0;
        for ((weight, outside), was_cut) in trimmed.iter_mut().zip(&is_outside).zip(&mut was_cut) {
            if *outside {
                let inside = weight.clamp(lower, upper);
                cut_off += *weight - inside;
                *weight = inside;
                *was_cut = true;
            }
        }
        let share = cut_off / n_inside as f64;
        for (weight, outside) in trimmed.iter_mut().zip(&is_outside) {
            if *weight != 0.0 && !*outside {
                *weight += share;
            }
        }
        moved += cut_off;
        n_iterations += 1;
    }
    let n = was_cut.iter().filter(|cut| **cut).count();
    let notes = if n > 0 { vec![Note::Trimmed { n, moved }] } else { Vec::new() };
    Ok(Adjusted { factors: factors(weights, &trimmed), weights: trimmed, n_iterations, notes })
}

/// Trims and adjusts in turn until the adjusted weights lie within the bounds.
///
/// `adjust` is any adjustment that meets totals: raking, calibration. Where totals and bounds cannot both hold, the error
/// says so; a calibration with [`Bounds::of_weights`](super::Bounds::of_weights) reaches both in one step and keeps
/// to its distance.
pub fn trim_and_adjust(
    weights: &[f64],
    bounds: TrimmingBounds,
    adjust: impl Fn(&[f64]) -> Result<Adjusted, WeightingError>,
) -> Result<Adjusted, WeightingError> {
    let TrimmingBounds { lower, upper } = bounds;
    let mut adjusted = adjust(weights)?;
    let mut was_cut = vec![false; weights.len()];
    let mut moved = 0.0;
    for n_iterations in 1..=MAX_ROUNDS {
        let mut is_within = true;
        for (weight, was_cut) in adjusted.weights.iter().zip(&mut was_cut) {
            let is_out = *weight < lower * (1.0 - TOLERANCE) || *weight > upper * (1.0 + TOLERANCE);
            if *weight != 0.0 && is_out {
                (is_within, *was_cut) = (false, true);
            }
        }
        if is_within {
            let n = was_cut.iter().filter(|cut| **cut).count();
            adjusted.notes.extend((n > 0).then_some(Note::Trimmed { n, moved }));
            adjusted.factors = factors(weights, &adjusted.weights);
            return Ok(Adjusted { n_iterations, ..adjusted });
        }
        let trimmed = trim_weights(&adjusted.weights, bounds, Trimming::Repeated)?;
        moved += adjusted
            .weights
            .iter()
            .map(|weight| weight - weight.clamp(lower, upper))
            .filter(|cut| *cut > 0.0)
            .sum::<f64>();
        adjusted = adjust(&trimmed.weights)?;
    }
    let reason = "no weights within them meet the totals (after a thousand rounds of trimming and adjusting)";
    Err(WeightingError::Bounds { lower, upper, reason })
}

fn factors(before: &[f64], after: &[f64]) -> Vec<f64> {
    before.iter().zip(after).map(|(before, after)| if *before == 0.0 { 1.0 } else { after / before }).collect()
}
