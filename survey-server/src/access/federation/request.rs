//! The request that a browser carries to a provider.

use serde_json::json;

use super::{IdentityProvider, discovery::Metadata};
use crate::{
    config::ProviderKind,
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

/// The address of a provider with our request.
pub(super) fn authorization_address(
    provider: &IdentityProvider,
    metadata: &Metadata,
    attempt: &Attempt,
    redirect_uri: &str,
    language: &str,
) -> String {
    let ProviderKind::Standard { client_id, .. } = &provider.config.kind else { return String::new() };
    let (scope, acr, challenge) =
        (provider.config.scopes.join(" "), provider.config.acr.join(" "), attempt.challenge());
    // Asked for by name as well: some providers give a claim only so.
    let wanted: serde_json::Map<_, _> =
        provider.config.fiscal_code_claims.iter().map(|claim| (claim.clone(), json!(null))).collect();
    let claims = json!({ "id_token": wanted, "userinfo": wanted }).to_string();
    let mut pairs = vec![
        ("response_type", "code"),
        ("client_id", client_id),
        ("redirect_uri", redirect_uri),
        ("scope", &scope),
        ("state", &attempt.state),
        ("nonce", &attempt.nonce),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
        ("claims", &claims),
        ("ui_locales", language),
    ];
    if !acr.is_empty() {
        pairs.push(("acr_values", &acr));
    }
    let separator = if metadata.authorization_endpoint.contains('?') { '&' } else { '?' };
    format!("{}{separator}{}", metadata.authorization_endpoint, encoded_pairs(&pairs))
}
