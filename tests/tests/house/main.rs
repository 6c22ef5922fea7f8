//! The integration tests of the whole house, in one binary.

mod documents;
mod invariants;
mod real_survey;
