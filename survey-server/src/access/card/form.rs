//! From a request on the card listener to a judged card.

use std::{
    future::{Ready, ready},
    sync::Arc,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web};

use super::{CardAuthorities, CardHolder, PeerCertificates, Refusal, proxied};
use crate::{access::guard, app::Site, error::AppError, web::proxy};

/// The judgement on the certificate that a request's client proved to hold, to us or to the proxy before us.
pub(super) struct Judged(pub(super) Result<CardHolder, Refusal>);

impl FromRequest for Judged {
    type Error = AppError;
    type Future = Ready<Result<Judged, AppError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(judged(request))
    }
}

fn judged(request: &HttpRequest) -> Result<Judged, AppError> {
    let services = guard::services(request);
    let authorities = request.app_data::<web::Data<Arc<CardAuthorities>>>().ok_or(AppError::NotFound)?;
    let now = services.clock.now();
    if services.settings.proxies.stand_before(Site::Card) {
        return Ok(Judged(passed_on(request)?.and_then(|certificate| authorities.judge(&[certificate], now))));
    }
    let nothing = PeerCertificates::default();
    let presented = request.conn_data::<PeerCertificates>().unwrap_or(&nothing);
    if !presented.take_the_judgement() {
        return Err(AppError::CardReadBefore);
    }
    Ok(Judged(authorities.judge(presented.chain(), now)))
}

/// The certificate that a proxy passes on. What others than the believed proxies send is not looked at.
fn passed_on(request: &HttpRequest) -> Result<Result<rustls_pki_types::CertificateDer<'static>, Refusal>, AppError> {
    if !proxy::is_believed(request) {
        tracing::warn!(peer = ?request.peer_addr(), "not a proxy that is believed (proxy.addresses)");
        return Ok(Err(Refusal::NoCertificate));
    }
    let name = &guard::services(request).settings.proxies.config.certificate_header;
    let certificate = proxied::certificate(request.headers(), name);
    // Whoever presented nothing has nothing to prove anew.
    if certificate != Err(Refusal::NoCertificate) && !proxied::handshake_is_new(request.headers()) {
        return Err(AppError::CardReadBefore);
    }
    Ok(certificate)
}

/// The digest of the nonce that the main site gave to this browser, from `?richiesta=`.
pub(super) struct BrowserDigest(pub(super) Option<String>);

impl FromRequest for BrowserDigest {
    type Error = AppError;
    type Future = Ready<Result<BrowserDigest, AppError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let pairs = request.query_string().split('&').filter_map(|pair| pair.split_once('='));
        let digest = pairs.filter(|(name, _)| *name == "richiesta").map(|(_, digest)| digest).next();
        let is_digest = |digest: &&str| digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
        ready(Ok(BrowserDigest(digest.filter(is_digest).map(str::to_owned))))
    }
}
