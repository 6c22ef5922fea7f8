//! Charts, tables and the static site made from estimates.
//!
//! Everything published comes from [`analytics::table::Estimates`]: nothing here computes a statistic,
//! reads a clock or knows of the web server that may carry the site.

pub mod publication;

pub use publication::{Edition, Progress, PublishError, PublishOptions, PublishSummary, StaticFile, publish};
