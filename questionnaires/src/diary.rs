//! A person's day: the draft that may be wrong, the diary that cannot be, and the episodes derived from it.
//!
//! A day is a set of independent timelines, one per field. [`DiaryDraft::finish`] is the only door from
//! draft to diary.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::activity::{MainActivity, SecondaryActivity};
use crate::context::{Companions, Location};
use crate::quality::{self, Issue};
use crate::slot::{DayKind, Span};
use crate::timeline::Timeline;

/// One act of filling in: these fields over this span. A field left out keeps what stood there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiaryEntry {
    /// When.
    pub span: Span,
    /// What the person mainly did.
    pub main: Option<MainActivity>,
    /// What else, at the same time; `Some(None)` says "nothing else".
    pub secondary: Option<Option<SecondaryActivity>>,
    /// Where, or how travelling.
    pub location: Option<Location>,
    /// With whom.
    pub with_whom: Option<Companions>,
    /// Whether a smartphone, tablet or computer was in use.
    pub device: Option<bool>,
    /// How pleasant it was, 1 (not at all) to 7 (very).
    pub enjoyment: Option<Enjoyment>,
}

impl DiaryEntry {
    /// An entry that says nothing yet about `span`.
    pub fn new(span: Span) -> DiaryEntry {
        DiaryEntry { span, main: None, secondary: None, location: None, with_whom: None, device: None, enjoyment: None }
    }
}

/// Enjoyment from 1 (not at all pleasant) to 7 (very pleasant).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Enjoyment(u8);

impl Enjoyment {
    /// `value` when it is 1 to 7.
    pub fn new(value: u8) -> Option<Enjoyment> {
        (1..=7).contains(&value).then_some(Enjoyment(value))
    }
    /// 1 to 7.
    pub fn value(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for Enjoyment {
    type Error = String;
    fn try_from(value: u8) -> Result<Enjoyment, String> {
        Enjoyment::new(value).ok_or_else(|| format!("enjoyment goes from 1 to 7, not {value}"))
    }
}

impl From<Enjoyment> for u8 {
    fn from(enjoyment: Enjoyment) -> u8 {
        enjoyment.0
    }
}

/// A day being filled in. Anything may be missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiaryDraft {
    /// The date on which the day begins, at 04:00.
    pub date: NaiveDate,
    /// Main activity, where stated.
    pub main: Timeline<Option<MainActivity>>,
    /// Secondary activity; `None` where there is none or it was not stated.
    pub secondary: Timeline<Option<SecondaryActivity>>,
    /// Place or transport, where stated.
    pub location: Timeline<Option<Location>>,
    /// With whom; empty where not stated.
    pub with_whom: Timeline<Companions>,
    /// Use of a device, where stated.
    pub device: Timeline<Option<bool>>,
    /// Enjoyment, where stated.
    pub enjoyment: Timeline<Option<Enjoyment>>,
}

impl DiaryDraft {
    /// A blank day.
    pub fn new(date: NaiveDate) -> DiaryDraft {
        DiaryDraft {
            date,
            main: Timeline::filled(None),
            secondary: Timeline::filled(None),
            location: Timeline::filled(None),
            with_whom: Timeline::filled(Companions::NOT_STATED),
            device: Timeline::filled(None),
            enjoyment: Timeline::filled(None),
        }
    }

    /// The day made of these episodes, later ones over earlier ones; what they leave out is blank.
    pub fn from_episodes(date: NaiveDate, episodes: impl IntoIterator<Item = DraftEpisode>) -> DiaryDraft {
        let mut draft = DiaryDraft::new(date);
        for DraftEpisode { span, fields } in episodes {
            draft.main.set(span, fields.main);
            draft.secondary.set(span, fields.secondary);
            draft.location.set(span, fields.location);
            draft.with_whom.set(span, fields.with_whom);
            draft.device.set(span, fields.device);
            draft.enjoyment.set(span, fields.enjoyment);
        }
        draft
    }

    /// Writes what `entry` states over its span; later entries win.
    pub fn apply(&mut self, entry: &DiaryEntry) {
        let span = entry.span;
        if let Some(main) = entry.main {
            self.main.set(span, Some(main));
        }
        if let Some(secondary) = entry.secondary {
            self.secondary.set(span, secondary);
        }
        if let Some(location) = entry.location {
            self.location.set(span, Some(location));
        }
        if let Some(with_whom) = entry.with_whom {
            self.with_whom.set(span, with_whom);
        }
        if let Some(device) = entry.device {
            self.device.set(span, Some(device));
        }
        if let Some(enjoyment) = entry.enjoyment {
            self.enjoyment.set(span, Some(enjoyment));
        }
    }

