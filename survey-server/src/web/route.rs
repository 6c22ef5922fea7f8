//! Routes that say in their type who may use them: a handler without the permission does not compile as a citizen's route.

use actix_web::{
    FromRequest, Handler, Responder,
    http::Method,
    web::{self, ServiceConfig},
};

use super::{form::Submitted, visit::Visit};
use crate::{
    access::{
        guard::{Citizen, Guarded},
        officer::{AnyOfficer, Duties, Duty, JustSignedIn, Officer, OfficerRole, OneOf},
    },
    error::AppError,
};

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Everybody.
    Public,
    /// Whoever has signed in as a citizen.
    Citizens,
    /// Whoever holds any officer's role.
    AnyOfficer,
    /// Whoever holds this role.
    Officers(OfficerRole),
    /// Whoever holds one of these roles.
    OneOf(&'static [OfficerRole]),
}

impl Audience {
    /// The roles of which each is enough; none where no role is.
    pub fn roles(self) -> Vec<OfficerRole> {
        match self {
            Audience::Public | Audience::Citizens => Vec::new(),
            Audience::AnyOfficer => OfficerRole::ALL.to_vec(),
            Audience::Officers(role) => vec![role],
            Audience::OneOf(roles) => roles.to_vec(),
        }
    }
}

/// A method and path with its handler.
pub struct Route {
    /// The path, in actix-web's pattern syntax.
    pub path: &'static str,
    /// The method; a GET also answers HEAD.
    pub method: Method,
    /// Who may use it.
    pub audience: Audience,
    handler: actix_web::Route,
}

/// Arguments of a handler that begin with a citizen's guard.
pub trait CitizensOnly {}
impl<T> CitizensOnly for (Guarded<Citizen, T>,) {}
impl<T, A> CitizensOnly for (Guarded<Citizen, T>, A) {}
impl<T, A, B> CitizensOnly for (Guarded<Citizen, T>, A, B) {}
impl<T, A, B, C> CitizensOnly for (Guarded<Citizen, T>, A, B, C) {}

/// A guard that proves the role of duty `D`.
pub trait Proves<D> {}
impl<D> Proves<D> for Officer<D> {}
impl<D> Proves<D> for JustSignedIn<Officer<D>> {}

/// Arguments of a handler that begin with the guard of duty `D`.
pub trait OfficersOnly<D> {}
impl<D, R: Proves<D>, T> OfficersOnly<D> for (Guarded<R, T>,) {}
impl<D, R: Proves<D>, T, A> OfficersOnly<D> for (Guarded<R, T>, A) {}
impl<D, R: Proves<D>, T, A, B> OfficersOnly<D> for (Guarded<R, T>, A, B) {}
impl<D, R: Proves<D>, T, A, B, C> OfficersOnly<D> for (Guarded<R, T>, A, B, C) {}

/// Arguments of a handler that begin with the guard of one of the roles of `D`.
pub trait OneOfOnly<D> {}
impl<D: Duties, T> OneOfOnly<D> for (Guarded<OneOf<D>, T>,) {}
impl<D: Duties, T, A> OneOfOnly<D> for (Guarded<OneOf<D>, T>, A) {}
impl<D: Duties, T, A, B> OneOfOnly<D> for (Guarded<OneOf<D>, T>, A, B) {}
impl<D: Duties, T, A, B, C> OneOfOnly<D> for (Guarded<OneOf<D>, T>, A, B, C) {}

/// Arguments of a handler that begin with the guard of any officer.
pub trait AnyOfficersOnly {}
impl<T> AnyOfficersOnly for (Guarded<AnyOfficer, T>,) {}
impl<T, A> AnyOfficersOnly for (Guarded<AnyOfficer, T>, A) {}
impl<T, A, B> AnyOfficersOnly for (Guarded<AnyOfficer, T>, A, B) {}

/// Arguments of a handler that end with a form whose origin has been proved.
pub trait Submits {}
impl Submits for (Submitted,) {}
impl<A> Submits for (A, Submitted) {}
impl<A, B> Submits for (A, B, Submitted) {}
impl<A, B, C> Submits for (A, B, C, Submitted) {}

impl Route {
    /// A page for everybody.
    pub fn public<F, Args>(path: &'static str, handler: F) -> Route
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        Route { path, method: Method::GET, audience: Audience::Public, handler: web::get().to(handler) }
    }

