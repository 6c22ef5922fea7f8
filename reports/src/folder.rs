//! Putting a site in its place: whole, or not at all.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The file by which a published site is known; a folder without it is never replaced.
pub const MARKER: &str = "edition.json";

/// Files by relative path with `/` between folders.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Why a site was not put in its place. What stood there still stands.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The folder holds something else.
    #[error(
        "{0} is not empty and holds no published site ({MARKER} is missing). Nothing was changed. Name another folder, or empty this one."
    )]
    NotASite(PathBuf),
    /// A file's path would leave the folder.
    #[error("`{0}` is not a path inside the site. Nothing was changed. Name files by relative paths without `..`.")]
    OutsidePath(String),
    /// The disk refused.
    #[error(
        "cannot write {path}: {source}. What was published before is unchanged. Check free space and permissions, then publish again."
    )]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
}

/// Writes `files` beside `output`, then puts them in its place.
///
/// # Errors
/// See [`FolderError`]; the site that stood in `output` is then unchanged.
pub fn replace(output: &Path, files: &Files) -> Result<(), FolderError> {
    if let Some(path) = files.keys().find(|path| !is_inside(path)) {
        return Err(FolderError::OutsidePath(path.clone()));
    }
    check_replaceable(output)?;
    let fresh = sibling(output, "new");
    let former = sibling(output, "former");
    let at = |path: &Path| {
        let path = path.to_owned();
        move |source| FolderError::Io { path, source }
    };
    remove(&fresh).map_err(at(&fresh))?;
    remove(&former).map_err(at(&former))?;
    if let Err(error) = write(&fresh, files) {
        // The first error is the one to tell; a rest that cannot be removed now is removed next time.
        let _ = remove(&fresh);
        return Err(error);
    }
    let had_former = output.exists();
    if had_former {
        fs::rename(output, &former).map_err(at(output))?;
    }
    if let Err(source) = fs::rename(&fresh, output) {
        if had_former {
            fs::rename(&former, output).map_err(at(output))?;
        }
        return Err(FolderError::Io { path: output.to_owned(), source });
    }
    remove(&former).map_err(at(&former))
}

fn is_inside(path: &str) -> bool {
    !path.is_empty() && path.split('/').all(|part| !matches!(part, "" | "." | "..") && !part.contains(['\\', ':']))
}

fn check_replaceable(output: &Path) -> Result<(), FolderError> {
    let mut entries = match fs::read_dir(output) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(source) => return Err(FolderError::Io { path: output.to_owned(), source }),
    };
    if entries.next().is_some() && !output.join(MARKER).is_file() {
        return Err(FolderError::NotASite(output.to_owned()));
    }
    Ok(())
}

fn sibling(output: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(output.file_name().unwrap_or_default());
    name.push(format!(".{suffix}"));
    output.with_file_name(name)
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn write(folder: &Path, files: &Files) -> Result<(), FolderError> {
    for (path, bytes) in files {
        let path = folder.join(path);
        let parent = path.parent().unwrap_or(folder);
        fs::create_dir_all(parent)
            .and_then(|()| fs::write(&path, bytes))
            .map_err(|source| FolderError::Io { path: path.clone(), source })?;
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn files(entries: &[(&str, &str)]) -> Files {
        entries.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect()
    }

    #[test]
    fn a_site_is_replaced_as_a_whole() {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().join("site");
        replace(&site, &files(&[(MARKER, "1"), ("old/page.html", "old")])).unwrap();
        replace(&site, &files(&[(MARKER, "2"), ("page.html", "new")])).unwrap();
        assert_eq!(fs::read_to_string(site.join(MARKER)).unwrap(), "2");
        assert!(!site.join("old").exists(), "a page of the former edition is still there");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "something was left beside the site");
    }

    #[test]
    fn a_folder_that_is_no_site_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("letters.txt"), "dear").unwrap();
        let error = replace(folder.path(), &files(&[(MARKER, "1")])).unwrap_err();
        assert!(matches!(error, FolderError::NotASite(_)), "{error}");
        assert_eq!(fs::read_to_string(folder.path().join("letters.txt")).unwrap(), "dear");
    }

    #[test]
    fn no_file_leaves_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        for path in ["../page.html", "/page.html", "a//b", "", "a/../../b", "c:\\page"] {
            let error = replace(&folder.path().join("site"), &files(&[(path, "")])).unwrap_err();
            assert!(matches!(error, FolderError::OutsidePath(_)), "{path}: {error}");
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
