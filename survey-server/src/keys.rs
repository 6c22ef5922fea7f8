//! The keys of an installation: one 32-byte master key in a file, everything else derived from it.

use std::{fmt, sync::Arc};

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use ring::{
    aead, digest, hkdf, hmac,
    rand::{SecureRandom, SystemRandom},
};
use thiserror::Error;

mod register;

pub use register::RegisterKeys;

/// Why a key file's content is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum KeyError {
    /// Not base64.
    #[error("the key is not base64")]
    NotBase64,
    /// Not 32 bytes.
    #[error("the key has {0} bytes, not 32")]
    WrongLength(usize),
}

/// A sealed text that does not open: the wrong key, or somebody changed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a sealed value does not open with this installation's key")]
pub struct BrokenSeal;

/// The keys, derived from the master key with HKDF-SHA256 (RFC 5869), one per purpose. Cloning shares them.
#[derive(Clone)]
pub struct Keys(Arc<Derived>);

impl fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Keys(***)")
    }
}

struct Derived {
    audit: hmac::Key,
    audit_alias: hmac::Key,
    fiscal_code_digest: hmac::Key,
    fiscal_code_seal: aead::LessSafeKey,
    csrf: hmac::Key,
    export: hmac::Key,
    register: RegisterKeys,
    fingerprint: String,
}

impl Keys {
    /// The keys of the base64 text of a key file.
    pub fn from_base64(text: &str) -> Result<Keys, KeyError> {
        let master = STANDARD.decode(text.trim()).map_err(|_| KeyError::NotBase64)?;
        if master.len() != 32 {
            return Err(KeyError::WrongLength(master.len()));
        }
        let extracted = hkdf::Salt::new(hkdf::HKDF_SHA256, b"tempi keys v1").extract(&master);
        let mac = |purpose: &[u8]| {
            let material = [purpose];
            let expanded = extracted.expand(&material, hmac::HMAC_SHA256);
            hmac::Key::from(expanded.expect("32 bytes are below HKDF's limit of 8160"))
        };
        let seal = |purpose: &[u8]| {
            let material = [purpose];
            let expanded = extracted.expand(&material, &aead::AES_256_GCM);
            let key = aead::UnboundKey::from(expanded.expect("32 bytes are below HKDF's limit of 8160"));
            aead::LessSafeKey::new(key)
        };
        Ok(Keys(Arc::new(Derived {
            audit: mac(b"audit log"),
            audit_alias: mac(b"audit log pseudonyms"),
            fiscal_code_digest: mac(b"fiscal code digest"),
            fiscal_code_seal: seal(b"fiscal code seal"),
            csrf: mac(b"csrf"),
            export: mac(b"export pseudonyms"),
            register: RegisterKeys::new(seal(b"register seal"), mac(b"register content")),
            fingerprint: hex(&hmac::sign(&mac(b"fingerprint"), b"tempi").as_ref()[..8]),
        })))
    }

    /// The text of a new key file.
    pub fn generate() -> String {
        STANDARD.encode(random_bytes::<32>())
    }

    /// Names the master key without telling it: stored in the database, so that a wrong key file is noticed.
    pub fn fingerprint(&self) -> &str {
        &self.0.fingerprint
    }

    /// The key that authenticates the head of the audit log.
    pub(crate) fn audit_key(&self) -> &hmac::Key {
        &self.0.audit
    }

    /// The name by which the audit log knows a participant, 32 hexadecimal digits.
    pub(crate) fn audit_alias(&self, participant_id: &str) -> String {
        hex(&hmac::sign(&self.0.audit_alias, participant_id.as_bytes()).as_ref()[..16])
    }

    /// The keyed digest by which a fiscal code is found again, in hexadecimal.
    pub fn fiscal_code_digest(&self, fiscal_code: &str) -> String {
        hex(hmac::sign(&self.0.fiscal_code_digest, fiscal_code.as_bytes()).as_ref())
    }

    /// A fiscal code encrypted with AES-256-GCM under a random nonce and bound to its participant: base64 of nonce,
    /// text and tag.
    pub fn seal_fiscal_code(&self, participant_id: &str, fiscal_code: &str) -> String {
        let nonce = random_bytes::<{ aead::NONCE_LEN }>();
        let mut text = fiscal_code.as_bytes().to_vec();
        self.0
            .fiscal_code_seal
            .seal_in_place_append_tag(
                aead::Nonce::assume_unique_for_key(nonce),
                aead::Aad::from(participant_id.as_bytes()),
                &mut text,
            )
            .expect("sixteen bytes are far below the limit of AES-GCM");
        STANDARD.encode([nonce.as_slice(), &text].concat())
    }