    /// A form for everybody.
    pub fn public_form<F, Args>(path: &'static str, handler: F) -> Route
    where
        F: Handler<Args>,
        Args: FromRequest + Submits + 'static,
        F::Output: Responder + 'static,
    {
        Route { path, method: Method::POST, audience: Audience::Public, handler: web::post().to(handler) }
    }

    /// A page for citizens.
    pub fn citizen<F, Args>(path: &'static str, handler: F) -> Route
    where
        F: Handler<Args>,
        Args: FromRequest + CitizensOnly + 'static,
        F::Output: Responder + 'static,
    {
        Route { path, method: Method::GET, audience: Audience::Citizens, handler: web::get().to(handler) }
    }

    /// A form for citizens.
    pub fn citizen_form<F, Args>(path: &'static str, handler: F) -> Route
    where
        F: Handler<Args>,
        Args: FromRequest + CitizensOnly + Submits + 'static,
        F::Output: Responder + 'static,
    {
        Route { path, method: Method::POST, audience: Audience::Citizens, handler: web::post().to(handler) }
    }

    /// A page for everybody who holds a role.
    pub fn any_officer<F, Args>(path: &'static str, handler: F) -> Route
    where
        F: Handler<Args>,
        Args: FromRequest + AnyOfficersOnly + 'static,
        F::Output: Responder + 'static,
    {
        Route { path, method: Method::GET, audience: Audience::AnyOfficer, handler: web::get().to(handler) }
    }

    /// A page for those who hold one of the roles of `D`.
    ///
    /// A handler without that guard does not compile:
    ///
    /// ```compile_fail
    /// # use survey_server::{access::officer::ReleaseDuty, web::{route::Route, visit::Visit}};
    /// async fn page(_: Visit) -> &'static str { "" }
    /// Route::one_of::<ReleaseDuty, _, _>("/ufficio/prova", page);
    /// ```
    pub fn one_of<D, F, Args>(path: &'static str, handler: F) -> Route
    where
        D: Duties,
        F: Handler<Args>,
        Args: FromRequest + OneOfOnly<D> + 'static,
        F::Output: Responder + 'static,
    {
        Route { path, method: Method::GET, audience: Audience::OneOf(D::ROLES), handler: web::get().to(handler) }
    }

    /// A page for those who hold the role of duty `D`.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use survey_server::{access::{guard::{Guarded, Store}, officer::{Analyst, Officer}}, app::Services, web::route::Route};
    /// # struct Numbers;
    /// # impl Store for Numbers { fn open(_: &Arc<Services>) -> Numbers { Numbers } }
    /// async fn page(_: Guarded<Officer<Analyst>, Numbers>) -> &'static str { "" }
    /// Route::officer::<Analyst, _, _>("/ufficio/prova", page);
    /// ```
    ///
    /// A handler whose guard proves another role does not compile, nor does one without a guard:
    ///
    /// ```compile_fail
    /// # use std::sync::Arc;
    /// # use survey_server::{access::{guard::{Guarded, Store}, officer::{Analyst, Auditor, Officer}}, app::Services, web::route::Route};
    /// # struct Numbers;
    /// # impl Store for Numbers { fn open(_: &Arc<Services>) -> Numbers { Numbers } }
    /// async fn page(_: Guarded<Officer<Auditor>, Numbers>) -> &'static str { "" }
    /// Route::officer::<Analyst, _, _>("/ufficio/prova", page);
    /// ```
    ///
    /// ```compile_fail
    /// # use survey_server::{access::officer::Analyst, web::{route::Route, visit::Visit}};
    /// async fn page(_: Visit) -> &'static str { "" }
    /// Route::officer::<Analyst, _, _>("/ufficio/prova", page);
    /// ```
    pub fn officer<D, F, Args>(path: &'static str, handler: F) -> Route
    where
        D: Duty,
        F: Handler<Args>,
        Args: FromRequest + OfficersOnly<D> + 'static,
        F::Output: Responder + 'static,
    {
        Route { path, method: Method::GET, audience: Audience::Officers(D::ROLE), handler: web::get().to(handler) }
    }

    /// A form for those who hold the role of duty `D`. A handler that does not end with the checked form does not compile:
    ///
    /// ```compile_fail
    /// # use std::sync::Arc;
    /// # use survey_server::{access::{guard::{Guarded, Store}, officer::{Analyst, Officer}}, app::Services, web::route::Route};
    /// # struct Numbers;
    /// # impl Store for Numbers { fn open(_: &Arc<Services>) -> Numbers { Numbers } }
    /// async fn page(_: Guarded<Officer<Analyst>, Numbers>) -> &'static str { "" }
    /// Route::officer_form::<Analyst, _, _>("/ufficio/prova", page);
    /// ```
    pub fn officer_form<D, F, Args>(path: &'static str, handler: F) -> Route
    where
        D: Duty,
        F: Handler<Args>,
        Args: FromRequest + OfficersOnly<D> + Submits + 'static,
        F::Output: Responder + 'static,
    {
        Route { path, method: Method::POST, audience: Audience::Officers(D::ROLE), handler: web::post().to(handler) }
    }
}

/// Registers `routes` beside others, without an answer for other paths.
pub(crate) fn register_all(config: &mut ServiceConfig, routes: Vec<Route>) {
    for route in routes {
        config.service(web::resource(route.path).route(route.handler));
    }
}

/// Registers `routes`, with readable answers for other methods and other paths.
pub(crate) fn register(config: &mut ServiceConfig, mut routes: Vec<Route>) {
    routes.sort_by_key(|route| route.path);
    let mut routes = routes.into_iter().peekable();
    while let Some(first) = routes.next() {
        let path = first.path;
        let mut resource = web::resource(path).route(first.handler);
        while let Some(route) = routes.next_if(|route| route.path == path) {
            resource = resource.route(route.handler);
        }
        config.service(resource.default_service(web::to(method_not_allowed)));
    }
    config.default_service(web::to(not_found));
}

async fn method_not_allowed(_: Visit) -> Result<&'static str, AppError> {
    Err(AppError::MethodNotAllowed)
}

async fn not_found(_: Visit) -> Result<&'static str, AppError> {
    Err(AppError::NotFound)
}
