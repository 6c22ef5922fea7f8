//! Ourselves as a member of the Italian federations: what we say of ourselves, and the keys that we say it with.

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use super::{FederationError, identity_provider::Client, read_key, read_public, statement::KIND, token::ClientProof};
use crate::{
    access::jose::{DecryptionKey, JoseError, SigningKey},
    config::FederationConfig,
};

/// How long what we say of ourselves holds; it is said anew at every request.
const LIFETIME: Duration = Duration::hours(24);

/// Our keys and what we are called.
#[derive(Debug)]
pub(super) struct Membership {
    config: FederationConfig,
    key: SigningKey,
    signing_key: SigningKey,
    decryption_key: DecryptionKey,
    trust_marks: Value,
}

impl Membership {
    pub(super) fn open(config: &FederationConfig) -> Result<Membership, FederationError> {
        let rsa = |pem: &[u8]| match SigningKey::from_pem(pem)? {
            key if key.algorithm().name() == "RS256" => Ok(key),
            _ => Err(JoseError::Key("the Italian federations want RSA keys")),
        };
        let marks = |text: &[u8]| match serde_json::from_slice(text) {
            Ok(marks @ Value::Array(_)) => Ok(marks),
            _ => Err(JoseError::Key("it must hold a JSON array of trust marks")),
        };
        Ok(Membership {
            key: read_key(&config.key_file, rsa)?,
            signing_key: read_key(&config.signing_key_file, rsa)?,
            decryption_key: read_key(&config.decryption_key_file, DecryptionKey::from_pem)?,
            trust_marks: match &config.trust_marks_file {
                Some(file) => read_public(file, marks)?,
                None => json!([]),
            },
            config: config.clone(),
        })
    }

    /// Ourselves, as every provider of the federation knows us.
    pub(super) fn client<'a>(&'a self, public_url: &'a str) -> Client<'a> {
        Client {
            id: public_url,
            proof: ClientProof::Key(&self.signing_key),
            decryption_key: Some(&self.decryption_key),
            wants_signed_data: true,
        }
    }

    /// The key of our requests.
    pub(super) fn signing_key(&self) -> &SigningKey {
        &self.signing_key
    }

    /// What we say of ourselves (OpenID Federation 1.0, section 9; SPID/CIE OpenID Connect, metadata of relying parties).
    pub(super) fn statement(
        &self,
        public_url: &str,
        logo: &str,
        redirect_uris: &[String],
        now: DateTime<Utc>,
    ) -> String {
        let FederationConfig { organization, contacts, authority_hints, .. } = &self.config;
        let mut claims = json!({
            "iss": public_url,
            "sub": public_url,
            "iat": now.timestamp(),
            "exp": (now + LIFETIME).timestamp(),
            "jwks": { "keys": [self.key.public()] },
            "authority_hints": authority_hints,
            "metadata": {
                "federation_entity": {
                    "organization_name": organization,
                    "homepage_uri": public_url,
                    "policy_uri": format!("{public_url}/privacy"),
                    "logo_uri": format!("{public_url}{logo}"),
                    "contacts": contacts,
                    "federation_resolve_endpoint": format!("{public_url}{}", super::routes::RESOLVE),
                },
                "openid_relying_party": {
                    "client_id": public_url,
                    "client_name": organization,
                    "organization_name": organization,
                    "contacts": contacts,
                    "application_type": "web",
                    "client_registration_types": ["automatic"],
                    "redirect_uris": redirect_uris,
                    "response_types": ["code"],
                    "grant_types": ["authorization_code"],
                    "subject_type": "pairwise",
                    "token_endpoint_auth_method": "private_key_jwt",
                    "id_token_signed_response_alg": "RS256",
                    "userinfo_signed_response_alg": "RS256",
                    "userinfo_encrypted_response_alg": "RSA-OAEP-256",
                    "userinfo_encrypted_response_enc": "A256CBC-HS512",
                    "jwks": { "keys": [self.signing_key.public(), self.decryption_key.public()] },
                },
            },
        });
        if self.trust_marks.as_array().is_some_and(|marks| !marks.is_empty()) {
            claims["trust_marks"] = self.trust_marks.clone();
        }
        self.key.sign(KIND, &claims)
    }

    /// What we found out about another member, signed (section 8.3).
    pub(super) fn vouch(&self, claims: &Value) -> String {
        self.key.sign("resolve-response+jwt", claims)
    }
}
