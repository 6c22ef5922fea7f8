//! The test kit: where things are, and how to run the programs under test as their users would.

pub mod browser;
pub mod command;
pub mod day;
pub mod files;
pub mod forms;
pub mod line;
pub mod logs;
pub mod openssl;
pub mod people;
pub mod postgres;
pub mod process;
pub mod proxy;
pub mod site;
pub mod sources;
pub mod sql;
pub mod trust_list;

use std::path::{Path, PathBuf};

/// The root of the checkout.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests package lies in the root").to_owned()
}

/// A file of the reference data (real microdata and published tables), which not everybody has: from
/// `TEMPI_REFERENCE_DATA`, else from `shared/data` beside the checkout. Says so when it is absent, and the
/// test then returns.
pub fn reference_data(file: &str) -> Option<PathBuf> {
    let folder =
        std::env::var_os("TEMPI_REFERENCE_DATA").map(PathBuf::from).unwrap_or_else(|| root().join("../shared/data"));
    let path = folder.join(file);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: reference data not found ({})", path.display());
    None
}
