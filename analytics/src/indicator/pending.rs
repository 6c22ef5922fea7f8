//! Candidates whose standard errors are still to be made: those of one group are made side by side.

use super::{Candidate, Indicators};
use crate::estimation::Linearised;

/// A number on its way to an estimate.
pub(super) struct Number {
    pub linearised: Linearised,
    /// What it is multiplied by to be in its indicator's unit.
    pub scale: f64,
    pub degrees_of_freedom: u32,
}

/// Candidates of one group, in their order, with the numbers that some have.
#[derive(Default)]
pub(super) struct Pending {
    candidates: Vec<Candidate>,
    /// By the place of their candidate.
    numbers: Vec<(usize, Number)>,
}

impl Pending {
    /// Adds a candidate, and its number where it has one.
    pub fn add(&mut self, candidate: Candidate, number: Option<Number>) {
        self.numbers.extend(number.map(|number| (self.candidates.len(), number)));
        self.candidates.push(candidate);
    }

    /// The candidates with their estimates.
    pub fn estimated(mut self, indicators: &Indicators<'_>) -> Vec<Candidate> {
        let linearised: Vec<&Linearised> = self.numbers.iter().map(|(_, number)| &number.linearised).collect();
        let errors = indicators.estimator.standard_errors(&linearised);
        for ((place, number), error) in self.numbers.iter().zip(errors) {
            let Number { linearised, scale, degrees_of_freedom } = number;
            let estimate = indicators.with_error(linearised.value * scale, error, *scale, *degrees_of_freedom);
            self.candidates[*place].estimate = Some(estimate);
        }
        self.candidates
    }
}
