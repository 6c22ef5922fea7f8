//! Weights: the file's, adjusted to population totals where margins are given, and the balance of the days. The engine takes
//! slices and gives slices; where the numbers come from is the callers' business.

mod adjusted;
mod basis;
mod calibration;
mod cholesky;
mod day_balance;
mod distance;
mod error;
mod logistic;
mod margin;
mod margins;
mod model;
mod nonresponse;
mod post_stratification;
mod raking;
mod report;
mod trimming;

pub use adjusted::Adjusted;
pub use calibration::{Calibration, CalibrationOptions, calibrate};
pub(crate) use cholesky::{Cholesky, gram};
pub use day_balance::{DayBalance, balance_days};
pub use distance::{Bounded, Bounds, Distance};
pub use error::{Note, WeightingError};
pub use logistic::{Logistic, Predictors};
pub use margin::{Category, Disagreement, EmptyCategory, Margin, MarginRules};
pub use margins::{Margins, MarginsError, RegisterCount};
pub use model::{Model, Total};
pub use nonresponse::{PropensityUse, ResponseClasses, adjust_by_classes, adjust_by_propensity};
pub use post_stratification::{PostStratification, Respondent, post_stratify};
pub use raking::{Raking, RakingControl, rake};
pub use report::{CategoryReport, Distribution, MarginReport, WeightingReport};
pub use trimming::{Trimming, TrimmingBounds, trim_and_adjust, trim_weights};
