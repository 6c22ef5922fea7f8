//! The request that a browser carries to a provider.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::{IdentityProvider, discovery::Metadata};
use crate::{
    access::jose::SigningKey,
    keys::{self, Keys},
    web::form::encoded_pairs,
};

/// A sign-in that a browser began: one random text, from which this installation alone can make the rest again, so
/// that the database keeps no secret of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attempt {
    pub(super) state: String,
    pub(super) nonce: String,
    /// The secret of PKCE (RFC 7636).
    pub(super) verifier: String,
}

impl Attempt {
    pub(super) fn new(keys: &Keys) -> Attempt {
        Attempt::again(keys, keys::random_token())
    }

    /// The attempt whose state a browser brings back.
    pub(super) fn again(keys: &Keys, state: String) -> Attempt {
        Attempt {
            nonce: keys.connection_secret("nonce", &state),
            verifier: keys.connection_secret("verifier", &state),
            state,
        }
    }

    /// What the provider learns of the secret: its SHA-256.
    pub(super) fn challenge(&self) -> String {
        challenge_of(&self.verifier)
    }
}

/// The S256 challenge of a verifier (RFC 7636, section 4.2).
pub(crate) fn challenge_of(verifier: &str) -> String {
    crate::access::jose::encode(keys::sha256(verifier.as_bytes()))
}

/// What is asked of a provider.
pub(super) struct Asked<'a> {
    pub(super) provider: &'a IdentityProvider,
    pub(super) client_id: &'a str,
    pub(super) metadata: &'a Metadata,
    pub(super) begun: &'a Attempt,
    pub(super) redirect_uri: &'a str,
    pub(super) language: &'a str,
}

/// A signed request is good for so many seconds.
const LIFETIME: i64 = 300;

impl Asked<'_> {
    /// The address of the provider with the request in plain sight.
    pub(super) fn address(&self) -> String {
        let config = &self.provider.config;
        let (scope, acr, challenge) = (config.scopes.join(" "), config.acr.join(" "), self.begun.challenge());
        // Asked for by name as well: some providers give a claim only so.
        let wanted: Map<String, Value> =
            config.fiscal_code_claims.iter().map(|claim| (claim.clone(), json!(null))).collect();
        let claims = json!({ "id_token": wanted, "userinfo": wanted }).to_string();
        let mut pairs = vec![
            ("response_type", "code"),
            ("client_id", self.client_id),
            ("redirect_uri", self.redirect_uri),
            ("scope", &scope),
            ("state", &self.begun.state),
            ("nonce", &self.begun.nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
            ("claims", &claims),
            ("ui_locales", self.language),
        ];
        if !acr.is_empty() {
            pairs.push(("acr_values", &acr));
        }
        self.at_endpoint(&pairs)
    }

    /// The address of a provider of the Italian federations with the signed request (SPID/CIE OpenID Connect, authorization
    /// endpoint). It has no `sub`, so that nobody can use it as a statement about ourselves.
    pub(super) fn signed_address(&self, key: &SigningKey, now: DateTime<Utc>) -> String {
        let config = &self.provider.config;
        let (scope, challenge) = (config.scopes.join(" "), self.begun.challenge());
        let wanted: Map<String, Value> =
            config.fiscal_code_claims.iter().map(|claim| (claim.clone(), json!({ "essential": true }))).collect();
        let request = key.sign(
            "oauth-authz-req+jwt",
            &json!({
                "iss": self.client_id,
                "aud": [self.metadata.issuer, self.metadata.authorization_endpoint],
                "iat": now.timestamp(),
                "exp": now.timestamp() + LIFETIME,
                "jti": keys::random_token(),
                "client_id": self.client_id,
                "response_type": "code",
                "redirect_uri": self.redirect_uri,
                "scope": scope,
                "state": self.begun.state,
                "nonce": self.begun.nonce,
                "code_challenge": challenge,
                "code_challenge_method": "S256",
                "prompt": "consent login",
                "acr_values": config.acr.join(" "),
                "claims": { "userinfo": wanted },
            }),
        );
        self.at_endpoint(&[
            ("client_id", self.client_id),
            ("response_type", "code"),
            ("scope", &scope),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
            ("request", &request),
        ])
    }

    fn at_endpoint(&self, pairs: &[(&str, &str)]) -> String {
        let endpoint = &self.metadata.authorization_endpoint;
        let separator = if endpoint.contains('?') { '&' } else { '?' };
        format!("{endpoint}{separator}{}", encoded_pairs(pairs))
    }
}
