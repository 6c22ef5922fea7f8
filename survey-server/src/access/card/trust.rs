//! The authorities whose cards are believed: certificates in a folder that the operator fills, and those of the national
//! trust list.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use rustls_pki_types::{CertificateDer, pem::PemObject};
use thiserror::Error;
use x509_parser::{certificate::X509Certificate, prelude::FromDer};

/// Why those whose cards are believed cannot be established.
#[derive(Debug, Error)]
pub enum TrustError {
    /// The folder cannot be read.
    #[error("the folder of certificates {path} cannot be read: {error}. Create it, or change {key}")]
    Unreadable {
        /// Which folder or file.
        path: PathBuf,
        /// The key of the configuration that names it.
        key: &'static str,
        /// Why.
        error: io::Error,
    },
    /// A file that is not a certificate of an authority.
    #[error("{0} is not the certificate (PEM or DER) of a certification authority: remove it from the folder ({1})")]
    NotAnAuthority(PathBuf, &'static str),
    /// Nobody to trust.
    #[error("the folder {0} holds no certificate: put there those that {1} means (docs/OPERATIONS.md)")]
    Empty(PathBuf, &'static str),
}

impl TrustError {
    /// The key of the configuration that it is about.
    pub fn key(&self) -> &'static str {
        match self {
            TrustError::Unreadable { key, .. } | TrustError::NotAnAuthority(_, key) | TrustError::Empty(_, key) => key,
        }
    }
}

/// Certificates of the authorities that issue cards, each with the name by which cards point to it.
#[derive(Debug, Clone, Default)]
pub struct TrustAnchors(Vec<(Vec<u8>, CertificateDer<'static>)>);

impl TrustAnchors {
    /// Anchors from their DER. What is not a certificate is left out.
    pub fn new(anchors: impl IntoIterator<Item = CertificateDer<'static>>) -> TrustAnchors {
        let named = |der: CertificateDer<'static>| {
            let subject = X509Certificate::from_der(&der).ok()?.1.subject().as_raw().to_vec();
            Some((subject, der))
        };
        TrustAnchors(anchors.into_iter().filter_map(named).collect())
    }

    /// The anchors with this name (DER). Several may share one: an authority renews its key.
    pub(super) fn named(&self, name: &[u8]) -> impl Iterator<Item = &CertificateDer<'static>> {
        self.0.iter().filter(move |(subject, _)| subject == name).map(|(_, der)| der)
    }

    /// All of them.
    pub(super) fn iter(&self) -> impl Iterator<Item = &CertificateDer<'static>> {
        self.0.iter().map(|(_, der)| der)
    }
}

/// The certificates of authorities in every file of a folder, in name order; `key` is what the configuration calls it.
pub(super) fn authorities_in(folder: &Path, key: &'static str) -> Result<Vec<CertificateDer<'static>>, TrustError> {
    let mut authorities = Vec::new();
    for (path, certificates) in certificates_in(folder, key)? {
        if !certificates.iter().all(is_authority) {
            return Err(TrustError::NotAnAuthority(path, key));
        }
        authorities.extend(certificates);
    }
    Ok(authorities)
}

/// The certificates in every file of a folder, in name order, with the file each came from.
pub(super) fn certificates_in(
    folder: &Path,
    key: &'static str,
) -> Result<Vec<(PathBuf, Vec<CertificateDer<'static>>)>, TrustError> {
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |error| TrustError::Unreadable { path, key, error }
    };
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let mut paths: Vec<PathBuf> = entries.map_err(unreadable(folder))?.iter().map(|entry| entry.path()).collect();
    paths.sort();
    let mut found = Vec::new();
    for path in paths.into_iter().filter(|path| path.is_file()) {
        let certificates = certificates(&fs::read(&path).map_err(unreadable(&path))?);
        found.push((path, certificates));
    }
    if found.is_empty() { Err(TrustError::Empty(folder.to_owned(), key)) } else { Ok(found) }
}

fn certificates(bytes: &[u8]) -> Vec<CertificateDer<'static>> {
    let from_pem: Vec<_> = CertificateDer::pem_slice_iter(bytes).filter_map(Result::ok).collect();
    if from_pem.is_empty() { vec![CertificateDer::from(bytes.to_vec())] } else { from_pem }
}

pub(super) fn is_authority(certificate: &CertificateDer<'_>) -> bool {
    X509Certificate::from_der(certificate).is_ok_and(|(_, certificate)| {
        certificate.is_ca()
            && certificate.key_usage().is_ok_and(|usage| usage.is_none_or(|usage| usage.value.key_cert_sign()))
    })
}