    /// Opens what [`Keys::seal_fiscal_code`] sealed.
    pub fn open_fiscal_code(&self, participant_id: &str, sealed: &str) -> Result<String, BrokenSeal> {
        let bytes = STANDARD.decode(sealed).map_err(|_| BrokenSeal)?;
        let (nonce, text) = bytes.split_first_chunk::<{ aead::NONCE_LEN }>().ok_or(BrokenSeal)?;
        let mut text = text.to_vec();
        let opened = self
            .0
            .fiscal_code_seal
            .open_in_place(
                aead::Nonce::assume_unique_for_key(*nonce),
                aead::Aad::from(participant_id.as_bytes()),
                &mut text,
            )
            .map_err(|_| BrokenSeal)?;
        String::from_utf8(opened.to_vec()).map_err(|_| BrokenSeal)
    }

    /// The keys of the register of residents.
    pub fn register(&self) -> &RegisterKeys {
        &self.0.register
    }

    /// The token that a form must carry when it was shown to the browser or session named by `bearer`.
    pub(crate) fn csrf_token(&self, bearer: &str) -> String {
        URL_SAFE_NO_PAD.encode(hmac::sign(&self.0.csrf, bearer.as_bytes()))
    }

    /// Whether `token` is the one of `bearer`; takes the same time whatever the answer.
    pub(crate) fn csrf_token_holds(&self, bearer: &str, token: &str) -> bool {
        URL_SAFE_NO_PAD.decode(token).is_ok_and(|tag| hmac::verify(&self.0.csrf, bearer.as_bytes(), &tag).is_ok())
    }

    /// The pseudonym under which `id` leaves in a snapshot, 32 hexadecimal digits: the same in every export of this
    /// installation, and not to be traced back without the key.
    pub fn export_pseudonym(&self, kind: &str, id: &str) -> String {
        let tag = hmac::sign(&self.0.export, format!("{kind}:{id}").as_bytes());
        hex(&tag.as_ref()[..16])
    }
}

/// Fresh bytes from the operating system.
pub(crate) fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// A fresh unguessable token of 256 bits, in characters that need no escaping in a cookie or a form.
pub(crate) fn random_token() -> String {
    URL_SAFE_NO_PAD.encode(random_bytes::<32>())
}

/// A fresh identifier of 128 bits in hexadecimal.
pub(crate) fn random_id() -> String {
    hex(&random_bytes::<16>())
}

/// The SHA-256 of a token, in hexadecimal: what the database keeps instead of it.
pub(crate) fn token_digest(token: &str) -> String {
    hex(digest::digest(&digest::SHA256, token.as_bytes()).as_ref())
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes of hexadecimal text.
pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u32> = text.chars().map(|digit| digit.to_digit(16)).collect::<Option<_>>()?;
    let pairs = digits.chunks_exact(2);
    pairs.remainder().is_empty().then(|| pairs.map(|pair| (pair[0] * 16 + pair[1]) as u8).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(byte: u8) -> Keys {
        Keys::from_base64(&STANDARD.encode([byte; 32])).unwrap()
    }

    #[test]
    fn a_sealed_fiscal_code_opens_only_with_its_key_and_for_its_participant() {
        let sealed = keys(1).seal_fiscal_code("p1", "RSSMRA80A41C707O");
        assert!(!sealed.contains("RSSMRA"));
        assert_eq!(keys(1).open_fiscal_code("p1", &sealed).unwrap(), "RSSMRA80A41C707O");
        assert_eq!(keys(1).open_fiscal_code("p2", &sealed), Err(BrokenSeal));
        assert_eq!(keys(2).open_fiscal_code("p1", &sealed), Err(BrokenSeal));
        assert_ne!(sealed, keys(1).seal_fiscal_code("p1", "RSSMRA80A41C707O"), "a nonce is used once");
    }

    #[test]
    fn purposes_have_keys_of_their_own() {
        let keys = keys(1);
        let all = [keys.fiscal_code_digest("x"), keys.csrf_token("x"), keys.export_pseudonym("", "x")];
        assert_eq!(all.iter().collect::<std::collections::BTreeSet<_>>().len(), 3);
        assert!(keys.csrf_token_holds("x", &keys.csrf_token("x")));
        assert!(!keys.csrf_token_holds("y", &keys.csrf_token("x")));
    }

    #[test]
    fn a_key_of_the_wrong_size_is_refused() {
        assert_eq!(Keys::from_base64("AAAA").err(), Some(KeyError::WrongLength(3)));
        assert_eq!(Keys::from_base64("not a key").err(), Some(KeyError::NotBase64));
        assert!(Keys::from_base64(&Keys::generate()).is_ok());
    }
}
