//! The tests of the whole package, in one binary because each binary links polars.

mod atus_2015;
mod atus_file;
mod bulk;
mod city;
mod estimates;
mod kernel_properties;
mod margins;
mod measures_atus;
mod measures_city;
mod measures_r_survey;
mod measures_rules;
mod r_survey;
mod r_survey_cases;
mod r_survey_designs;
mod r_survey_profile;
mod r_survey_residuals;
mod r_survey_traps;
mod reference;
mod replicates;
mod sequences;
mod snapshot_checks;
mod synthetic_city;
mod weights;
mod weights_cases;
mod weights_variance;
