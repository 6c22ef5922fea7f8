//! Replicate weights by column names.

use super::file::Microdata;
use super::file_error::FileError;
use crate::estimation::{Centre, ReplicateColumns, ReplicateError, ReplicateScales, ReplicateWeights};

/// Columns of replicate weights and what they are.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplicateDesign {
    /// The columns: names, or the beginning of names followed by `*`.
    pub columns: Vec<String>,
    /// How they were made.
    pub kind: ReplicateKind,
    /// Replaces the scale that the kind implies.
    pub scale: Option<f64>,
    /// A factor for each replicate; none means 1 for all.
    pub rscales: Vec<f64>,
    /// What squares are taken around.
    pub centre: Centre,
}

/// How replicates were made, which tells the scale of their squares (R's `svrepdesign`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ReplicateKind {
    /// Jackknife without strata: (R - 1) / R.
    Jk1,
    /// Jackknife in strata: 1, with a factor (n_h - 1) / n_h for each replicate in `rscales`.
    Jkn,
    /// Balanced half-samples: 1 / R.
    Brr,
    /// Fay's: 1 / (R (1 - rho)²).
    Fay {
        /// Fay's coefficient.
        rho: f64,
    },
    /// Bootstrap: 1 / (R - 1).
    Bootstrap,
    /// Successive differences: 4 / R.
    SuccessiveDifference,
    /// Any other: its scale must be given.
    Other,
}

/// Why columns are no replicate weights.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ReplicatesError {
    /// The file.
    #[error(transparent)]
    File(#[from] FileError),
    /// The numbers.
    #[error(transparent)]
    Replicates(#[from] ReplicateError),
    /// No column begins so.
    #[error("no column of {path} begins with `{beginning}`. Nothing was computed.")]
    NoColumns {
        /// The file.
        path: String,
        /// The beginning.
        beginning: String,
    },
    /// A replicate weight is missing.
    #[error("{path}, row {row}: the replicate weight `{column}` is empty. Nothing was computed.")]
    Missing {
        /// The file.
        path: String,
        /// The row of data, counted from 1.
        row: usize,
        /// The column.
        column: String,
    },
    /// The kind implies no scale.
    #[error("{what}. Nothing was computed.")]
    Scale {
        /// What must be given.
        what: &'static str,
    },
}

impl ReplicateDesign {
    /// Reads the columns of a file whose full-sample weights are these.
    pub(super) fn read(&self, data: &Microdata, weights: &[f64]) -> Result<ReplicateWeights, ReplicatesError> {
        let mut names: Vec<&str> = Vec::new();
        for column in &self.columns {
            match column.strip_suffix('*') {
                None => names.push(column),
                Some(beginning) => {
                    let found = data.names().iter().filter(|name| name.starts_with(beginning));
                    let before = names.len();
                    names.extend(found.map(String::as_str));
                    if names.len() == before {
                        let path = data.path().to_owned();
                        return Err(ReplicatesError::NoColumns { path, beginning: beginning.to_owned() });
                    }
                }
            }
        }
        let columns = names.iter().map(|name| full(data, name)).collect::<Result<Vec<_>, _>>()?;
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let n = columns.len() as f64;
        if matches!(self.kind, ReplicateKind::Jkn) && self.rscales.is_empty() && self.scale.is_none() {
            let what =
                "JKn needs the factor (n - 1) / n of each replicate's stratum: give --rscales, or --scale for all";
            return Err(ReplicatesError::Scale { what });
        }
        let implied = match self.kind {
            ReplicateKind::Jk1 => Some((n - 1.0) / n),
            ReplicateKind::Jkn => Some(1.0),
            ReplicateKind::Brr => Some(1.0 / n),
            ReplicateKind::Fay { rho } => Some(1.0 / (n * (1.0 - rho) * (1.0 - rho))),
            ReplicateKind::Bootstrap => Some(1.0 / (n - 1.0)),
            ReplicateKind::SuccessiveDifference => Some(4.0 / n),
            ReplicateKind::Other => None,
        };
        let what = "replicates of another kind need their --scale";
        let scale = self.scale.or(implied).ok_or(ReplicatesError::Scale { what })?;
        let rscales = if self.rscales.is_empty() { vec![1.0; columns.len()] } else { self.rscales.clone() };
        let scales = ReplicateScales { scale, rscales, centre: self.centre };
        Ok(ReplicateWeights::from_columns(weights, &columns, ReplicateColumns::Combined, scales)?)
    }
}

fn full(data: &Microdata, column: &str) -> Result<Vec<f64>, ReplicatesError> {
    let values = data.numbers(column)?.into_iter().enumerate();
    let missing =
        |row: usize| ReplicatesError::Missing { path: data.path().to_owned(), row: row + 1, column: column.to_owned() };
    values.map(|(row, value)| value.ok_or_else(|| missing(row))).collect()
}
