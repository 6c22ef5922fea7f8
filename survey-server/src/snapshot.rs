//! The export: what leaves the database for analysis, pseudonymised, as the folder that `docs/ARCHITECTURE.md`
//! describes. Only days that were handed in leave, and only of people who agreed and handed in their questionnaire.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};
use questionnaires::{Label, activity, exchange::ddi};
use thiserror::Error;

use crate::{
    audit::{Act, Verb},
    database::Database,
    error::AppError,
    keys::Keys,
    residents::admission::Who,
};

mod file;
mod manifest;
mod person;
pub(crate) mod store;
mod table;
pub mod visibility;

use manifest::Manifest;
pub use person::Disagreements;
use table::{Column, Table, Values};

/// The purpose of an export when nobody says another.
pub const USUAL_PURPOSE: &str = "analysis";

/// What an export says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportOptions {
    /// The instant it is of; it leaves rounded down to the hour.
    pub as_of: DateTime<Utc>,
    /// What it is for: exports for different purposes know people by different pseudonyms.
    pub purpose: String,
    /// Whether the data are invented.
    pub synthetic: bool,
    /// The survey's name.
    pub title: Label,
    /// Whom it describes.
    pub population: Label,
    /// Whom the survey is about.
    pub who: Who,
    /// Whether people stay out who are in no sample, where one was drawn: those who came by themselves.
    pub sampled_only: bool,
    /// Whether words of people's own leave too. They may tell who wrote them.
    pub with_texts: bool,
}

/// What an export holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExportSummary {
    /// People.
    pub n_persons: usize,
    /// Days.
    pub n_diaries: usize,
    /// Days among them whose grade keeps them out of estimates.
    pub n_rejected: usize,
    /// Episodes.
    pub n_episodes: usize,
    /// How often what people told and the register differ.
    pub disagreements: Disagreements,
    /// People who are in no sample although one was drawn: they came by themselves, and have no weight. They stay out where
    /// only the sample is wanted.
    pub n_outside_sample: usize,
    /// City users: they are in no register and declared themselves. They have no weight.
    pub n_city_users: usize,
    /// People left out: the survey is for residents and city users, they are not in the register, and have not declared
    /// themselves or answer that they live here.
    pub n_neither: usize,
}

/// Why nothing was exported. The output folder is then as it was before.
#[derive(Debug, Error)]
pub enum ExportError {
    /// The database cannot be read.
    #[error("the database cannot be read, nothing was exported: {0}")]
    Database(#[from] AppError),
    /// A file cannot be written.
    #[error(
        "{path} cannot be written, nothing was exported: {source}; check the space and the permissions, then repeat"
    )]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A table does not fit the form of a Parquet file.
    #[error("the table {table} cannot be written as Parquet, nothing was exported: {message}")]
    Parquet {
        /// Which.
        table: &'static str,
        /// Why.
        message: String,
    },
    /// The output folder holds something else.
    #[error("{0} exists and is not a snapshot: name a new folder, so that nothing is overwritten")]
    Occupied(PathBuf),
}

/// Writes the snapshot of `database` into the folder `output`. An earlier snapshot there is replaced at once, when
/// the new one is complete.
///
/// # Errors
/// See [`ExportError`]; `output` is then untouched.
pub async fn export(
    database: &Database,
    keys: &Keys,
    output: &Path,
    options: &ExportOptions,
) -> Result<ExportSummary, ExportError> {
    let rows = store::read(database, keys, options).await?;
    let summary = ExportSummary {
        n_persons: rows.persons.len(),
        n_diaries: rows.diaries.len(),
        n_rejected: rows.diaries.iter().filter(|diary| diary.grade == "rejected").count(),
        n_episodes: rows.episodes.len(),
        disagreements: rows.disagreements,
        n_outside_sample: rows.n_outside_sample,
        n_city_users: rows.n_city_users,
        n_neither: rows.n_neither,
    };
    let mut tables = vec![persons(&rows), diaries(&rows), episodes(&rows), answers(&rows), classification()];
    if !rows.paradata.is_empty() {
        tables.push(paradata(&rows));
    }
    let staging = file::staging_folder(output)?;
    let codebooks = codebooks(database, &rows);
    let mut written = write_all(&staging, &tables, &codebooks, options, &rows.instruments);
    if written.is_ok() {
        // Before anything leaves: what cannot be recorded does not happen.
        written = record(database, options, &summary).await;
    }
    let written = written.and_then(|()| file::put_in_place(&staging, output));
    if written.is_err() {
        // The half-written folder is of no use; if it cannot be removed either, the first error says more.
        let _ = fs::remove_dir_all(&staging);
    }
    written.map(|()| summary)
}

