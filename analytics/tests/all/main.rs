//! The tests of the whole package, in one binary because each binary links polars.

mod atus_2015;
mod atus_file;
mod city;
mod estimates;
mod kernel_properties;
mod margins;
mod r_survey;
mod reference;
mod secrecy;
mod secrecy_release;
mod secrecy_tables;
mod snapshot_checks;
mod synthetic_city;
