//! The batch pipeline: from a snapshot to weighted estimates with standard errors and secrecy.

pub mod answers;
mod columns;
pub mod design;
pub mod desk;
pub mod disclosure;
pub mod domain;
pub mod editing;
pub mod estimation;
pub mod import;
pub mod indicator;
pub mod measure;
mod output_folder;
pub mod pipeline;
pub mod plan;
pub mod public_use;
pub mod sample;
pub mod sequence;
pub mod snapshot;
pub mod synthetic;
pub mod table;
pub mod tempogram;
pub mod time_budget;
pub mod weighting;
