//! Where reference data and the results of other software lie, outside the repository. Tests that need
//! them say so and pass when they are absent.

use std::path::PathBuf;

/// The folder of microdata and published tables: `TEMPI_REFERENCE_DATA`, or `../shared/data` beside the workspace.
pub fn data() -> Option<PathBuf> {
    folder("TEMPI_REFERENCE_DATA", "data")
}

/// The folder of reference results: `TEMPI_REFERENCE_ORACLE`, or `../shared/oracle` beside the workspace.
pub fn oracle() -> Option<PathBuf> {
    folder("TEMPI_REFERENCE_ORACLE", "oracle")
}

fn folder(variable: &str, name: &str) -> Option<PathBuf> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared").join(name);
    let folder = std::env::var_os(variable).map_or_else(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: reference data not found ({})", folder.display());
    None
}
