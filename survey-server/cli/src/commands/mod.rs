//! One file per command; each calls a library and prints what it did.

pub mod analyse;
pub mod demo;
pub mod estimate;
pub mod export;
pub mod import;
pub mod officer;
pub mod publish;
pub mod questionnaire;
pub mod server;
pub mod trust;
pub mod weight;
