//! The edition as the office writes it, in TOML. A key that nobody knows is refused by name. Whoever adds a block of its
//! own (a report, open data) gives [`EditionConfig`] another table with a default.

use std::path::Path;

use chrono::{DateTime, FixedOffset, NaiveDate};
use questionnaires::Label;
use serde::Deserialize;

use super::report::ReportConfig;
use super::{Correction, Edition, Imprint, Licence, Planned};
use crate::figure::Topic;

/// Why a file describes no edition. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the edition {path}: {source}. Nothing was written.")]
    Unreadable {
        /// Which.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The file is no edition.
    #[error("{path} does not describe an edition: {message}. Nothing was written; correct it and run again.")]
    Malformed {
        /// Which.
        path: String,
        /// What is wrong.
        message: String,
    },
}

/// The keys of `edition.toml`; `docs/OPERATIONS.md` lists them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EditionConfig {
    number: u32,
    publisher: Text,
    date: Option<toml::value::Datetime>,
    embargo: Option<toml::value::Datetime>,
    author: Option<Text>,
    contact: Option<String>,
    licence: Option<String>,
    corrections: Option<Text>,
    address: Option<String>,
    sections: Option<Vec<String>>,
    correction: Option<Correction>,
    #[serde(default)]
    calendar: Vec<PlannedConfig>,
    report: Option<ReportConfig>,
}

/// A release to come.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlannedConfig {
    at: toml::value::Datetime,
    what: Text,
}

/// A text for every language, or one in each.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Text {
    Same(String),
    Each(Label),
}

impl From<Text> for Label {
    fn from(text: Text) -> Label {
        match text {
            Text::Same(text) => Label::new(text.clone(), text),
            Text::Each(label) => label,
        }
    }
}

impl Edition {
    /// Reads an edition in TOML.
    ///
    /// # Errors
    /// When the file cannot be read, has a key that nobody knows, or a value that cannot be.
    pub fn read(path: &Path) -> Result<Edition, ConfigError> {
        let shown = path.display().to_string();
        let text =
            std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable { path: shown.clone(), source })?;
        Edition::parse_in(&text, path.parent().unwrap_or(Path::new(".")))
            .map_err(|message| ConfigError::Malformed { path: shown, message })
    }

    /// The edition that a text in TOML describes, or what is wrong with it.
    ///
    /// # Errors
    /// In words, without a final full stop.
    pub fn parse(text: &str) -> Result<Edition, String> {
        Edition::parse_in(text, Path::new("."))
    }

    /// [`Edition::parse`], where the texts that it names lie in `folder`.
    fn parse_in(text: &str, folder: &Path) -> Result<Edition, String> {
        let config: EditionConfig = toml::from_str(text).map_err(|error| error.to_string().trim_end().to_owned())?;
        config.edition(folder)
    }
}

impl EditionConfig {
    fn edition(self, folder: &Path) -> Result<Edition, String> {
        if self.number == 0 {
            return Err("`number` is 0; editions are 1, 2, 3 …".to_owned());
        }
        let embargo = self.embargo.as_ref().map(|value| instant("embargo", value)).transpose()?;
        let date = match (&self.date, &embargo) {
            (Some(value), _) => day(value)?,
            (None, Some(embargo)) => embargo.date_naive(),
            (None, None) => return Err("neither `date` nor `embargo` says when it is published".to_owned()),
        };
        if let Some(address) = self.address.as_deref()
            && !(address.starts_with("https://") && address.ends_with('/'))
        {
            return Err(format!("`address` is `{address}`; it begins with https:// and ends with a slash"));
        }
        let sections = self.sections.map(|names| names.iter().map(|name| topic(name)).collect()).transpose()?;
        let planned = self
            .calendar
            .into_iter()
            .map(|planned| Ok(Planned { at: instant("calendar.at", &planned.at)?, what: planned.what.into() }));
        Ok(Edition {
            number: self.number,
            date,
            publisher: self.publisher.into(),
            imprint: Imprint {
                embargo,
                author: self.author.map(Label::from),
                contact: self.contact,
                licence: self.licence.as_deref().map(Licence::named).unwrap_or_default(),
                corrections: self.corrections.map(Label::from),
                address: self.address,
                sections,
                correction: self.correction,
                planned: planned.collect::<Result<_, String>>()?,
                report: self.report.map(|report| report.plan(folder)).transpose()?,
            },
        })
    }
}

