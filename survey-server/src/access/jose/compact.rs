//! Tokens in compact form (RFC 7515): taken apart, verified with a set of keys, their claims read.

use serde_json::{Map, Value};

use super::{JoseError, KeySet, decode};

/// A token may not be longer, in bytes: an entity statement with its metadata and marks stays well below.
pub(crate) const TOKEN_LIMIT: usize = 256 * 1024;

/// A header may not be longer, in bytes.
const HEADER_LIMIT: usize = 8 * 1024;

/// The signatures that are believed. Everything else is refused by name: `none`, and the symmetric ones, with which a
/// public key would serve as the secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// ECDSA on P-256 with SHA-256.
    Es256,
}

impl Algorithm {
    pub(crate) const ALL: [Algorithm; 2] = [Algorithm::Rs256, Algorithm::Es256];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Algorithm::Rs256 => "RS256",
            Algorithm::Es256 => "ES256",
        }
    }
}

/// A token whose signature has not been verified yet. What it claims is not to be believed.
#[derive(Debug)]
pub(crate) struct Signed<'a> {
    algorithm: Algorithm,
    key_id: Option<String>,
    kind: Option<String>,
    claims: Claims,
    signed_text: &'a str,
    signature: Vec<u8>,
}

impl<'a> Signed<'a> {
    /// Takes a token apart.
    pub(crate) fn parse(token: &'a str) -> Result<Signed<'a>, JoseError> {
        let token = token.trim();
        if token.len() > TOKEN_LIMIT {
            return Err(JoseError::Malformed("too long"));
        }
        let (signed_text, signature) = token.rsplit_once('.').ok_or(JoseError::Malformed("no signature"))?;
        let (header, payload) = signed_text.split_once('.').ok_or(JoseError::Malformed("no payload"))?;
        if payload.contains('.') || header.len() > HEADER_LIMIT {
            return Err(JoseError::Malformed("its parts"));
        }
        let header = object(header)?;
        if header.contains_key("crit") || header.contains_key("b64") {
            return Err(JoseError::Algorithm);
        }
        let text = |name: &str| header.get(name).and_then(Value::as_str).map(str::to_owned);
        let named = text("alg").ok_or(JoseError::Algorithm)?;
        let algorithm = Algorithm::ALL.into_iter().find(|known| known.name() == named).ok_or(JoseError::Algorithm)?;
        Ok(Signed {
            algorithm,
            key_id: text("kid"),
            kind: text("typ"),
            claims: Claims(object(payload)?),
            signed_text,
            signature: decode(signature).ok_or(JoseError::Malformed("its signature"))?,
        })
    }

    /// The media type that the token says it has, without `application/`.
    pub(crate) fn kind(&self) -> Option<&str> {
        self.kind.as_deref().map(|kind| kind.strip_prefix("application/").unwrap_or(kind))
    }

    /// The name of the key that the token says it was signed with.
    pub(crate) fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    /// What it claims, before anything is proved: only to find out whose keys are needed.
    pub(crate) fn unproved(&self) -> &Claims {
        &self.claims
    }

    /// The claims, if a key of `keys` signed them with one of `algorithms`.
    pub(crate) fn verify(self, keys: &KeySet, algorithms: &[Algorithm]) -> Result<Claims, JoseError> {
        if !algorithms.contains(&self.algorithm) {
            return Err(JoseError::Algorithm);
        }
        let key = keys.find(self.algorithm, self.key_id.as_deref()).ok_or(JoseError::UnknownKey)?;
        key.verify(self.signed_text.as_bytes(), &self.signature)?;
        Ok(self.claims)
    }
}

fn object(part: &str) -> Result<Map<String, Value>, JoseError> {
    let bytes = decode(part).ok_or(JoseError::Malformed("not base64"))?;
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(object)) => Ok(object),
        _ => Err(JoseError::Malformed("not a JSON object")),
    }
}

/// The claims of a token.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Claims(pub(crate) Map<String, Value>);

impl Claims {
    /// A text.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }

    /// An instant in seconds since 1970; fractions, which RFC 7519 allows, are cut off.
    pub(crate) fn instant(&self, name: &str) -> Option<i64> {
        let value = self.0.get(name)?;
        value.as_i64().or_else(|| value.as_f64().filter(|seconds| seconds.abs() < 1e12).map(|seconds| seconds as i64))
    }

    /// The texts of a claim that is one text or a list of texts.
    pub(crate) fn texts(&self, name: &str) -> Vec<&str> {
        match self.0.get(name) {
            Some(Value::String(text)) => vec![text.as_str()],
            Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// An object or anything else.
    pub(crate) fn value(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }
}
