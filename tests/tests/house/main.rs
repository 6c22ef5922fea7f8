//! The integration tests of the whole house, in one binary.

mod access;
mod attacks;
mod check;
mod demonstration;
mod desk;
mod desk_weights;
mod documents;
mod invariants;
mod pages;
mod participation;
mod proxy;
mod real_survey;
mod serving;
