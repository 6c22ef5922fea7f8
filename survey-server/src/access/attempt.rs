//! An act of signing in, counted per address so that nobody can try without end.

use std::{
    future::{Ready, ready},
    net::IpAddr,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload};

use super::guard;
use crate::{
    error::AppError,
    web::{
        proxy,
        rate_limit::{Act, Counted},
    },
};

/// Permission to make one more attempt. A handler that signs somebody in asks for it.
pub(crate) struct Attempt {
    address: Option<IpAddr>,
}

impl Attempt {
    /// From where, as attempts are counted.
    pub(crate) fn place(&self) -> Option<Counted> {
        self.address.map(Counted::from)
    }
}

impl FromRequest for Attempt {
    type Error = AppError;
    type Future = Ready<Result<Attempt, AppError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let services = guard::services(request);
        let address = proxy::client_address(request);
        let admitted =
            address.is_none_or(|address| services.rate_limit.admits(Act::SignIn, address, services.clock.now()));
        ready(if admitted { Ok(Attempt { address }) } else { Err(AppError::TooManyAttempts) })
    }
}
