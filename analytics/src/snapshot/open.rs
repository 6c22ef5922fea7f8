//! Opens a snapshot: manifest first, then every file's checksum, then the tables, which `check`, `answers` and
//! `episodes` turn into facts.

use std::path::Path;

use rayon::prelude::*;

use super::error::SnapshotError;
use super::manifest::{FileEntry, Manifest, SCHEMA_VERSION, sha256, sha256_of_file};
use super::part::Table;
use super::{Snapshot, check, episodes, questionnaires_used};

impl Snapshot {
    /// Reads and checks the snapshot in `folder`.
    pub fn open(folder: &Path) -> Result<Snapshot, SnapshotError> {
        let (manifest, manifest_sha256) = read_manifest(&folder.join("manifest.json"))?;
        let files: Vec<(&String, &FileEntry)> = manifest.files.iter().collect();
        let sums: Vec<Result<(), SnapshotError>> =
            files.into_par_iter().map(|(name, entry)| check_sum(&folder.join(name), entry)).collect();
        sums.into_iter().collect::<Result<(), SnapshotError>>()?;
        let open = |name| Table::open(folder, name, &manifest);
        let (person_table, diary_table, episode_table) = (open("persons")?, open("diaries")?, open("episodes")?);
        let (answer_table, classification_table) = (open("answers")?, open("classification")?);
        let classification = check::classification(&classification_table)?;
        let persons = check::persons(&person_table, &answer_table)?;
        let diaries = check::diaries(&diary_table, &persons, &person_table.path)?;
        let timed = manifest.description.timed;
        let (episodes, activity_codes) = episodes::read(&episode_table, &diaries, &diary_table.path, timed)?;
        let questionnaires = questionnaires_used::read(folder, &manifest)?;
        Ok(Snapshot {
            manifest,
            manifest_sha256,
            persons,
            diaries,
            episodes,
            activity_codes,
            classification,
            questionnaires,
        })
    }
}

fn read_manifest(path: &Path) -> Result<(Manifest, String), SnapshotError> {
    let shown = || path.display().to_string();
    let bytes = std::fs::read(path).map_err(|source| SnapshotError::Unreadable { path: shown(), source })?;
    let malformed = |error: serde_json::Error| SnapshotError::Manifest { path: shown(), message: error.to_string() };
    // The version comes first: another version's manifest may well have other fields.
    let value: serde_json::Value = serde_json::from_slice(&bytes).map_err(malformed)?;
    match value.get("schema_version").and_then(serde_json::Value::as_u64) {
        Some(version) if version == u64::from(SCHEMA_VERSION) => {}
        Some(version) => {
            let found = u32::try_from(version).unwrap_or(u32::MAX);
            return Err(SnapshotError::SchemaVersion { path: shown(), found, expected: SCHEMA_VERSION });
        }
        None => {
            let message = "it has no whole number `schema_version`".to_owned();
            return Err(SnapshotError::Manifest { path: shown(), message });
        }
    }
    let manifest: Manifest = serde_json::from_value(value).map_err(malformed)?;
    // A name with a folder in it could lead out of the snapshot.
    if let Some(name) = manifest.files.keys().find(|name| name.contains(['/', '\\'])) {
        return Err(SnapshotError::Manifest { path: shown(), message: format!("`{name}` is not a file name") });
    }
    Ok((manifest, sha256(&bytes)))
}

fn check_sum(path: &Path, entry: &FileEntry) -> Result<(), SnapshotError> {
    let shown = path.display().to_string();
    let found = sha256_of_file(path).map_err(|source| SnapshotError::Unreadable { path: shown.clone(), source })?;
    if found.eq_ignore_ascii_case(&entry.sha256) {
        Ok(())
    } else {
        Err(SnapshotError::Checksum { path: shown, found, expected: entry.sha256.clone() })
    }
}