    /// Forgets every field over `span`.
    pub fn clear(&mut self, span: Span) {
        self.main.set(span, None);
        self.secondary.set(span, None);
        self.location.set(span, None);
        self.with_whom.set(span, Companions::NOT_STATED);
        self.device.set(span, None);
        self.enjoyment.set(span, None);
    }

    /// The spans with the same content in every field, in order; they partition the day. Those with no
    /// main activity are the gaps.
    pub fn episodes(&self) -> Vec<DraftEpisode> {
        let fields: Vec<DraftFields> = (0..self.main.slots().len()).map(|slot| self.fields_at(slot)).collect();
        let boundary = |index| crate::slot::Slot::new(index).expect("inside the day");
        let mut episodes = Vec::new();
        let mut start = 0;
        for end in 1..=fields.len() {
            if end == fields.len() || fields[end] != fields[start] {
                let span = Span::new(boundary(start), boundary(end)).expect("end is after start");
                episodes.push(DraftEpisode { span, fields: fields[start] });
                start = end;
            }
        }
        episodes
    }

    /// The diary, or the issues that stand in its way, each saying where. A place that was not stated
    /// becomes the unspecified one.
    pub fn finish(&self) -> Result<Diary, Vec<Issue>> {
        let blocking: Vec<Issue> = quality::check(self).into_iter().filter(Issue::is_blocking).collect();
        if !blocking.is_empty() {
            return Err(blocking);
        }
        let location = self.location.map(|location| Some(location.unwrap_or(Location::UNSPECIFIED)));
        Ok(Diary { draft: DiaryDraft { location, ..self.clone() } })
    }

    pub(crate) fn fields_at(&self, slot: usize) -> DraftFields {
        DraftFields {
            main: self.main.slots()[slot],
            secondary: self.secondary.slots()[slot],
            location: self.location.slots()[slot],
            with_whom: self.with_whom.slots()[slot],
            device: self.device.slots()[slot],
            enjoyment: self.enjoyment.slots()[slot],
        }
    }
}

/// What a draft says of one moment; by default nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DraftFields {
    /// Main activity.
    pub main: Option<MainActivity>,
    /// Secondary activity.
    pub secondary: Option<SecondaryActivity>,
    /// Place or transport.
    pub location: Option<Location>,
    /// With whom.
    pub with_whom: Companions,
    /// Use of a device.
    pub device: Option<bool>,
    /// Enjoyment.
    pub enjoyment: Option<Enjoyment>,
}

/// A span of a draft in which no field changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DraftEpisode {
    /// When.
    pub span: Span,
    /// What it says.
    pub fields: DraftFields,
}

/// A finished day: in every slot a main activity and a location (which may be "unspecified").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diary {
    draft: DiaryDraft,
}

/// A span of a diary in which no field changes. Derived, never typed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Episode {
    /// Minutes since 04:00.
    pub start_minute: u16,
    /// Length in minutes.
    pub minutes: u16,
    /// Main activity.
    pub main: MainActivity,
    /// Secondary activity, if any.
    pub secondary: Option<SecondaryActivity>,
    /// Place or transport.
    pub location: Location,
    /// With whom; empty where not stated.
    pub with_whom: Companions,
    /// Use of a device, where stated.
    pub device: Option<bool>,
    /// Enjoyment, where stated.
    pub enjoyment: Option<Enjoyment>,
}

impl Diary {
    /// The date on which the day begins.
    pub fn date(&self) -> NaiveDate {
        self.draft.date
    }

    /// Weekday, Saturday or Sunday.
    pub fn day_kind(&self) -> DayKind {
        DayKind::of(self.draft.date)
    }

    /// The draft that it finishes, every timeline of it.
    pub fn as_draft(&self) -> &DiaryDraft {
        &self.draft
    }

    /// Main activity, slot by slot.
    pub fn main(&self) -> Timeline<MainActivity> {
        self.draft.main.map(|main| main.expect("a finished diary has a main activity in every slot"))
    }

    /// Place or transport, slot by slot; unspecified where it was not stated.
    pub fn location(&self) -> Timeline<Location> {
        self.draft.location.map(|location| location.unwrap_or(Location::UNSPECIFIED))
    }

    /// The episodes, in order; they partition the day.
    pub fn episodes(&self) -> Vec<Episode> {
        self.draft
            .episodes()
            .into_iter()
            .map(|DraftEpisode { span, fields }| Episode {
                start_minute: (span.start().index() * crate::slot::MINUTES_PER_SLOT) as u16,
                minutes: span.minutes() as u16,
                main: fields.main.expect("a finished diary has a main activity in every slot"),
                secondary: fields.secondary,
                location: fields.location.unwrap_or(Location::UNSPECIFIED),
                with_whom: fields.with_whom,
                device: fields.device,
                enjoyment: fields.enjoyment,
            })
            .collect()
    }
}

#[cfg(test)]
#[path = "diary_tests.rs"]
mod tests;
