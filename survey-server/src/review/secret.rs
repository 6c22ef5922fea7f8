//! Whether what must stay secret lies where only its owner can read it, and apart from what it protects.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use super::Finding;
use crate::config::Config;

pub(super) fn review(config: &Config) -> Vec<Finding> {
    let mut findings = of_owner_only(&config.key_file, "keys.file");
    let folder_of = |path: &Path| path.parent().and_then(|folder| folder.canonicalize().ok());
    let database = config.database_url.strip_prefix("sqlite://").map(Path::new);
    if database
        .is_some_and(|database| folder_of(database) == folder_of(&config.key_file) && folder_of(database).is_some())
    {
        findings.push(Finding::warning(
            "keys.file",
            "it lies in the folder of the database: one backup or one thief takes both; keep them in different places",
        ));
    }
    findings
}

/// A finding when others than its owner may read a file that exists.
pub(super) fn of_owner_only(path: &Path, key: &'static str) -> Vec<Finding> {
    let Ok(metadata) = fs::metadata(path) else { return Vec::new() };
    if metadata.permissions().mode() & 0o077 == 0 {
        return Vec::new();
    }
    vec![Finding::fault(key, format!("{} may be read by others than its owner: run `chmod 600` on it", path.display()))]
}
