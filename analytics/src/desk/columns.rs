//! A survey's design by column names, in the terms of R's `svydesign`: identifiers of clusters and strata stage by
//! stage, populations for the finite population correction, weights. Every rule on missing values is here.

use super::file::{Factor, FileError, Microdata};

/// Which columns describe the design.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DesignColumns {
    /// Clusters, a column for each stage (R: `ids`); none means that every row is a cluster.
    pub ids: Vec<String>,
    /// Strata, a column for each stage at most; `None` for a stage without strata.
    pub strata: Vec<Option<String>>,
    /// Clusters in the population of their stratum, or sampling fractions, a column for each stage at most (R: `fpc`).
    pub fpc: Vec<String>,
    /// Weights; without them the inverse of the sampling fractions, and without those one for everybody.
    pub weights: Option<String>,
}

/// The values of a design's columns, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct DesignValues {
    /// Stage by stage, the first stage first; at least one.
    pub stages: Vec<StageValues>,
    /// The column of weights.
    pub weights: Option<Vec<f64>>,
}

/// One stage of sampling.
#[derive(Debug, Clone, PartialEq)]
pub struct StageValues {
    /// Each row's cluster, as a number within the column.
    pub clusters: Vec<u32>,
    /// The name of each cluster.
    pub cluster_names: Vec<String>,
    /// Each row's stratum.
    pub strata: Option<Vec<u32>>,
    /// The name of each stratum.
    pub stratum_names: Vec<String>,
    /// Clusters in the population of the row's stratum, or its sampling fraction.
    pub population: Option<Vec<f64>>,
}

/// Why the columns describe no design. Nothing was computed then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ColumnsError {
    /// The file.
    #[error(transparent)]
    File(#[from] FileError),
    /// A design column has a row without value.
    #[error(
        "{path}, row {row}: the column `{column}` of the design is empty. Nothing was computed; a row without {what} \
         cannot stand for anybody. Fill it in, or take the row out of the file if it was not sampled."
    )]
    Missing {
        /// The file.
        path: String,
        /// The row of data, counted from 1.
        row: usize,
        /// The column.
        column: String,
        /// What the column gives.
        what: &'static str,
    },
    /// A number that cannot be.
    #[error("{path}, row {row}: {value} in the column `{column}`; {rule}. Nothing was computed.")]
    Impossible {
        /// The file.
        path: String,
        /// The row of data, counted from 1.
        row: usize,
        /// The column.
        column: String,
        /// What stands there.
        value: String,
        /// What may stand there.
        rule: &'static str,
    },
    /// More strata or populations than stages.
    #[error(
        "{n_columns} columns of {what} for {n_stages} stages of sampling. Nothing was computed; give at most one for each \
         column of --ids, in the same order."
    )]
    TooManyStages {
        /// `strata` or `fpc`.
        what: &'static str,
        /// Columns given.
        n_columns: usize,
        /// Stages there are.
        n_stages: usize,
    },
    /// The file has no rows.
    #[error("{path} has no rows of data. Nothing was computed.")]
    NoRows {
        /// The file.
        path: String,
    },
}

impl DesignColumns {
    /// Reads the columns.
    pub fn values(&self, data: &Microdata) -> Result<DesignValues, ColumnsError> {
        if data.n_rows() == 0 {
            return Err(ColumnsError::NoRows { path: data.path().to_owned() });
        }
        let n_stages = self.ids.len().max(1);
        for (what, n_columns) in [("strata", self.strata.len()), ("fpc", self.fpc.len())] {
            if n_columns > n_stages {
                return Err(ColumnsError::TooManyStages { what, n_columns, n_stages });
            }
        }
        let mut stages = Vec::with_capacity(n_stages);
        for stage in 0..n_stages {
            let (clusters, cluster_names) = match self.ids.get(stage) {
                Some(column) => codes(data, column, "its cluster")?,
                None => ((0..data.n_rows() as u32).collect(), (1..=data.n_rows()).map(|row| row.to_string()).collect()),
            };
            let (strata, stratum_names) = match self.strata.get(stage) {
                Some(Some(column)) => {
                    let (strata, names) = codes(data, column, "its stratum")?;
                    (Some(strata), names)
                }
                _ => (None, Vec::new()),
            };
            let population = match self.fpc.get(stage) {
                Some(column) => {
                    let rule = "a population counts clusters, or is a sampling fraction between 0 and 1";
                    Some(full_numbers(data, column, "the population it was sampled from", rule, |value| value > 0.0)?)
                }
                None => None,
            };
            stages.push(StageValues { clusters, cluster_names, strata, stratum_names, population });
        }
        let weights = match &self.weights {
            Some(column) => {
                let rule = "a weight is zero or more";
                Some(full_numbers(data, column, "a weight", rule, |value| value >= 0.0)?)
            }
            None => None,
        };
        Ok(DesignValues { stages, weights })
    }
}

fn codes(data: &Microdata, column: &str, what: &'static str) -> Result<(Vec<u32>, Vec<String>), ColumnsError> {
    let Factor { levels, codes } = data.factor(column)?;
    let codes: Result<Vec<u32>, ColumnsError> =
        codes.into_iter().enumerate().map(|(row, code)| code.ok_or_else(|| missing(data, row, column, what))).collect();
    Ok((codes?, levels))
}

fn full_numbers(
    data: &Microdata,
    column: &str,
    what: &'static str,
    rule: &'static str,
    is_possible: impl Fn(f64) -> bool,
) -> Result<Vec<f64>, ColumnsError> {
    let values = data.numbers(column)?.into_iter().enumerate();
    let number = |(row, value): (usize, Option<f64>)| {
        let value = value.ok_or_else(|| missing(data, row, column, what))?;
        if is_possible(value) {
            return Ok(value);
        }
        let (path, column) = (data.path().to_owned(), column.to_owned());
        Err(ColumnsError::Impossible { path, row: row + 1, column, value: value.to_string(), rule })
    };
    values.map(number).collect()
}

fn missing(data: &Microdata, row: usize, column: &str, what: &'static str) -> ColumnsError {
    ColumnsError::Missing { path: data.path().to_owned(), row: row + 1, column: column.to_owned(), what }
}
