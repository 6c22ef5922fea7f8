//! The estimation kernel: slices and indices in, numbers out. It knows nothing of activities, days or files.
//!
//! Every estimator is a value and a score per cluster (its linearisation); one routine turns scores
//! into a variance. A domain is a mask over the whole sample, never a filter: clusters outside it
//! count, with a score of zero. Sums run in row order within one cell of the table, so results are
//! the same to the last bit whatever the number of threads.
//!
//! Sources: Särndal, Swensson and Wretman, Model Assisted Survey Sampling (1992), sections 5.5 to 5.7 and
//! 10.3; Lumley, Complex Surveys (2010), chapter 2 and appendix C.

mod blocks;
mod bulk_residuals;
mod jackknife;
mod linearise;
mod replication;
mod residuals;
mod spans;
mod student;
mod variance;

pub use blocks::{Blocks, Column, Observation, Totals};
pub use bulk_residuals::BulkResiduals;
pub use jackknife::DomainSums;
pub use linearise::{Contrast, Linearised, Term};
pub use replication::{
    CellTotals, Centre, LargeStrata, ReplicateColumns, ReplicateError, ReplicateMethod, ReplicateScales,
    ReplicateTotals, ReplicateWeights, Replicated,
};
pub use residuals::{RakedMargin, Regression, Residuals};
pub use spans::{Shares, Span};
pub use student::t_quantile;
pub use variance::Estimator;
