//! The questionnaires that answers are to: as the snapshot holds them, or, where it does not, as this program has them.

use std::path::Path;

use questionnaires::{Instrument, instrument};

use super::error::SnapshotError;
use super::manifest::Manifest;

/// The questionnaires of the manifest, by name; of several versions the last. One that neither the snapshot nor this
/// program knows is left out: nothing can be said of its answers.
pub(super) fn read(folder: &Path, manifest: &Manifest) -> Result<Vec<Instrument>, SnapshotError> {
    let mut used: Vec<_> = manifest.description.instruments.iter().collect();
    used.sort_by(|one, other| (&one.name, one.version).cmp(&(&other.name, other.version)));
    let last = used.chunk_by(|one, other| one.name == other.name).filter_map(<[_]>::last);
    let mut known = Vec::new();
    for used in last {
        let name = format!("questionnaire-{}-{}.toml", used.name, used.version);
        let is_used = |known: &&Instrument| (&known.name, known.version) == (&used.name, used.version);
        if manifest.files.contains_key(&name) {
            let path = folder.join(&name);
            let shown = path.display().to_string();
            let text = std::fs::read_to_string(&path)
                .map_err(|source| SnapshotError::Unreadable { path: shown.clone(), source })?;
            let instrument = Instrument::from_toml(&text)
                .map_err(|error| SnapshotError::Table { path: shown, message: error.to_string() })?;
            known.push(instrument);
        } else {
            known.extend(instrument::all().iter().find(is_used).cloned());
        }
    }
    Ok(known)
}
