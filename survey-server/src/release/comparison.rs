//! What has changed from the newest edition to a release, as the child wrote it down.

use std::{fs, io, path::Path};

use serde::Deserialize;

use super::table::Row;

/// How many numbers became what, and the largest differences.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Comparison {
    pub(super) n_same: usize,
    pub(super) n_changed: usize,
    pub(super) n_new: usize,
    pub(super) n_gone: usize,
    pub(super) n_shown: usize,
    pub(super) n_hidden: usize,
    /// The largest differences first.
    pub(super) changes: Vec<Change>,
}

/// A number that is not what it was.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Change {
    /// `changed`, `new`, `gone`, `shown` or `hidden`; its text is `release-fate-<name>`.
    pub(super) fate: String,
    pub(super) row: Row,
    pub(super) before: Option<f64>,
    pub(super) after: Option<f64>,
}

impl Comparison {
    /// Reads a comparison; none where there was no edition to compare with.
    pub(super) fn read(path: &Path) -> io::Result<Option<Comparison>> {
        match fs::read_to_string(path) {
            Ok(text) => serde_json::from_str(&text).map(Some).map_err(io::Error::other),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}
