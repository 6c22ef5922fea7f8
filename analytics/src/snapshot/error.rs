//! Why a snapshot cannot be used or written: each error names the file, what is wrong with it and the remedy.

/// A snapshot that cannot be used or written.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// A file of the snapshot is not there or cannot be read.
    #[error("cannot read {path}: {source}. {REMEDY}")]
    Unreadable {
        /// The file.
        path: String,
        /// The cause.
        source: std::io::Error,
    },
    /// `manifest.json` is not a manifest.
    #[error("{path} is not a snapshot's manifest: {message}. {REMEDY}")]
    Manifest {
        /// The file.
        path: String,
        /// What is wrong.
        message: String,
    },
    /// The snapshot's form is not this program's.
    #[error("{path} has schema version {found}, this program reads {expected}. {}", schema_remedy(*found, *expected))]
    SchemaVersion {
        /// The manifest.
        path: String,
        /// Its version.
        found: u32,
        /// The version that can be read.
        expected: u32,
    },
    /// The manifest does not list a file that every snapshot has.
    #[error("{path} does not list `{file}`. {REMEDY}")]
    NotListed {
        /// The manifest.
        path: String,
        /// The file that it should list.
        file: String,
    },
    /// A file is not the one that was written.
    #[error("{path} was changed after it was written: its SHA-256 is {found}, the manifest says {expected}. {REMEDY}")]
    Checksum {
        /// The file.
        path: String,
        /// Its checksum.
        found: String,
        /// The manifest's.
        expected: String,
    },
    /// A table has more or fewer rows than the manifest says.
    #[error("{path} has {found} rows, the manifest says {expected}. {REMEDY}")]
    RowCount {
        /// The file.
        path: String,
        /// Its rows.
        found: u64,
        /// The manifest's.
        expected: u64,
    },
    /// A table's columns are not those of a snapshot.
    #[error("{path}: {message}. {REMEDY}")]
    Table {
        /// The file.
        path: String,
        /// What is wrong.
        message: String,
    },
    /// A row says something that cannot be.
    #[error("{path}, row {row}: {message}. Correct it at its source and make the snapshot again.")]
    Row {
        /// The file.
        path: String,
        /// The row, counted from 1 without the header.
        row: usize,
        /// What is wrong, with the ids.
        message: String,
    },
    /// A diary's episodes do not make a day.
    #[error("diary `{diary}`: {message}. Correct it at its source and make the snapshot again.")]
    Diary {
        /// The diary's id.
        diary: String,
        /// What is wrong.
        message: String,
    },
    /// The folder cannot be written.
    #[error("cannot write the snapshot {path}: {source}. What was there before is unchanged.")]
    Write {
        /// The folder.
        path: String,
        /// The cause.
        source: std::io::Error,
    },
}

const REMEDY: &str = "Nothing was computed; make the snapshot again with `tempi export` or `tempi import`.";

fn schema_remedy(found: u32, expected: u32) -> &'static str {
    if found > expected {
        "A newer program wrote it: update tempi."
    } else {
        "An older program wrote it: make the snapshot again."
    }
}
