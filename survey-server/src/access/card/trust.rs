//! The authorities whose cards are believed: certificates in a folder that the operator fills.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use rustls_pki_types::{CertificateDer, pem::PemObject};
use thiserror::Error;
use x509_parser::{certificate::X509Certificate, prelude::FromDer, time::ASN1Time};

/// Why a folder of trust anchors is refused.
#[derive(Debug, Error)]
pub enum TrustError {
    /// The folder cannot be read.
    #[error("the folder of trust anchors {path} cannot be read: {error}. Create it, or change card.trust_anchors")]
    Unreadable {
        /// Which folder or file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A file that is not a certificate of an authority.
    #[error(
        "{0} is not the certificate (PEM or DER) of a certification authority: remove it from the folder of trust anchors"
    )]
    NotAnAuthority(PathBuf),
    /// Nobody to trust.
    #[error(
        "the folder of trust anchors {0} holds no certificate: put there those of the authorities that issue cards"
    )]
    Empty(PathBuf),
}

/// Certificates of the authorities that issue cards.
#[derive(Debug, Clone, Default)]
pub struct TrustAnchors(Vec<CertificateDer<'static>>);

impl TrustAnchors {
    /// Reads every file of a folder, in name order.
    pub fn open(folder: &Path) -> Result<TrustAnchors, TrustError> {
        let unreadable = |path: &Path| {
            let path = path.to_owned();
            move |error| TrustError::Unreadable { path, error }
        };
        let entries = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let mut paths: Vec<PathBuf> = entries.map_err(unreadable(folder))?.iter().map(|entry| entry.path()).collect();
        paths.sort();
        let mut anchors = Vec::new();
        for path in paths.iter().filter(|path| path.is_file()) {
            let bytes = fs::read(path).map_err(unreadable(path))?;
            let certificates = certificates(&bytes);
            if certificates.is_empty() || !certificates.iter().all(is_authority) {
                return Err(TrustError::NotAnAuthority(path.clone()));
            }
            anchors.extend(certificates);
        }
        if anchors.is_empty() { Err(TrustError::Empty(folder.to_owned())) } else { Ok(TrustAnchors(anchors)) }
    }

    /// Anchors from their DER.
    pub fn new(anchors: Vec<CertificateDer<'static>>) -> TrustAnchors {
        TrustAnchors(anchors)
    }

    /// The anchor, valid at `now`, that signed `certificate`. Several may share a name: an authority renews its key.
    pub(super) fn issuer_of(
        &self,
        certificate: &X509Certificate<'_>,
        now: ASN1Time,
    ) -> Option<&CertificateDer<'static>> {
        self.0.iter().find(|anchor| {
            X509Certificate::from_der(anchor).is_ok_and(|(_, anchor)| {
                anchor.subject().as_raw() == certificate.issuer().as_raw()
                    && anchor.validity().is_valid_at(now)
                    && certificate.verify_signature(Some(anchor.public_key())).is_ok()
            })
        })
    }
}

fn certificates(bytes: &[u8]) -> Vec<CertificateDer<'static>> {
    let from_pem: Vec<_> = CertificateDer::pem_slice_iter(bytes).filter_map(Result::ok).collect();
    if from_pem.is_empty() { vec![CertificateDer::from(bytes.to_vec())] } else { from_pem }
}

fn is_authority(certificate: &CertificateDer<'_>) -> bool {
    X509Certificate::from_der(certificate).is_ok_and(|(_, certificate)| {
        certificate.is_ca()
            && certificate.key_usage().is_ok_and(|usage| usage.is_none_or(|usage| usage.value.key_cert_sign()))
    })
}
