//! The questionnaires that an installation adds to the program's own.

use std::path::PathBuf;

use super::{Key, values::Values};

/// The keys of this section.
pub(super) const KEYS: &[Key] = &[(
    "questionnaires.folder",
    "the folder of questionnaires in TOML beside the program's own (docs/QUESTIONNAIRES.md)",
)];

/// The questionnaires that an installation adds to the program's own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct QuestionnairesConfig {
    /// Their folder.
    pub folder: Option<PathBuf>,
}

impl QuestionnairesConfig {
    pub(super) fn read(values: &Values) -> QuestionnairesConfig {
        QuestionnairesConfig { folder: values.optional_path("questionnaires.folder") }
    }
}
