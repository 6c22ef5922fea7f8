//! Weights: the file's, adjusted to population totals where margins are given, and the balance of the days.

mod day_balance;
mod margins;
mod post_stratification;

pub use day_balance::DayBalance;
pub use margins::{Margin, Margins, MarginsError};
pub use post_stratification::{PostStratification, Respondent, post_stratify};
