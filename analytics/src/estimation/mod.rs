//! The estimation kernel: slices and indices in, numbers out. It knows nothing of activities, days or files.
//!
//! Every estimator is a value and scores (its linearisation); one routine, that of `design`, turns scores into a
//! variance. A domain is a mask over the whole sample, never a filter: clusters outside it count, with a score of zero.
//!
//! There are two ways to an estimate. A [`Survey`] takes any design, calibration and [`Statistic`], and gives
//! [`Estimates`] with their covariances, from which contrasts and other functions follow. [`Blocks`] give means, ratios
//! and contrasts of means of thousands of time-use cells from one pass. Sums run in row order within one cell of
//! the table, so results are the same to the last bit whatever the number of threads.
//!
//! Sources: Särndal, Swensson and Wretman, Model Assisted Survey Sampling (1992), sections 5.5 to 5.7 and
//! 10.3; Lumley, Complex Surveys (2010), chapter 2 and appendix C.

mod association;
mod blocks;
mod calibration;
mod distributions;
mod error;
mod estimates;
mod factor;
mod interval;
mod jackknife;
mod linearise;
mod matrix;
mod model;
mod quantile;
mod replication;
mod residuals;
mod scores;
mod spans;
mod statistic;
mod survey;
mod variance;

pub use association::{Association, AssociationTest};
pub use blocks::{Blocks, Column, Observation, Totals};
pub use calibration::{Calibration, CalibrationUnit, PostStratumUnit, Solution};
pub use distributions::{
    beta_quantile, chi_squared_upper_tail, f_upper_tail, normal_quantile, t_quantile, t_two_sided,
};
pub use error::EstimationError;
pub use estimates::{Estimates, TTest};
pub use factor::{Factor, Variable};
pub use interval::{Interval, Proportion, ProportionInterval};
pub use jackknife::DomainSums;
pub use linearise::{Contrast, Linearised, Term};
pub use model::{Family, GeneralisedLinear};
pub use quantile::{QuantileEstimate, QuantileInterval, QuantileRule, Quantiles};
pub use replication::{
    CellTotals, Centre, LargeStrata, ReplicateColumns, ReplicateError, ReplicateMethod, ReplicateScales,
    ReplicateTotals, ReplicateWeights, Replicated,
};
pub use residuals::{ClusterRegressions, RakedMargin, Regression, Residuals};
pub use spans::{Shares, Span};
pub use statistic::{Mean, Ratio, SimpleRandom, Statistic, Total, Variance};
pub use survey::{Domain, Survey};
pub use variance::Estimator;
