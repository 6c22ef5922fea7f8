//! What every adjustment of weights returns, and the checks every one begins with.

use super::error::{Note, WeightingError};

/// Weights after an adjustment, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Adjusted {
    /// The new weights.
    pub weights: Vec<f64>,
    /// New weight over old (the g-factors); where the old weight is zero, what it would have been multiplied by.
    pub factors: Vec<f64>,
    /// Iterations done; 1 for a closed form.
    pub n_iterations: usize,
    /// What is worth knowing.
    pub notes: Vec<Note>,
}

/// Refuses weights that are missing, negative or infinite, and samples that weigh nothing.
pub(super) fn check_weights(weights: &[f64]) -> Result<(), WeightingError> {
    if let Some(row) = weights.iter().position(|weight| !(weight.is_finite() && *weight >= 0.0)) {
        return Err(WeightingError::NotAWeight { row: row + 1, weight: weights[row] });
    }
    if weights.iter().all(|weight| *weight == 0.0) {
        return Err(WeightingError::Nothing { what: "no row has a weight above zero" });
    }
    Ok(())
}

/// Refuses an input whose rows are not those of the weights.
pub(super) fn check_length(what: &str, found: usize, expected: usize) -> Result<(), WeightingError> {
    if found == expected {
        return Ok(());
    }
    Err(WeightingError::Length { what: what.to_owned(), found, expected })
}

/// Refuses a column with a missing or infinite number.
pub(super) fn check_numbers(what: &str, values: &[f64]) -> Result<(), WeightingError> {
    match values.iter().position(|value| !value.is_finite()) {
        Some(row) => Err(WeightingError::NotANumber { what: what.to_owned(), row: row + 1, value: values[row] }),
        None => Ok(()),
    }
}
