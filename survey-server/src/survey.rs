//! The surveys of an installation: what they are called, when they are open, and the keys that tie their answers to people.
//!
//! Answers know a person only as a respondent, the keyed hash of a participant id. The key is the survey's own: two
//! surveys cannot be joined, and once the key is destroyed nobody can tell any more whose the answers are.

mod link;
mod mode;
pub(crate) mod store;

use chrono::{DateTime, NaiveDate, Utc};
pub(crate) use link::{ExportKey, Link, Pseudonyms, hour};
pub use mode::Mode;
use questionnaires::Label;

use crate::clock::italian_time;

/// What an installation says of the survey it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SurveyConfig {
    /// Its name, which never changes: a new name begins a new survey.
    pub name: String,
    /// Its title.
    pub title: Label,
    /// The first day on which people can take part; from the beginning when not set.
    pub opens: Option<NaiveDate>,
    /// The last day on which people can take part; without end when not set.
    pub closes: Option<NaiveDate>,
}

impl Default for SurveyConfig {
    fn default() -> SurveyConfig {
        SurveyConfig {
            name: "uso-del-tempo".to_owned(),
            title: Label::new("Indagine sull'uso del tempo", "Time use survey"),
            opens: None,
            closes: None,
        }
    }
}

/// A survey, as the database knows it.
#[derive(Debug, Clone)]
pub struct Survey {
    /// Its name.
    pub id: String,
    /// Its title.
    pub title: Label,
    /// The first day.
    pub opens: Option<NaiveDate>,
    /// The last day.
    pub closes: Option<NaiveDate>,
    /// What ties its answers to people, until it is destroyed.
    pub(crate) link: Option<Link>,
    /// What makes the pseudonyms of its exports.
    pub(crate) export: ExportKey,
}

impl Survey {
    /// Whether people can take part at `now`: in Italian time, first and last day included.
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        let today = italian_time(now).date();
        self.link.is_some()
            && self.opens.is_none_or(|opens| opens <= today)
            && self.closes.is_none_or(|closes| today <= closes)
    }
}
