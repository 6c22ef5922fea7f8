//! Where a release lies on disk: its plan, its work while it is computed, and its result. All of it is for the owner of the
//! folder only.

use std::{
    fs::{self, DirBuilder},
    io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

use ring::digest::{SHA256, digest};

/// The folder of one release.
#[derive(Debug, Clone)]
pub(super) struct ReleaseFolder {
    root: PathBuf,
}

impl ReleaseFolder {
    pub(super) fn new(releases: &Path, release_id: &str) -> ReleaseFolder {
        ReleaseFolder { root: releases.join(release_id) }
    }

    /// Makes the folder, with the folder of releases above it.
    pub(super) fn create(&self) -> io::Result<()> {
        make_private(&self.root)
    }

    /// What was asked, in TOML.
    pub(super) fn plan(&self) -> PathBuf {
        self.root.join("release.toml")
    }

    /// What the edition says of itself, in TOML.
    pub(super) fn edition(&self) -> PathBuf {
        self.root.join("edition.toml")
    }

    /// The edition as it was approved, with its number and hour.
    pub(super) fn approved_edition(&self) -> PathBuf {
        self.root.join("edition-approved.toml")
    }

    /// The form as it was filled in.
    pub(super) fn form(&self) -> PathBuf {
        self.root.join("form.json")
    }

    /// The known totals that were typed in.
    pub(super) fn margins(&self) -> PathBuf {
        self.root.join("margins.csv")
    }

    /// Where a run works; removed when it ends.
    pub(super) fn work(&self) -> PathBuf {
        self.root.join("work")
    }

    /// What the last run made.
    pub(super) fn result(&self) -> PathBuf {
        self.root.join("result")
    }

    pub(super) fn estimates(&self) -> PathBuf {
        self.result().join("estimates")
    }

    pub(super) fn draft(&self) -> PathBuf {
        self.result().join("draft")
    }

    pub(super) fn comparison(&self) -> PathBuf {
        self.result().join("comparison.json")
    }

    pub(super) fn history(&self) -> PathBuf {
        self.result().join("history.json")
    }

    /// The fingerprint of the history that the run began with.
    pub(super) fn history_before(&self) -> PathBuf {
        self.result().join("history-before")
    }

    /// Begins a run: an empty folder of work with the history so far, and no result.
    pub(super) fn begin(&self, history: &Path) -> io::Result<()> {
        self.clear_work()?;
        remove(&self.result())?;
        make_private(&self.work())?;
        if history.exists() {
            fs::copy(history, self.work().join("history.json"))?;
        }
        fs::write(self.work().join("history-before"), fingerprint(history)?)
    }

    /// Ends a run that has made something: what it made is the result.
    pub(super) fn finish(&self) -> io::Result<()> {
        remove(&self.work().join("snapshot"))?;
        fs::rename(self.work(), self.result())
    }

    /// Removes whatever a run has begun.
    pub(super) fn clear_work(&self) -> io::Result<()> {
        remove(&self.work())
    }

    /// Whether the history has not changed since the run began, but for what this release added itself.
    pub(super) fn is_up_to_date(&self, history: &Path) -> io::Result<bool> {
        let now = fingerprint(history)?;
        Ok(fs::read_to_string(self.history_before())? == now || fingerprint(&self.history())? == now)
    }
}

/// The file of what earlier editions of a survey told.
pub(super) fn history(releases: &Path, survey: &str) -> PathBuf {
    releases.join("history").join(format!("{survey}.json"))
}

/// Puts the history of an approved release in the place of the one before, at once.
pub(super) fn keep_history(from: &Path, history: &Path) -> io::Result<()> {
    if let Some(folder) = history.parent() {
        make_private(folder)?;
    }
    let fresh = history.with_extension("new");
    fs::copy(from, &fresh)?;
    fs::File::open(&fresh)?.sync_all()?;
    fs::rename(&fresh, history)
}

/// Folders for their owner only; those that are there stay as they are.
fn make_private(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

fn fingerprint(file: &Path) -> io::Result<String> {
    match fs::read(file) {
        Ok(bytes) => Ok(digest(&SHA256, &bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(error),
    }
}

pub(super) fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_run_works_apart_and_its_result_is_there_whole_or_not_at_all() {
        let releases = tempfile::tempdir().unwrap();
        let folder = ReleaseFolder::new(releases.path(), "a");
        let history = history(releases.path(), "s");
        folder.create().unwrap();
        folder.begin(&history).unwrap();
        assert_eq!(fs::metadata(folder.work()).unwrap().permissions().mode() & 0o777, 0o700);
        fs::create_dir(folder.work().join("snapshot")).unwrap();
        fs::write(folder.work().join("history.json"), "[1]").unwrap();
        folder.finish().unwrap();
        assert!(folder.history().exists() && !folder.work().exists() && !folder.result().join("snapshot").exists());
        // Another edition is approved meanwhile.
        assert!(folder.is_up_to_date(&history).unwrap());
        keep_history(&folder.history(), &history).unwrap();
        assert!(folder.is_up_to_date(&history).unwrap(), "what this release added itself");
        fs::write(&history, "[2]").unwrap();
        assert!(!folder.is_up_to_date(&history).unwrap());
        folder.begin(&history).unwrap();
        assert!(!folder.result().exists(), "a new run takes the former result away");
        assert_eq!(fs::read_to_string(folder.work().join("history.json")).unwrap(), "[2]");
    }
}
