//! Reliability: whether a number is precise enough to show. Kept apart from confidentiality, which it never replaces.

use crate::indicator::{Candidate, Estimate};
use crate::table::{Flag, Indicator};

/// Fewer persons than this, and a number has no value to show.
pub const N_TO_SHOW: u64 = 75;
/// Persons from which a number may be called reliable.
const N_RELIABLE: u64 = 150;
/// The largest coefficient of variation of a reliable number (Statistics Canada's practice for time use).
pub(super) const CV_RELIABLE: f64 = 0.25;
/// Above this coefficient of variation a number is not shown.
pub(super) const CV_TO_SHOW: f64 = 0.5;
/// The widest interval of a reliable share at a slot, in percentage points.
pub(super) const WIDTH_RELIABLE: f64 = 10.0;
/// Above this width a share at a slot is not shown.
pub(super) const WIDTH_TO_SHOW: f64 = 30.0;
/// The widest interval of a reliable clock time, in minutes; the CV of a clock time depends on when the day begins.
const CLOCK_WIDTH_RELIABLE: f64 = 30.0;
/// Above this width a clock time is not shown.
const CLOCK_WIDTH_TO_SHOW: f64 = 120.0;

/// The worse of two flags.
pub(super) fn worse(one: Flag, other: Flag) -> Flag {
    match (one, other) {
        (Flag::Suppressed, _) | (_, Flag::Suppressed) => Flag::Suppressed,
        (Flag::A, Flag::A) => Flag::A,
        _ => Flag::E,
    }
}

/// The flag of a number that stands for itself.
pub(super) fn reliability(candidate: &Candidate) -> Flag {
    let Some(Estimate { value, standard_error: Some(error), half_width: Some(half_width), .. }) = candidate.estimate
    else {
        return Flag::Suppressed;
    };
    let (uncertainty, to_show, reliable) = match candidate.indicator {
        Indicator::ShareAtSlot => (2.0 * half_width, WIDTH_TO_SHOW, WIDTH_RELIABLE),
        Indicator::FirstStart | Indicator::LastEnd => (2.0 * half_width, CLOCK_WIDTH_TO_SHOW, CLOCK_WIDTH_RELIABLE),
        // A zero has no coefficient of variation: that nobody in the sample did it is no measurement.
        _ if value == 0.0 => (f64::INFINITY, CV_TO_SHOW, CV_RELIABLE),
        _ => (error / value.abs(), CV_TO_SHOW, CV_RELIABLE),
    };
    flag(published_n(candidate), uncertainty, to_show, reliable)
}

/// The flag of a number of so many persons, by the most that its uncertainty may be to be shown and to be reliable.
pub(super) fn flag(n_persons: u64, uncertainty: f64, to_show: f64, reliable: f64) -> Flag {
    if n_persons < N_TO_SHOW || uncertainty > to_show {
        Flag::Suppressed
    } else if n_persons >= N_RELIABLE && uncertainty <= reliable {
        Flag::A
    } else {
        Flag::E
    }
}

/// The persons that a row counts.
pub(super) fn published_n(candidate: &Candidate) -> u64 {
    if candidate.indicator.is_of_participants() { candidate.n_participants } else { candidate.n_persons }
}
