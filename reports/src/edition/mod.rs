//! What an edition is: its number, date and hour, who answers for it, what it corrects, and what came before it.
//! `config` reads it from TOML, `lineage` from the edition before, `manifest` seals it; `feed` and `calendar` announce it;
//! `report` is what the office says of its reports.

mod calendar;
pub mod config;
mod feed;
mod identifier;
pub mod lineage;
pub mod manifest;
pub mod report;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime};
use questionnaires::Label;
use serde::{Deserialize, Serialize};

pub use calendar::calendar;
pub use config::ConfigError;
pub use feed::feed;
pub use lineage::{Earlier, Lineage, LineageError};
pub use manifest::{Manifest, VerifyError, verify};
pub use report::ReportPlan;

use crate::figure::Topic;

/// An immutable publication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Edition {
    /// 1, 2, 3 …
    pub number: u32,
    /// The day it is published.
    pub date: NaiveDate,
    /// Whose results they are, such as the municipality's name.
    pub publisher: Label,
    /// Who answers for it, and what else is written in it.
    #[serde(flatten)]
    pub imprint: Imprint,
}

/// What an edition says of itself beside its number, day and publisher.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Imprint {
    /// Nobody but officers sees it before this instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub embargo: Option<DateTime<FixedOffset>>,
    /// Who made it: an office, a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<Label>,
    /// Where questions and errors are reported: an address, a telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// What others may do with it.
    pub licence: Licence,
    /// How errors are corrected; the usual words where the office says nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrections: Option<Label>,
    /// Where the newest edition is found, with its final slash: `https://tempi.comune.example.it/risultati/`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The topics in the order of the site; all of them in their usual order where the office says nothing.
    #[serde(skip)]
    pub sections: Option<Vec<Topic>>,
    /// What it corrects in the edition before, when it is a correction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correction: Option<Correction>,
    /// Releases to come that the office announces.
    #[serde(skip)]
    pub planned: Vec<Planned>,
    /// Its reports; the usual ones where the office says nothing.
    #[serde(skip)]
    pub report: Option<ReportPlan>,
}

/// A licence by its short name and address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Licence {
    /// The short name (SPDX), such as `CC-BY-4.0`.
    pub name: String,
    /// Where its text is, when it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

impl Licence {
    /// The licence of this short name; the addresses of the usual ones are known.
    pub fn named(name: &str) -> Licence {
        let address = match name {
            "CC-BY-4.0" => Some("https://creativecommons.org/licenses/by/4.0/"),
            "CC-BY-SA-4.0" => Some("https://creativecommons.org/licenses/by-sa/4.0/"),
            "CC0-1.0" => Some("https://creativecommons.org/publicdomain/zero/1.0/"),
            "IODL-2.0" => Some("https://www.dati.gov.it/content/italian-open-data-license-v20"),
            _ => None,
        };
        Licence { name: name.to_owned(), address: address.map(str::to_owned) }
    }
}

impl Default for Licence {
    /// What the Italian guidelines on open data recommend.
    fn default() -> Licence {
        Licence::named("CC-BY-4.0")
    }
}

/// What a correction changes, in the office's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// What was wrong and is different now.
    pub what: Label,
    /// Why it happened.
    pub why: Label,
}

/// A release to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// When.
    pub at: DateTime<FixedOffset>,
    /// What.
    pub what: Label,
}

impl Edition {
    /// An edition that says no more of itself than it must.
    pub fn new(number: u32, date: NaiveDate, publisher: Label) -> Edition {
        Edition { number, date, publisher, imprint: Imprint::default() }
    }

    /// The topics of the site, in order.
    pub fn sections(&self) -> Vec<Topic> {
        self.imprint.sections.clone().unwrap_or_else(|| Topic::ALL.to_vec())
    }

    /// When it comes out: its hour, or the beginning of its day.
    pub fn released_at(&self) -> DateTime<FixedOffset> {
        released_at(self.date, self.imprint.embargo)
    }
}

/// The hour of an embargo, or the beginning of the day where there was none.
pub(crate) fn released_at(date: NaiveDate, embargo: Option<DateTime<FixedOffset>>) -> DateTime<FixedOffset> {
    embargo.unwrap_or_else(|| date.and_time(NaiveTime::MIN).and_utc().fixed_offset())
}
