//! A table of hourly wages, `activity,hourly_wage` in euros, that puts a value on unpaid time.

use std::path::Path;

use serde::Deserialize;

use crate::snapshot::sha256;
use crate::table::ClassificationRow;

/// What an hour of each activity would cost.
#[derive(Debug, Clone, PartialEq)]
pub struct HourlyWages {
    rows: Vec<HourlyWage>,
    sha256: Option<String>,
}

/// A line of the table.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HourlyWage {
    /// Code of the classification.
    pub activity: String,
    /// Euros per hour, not negative.
    pub hourly_wage: f64,
}

/// Why a table of wages cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum WagesError {
    /// The file cannot be read as a table.
    #[error(
        "cannot read the hourly wages {path}: {message}. Nothing was written; give a CSV file with the columns \
         `activity,hourly_wage`."
    )]
    Unreadable {
        /// The file.
        path: String,
        /// What is wrong, with the line.
        message: String,
    },
    /// A wage is negative or not a number.
    #[error("the hourly wage of `{activity}` is {hourly_wage}. Nothing was written; wages are zero or more.")]
    Wage {
        /// The activity.
        activity: String,
        /// What was given.
        hourly_wage: f64,
    },
    /// An activity is not in the classification.
    #[error("the hourly wages name the activity `{0}`, which the classification does not have. Nothing was written.")]
    UnknownActivity(String),
    /// An activity has two wages.
    #[error("the activity `{0}` has two hourly wages. Nothing was written; keep one.")]
    Twice(String),
}

impl HourlyWages {
    /// A table of these lines.
    ///
    /// # Errors
    /// When a wage is negative or not finite, or an activity has two.
    pub fn new(rows: Vec<HourlyWage>) -> Result<HourlyWages, WagesError> {
        for (place, row) in rows.iter().enumerate() {
            if !row.hourly_wage.is_finite() || row.hourly_wage < 0.0 {
                return Err(WagesError::Wage { activity: row.activity.clone(), hourly_wage: row.hourly_wage });
            }
            if rows[..place].iter().any(|other| other.activity == row.activity) {
                return Err(WagesError::Twice(row.activity.clone()));
            }
        }
        Ok(HourlyWages { rows, sha256: None })
    }

    /// Reads a CSV file `activity,hourly_wage`.
    ///
    /// # Errors
    /// When it cannot be read, or its lines are no table of wages.
    pub fn read(path: &Path) -> Result<HourlyWages, WagesError> {
        let unreadable = |message: String| WagesError::Unreadable { path: path.display().to_string(), message };
        let bytes = std::fs::read(path).map_err(|error| unreadable(error.to_string()))?;
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes.as_slice());
        let rows = reader.deserialize().collect::<Result<Vec<HourlyWage>, _>>();
        let wages = HourlyWages::new(rows.map_err(|error| unreadable(error.to_string()))?)?;
        Ok(HourlyWages { sha256: Some(sha256(&bytes)), ..wages })
    }

    /// SHA-256 of the bytes it was read from, hexadecimal.
    pub fn sha256(&self) -> Option<&str> {
        self.sha256.as_deref()
    }

    /// The activities that have a wage.
    pub fn activities<'c>(&self, classification: &'c [ClassificationRow]) -> Vec<&'c ClassificationRow> {
        let is_priced = |activity: &&ClassificationRow| self.rows.iter().any(|row| row.activity == activity.code);
        classification.iter().filter(is_priced).collect()
    }

    /// Euros per minute by code; `activities_of` is by code. Where a code lies in several activities of the table the
    /// finest counts: washing up has its own wage, and what else is housework the general one.
    ///
    /// # Errors
    /// When the table names an activity that the classification does not have.
    pub fn per_minute(
        &self,
        classification: &[ClassificationRow],
        activities_of: &[Vec<usize>],
    ) -> Result<Vec<f64>, WagesError> {
        let mut wages: Vec<Option<f64>> = vec![None; classification.len()];
        for row in &self.rows {
            let place = classification.iter().position(|activity| activity.code == row.activity);
            wages[place.ok_or_else(|| WagesError::UnknownActivity(row.activity.clone()))?] = Some(row.hourly_wage);
        }
        let finest = |activities: &Vec<usize>| {
            let priced = activities.iter().filter_map(|place| Some((classification[*place].level, wages[*place]?)));
            priced.max_by_key(|(level, _)| *level).map_or(0.0, |(_, wage)| wage / 60.0)
        };
        Ok(activities_of.iter().map(finest).collect())
    }

    /// The value of a day as a sum over minutes of the activities of the table (places in the classification): each counts
    /// with its wage, in euros per minute, less that of the coarser activity around it. `None` where activities overlap
    /// without one lying in the other, so that no such sum holds.
    pub fn as_sum(
        &self,
        classification: &[ClassificationRow],
        activities_of: &[Vec<usize>],
    ) -> Option<Vec<(usize, f64)>> {
        let wage_of = |place: usize| self.rows.iter().find(|row| row.activity == classification[place].code);
        let mut sum = Vec::new();
        for place in (0..classification.len()).filter(|place| wage_of(*place).is_some()) {
            let level = classification[place].level;
            let around = |activities: &Vec<usize>| {
                let priced = activities.iter().copied().filter(|other| *other != place && wage_of(*other).is_some());
                priced
                    .filter(|other| classification[*other].level <= level)
                    .max_by_key(|other| classification[*other].level)
            };
            let mut found = activities_of.iter().filter(|activities| activities.contains(&place)).map(around);
            let first = found.next().flatten();
            if found.any(|other| other != first) || first.is_some_and(|other| classification[other].level == level) {
                return None;
            }
            let of = |place: usize| wage_of(place).map_or(0.0, |row| row.hourly_wage / 60.0);
            sum.push((place, of(place) - first.map_or(0.0, of)));
        }
        Some(sum)
    }
}
