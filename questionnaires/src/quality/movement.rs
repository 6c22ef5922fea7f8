//! Checks on moving about: journeys and places that do not fit each other.

use super::spans_where;
use crate::activity::ActivityCode;
use crate::context::Location;
use crate::diary::DiaryDraft;
use crate::slot::{SLOTS_PER_DAY, Slot, Span};
use crate::timeline::Timeline;

/// What the checks on movement look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    main: Option<ActivityCode>,
    location: Option<Location>,
}

impl Moment {
    fn is_known(&self) -> bool {
        self.main.is_some_and(|main| !main.is_unspecified_time())
    }

    fn travels(&self) -> bool {
        self.main.is_some_and(ActivityCode::is_travel)
    }

    fn rides(&self) -> bool {
        self.location.is_some_and(Location::is_transport)
    }

    pub(super) fn travels_without_transport(&self) -> bool {
        self.travels() && self.location.is_some_and(|location| !location.is_unspecified()) && !self.rides()
    }

    /// Sleep on foot or on two wheels has a question of its own.
    pub(super) fn rides_without_travelling(&self) -> bool {
        let is_on_own_feet = self.location.is_some_and(|location| matches!(location.number(), 21..=23));
        let fits = |main: ActivityCode| is_done_on_the_move(main) || (main.as_str() == "011" && is_on_own_feet);
        self.is_known() && !self.travels() && self.rides() && !self.main.is_some_and(fits)
    }

    pub(super) fn is_placeless(&self) -> bool {
        self.is_known() && self.location.is_none_or(|location| location == Location::UNSPECIFIED)
    }

    /// The known place of somebody who stays there.
    fn place(&self) -> Option<Location> {
        let stays = !self.travels() && !self.rides();
        self.location.filter(|location| stays && !location.is_unspecified())
    }
}

/// Exercise, walking the dog and accompanying a child may well have a means of transport.
fn is_done_on_the_move(main: ActivityCode) -> bool {
    main.at_level(2).as_str() == "61" || matches!(main.as_str(), "344" | "384")
}

pub(super) fn moments(draft: &DiaryDraft) -> Timeline<Moment> {
    let mut moments = Timeline::filled(Moment { main: None, location: None });
    for episode in draft.episodes() {
        let main = episode.fields.main.map(|main| main.0);
        moments.set(episode.span, Moment { main, location: episode.fields.location });
    }
    moments
}

/// Where a known place follows directly on another one, and nobody was on the way.
pub(super) fn missing_travel(moments: &Timeline<Moment>) -> Vec<Span> {
    let slots = moments.slots();
    let jumps = (1..SLOTS_PER_DAY).filter(|slot| match (slots[slot - 1].place(), slots[*slot].place()) {
        (Some(before), Some(after)) => before != after,
        _ => false,
    });
    jumps.filter_map(|slot| Span::new(Slot::new(slot)?, Slot::new(slot + 1)?)).collect()
}

/// Journeys, with the known places from which and to which they lead.
fn journeys(moments: &Timeline<Moment>) -> impl Iterator<Item = (Span, Location, Location)> + '_ {
    let slots = moments.slots();
    spans_where(moments, Moment::travels).into_iter().filter_map(move |span| {
        let before = slots.get(span.start().index().checked_sub(1)?)?.place()?;
        let after = slots.get(span.end().index())?.place()?;
        Some((span, before, after))
    })
}

/// The places of which a person has one: a journey between two of the same code went nowhere. Shops, workplaces and homes of
/// others are many under one code.
fn is_one_place(location: Location) -> bool {
    matches!(location, Location::HOME | Location::HOLIDAY_HOME)
}

/// Journeys that may well lead back without a stop of ten minutes: who takes a child to school turns back at the door, and who goes for
/// a ride, or for no stated purpose, need not arrive anywhere.
fn may_lead_back(moment: &Moment) -> bool {
    moment.main.is_some_and(|main| matches!(main.as_str(), "900" | "938" | "939" | "960"))
}

/// Journeys that end where they began.
pub(super) fn round_trips(moments: &Timeline<Moment>) -> Vec<Span> {
    let may_lead_back =
        |span: &Span| moments.slots()[span.start().index()..span.end().index()].iter().any(may_lead_back);
    let returns = |(span, before, after): &(Span, Location, Location)| {
        before == after && is_one_place(*before) && !may_lead_back(span)
    };
    journeys(moments).filter(returns).map(|(span, ..)| span).collect()
}

/// A journey of so many minutes is too short to lead from home to where one sleeps when away.
const HASTY_MINUTES: usize = 10;

/// Journeys between home and where one sleeps when away that take no time to speak of.
pub(super) fn hasty_travel(moments: &Timeline<Moment>) -> Vec<Span> {
    let is_away = |location: Location| matches!(location, Location::HOLIDAY_HOME | Location::HOTEL);
    let is_hasty = |(span, before, after): &(Span, Location, Location)| {
        let leads_away =
            (*before == Location::HOME && is_away(*after)) || (is_away(*before) && *after == Location::HOME);
        leads_away && span.minutes() <= HASTY_MINUTES
    };
    journeys(moments).filter(is_hasty).map(|(span, ..)| span).collect()
}