fn topic(name: &str) -> Result<Topic, String> {
    Topic::ALL.into_iter().find(|topic| topic.name() == name).ok_or_else(|| {
        let known: Vec<&str> = Topic::ALL.into_iter().map(Topic::name).collect();
        format!("`sections` names `{name}`; there are {}", known.join(", "))
    })
}

fn day(value: &toml::value::Datetime) -> Result<NaiveDate, String> {
    value.to_string().parse().map_err(|_| format!("`date` is {value}; write it as 2026-11-27"))
}

/// An instant with its offset, so that it is the same everywhere.
fn instant(key: &str, value: &toml::value::Datetime) -> Result<DateTime<FixedOffset>, String> {
    DateTime::parse_from_rfc3339(&value.to_string())
        .map_err(|_| format!("`{key}` is {value}; write it with its offset, as 2026-11-27T10:00:00+01:00"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const WHOLE: &str = r#"
        number = 2
        embargo = 2026-11-27T10:00:00+01:00
        publisher = "Comune di Prova"
        author = { it = "Ufficio Tempi", en = "Time Office" }
        contact = "tempi@comune.example.it"
        licence = "CC0-1.0"
        corrections = "Gli errori si correggono con una nuova edizione."
        address = "https://tempi.comune.example.it/risultati/"
        sections = ["gap", "day"]
        [correction]
        what = { it = "I pesi", en = "Weights" }
        why = { it = "Un margine sbagliato", en = "A wrong margin" }
        [[calendar]]
        at = 2027-05-27T10:00:00+02:00
        what = { it = "Seconda ondata", en = "Second wave" }
    "#;

    #[test]
    fn an_edition_says_who_answers_for_it_and_when_it_comes_out() {
        let edition = Edition::parse(WHOLE).unwrap();
        assert_eq!((edition.number, edition.date.to_string().as_str()), (2, "2026-11-27"));
        assert_eq!(edition.released_at().to_utc().to_rfc3339(), "2026-11-27T09:00:00+00:00");
        assert_eq!(edition.publisher.en, "Comune di Prova");
        assert_eq!(edition.sections(), [Topic::Gap, Topic::Day]);
        let imprint = &edition.imprint;
        assert_eq!(imprint.author.as_ref().unwrap().en, "Time Office");
        assert!(imprint.licence.address.as_deref().unwrap().contains("publicdomain/zero"));
        assert_eq!(imprint.correction.as_ref().unwrap().why.en, "A wrong margin");
        assert_eq!(imprint.planned.len(), 1);
        let plain = Edition::parse("number = 1\ndate = 2026-11-22\npublisher = \"Tempi\"").unwrap();
        assert_eq!(plain, Edition::new(1, "2026-11-22".parse().unwrap(), Label::new("Tempi", "Tempi")));
    }

    #[test]
    fn what_cannot_be_is_refused_in_words() {
        #[track_caller]
        fn check(line: &str, words: &str) {
            let text = format!("publisher = \"Tempi\"\n{line}");
            let error = Edition::parse(&text).unwrap_err();
            assert!(error.contains(words), "{error}");
        }
        check("number = 1", "neither `date` nor `embargo`");
        check("number = 0\ndate = 2026-11-22", "`number` is 0");
        check("number = 1\ndate = 2026-11-22\nembargo = 2026-11-22T10:00:00", "with its offset");
        check("number = 1\ndate = 2026-11-22\nsections = [\"weather\"]", "activities, gap, day, groups");
        check("number = 1\ndate = 2026-11-22\naddress = \"http://a/\"", "https://");
        check("number = 1\ndate = 2026-11-22\nembargoed = true", "embargoed");
    }
}
