//! `manifest.json`: what a snapshot is, and what each of its files must hash to.

use std::collections::{BTreeMap, BTreeSet};

use questionnaires::Label;
use ring::digest;
use serde::Serialize;

use super::ExportOptions;
use crate::keys;

/// The version of the snapshot's form.
const SCHEMA_VERSION: u32 = 1;

/// The manifest.
#[derive(Debug, Serialize)]
pub(super) struct Manifest {
    schema_version: u32,
    source: &'static str,
    title: Label,
    population: Label,
    synthetic: bool,
    classification: &'static str,
    timed: bool,
    weights_balance_days: bool,
    instruments: Vec<InstrumentVersion>,
    as_of: String,
    files: BTreeMap<String, FileEntry>,
}

/// A questionnaire that the answers are to.
#[derive(Debug, Serialize)]
pub(super) struct InstrumentVersion {
    pub(super) name: String,
    pub(super) version: u32,
}

#[derive(Debug, Serialize)]
struct FileEntry {
    rows: usize,
    sha256: String,
}

impl Manifest {
    /// The manifest of an export whose files are still to be added.
    pub(super) fn new(options: &ExportOptions, instruments: &BTreeSet<(String, u32)>) -> Manifest {
        Manifest {
            schema_version: SCHEMA_VERSION,
            source: "tempi",
            title: options.title.clone(),
            population: options.population.clone(),
            synthetic: options.synthetic,
            classification: "ACL 2018",
            timed: true,
            weights_balance_days: false,
            instruments: instruments
                .iter()
                .map(|(name, version)| InstrumentVersion { name: name.clone(), version: *version })
                .collect(),
            as_of: options.as_of.format("%Y-%m-%dT%H:00Z").to_string(),
            files: BTreeMap::new(),
        }
    }

    pub(super) fn add_file(&mut self, name: String, rows: usize, bytes: &[u8]) {
        let sha256 = keys::hex(digest::digest(&digest::SHA256, bytes).as_ref());
        self.files.insert(name, FileEntry { rows, sha256 });
    }

    pub(super) fn to_json(&self) -> String {
        let mut json = serde_json::to_string_pretty(self).expect("names are text and nothing else is a key");
        json.push('\n');
        json
    }
}
