//! Importers: other people's microdata become a snapshot that the pipeline reads like Tempi's own.

pub mod atus;
