//! Backups: one file that holds a consistent state of the database, written while the server runs, and restored into an
//! empty database of either kind. Rows are in the order of their keys. The master key is never in it; sessions and sign-in
//! tickets are not either, because nobody should be signed in by a restore.

mod envelope;
mod format;
mod store;

use std::{
    collections::BTreeMap,
    fs,
    io::{self, BufReader, BufWriter, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};
use format::{Header, Reader, Writer};
use thiserror::Error;

use crate::{
    audit::{Act, AuditError, Head, Verb},
    config::Config,
    database::{Database, DatabaseError},
    error::AppError,
    keys::{
        Keys,
        file::{self, KeyFileError},
    },
};

/// Why there is no backup, or nothing was restored from it.
#[derive(Debug, Error)]
pub enum BackupError {
    /// A file cannot be read or written.
    #[error("{path}: {error}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The file exists already.
    #[error("{0} exists: name a new file, so that no backup is overwritten")]
    Exists(PathBuf),
    /// The file is not a whole backup.
    #[error("{path} is not a whole and unchanged backup: {reason}")]
    Broken {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The backup is encrypted and no key was given.
    #[error("{0} is encrypted: give the file of its key with --decrypt-with")]
    NeedsKey(PathBuf),
    /// A key cannot be used.
    #[error(transparent)]
    Key(#[from] KeyFileError),
    /// The database to restore into holds something.
    #[error(
        "the database is not empty: a backup is restored into a new one; move this one away, or change database.url"
    )]
    NotEmpty,
    /// A newer version made the backup.
    #[error("the backup was made by a newer version of tempi (it knows `{0}`): install that version")]
    Newer(String),
    /// The database cannot be used.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// A query failed.
    #[error("the database failed, nothing was restored: {0}")]
    Query(#[from] AppError),
    /// The audit log in the backup is broken.
    #[error("the data were restored, but not vouched for: {0}")]
    Audit(#[from] AuditError),
}

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupSummary {
    /// How many rows of each table.
    pub rows: BTreeMap<String, u64>,
    /// The head of the audit log in it.
    pub audit_head: Head,
    /// When it was made, to the hour.
    pub made_at: String,
}

impl BackupSummary {
    /// How many rows there are in all.
    pub fn n_rows(&self) -> u64 {
        self.rows.values().sum()
    }
}

fn failed(path: &Path) -> impl Fn(io::Error) -> BackupError {
    move |error| BackupError::File { path: path.to_owned(), error }
}

/// Writes a backup of `database` to `output`, encrypted when `key_file` names a file with 32 bytes in base64, then reads it
/// back and compares.
///
/// # Errors
/// See [`BackupError`]; there is no file at `output` then.
pub async fn backup(
    database: &Database,
    output: &Path,
    key_file: Option<&Path>,
    now: DateTime<Utc>,
) -> Result<BackupSummary, BackupError> {
    if output.exists() {
        return Err(BackupError::Exists(output.to_owned()));
    }
    let key = key_file.map(file::read_from).transpose()?;
    // Before anything leaves: what cannot be recorded does not happen.
    let detail = if key.is_some() { "encrypted" } else { "not encrypted" };
    database.audit().write(&Act::of_system("backup", Verb::BackupMade, detail), now).await?;
    let staging = file::beside(output, ".writing");
    let written = write(database, &staging, key.as_ref(), now).await;
    let checked = match written {
        Ok(()) => check_file(&staging, key.as_ref()),
        Err(error) => Err(error),
    };
    match checked {
        Ok(summary) => {
            fs::rename(&staging, output).map_err(failed(output))?;
            Ok(summary)
        }
        Err(error) => {
            // The half-written file is of no use; if it cannot be removed either, the first error says more.
            let _ = fs::remove_file(&staging);
            Err(error)
        }
    }
}

async fn write(database: &Database, staging: &Path, key: Option<&Keys>, now: DateTime<Utc>) -> Result<(), BackupError> {
    let mut options = fs::OpenOptions::new();
    let file = options.write(true).create(true).truncate(true).mode(0o600).open(staging).map_err(failed(staging))?;
    let sink: Box<dyn Write + Send> = match key {
        Some(key) => Box::new(envelope::Encrypting::new(BufWriter::new(file), key).map_err(failed(staging))?),
        None => Box::new(BufWriter::new(file)),
    };
    let writer = Writer::new(sink);
    store::dump(database, writer, now).await?.map_err(failed(staging))?;
    fs::File::open(staging).and_then(|file| file.sync_all()).map_err(failed(staging))
}

fn open(path: &Path, key: Option<&Keys>) -> Result<Reader, BackupError> {
    let file = BufReader::new(fs::File::open(path).map_err(failed(path))?);
    let broken = |reason: String| BackupError::Broken { path: path.to_owned(), reason };
    let source = match envelope::opened(file, key).map_err(|error| broken(error.to_string()))? {
        Some(source) => source,
        None => return Err(BackupError::NeedsKey(path.to_owned())),
    };
    Reader::new(source).map_err(|error| broken(error.to_string()))
}

/// Reads a backup to its end and holds that it is whole and unchanged.
///
/// # Errors
/// See [`BackupError`].
pub fn check(path: &Path, key_file: Option<&Path>) -> Result<BackupSummary, BackupError> {
    check_file(path, key_file.map(file::read_from).transpose()?.as_ref())
}

fn check_file(path: &Path, key: Option<&Keys>) -> Result<BackupSummary, BackupError> {
    let broken = |reason: String| BackupError::Broken { path: path.to_owned(), reason };
    let mut reader = open(path, key)?;
    while reader.next_entry().map_err(|error| broken(error.to_string()))?.is_some() {}
    let Header { audit_head, made_at, .. } = reader.header().clone();
    let audit_head = audit_head.parse().map_err(|_| broken("its head of the audit log is none".to_owned()))?;
    Ok(BackupSummary { rows: reader.n_rows().clone(), audit_head, made_at })
}

/// Restores a backup into the empty database of an installation whose master key is the one the backup was made with.
/// Everything or nothing; then the audit log is verified and the restore recorded in it.
///
/// # Errors
/// See [`BackupError`].
pub async fn restore(
    config: &Config,
    path: &Path,
    key_file: Option<&Path>,
    now: DateTime<Utc>,
) -> Result<BackupSummary, BackupError> {
    let key = key_file.map(file::read_from).transpose()?;
    let summary = check_file(path, key.as_ref())?;
    let master = file::read(config, false)?;
    let database = Database::open(&config.database_url).await?;
    if !database.is_empty().await? {
        return Err(BackupError::NotEmpty);
    }
    let broken = |reason: String| BackupError::Broken { path: path.to_owned(), reason };
    store::fill(&database, open(path, key.as_ref())?, &master).await?.map_err(broken)?;
    database.migrate().await?;
    database.unlock(&master, &config.survey).await?;
    database.audit().verify(Some(&summary.audit_head)).await?;
    let detail = format!("made {}", summary.made_at);
    database.audit().write(&Act::of_system("backup", Verb::BackupRestored, detail), now).await?;
    database.close().await.map_err(AppError::from)?;
    Ok(summary)
}

#[cfg(test)]
mod tests;
