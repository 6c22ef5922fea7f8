//! From a certificate to the person it belongs to, or to the reason for refusing it. Reads the DER, never a printed
//! name: producers escape names differently.
//!
//! Source of the profile: DigitPA/AgID, "Carta Nazionale dei Servizi", structure of the authentication certificate;
//! the policies of the cards issued in Lombardy are those of its regional certification practice statement.

use chrono::{DateTime, Utc};
use questionnaires::fiscal_code::FiscalCode;
use rustls_pki_types::CertificateDer;
use x509_parser::{certificate::X509Certificate, extensions::ParsedExtension, prelude::FromDer, time::ASN1Time};

use super::{
    Refusal, RevocationLists, TrustAnchors, chain,
    cryptography::{is_believed, is_strict, possession_is_provable},
};

/// The Carta Nazionale dei Servizi; the regional cards of Lombardy, two generations, equivalent to it.
const CARD_POLICIES: [&str; 3] = ["1.3.76.16.2.1", "1.3.159.6.1.3.2.10", "1.3.76.12.1.1.10.2.2.10"];

/// The electronic identity card (CIE). Its certificate names the holder like a services card's.
const IDENTITY_CARD_POLICY: &str = "1.3.76.47.4";

/// Any policy at all (RFC 5280, section 4.2.1.4): an authority may say it of itself, a card may not.
const ANY_POLICY: &str = "2.5.29.32.0";

/// Whom a card belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardHolder {
    /// The holder's fiscal code. A homocode is a person of its own.
    pub fiscal_code: FiscalCode,
}

/// Whose cards are believed, and how far.
#[derive(Debug, Clone, Copy)]
pub struct Belief<'a> {
    /// The authorities believed now.
    pub anchors: &'a TrustAnchors,
    /// Authorities of a trust list that is too old to count.
    pub doubtful: &'a TrustAnchors,
    /// Whether there should be a trust list and is none, so that every unknown authority may be one of its.
    pub list_is_missing: bool,
    /// Certificates that lead from cards to authorities.
    pub intermediates: &'a [CertificateDer<'static>],
    /// Revocation lists; none: revocation is not checked.
    pub revocation: Option<&'a RevocationLists>,
    /// Whether the identity card signs in too.
    pub identity_cards: bool,
}

/// Judges the certificate whose key took part in the handshake, the first of `presented`; the others may lead from it to
/// an authority.
///
/// The reasons are tried in the order in which they help most: what the certificate is, before whether it is still good.
pub fn judge(
    presented: &[CertificateDer<'static>],
    belief: &Belief<'_>,
    now: DateTime<Utc>,
) -> Result<CardHolder, Refusal> {
    let (card, sent) = presented.split_first().ok_or(Refusal::NoCertificate)?;
    let (_, certificate) = X509Certificate::from_der(card).map_err(|_| Refusal::Unreadable)?;
    if !is_strict(card, &certificate) {
        return Err(Refusal::Unreadable);
    }
    if !possession_is_provable(&certificate)
        || !is_believed(&certificate.signature_algorithm, &certificate.tbs_certificate.signature)
    {
        return Err(Refusal::OutdatedCard);
    }
    let now = ASN1Time::from_timestamp(now.timestamp()).map_err(|_| Refusal::Unreadable)?;
    let path = chain::build(&certificate, sent, belief.intermediates, belief.anchors, now);
    let path = path.ok_or_else(|| {
        let once = chain::build(&certificate, sent, belief.intermediates, belief.doubtful, now);
        match once.is_some() || belief.list_is_missing {
            true => Refusal::TrustUnknown,
            false => Refusal::ForeignIssuer,
        }
    })?;
    check_purpose(&certificate)?;
    check_policy(&certificate, &path, belief.identity_cards)?;
    if now < certificate.validity().not_before {
        return Err(Refusal::NotYetValid);
    }
    if now > certificate.validity().not_after {
        return Err(Refusal::Expired);
    }
    if let Some(revocation) = belief.revocation {
        check_revocation(&certificate, &path, revocation, now)?;
    }
    holder(&certificate)
}

/// From the anchor down, so that an authority that was revoked is not asked about its cards.
fn check_revocation(
    certificate: &X509Certificate<'_>,
    path: &chain::Path<'_>,
    revocation: &RevocationLists,
    now: ASN1Time,
) -> Result<(), Refusal> {
    for pair in path.windows(2).rev() {
        let [authority, issuer] = pair else { continue };
        let (_, authority) = X509Certificate::from_der(authority).map_err(|_| Refusal::Unreadable)?;
        revocation.check(&authority, issuer, now).map_err(|refusal| match refusal {
            Refusal::Revoked => Refusal::IssuerRevoked,
            other => other,
        })?;
    }
    let issuer = path.first().ok_or(Refusal::ForeignIssuer)?;
    revocation.check(certificate, issuer, now)
}

fn check_purpose(certificate: &X509Certificate<'_>) -> Result<(), Refusal> {
    let is_understood = |extension: &ParsedExtension<'_>| {
        matches!(
            extension,
            ParsedExtension::KeyUsage(_)
                | ParsedExtension::ExtendedKeyUsage(_)
                | ParsedExtension::BasicConstraints(_)
                | ParsedExtension::CertificatePolicies(_)
                | ParsedExtension::SubjectAlternativeName(_)
        )
    };
    if certificate
        .extensions()
        .iter()
        .any(|extension| extension.critical && !is_understood(extension.parsed_extension()))
    {
        return Err(Refusal::Unreadable);
    }
    if certificate.is_ca() {
        return Err(Refusal::WrongPurpose);
    }
    let key_usage = certificate.key_usage().map_err(|_| Refusal::Unreadable)?;
    let key_usage = key_usage.ok_or(Refusal::NoPurpose)?.value;
    if key_usage.non_repudiation() {
        return Err(Refusal::SignatureCertificate);
    }
    if !key_usage.digital_signature() {
        return Err(Refusal::WrongPurpose);
    }
    let extended = certificate.extended_key_usage().map_err(|_| Refusal::Unreadable)?;
    if extended.ok_or(Refusal::NoPurpose)?.value.client_auth { Ok(()) } else { Err(Refusal::WrongPurpose) }
}

