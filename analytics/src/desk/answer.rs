//! What a question is answered with: rows of estimates, or a test.

use serde::Serialize;

/// The answer to a question.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// Estimates, domain by domain; none where a test was asked for.
    pub rows: Vec<AnswerRow>,
    /// The test.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test: Option<TestAnswer>,
    /// Rows of the file with a weight above zero, inside the conditions or not.
    pub n_sampled: usize,
    /// Rows left out of the domain because a variable is missing there.
    pub n_missing: usize,
}

/// One estimate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AnswerRow {
    /// The values of the columns that make the domain, in their order.
    pub domain: Vec<String>,
    /// What was estimated: the variable, its category, its quantile, or a formula.
    pub term: String,
    /// The estimate, in the variable's unit; a share is between 0 and 1.
    pub estimate: f64,
    /// Its standard error.
    pub standard_error: Option<f64>,
    /// Lower end of the interval.
    pub ci_low: Option<f64>,
    /// Upper end of the interval.
    pub ci_high: Option<f64>,
    /// Degrees of freedom inside the domain.
    pub degrees_of_freedom: Option<f64>,
    /// Coefficient of variation: standard error over estimate.
    pub cv: Option<f64>,
    /// Design effect, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub design_effect: Option<f64>,
    /// Rows with a weight above zero in the domain.
    pub n: usize,
}

/// A test of association.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TestAnswer {
    /// R's name of the statistic.
    pub method: &'static str,
    /// The statistic.
    pub statistic: f64,
    /// Its degrees of freedom; one of a chi-square, two of an F.
    pub degrees_of_freedom: Vec<f64>,
    /// The probability of at least this statistic where the two are independent.
    pub p_value: f64,
}
