//! Checks on what is said of one moment: statements that hardly hold together.

use crate::activity::ActivityCode;
use crate::context::{Companion, Companions, Location};
use crate::diary::{DiaryDraft, DraftFields};
use crate::timeline::Timeline;

/// What these checks look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fact {
    main: Option<ActivityCode>,
    secondary: Option<ActivityCode>,
    location: Option<Location>,
    with_whom: Companions,
}

pub(super) fn facts(draft: &DiaryDraft) -> Timeline<Fact> {
    let fact = |fields: DraftFields| Fact {
        main: fields.main.map(|main| main.0),
        secondary: fields.secondary.map(|secondary| secondary.0),
        location: fields.location,
        with_whom: fields.with_whom,
    };
    let mut facts = Timeline::filled(fact(DraftFields::default()));
    for episode in draft.episodes() {
        facts.set(episode.span, fact(episode.fields));
    }
    facts
}

/// Sleep; who lies ill in bed (012) may well be awake.
fn is_sleep(activity: Option<ActivityCode>) -> bool {
    activity.is_some_and(|activity| activity.as_str() == "011")
}

impl Fact {
    fn sleeps(&self) -> bool {
        is_sleep(self.main) || is_sleep(self.secondary)
    }

    /// On foot (21), by bicycle (22), by moped or motorcycle (23): whoever sleeps there falls. In a car or a train one may
    /// be carried.
    pub(super) fn sleeps_on_the_move(&self) -> bool {
        self.sleeps() && self.location.is_some_and(|location| matches!(location.number(), 21..=23))
    }

    /// Sleep beside another activity; travelling as a passenger is none.
    pub(super) fn sleeps_and_acts(&self) -> bool {
        let is_other = |activity: ActivityCode| {
            !is_sleep(Some(activity)) && !activity.is_travel() && !activity.is_unspecified_time()
        };
        let acts = self.main.is_some_and(is_other) || self.secondary.is_some_and(is_other);
        self.sleeps() && acts && !self.sleeps_on_the_move()
    }

    /// A cook's restaurant and a cleaner's hotel are workplaces (13) in HETUS: the place is asked about, not the work.
    pub(super) fn works_at_an_unlikely_place(&self) -> bool {
        let works = self.main.is_some_and(|main| main.at_level(2).as_str() == "11");
        works && self.location.is_some_and(|location| matches!(location.number(), 12 | 14..=17))
    }

    /// Physical care, teaching, playing and accompanying need the child there.
    pub(super) fn cares_alone(&self) -> bool {
        let needs_a_child = |main: ActivityCode| matches!(main.as_str(), "381" | "382" | "383" | "384");
        self.main.is_some_and(needs_a_child) && self.with_whom.contains(Companion::Alone)
    }
}
