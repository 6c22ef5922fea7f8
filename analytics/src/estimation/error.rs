//! Why a number cannot be estimated.

/// What keeps an estimate, or its standard error, from being made. Units count from 1.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum EstimationError {
    /// A column is about another number of units than the design.
    #[error(
        "{what} has {found} values where the design has {expected} units. Nothing was estimated; give one for each unit."
    )]
    Length {
        /// Which column.
        what: &'static str,
        /// Its length.
        found: usize,
        /// The units of the design.
        expected: usize,
    },
    /// A weight is negative or no number.
    #[error("the weight of unit {unit} is {weight}. Nothing was estimated; weights are zero or above.")]
    Weight {
        /// The unit.
        unit: usize,
        /// Its weight.
        weight: f64,
    },
    /// Values are missing inside the domain.
    #[error(
        "{n_missing} of {n_units} units with a weight lack a value, the first of them unit {first}. Nothing was estimated; \
         leave them out of the domain (as R's na.rm does), which assumes that they are like the others, or impute them."
    )]
    MissingValues {
        /// Units with a weight, in the domain, without a value.
        n_missing: usize,
        /// Units with a weight in the domain.
        n_units: usize,
        /// The first unit without a value.
        first: usize,
    },
    /// Nobody with a weight is in the domain, so it has no mean.
    #[error(
        "nobody with a weight above zero is in the domain, so {what} is not defined. Nothing was estimated for it."
    )]
    EmptyDomain {
        /// The statistic.
        what: &'static str,
    },
    /// The number is not defined for these values.
    #[error("{what} is not defined: {why}.")]
    NotDefined {
        /// The statistic.
        what: &'static str,
        /// The cause.
        why: &'static str,
    },
    /// The design gives no variance.
    #[error(
        "the design gives no variance: no stratum in the domain's reach has two clusters to compare. The estimate itself \
         stands; give a rule for strata with a single cluster, or describe the strata and clusters of the sample."
    )]
    NoVariance,
    /// A code is not among the levels of a factor.
    #[error(
        "`{value}` of unit {unit} is none of the levels {levels}. Nothing was estimated; correct the code, add the level, or \
         mark the value as missing."
    )]
    UnknownLevel {
        /// The unit.
        unit: usize,
        /// What was found.
        value: String,
        /// The levels there are.
        levels: String,
    },
    /// Iteration did not arrive.
    #[error(
        "{what} did not converge in {iterations} steps. Nothing was estimated; look for a group that predicts perfectly."
    )]
    NotConverged {
        /// The estimator.
        what: &'static str,
        /// Steps taken.
        iterations: usize,
    },
}
