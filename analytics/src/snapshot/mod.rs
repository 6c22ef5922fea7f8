//! The snapshot: pseudonymised persons, diary days, episodes and answers of one survey, as the pipeline
//! takes them. What has been opened has been checked; `docs/ARCHITECTURE.md` describes the files.

mod answers;
mod check;
mod episodes;
mod error;
mod ids;
mod manifest;
mod open;
mod part;
mod questionnaires_used;
mod rows;
mod writer;

use std::sync::Arc;

use questionnaires::quality::Grade;
use questionnaires::{Companions, DayKind, Location};

use crate::table::ClassificationRow;

pub use answers::PersonAnswers;
pub use error::SnapshotError;
pub(crate) use manifest::sha256;
pub use manifest::{Description, FileEntry, Instrument, Manifest, SCHEMA_VERSION};
pub use rows::{AnswerRow, DiaryRow, EpisodeRow, PersonRow};
pub use writer::Writer;

/// A checked snapshot in memory.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// What it is and how it came about.
    pub manifest: Manifest,
    /// SHA-256 of `manifest.json`, hexadecimal: it names the whole input, since the manifest names every file's.
    pub manifest_sha256: String,
    /// Persons, in the order of their ids.
    pub persons: Vec<Person>,
    /// Diary days, in the order of their ids.
    pub diaries: Vec<DiaryDay>,
    /// Episodes or activity totals, diary by diary; each diary's minutes sum to 1440.
    pub episodes: Vec<Episode>,
    /// The codes of main and secondary activities that episodes refer to, in order.
    pub activity_codes: Vec<String>,
    /// The reported activities.
    pub classification: Vec<ClassificationRow>,
    /// The questionnaires whose questions are known, by name; of several versions the last.
    pub questionnaires: Vec<questionnaires::Instrument>,
}

/// A person of the sample.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// The pseudonym.
    pub id: String,
    /// The household's pseudonym.
    pub household: Option<Arc<str>>,
    /// Sex, as the survey asked it.
    pub sex: Sex,
    /// Age in years.
    pub age: Option<i64>,
    /// Zone of the city.
    pub zone: Option<Arc<str>>,
    /// Base weight.
    pub weight: Option<f64>,
    /// Stratum of the sampling design.
    pub stratum: Option<Arc<str>>,
    /// Cluster of the sampling design.
    pub cluster: Option<Arc<str>>,
    /// Answers to the questionnaires; the age is always among them when known.
    pub answers: PersonAnswers,
}

/// The codes of `sex` in a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sex {
    /// `F`.
    Female,
    /// `M`.
    Male,
    /// `X`: the person declares another.
    Other,
}

impl Sex {
    /// All codes.
    pub const ALL: [Sex; 3] = [Sex::Female, Sex::Male, Sex::Other];

    /// The code in files.
    pub fn code(self) -> &'static str {
        match self {
            Sex::Female => "F",
            Sex::Male => "M",
            Sex::Other => "X",
        }
    }

    /// The sex with this code.
    pub fn from_code(code: &str) -> Option<Sex> {
        Sex::ALL.into_iter().find(|sex| sex.code() == code)
    }
}

/// What one person did in one day.
#[derive(Debug, Clone, PartialEq)]
pub struct DiaryDay {
    /// The pseudonym.
    pub id: String,
    /// Its person's place in [`Snapshot::persons`].
    pub person: u32,
    /// Weekday, Saturday or Sunday.
    pub day_kind: DayKind,
    /// Quality.
    pub grade: Grade,
    /// Weight of the day, which replaces the person's.
    pub weight: Option<f64>,
}

/// A span of a day in which no field changes, or an activity total.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Episode {
    /// Its diary's place in [`Snapshot::diaries`].
    pub diary: u32,
    /// Minutes since 04:00; `None` for an activity total.
    pub start_minute: Option<u16>,
    /// Length in minutes.
    pub minutes: u16,
    /// The main activity's place in [`Snapshot::activity_codes`].
    pub activity: u16,
    /// The secondary activity's place in [`Snapshot::activity_codes`].
    pub secondary: Option<u16>,
    /// Where, or by which means of transport.
    pub location: Option<Location>,
    /// With whom; empty where it was not stated.
    pub with_whom: Companions,
    /// Whether a computer, tablet or smartphone was in use.
    pub device: Option<bool>,
    /// Enjoyment, 1 to 7.
    pub enjoyment: Option<u8>,
}
