//! Data wrapped in the permission to see it: a handler without a guard has no store, hence no data.

use std::{
    future::{Ready, ready},
    sync::Arc,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web};

use crate::{app::Services, error::AppError, survey::Mode, web::visit};

/// Where the services lie. The type is private, so that only this file can reach them from a request.
struct Vault(Arc<Services>);

/// Puts the services into an application.
pub(crate) fn install(config: &mut web::ServiceConfig, services: &Arc<Services>) {
    config.app_data(web::Data::new(Vault(Arc::clone(services))));
}

/// The services, for the middleware that recognises visitors and the extractor that checks forms.
pub(crate) fn services(request: &HttpRequest) -> &Arc<Services> {
    let vault = request.app_data::<web::Data<Vault>>();
    &vault.expect("every application is assembled by `app`, which installs the services").0
}

/// A role that a request may or may not have.
pub trait Role: Sized {
    /// The role, if the request has it.
    fn admit(request: &HttpRequest) -> Result<Self, AppError>;
}

/// Queries over part of the database.
pub trait Store: Sized {
    /// The store of an installation.
    fn open(services: &Arc<Services>) -> Self;
}

/// Somebody who has signed in, or for whom an operator writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citizen {
    /// The pseudonym by which everything outside `access` knows a person.
    pub participant_id: String,
    /// Whether they act alone, or how an operator helps them.
    pub mode: Mode,
}

impl Citizen {
    /// A participant who acts alone.
    pub fn alone(participant_id: impl Into<String>) -> Citizen {
        Citizen { participant_id: participant_id.into(), mode: Mode::Alone }
    }
}

impl Role for Citizen {
    fn admit(request: &HttpRequest) -> Result<Citizen, AppError> {
        let signed_in = visit::of(request).and_then(|visit| visit.signed_in).ok_or(AppError::SignInFirst)?;
        match signed_in.assistance {
            None => Ok(Citizen::alone(signed_in.participant_id)),
            Some(assisting) => {
                assisting.permits(request)?;
                Ok(Citizen { participant_id: assisting.participant_id, mode: assisting.mode })
            }
        }
    }
}

/// Anybody at all: for the few pages of the public list that need a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anybody;

impl Role for Anybody {
    fn admit(_: &HttpRequest) -> Result<Anybody, AppError> {
        Ok(Anybody)
    }
}

/// A store, together with the role that was proved before it was handed out.
#[derive(Debug)]
pub struct Guarded<R, S> {
    role: R,
    store: S,
}

impl<R, S> Guarded<R, S> {
    /// Who asks.
    pub fn role(&self) -> &R {
        &self.role
    }

    /// What they may ask.
    pub fn store(&self) -> &S {
        &self.store
    }
}

impl<R: Role + 'static, S: Store + 'static> FromRequest for Guarded<R, S> {
    type Error = AppError;
    type Future = Ready<Result<Guarded<R, S>, AppError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(R::admit(request).map(|role| Guarded { role, store: S::open(services(request)) }))
    }
}
