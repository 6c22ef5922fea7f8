//! Numbers with persons of their own behind them: the poor in time, pairs, those who began or stopped within the day. Few of
//! these are unsafe whatever becomes of the category, and sums over people, days and activities lead to them too.

use super::release::{ReleaseContext, cost, place_of_group, place_of_scope, place_of_sex};
use super::system::{Listed, Listing, Response};
use crate::indicator::Candidate;
use crate::table::Indicator;

/// The indicators that are tables of their own, each with what is protected in it: how many were counted only where
/// that is published.
pub(super) const TABLES: [(Indicator, &[Response]); 4] = [
    (Indicator::TimePoverty, &[Response::Further]),
    (Indicator::SharedTime, &[Response::Further]),
    (Indicator::FirstStart, &[Response::Further, Response::Counts]),
    (Indicator::LastEnd, &[Response::Further, Response::Counts]),
];

/// What the audit calls the table of an indicator.
pub(super) fn name(indicator: Indicator) -> &'static str {
    match indicator {
        Indicator::TimePoverty => "time_poverty",
        Indicator::SharedTime => "shared_time",
        Indicator::FirstStart => "first_start",
        _ => "last_end",
    }
}

/// The numbers of one indicator, laid out by category and domain.
pub(super) fn listing_of(indicator: Indicator, candidates: &[Candidate], context: ReleaseContext<'_>) -> Listing {
    let frame = context.frame;
    let mut listing = Listing::new(context.categories.len(), frame);
    for candidate in candidates.iter().filter(|candidate| candidate.indicator == indicator) {
        let Some(group) = place_of_group(frame, candidate.group) else { continue };
        let (sex, day) = (place_of_sex(candidate.sex), place_of_scope(candidate.day));
        let place = listing.place(frame, candidate.category, group, sex, day);
        listing.listed[place] = Some(Listed {
            // Without an estimate there is nobody, which is known, and sums go on without.
            minutes: candidate.estimate.map_or(0.0, |estimate| estimate.value),
            rate: 1.0,
            n_participants: candidate.estimate.map_or(0, |_| candidate.n_participants),
            cost: cost(candidate, group, sex, day, context),
            is_known: false,
        });
    }
    listing
}
