//! The card listener: asks for a client certificate, judges it, and hands a ticket to the main site or a readable
//! refusal to the person.

mod certificate;
mod form;
mod refusal;
mod revocation;
mod routes;
mod tls;
mod trust;
mod view;

use std::path::Path;

use chrono::{DateTime, Utc};

pub use certificate::{CardHolder, judge};
pub use refusal::Refusal;
pub use revocation::RevocationLists;
pub(crate) use routes::routes;
pub use tls::{CardPossession, PeerCertificates, remember_certificates};
pub use trust::{TrustAnchors, TrustError};

/// Whom the card listener believes.
pub struct CardAuthorities {
    trust: TrustAnchors,
    revocation: Option<RevocationLists>,
}

impl CardAuthorities {
    /// Reads the folder of trust anchors; `revocation_lists` is read anew whenever its files change.
    pub fn open(trust_anchors: &Path, revocation_lists: Option<&Path>) -> Result<CardAuthorities, TrustError> {
        Ok(CardAuthorities {
            trust: TrustAnchors::open(trust_anchors)?,
            revocation: revocation_lists.map(RevocationLists::new),
        })
    }

    /// Judges the certificate that a client presented, if any.
    pub fn judge(&self, presented: &PeerCertificates, now: DateTime<Utc>) -> Result<CardHolder, Refusal> {
        let certificate = presented.leaf().ok_or(Refusal::NoCertificate)?;
        judge(certificate, &self.trust, self.revocation.as_ref(), now)
    }
}
