//! An act of signing in, counted per address so that nobody can try without end.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};

use super::guard;
use crate::{
    error::AppError,
    web::{proxy, rate_limit::Act},
};

/// Permission to make one more attempt. A handler that signs somebody in asks for it.
pub(crate) struct Attempt;

impl FromRequest for Attempt {
    type Error = AppError;
    type Future = Ready<Result<Attempt, AppError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let services = guard::services(request);
        let admitted = proxy::client_address(request)
            .is_none_or(|address| services.rate_limit.admits(Act::SignIn, address, services.clock.now()));
        ready(if admitted { Ok(Attempt) } else { Err(AppError::TooManyAttempts) })
    }
}
