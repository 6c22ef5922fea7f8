//! The providers of the Italian federations: which there are, and what each may be, remembered while it holds.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, Duration, Utc};
use serde_json::Value;

use super::{
    Federation, IdentityProvider,
    chain::{self, Documents, Member},
    discovery::{DOCUMENT_LIMIT, Described, Metadata, fetch_json, unreachable},
    identity_provider::Client,
    refusal::Refusal,
    statement,
};
use crate::{
    config::ProviderKind,
    outbound::{Channel, Outbound},
};

/// The kind of member that identifies people.
pub(super) const KIND: &str = "openid_provider";

/// How long a list of members is believed.
const LIFETIME: Duration = Duration::hours(1);

/// A list may not have more members.
const N_MEMBERS: usize = 200;

/// What was found out about members, by identifier, and which there are, by trust anchor.
#[derive(Debug, Default)]
pub(super) struct Members {
    resolved: Mutex<BTreeMap<String, Arc<Member>>>,
    lists: Mutex<BTreeMap<String, List>>,
}

/// The members that a trust anchor lists.
#[derive(Debug, Clone)]
struct List {
    issuers: Vec<String>,
    until: DateTime<Utc>,
}

impl Documents for Outbound {
    async fn fetch(&self, url: &str) -> Result<String, Refusal> {
        let bytes = self.get(url, Channel::Authenticated, DOCUMENT_LIMIT).await.map_err(|error| unreachable(&error))?;
        String::from_utf8(bytes).map_err(|_| Refusal::NotBelieved("a statement of the federation is not text"))
    }
}

impl Federation {
    /// What a provider says of itself and its keys.
    pub(super) async fn describe(
        &self,
        outbound: &Outbound,
        provider: &IdentityProvider,
        issuer: &str,
        now: DateTime<Utc>,
    ) -> Result<Arc<Described>, Refusal> {
        if let ProviderKind::Standard { .. } = &provider.config.kind {
            return self.known.discover(outbound, issuer, now).await;
        }
        if let Some(described) = self.known.recall(issuer, now) {
            return Ok(described);
        }
        let member = self.member(outbound, provider, issuer, now).await?;
        let metadata = Metadata::read(&Value::Object(member.metadata.clone()), issuer)?;
        let keys = metadata.fetch_keys(outbound).await?;
        let until = DateTime::from_timestamp(member.expires, 0);
        Ok(self.known.remember(Described { metadata, keys }, until, now))
    }

    async fn member(
        &self,
        outbound: &Outbound,
        provider: &IdentityProvider,
        issuer: &str,
        now: DateTime<Utc>,
    ) -> Result<Arc<Member>, Refusal> {
        let anchor = provider.anchor().ok_or(Refusal::NotAccepted("the provider has no trust anchor"))?;
        let member = Arc::new(chain::resolve(outbound, issuer, KIND, anchor, now).await?);
        let mut resolved = self.members.resolved.lock().unwrap_or_else(PoisonError::into_inner);
        resolved.insert(issuer.to_owned(), Arc::clone(&member));
        Ok(member)
    }

    /// What was found out about one of the providers that people may sign in with.
    pub(super) async fn resolve(
        &self,
        outbound: &Outbound,
        issuer: &str,
        anchor: &str,
        now: DateTime<Utc>,
    ) -> Result<Arc<Member>, Refusal> {
        for provider in self.providers() {
            if provider.anchor().is_none_or(|known| known.id != anchor) {
                continue;
            }
            if self.issuers(outbound, provider, now).await?.iter().any(|known| known == issuer) {
                self.describe(outbound, provider, issuer, now).await?;
                let resolved = self.members.resolved.lock().unwrap_or_else(PoisonError::into_inner);
                return resolved.get(issuer).cloned().ok_or(Refusal::ProviderDown);
            }
        }
        Err(Refusal::NotAccepted("nobody signs in with this provider here"))
    }

    /// The providers behind a door: the one or those that the configuration names, or else those that the trust anchor
    /// lists.
    pub(super) async fn issuers(
        &self,
        outbound: &Outbound,
        provider: &IdentityProvider,
        now: DateTime<Utc>,
    ) -> Result<Vec<String>, Refusal> {
        let anchor = match (&provider.config.kind, provider.anchor()) {
            (ProviderKind::Standard { issuer, .. }, _) => return Ok(vec![issuer.clone()]),
            (ProviderKind::Federated { issuers, .. }, _) if !issuers.is_empty() => return Ok(issuers.clone()),
            (ProviderKind::Federated { .. }, Some(anchor)) => anchor,
            (ProviderKind::Federated { .. }, None) => return Ok(Vec::new()),
        };
        let known = self.members.lists.lock().unwrap_or_else(PoisonError::into_inner).get(anchor.id).cloned();
        if let Some(list) = known.filter(|list| now < list.until) {
            return Ok(list.issuers);
        }
        let configuration = chain::anchor_configuration(outbound, anchor, now).await?;
        let endpoint = configuration.endpoint("federation_list_endpoint");
        let endpoint = endpoint.ok_or(Refusal::NotAccepted("the trust anchor lists no members"))?;
        let separator = if endpoint.contains('?') { '&' } else { '?' };
        let list = fetch_json(outbound, &format!("{endpoint}{separator}entity_type={KIND}")).await?;
        let items = list.as_array().map(Vec::as_slice).unwrap_or_default().iter().filter_map(Value::as_str);
        let mut issuers: Vec<String> =
            items.filter(|issuer| issuer.starts_with("https://")).take(N_MEMBERS).map(str::to_owned).collect();
        issuers.sort();
        issuers.dedup();
        let mut lists = self.members.lists.lock().unwrap_or_else(PoisonError::into_inner);
        lists.insert(anchor.id.to_owned(), List { issuers: issuers.clone(), until: now + LIFETIME });
        Ok(issuers)
    }

    /// What a provider is called, as far as that is known; otherwise its host.
    pub(super) fn name_of(&self, issuer: &str) -> String {
        let resolved = self.members.resolved.lock().unwrap_or_else(PoisonError::into_inner);
        let name = resolved.get(issuer).and_then(|member| member.name.clone());
        name.unwrap_or_else(|| statement::host(issuer).to_owned())
    }

    /// Ourselves as a provider knows us.
    pub(super) fn client<'a>(&'a self, provider: &'a IdentityProvider, public_url: &'a str) -> Option<Client<'a>> {
        match &provider.config.kind {
            ProviderKind::Standard { .. } => provider.agreed_client(),
            ProviderKind::Federated { .. } => self.membership.as_ref().map(|membership| membership.client(public_url)),
        }
    }
}
