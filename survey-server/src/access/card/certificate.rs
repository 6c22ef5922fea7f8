//! From a certificate to the person it belongs to, or to the reason for refusing it. Reads the DER, never a printed
//! name: producers escape names differently.
//!
//! Source of the profile: DigitPA/AgID, "Carta Nazionale dei Servizi", structure of the authentication certificate;
//! the policies of the cards issued in Lombardy are those of its regional certification practice statement.

use chrono::{DateTime, Utc};
use questionnaires::fiscal_code::FiscalCode;
use rustls_pki_types::CertificateDer;
use x509_parser::{
    certificate::X509Certificate,
    extensions::ParsedExtension,
    oid_registry::{
        OID_EC_P256, OID_NIST_EC_P384, OID_PKCS1_RSASSAPSS, OID_PKCS1_SHA256WITHRSA, OID_PKCS1_SHA384WITHRSA,
        OID_PKCS1_SHA512WITHRSA, OID_SIG_ECDSA_WITH_SHA256, OID_SIG_ECDSA_WITH_SHA384, OID_SIG_ED25519, Oid,
    },
    prelude::FromDer,
    public_key::PublicKey,
    time::ASN1Time,
};

use super::{Refusal, RevocationLists, TrustAnchors};

/// The Carta Nazionale dei Servizi; the regional cards of Lombardy, two generations, equivalent to it.
const CARD_POLICIES: [&str; 3] = ["1.3.76.16.2.1", "1.3.159.6.1.3.2.10", "1.3.76.12.1.1.10.2.2.10"];

/// Signature algorithms believed on a card's certificate: SHA-1 and MD5 are not among them.
const SIGNATURE_ALGORITHMS: [Oid<'static>; 7] = [
    OID_PKCS1_SHA256WITHRSA,
    OID_PKCS1_SHA384WITHRSA,
    OID_PKCS1_SHA512WITHRSA,
    OID_PKCS1_RSASSAPSS,
    OID_SIG_ECDSA_WITH_SHA256,
    OID_SIG_ECDSA_WITH_SHA384,
    OID_SIG_ED25519,
];

/// Whom a card belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardHolder {
    /// The holder's fiscal code. A homocode is a person of its own.
    pub fiscal_code: FiscalCode,
}

/// Whether a TLS handshake can prove possession of this certificate's key: RSA of 2048 to 8192 bits, the curves P-256
/// and P-384, Ed25519.
///
/// The handshake lets other keys pass unproved, so that their holders read why they are refused instead of meeting a
/// dead connection. That is safe because [`judge`] refuses them before anything else, by this same function.
pub(super) fn possession_is_provable(certificate: &X509Certificate<'_>) -> bool {
    let key = certificate.public_key();
    match key.parsed() {
        Ok(PublicKey::RSA(rsa)) => (2048..=8192).contains(&bit_length(rsa.modulus)),
        Ok(PublicKey::EC(_)) => {
            let curve = key.algorithm.parameters.as_ref().and_then(|parameters| parameters.as_oid().ok());
            curve.is_some_and(|curve| curve == OID_EC_P256 || curve == OID_NIST_EC_P384)
        }
        _ => key.algorithm.algorithm == OID_SIG_ED25519,
    }
}

fn bit_length(number: &[u8]) -> usize {
    let significant = number.iter().skip_while(|byte| **byte == 0).count();
    let leading_zeros = number.iter().find(|byte| **byte != 0).map_or(0, |byte| byte.leading_zeros() as usize);
    significant * 8 - leading_zeros
}

/// Judges a certificate whose key took part in the handshake.
///
/// The reasons are tried in the order in which they help most: what the certificate is, before whether it is still good.
pub fn judge(
    certificate: &CertificateDer<'_>,
    trust: &TrustAnchors,
    revocation: Option<&RevocationLists>,
    now: DateTime<Utc>,
) -> Result<CardHolder, Refusal> {
    let (rest, certificate) = X509Certificate::from_der(certificate).map_err(|_| Refusal::Unreadable)?;
    if !rest.is_empty() {
        return Err(Refusal::Unreadable);
    }
    if !possession_is_provable(&certificate)
        || !SIGNATURE_ALGORITHMS.contains(&certificate.signature_algorithm.algorithm)
    {
        return Err(Refusal::OutdatedCard);
    }
    let now = ASN1Time::from_timestamp(now.timestamp()).map_err(|_| Refusal::Unreadable)?;
    let issuer = trust.issuer_of(&certificate, now).ok_or(Refusal::ForeignIssuer)?;
    check_purpose(&certificate)?;
    check_policy(&certificate)?;
    if now < certificate.validity().not_before {
        return Err(Refusal::NotYetValid);
    }
    if now > certificate.validity().not_after {
        return Err(Refusal::Expired);
    }
    if let Some(revocation) = revocation {
        revocation.check(&certificate, issuer, now)?;
    }
    holder(&certificate)
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

fn check_policy(certificate: &X509Certificate<'_>) -> Result<(), Refusal> {
    let policies = certificate.extensions().iter().find_map(|extension| match extension.parsed_extension() {
        ParsedExtension::CertificatePolicies(policies) => Some(policies),
        _ => None,
    });
    let is_card_policy = |policy: String| CARD_POLICIES.contains(&policy.as_str());
    let has_one = policies.is_some_and(|all| all.iter().any(|policy| is_card_policy(policy.policy_id.to_id_string())));
    if has_one { Ok(()) } else { Err(Refusal::NoPolicy) }
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
