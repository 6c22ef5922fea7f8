//! Checks on a day, as issues that say where. What they add up to is the grade, in [`grade`].
//!
//! A check never changes a day and never refuses one, except where time is left uncovered.

use serde::Serialize;

use crate::activity::{ActivityCode, MainActivity};
use crate::context::Location;
use crate::diary::DiaryDraft;
use crate::slot::{MINUTES_PER_SLOT, SLOTS_PER_DAY, Slot, Span};
use crate::timeline::Timeline;

pub mod grade;

pub use grade::{Grade, Quality, assess};

/// What is the matter: at once the test's name, the key of its message and its anchor in the docs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IssueCode {
    /// A span without main activity. The only issue that keeps a day from being handed in.
    UncoveredTime,
    /// The same main activity for an unusually long time.
    LongEpisode,
    /// A journey, while the place is not a means of transport.
    TravelWithoutTransport,
    /// A means of transport, while the activity is neither a journey nor one done on the move.
    TransportWithoutTravel,
    /// Two different places follow each other without a journey between them. The span is the
    /// first ten minutes at the second place.
    MissingTravel,
    /// A known activity without a place.
    PlaceNotStated,
    /// No sleep in the whole day.
    NoSleep,
    /// No meal in the whole day.
    NoMeal,
    /// Fewer changes of activity than days usually have.
    FewEpisodes,
}

impl IssueCode {
    /// All, in the order in which they are shown.
    pub const ALL: [IssueCode; 9] = [
        IssueCode::UncoveredTime,
        IssueCode::LongEpisode,
        IssueCode::TravelWithoutTransport,
        IssueCode::TransportWithoutTravel,
        IssueCode::MissingTravel,
        IssueCode::PlaceNotStated,
        IssueCode::NoSleep,
        IssueCode::NoMeal,
        IssueCode::FewEpisodes,
    ];

    /// The name in files and messages, such as `uncovered_time`.
    pub fn code(self) -> &'static str {
        match self {
            IssueCode::UncoveredTime => "uncovered_time",
            IssueCode::LongEpisode => "long_episode",
            IssueCode::TravelWithoutTransport => "travel_without_transport",
            IssueCode::TransportWithoutTravel => "transport_without_travel",
            IssueCode::MissingTravel => "missing_travel",
            IssueCode::PlaceNotStated => "place_not_stated",
            IssueCode::NoSleep => "no_sleep",
            IssueCode::NoMeal => "no_meal",
            IssueCode::FewEpisodes => "few_episodes",
        }
    }

    /// The code with this name.
    pub fn from_code(code: &str) -> Option<IssueCode> {
        IssueCode::ALL.into_iter().find(|issue| issue.code() == code)
    }
}

/// Something to mend or to confirm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Issue {
    /// What.
    pub code: IssueCode,
    /// Where; the whole day when it is about the day.
    pub span: Span,
}

impl Issue {
    /// Whether the day cannot be handed in as it is. Every other issue is a question, to which
    /// "yes, it was so" is an answer.
    pub fn is_blocking(&self) -> bool {
        self.code == IssueCode::UncoveredTime
    }
}

/// Minutes after which an episode is asked about: sleep.
const LONG_SLEEP: usize = 14 * 60;
/// Minutes after which an episode is asked about: work, school and university.
const LONG_WORK: usize = 10 * 60;
/// Minutes after which an episode is asked about: everything else.
const LONG_OTHER: usize = 6 * 60;

