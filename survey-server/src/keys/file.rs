//! The file of the master key.

use std::{
    ffi::OsString,
    fs,
    io::{self, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use thiserror::Error;

use super::{KeyError, Keys};
use crate::config::Config;

/// Why there is no master key.
#[derive(Debug, Error)]
pub enum KeyFileError {
    /// The file cannot be read or made.
    #[error("the key file {path} cannot be used: {error}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The file is missing while the database already holds data.
    #[error(
        "the key file {0} is missing, but the database already holds data written with it: put back the key file of this installation (see the backup), or change keys.file"
    )]
    Missing(PathBuf),
    /// The file does not hold a key.
    #[error("the key file {path} is not usable: {error}. It must hold 32 bytes in base64")]
    NoKey {
        /// Which.
        path: PathBuf,
        /// Why.
        error: KeyError,
    },
    /// The environment does not hold a key.
    #[error("TEMPI_KEYS_MASTER is not usable: {0}. It must hold 32 bytes in base64")]
    Environment(KeyError),
    /// Others than its owner may read the file.
    #[error("the key file {0} may be read by others than its owner: run `chmod 600` on it")]
    Exposed(PathBuf),
}

/// Reads the master key; makes a file when there is none and `may_generate`, that is, before anything was written with
/// a key. Generating it later would orphan every identity in the database.
pub(crate) fn read(config: &Config, may_generate: bool) -> Result<Keys, KeyFileError> {
    if let Some(master) = &config.master_key {
        return Keys::from_base64(master.reveal()).map_err(KeyFileError::Environment);
    }
    let path = config.key_file.as_path();
    if !path.exists() {
        if !may_generate {
            return Err(KeyFileError::Missing(path.to_owned()));
        }
        generate(path)?;
        tracing::warn!(path = %path.display(), "a new key file was made: keep a copy of it apart from the database's backup");
    }
    read_from(path)
}

/// Reads the master key of a file that only its owner may read.
pub(crate) fn read_from(path: &Path) -> Result<Keys, KeyFileError> {
    let failed = |error| KeyFileError::File { path: path.to_owned(), error };
    if fs::metadata(path).map_err(failed)?.permissions().mode() & 0o077 != 0 {
        return Err(KeyFileError::Exposed(path.to_owned()));
    }
    let text = fs::read_to_string(path).map_err(failed)?;
    Keys::from_base64(&text).map_err(|error| KeyFileError::NoKey { path: path.to_owned(), error })
}

/// Makes a file with a new master key, on the disk when this returns.
///
/// # Errors
/// Also when the file exists.
pub fn generate(path: &Path) -> Result<(), KeyFileError> {
    write(path, &Keys::generate())
}

fn write(path: &Path, text: &str) -> Result<(), KeyFileError> {
    let write = || {
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        writeln!(file, "{}", text.trim())?;
        file.sync_all()?;
        sync_folder(path)
    };
    write().map_err(|error| KeyFileError::File { path: path.to_owned(), error })
}

/// Keeps a copy of the key at `path` under the name of `fingerprint`; says where.
pub(super) fn keep(path: &Path, fingerprint: &str) -> Result<PathBuf, KeyFileError> {
    let kept = beside(path, &format!(".{fingerprint}"));
    if !kept.exists() {
        let text = fs::read_to_string(path).map_err(|error| KeyFileError::File { path: path.to_owned(), error })?;
        write(&kept, &text)?;
    }
    Ok(kept)
}

/// Puts `next` in the place of `path`, at once.
pub(super) fn replace(path: &Path, next: &Path) -> Result<(), KeyFileError> {
    let replaced = fs::rename(next, path).and_then(|()| sync_folder(path));
    replaced.map_err(|error| KeyFileError::File { path: path.to_owned(), error })
}

/// A file beside `path` whose name is longer by `suffix`.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.file_name().map_or_else(OsString::new, OsString::from);
    name.push(suffix);
    path.with_file_name(name)
}

fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::File::open(folder)?.sync_all()
}
