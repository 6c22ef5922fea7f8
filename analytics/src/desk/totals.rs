//! Known totals of a population, read from a file with the columns `margin,category,total`, a line for each total:
//! `sex,F,31200`; several columns crossed, `sex*age_group,F*25-44,8120`; the sum of a numeric column, `income,,5.2e8`;
//! the number of units, `(population),,60500`.

use std::path::Path;

use super::file::Microdata;
use super::file_error::FileError;

/// The margin that counts units.
pub const POPULATION: &str = "(population)";
/// What joins columns in a margin, and their values in a category.
pub const CROSS: char = '*';

/// The known totals of one margin.
#[derive(Debug, Clone, PartialEq)]
pub enum KnownTotals {
    /// The number of units.
    Population(f64),
    /// The sum of a numeric column.
    Sum {
        /// The column.
        column: String,
        /// Its sum over the population.
        total: f64,
    },
    /// The units in each category of a column, or of several crossed.
    Categories {
        /// The columns crossed.
        columns: Vec<String>,
        /// Category (values joined by [`CROSS`]) and total, in the order of the file.
        totals: Vec<(String, f64)>,
    },
}

/// Why known totals cannot be read. Nothing was computed then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TotalsError {
    /// The file.
    #[error(transparent)]
    File(#[from] FileError),
    /// A line without margin or total.
    #[error("{path}, row {row}: {message}. Nothing was computed; a line is `margin,category,total`.")]
    Line {
        /// The file.
        path: String,
        /// The row of data, counted from 1.
        row: usize,
        /// What is wrong.
        message: String,
    },
}

impl KnownTotals {
    /// The margin as messages and reports name it.
    pub fn name(&self) -> String {
        match self {
            KnownTotals::Population(_) => POPULATION.to_owned(),
            KnownTotals::Sum { column, .. } => column.clone(),
            KnownTotals::Categories { columns, .. } => columns.join(&CROSS.to_string()),
        }
    }

    /// Reads the margins of a file, in the order of their first lines.
    pub fn read(path: &Path) -> Result<Vec<KnownTotals>, TotalsError> {
        KnownTotals::of(&Microdata::read(path)?)
    }

    /// The margins in the bytes of a file.
    pub(crate) fn parse(path: &str, bytes: Vec<u8>) -> Result<Vec<KnownTotals>, TotalsError> {
        KnownTotals::of(&Microdata::parse(path, bytes)?)
    }

    fn of(file: &Microdata) -> Result<Vec<KnownTotals>, TotalsError> {
        let (margins, categories) = (file.texts("margin")?, file.texts("category")?);
        let totals = file.numbers("total")?;
        let mut known: Vec<KnownTotals> = Vec::new();
        for (row, ((margin, category), total)) in margins.into_iter().zip(categories).zip(totals).enumerate() {
            let line = |message: &str| TotalsError::Line {
                path: file.path().to_owned(),
                row: row + 1,
                message: message.to_owned(),
            };
            let margin = margin.ok_or_else(|| line("it names no margin"))?;
            let total = total.ok_or_else(|| line("it has no total"))?;
            let read = match category {
                None if margin == POPULATION => KnownTotals::Population(total),
                None => KnownTotals::Sum { column: margin, total },
                Some(category) => {
                    let columns: Vec<String> = margin.split(CROSS).map(|column| column.trim().to_owned()).collect();
                    let values: Vec<&str> = category.split(CROSS).map(str::trim).collect();
                    if values.len() != columns.len() {
                        return Err(line("its category has not as many values as its margin has columns"));
                    }
                    KnownTotals::Categories { columns, totals: vec![(values.join(&CROSS.to_string()), total)] }
                }
            };
            match known.iter_mut().find(|other| other.name() == read.name()) {
                Some(KnownTotals::Categories { totals, .. }) => match read {
                    KnownTotals::Categories { totals: added, .. } => totals.extend(added),
                    _ => return Err(line("the same margin has lines with and without a category")),
                },
                Some(_) => return Err(line("the margin has a line already")),
                None => known.push(read),
            }
        }
        Ok(known)
    }
}
