//! The tests of the whole package, in one binary because each binary links polars.

mod atus_2015;
mod atus_file;
mod city;
mod estimates;
mod kernel_properties;
mod margins;
mod r_survey;
mod r_survey_cases;
mod r_survey_designs;
mod r_survey_profile;
mod r_survey_residuals;
mod r_survey_samples;
mod r_survey_traps;
mod reference;
mod snapshot_checks;
mod synthetic_city;
