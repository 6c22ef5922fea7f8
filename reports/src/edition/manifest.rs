//! The seal of an edition: the SHA-256 of every file, and whether a folder still is what was sealed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::identifier::sha256;
use crate::folder::{self, Files};

/// The file that seals an edition.
pub const FILE: &str = "manifest.json";

/// Every file of an edition but the manifest itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The edition's number.
    pub number: u32,
    /// By path with `/` between folders.
    pub files: BTreeMap<String, FileSeal>,
}

/// What a file was when it was sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSeal {
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256 in hexadecimal digits.
    pub sha256: String,
}

/// Why a folder is not what was sealed.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// There is no seal, or it cannot be read.
    #[error("{path} cannot be read: {message}")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        message: String,
    },
    /// Files differ from the seal.
    #[error("{} is not the edition that was sealed: {}", folder.display(), faults.join("; "))]
    Broken {
        /// The edition's folder.
        folder: PathBuf,
        /// Each file that is gone, changed or was not there.
        faults: Vec<String>,
    },
    /// The edition before is not the one that this edition names.
    #[error("{} is not the edition that edition {number} follows: {message}", folder.display())]
    OtherPrevious {
        /// The folder of the edition before.
        folder: PathBuf,
        /// The number of the edition that was verified.
        number: u32,
        /// What differs.
        message: String,
    },
}

impl Manifest {
    /// The seal of `files`.
    pub fn of(number: u32, files: &Files) -> Manifest {
        let seal = |bytes: &Vec<u8>| FileSeal { bytes: bytes.len() as u64, sha256: sha256(bytes) };
        Manifest { number, files: files.iter().map(|(path, bytes)| (path.clone(), seal(bytes))).collect() }
    }

    /// Its file.
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec_pretty(self).expect("numbers and texts always make JSON")
    }
}

/// What was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The edition's number.
    pub number: u32,
    /// Files that are as they were.
    pub n_files: usize,
    /// The SHA-256 of the manifest, by which the next edition knows this one.
    pub manifest_sha256: String,
}

/// Compares every file in `folder` with its seal, and the seal of `previous`, where given, with what the edition says of it.
///
/// # Errors
/// Names each file that is gone, changed, or was not there.
pub fn verify(folder: &Path, previous: Option<&Path>) -> Result<Verified, VerifyError> {
    let sealed = read(&folder.join(FILE))?;
    let manifest: Manifest = parse(&folder.join(FILE), &sealed)?;
    let mut found = BTreeMap::new();
    collect(folder, "", &mut found)?;
    let mut faults = Vec::new();
    for (path, seal) in &manifest.files {
        match found.remove(path) {
            None => faults.push(format!("{path} is gone")),
            Some(now) if now != *seal => faults.push(format!("{path} has changed")),
            Some(_) => {}
        }
    }
    faults.extend(found.into_keys().filter(|path| path != FILE).map(|path| format!("{path} was not there")));
    if !faults.is_empty() {
        return Err(VerifyError::Broken { folder: folder.to_owned(), faults });
    }
    if let Some(previous) = previous {
        verify_previous(folder, previous, manifest.number)?;
    }
    Ok(Verified { number: manifest.number, n_files: manifest.files.len(), manifest_sha256: sha256(&sealed) })
}

fn verify_previous(folder: &Path, previous: &Path, number: u32) -> Result<(), VerifyError> {
    #[derive(Deserialize)]
    struct Mark {
        previous: Option<super::lineage::Reference>,
    }
    let mark_path = folder.join(folder::MARKER);
    let mark: Mark = parse(&mark_path, &read(&mark_path)?)?;
    let before = verify(previous, None)?;
    let other = |message: String| VerifyError::OtherPrevious { folder: previous.to_owned(), number, message };
    let named = mark.previous.ok_or_else(|| other("it names none".to_owned()))?;
    if named.number != before.number {
        return Err(other(format!("it names edition {}, and this is edition {}", named.number, before.number)));
    }
    if named.manifest_sha256 != before.manifest_sha256 {
        return Err(other("its seal is another".to_owned()));
    }
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>, VerifyError> {
    std::fs::read(path).map_err(|error| VerifyError::Unreadable { path: path.to_owned(), message: error.to_string() })
}

fn parse<T: serde::de::DeserializeOwned>(path: &Path, bytes: &[u8]) -> Result<T, VerifyError> {
    serde_json::from_slice(bytes)
        .map_err(|error| VerifyError::Unreadable { path: path.to_owned(), message: error.to_string() })
}

fn collect(folder: &Path, prefix: &str, found: &mut BTreeMap<String, FileSeal>) -> Result<(), VerifyError> {
    let failed =
        |error: std::io::Error| VerifyError::Unreadable { path: folder.to_owned(), message: error.to_string() };
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type().map_err(failed)?.is_dir() {
            collect(&entry.path(), &format!("{name}/"), found)?;
        } else {
            let bytes = read(&entry.path())?;
            found.insert(name, FileSeal { bytes: bytes.len() as u64, sha256: sha256(&bytes) });
        }
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_changed_removed_or_added_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let files: Files =
            [("index.html", "a"), ("dati/a.csv", "b")].map(|(path, text)| (path.to_owned(), text.into())).into();
        let write = |path: &str, bytes: &[u8]| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        };
        let restore = || {
            files.iter().for_each(|(path, bytes)| write(path, bytes));
            write(FILE, &Manifest::of(3, &files).to_json());
        };
        let faults = || match verify(folder.path(), None).unwrap_err() {
            VerifyError::Broken { faults, .. } => faults,
            other => panic!("{other}"),
        };
        restore();
        let verified = verify(folder.path(), None).unwrap();
        assert_eq!((verified.number, verified.n_files), (3, 2));
        write("dati/a.csv", b"c");
        assert_eq!(faults(), ["dati/a.csv has changed"]);
        std::fs::remove_file(folder.path().join("index.html")).unwrap();
        assert_eq!(faults(), ["dati/a.csv has changed", "index.html is gone"]);
        restore();
        write("extra.html", b"");
        assert_eq!(faults(), ["extra.html was not there"]);
        std::fs::remove_file(folder.path().join(FILE)).unwrap();
        assert!(matches!(verify(folder.path(), None), Err(VerifyError::Unreadable { .. })));
    }
}
