//! `tempi keys`.

use std::path::Path;

use serde_json::json;
use survey_server::clock::{Clock, SystemClock};
use survey_server::keys::{file, rotation};

use super::server;
use crate::arguments::RotateArguments;
use crate::results::Results;

/// Replaces the master key.
pub async fn rotate(arguments: &RotateArguments, results: Results) -> anyhow::Result<()> {
    let config = server::configuration(&arguments.server)?;
    let rotated = rotation::rotate(&config, arguments.new_key_file.clone(), SystemClock.now()).await?;
    let old = match &rotated.old_key {
        Some(old) => {
            format!(" The old key is kept in {}: backups made before need it; destroy it with them.", old.display())
        }
        None => " Give its content to the service as TEMPI_KEYS_MASTER, and keep the old key for backups made before."
            .to_owned(),
    };
    results.print(
        &format!(
            "The keys were rotated and {} identities sealed anew. The new key is in {}: start the server again, and keep a copy apart.{old}",
            rotated.n_identities,
            rotated.new_key.display()
        ),
        &json!({ "n_identities": rotated.n_identities, "new_key": rotated.new_key, "old_key": rotated.old_key }),
    );
    Ok(())
}

/// Makes a file with a new key.
pub fn generate(path: &Path, results: Results) -> anyhow::Result<()> {
    file::generate(path)?;
    results.print(
        &format!("A new key is in {}. Keep a copy where no backup lies.", path.display()),
        &json!({ "file": path }),
    );
    Ok(())
}
