//! Weights for a file: calibrated to known totals of its columns.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::file::Microdata;
use super::file_error::FileError;
use super::totals::{CROSS, KnownTotals, POPULATION};
use crate::weighting::{
    Adjusted, Bounds, Calibration, CalibrationOptions, Distance, Margin, MarginRules, Model, Raking, RakingControl,
    TrimmingBounds, WeightingError, WeightingReport, trim_and_adjust,
};

/// How a missing value is called where a category is asked for.
const MISSING: &str = "NA";

/// What weights are asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct WeightingPlan {
    /// The column of weights to begin with; one for everybody without it.
    pub weights: Option<String>,
    /// The population's totals.
    pub totals: Vec<KnownTotals>,
    /// What is kept small.
    pub calfun: Calfun,
    /// Least and largest factor of a weight.
    pub bounds: Option<(f64, f64)>,
    /// The column within whose values weights come out equal, such as a household; those before are averaged over it
    /// first (R's `aggregate.stage`).
    pub aggregate: Option<String>,
    /// Least and largest weight afterwards.
    pub trim: Option<(f64, f64)>,
    /// Margins that do not fit each other, or the sample.
    pub rules: MarginRules,
}

/// Distances of calibration, as R names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Calfun {
    /// Least squares; with bounds, cut at them.
    Linear,
    /// Multiplicative; with bounds, cut at them. Without, and with categories only, raking by iterative proportional
    /// fitting.
    #[default]
    Raking,
    /// The logit distance, which takes bounds.
    Logit,
}

/// Weights row by row, with what is to be known of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Weighed {
    /// One for each row.
    pub weights: Vec<f64>,
    /// Their report.
    pub report: WeightingReport,
}

/// Why a file cannot be weighted. Nothing was written.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum WeighError {
    /// The file.
    #[error(transparent)]
    File(#[from] FileError),
    /// The weights.
    #[error(transparent)]
    Weighting(#[from] WeightingError),
    /// A weight or a numeric margin is missing.
    #[error("{path}, row {row}: the column `{column}` is empty. Nothing was written; fill it in, or take the row out.")]
    Missing {
        /// The file.
        path: String,
        /// The row of data, counted from 1.
        row: usize,
        /// The column.
        column: String,
    },
    /// A plan that contradicts itself.
    #[error("{0}. Nothing was written.")]
    Plan(&'static str),
}

impl Calfun {
    /// Whether weights are raked in rounds, where only categories are calibrated to.
    pub(crate) fn is_by_rounds(self, bounds: Option<(f64, f64)>) -> bool {
        self == Calfun::Raking && bounds.is_none()
    }

    /// The distance, with bounds of factors.
    pub(crate) fn distance(self, bounds: Option<(f64, f64)>) -> Result<Distance, WeightingError> {
        let bounds = bounds.map(|(lower, upper)| Bounds::of_factors(lower, upper)).transpose()?;
        Ok(match (self, bounds) {
            (Calfun::Linear, None) => Distance::Linear,
            (Calfun::Linear, Some(bounds)) => Distance::TruncatedLinear(bounds),
            (Calfun::Raking, None) => Distance::Raking,
            (Calfun::Raking, Some(bounds)) => Distance::TruncatedRaking(bounds),
            (Calfun::Logit, Some(bounds)) => Distance::Logit(bounds),
            (Calfun::Logit, None) => {
                return Err(WeightingError::Nothing { what: "the logit distance needs bounds, such as 0.3 and 3" });
            }
        })
    }
}

impl WeightingPlan {
    /// Weighs the rows of `data`.
    pub fn weigh(&self, data: &Microdata) -> Result<Weighed, WeighError> {
        let before = match &self.weights {
            Some(column) => full(data, column)?,
            None => vec![1.0; data.n_rows()],
        };
        let mut margins = Vec::new();
        for known in &self.totals {
            if let KnownTotals::Categories { columns, totals } = known {
                margins.push(Margin::new(&known.name(), totals.iter().cloned(), &categories(data, columns)?)?);
            }
        }
        let is_categories_only = margins.len() == self.totals.len();
        let by_rounds = self.calfun.is_by_rounds(self.bounds) && self.aggregate.is_none() && is_categories_only;
        let adjusted = if by_rounds {
            let raking = Raking::new(margins.clone(), self.rules, RakingControl::default())?;
            self.trimmed(&before, |weights| raking.rake(weights))?
        } else {
            if self.rules != MarginRules::default() {
                return Err(WeighError::Plan(
                    "margins are rescaled only by raking without bounds and with categories only; correct the margins",
                ));
            }
            let model = self.model(data, &margins)?;
            let mut options = CalibrationOptions::new(self.calfun.distance(self.bounds)?);
            options.equal_within = self.aggregate.as_ref().map(|column| groups(data, column)).transpose()?;
            let calibration = Calibration::new(model, options, &before)?;
            self.trimmed(&before, |weights| calibration.calibrate(weights))?
        };
        let report = WeightingReport::new(&before, &adjusted, &margins);
        Ok(Weighed { weights: adjusted.weights, report })
    }

    fn trimmed(
        &self,
        before: &[f64],
        adjust: impl Fn(&[f64]) -> Result<Adjusted, WeightingError>,
    ) -> Result<Adjusted, WeightingError> {
        match self.trim {
            Some((lower, upper)) => trim_and_adjust(before, TrimmingBounds { lower, upper }, adjust),
            None => adjust(before),
        }
    }

    fn model(&self, data: &Microdata, margins: &[Margin]) -> Result<Model, WeighError> {
        let mut model = match margins {
            [] => Model::new(data.n_rows(), Vec::new(), Vec::new())?,
            margins => Model::of_margins(margins)?,
        };
        for known in &self.totals {
            model = match known {
                KnownTotals::Population(total) => model.with(POPULATION, *total, &vec![1.0; data.n_rows()])?,
                KnownTotals::Sum { column, total } => model.with(column, *total, &full(data, column)?)?,
                KnownTotals::Categories { .. } => model,
            };
        }
        Ok(model)
    }
}

fn full(data: &Microdata, column: &str) -> Result<Vec<f64>, WeighError> {
    let missing =
        |row: usize| WeighError::Missing { path: data.path().to_owned(), row: row + 1, column: column.to_owned() };
    data.numbers(column)?.into_iter().enumerate().map(|(row, value)| value.ok_or_else(|| missing(row))).collect()
}

/// Each row's category: the columns' values, crossed.
fn categories(data: &Microdata, columns: &[String]) -> Result<Vec<String>, FileError> {
    let mut categories = vec![String::new(); data.n_rows()];
    for (place, column) in columns.iter().enumerate() {
        for (category, value) in categories.iter_mut().zip(data.texts(column)?) {
            if place > 0 {
                category.push(CROSS);
            }
            category.push_str(value.as_deref().unwrap_or(MISSING));
        }
    }
    Ok(categories)
}

/// Each row's group, numbered from 0. A row without one is a group of its own.
fn groups(data: &Microdata, column: &str) -> Result<Vec<u32>, FileError> {
    let mut numbers: BTreeMap<String, u32> = BTreeMap::new();
    let mut n_groups = 0;
    let group = |text: Option<String>| {
        let known = text.as_ref().and_then(|text| numbers.get(text)).copied();
        known.unwrap_or_else(|| {
            n_groups += 1;
            numbers.extend(text.map(|text| (text, n_groups - 1)));
            n_groups - 1
        })
    };
    Ok(data.texts(column)?.into_iter().map(group).collect())
}
