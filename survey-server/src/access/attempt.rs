//! An act of signing in, counted per address so that nobody can try without end.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};

use super::guard;
use crate::{error::AppError, web::rate_limit::Act};

/// Permission to make one more attempt. A handler that signs somebody in asks for it.
pub(crate) struct Attempt;

impl FromRequest for Attempt {
    type Error = AppError;
    type Future = Ready<Result<Attempt, AppError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let services = guard::services(request);
        let admitted = request
            .peer_addr()
            .is_none_or(|peer| services.rate_limit.admits(Act::SignIn, peer.ip(), services.clock.now()));
        ready(if admitted { Ok(Attempt) } else { Err(AppError::TooManyAttempts) })
    }
}
