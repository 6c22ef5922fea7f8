//! Archived parts of the log: files of one JSON object per row.

use std::{
    fs,
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use super::{
    chain::Head,
    store::Record,
    verify::{AuditError, Flaw, Verifier},
};
use crate::error::AppError;

fn failed(path: &Path, error: &io::Error) -> AppError {
    AppError::StorageUnavailable(format!("{}: {error}", path.display()))
}

/// Writes a segment into `folder`, on the disk when this returns. A segment of the same rows is replaced.
pub(super) fn write(folder: &Path, records: &[Record]) -> Result<(), AppError> {
    let (Some(first), Some(last)) = (records.first(), records.last()) else { return Ok(()) };
    let path = folder.join(format!("audit-{:010}-{:010}.jsonl", first.sequence, last.sequence));
    let staging = path.with_extension("writing");
    let write = || {
        let mut options = fs::OpenOptions::new();
        let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&staging)?;
        for record in records {
            serde_json::to_writer(&mut file, record)?;
            file.write_all(b"\n")?;
        }
        file.sync_all()?;
        fs::rename(&staging, &path)?;
        fs::File::open(folder)?.sync_all()
    };
    write().map_err(|error| failed(&path, &error))
}

/// Verifies archived segments, given in their order, from the first row ever to `end`, where the log goes on; says how many
/// rows they hold.
///
/// # Errors
/// [`AuditError::Broken`] names the first row that does not hold.
pub fn verify_segments(paths: &[PathBuf], end: &Head) -> Result<u64, AuditError> {
    let mut verifier = Verifier::new(Head::genesis(), None);
    for path in paths {
        let text = fs::read_to_string(path).map_err(|error| failed(path, &error))?;
        for line in text.lines() {
            let broken = || AuditError::Broken { sequence: verifier.head().sequence + 1, flaw: Flaw::Changed };
            let record: Record = serde_json::from_str(line).map_err(|_| broken())?;
            verifier.take(&record)?;
        }
    }
    Ok(verifier.finish(end)?.n_rows)
}
