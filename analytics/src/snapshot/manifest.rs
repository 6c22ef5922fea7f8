//! `manifest.json`: what a snapshot is, and the length and checksum of each of its files.

use std::collections::BTreeMap;
use std::path::Path;

use questionnaires::Label;
use ring::digest;
use serde::{Deserialize, Serialize};

/// The version of the snapshot's form that this program writes and reads.
pub const SCHEMA_VERSION: u32 = 1;

/// The content of `manifest.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the snapshot's form.
    pub schema_version: u32,
    /// What the snapshot says of itself.
    #[serde(flatten)]
    pub description: Description,
    /// Every other file of the folder, by name.
    pub files: BTreeMap<String, FileEntry>,
}

/// What a snapshot says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Description {
    /// Who made it: `tempi`, `atus`, …
    pub source: String,
    /// Name of the survey.
    pub title: Label,
    /// Whom it describes.
    pub population: Label,
    /// Whether the data are invented.
    pub synthetic: bool,
    /// Name of the classification of activities.
    pub classification: String,
    /// Whether episodes have start times.
    pub timed: bool,
    /// Whether the weights already make the seven days of the week equal.
    pub weights_balance_days: bool,
    /// The questionnaires and their versions.
    pub instruments: Vec<Instrument>,
    /// As-of time, to the hour: `2026-11-22T18:00Z`.
    pub as_of: String,
}

/// A questionnaire that was used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instrument {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: u32,
}

/// What the manifest says of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Rows, the header left out.
    pub rows: u64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
}

/// SHA-256 of a file, hexadecimal.
pub(crate) fn sha256_of_file(path: &Path) -> std::io::Result<String> {
    let mut context = digest::Context::new(&digest::SHA256);
    let mut file = std::fs::File::open(path)?;
    let mut buffer = vec![0; 1 << 16];
    loop {
        match std::io::Read::read(&mut file, &mut buffer)? {
            0 => return Ok(hexadecimal(context.finish().as_ref())),
            read => context.update(&buffer[..read]),
        }
    }
}

/// SHA-256 of bytes, hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hexadecimal(digest::digest(&digest::SHA256, bytes).as_ref())
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
