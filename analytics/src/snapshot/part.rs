//! Tables on their way into memory: part by part, their columns typed, and errors that name file and row.

use std::ops::Range;
use std::path::Path;

use polars::prelude::DataFrame;
use rayon::prelude::*;

use super::error::SnapshotError;
use super::manifest::Manifest;
use crate::columns::{self, CodedText, ParquetFile};

/// A table with the path that errors name.
#[derive(Debug)]
pub(super) struct Table {
    pub path: String,
    file: ParquetFile,
}

/// Some rows of a table.
#[derive(Debug)]
pub(super) struct Part<'a> {
    table: &'a Table,
    first_row: usize,
    frame: DataFrame,
}

impl Table {
    /// Opens the table `name` of a snapshot; it has as many rows as the manifest says.
    pub fn open(folder: &Path, name: &str, manifest: &Manifest) -> Result<Table, SnapshotError> {
        let file = format!("{name}.parquet");
        let path = folder.join(&file).display().to_string();
        let manifest_path = || folder.join("manifest.json").display().to_string();
        let entry = manifest
            .files
            .get(&file)
            .ok_or_else(|| SnapshotError::NotListed { path: manifest_path(), file: file.clone() })?;
        let table = ParquetFile::open(&folder.join(&file))
            .map_err(|message| SnapshotError::Table { path: path.clone(), message })?;
        let found = table.n_rows() as u64;
        if found != entry.rows {
            return Err(SnapshotError::RowCount { path, found, expected: entry.rows });
        }
        Ok(Table { path, file: table })
    }

    /// The whole table.
    pub fn whole(&self, columns: &[&str]) -> Result<Part<'_>, SnapshotError> {
        self.part(0..self.file.n_rows(), columns)
    }

    /// What `read` makes of each part of the table, in their order; threads share the parts. Of several errors it is the
    /// first one's.
    pub fn by_part<T: Send>(
        &self,
        columns: &[&str],
        read: impl Fn(&Part<'_>) -> Result<T, SnapshotError> + Sync,
    ) -> Result<Vec<T>, SnapshotError> {
        let parts = self.file.parts().into_par_iter();
        let read: Vec<Result<T, SnapshotError>> = parts.map(|rows| read(&self.part(rows, columns)?)).collect();
        read.into_iter().collect()
    }

    fn part(&self, rows: Range<usize>, columns: &[&str]) -> Result<Part<'_>, SnapshotError> {
        let first_row = rows.start;
        let frame = self.file.read(rows, columns).map_err(|message| self.error(message))?;
        Ok(Part { table: self, first_row, frame })
    }

    fn error(&self, message: String) -> SnapshotError {
        SnapshotError::Table { path: self.path.clone(), message }
    }
}

impl Part<'_> {
    /// A column of text.
    pub fn text(&self, name: &str) -> Result<Vec<Option<&str>>, SnapshotError> {
        Ok(columns::text(&self.frame, name).map_err(|message| self.table.error(message))?.iter().collect())
    }

    /// A column of text that comes again and again.
    pub fn coded_text(&self, name: &str) -> Result<CodedText<'_>, SnapshotError> {
        columns::coded_text(&self.frame, name).map_err(|message| self.table.error(message))
    }

    /// The same without nulls.
    pub fn full_coded_text(&self, name: &str) -> Result<CodedText<'_>, SnapshotError> {
        let coded = self.coded_text(name)?;
        match (0..coded.n_rows()).find(|row| coded.number(*row).is_none()) {
            Some(row) => Err(self.row(row, format!("`{name}` is empty"))),
            None => Ok(coded),
        }
    }

    /// A column of text without nulls.
    pub fn full_text(&self, name: &str) -> Result<Vec<&str>, SnapshotError> {
        self.full(name, self.text(name)?)
    }

    /// A column of whole numbers.
    pub fn integers(&self, name: &str) -> Result<Vec<Option<i64>>, SnapshotError> {
        columns::integers(&self.frame, name).map_err(|message| self.table.error(message))
    }

    /// A column of whole numbers without nulls.
    pub fn full_integers(&self, name: &str) -> Result<Vec<i64>, SnapshotError> {
        self.full(name, self.integers(name)?)
    }

    /// A column of weights: zero or more, or null.
    pub fn weights(&self, name: &str) -> Result<Vec<Option<f64>>, SnapshotError> {
        let weights = columns::reals(&self.frame, name).map_err(|message| self.table.error(message))?;
        let impossible = |weight: &Option<f64>| weight.is_some_and(|weight| !weight.is_finite() || weight < 0.0);
        match weights.iter().position(impossible) {
            Some(row) => {
                let weight = weights[row].unwrap_or_default();
                Err(self.row(row, format!("the weight is {weight}; weights are zero or more")))
            }
            None => Ok(weights),
        }
    }

    /// An error at a row of this part, counted from 0 here.
    pub fn row(&self, row: usize, message: String) -> SnapshotError {
        SnapshotError::Row { path: self.table.path.clone(), row: self.first_row + row + 1, message }
    }

    fn full<T>(&self, name: &str, values: Vec<Option<T>>) -> Result<Vec<T>, SnapshotError> {
        let values = values.into_iter().enumerate();
        values.map(|(row, value)| value.ok_or_else(|| self.row(row, format!("`{name}` is empty")))).collect()
    }
}
