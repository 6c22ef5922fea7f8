//! The card listener: asks for a client certificate, or takes it from a proxy that did, judges it, and hands a ticket to the
//! main site or a readable refusal to the person.

mod certificate;
mod chain;
mod cryptography;
mod form;
mod noted;
mod proxied;
mod refresh;
mod refusal;
mod revocation;
mod routes;
mod tls;
mod trust;
mod trust_list;
mod view;

use chrono::{DateTime, Utc};
use rustls_pki_types::CertificateDer;
use x509_parser::{certificate::X509Certificate, prelude::FromDer, time::ASN1Time};

pub use certificate::{Belief, CardHolder, judge};
pub(crate) use noted::{NotedRefusals, note};
pub use refresh::keep_fresh;
pub use refusal::Refusal;
pub use revocation::{DownloadError, RevocationLists};
pub(crate) use routes::routes;
pub use tls::{CardPossession, PeerCertificates, remember_certificates};
pub use trust::{TrustAnchors, TrustError};
pub use trust_list::{Period, Service, SignatureProblem, Standing, TrustList, TrustListError, TrustListStore};

use crate::{config::AuthoritiesConfig, outbound::Outbound};

/// Whom the card listener believes.
pub struct CardAuthorities {
    anchors: Vec<CertificateDer<'static>>,
    intermediates: Vec<CertificateDer<'static>>,
    trust_list: Option<TrustListStore>,
    revocation: Option<RevocationLists>,
    identity_cards: bool,
}

impl CardAuthorities {
    /// Reads the folders of authorities. The trust list and the revocation lists are read whenever they change.
    pub fn open(config: &AuthoritiesConfig) -> Result<CardAuthorities, TrustError> {
        let folder = |folder: &Option<std::path::PathBuf>, key| match folder {
            Some(folder) => trust::authorities_in(folder, key),
            None => Ok(Vec::new()),
        };
        Ok(CardAuthorities {
            anchors: folder(&config.trust_anchors, "card.trust_anchors")?,
            intermediates: folder(&config.intermediates, "card.intermediates")?,
            trust_list: config.trust_list.as_ref().map(TrustListStore::open).transpose()?,
            revocation: config.revocation.as_ref().map(RevocationLists::new),
            identity_cards: config.identity_cards,
        })
    }

    /// Judges the certificates that a client presented, its own first.
    pub fn judge(&self, presented: &[CertificateDer<'static>], now: DateTime<Utc>) -> Result<CardHolder, Refusal> {
        let standing = self.trust_list.as_ref().map(|store| store.standing(now));
        let list_is_missing = matches!(standing, Some(Standing::Useless(None, _)));
        let (anchors, doubtful) = self.authorities(standing.as_ref(), now);
        let belief = Belief {
            anchors: &anchors,
            doubtful: &doubtful,
            list_is_missing,
            intermediates: &self.intermediates,
            revocation: self.revocation.as_ref(),
            identity_cards: self.identity_cards,
        };
        judge(presented, &belief, now)
    }

    /// The authorities that count at `now`, for whoever runs the installation.
    pub fn believed(&self, now: DateTime<Utc>) -> Vec<BelievedAuthority> {
        let by_hand = self.anchors.iter().map(|der| BelievedAuthority { name: subject(der), since: None });
        let listed = match self.trust_list.as_ref().map(|store| store.standing(now)) {
            Some(Standing::Good(list)) => list
                .services
                .iter()
                .filter_map(|service| Some((service, service.recognised_since(now)?)))
                .flat_map(|(service, since)| {
                    let named = |der| BelievedAuthority { name: subject(der), since: Some(since) };
                    service.certificates.iter().map(named).collect::<Vec<_>>()
                })
                .collect(),
            _ => Vec::new(),
        };
        by_hand.chain(listed).collect()
    }

    /// The national trust list, where one is configured.
    pub fn trust_list(&self) -> Option<&TrustListStore> {
        self.trust_list.as_ref()
    }

    /// The revocation lists, where they are checked.
    pub fn revocation_lists(&self) -> Option<&RevocationLists> {
        self.revocation.as_ref()
    }

    /// Downloads the revocation lists of the authorities believed, where that is configured; answers what failed.
    pub async fn download_revocation_lists(&self, outbound: &Outbound, now: DateTime<Utc>) -> Vec<DownloadError> {
        let Some(lists) = &self.revocation else { return Vec::new() };
        let standing = self.trust_list.as_ref().map(|store| store.standing(now));
        let (anchors, _) = self.authorities(standing.as_ref(), now);
        if let Ok(at) = ASN1Time::from_timestamp(now.timestamp()) {
            for intermediate in &self.intermediates {
                let Ok((_, parsed)) = X509Certificate::from_der(intermediate) else { continue };
                let path = chain::build(&parsed, &[], &self.intermediates, &anchors, at);
                if let Some(issuer) = path.as_ref().and_then(|path| path.first()) {
                    lists.downloads.note(&parsed, issuer);
                }
            }
        }
        let known: Vec<CertificateDer<'static>> = anchors.iter().chain(&self.intermediates).cloned().collect();
        lists.downloads.fetch(outbound, &known).await
    }

    /// The authorities that count at `now`, and those of a trust list that does not.
    fn authorities(&self, standing: Option<&Standing>, now: DateTime<Utc>) -> (TrustAnchors, TrustAnchors) {
        let (good, doubtful) = standing.map(|standing| standing.authorities(now)).unwrap_or_default();
        (TrustAnchors::new(self.anchors.iter().chain(good.iter()).cloned()), doubtful)
    }
}

/// An authority whose cards are believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BelievedAuthority {
    /// The subject of its certificate.
    pub name: String,
    /// Since when the trust list recognises it; none: believed by hand.
    pub since: Option<DateTime<Utc>>,
}

fn subject(der: &CertificateDer<'_>) -> String {
    X509Certificate::from_der(der).map_or_else(|_| String::new(), |(_, certificate)| certificate.subject().to_string())
}
