//! Encrypted tokens (RFC 7516) opened: RSA-OAEP around a key for AES, as the Italian federation asks of personal data.
//!
//! `ring` does not decrypt with RSA; the one operation in constant time that is to be had without the advisory
//! RUSTSEC-2023-0071 is AWS-LC's.

use aws_lc_rs::{
    cipher::{AES_128, AES_256, DecryptionContext, PaddedBlockDecryptingKey, UnboundCipherKey},
    iv::FixedLength,
    rsa::{OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepAlgorithm, OaepPrivateDecryptingKey, PrivateDecryptingKey},
};
use ring::{aead, hmac};
use rustls_pki_types::{PrivatePkcs8KeyDer, pem::PemObject};
use serde_json::Value;

use super::{JoseError, SigningKey, compact::TOKEN_LIMIT, decode};

/// A private RSA key that opens what was encrypted for us.
pub(crate) struct DecryptionKey {
    key: OaepPrivateDecryptingKey,
    public: Value,
}

impl DecryptionKey {
    /// The key of a PEM text (`PRIVATE KEY`).
    pub(crate) fn from_pem(pem: &[u8]) -> Result<DecryptionKey, JoseError> {
        const REFUSED: JoseError = JoseError::Key("it is not an RSA key in PKCS#8: `openssl genpkey` writes that");
        let der = PrivatePkcs8KeyDer::from_pem_slice(pem).map_err(|_| REFUSED)?;
        let key = PrivateDecryptingKey::from_pkcs8(der.secret_pkcs8_der()).map_err(|_| REFUSED)?;
        let mut public = SigningKey::from_pem(pem)?.public().clone();
        public["use"] = "enc".into();
        public["alg"] = "RSA-OAEP-256".into();
        Ok(DecryptionKey { key: OaepPrivateDecryptingKey::new(key).map_err(|_| REFUSED)?, public })
    }

    /// The public half, as it stands in a set of keys.
    pub(crate) fn public(&self) -> &Value {
        &self.public
    }

    /// The text inside an encrypted token. Every failure is the same one, so that nobody learns which step failed.
    pub(crate) fn open(&self, token: &str) -> Result<String, JoseError> {
        let token = token.trim();
        if token.len() > TOKEN_LIMIT {
            return Err(JoseError::Malformed("too long"));
        }
        let parts: Vec<&str> = token.split('.').collect();
        let [header, wrapped_key, iv, text, tag] = parts[..] else {
            return Err(JoseError::Malformed("not five parts"));
        };
        let fields: Value = decode(header)
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .ok_or(JoseError::Malformed("its header"))?;
        if fields.get("crit").is_some() || fields.get("zip").is_some() {
            return Err(JoseError::Algorithm);
        }
        let named = |name: &str| fields.get(name).and_then(Value::as_str).ok_or(JoseError::Algorithm);
        let wrapping: &'static OaepAlgorithm = match named("alg")? {
            "RSA-OAEP-256" => &OAEP_SHA256_MGF1SHA256,
            "RSA-OAEP" => &OAEP_SHA1_MGF1SHA1,
            _ => return Err(JoseError::Algorithm),
        };
        let content = Content::named(named("enc")?).ok_or(JoseError::Algorithm)?;
        let bytes = |part: &str| decode(part).ok_or(JoseError::Sealed);
        let mut buffer = vec![0; self.key.min_output_size()];
        let wrapped = bytes(wrapped_key)?;
        let key = self.key.decrypt(wrapping, &wrapped, &mut buffer, None).map_err(|_| JoseError::Sealed)?;
        let opened = content.open(key, header.as_bytes(), &bytes(iv)?, bytes(text)?, &bytes(tag)?);
        opened.and_then(|text| String::from_utf8(text).ok()).ok_or(JoseError::Sealed)
    }
}

/// How a content is encrypted (RFC 7518, section 5).
enum Content {
    /// AES-CBC, authenticated with HMAC: lengths of the key's halves in bytes.
    Cbc(usize),
    /// AES-GCM.
    Gcm(&'static aead::Algorithm),
}

impl Content {
    fn named(name: &str) -> Option<Content> {
        Some(match name {
            "A128CBC-HS256" => Content::Cbc(16),
            "A256CBC-HS512" => Content::Cbc(32),
            "A128GCM" => Content::Gcm(&aead::AES_128_GCM),
            "A256GCM" => Content::Gcm(&aead::AES_256_GCM),
            _ => return None,
        })
    }

    fn open(&self, key: &[u8], header: &[u8], iv: &[u8], mut text: Vec<u8>, tag: &[u8]) -> Option<Vec<u8>> {
        match self {
            Content::Gcm(algorithm) => {
                let key = aead::LessSafeKey::new(aead::UnboundKey::new(algorithm, key).ok()?);
                let nonce = aead::Nonce::try_assume_unique_for_key(iv).ok()?;
                text.extend_from_slice(tag);
                let opened = key.open_in_place(nonce, aead::Aad::from(header), &mut text).ok()?;
                Some(opened.to_vec())
            }
            Content::Cbc(half) => {
                if key.len() != 2 * half || tag.len() != *half {
                    return None;
                }
                let (mac_key, key) = key.split_at(*half);
                let bits = (header.len() as u64 * 8).to_be_bytes();
                let covered = [header, iv, &text, &bits].concat();
                let digest = if *half == 16 { hmac::HMAC_SHA256 } else { hmac::HMAC_SHA512 };
                let expected = hmac::sign(&hmac::Key::new(digest, mac_key), &covered);
                // The comparison takes the same time wherever the first difference lies.
                let is_equal = expected.as_ref()[..*half].iter().zip(tag).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0;
                if !is_equal {
                    return None;
                }
                let algorithm = if *half == 16 { &AES_128 } else { &AES_256 };
                let key = PaddedBlockDecryptingKey::cbc_pkcs7(UnboundCipherKey::new(algorithm, key).ok()?).ok()?;
                let iv: [u8; 16] = iv.try_into().ok()?;
                let context = DecryptionContext::Iv128(FixedLength::from(iv));
                Some(key.decrypt(&mut text, context).ok()?.to_vec())
            }
        }
    }
}

impl std::fmt::Debug for DecryptionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DecryptionKey(***)")
    }
}
