//! The grade of a day: whether it is good, acceptable, or left out of every estimate.
//!
//! The rules are those in use: fewer than 5 activities or less than 21 hours covered is rejected
//! (American Time Use Survey); at most 90 missing minutes, 7 or more episodes and three of four basic
//! domains is good (Multinational Time Use Study). What lies between is acceptable.

use serde::{Deserialize, Serialize};

use super::{Issue, LUNCH_BREAK, check, minutes};
use crate::activity::ActivityCode;
use crate::diary::DiaryDraft;

/// Fewer main-activity episodes are too few to use the day.
pub const FEWEST_EPISODES: usize = 5;
/// More minutes missing are too many to use the day: 21 of 24 hours must be covered.
pub const MOST_MISSING_MINUTES: usize = 3 * 60;
/// Main-activity episodes of a good day, at least.
pub const GOOD_EPISODES: usize = 7;
/// Missing minutes of a good day, at most.
pub const GOOD_MISSING_MINUTES: usize = 90;
/// Basic domains of a good day, at least, of four.
pub const GOOD_BASIC_DOMAINS: usize = 3;

/// How far a day can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// Nearly complete and as varied as a day is.
    Good,
    /// Usable.
    Acceptable,
    /// Too empty to use.
    Rejected,
}

impl Grade {
    /// All, the best first.
    pub const ALL: [Grade; 3] = [Grade::Good, Grade::Acceptable, Grade::Rejected];

    /// The code in files: `good`, `acceptable`, `rejected`.
    pub fn code(self) -> &'static str {
        match self {
            Grade::Good => "good",
            Grade::Acceptable => "acceptable",
            Grade::Rejected => "rejected",
        }
    }

    /// The grade with this code.
    pub fn from_code(code: &str) -> Option<Grade> {
        Grade::ALL.into_iter().find(|grade| grade.code() == code)
    }
}

/// A day's grade and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Quality {
    /// The grade.
    pub grade: Grade,
    /// Main-activity episodes; unspecified time is none.
    pub n_episodes: usize,
    /// Minutes without a main activity, or with an unspecified one (998, 999).
    pub missing_minutes: usize,
    /// How many of the four basic domains occur: sleep or rest, eating or drinking, personal care,
    /// movement or exercise.
    pub basic_domains: usize,
    /// What is to be mended or confirmed.
    pub issues: Vec<Issue>,
}

/// Grades a day, finished or not. Never fails.
pub fn assess(draft: &DiaryDraft) -> Quality {
    let n_episodes = n_episodes(draft);
    let missing_minutes = minutes(draft.main.slots().iter().filter(|main| main.is_none_or(is_missing)).count());
    let basic_domains = basic_domains(draft);
    let grade = if n_episodes < FEWEST_EPISODES || missing_minutes > MOST_MISSING_MINUTES {
        Grade::Rejected
    } else if missing_minutes <= GOOD_MISSING_MINUTES
        && n_episodes >= GOOD_EPISODES
        && basic_domains >= GOOD_BASIC_DOMAINS
    {
        Grade::Good
    } else {
        Grade::Acceptable
    };
    Quality { grade, n_episodes, missing_minutes, basic_domains, issues: check(draft) }
}

/// Main-activity episodes that say what was done.
pub(super) fn n_episodes(draft: &DiaryDraft) -> usize {
    draft.main.spans().into_iter().filter(|(_, main)| main.is_some_and(|main| !is_missing(main))).count()
}

fn is_missing(main: crate::activity::MainActivity) -> bool {
    main.0.is_unspecified_time()
}

fn basic_domains(draft: &DiaryDraft) -> usize {
    let is_movement = |code: ActivityCode| code.is_travel() || code.as_str().starts_with('6') || code.as_str() == "344";
    let domains: [&dyn Fn(ActivityCode) -> bool; 4] = [
        &|code| matches!(code.at_level(2).as_str(), "01" | "53"),
        &|code| code.at_level(2).as_str() == "02" || code.as_str() == LUNCH_BREAK,
        &|code| code.at_level(2).as_str() == "03",
        &is_movement,
    ];
    let occurs =
        |domain: &&dyn Fn(ActivityCode) -> bool| draft.main.slots().iter().flatten().any(|main| domain(main.0));
    domains.iter().filter(|domain| occurs(domain)).count()
}
