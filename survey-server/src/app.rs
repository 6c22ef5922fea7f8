//! The application assembled: used by `serve` and by the test kit alike.

use std::{path::PathBuf, sync::Arc};

use actix_web::{
    App, Error,
    body::BoxBody,
    dev::{ServiceFactory, ServiceRequest, ServiceResponse},
    middleware::from_fn,
};
use chrono::Duration;

use crate::{
    access::{self, guard, simulated::Demonstration},
    clock::SharedClock,
    database::Database,
    home,
    keys::Keys,
    personal_area,
    web::{assets, failure, observe, rate_limit::RateLimit, route, route::Route, visit},
};

/// What an installation may decide about its site.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The site's name.
    pub site_name: String,
    /// The municipality, as its citizens call it (`Comune di ...`).
    pub municipality: String,
    /// The origin of this site, without a final slash: `https://tempi.comune.example.it`.
    pub public_url: String,
    /// The origin of the card listener, without a final slash.
    pub card_url: String,
    /// The folder of the published edition.
    pub publication: Option<PathBuf>,
    /// How long sessions live.
    pub session_lifetime: SessionLifetime,
    /// Present in the demonstration only.
    pub demonstration: Option<Demonstration>,
}

/// How long a session lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLifetime {
    /// Without use.
    pub idle: Duration,
    /// At most.
    pub absolute: Duration,
}

impl Default for SessionLifetime {
    fn default() -> SessionLifetime {
        SessionLifetime { idle: Duration::minutes(30), absolute: Duration::hours(12) }
    }
}

/// Everything handlers stand on. Stores reach it through their guard, nobody else does.
pub struct Services {
    pub(crate) database: Database,
    pub(crate) keys: Keys,
    pub(crate) clock: SharedClock,
    pub(crate) settings: Arc<Settings>,
    pub(crate) rate_limit: RateLimit,
}

impl Services {
    /// The services of an installation.
    pub fn new(database: Database, keys: Keys, clock: SharedClock, settings: Settings) -> Services {
        Services { database, keys, clock, settings: Arc::new(settings), rate_limit: RateLimit::default() }
    }
}

/// The routes of the public site.
pub fn public_routes() -> Vec<Route> {
    [home::routes(), personal_area::routes(), access::session::routes(), assets::routes()]
        .into_iter()
        .flatten()
        .collect()
}

/// The public site.
pub fn public_site(services: Arc<Services>) -> App<impl Assembled> {
    assembled(services, public_routes())
}

/// An application's type, in short.
pub trait Assembled:
    ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse<BoxBody>, Error = Error, InitError = ()>
{
}

impl<T> Assembled for T where
    T: ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse<BoxBody>, Error = Error, InitError = ()>
{
}

fn assembled(services: Arc<Services>, routes: Vec<Route>) -> App<impl Assembled> {
    App::new()
        .configure(|config| {
            guard::install(config, &services);
            route::register(config, routes);
        })
        .wrap(from_fn(visit::recognise))
        .wrap(from_fn(failure::draw_failures))
        .wrap(from_fn(observe::observe))
}
