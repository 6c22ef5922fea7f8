//! Where the master key comes from.

use std::{fmt, path::PathBuf};

use super::{ConfigError, Key, Source, values::Values};

/// The keys of this section.
pub(super) const KEYS: &[Key] = &[
    ("keys.file", "the file of the master key"),
    (
        "keys.master",
        "the master key itself in base64, from the environment only (TEMPI_KEYS_MASTER), instead of a file",
    ),
];

/// A text that is not shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The text.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Secret {
        Secret(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(***)")
    }
}

/// The file, which may be missing only where the environment holds the key, and the key from the environment.
pub(super) fn read(values: &Values) -> Result<(PathBuf, Option<Secret>), ConfigError> {
    const MASTER: &str = "keys.master";
    match (values.optional(MASTER), values.origin_of(MASTER)) {
        (Some(master), Some(Source::Environment(_))) => {
            Ok((values.optional_path("keys.file").unwrap_or_default(), Some(Secret(master.to_owned()))))
        }
        (Some(_), _) => {
            Err(values.invalid(MASTER, "set in the environment only: what lies in a file belongs into keys.file"))
        }
        (None, _) => Ok((values.path("keys.file")?, None)),
    }
}
