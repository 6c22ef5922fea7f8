//! A portal that may ask who has signed in, and how it proves that it is that portal.

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};

use super::store::SignOns;
use crate::{
    access::{
        federation::{FederationError, read_public, read_shared_secret},
        jose::{Algorithm, KeySet, Signed},
    },
    config::{ClientAuthentication, ClientConfig},
    error::AppError,
    keys,
    web::form::{Fields, decoded},
};

/// A statement of a portal about itself may be good for so many seconds at most.
const ASSERTION_LIFETIME: i64 = 300;

/// Clocks may differ by so many seconds.
const LEEWAY: i64 = 30;

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A portal.
#[derive(Debug)]
pub(super) struct Portal {
    pub(super) config: ClientConfig,
    proof: Proof,
}

enum Proof {
    /// The digest of the shared secret.
    Secret(Vec<u8>),
    Keys(KeySet),
}

impl Portal {
    pub(super) fn open(config: &ClientConfig) -> Result<Portal, FederationError> {
        let proof = match config.authentication {
            ClientAuthentication::PrivateKeyJwt => Proof::Keys(read_public(&config.proof_file, KeySet::parse)?),
            ClientAuthentication::SecretBasic | ClientAuthentication::SecretPost => {
                Proof::Secret(keys::sha256(read_shared_secret(&config.proof_file)?.as_bytes()))
            }
        };
        Ok(Portal { config: config.clone(), proof })
    }

    /// The origin to which people return at `redirect_uri`.
    pub(super) fn origin(redirect_uri: &str) -> &str {
        let host = redirect_uri.trim_start_matches("https://");
        let length = host.find(['/', '?']).unwrap_or(host.len());
        &redirect_uri[..redirect_uri.len() - host.len() + length]
    }
}

/// The portal that a request to the token endpoint comes from, if it proves so by the method agreed for it.
pub(super) async fn authenticate<'a>(
    sign_ons: &'a SignOns,
    authorization: Option<&str>,
    fields: &Fields,
    now: DateTime<Utc>,
) -> Result<Option<&'a Portal>, AppError> {
    let Some(provider) = sign_ons.provider() else { return Ok(None) };
    if let Some(pair) = authorization.and_then(|header| header.strip_prefix("Basic ")) {
        let pair = STANDARD.decode(pair.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let Some((id, secret)) = pair.as_deref().and_then(|pair| pair.split_once(':')) else { return Ok(None) };
        let (Ok(id), Ok(secret)) = (decoded(id), decoded(secret)) else { return Ok(None) };
        // Digests are compared, so that the time taken tells nothing about the secret.
        let given = keys::sha256(secret.as_bytes());
        return Ok(provider
            .portal(&id)
            .filter(|portal| matches!(&portal.proof, Proof::Secret(known) if *known == given)));
    }
    if fields.text("client_assertion_type") != Some(ASSERTION_TYPE) {
        return Ok(None);
    }
    let Some(signed) = fields.text("client_assertion").and_then(|token| Signed::parse(token).ok()) else {
        return Ok(None);
    };
    let Some(portal) = signed.unproved().text("sub").and_then(|id| provider.portal(id)) else { return Ok(None) };
    let Proof::Keys(known) = &portal.proof else { return Ok(None) };
    let Ok(claims) = signed.verify(known, &Algorithm::ALL) else { return Ok(None) };
    let (id, seconds) = (portal.config.id.as_str(), now.timestamp());
    let audiences = claims.texts("aud");
    let is_for_us = matches!(audiences[..], [one] if one == sign_ons.issuer() || one == sign_ons.token_endpoint());
    let expires =
        claims.instant("exp").filter(|exp| exp + LEEWAY > seconds && *exp <= seconds + ASSERTION_LIFETIME + LEEWAY);
    let is_theirs = claims.text("iss") == Some(id) && fields.text("client_id").is_none_or(|given| given == id);
    let (Some(expires), Some(name)) = (expires, claims.text("jti")) else { return Ok(None) };
    if !is_for_us || !is_theirs || claims.instant("nbf").is_some_and(|start| start > seconds + LEEWAY) {
        return Ok(None);
    }
    let is_first = sign_ons.first_use(&format!("{id}:{name}"), expires + LEEWAY, now).await?;
    Ok(is_first.then_some(portal))
}

impl std::fmt::Debug for Proof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Proof(***)")
    }
}