/// One of the card policies, allowed all the way down from the anchor: an authority between that does not allow it
/// cannot issue cards.
fn check_policy(
    certificate: &X509Certificate<'_>,
    path: &chain::Path<'_>,
    identity_cards: bool,
) -> Result<(), Refusal> {
    let is_card_policy = |policy: &String| {
        CARD_POLICIES.contains(&policy.as_str()) || (identity_cards && policy == IDENTITY_CARD_POLICY)
    };
    let of_card: Vec<String> = policies(certificate).into_iter().filter(is_card_policy).collect();
    let (_, between) = path.split_last().ok_or(Refusal::ForeignIssuer)?;
    let is_allowed = |policy: &String| {
        between.iter().all(|authority| {
            X509Certificate::from_der(authority).is_ok_and(|(_, authority)| {
                policies(&authority).iter().any(|allowed| allowed == policy || allowed == ANY_POLICY)
            })
        })
    };
    if of_card.iter().any(is_allowed) { Ok(()) } else { Err(Refusal::NoPolicy) }
}

fn policies(certificate: &X509Certificate<'_>) -> Vec<String> {
    let policies = certificate.extensions().iter().find_map(|extension| match extension.parsed_extension() {
        ParsedExtension::CertificatePolicies(policies) => Some(policies),
        _ => None,
    });
    policies.into_iter().flat_map(|all| all.iter()).map(|policy| policy.policy_id.to_id_string()).collect()
}

/// The common name is `<fiscal code>/<card id>.<base64 hash>`. The hash may itself contain `/`, so the first `/` ends
/// the fiscal code and the first `.` after it ends the card id.
fn holder(certificate: &X509Certificate<'_>) -> Result<CardHolder, Refusal> {
    let mut names = certificate.subject().iter_common_name();
    let name = names.next().ok_or(Refusal::MalformedName)?;
    if names.next().is_some() {
        return Err(Refusal::MalformedName);
    }
    let name = name.as_str().map_err(|_| Refusal::MalformedName)?;
    let (fiscal_code, card) = name.split_once('/').ok_or(Refusal::MalformedName)?;
    let (card_id, hash) = card.split_once('.').ok_or(Refusal::MalformedName)?;
    if card_id.is_empty() || hash.is_empty() {
        return Err(Refusal::MalformedName);
    }
    let parsed: FiscalCode = fiscal_code.parse().map_err(|_| Refusal::InvalidFiscalCode)?;
    // A certificate is not typed by hand: a spelling that had to be corrected is no card's.
    if parsed.reveal() == fiscal_code {
        Ok(CardHolder { fiscal_code: parsed })
    } else {
        Err(Refusal::InvalidFiscalCode)
    }
}

#[cfg(test)]
mod tests;
