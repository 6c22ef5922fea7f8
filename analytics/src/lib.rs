//! The batch pipeline: from a snapshot to weighted estimates with standard errors and secrecy.

pub mod import;
pub mod pipeline;
pub mod synthetic;
pub mod table;
