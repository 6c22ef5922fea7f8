//! Writing the folder so that it is either the old snapshot or the whole new one.

use std::{
    ffi::OsString,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::ExportError;

/// An empty folder beside `output`, on the same file system, in which the new snapshot is made.
pub(super) fn staging_folder(output: &Path) -> Result<PathBuf, ExportError> {
    let is_empty = || fs::read_dir(output).is_ok_and(|mut entries| entries.next().is_none());
    if output.exists() && !is_empty() && !output.join("manifest.json").is_file() {
        return Err(ExportError::Occupied(output.to_owned()));
    }
    let staging = beside(output, ".writing");
    if staging.exists() {
        // Left over from an export that was killed.
        fs::remove_dir_all(&staging).map_err(|source| failed(&staging, source))?;
    }
    fs::create_dir_all(&staging).map_err(|source| failed(&staging, source))?;
    Ok(staging)
}

/// Writes a file and waits until it is on the disk.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), ExportError> {
    let write = || {
        let mut file = fs::File::create(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write().map_err(|source| failed(path, source))
}

/// Puts the finished folder in the place of `output`.
pub(super) fn put_in_place(staging: &Path, output: &Path) -> Result<(), ExportError> {
    let old = beside(output, ".replaced");
    if old.exists() {
        fs::remove_dir_all(&old).map_err(|source| failed(&old, source))?;
    }
    if output.exists() {
        fs::rename(output, &old).map_err(|source| failed(output, source))?;
    }
    if let Err(source) = fs::rename(staging, output) {
        let _ = fs::rename(&old, output);
        return Err(failed(output, source));
    }
    if old.exists() {
        fs::remove_dir_all(&old).map_err(|source| failed(&old, source))?;
    }
    Ok(())
}

fn beside(output: &Path, suffix: &str) -> PathBuf {
    let mut name = output.file_name().map_or_else(|| OsString::from("snapshot"), OsString::from);
    name.push(suffix);
    output.with_file_name(name)
}

fn failed(path: &Path, source: io::Error) -> ExportError {
    ExportError::File { path: path.to_owned(), source }
}
