//! Authenticated encryption of short values, and the derivation of one key per purpose from another.

use base64::{Engine, engine::general_purpose::STANDARD};
use ring::{aead, hkdf, hmac};

use super::{BrokenSeal, random_bytes};

/// Derives keys with HKDF-SHA-256 (RFC 5869), one per purpose.
pub(crate) struct Derivation(hkdf::Prk);

impl Derivation {
    /// From 32 secret bytes.
    pub(crate) fn of(secret: &[u8; 32]) -> Derivation {
        Derivation(hkdf::Salt::new(hkdf::HKDF_SHA256, b"tempi keys v1").extract(secret))
    }

    /// A key for HMAC-SHA-256.
    pub(crate) fn mac(&self, purpose: &[u8]) -> hmac::Key {
        let material = [purpose];
        let expanded = self.0.expand(&material, hmac::HMAC_SHA256);
        hmac::Key::from(expanded.expect("32 bytes are below HKDF's limit of 8160"))
    }

    /// A key for AES-256-GCM.
    pub(crate) fn seal(&self, purpose: &[u8]) -> Seal {
        let material = [purpose];
        let expanded = self.0.expand(&material, &aead::AES_256_GCM);
        let key = aead::UnboundKey::from(expanded.expect("32 bytes are below HKDF's limit of 8160"));
        Seal(aead::LessSafeKey::new(key))
    }
}

/// A key for AES-256-GCM under random nonces.
pub(crate) struct Seal(aead::LessSafeKey);

impl Seal {
    /// Encrypts `text`, bound to `context`: base64 of nonce, text and tag.
    pub(crate) fn seal(&self, context: &str, text: &[u8]) -> String {
        STANDARD.encode(self.seal_bytes(context, text))
    }

    /// Opens what [`Seal::seal`] made for the same context.
    pub(crate) fn open(&self, context: &str, sealed: &str) -> Result<Vec<u8>, BrokenSeal> {
        self.open_bytes(context, &STANDARD.decode(sealed).map_err(|_| BrokenSeal)?)
    }

    /// Encrypts `text`, bound to `context`: nonce, text and tag.
    pub(crate) fn seal_bytes(&self, context: &str, text: &[u8]) -> Vec<u8> {
        let nonce = random_bytes::<{ aead::NONCE_LEN }>();
        let mut text = text.to_vec();
        self.0
            .seal_in_place_append_tag(
                aead::Nonce::assume_unique_for_key(nonce),
                aead::Aad::from(context.as_bytes()),
                &mut text,
            )
            .expect("what is sealed here is far below the limit of AES-GCM, 64 GiB");
        [nonce.as_slice(), &text].concat()
    }

    /// Opens what [`Seal::seal_bytes`] made for the same context.
    pub(crate) fn open_bytes(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>, BrokenSeal> {
        let (nonce, text) = sealed.split_first_chunk::<{ aead::NONCE_LEN }>().ok_or(BrokenSeal)?;
        let mut text = text.to_vec();
        let nonce = aead::Nonce::assume_unique_for_key(*nonce);
        let opened = self.0.open_in_place(nonce, aead::Aad::from(context.as_bytes()), &mut text);
        Ok(opened.map_err(|_| BrokenSeal)?.to_vec())
    }
}
