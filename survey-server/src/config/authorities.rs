//! Whose cards are believed.

use std::path::PathBuf;

use super::{ConfigError, Key, values::Values};

/// The keys of this section.
pub(super) const KEYS: &[Key] = &[
    ("card.trust_anchors", "the folder of the certificates of the authorities that issue cards"),
    ("card.revocation_lists", "the folder of their certificate revocation lists"),
];

/// Whose cards are believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthoritiesConfig {
    /// The folder of the certificates (PEM or DER) of the authorities that issue cards.
    pub trust_anchors: PathBuf,
    /// The folder of their revocation lists; when set, a card is refused while its issuer's list is missing or stale.
    pub revocation_lists: Option<PathBuf>,
}

impl AuthoritiesConfig {
    pub(super) fn read(values: &Values) -> Result<AuthoritiesConfig, ConfigError> {
        Ok(AuthoritiesConfig {
            trust_anchors: values.path("card.trust_anchors")?,
            revocation_lists: values.optional_path("card.revocation_lists"),
        })
    }
}
