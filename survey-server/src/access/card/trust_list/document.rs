//! What a trust list says (ETSI TS 119 612, version 2.1.1): who may issue cards, since when, and until when the list
//! itself holds.

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use roxmltree::{Document, Node};
use rustls_pki_types::CertificateDer;
use x509_parser::time::ASN1Time;

use super::{TrustListError, signature};
use crate::access::card::trust::is_authority;

const NAMESPACE: &str = "http://uri.etsi.org/02231/v2#";

/// Services of identity verification, by which the Italian list means the authorities of services cards. (Services of
/// the type `IdV/nothavingPKIid` have no certificate.)
const IDENTITY: &str = "http://uri.etsi.org/TrstSvc/Svctype/IdV";

/// The status of a service that a state recognises (TS 119 612, section 5.5.4).
const RECOGNISED: &str = "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/recognisedatnationallevel";

/// A verified trust list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustList {
    /// Grows with every issue.
    pub sequence_number: u64,
    /// When it was issued.
    pub issued: DateTime<Utc>,
    /// When the next one is due at the latest; from then on it does not count.
    pub next_update: DateTime<Utc>,
    /// The services with a certificate that ever were of identity verification.
    pub services: Vec<Service>,
}

/// A service of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Its name, the first of those given.
    pub name: String,
    /// Its certificates.
    pub certificates: Vec<CertificateDer<'static>>,
    /// From when it was what, latest first.
    pub periods: Vec<Period>,
}

/// What a service was from an instant on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// From when.
    pub since: DateTime<Utc>,
    /// Whether it was recognised to issue cards.
    pub recognised: bool,
}

impl Service {
    /// Since when the service is recognised at `now`, if it is. A status may begin in the future: until then the one
    /// before counts.
    pub fn recognised_since(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let current = self.periods.iter().find(|period| period.since <= now)?;
        current.recognised.then_some(current.since)
    }
}

impl TrustList {
    /// Reads a list that one of `signers` signed.
    pub(super) fn parse(bytes: &[u8], signers: &[CertificateDer<'static>]) -> Result<TrustList, TrustListError> {
        let text = std::str::from_utf8(bytes).map_err(|_| TrustListError::NotXml("not UTF-8".to_owned()))?;
        // The reader refuses document type definitions, hence entities too.
        let document = Document::parse(text).map_err(|error| TrustListError::NotXml(error.to_string()))?;
        let root = document.root_element();
        if !root.has_tag_name((NAMESPACE, "TrustServiceStatusList")) {
            return Err(TrustListError::Content("its root is not TrustServiceStatusList"));
        }
        let scheme = child(root, "SchemeInformation")?;
        let issued = instant(child(scheme, "ListIssueDateTime")?)?;
        let at = ASN1Time::from_timestamp(issued.timestamp()).map_err(|_| TrustListError::Content("its date"))?;
        signature::verify(&document, signers, at)?;

        let sequence_number = text_of(child(scheme, "TSLSequenceNumber")?);
        let providers = child(root, "TrustServiceProviderList").ok();
        let providers = providers.into_iter().flat_map(|list| children(list, "TrustServiceProvider"));
        let services = providers
            .flat_map(|provider| child(provider, "TSPServices").into_iter().flat_map(|all| children(all, "TSPService")))
            .map(service)
            .filter_map(Result::transpose)
            .collect::<Result<_, _>>()?;
        Ok(TrustList {
            sequence_number: sequence_number.parse().map_err(|_| TrustListError::Content("TSLSequenceNumber"))?,
            issued,
            // A list that was closed has none, and counts no more.
            next_update: instant(child(child(scheme, "NextUpdate")?, "dateTime")?)?,
            services,
        })
    }
}

/// A service of identity verification, now or before; nothing for every other.
fn service(node: Node<'_, '_>) -> Result<Option<Service>, TrustListError> {
    let information = child(node, "ServiceInformation")?;
    let history = child(node, "ServiceHistory").ok();
    let earlier = history.into_iter().flat_map(|history| children(history, "ServiceHistoryInstance"));
    let instances: Vec<Node<'_, '_>> = std::iter::once(information).chain(earlier).collect();
    let is_identity =
        |instance: &Node<'_, '_>| child(*instance, "ServiceTypeIdentifier").is_ok_and(|kind| text_of(kind) == IDENTITY);
    if !instances.iter().any(is_identity) {
        return Ok(None);
    }
    let mut periods = Vec::new();
    for instance in &instances {
        let status = text_of(child(*instance, "ServiceStatus")?);
        let since = instant(child(*instance, "StatusStartingTime")?)?;
        periods.push(Period { since, recognised: is_identity(instance) && status == RECOGNISED });
    }
    // Of two that begin together the one that is not recognised comes first: in doubt, nobody is believed.
    periods.sort_by_key(|period| (std::cmp::Reverse(period.since), period.recognised));
    let identity = child(information, "ServiceDigitalIdentity")?;
    let certificates = identity.descendants().filter(|node| node.has_tag_name((NAMESPACE, "X509Certificate")));
    let certificates: Vec<CertificateDer<'static>> = certificates
        .map(|node| STANDARD.decode(text_of(node).split_ascii_whitespace().collect::<String>()))
        .map(|der| {
            der.map(CertificateDer::from).map_err(|_| TrustListError::Content("a certificate that is not base64"))
        })
        .collect::<Result<_, _>>()?;
    let name = information.descendants().find(|node| node.has_tag_name((NAMESPACE, "Name")));
    Ok(Some(Service {
        name: name.map(text_of).unwrap_or_default(),
        certificates: certificates.into_iter().filter(is_authority).collect(),
        periods,
    }))
}

fn instant(node: Node<'_, '_>) -> Result<DateTime<Utc>, TrustListError> {
    let parsed = DateTime::parse_from_rfc3339(&text_of(node));
    parsed.map(|instant| instant.to_utc()).map_err(|_| TrustListError::Content("a date and time"))
}

/// The text of an element, without the spaces around it. Comments split a text, and must not shorten it.
fn text_of(node: Node<'_, '_>) -> String {
    let parts = node.children().filter(|child| child.is_text()).filter_map(|child| child.text());
    parts.collect::<String>().trim().to_owned()
}

fn child<'a, 'input>(parent: Node<'a, 'input>, name: &'static str) -> Result<Node<'a, 'input>, TrustListError> {
    let mut found = children(parent, name);
    match (found.next(), found.next()) {
        (Some(child), None) => Ok(child),
        _ => Err(TrustListError::Content(name)),
    }
}

fn children<'a, 'input: 'a>(parent: Node<'a, 'input>, name: &'static str) -> impl Iterator<Item = Node<'a, 'input>> {
    parent.children().filter(move |node| node.has_tag_name((NAMESPACE, name)))
}
