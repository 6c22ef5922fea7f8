//! Ourselves as a member of the Italian federations of digital identity.

use std::path::PathBuf;

use super::{ConfigError, Key, values::Values};

/// The keys of this section.
pub(super) const KEYS: &[Key] = &[
    ("federation.key_file", "the private RSA key in PEM that signs our statements to the federation"),
    ("federation.signing_key_file", "the private RSA key in PEM that signs our requests to providers"),
    ("federation.decryption_key_file", "the private RSA key in PEM that opens personal data encrypted for us"),
    ("federation.authority_hints", "the identifiers of the authorities that vouch for us"),
    ("federation.trust_marks_file", "the file of the trust marks that we were given (a JSON array)"),
    ("federation.organization", "the organisation's name (site.municipality when not set)"),
    ("federation.contacts", "the organisation's certified e-mail addresses"),
];

/// Ourselves as a member of a federation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FederationConfig {
    /// The key that signs our statements.
    pub key_file: PathBuf,
    /// The key that signs our requests.
    pub signing_key_file: PathBuf,
    /// The key that opens what is encrypted for us.
    pub decryption_key_file: PathBuf,
    /// Who vouches for us.
    pub authority_hints: Vec<String>,
    /// The file of our trust marks.
    pub trust_marks_file: Option<PathBuf>,
    /// The organisation's name.
    pub organization: String,
    /// Its certified e-mail addresses.
    pub contacts: Vec<String>,
}

impl FederationConfig {
    /// Nothing when no key is named; required as soon as a provider is of the kind spid or cie.
    pub(super) fn read(values: &Values, required: bool) -> Result<Option<FederationConfig>, ConfigError> {
        if values.optional("federation.key_file").is_none() && !required {
            return Ok(None);
        }
        let organization = match values.optional("federation.organization") {
            Some(name) => name,
            None => values.required("site.municipality")?,
        };
        Ok(Some(FederationConfig {
            key_file: values.path("federation.key_file")?,
            signing_key_file: values.path("federation.signing_key_file")?,
            decryption_key_file: values.path("federation.decryption_key_file")?,
            authority_hints: values.https_list("federation.authority_hints")?,
            trust_marks_file: values.optional_path("federation.trust_marks_file"),
            organization: organization.to_owned(),
            contacts: values.list("federation.contacts"),
        }))
    }
}
