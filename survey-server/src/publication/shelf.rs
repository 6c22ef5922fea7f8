//! The editions on disk, and which of them is public when. A folder of editions holds each under its number; a single
//! edition, as `tempi publish` writes it, may stand in place of the folder. Whether the hour has come is asked of the
//! clock at every request: nothing has to be pressed or started anew, and an edition whose mark cannot be read is not public.

use std::{
    fs,
    path::{Path, PathBuf},
};

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

/// The file by which an edition is known.
pub(crate) const MARK: &str = "edition.json";

/// An edition on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelved {
    /// Its number.
    pub number: u32,
    /// Its folder.
    pub folder: PathBuf,
    /// Its day, when it says so.
    pub date: Option<NaiveDate>,
    /// The hour before which only officers see it.
    pub embargo: Option<DateTime<Utc>>,
    /// Whether it corrects the one before.
    pub is_correction: bool,
}

impl Shelved {
    /// Whether everybody may see it at `now`.
    pub fn is_public(&self, now: DateTime<Utc>) -> bool {
        self.embargo.is_none_or(|embargo| embargo <= now)
    }
}

/// The parts of `edition.json` that are looked at.
#[derive(Debug, Deserialize)]
struct Mark {
    number: Option<u32>,
    date: Option<NaiveDate>,
    embargo: Option<DateTime<Utc>>,
    correction: Option<serde::de::IgnoredAny>,
}

/// Every edition in `folder`, by number.
pub fn all(folder: &Path) -> Vec<Shelved> {
    if let Some(single) = single(folder) {
        return vec![single];
    }
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let numbered = entries.filter_map(|entry| {
        let number: u32 = entry.file_name().to_str()?.parse().ok()?;
        let mark = mark(&entry.path())?;
        (mark.number == Some(number)).then(|| shelved(number, entry.path(), mark))
    });
    let mut editions: Vec<Shelved> = numbered.collect();
    editions.sort_by_key(|edition| edition.number);
    editions
}

/// The editions that everybody may see at `now`, by number.
pub fn public(folder: &Path, now: DateTime<Utc>) -> Vec<Shelved> {
    all(folder).into_iter().filter(|edition| edition.is_public(now)).collect()
}

/// The newest edition that everybody may see at `now`.
pub fn newest(folder: &Path, now: DateTime<Utc>) -> Option<Shelved> {
    public(folder, now).pop()
}

/// The edition that stands in place of a folder of editions. Sites of other making have no mark and no embargo.
fn single(folder: &Path) -> Option<Shelved> {
    if !folder.join("index.html").is_file() {
        return None;
    }
    if !folder.join(MARK).exists() {
        return Some(Shelved { number: 1, folder: folder.to_owned(), date: None, embargo: None, is_correction: false });
    }
    let mark = mark(folder)?;
    Some(shelved(mark.number.unwrap_or(1), folder.to_owned(), mark))
}

fn shelved(number: u32, folder: PathBuf, mark: Mark) -> Shelved {
    Shelved { number, folder, date: mark.date, embargo: mark.embargo, is_correction: mark.correction.is_some() }
}

fn mark(folder: &Path) -> Option<Mark> {
    let text = fs::read_to_string(folder.join(MARK)).ok()?;
    serde_json::from_str(&text).inspect_err(|error| tracing::warn!(%error, folder = %folder.display(), "an edition without a readable mark is shown to nobody")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(folder: &Path, mark: &str) {
        fs::create_dir_all(folder).unwrap();
        fs::write(folder.join("index.html"), "front").unwrap();
        fs::write(folder.join(MARK), mark).unwrap();
    }

    #[test]
    fn an_edition_is_public_from_its_hour_on_and_never_when_its_mark_is_broken() {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str| folder.path().join(name);
        put(&place("1"), r#"{"number": 1, "date": "2026-11-20"}"#);
        put(
            &place("2"),
            r#"{"number": 2, "date": "2026-11-27", "embargo": "2026-11-27T10:00:00+01:00", "correction": {}}"#,
        );
        put(&place("3"), r#"{"number": 3, "embargo": "soon"}"#);
        put(&place("4"), r#"{"number": 5}"#);
        put(&place(".draft"), r#"{"number": 6}"#);
        let numbers = |now: &str| -> Vec<u32> {
            public(folder.path(), now.parse().unwrap()).iter().map(|edition| edition.number).collect()
        };
        assert_eq!(numbers("2026-11-27T08:59:59Z"), [1]);
        assert_eq!(numbers("2026-11-27T09:00:00Z"), [1, 2]);
        let newest = newest(folder.path(), "2026-12-01T00:00:00Z".parse().unwrap()).unwrap();
        assert!(newest.number == 2 && newest.is_correction);
        assert_eq!(all(folder.path()).len(), 2);
    }

    #[test]
    fn a_single_edition_stands_in_place_of_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(all(folder.path()), []);
        put(folder.path(), r#"{"number": 7, "embargo": "2026-11-27T10:00:00+01:00"}"#);
        assert_eq!(newest(folder.path(), "2026-11-27T08:00:00Z".parse().unwrap()), None);
        assert_eq!(newest(folder.path(), "2026-11-27T10:00:00Z".parse().unwrap()).unwrap().number, 7);
        put(folder.path(), "not JSON");
        assert_eq!(all(folder.path()), []);
        fs::remove_file(folder.path().join(MARK)).unwrap();
        assert_eq!(all(folder.path()).len(), 1);
    }
}
