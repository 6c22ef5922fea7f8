//! Sets of public keys (RFC 7517): which of them can have signed a token, and whether it did.

use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey};
use serde_json::{Map, Value};

use super::{Algorithm, JoseError, decode, encode};
use crate::keys;

/// Keys of a set that are looked at, at most.
const N_KEYS: usize = 64;

/// The public keys of somebody. Keys that cannot verify anything here are left out: symmetric ones, which have no
/// business in a public set, keys whose private half was published, other curves, RSA below 2048 or above 8192 bits.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct KeySet {
    keys: Vec<PublicKey>,
}

/// A key that verifies signatures.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PublicKey {
    id: Option<String>,
    algorithm: Algorithm,
    material: Material,
}

#[derive(Debug, Clone, PartialEq)]
enum Material {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    Point(Vec<u8>),
}

impl KeySet {
    /// The set in `{"keys": [...]}`.
    ///
    /// # Errors
    /// When it is not one, or none of its keys can verify anything.
    pub fn read(set: &Value) -> Result<KeySet, JoseError> {
        let source = set.get("keys").and_then(Value::as_array).ok_or(JoseError::Key("not a set of keys"))?;
        if source.len() > N_KEYS {
            return Err(JoseError::Key("too many keys"));
        }
        let keys: Vec<PublicKey> = source.iter().filter_map(Value::as_object).filter_map(PublicKey::read).collect();
        if keys.is_empty() {
            return Err(JoseError::Key("the set holds no public key that can verify RS256 or ES256"));
        }
        Ok(KeySet { keys })
    }

    /// The set in JSON text.
    ///
    /// # Errors
    /// See [`KeySet::read`].
    pub fn parse(text: &[u8]) -> Result<KeySet, JoseError> {
        KeySet::read(&serde_json::from_slice(text).map_err(|_| JoseError::Key("not JSON"))?)
    }

    /// The key for a token: the one it names, or the only one that fits a token that names none.
    pub(super) fn find(&self, algorithm: Algorithm, id: Option<&str>) -> Option<&PublicKey> {
        let mut fitting = self.keys.iter().filter(|key| key.algorithm == algorithm);
        match id {
            Some(id) => fitting.find(|key| key.id.as_deref() == Some(id)),
            None => fitting.next().filter(|_| fitting.next().is_none()),
        }
    }

    /// Whether a key has this name.
    pub(crate) fn names(&self, id: &str) -> bool {
        self.keys.iter().any(|key| key.id.as_deref() == Some(id))
    }
}

impl PublicKey {
    fn read(key: &Map<String, Value>) -> Option<PublicKey> {
        let text = |name: &str| key.get(name).and_then(Value::as_str);
        let bytes = |name: &str| text(name).and_then(decode);
        let is_private = key.contains_key("d") || key.contains_key("k");
        if is_private || text("use").is_some_and(|purpose| purpose != "sig") {
            return None;
        }
        let (algorithm, material) = match text("kty")? {
            "RSA" => {
                let n = bytes("n").map(without_leading_zeros)?;
                let e = bytes("e").map(without_leading_zeros)?;
                (256..=1024).contains(&n.len()).then_some((Algorithm::Rs256, Material::Rsa { n, e }))?
            }
            "EC" if text("crv") == Some("P-256") => {
                let (x, y) = (bytes("x")?, bytes("y")?);
                let is_point = x.len() == 32 && y.len() == 32;
                is_point.then(|| (Algorithm::Es256, Material::Point([vec![4], x, y].concat())))?
            }
            _ => return None,
        };
        if text("alg").is_some_and(|named| named != algorithm.name()) {
            return None;
        }
        Some(PublicKey { id: text("kid").map(str::to_owned), algorithm, material })
    }

    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), JoseError> {
        let verified = match &self.material {
            Material::Rsa { n, e } => {
                RsaPublicKeyComponents { n, e }.verify(&signature::RSA_PKCS1_2048_8192_SHA256, message, signature)
            }
            Material::Point(point) => {
                UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, point).verify(message, signature)
            }
        };
        verified.map_err(|_| JoseError::Signature)
    }
}

fn without_leading_zeros(bytes: Vec<u8>) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes[zeros..].to_vec()
}

/// The name of a key by its content (RFC 7638): the members that make it, in alphabetical order, digested.
pub(super) fn thumbprint(members: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = members.iter().map(|(name, value)| format!("\"{name}\":\"{value}\"")).collect();
    encode(keys::sha256(format!("{{{}}}", pairs.join(",")).as_bytes()))
}
