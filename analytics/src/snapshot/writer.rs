//! Writes a snapshot as importers do: tables sorted by their ids, as Parquet and CSV, and the manifest last.

use std::collections::BTreeMap;
use std::path::Path;

use super::error::SnapshotError;
use super::manifest::{Description, FileEntry, Manifest, SCHEMA_VERSION, sha256_of_file};
use super::rows::{self, AnswerRow, Columns, DiaryRow, EpisodeRow, PersonRow};
use crate::columns;
use crate::output_folder::OutputFolder;
use crate::table::ClassificationRow;

/// A snapshot about to be written. Rows may be given in any order.
#[derive(Debug, Clone, PartialEq)]
pub struct Writer {
    /// What it says of itself.
    pub description: Description,
    /// Rows of `persons`.
    pub persons: Vec<PersonRow>,
    /// Rows of `diaries`.
    pub diaries: Vec<DiaryRow>,
    /// Rows of `episodes`.
    pub episodes: Vec<EpisodeRow>,
    /// Rows of `answers`.
    pub answers: Vec<AnswerRow>,
    /// Rows of `classification`.
    pub classification: Vec<ClassificationRow>,
}

impl Writer {
    /// Writes the snapshot to `folder`, whole or not at all; an earlier snapshot there is replaced.
    pub fn write(mut self, folder: &Path) -> Result<(), SnapshotError> {
        self.sort();
        self.write_files(folder).map_err(|source| SnapshotError::Write { path: folder.display().to_string(), source })
    }

    fn sort(&mut self) {
        self.persons.sort_by(|a, b| a.person_id.cmp(&b.person_id));
        self.diaries.sort_by(|a, b| a.diary_id.cmp(&b.diary_id));
        self.episodes
            .sort_by(|a, b| (&a.diary_id, a.start_minute, &a.main).cmp(&(&b.diary_id, b.start_minute, &b.main)));
        self.answers.sort();
        self.classification.sort_by(|a, b| (a.level, &a.code).cmp(&(b.level, &b.code)));
    }

    fn write_files(self, folder: &Path) -> std::io::Result<()> {
        let output = OutputFolder::begin(folder, "manifest.json")?;
        let tables: [(&str, usize, Columns); 5] = [
            ("persons", self.persons.len(), rows::persons(&self.persons)),
            ("diaries", self.diaries.len(), rows::diaries(&self.diaries)),
            ("episodes", self.episodes.len(), rows::episodes(&self.episodes)),
            ("answers", self.answers.len(), rows::answers(&self.answers)),
            ("classification", self.classification.len(), rows::classification(&self.classification)),
        ];
        let mut files = BTreeMap::new();
        for (name, n_rows, table) in tables {
            columns::write(output.path(), name, table)?;
            for file in [format!("{name}.parquet"), format!("{name}.csv")] {
                let sha256 = sha256_of_file(&output.path().join(&file))?;
                files.insert(file, FileEntry { rows: n_rows as u64, sha256 });
            }
        }
        let manifest = Manifest { schema_version: SCHEMA_VERSION, description: self.description, files };
        let text = serde_json::to_string_pretty(&manifest)? + "\n";
        std::fs::write(output.path().join("manifest.json"), text)?;
        output.publish()
    }
}
