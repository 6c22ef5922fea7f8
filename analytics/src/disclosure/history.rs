//! What earlier releases of the same data told: a number published once is known for good, and one withheld once must not
//! come out by what is published later. Kept as JSON beside the releases, for the office only.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::output_folder::write_file;
use crate::table::{AnswerRow, EstimateRow, Status, Timeline};

/// What a row is about; all its indicators share one fate.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct HistoryKey {
    /// The timeline.
    pub timeline: Timeline,
    /// Code of the category in its timeline.
    pub activity: String,
    /// `all`, `F` or `M`.
    pub sex: String,
    /// `all` or an age group.
    pub age_group: String,
    /// `all` or a target group.
    pub target_group: String,
    /// `average`, `weekday`, `saturday` or `sunday`.
    pub day: String,
}

impl HistoryKey {
    /// What this row is about.
    pub fn of(row: &EstimateRow) -> HistoryKey {
        HistoryKey {
            timeline: row.timeline,
            activity: row.activity.clone(),
            sex: row.sex.clone(),
            age_group: row.age_group.clone(),
            target_group: row.target_group.clone(),
            day: row.day.clone(),
        }
    }
}

/// What a row of the answers is about.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AnswerKey {
    /// The questionnaire.
    pub questionnaire: String,
    /// The question.
    pub question: String,
    /// The answer; blank for a mean.
    pub answer: String,
    /// `all`, `F` or `M`.
    pub sex: String,
    /// `all` or an age group.
    pub age_group: String,
    /// `all`, a target group or a zone.
    pub target_group: String,
}

impl AnswerKey {
    /// What this row is about.
    pub fn of(row: &AnswerRow) -> AnswerKey {
        AnswerKey {
            questionnaire: row.questionnaire.clone(),
            question: row.question.clone(),
            answer: row.answer.clone(),
            sex: row.sex.clone(),
            age_group: row.age_group.clone(),
            target_group: row.target_group.clone(),
        }
    }
}

/// What has become of a number so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Past {
    /// Somebody has seen it.
    Published,
    /// Unsafe by itself in a release, and published in none.
    Withheld,
    /// Withheld in every release that had it, for the sake of others only.
    WithheldSecondary,
}

impl Past {
    /// What a row of a release makes of its number.
    fn of(status: Status) -> Past {
        match status {
            Status::Published => Past::Published,
            Status::Withheld => Past::Withheld,
            Status::WithheldSecondary => Past::WithheldSecondary,
        }
    }

    /// What two rows of the same number come to: seen once is seen for good, and unsafe once is unsafe for good.
    fn with(self, other: Past) -> Past {
        match (self, other) {
            (Past::Published, _) | (_, Past::Published) => Past::Published,
            (Past::Withheld, _) | (_, Past::Withheld) => Past::Withheld,
            _ => Past::WithheldSecondary,
        }
    }
}

/// Every number of earlier releases of the same data.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    past: BTreeMap<HistoryKey, Past>,
    answers: BTreeMap<AnswerKey, Past>,
}

/// Why a history cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// The file cannot be read or written.
    #[error("cannot use the history of releases {path}: {source}. Nothing was released.")]
    Io {
        /// The file.
        path: String,
        /// The cause.
        source: std::io::Error,
    },
    /// The file does not hold a history.
    #[error(
        "{path} is not a history of releases: {message}. Nothing was released; put the file back from a copy, since \
         without it what was withheld before could come out now."
    )]
    Malformed {
        /// The file.
        path: String,
        /// What is wrong.
        message: String,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Key {
    Number(HistoryKey),
    Answer(AnswerKey),
}

#[derive(Serialize, Deserialize)]
struct Entry {
    #[serde(flatten)]
    key: Key,
    past: Past,
}

impl History {
    /// Reads a history from a JSON file.
    pub fn read(path: &Path) -> Result<History, HistoryError> {
        let shown = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|source| HistoryError::Io { path: shown.clone(), source })?;
        let entries: Vec<Entry> = serde_json::from_str(&text)
            .map_err(|error| HistoryError::Malformed { path: shown, message: error.to_string() })?;
        let mut history = History::default();
        for Entry { key, past } in entries {
            match key {
                Key::Number(key) => drop(history.past.insert(key, past)),
                Key::Answer(key) => drop(history.answers.insert(key, past)),
            }
        }
        Ok(history)
    }

    /// Reads a history, empty where there was no release yet: no such file, in a folder that is there.
    pub fn read_if_there(path: &Path) -> Result<History, HistoryError> {
        let is_first =
            !path.exists() && path.parent().is_some_and(|folder| folder.as_os_str().is_empty() || folder.is_dir());
        if is_first { Ok(History::default()) } else { History::read(path) }
    }

    /// Writes it as JSON, an entry per number, in the order of their keys. The earlier file is whole until the new one is.
    pub fn write(&self, path: &Path) -> Result<(), HistoryError> {
        let io = |source| HistoryError::Io { path: path.display().to_string(), source };
        let numbers = self.past.iter().map(|(key, past)| Entry { key: Key::Number(key.clone()), past: *past });
        let answers = self.answers.iter().map(|(key, past)| Entry { key: Key::Answer(key.clone()), past: *past });
        let entries = numbers.chain(answers);
        let text = serde_json::to_string_pretty(&entries.collect::<Vec<_>>()).map_err(|error| io(error.into()))?;
        let write = |draft: &Path| {
            let mut file = File::create(draft)?;
            file.write_all(text.as_bytes())?;
            file.write_all(b"\n")?;
            file.sync_all()
        };
        write_file(path, write).map_err(io)
    }

    /// Takes in the rows of a release. A number without a value for its unreliability counts as published, since the
    /// office may hand it out.
    pub fn add<'a>(&mut self, rows: impl IntoIterator<Item = &'a EstimateRow>) {
        for row in rows.into_iter().filter(|row| row.slot.is_none()) {
            // The row of a comparison says nothing of everybody's time.
            if row.indicator.compares().is_some() {
                continue;
            }
            let now = Past::of(row.status);
            self.past.entry(HistoryKey::of(row)).and_modify(|past| *past = past.with(now)).or_insert(now);
        }
    }

    /// Takes in the answers of a release.
    pub fn add_answers<'a>(&mut self, rows: impl IntoIterator<Item = &'a AnswerRow>) {
        for row in rows {
            let now = Past::of(row.status);
            self.answers.entry(AnswerKey::of(row)).and_modify(|past| *past = past.with(now)).or_insert(now);
        }
    }

    /// What has become of an answer so far; `None` for one that no release has had.
    pub fn of_answer(&self, key: &AnswerKey) -> Option<Past> {
        self.answers.get(key).copied()
    }

    /// What has become of a number so far; `None` for one that no release has had.
    pub fn of(&self, key: &HistoryKey) -> Option<Past> {
        self.past.get(key).copied()
    }

    /// Whether there was no release yet.
    pub fn is_empty(&self) -> bool {
        self.past.is_empty() && self.answers.is_empty()
    }
}
