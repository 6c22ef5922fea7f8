//! Private keys that sign tokens.

use ring::{
    rand::SystemRandom,
    rsa::{self, PublicKeyComponents},
    signature::{self, EcdsaKeyPair, KeyPair},
};
use rustls_pki_types::{PrivateKeyDer, pem::PemObject};
use serde_json::{Value, json};

use super::{Algorithm, JoseError, encode, key_set::thumbprint};

/// A key pair: RSA of at least 2048 bits (RS256) or on P-256 (ES256).
pub(crate) struct SigningKey {
    pair: Pair,
    id: String,
    public: Value,
}

enum Pair {
    Rsa(Box<rsa::KeyPair>),
    Curve(Box<EcdsaKeyPair>),
}

impl SigningKey {
    /// The key of a PEM text (`PRIVATE KEY` or `RSA PRIVATE KEY`), named by its thumbprint.
    pub(crate) fn from_pem(pem: &[u8]) -> Result<SigningKey, JoseError> {
        let der = PrivateKeyDer::from_pem_slice(pem).map_err(|_| JoseError::Key("it is not a private key in PEM"))?;
        if let PrivateKeyDer::Pkcs8(pkcs8) = &der {
            let bytes = pkcs8.secret_pkcs8_der();
            let algorithm = &signature::ECDSA_P256_SHA256_FIXED_SIGNING;
            if let Ok(pair) = EcdsaKeyPair::from_pkcs8(algorithm, bytes, &SystemRandom::new()) {
                return Ok(SigningKey::on_curve(pair));
            }
        }
        let pair = match &der {
            PrivateKeyDer::Pkcs8(pkcs8) => rsa::KeyPair::from_pkcs8(pkcs8.secret_pkcs8_der()),
            PrivateKeyDer::Pkcs1(pkcs1) => rsa::KeyPair::from_der(pkcs1.secret_pkcs1_der()),
            _ => return Err(JoseError::Key("it must be PKCS#8: `openssl genpkey` writes that")),
        };
        let pair = pair.map_err(|_| JoseError::Key("it is neither RSA of 2048 to 4096 bits nor on the curve P-256"))?;
        Ok(SigningKey::rsa(pair))
    }

    fn rsa(pair: rsa::KeyPair) -> SigningKey {
        let components: PublicKeyComponents<Vec<u8>> = pair.public().into();
        let (n, e) = (encode(components.n), encode(components.e));
        let id = thumbprint(&[("e", &e), ("kty", "RSA"), ("n", &n)]);
        let public = json!({ "kty": "RSA", "n": n, "e": e, "kid": id, "use": "sig", "alg": "RS256" });
        SigningKey { pair: Pair::Rsa(Box::new(pair)), id, public }
    }

    fn on_curve(pair: EcdsaKeyPair) -> SigningKey {
        let point = pair.public_key().as_ref();
        let (x, y) = (encode(&point[1..33]), encode(&point[33..]));
        let id = thumbprint(&[("crv", "P-256"), ("kty", "EC"), ("x", &x), ("y", &y)]);
        let public = json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": id, "use": "sig", "alg": "ES256" });
        SigningKey { pair: Pair::Curve(Box::new(pair)), id, public }
    }

    /// The algorithm of its signatures.
    pub(crate) fn algorithm(&self) -> Algorithm {
        match self.pair {
            Pair::Rsa(_) => Algorithm::Rs256,
            Pair::Curve(_) => Algorithm::Es256,
        }
    }

    /// The public half, as it stands in a set of keys.
    pub(crate) fn public(&self) -> &Value {
        &self.public
    }

    /// A token of this type (`typ`) with these claims.
    pub(crate) fn sign(&self, kind: &str, claims: &Value) -> String {
        let header = json!({ "alg": self.algorithm().name(), "kid": self.id, "typ": kind });
        let text = format!("{}.{}", encode(header.to_string()), encode(claims.to_string()));
        format!("{text}.{}", encode(self.sign_text(&text)))
    }

    /// The signature of a text.
    pub(super) fn sign_text(&self, text: &str) -> Vec<u8> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&signature::RSA_PKCS1_SHA256, &random, text.as_bytes(), &mut signature)
                    .expect("a checked key signs a digest");
                signature
            }
            Pair::Curve(pair) => {
                pair.sign(&random, text.as_bytes()).expect("a checked key signs a digest").as_ref().to_vec()
            }
        }
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningKey({})", self.id)
    }
}