async fn record(database: &Database, options: &ExportOptions, summary: &ExportSummary) -> Result<(), ExportError> {
    let ExportSummary { n_persons, n_diaries, .. } = summary;
    let detail = format!("for {}: {n_persons} persons, {n_diaries} days", options.purpose);
    let act = Act::of_system("export", Verb::Exported, detail);
    Ok(database.audit().write(&act, options.as_of).await?)
}

fn write_all(
    folder: &Path,
    tables: &[Table],
    codebooks: &[Codebook],
    options: &ExportOptions,
    instruments: &BTreeSet<(String, u32)>,
) -> Result<(), ExportError> {
    let mut manifest = Manifest::new(options, instruments);
    for table in tables {
        for (extension, bytes) in [("parquet", table.to_parquet()?), ("csv", table.to_csv())] {
            let name = format!("{}.{extension}", table.name);
            file::write(&folder.join(&name), &bytes)?;
            manifest.add_file(name, table.n_rows(), &bytes);
        }
    }
    for Codebook { name, n_variables, xml, toml } in codebooks {
        for (name, text) in [(format!("codebook-{name}.xml"), xml), (format!("questionnaire-{name}.toml"), toml)] {
            file::write(&folder.join(&name), text.as_bytes())?;
            manifest.add_file(name, *n_variables, text.as_bytes());
        }
    }
    file::write(&folder.join("manifest.json"), manifest.to_json().as_bytes())
}

/// The description of the answers to one questionnaire, and what was asked in it.
struct Codebook {
    name: String,
    n_variables: usize,
    xml: String,
    toml: String,
}

/// A codebook, and the questionnaire itself, for each version of a questionnaire that somebody answered.
fn codebooks(database: &Database, rows: &store::Rows) -> Vec<Codebook> {
    let catalogue = database.questionnaires();
    let versions = rows.instruments.iter().filter_map(|(name, version)| catalogue.version(name, *version));
    versions
        .map(|instrument| {
            let xml = ddi::codebook(&[instrument]);
            Codebook {
                name: format!("{}-{}", instrument.name, instrument.version),
                n_variables: xml.matches("<var ").count(),
                xml,
                toml: instrument.to_toml(),
            }
        })
        .collect()
}

fn persons(rows: &store::Rows) -> Table {
    let people = &rows.persons;
    Table::new(
        "persons",
        vec![
            Column::required("person_id", Values::text(people.iter().map(|person| Some(person.person_id.clone())))),
            Column::optional("household_id", Values::text(people.iter().map(|person| person.household_id.clone()))),
            Column::required("sex", Values::text(people.iter().map(|person| Some(person.sex.clone())))),
            Column::optional("age", Values::integer(people.iter().map(|person| person.age))),
            Column::optional("zone", Values::text(people.iter().map(|person| person.zone.clone()))),
            Column::optional("weight", Values::Real(people.iter().map(|person| person.weight).collect())),
            Column::optional("stratum", Values::text(people.iter().map(|person| person.stratum.clone()))),
            Column::optional("cluster", Values::text(people.iter().map(|person| person.cluster.clone()))),
        ],
    )
}

