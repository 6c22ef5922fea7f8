//! The keys of an installation: one 32-byte master key outside the database, and the data keys in it, wrapped.

pub mod file;
mod register;
pub mod rotation;
mod seal;
pub(crate) mod store;

use std::{fmt, sync::Arc};

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use ring::{
    digest, hmac,
    rand::{SecureRandom, SystemRandom},
};
use thiserror::Error;

pub(crate) use register::RegisterKeys;
pub(crate) use seal::{Derivation, Seal};

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

/// The keys that data are written with: random, kept in the database, each wrapped with the master key. So the master key
/// can be replaced without losing what was written.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct DataKeys {
    /// Tokens of forms and whatever else has no key of its own.
    pub(crate) general: [u8; 32],
    /// Digests and seals of fiscal codes; replaced at every rotation.
    pub(crate) identity: [u8; 32],
    /// The head of the audit log; replaced at every rotation.
    pub(crate) audit: [u8; 32],
    /// The names of persons in the audit log.
    pub(crate) audit_alias: [u8; 32],
}

impl DataKeys {
    /// New random keys.
    pub(crate) fn random() -> DataKeys {
        DataKeys {
            general: random_bytes(),
            identity: random_bytes(),
            audit: random_bytes(),
            audit_alias: random_bytes(),
        }
    }

    /// Each with the name under which it is kept.
    pub(crate) fn named(&self) -> [(&'static str, &[u8; 32]); 4] {
        [
            ("general", &self.general),
            ("identity", &self.identity),
            ("audit", &self.audit),
            ("audit alias", &self.audit_alias),
        ]
    }
}

/// The keys of an installation, one per purpose: derived with HKDF-SHA256 (RFC 5869) from the data keys. Cloning shares
/// them.
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
    fiscal_code_seal: Seal,
    csrf: hmac::Key,
    connection: hmac::Key,
    register: RegisterKeys,
    wrap: Seal,
    fingerprint: String,
    master: [u8; 32],
}

impl Keys {
    /// The keys of the base64 text of a key file, as long as no database has said which data keys it keeps.
    pub fn from_base64(text: &str) -> Result<Keys, KeyError> {
        let master = STANDARD.decode(text.trim()).map_err(|_| KeyError::NotBase64)?;
        let master: [u8; 32] = master.try_into().map_err(|master: Vec<u8>| KeyError::WrongLength(master.len()))?;
        // Before data keys were kept apart, everything was derived from the master key itself.
        let data = DataKeys { general: master, identity: master, audit: master, audit_alias: master };
        Ok(Keys::derive(master, &data))
    }

    /// The same master key with the data keys that a database keeps.
    pub(crate) fn with_data_keys(&self, data: &DataKeys) -> Keys {
        Keys::derive(self.0.master, data)
    }

    /// The data keys of installations older than [`DataKeys`]: the master key itself.
    pub(crate) fn data_keys_of_old(&self) -> DataKeys {
        let master = self.0.master;
        DataKeys { general: master, identity: master, audit: random_bytes(), audit_alias: random_bytes() }
    }

    fn derive(master: [u8; 32], data: &DataKeys) -> Keys {
        let (of_master, identity) = (Derivation::of(&master), Derivation::of(&data.identity));
        Keys(Arc::new(Derived {
            audit: Derivation::of(&data.audit).mac(b"audit log"),
            audit_alias: Derivation::of(&data.audit_alias).mac(b"audit log pseudonyms"),
            fiscal_code_digest: identity.mac(b"fiscal code digest"),
            fiscal_code_seal: identity.seal(b"fiscal code seal"),
            csrf: Derivation::of(&data.general).mac(b"csrf"),
            connection: Derivation::of(&data.general).mac(b"connections with other sites"),
            register: RegisterKeys::new(identity.seal(b"register seal"), identity.mac(b"register content")),
            wrap: of_master.seal(b"data keys"),
            fingerprint: hex(&hmac::sign(&of_master.mac(b"fingerprint"), b"tempi").as_ref()[..8]),
            master,
        }))
    }

    /// The key that encrypts one backup, when this is the key of backups.
    pub(crate) fn backup_seal(&self, salt: &[u8]) -> Seal {
        Derivation::of(&self.0.master).seal(&[b"backup ".as_slice(), salt].concat())
    }

    /// Wraps a data key with the master key: base64, bound to its name.
    pub(crate) fn wrap(&self, name: &str, key: &[u8; 32]) -> String {
        self.0.wrap.seal(name, key)
    }

    /// Opens what [`Keys::wrap`] wrapped.
    pub(crate) fn unwrap_key(&self, name: &str, wrapped: &str) -> Result<[u8; 32], BrokenSeal> {
        self.0.wrap.open(name, wrapped)?.try_into().map_err(|_| BrokenSeal)
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

    /// A fiscal code, encrypted and bound to its participant.
    pub fn seal_fiscal_code(&self, participant_id: &str, fiscal_code: &str) -> String {
        self.0.fiscal_code_seal.seal(participant_id, fiscal_code.as_bytes())
    }

    /// Opens what [`Keys::seal_fiscal_code`] sealed.
    pub fn open_fiscal_code(&self, participant_id: &str, sealed: &str) -> Result<String, BrokenSeal> {
        String::from_utf8(self.0.fiscal_code_seal.open(participant_id, sealed)?).map_err(|_| BrokenSeal)
    }

    /// The keys of the register of residents.
    pub(crate) fn register(&self) -> &RegisterKeys {
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

    /// A secret that only this installation can make again from `text`: what a sign-in at another site is bound to, and
    /// the pseudonyms that other sites know people by.
    pub(crate) fn connection_secret(&self, purpose: &str, text: &str) -> String {
        URL_SAFE_NO_PAD.encode(hmac::sign(&self.0.connection, format!("{purpose}:{text}").as_bytes()))
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

/// SHA-256.
pub(crate) fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA256, bytes).as_ref().to_vec()
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
        let all = [keys.fiscal_code_digest("x"), keys.csrf_token("x"), keys.audit_alias("x")];
        assert_eq!(all.iter().collect::<std::collections::BTreeSet<_>>().len(), 3);
        assert!(keys.csrf_token_holds("x", &keys.csrf_token("x")));
        assert!(!keys.csrf_token_holds("y", &keys.csrf_token("x")));
    }

    #[test]
    fn a_data_key_opens_only_with_its_master_key_and_under_its_name() {
        let wrapped = keys(1).wrap("identity", &[9; 32]);
        assert_eq!(keys(1).unwrap_key("identity", &wrapped), Ok([9; 32]));
        assert_eq!(keys(1).unwrap_key("audit", &wrapped), Err(BrokenSeal));
        assert_eq!(keys(2).unwrap_key("identity", &wrapped), Err(BrokenSeal));
        let data = DataKeys::random();
        let digest = |master| keys(master).with_data_keys(&data).fiscal_code_digest("x");
        assert_eq!(digest(1), digest(2), "what is written does not depend on the master key");
    }

    #[test]
    fn a_key_of_the_wrong_size_is_refused() {
        assert_eq!(Keys::from_base64("AAAA").err(), Some(KeyError::WrongLength(3)));
        assert_eq!(Keys::from_base64("not a key").err(), Some(KeyError::NotBase64));
        assert!(Keys::from_base64(&Keys::generate()).is_ok());
    }
}
