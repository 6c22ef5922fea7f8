//! What a browser brings back from a provider.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};

use crate::{error::AppError, web::form::Fields};

/// Holds the secret that a sign-in with another site is bound to.
pub(super) const BROWSER_COOKIE: &str = "__Host-tempi-ritorno";

/// A code or a description longer than this is nobody's.
const VALUE_LIMIT: usize = 4096;

/// The parameters of a return, none of them believed yet, and the secret of the browser.
pub(super) struct Returned {
    pub(super) state: Option<String>,
    pub(super) code: Option<String>,
    pub(super) issuer: Option<String>,
    pub(super) error: Option<String>,
    pub(super) description: String,
    pub(super) browser: Option<String>,
}

impl FromRequest for Returned {
    type Error = AppError;
    type Future = Ready<Result<Returned, AppError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let browser = request.cookie(BROWSER_COOKIE).map(|cookie| cookie.value().to_owned());
        ready(Fields::parse(request.query_string().as_bytes()).map(|fields| {
            let text = |name: &str| fields.text(name).filter(|value| value.len() <= VALUE_LIMIT).map(str::to_owned);
            Returned {
                state: text("state"),
                code: text("code"),
                issuer: text("iss"),
                error: text("error"),
                description: text("error_description").unwrap_or_default(),
                browser,
            }
        }))
    }
}

/// Which of several providers a person chose, from `?fornitore=`, and the secret of the browser if it has one already.
pub(super) struct Chosen {
    pub(super) issuer: Option<String>,
    pub(super) browser: Option<String>,
}

impl FromRequest for Chosen {
    type Error = AppError;
    type Future = Ready<Result<Chosen, AppError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let cookie = request.cookie(BROWSER_COOKIE).map(|cookie| cookie.value().to_owned());
        ready(Fields::parse(request.query_string().as_bytes()).map(|fields| Chosen {
            issuer: fields.text("fornitore").map(str::to_owned),
            browser: cookie.filter(|secret| secret.len() == 43),
        }))
    }
}

/// About whom something is asked, and below which trust anchor.
pub(super) struct Wanted {
    pub(super) subject: String,
    pub(super) anchor: String,
}

impl FromRequest for Wanted {
    type Error = AppError;
    type Future = Ready<Result<Wanted, AppError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Fields::parse(request.query_string().as_bytes()).map(|fields| {
            let text = |name: &str| fields.text(name).unwrap_or_default().to_owned();
            Wanted { subject: text("sub"), anchor: text("trust_anchor") }
        }))
    }
}