fn diaries(rows: &store::Rows) -> Table {
    let days = &rows.diaries;
    Table::new(
        "diaries",
        vec![
            Column::required("diary_id", Values::text(days.iter().map(|day| Some(day.diary_id.clone())))),
            Column::required("person_id", Values::text(days.iter().map(|day| Some(day.person_id.clone())))),
            Column::required("day_kind", Values::text(days.iter().map(|day| Some(day.day_kind.to_owned())))),
            Column::optional("month", Values::text(days.iter().map(|day| Some(day.month.clone())))),
            Column::required("grade", Values::text(days.iter().map(|day| Some(day.grade.to_owned())))),
            Column::optional("weight", Values::Real(days.iter().map(|_| None).collect())),
            Column::required("mode", Values::text(days.iter().map(|day| Some(day.mode.clone())))),
            Column::optional("copied_from", Values::text(days.iter().map(|day| day.copied_from.clone()))),
        ],
    )
}

fn episodes(rows: &store::Rows) -> Table {
    let ids = rows.episodes.iter().map(|(diary_id, _)| Some(diary_id.clone()));
    let each = || rows.episodes.iter().map(|(_, episode)| episode);
    Table::new(
        "episodes",
        vec![
            Column::required("diary_id", Values::text(ids)),
            Column::optional("start_minute", Values::integer(each().map(|episode| Some(episode.start_minute.into())))),
            Column::required("minutes", Values::integer(each().map(|episode| Some(episode.minutes.into())))),
            Column::required("main", Values::text(each().map(|episode| Some(episode.main.0.to_string())))),
            Column::optional("secondary", Values::text(each().map(|episode| Some(episode.secondary?.0.to_string())))),
            Column::optional("location", Values::text(each().map(|episode| Some(episode.location.code())))),
            Column::optional(
                "with_whom",
                Values::text(each().map(|episode| (!episode.with_whom.is_empty()).then(|| episode.with_whom.code()))),
            ),
            Column::optional("device", Values::integer(each().map(|episode| episode.device.map(i64::from)))),
            Column::optional(
                "enjoyment",
                Values::integer(each().map(|episode| Some(i64::from(episode.enjoyment?.value())))),
            ),
        ],
    )
}

fn answers(rows: &store::Rows) -> Table {
    let rows = &rows.answers;
    Table::new(
        "answers",
        vec![
            Column::required("person_id", Values::text(rows.iter().map(|row| Some(row.person_id.clone())))),
            Column::required("question", Values::text(rows.iter().map(|row| Some(row.question.clone())))),
            Column::required("value", Values::text(rows.iter().map(|row| Some(row.value.clone())))),
        ],
    )
}

/// There only where somebody agreed to it.
fn paradata(rows: &store::Rows) -> Table {
    let rows = &rows.paradata;
    let number = |name, of: fn(&store::ParadataRow) -> i64| {
        Column::required(name, Values::integer(rows.iter().map(|row| Some(of(row)))))
    };
    Table::new(
        "paradata",
        vec![
            Column::required("diary_id", Values::text(rows.iter().map(|row| Some(row.diary_id.clone())))),
            Column::required("device", Values::text(rows.iter().map(|row| Some(row.device.clone())))),
            number("n_edits", |row| row.n_edits),
            number("minutes_telling", |row| row.minutes_telling),
            number("minutes_details", |row| row.minutes_details),
            number("minutes_review", |row| row.minutes_review),
        ],
    )
}

/// The Activity Coding List: every code reports itself, that is, every activity that begins with it.
fn classification() -> Table {
    let mut list: Vec<_> = activity::all().iter().collect();
    list.sort_by_key(|activity| (activity.level, activity.code));
    let code = || list.iter().map(|activity| Some(activity.code.to_string()));
    Table::new(
        "classification",
        vec![
            Column::required("code", Values::text(code())),
            Column::required("level", Values::integer(list.iter().map(|activity| Some(activity.level.into())))),
            Column::required("label_it", Values::text(list.iter().map(|activity| Some(activity.label.it.clone())))),
            Column::required("label_en", Values::text(list.iter().map(|activity| Some(activity.label.en.clone())))),
            Column::required("members", Values::text(code())),
        ],
    )
}

#[cfg(test)]
mod tests;
