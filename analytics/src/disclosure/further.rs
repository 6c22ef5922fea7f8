//! Numbers with persons of their own behind them: the poor in time, pairs, those who began or stopped within the day. Few of
//! these are unsafe whatever becomes of the category, and sums over people, days and activities lead to them too.

use super::frame::{place_of_group, place_of_scope, place_of_sex};
use super::release::{ReleaseContext, cost};
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

/// The highest share.
const PERCENT: f64 = 100.0;

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
    if indicator == Indicator::TimePoverty {
        listing.most = PERCENT;
    }
    for candidate in candidates.iter().filter(|candidate| candidate.indicator == indicator) {
        let Some(group) = place_of_group(frame, candidate.group) else { continue };
        let (sex, day) = (place_of_sex(candidate.sex), place_of_scope(candidate.day));
        let place = listing.place(frame, candidate.category, group, sex, day);
        // Clock times are means over those who began or stopped, shared time over pairs: what adds up is that times these.
        let of_domain = frame.weights[frame.place(group, sex, day)];
        let share = if of_domain > 0.0 { candidate.weight / of_domain } else { 0.0 };
        listing.listed[place] = Some(Listed {
            // Without an estimate there is nobody, which is known, and sums go on without.
            minutes: candidate.estimate.map_or(0.0, |estimate| estimate.value * share),
            rate: share,
            n_participants: candidate.estimate.map_or(0, |_| candidate.n_participants),
            cost: cost(candidate, group, sex, day, context),
            is_known: false,
        });
    }
    listing
}