/// Looks a day over, in the order of [`IssueCode::ALL`] and then of the clock. Never fails.
pub fn check(draft: &DiaryDraft) -> Vec<Issue> {
    let main = draft.main.spans();
    let is_uncovered = |main: &Option<MainActivity>| main.is_none();
    let mut issues = Vec::new();
    let mut report = |code, spans: Vec<Span>| issues.extend(spans.into_iter().map(|span| Issue { code, span }));

    report(IssueCode::UncoveredTime, spans_where(&draft.main, is_uncovered));
    report(IssueCode::LongEpisode, main.iter().filter(|(span, main)| is_long(*span, *main)).map(|(s, _)| *s).collect());

    let moment = moments(draft);
    report(IssueCode::TravelWithoutTransport, spans_where(&moment, Moment::travels_without_transport));
    report(IssueCode::TransportWithoutTravel, spans_where(&moment, Moment::rides_without_travelling));
    report(IssueCode::MissingTravel, missing_travel(&moment));
    report(IssueCode::PlaceNotStated, spans_where(&moment, Moment::is_placeless));

    // A day with gaps may have its sleep in them: it is judged as a whole once it is complete.
    if !draft.main.slots().iter().any(is_uncovered) {
        let does = |group: &str| draft.main.slots().iter().flatten().any(|main| main.0.as_str().starts_with(group));
        let mut report_day = |code, holds: bool| report(code, if holds { vec![Span::DAY] } else { Vec::new() });
        report_day(IssueCode::NoSleep, !does("01"));
        report_day(IssueCode::NoMeal, !does("02") && !does(LUNCH_BREAK));
        report_day(IssueCode::FewEpisodes, grade::n_episodes(draft) < grade::GOOD_EPISODES);
    }
    issues
}

/// The lunch break in working time, which has a code of its own outside the meals.
const LUNCH_BREAK: &str = "121";

fn is_long(span: Span, main: Option<MainActivity>) -> bool {
    let Some(MainActivity(activity)) = main else { return false };
    let limit = match activity.at_level(2).as_str() {
        _ if activity.is_unspecified_time() || activity.as_str() == "012" => return false,
        "01" => LONG_SLEEP,
        "11" | "21" => LONG_WORK,
        _ => LONG_OTHER,
    };
    span.minutes() > limit
}

/// What the checks on movement look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Moment {
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

    fn travels_without_transport(&self) -> bool {
        self.travels() && self.location.is_some_and(|location| !location.is_unspecified()) && !self.rides()
    }

    fn rides_without_travelling(&self) -> bool {
        self.is_known() && !self.travels() && self.rides() && !self.main.is_some_and(is_done_on_the_move)
    }

    fn is_placeless(&self) -> bool {
        self.is_known() && self.location.is_none_or(|location| location == Location::UNSPECIFIED)
    }
}

/// Exercise, walking the dog and accompanying a child may well have a means of transport.
fn is_done_on_the_move(main: ActivityCode) -> bool {
    main.at_level(2).as_str() == "61" || matches!(main.as_str(), "344" | "384")
}

fn moments(draft: &DiaryDraft) -> Timeline<Moment> {
    let mut moments = Timeline::filled(Moment { main: None, location: None });
    for episode in draft.episodes() {
        let main = episode.fields.main.map(|main| main.0);
        moments.set(episode.span, Moment { main, location: episode.fields.location });
    }
    moments
}

/// The longest runs in which `holds` is true, in order.
fn spans_where<T: Copy + PartialEq>(timeline: &Timeline<T>, holds: impl Fn(&T) -> bool) -> Vec<Span> {
    timeline.map(|value| holds(&value)).spans().into_iter().filter(|(_, holds)| *holds).map(|(span, _)| span).collect()
}

/// Where a known place follows directly on another one, and nobody was on the way.
fn missing_travel(moments: &Timeline<Moment>) -> Vec<Span> {
    let place = |moment: &Moment| {
        let stays = !moment.travels() && !moment.rides();
        moment.location.filter(|location| stays && !location.is_unspecified())
    };
    let slots = moments.slots();
    let jumps = (1..SLOTS_PER_DAY).filter(|slot| match (place(&slots[slot - 1]), place(&slots[*slot])) {
        (Some(before), Some(after)) => before != after,
        _ => false,
    });
    jumps.filter_map(|slot| Span::new(Slot::new(slot)?, Slot::new(slot + 1)?)).collect()
}

/// Minutes in `n_slots` slots.
fn minutes(n_slots: usize) -> usize {
    n_slots * MINUTES_PER_SLOT
}

#[cfg(test)]
#[path = "quality_tests.rs"]
mod tests;
