//! The American Time Use Survey's activity summary file (Bureau of Labor Statistics, BLS): one respondent, one
//! day, and the minutes of each activity code, as comma-separated text, plain or gzip.
//!
//! The file gives totals without times of day, and weights that already make the seven days of the
//! week equal. Tier 50 (what could not be coded) is left out of some editions of the file: minutes
//! that no column holds are then kept under the code `50`, so that every day is whole.

mod activities;
mod file;
mod respondent;

use std::path::{Path, PathBuf};

use questionnaires::Label;

use crate::snapshot::{Description, SnapshotError, Writer};

/// What an import may be asked.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Name of the survey; unless given, the American Time Use Survey and the years of the file.
    pub title: Option<Label>,
}

/// What an import found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportSummary {
    /// Respondents; each gives one diary day.
    pub n_persons: u64,
    /// Activity totals above zero.
    pub n_episodes: u64,
    /// Activity codes the file has columns for.
    pub n_activity_codes: u64,
    /// Minutes of all days together that no column of the file holds.
    pub n_minutes_uncoded: u64,
}

/// Why a file cannot be imported. Nothing is written then.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be read.
    #[error("cannot read {path}: {source}. Nothing was written; check the path and that the download is complete.")]
    Io {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// The first line is not that of an activity summary file.
    #[error(
        "{path}, line 1: the column `{column}` is missing. Nothing was written; this import reads the \
         activity summary file of the American Time Use Survey (atussum), with its header line."
    )]
    MissingColumn {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
    },
    /// A line cannot be split into its fields.
    #[error("{path}, line {line}: {message}. Nothing was written; correct the line or download the file again.")]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: u64,
        /// What is wrong.
        message: String,
    },
    /// A field does not hold what its column should.
    #[error(
        "{path}, line {line}, column `{column}`: `{value}` is not {expected}. Nothing was written; \
         correct the field or download the file again."
    )]
    Field {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: u64,
        /// The column.
        column: String,
        /// What the field holds.
        value: String,
        /// What it should hold.
        expected: &'static str,
    },
    /// There are no respondents.
    #[error("{path} has a header line and no respondents. Nothing was written; download the file again.")]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// The snapshot cannot be written.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
}

/// Makes a snapshot at `output` from the activity summary file at `input`; an earlier snapshot there is replaced.
pub fn import(input: &Path, output: &Path, options: &Options) -> Result<ImportSummary, ImportError> {
    let file = file::read(input)?;
    let summary = ImportSummary {
        n_persons: file.persons.len() as u64,
        n_episodes: file.episodes.len() as u64,
        n_activity_codes: file.activity_codes.len() as u64,
        n_minutes_uncoded: file.n_minutes_uncoded,
    };
    let (first, last) = (file.years.0, file.years.1);
    let years = if first == last { first.to_string() } else { format!("{first}–{last}") };
    let title = Label::new(format!("American Time Use Survey {years}"), format!("American Time Use Survey {years}"));
    let population = Label::new(
        format!("Popolazione civile di 15 anni e più, Stati Uniti, {years}"),
        format!("Civilian population aged 15 and over, United States, {years}"),
    );
    let description = Description {
        source: "atus".to_owned(),
        title: options.title.clone().unwrap_or(title),
        population,
        synthetic: false,
        classification: "ATUS 2003-2015".to_owned(),
        timed: false,
        weights_balance_days: true,
        instruments: Vec::new(),
        as_of: file.as_of,
    };
    let writer = Writer {
        description,
        persons: file.persons,
        diaries: file.diaries,
        episodes: file.episodes,
        answers: file.answers,
        classification: activities::classification(&file.activity_codes),
    };
    writer.write(output)?;
    Ok(summary)
}
