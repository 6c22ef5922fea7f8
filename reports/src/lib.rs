//! Charts, tables and the static site made from estimates.
//!
//! Everything published comes from [`analytics::table::Estimates`]: nothing here computes a statistic,
//! reads a clock or knows of the web server that may carry the site.

pub mod chart;
pub mod comparison;
pub mod dataset;
pub mod edition;
pub mod figure;
pub mod folder;
pub mod font;
pub mod legibility;
pub mod number;
pub mod opendata;
pub mod paint;
pub mod palette;
#[cfg(feature = "pdf")]
mod pdf;
pub mod publication;
pub mod report;
pub mod scene;
mod site;
pub mod text;

pub use edition::Edition;
pub use publication::{Progress, PublishError, PublishOptions, PublishSummary, StaticFile, publish};
