//! From a request on the card listener to a judged card.

use std::{
    future::{Ready, ready},
    sync::Arc,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web};

use super::{CardAuthorities, CardHolder, PeerCertificates, Refusal};
use crate::{access::guard, error::AppError};

/// The judgement on the certificate of a request's connection.
pub(super) struct Judged(pub(super) Result<CardHolder, Refusal>);

impl FromRequest for Judged {
    type Error = AppError;
    type Future = Ready<Result<Judged, AppError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let authorities = request.app_data::<web::Data<Arc<CardAuthorities>>>();
        let nothing = PeerCertificates::default();
        let presented = request.conn_data::<PeerCertificates>().unwrap_or(&nothing);
        if !presented.take_the_judgement() {
            return ready(Err(AppError::CardReadBefore));
        }
        let now = guard::services(request).clock.now();
        ready(match authorities {
            Some(authorities) => Ok(Judged(authorities.judge(presented, now))),
            None => Err(AppError::NotFound),
        })
    }
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
