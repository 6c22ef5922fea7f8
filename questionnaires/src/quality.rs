//! Checks on a day, as issues that say where. What they add up to is the grade, in [`grade`].
//!
//! A check never changes a day and never refuses one, except where time is left uncovered.

use serde::Serialize;

use crate::activity::MainActivity;
use crate::diary::DiaryDraft;
use crate::slot::{MINUTES_PER_SLOT, Span};
use crate::timeline::Timeline;

mod answered;
mod contradiction;
pub mod grade;
mod movement;

pub use answered::still_answered;
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
    /// A journey from home that ends at home, or from a holiday home there, without a stop between. The span is the journey.
    TravelWithoutChangeOfPlace,
    /// Between home and a holiday home, a hotel or a camping site in ten minutes. The span is the journey.
    HastyTravel,
    /// Asleep while walking, cycling or riding a motorcycle.
    AsleepOnTheMove,
    /// Asleep and doing something else at once.
    AsleepAndActive,
    /// Paid work at a place that is for something else: a holiday home, other people's home, a restaurant, shops, a hotel.
    WorkAtUnlikelyPlace,
    /// Looking after a child, and alone.
    CareAlone,
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
    pub const ALL: [IssueCode; 15] = [
        IssueCode::UncoveredTime,
        IssueCode::LongEpisode,
        IssueCode::TravelWithoutTransport,
        IssueCode::TransportWithoutTravel,
        IssueCode::MissingTravel,
        IssueCode::TravelWithoutChangeOfPlace,
        IssueCode::HastyTravel,
        IssueCode::AsleepOnTheMove,
        IssueCode::AsleepAndActive,
        IssueCode::WorkAtUnlikelyPlace,
        IssueCode::CareAlone,
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
            IssueCode::TravelWithoutChangeOfPlace => "travel_without_change_of_place",
            IssueCode::HastyTravel => "hasty_travel",
            IssueCode::AsleepOnTheMove => "asleep_on_the_move",
            IssueCode::AsleepAndActive => "asleep_and_active",
            IssueCode::WorkAtUnlikelyPlace => "work_at_unlikely_place",
            IssueCode::CareAlone => "care_alone",
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

    let moments = movement::moments(draft);
    report(IssueCode::TravelWithoutTransport, spans_where(&moments, movement::Moment::travels_without_transport));
    report(IssueCode::TransportWithoutTravel, spans_where(&moments, movement::Moment::rides_without_travelling));
    report(IssueCode::MissingTravel, movement::missing_travel(&moments));
    report(IssueCode::TravelWithoutChangeOfPlace, movement::round_trips(&moments));
    report(IssueCode::HastyTravel, movement::hasty_travel(&moments));

    let facts = contradiction::facts(draft);
    report(IssueCode::AsleepOnTheMove, spans_where(&facts, contradiction::Fact::sleeps_on_the_move));
    report(IssueCode::AsleepAndActive, spans_where(&facts, contradiction::Fact::sleeps_and_acts));
    report(IssueCode::WorkAtUnlikelyPlace, spans_where(&facts, contradiction::Fact::works_at_an_unlikely_place));
    report(IssueCode::CareAlone, spans_where(&facts, contradiction::Fact::cares_alone));
    report(IssueCode::PlaceNotStated, spans_where(&moments, movement::Moment::is_placeless));

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

/// The longest runs in which `holds` is true, in order.
fn spans_where<T: Copy + PartialEq>(timeline: &Timeline<T>, holds: impl Fn(&T) -> bool) -> Vec<Span> {
    timeline.map(|value| holds(&value)).spans().into_iter().filter(|(_, holds)| *holds).map(|(span, _)| span).collect()
}

/// Minutes in `n_slots` slots.
fn minutes(n_slots: usize) -> usize {
    n_slots * MINUTES_PER_SLOT
}

#[cfg(test)]
#[path = "quality_tests.rs"]
mod tests;
