//! One file per command; each calls a library and prints what it did.

pub mod analyse;
pub mod audit;
pub mod backup;
pub mod demo;
pub mod estimate;
pub mod export;
pub mod import;
pub mod keys;
pub mod officer;
pub mod paper;
pub mod publish;
pub mod puf;
pub mod questionnaire;
pub mod release_work;
pub mod residents;
pub mod retention;
pub mod server;
pub mod sessions;
pub mod trust;
pub mod weight;
