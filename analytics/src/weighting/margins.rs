//! Population margins: a CSV of `sex,age_group,population` from the population register.

use std::collections::BTreeMap;

use crate::domain::AgeGroup;
use crate::snapshot::Sex;

/// How many people the register counts of one sex and age group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RegisterCount {
    /// `F` or `M`; `X` where the register counts another.
    pub sex: Sex,
    /// The age group.
    pub age_group: AgeGroup,
    /// People, above zero.
    pub population: f64,
}

/// The margins of a population, by sex and age group.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Margins(pub(super) BTreeMap<(Sex, AgeGroup), f64>);

/// Why margins cannot be used. Nothing is written then.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum MarginsError {
    /// The file cannot be read.
    #[error("cannot read the margins {path}: {message}. Nothing was written; check the path.")]
    Unreadable {
        /// The file.
        path: String,
        /// The cause.
        message: String,
    },
    /// A column is missing.
    #[error(
        "{path}, line 1: the column `{column}` is missing. Nothing was written; the margins need the columns \
         sex,age_group,population."
    )]
    MissingColumn {
        /// The file.
        path: String,
        /// The column.
        column: &'static str,
    },
    /// A line does not hold a margin.
    #[error("{path}, line {line}: {message}. Nothing was written; correct the line and run again.")]
    Line {
        /// The file.
        path: String,
        /// The line, counted from 1.
        line: u64,
        /// What is wrong.
        message: String,
    },
    /// The sample has people whom the file does not count.
    #[error(
        "the margins have no line for sex {sex}, age group {age_group}, where the sample has {n_persons} persons. \
         Nothing was written; add the line `{sex},{age_group},POPULATION` and run again."
    )]
    NotCovered {
        /// Sex.
        sex: &'static str,
        /// Age group.
        age_group: &'static str,
        /// Respondents in the group.
        n_persons: usize,
    },
    /// The file counts people of whom the sample has nobody.
    #[error(
        "the margins count {population} people of sex {sex}, age group {age_group}, but no respondent with a weight \
         above zero stands for them. Nothing was written; if the survey does not cover the group, take its line out."
    )]
    NoRespondents {
        /// Sex.
        sex: &'static str,
        /// Age group.
        age_group: &'static str,
        /// People in the register.
        population: f64,
    },
}

impl Margins {
    /// Margins from their lines; a later line replaces an earlier one of the same group.
    pub fn new(margins: impl IntoIterator<Item = RegisterCount>) -> Margins {
        Margins(margins.into_iter().map(|margin| ((margin.sex, margin.age_group), margin.population)).collect())
    }

    /// Reads the bytes of a margins file.
    pub(crate) fn parse(shown: &str, bytes: &[u8]) -> Result<Margins, MarginsError> {
        let unreadable = |message: String| MarginsError::Unreadable { path: shown.to_owned(), message };
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
        let header = reader.headers().map_err(|error| unreadable(error.to_string()))?.clone();
        let find = |name: &'static str| {
            // A spreadsheet may have put a byte order mark before the first name.
            let is_named = |column: &str| column.trim_start_matches('\u{feff}').eq_ignore_ascii_case(name);
            header
                .iter()
                .position(is_named)
                .ok_or_else(|| MarginsError::MissingColumn { path: shown.to_owned(), column: name })
        };
        let columns = [find("sex")?, find("age_group")?, find("population")?];
        let mut margins = Margins::default();
        // Counted here: after a carriage return the reader's own count is one behind.
        for (record, line) in reader.records().zip(2..) {
            let line_error = |message| MarginsError::Line { path: shown.to_owned(), line, message };
            let record = record.map_err(|_| line_error("it has too few or too many fields".to_owned()))?;
            let margin = margin(columns.map(|column| &record[column])).map_err(line_error)?;
            let group = (margin.sex, margin.age_group);
            if margins.0.insert(group, margin.population).is_some() {
                let (sex, age_group) = (margin.sex.code(), margin.age_group.code());
                return Err(line_error(format!("sex {sex}, age group {age_group} appears twice")));
            }
        }
        Ok(margins)
    }
}

fn margin([sex, age_group, population]: [&str; 3]) -> Result<RegisterCount, String> {
    let groups = AgeGroup::ALL.map(AgeGroup::code).join(", ");
    Ok(RegisterCount {
        sex: Sex::from_code(sex).ok_or_else(|| format!("`{sex}` is not a sex; write F or M"))?,
        age_group: AgeGroup::from_code(age_group)
            .ok_or_else(|| format!("`{age_group}` is not an age group; write one of {groups}"))?,
        population: population
            .parse()
            .ok()
            .filter(|population: &f64| population.is_finite() && *population > 0.0)
            .ok_or_else(|| format!("`{population}` is not a number of people above zero"))?,
    })
}
