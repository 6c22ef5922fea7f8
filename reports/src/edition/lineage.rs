//! What came before an edition: every earlier one in order, the one before it by its hash, and what has changed since.

use std::path::{Path, PathBuf};

use analytics::table::{Estimates, ReadError};
use chrono::{DateTime, FixedOffset, NaiveDate};
use questionnaires::Label;
use serde::{Deserialize, Serialize};

use super::{Edition, identifier::sha256, manifest, released_at};
use crate::comparison::Comparison;
use crate::folder;
use crate::site::DATA_FOLDER;

/// An earlier edition, as later ones remember it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Earlier {
    /// Its number.
    pub number: u32,
    /// Its day.
    pub date: NaiveDate,
    /// Its hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub embargo: Option<DateTime<FixedOffset>>,
    /// Its first finding, or what it corrected.
    pub summary: Label,
    /// Whether it was a correction of the one before.
    #[serde(default)]
    pub is_correction: bool,
}

impl Earlier {
    /// When it came out.
    pub fn released_at(&self) -> DateTime<FixedOffset> {
        released_at(self.date, self.embargo)
    }
}

/// The edition before, by what nobody can change in it afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// Its number.
    pub number: u32,
    /// The SHA-256 of its `manifest.json`.
    pub manifest_sha256: String,
}

/// What came before.
#[derive(Debug, Clone, Default)]
pub struct Lineage {
    /// Every earlier edition, the oldest first.
    pub earlier: Vec<Earlier>,
    /// The one before.
    pub previous: Option<Reference>,
    /// What has changed since.
    pub comparison: Option<Comparison>,
    /// The numbers of the one before, where they are of an earlier wave of the survey: another time, not other numbers of the
    /// same.
    pub wave_before: Option<Estimates>,
}

/// Why an edition cannot follow another.
#[derive(Debug, thiserror::Error)]
pub enum LineageError {
    /// The folder holds no edition that can be followed.
    #[error("{path} holds no edition that another can follow: {message}. Nothing was published.")]
    NoEdition {
        /// The folder.
        path: PathBuf,
        /// Why.
        message: String,
    },
    /// The numbers do not go up.
    #[error("edition {number} cannot follow edition {previous}: numbers go up. Nothing was published.")]
    Order {
        /// The new one.
        number: u32,
        /// The one before.
        previous: u32,
    },
    /// A correction of nothing.
    #[error(
        "edition {0} says that it corrects another, and none is named. Nothing was published; name the folder of the \
         edition that it corrects with --previous."
    )]
    CorrectsNothing(u32),
    /// The estimates of the one before cannot be read.
    #[error(transparent)]
    Estimates(#[from] ReadError),
}

/// The parts of `edition.json` that the next edition reads.
#[derive(Deserialize)]
struct Mark {
    number: u32,
    date: NaiveDate,
    embargo: Option<DateTime<FixedOffset>>,
    #[serde(default)]
    summary: Label,
    correction: Option<serde::de::IgnoredAny>,
    #[serde(default)]
    earlier: Vec<Earlier>,
}

impl Lineage {
    /// What came before `edition`, whose numbers are `estimates`: nothing, or the edition in the folder `previous`.
    ///
    /// # Errors
    /// See [`LineageError`].
    pub fn of(edition: &Edition, estimates: &Estimates, previous: Option<&Path>) -> Result<Lineage, LineageError> {
        let Some(folder) = previous else {
            return match edition.imprint.correction {
                Some(_) => Err(LineageError::CorrectsNothing(edition.number)),
                None => Ok(Lineage::default()),
            };
        };
        let refused = |message: String| LineageError::NoEdition { path: folder.to_owned(), message };
        let text = std::fs::read_to_string(folder.join(folder::MARKER))
            .map_err(|error| refused(format!("{}: {error}", folder::MARKER)))?;
        let mark: Mark = serde_json::from_str(&text).map_err(|error| refused(error.to_string()))?;
        if mark.number >= edition.number {
            return Err(LineageError::Order { number: edition.number, previous: mark.number });
        }
        // Sites of before the manifest have none: they are followed by number alone.
        let sealed = std::fs::read(folder.join(manifest::FILE)).ok();
        let before = Estimates::read(&folder.join(DATA_FOLDER))?;
        let mut earlier = mark.earlier;
        earlier.push(Earlier {
            number: mark.number,
            date: mark.date,
            embargo: mark.embargo,
            summary: mark.summary,
            is_correction: mark.correction.is_some(),
        });
        let comparison = Some(Comparison::of(&before, estimates));
        let is_wave = edition.imprint.correction.is_none() && is_another_wave(&before, estimates);
        Ok(Lineage {
            earlier,
            previous: sealed.map(|bytes| Reference { number: mark.number, manifest_sha256: sha256(&bytes) }),
            comparison,
            wave_before: is_wave.then_some(before),
        })
    }
}

/// Days between the data of two waves: less, and they are the same fieldwork told twice.
const DAYS_BETWEEN_WAVES: i64 = 180;

fn is_another_wave(before: &Estimates, now: &Estimates) -> bool {
    let day = |estimates: &Estimates| NaiveDate::parse_from_str(estimates.run.as_of.get(..10)?, "%Y-%m-%d").ok();
    let days = day(before).zip(day(now)).map(|(before, now)| now.signed_duration_since(before).num_days());
    let is_same_survey = before.run.title == now.run.title && before.run.classification == now.run.classification;
    is_same_survey && days.is_some_and(|days| days >= DAYS_BETWEEN_WAVES)
}
