//! From a card's certificate to an authority that is believed, over intermediate authorities if need be (RFC 5280,
//! section 6.1).
//!
//! Why not `rustls-webpki`, which rustls brings along: it looks at the card itself first and answers with its own reason,
//! while people must read the one that helps them most; an anchor has no validity there and an intermediate needs no
//! key usage; and a revocation list has no days of grace. What is left of path building is this file. It does less: name
//! constraints and policy mappings are refused rather than understood. A test holds that whatever is accepted
//! here is accepted there.

use std::cell::Cell;

use rustls_pki_types::CertificateDer;
use x509_parser::{certificate::X509Certificate, extensions::ParsedExtension, prelude::FromDer, time::ASN1Time};

use super::{
    TrustAnchors,
    cryptography::{is_signed_by, is_strict, possession_is_provable},
};

/// Intermediates in a path at most. Italian hierarchies have one, if any.
const N_INTERMEDIATES: usize = 3;

/// Certificates that a client may send beside its own; what comes after them is not looked at.
const N_SENT: usize = 8;

/// Signatures checked for one card at most: a client cannot send certificates that make us search without end.
const N_SIGNATURES: usize = 32;

/// The authorities above a card: the one that issued it first, the anchor last.
pub(super) type Path<'a> = Vec<&'a CertificateDer<'static>>;

/// A path from `card` to one of `anchors`, all of it valid at `now`, over certificates that the client `sent` or that are
/// `known` here. Intermediates are not believed by themselves.
pub(super) fn build<'a>(
    card: &X509Certificate<'_>,
    sent: &'a [CertificateDer<'static>],
    known: &'a [CertificateDer<'static>],
    anchors: &'a TrustAnchors,
    now: ASN1Time,
) -> Option<Path<'a>> {
    let candidates = known.iter().chain(sent.iter().take(N_SENT));
    let candidates = candidates.filter_map(|der| Some((der, X509Certificate::from_der(der).ok()?.1)));
    let candidates = candidates.filter(|(der, parsed)| is_strict(der, parsed)).collect();
    let search = Search { candidates, anchors, now, n_signatures: Cell::new(0) };
    let mut path = Vec::new();
    search.extend(card, 0, &mut path).then_some(path)
}

struct Search<'a> {
    candidates: Vec<(&'a CertificateDer<'static>, X509Certificate<'a>)>,
    anchors: &'a TrustAnchors,
    now: ASN1Time,
    n_signatures: Cell<usize>,
}

impl<'a> Search<'a> {
    /// Completes `path`, which leads up to `certificate` over `n_below` intermediates that count for path lengths.
    fn extend(&self, certificate: &X509Certificate<'_>, n_below: u32, path: &mut Path<'a>) -> bool {
        for anchor in self.anchors.named(certificate.issuer().as_raw()) {
            let Ok((_, parsed)) = X509Certificate::from_der(anchor) else { continue };
            let counts = parsed.validity().is_valid_at(self.now) && has_room_below(&parsed, n_below);
            if counts && self.signed(certificate, &parsed) {
                path.push(anchor);
                return true;
            }
        }
        if path.len() == N_INTERMEDIATES {
            return false;
        }
        for (der, candidate) in &self.candidates {
            let may_issue = candidate.subject().as_raw() == certificate.issuer().as_raw()
                && !path.contains(der)
                && is_intermediate(candidate, n_below, self.now);
            if !may_issue || !self.signed(certificate, candidate) {
                continue;
            }
            path.push(der);
            // An authority's certificate for its own next key does not make the path longer.
            let is_self_issued = candidate.subject().as_raw() == candidate.issuer().as_raw();
            if self.extend(candidate, n_below + u32::from(!is_self_issued), path) {
                return true;
            }
            path.pop();
        }
        false
    }

    fn signed(&self, certificate: &X509Certificate<'_>, issuer: &X509Certificate<'_>) -> bool {
        let n_signatures = self.n_signatures.get() + 1;
        self.n_signatures.set(n_signatures);
        n_signatures <= N_SIGNATURES && is_signed_by(certificate, issuer)
    }
}

/// Whether a certificate may stand between a card and an anchor.
fn is_intermediate(certificate: &X509Certificate<'_>, n_below: u32, now: ASN1Time) -> bool {
    let signs = certificate.key_usage().is_ok_and(|usage| usage.is_some_and(|usage| usage.value.key_cert_sign()));
    let authenticates = certificate
        .extended_key_usage()
        .is_ok_and(|purpose| purpose.is_none_or(|purpose| purpose.value.client_auth || purpose.value.any));
    certificate.version().0 == 2
        && certificate.is_ca()
        && signs
        && authenticates
        && has_room_below(certificate, n_below)
        && certificate.validity().is_valid_at(now)
        && possession_is_provable(certificate)
        && certificate.extensions().iter().all(|extension| match extension.parsed_extension() {
            ParsedExtension::NameConstraints(_)
            | ParsedExtension::PolicyConstraints(_)
            | ParsedExtension::InhibitAnyPolicy(_) => false,
            ParsedExtension::BasicConstraints(_)
            | ParsedExtension::KeyUsage(_)
            | ParsedExtension::ExtendedKeyUsage(_)
            | ParsedExtension::CertificatePolicies(_) => true,
            _ => !extension.critical,
        })
}

/// Whether the path length that an authority is held to allows `n_below` authorities between it and the card.
fn has_room_below(certificate: &X509Certificate<'_>, n_below: u32) -> bool {
    certificate.basic_constraints().is_ok_and(|constraints| {
        constraints.is_some_and(|constraints| constraints.value.path_len_constraint.is_none_or(|most| n_below <= most))
    })
}
