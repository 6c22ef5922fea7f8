//! The card listener's TLS: every certificate whose key is proved passes the handshake, and the application judges it.
//! Browsers show a dead handshake as an error nobody understands; a refusal must be a page.

use std::{
    any::Any,
    sync::atomic::{AtomicBool, Ordering},
};

use actix_tls::accept::rustls_0_23::TlsStream;
use actix_web::{dev::Extensions, rt::net::TcpStream};
use rustls::{
    DigitallySignedStruct, DistinguishedName, Error, SignatureScheme,
    client::danger::HandshakeSignatureValid,
    crypto::{WebPkiSupportedAlgorithms, ring, verify_tls12_signature, verify_tls13_signature_with_raw_key},
    server::danger::{ClientCertVerified, ClientCertVerifier},
};
use rustls_pki_types::{CertificateDer, SubjectPublicKeyInfoDer, UnixTime};
use x509_parser::{certificate::X509Certificate, prelude::FromDer};

use super::cryptography::possession_is_provable;

/// Verifies that a client holds the key of the certificate it presents, and nothing else about it.
#[derive(Debug)]
pub struct CardPossession {
    algorithms: WebPkiSupportedAlgorithms,
}

impl Default for CardPossession {
    fn default() -> CardPossession {
        CardPossession { algorithms: ring::default_provider().signature_verification_algorithms }
    }
}

impl ClientCertVerifier for CardPossession {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    /// No hint: with one, browsers hide the cards of other issuers, and their holders would read "no certificate"
    /// instead of the true reason.
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        match provable_key(certificate) {
            Some(_) => verify_tls12_signature(message, certificate, signature, &self.algorithms),
            None => Ok(HandshakeSignatureValid::assertion()),
        }
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        // By the bare key, because the certificate-aware function also dislikes unknown critical extensions, and that
        // is for the judgement to say.
        match provable_key(certificate) {
            Some(key) => verify_tls13_signature_with_raw_key(message, &key, signature, &self.algorithms),
            None => Ok(HandshakeSignatureValid::assertion()),
        }
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

/// The key of a certificate, unless the handshake cannot prove it; the judgement then refuses it first of all.
fn provable_key(certificate: &CertificateDer<'_>) -> Option<SubjectPublicKeyInfoDer<'static>> {
    let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
    possession_is_provable(&certificate).then(|| certificate.public_key().raw.to_vec().into())
}

/// What a client presented during the handshake, its own certificate first.
#[derive(Debug, Default)]
pub struct PeerCertificates {
    chain: Vec<CertificateDer<'static>>,
    judged: AtomicBool,
}

impl PeerCertificates {
    /// All of them.
    pub(super) fn chain(&self) -> &[CertificateDer<'static>] {
        &self.chain
    }

    /// Whether these may be judged: once for each handshake. Browsers keep connections for minutes, and the card may
    /// long have left the reader.
    pub(super) fn take_the_judgement(&self) -> bool {
        !self.judged.swap(true, Ordering::AcqRel)
    }
}

/// Keeps the certificates of a new connection where the requests on it find them.
pub fn remember_certificates(connection: &dyn Any, extensions: &mut Extensions) {
    let Some(stream) = connection.downcast_ref::<TlsStream<TcpStream>>() else { return };
    let (_, session) = stream.get_ref();
    let presented = session.peer_certificates().unwrap_or_default();
    let chain = presented.iter().map(|certificate| certificate.clone().into_owned()).collect();
    extensions.insert(PeerCertificates { chain, judged: AtomicBool::new(false) });
}
