//! The web application: sign-in, diaries, questionnaires, publication, export.
//!
//! One folder per capability, each with the same rooms: `routes` (handlers), `form` (request text to
//! domain value), `view` (domain value to page), `store` (queries). It never sees estimates or charts:
//! it writes the snapshot and serves the folder that the other stages made of it.

pub mod access;
pub mod app;
pub mod audit;
pub mod backup;
pub mod clock;
pub mod config;
pub mod confirmation;
pub mod database;
pub mod demonstration;
pub mod diary;
pub mod error;
pub mod health;
pub mod home;
mod household;
mod housekeeping;
pub mod i18n;
pub mod keys;
mod office;
pub mod outbound;
pub mod paper;
mod paradata;
pub mod personal_area;
#[cfg(test)]
#[allow(dead_code, reason = "the kit of the tests of the whole house, of which only some is needed here")]
#[path = "../../tests/src/postgres.rs"]
mod postgres;
pub mod privacy;
pub mod publication;
pub mod questionnaire;
mod record;
pub mod release;
pub mod residents;
pub mod retention;
pub mod review;
mod rights;
pub mod serve;
pub mod snapshot;
pub mod survey;
pub mod web;
