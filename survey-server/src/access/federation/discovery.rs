//! What a provider says of itself (OpenID Connect Discovery 1.0) and its keys, remembered for an hour.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, Duration, Utc};
use serde_json::Value;

use super::refusal::Refusal;
use crate::{
    access::jose::KeySet,
    outbound::{Channel, Outbound, OutboundError},
};

/// What a provider may say of itself at most, in bytes.
pub(super) const DOCUMENT_LIMIT: u64 = 256 * 1024;

/// How long it is believed.
const LIFETIME: Duration = Duration::hours(1);

/// Keys are asked for anew at most this often because a token names one that is not known.
const REFETCH_INTERVAL: Duration = Duration::minutes(1);

/// A provider as it describes itself.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Metadata {
    pub(super) issuer: String,
    pub(super) authorization_endpoint: String,
    pub(super) token_endpoint: String,
    pub(super) userinfo_endpoint: Option<String>,
    pub(super) revocation_endpoint: Option<String>,
    /// Whether its answers name it (RFC 9207).
    pub(super) names_itself: bool,
    pub(super) keys_at: Keys,
}

/// Where a provider's keys are.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Keys {
    At(String),
    Inline(KeySet),
}

/// A provider and its keys at the moment.
#[derive(Debug, Clone)]
pub(super) struct Described {
    pub(super) metadata: Metadata,
    pub(super) keys: KeySet,
}

/// What is known of the providers, by issuer.
#[derive(Debug, Default)]
pub(super) struct Known(Mutex<BTreeMap<String, Entry>>);

#[derive(Debug, Clone)]
struct Entry {
    described: Arc<Described>,
    until: DateTime<Utc>,
    refetched_at: Option<DateTime<Utc>>,
}

impl Known {
    /// What is known of a provider, if it is recent enough.
    pub(super) fn recall(&self, issuer: &str, now: DateTime<Utc>) -> Option<Arc<Described>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(issuer).filter(|entry| now < entry.until).map(|entry| Arc::clone(&entry.described))
    }

    /// Remembers a provider until `until`, at most for an hour.
    pub(super) fn remember(
        &self,
        described: Described,
        until: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Arc<Described> {
        let until = until.unwrap_or(now + LIFETIME).min(now + LIFETIME);
        let entry = Entry { described: Arc::new(described), until, refetched_at: None };
        let described = Arc::clone(&entry.described);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(described.metadata.issuer.clone(), entry);
        described
    }

    /// Whether the keys of a provider may be asked for again now. One who is told so does it.
    fn may_refetch(&self, issuer: &str, now: DateTime<Utc>) -> bool {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(entry) = known.get_mut(issuer) else { return false };
        if entry.refetched_at.is_some_and(|last| now - last < REFETCH_INTERVAL) {
            return false;
        }
        entry.refetched_at = Some(now);
        true
    }

    fn replace_keys(&self, issuer: &str, keys: KeySet) -> Option<Arc<Described>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = known.get_mut(issuer)?;
        entry.described = Arc::new(Described { metadata: entry.described.metadata.clone(), keys });
        Some(Arc::clone(&entry.described))
    }

    /// The provider with `issuer`, asked if need be.
    pub(super) async fn discover(
        &self,
        outbound: &Outbound,
        issuer: &str,
        now: DateTime<Utc>,
    ) -> Result<Arc<Described>, Refusal> {
        if let Some(described) = self.recall(issuer, now) {
            return Ok(described);
        }
        let url = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let document = fetch_json(outbound, &url).await?;
        let metadata = Metadata::read(&document, issuer)?;
        let keys = metadata.fetch_keys(outbound).await?;
        Ok(self.remember(Described { metadata, keys }, None, now))
    }

    /// The provider with its present keys, because a token names one that is not among those known; asked once a
    /// minute at most, so that nobody can make us ask without end.
    pub(super) async fn with_present_keys(
        &self,
        outbound: &Outbound,
        described: &Described,
        now: DateTime<Utc>,
    ) -> Result<Arc<Described>, Refusal> {
        const UNKNOWN: Refusal =
            Refusal::NotBelieved("the token is signed with a key that the provider does not publish");
        if !self.may_refetch(&described.metadata.issuer, now) {
            return Err(UNKNOWN);
        }
        if let Keys::Inline(_) = described.metadata.keys_at {
            // Its keys stand in its description, which is asked for anew at the next sign-in.
            self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&described.metadata.issuer);
            return Err(UNKNOWN);
        }
        let keys = described.metadata.fetch_keys(outbound).await?;
        self.replace_keys(&described.metadata.issuer, keys).ok_or(UNKNOWN)
    }
}

