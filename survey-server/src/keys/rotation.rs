//! Replacing the master key. The new key is on the disk before the database changes; the database changes in one
//! transaction; the key file is replaced after it. A rotation that was broken off is ended by running it again.
//!
//! The keys of the surveys, hence the names of respondents and the pseudonyms of exports, stay what they are and are wrapped
//! anew: new ones would cut later exports of a survey off from earlier ones, and could not be made at all for a survey
//! whose link to people was destroyed. Fiscal codes get new digests and seals, the head of the audit log a new key.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use thiserror::Error;

use super::{
    Keys,
    file::{self, KeyFileError},
    store,
};
use crate::{
    config::Config,
    database::{Database, DatabaseError},
    error::AppError,
};

/// Why the keys were not rotated, or not to the end.
#[derive(Debug, Error)]
pub enum RotationError {
    /// The key file cannot be used.
    #[error(transparent)]
    Key(#[from] KeyFileError),
    /// The database cannot be used.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The transaction failed.
    #[error("nothing was changed: {0}")]
    Rotate(#[from] AppError),
    /// The key does not come from a file.
    #[error(
        "the master key comes from the environment: name the file that shall receive the new key with --new-key-file, then give its content to the service"
    )]
    NoFile,
}

/// What a rotation did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotated {
    /// How many identities were sealed anew; none when an earlier rotation had got so far.
    pub n_identities: usize,
    /// Where the key lies that was in force before. Backups made before need it; destroy it when they are gone.
    pub old_key: Option<PathBuf>,
    /// Where the new key lies.
    pub new_key: PathBuf,
}

/// Whether a rotation was broken off after the database had changed and before the key file was replaced.
pub(crate) async fn is_unfinished(config: &Config, database: &Database) -> bool {
    let next = file::beside(&config.key_file, ".next");
    match file::read_from(&next) {
        Ok(next) => database.recognise(&next).await.is_ok(),
        Err(_) => false,
    }
}

/// Rotates the keys of an installation. The server should be stopped: one that runs refuses new sign-ins afterwards, until it
/// is started again with the new key.
///
/// # Errors
/// See [`RotationError`]; run it again.
pub async fn rotate(
    config: &Config,
    new_key_file: Option<PathBuf>,
    now: DateTime<Utc>,
) -> Result<Rotated, RotationError> {
    let old = file::read(config, false)?;
    let is_from_file = config.master_key.is_none();
    let next = match new_key_file {
        Some(path) => path,
        None if is_from_file => file::beside(&config.key_file, ".next"),
        None => return Err(RotationError::NoFile),
    };
    if !next.exists() {
        file::generate(&next)?;
    }
    let new = file::read_from(&next)?;
    let database = Database::open(&config.database_url).await?;
    database.check_schema().await?;
    let n_identities = match database.recognise(&new).await {
        Ok(()) => 0,
        Err(_) => rotate_database(&database, config, &old, &new, now).await?,
    };
    database.close().await.map_err(AppError::from)?;
    if !is_from_file {
        return Ok(Rotated { n_identities, old_key: None, new_key: next });
    }
    let old_key = file::keep(&config.key_file, old.fingerprint())?;
    file::replace(&config.key_file, &next)?;
    Ok(Rotated { n_identities, old_key: Some(old_key), new_key: config.key_file.clone() })
}

async fn rotate_database(
    database: &Database,
    config: &Config,
    old: &Keys,
    new: &Keys,
    now: DateTime<Utc>,
) -> Result<usize, RotationError> {
    let old = database.unlock(old, &config.survey).await?;
    Ok(store::rotate(database, &old, new, now).await?)
}
