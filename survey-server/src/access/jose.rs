//! Signed and encrypted JSON (JOSE: RFC 7515 to 7519) as far as sign-in with other sites needs it: reading, verifying,
//! signing and decrypting. What a token says, and whether it is believed, is decided by who asked for it.

mod compact;
mod decryption;
mod key_set;
mod signing;

use base64::{
    Engine,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::URL_SAFE_NO_PAD},
};
use thiserror::Error;

pub(crate) use compact::{Algorithm, Claims, Signed};
pub(crate) use decryption::DecryptionKey;
pub use key_set::KeySet;
pub(crate) use signing::SigningKey;

/// Why a token or a key is not believed. Never holds the token itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum JoseError {
    /// Not a token in compact form, or longer than one may be.
    #[error("it is not a token of the expected form: {0}")]
    Malformed(&'static str),
    /// An algorithm outside the list, `none` among them, or a critical extension.
    #[error("its algorithm or an extension is not accepted")]
    Algorithm,
    /// No key of the set can have made it.
    #[error("no known key can have signed it")]
    UnknownKey,
    /// The signature is another's, or the content was changed.
    #[error("its signature does not hold")]
    Signature,
    /// It does not open with our key.
    #[error("it does not decrypt")]
    Sealed,
    /// A key file or a set of keys that cannot be used.
    #[error("the key cannot be used: {0}")]
    Key(&'static str),
}

/// Base64 for addresses (RFC 4648, section 5), without padding: the only form that JOSE knows.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

pub(crate) fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text).ok()
}

#[cfg(test)]
pub(crate) mod tests;
