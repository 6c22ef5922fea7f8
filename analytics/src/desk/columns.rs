//! A survey's design by column names, in the terms of R's `svydesign`: identifiers of clusters and strata stage by
//! stage, populations for the finite population correction, weights. Every rule on missing values is here.

use super::file::{Factor, Microdata};
use super::file_error::FileError;
use crate::design::{DesignError, DesignRules, Labels, Stage, SurveyDesign};

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
    stages: Vec<StageValues>,
    /// The column of weights.
    pub weights: Option<Vec<f64>>,
}

#[derive(Debug, Clone, PartialEq)]
struct StageValues {
    clusters: Labels,
    strata: Option<Labels>,
    population: Option<Vec<f64>>,
}

impl DesignValues {
    /// The design, cluster labels read within strata: the same label in another stratum is another cluster.
    pub fn design(&self, rules: DesignRules) -> Result<SurveyDesign, DesignError> {
        let stages: Vec<Stage<'_>> = self
            .stages
            .iter()
            .map(|stage| Stage {
                strata: stage.strata.as_ref(),
                clusters: &stage.clusters,
                population: stage.population.as_deref(),
            })
            .collect();
        SurveyDesign::of_stages(&stages, rules)
    }
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
            let clusters = match self.ids.get(stage) {
                Some(column) => labels(data, column, "its cluster")?,
                None => Labels::of_each_unit(data.n_rows()),
            };
            let strata = match self.strata.get(stage) {
                Some(Some(column)) => Some(labels(data, column, "its stratum")?),
                _ => None,
            };
            let population = match self.fpc.get(stage) {
                Some(column) => {
                    let rule = "a population counts clusters, or is a sampling fraction between 0 and 1";
                    Some(full_numbers(data, column, "the population it was sampled from", rule, |value| value > 0.0)?)
                }
                None => None,
            };
            stages.push(StageValues { clusters, strata, population });
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

fn labels(data: &Microdata, column: &str, what: &'static str) -> Result<Labels, ColumnsError> {
    let Factor { levels, codes } = data.factor(column)?;
    let codes: Result<Vec<u32>, ColumnsError> =
        codes.into_iter().enumerate().map(|(row, code)| code.ok_or_else(|| missing(data, row, column, what))).collect();
    Ok(Labels::from_names(codes?, levels))
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
