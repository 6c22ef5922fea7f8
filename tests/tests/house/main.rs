//! The integration tests of the whole house, in one binary.

mod access;
mod attacks;
mod audit;
mod card_matrix;
mod check;
mod confirmation;
mod custody;
mod demonstration;
mod desk;
mod desk_weights;
mod documents;
mod households;
mod invariants;
mod pages;
mod participation;
mod proxy;
mod questionnaires;
mod real_survey;
mod reidentification;
mod residents;
mod retention;
mod rights;
mod roles;
mod serving;
mod sessions;
mod trust;
