//! Opens a snapshot: manifest first, then every file's checksum, then the tables, which `check` turns into facts.

use std::collections::BTreeMap;
use std::path::Path;

use polars::prelude::{DataFrame, IntoLazy, JoinArgs, JoinType, PolarsResult, col};

use super::error::SnapshotError;
use super::manifest::{FileEntry, Manifest, SCHEMA_VERSION, sha256, sha256_of_file};
use super::{Snapshot, check};
use crate::columns;

/// The tables that every snapshot has.
const TABLES: [&str; 5] = ["persons", "diaries", "episodes", "answers", "classification"];

impl Snapshot {
    /// Reads and checks the snapshot in `folder`.
    pub fn open(folder: &Path) -> Result<Snapshot, SnapshotError> {
        let (manifest, manifest_sha256) = read_manifest(&folder.join("manifest.json"))?;
        for (name, entry) in &manifest.files {
            check_sum(&folder.join(name), entry)?;
        }
        let mut tables = BTreeMap::new();
        for name in TABLES {
            tables.insert(name, Table::read(folder, name, &manifest)?);
        }
        let classification = check::classification(&tables["classification"])?;
        let persons = check::persons(&tables["persons"], &tables["answers"])?;
        let diaries = check::diaries(&tables["diaries"], &tables["persons"])?;
        let (episodes, activity_codes) =
            check::episodes(&tables["episodes"], &tables["diaries"], &diaries, manifest.description.timed)?;
        Ok(Snapshot { manifest, manifest_sha256, persons, diaries, episodes, activity_codes, classification })
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

/// A table with the path that errors name.
pub(super) struct Table {
    pub path: String,
    pub frame: DataFrame,
}

impl Table {
    fn read(folder: &Path, name: &str, manifest: &Manifest) -> Result<Table, SnapshotError> {
        let file = format!("{name}.parquet");
        let path = folder.join(&file).display().to_string();
        let manifest_path = || folder.join("manifest.json").display().to_string();
        let entry = manifest
            .files
            .get(&file)
            .ok_or_else(|| SnapshotError::NotListed { path: manifest_path(), file: file.clone() })?;
        let frame = columns::read(&folder.join(&file))
            .map_err(|message| SnapshotError::Table { path: path.clone(), message })?;
        let found = frame.height() as u64;
        if found != entry.rows {
            return Err(SnapshotError::RowCount { path, found, expected: entry.rows });
        }
        Ok(Table { path, frame })
    }

    /// A column, or why there is none of that kind.
    pub fn column<T>(
        &self,
        read: impl Fn(&DataFrame, &str) -> Result<Vec<Option<T>>, String>,
        name: &str,
    ) -> Result<Vec<Option<T>>, SnapshotError> {
        read(&self.frame, name).map_err(|message| SnapshotError::Table { path: self.path.clone(), message })
    }

    /// A column without nulls.
    pub fn full_column<T>(
        &self,
        read: impl Fn(&DataFrame, &str) -> Result<Vec<Option<T>>, String>,
        name: &str,
    ) -> Result<Vec<T>, SnapshotError> {
        let values = self.column(read, name)?.into_iter().enumerate();
        values.map(|(row, value)| value.ok_or_else(|| self.row(row, format!("`{name}` is empty")))).collect()
    }

    /// An error at a row, counted from 0 here.
    pub fn row(&self, row: usize, message: String) -> SnapshotError {
        SnapshotError::Row { path: self.path.clone(), row: row + 1, message }
    }

    /// For each row, the place in `target` of the row with the same `key`.
    pub fn positions_in(&self, target: &Table, key: &str) -> Result<Vec<u32>, SnapshotError> {
        let keys = self.full_column(columns::text, key)?;
        let places = join_positions(&self.frame, &target.frame, key)
            .map_err(|error| SnapshotError::Table { path: self.path.clone(), message: error.to_string() })?;
        let found = places.into_iter().zip(keys).enumerate();
        found
            .map(|(row, (place, id))| {
                place.ok_or_else(|| self.row(row, format!("`{key}` {id} has no row in {}", target.path)))
            })
            .collect()
    }
}

fn join_positions(rows: &DataFrame, target: &DataFrame, key: &str) -> PolarsResult<Vec<Option<u32>>> {
    let places = target.select([key])?.lazy().with_row_index("place", None);
    let rows = rows.select([key])?.lazy().with_row_index("row", None);
    // A join promises no order.
    let joined = rows.join(places, [col(key)], [col(key)], JoinArgs::new(JoinType::Left));
    let joined = joined.sort(["row"], Default::default()).collect()?;
    Ok(joined.column("place")?.u32()?.iter().collect())
}