impl Metadata {
    /// Reads a description, which must be that of `issuer` to the letter.
    pub(super) fn read(document: &Value, issuer: &str) -> Result<Metadata, Refusal> {
        let text = |name: &str| document.get(name).and_then(Value::as_str).map(str::to_owned);
        if text("issuer").as_deref() != Some(issuer) {
            return Err(Refusal::NotAccepted("the provider's description names another issuer"));
        }
        let endpoint = |name: &str| text(name).filter(|url| url.starts_with("https://"));
        let required = |name: &str| {
            endpoint(name).ok_or(Refusal::NotAccepted("the provider's description lacks an https endpoint"))
        };
        let takes_s256 = match document.get("code_challenge_methods_supported").and_then(Value::as_array) {
            Some(methods) => methods.iter().any(|method| method == "S256"),
            None => true,
        };
        if !takes_s256 {
            return Err(Refusal::NotAccepted("the provider does not take PKCE with S256"));
        }
        let keys_at = match (document.get("jwks"), endpoint("jwks_uri")) {
            (Some(set), _) => Keys::Inline(
                KeySet::read(set)
                    .map_err(|_| Refusal::NotAccepted("the provider publishes no key that can be used"))?,
            ),
            (None, Some(url)) => Keys::At(url),
            (None, None) => return Err(Refusal::NotAccepted("the provider's description names no keys")),
        };
        Ok(Metadata {
            issuer: issuer.to_owned(),
            authorization_endpoint: required("authorization_endpoint")?,
            token_endpoint: required("token_endpoint")?,
            userinfo_endpoint: endpoint("userinfo_endpoint"),
            revocation_endpoint: endpoint("revocation_endpoint"),
            names_itself: document.get("authorization_response_iss_parameter_supported") == Some(&Value::Bool(true)),
            keys_at,
        })
    }

    pub(super) async fn fetch_keys(&self, outbound: &Outbound) -> Result<KeySet, Refusal> {
        match &self.keys_at {
            Keys::Inline(keys) => Ok(keys.clone()),
            Keys::At(url) => KeySet::read(&fetch_json(outbound, url).await?)
                .map_err(|_| Refusal::NotAccepted("the provider publishes no key that can be used")),
        }
    }
}

/// A JSON document of another site.
pub(super) async fn fetch_json(outbound: &Outbound, url: &str) -> Result<Value, Refusal> {
    let bytes = outbound.get(url, Channel::Authenticated, DOCUMENT_LIMIT).await.map_err(|error| unreachable(&error))?;
    serde_json::from_slice(&bytes).map_err(|_| Refusal::NotAccepted("a document of the provider is not JSON"))
}

/// What a failed request means, said in the log with the address, which holds no secret.
pub(super) fn unreachable(error: &OutboundError) -> Refusal {
    tracing::warn!(%error, "a provider could not be asked");
    match error {
        OutboundError::NotHttps(_) => Refusal::NotAccepted("an address of the provider is not https"),
        OutboundError::TooLong(..) => Refusal::NotBelieved("an answer of the provider is too long"),
        OutboundError::Status(_, 400..=499) => Refusal::NotAccepted("the provider refuses our request"),
        _ => Refusal::ProviderDown,
    }
}
