//! Output folders and files appear whole or not at all: written beside their place, then moved into it.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

/// A folder being written beside `place`; dropped without [`OutputFolder::publish`], it leaves no trace.
#[derive(Debug)]
pub(crate) struct OutputFolder {
    place: PathBuf,
    draft: PathBuf,
}

impl OutputFolder {
    /// Begins a folder to be moved to `place`. An existing folder there is replaced only if it holds
    /// the file `mark`, as earlier output does, or nothing.
    pub(crate) fn begin(place: &Path, mark: &str) -> io::Result<OutputFolder> {
        if place.exists() && !place.join(mark).is_file() && std::fs::read_dir(place)?.next().is_some() {
            let message = format!(
                "the folder holds other files (no `{mark}`), so it was left as it is; name a new or empty folder"
            );
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, message));
        }
        let draft = beside(place, ".unfinished")?;
        remove_if_there(&draft)?;
        std::fs::create_dir_all(&draft)?;
        Ok(OutputFolder { place: place.to_owned(), draft })
    }

    /// Where to write.
    pub(crate) fn path(&self) -> &Path {
        &self.draft
    }

    /// Moves the folder into its place.
    pub(crate) fn publish(self) -> io::Result<()> {
        let former = beside(&self.place, ".former")?;
        remove_if_there(&former)?;
        if self.place.exists() {
            std::fs::rename(&self.place, &former)?;
        }
        std::fs::rename(&self.draft, &self.place)?;
        remove_if_there(&former)
    }
}

impl Drop for OutputFolder {
    fn drop(&mut self) {
        // After `publish` the draft is gone; before it, a failure has its own error to tell.
        let _ = remove_if_there(&self.draft);
    }
}

/// Lets `write` make a file beside `place`, then moves it there: an earlier file is whole until then, and a failure leaves
/// no trace. `write` has its bytes on the disk when it returns.
pub(crate) fn write_file(place: &Path, write: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
    let draft = beside(place, ".unfinished")?;
    let written = write(&draft).and_then(|()| std::fs::rename(&draft, place));
    if written.is_err() {
        let _ = std::fs::remove_file(&draft);
    }
    written
}

fn beside(place: &Path, suffix: &str) -> io::Result<PathBuf> {
    let name =
        place.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the output needs a name"))?;
    let mut sibling = OsString::from(".");
    sibling.push(name);
    sibling.push(suffix);
    Ok(place.with_file_name(sibling))
}

fn remove_if_there(folder: &Path) -> io::Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
