//! The application assembled: used by `serve` and by the test kit alike.

use std::{path::PathBuf, sync::Arc};

use actix_web::{
    App, Error,
    body::BoxBody,
    dev::{ServiceFactory, ServiceRequest, ServiceResponse},
    middleware::from_fn,
    web,
};
use chrono::{DateTime, Duration, Utc};

use crate::{
    access::{
        self,
        card::{CardAuthorities, NotedRefusals},
        federation::Federation,
        guard,
        officer::OfficerAccess,
        provider::Provider,
        simulated::Demonstration,
    },
    clock::SharedClock,
    confirmation,
    database::Database,
    diary, health, home, household,
    keys::Keys,
    office,
    outbound::Outbound,
    paper, paradata, personal_area, privacy,
    publication::{
        self,
        averages::Published,
        shelf::{self, Shelved},
    },
    questionnaire, record, release,
    residents::{self, admission::ParticipationPolicy},
    rights,
    web::{
        assets, failure, install, observe,
        proxy::Proxies,
        rate_limit::{RateLimit, RateLimits},
        route,
        route::Route,
        visit,
    },
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
    /// The folder of the published editions, or of a single one.
    pub publication: Option<PathBuf>,
    /// How long sessions live.
    pub session_lifetime: SessionLifetime,
    /// What officers' sessions must satisfy beyond that.
    pub officers: OfficerAccess,
    /// Who may take part.
    pub participation: ParticipationPolicy,
    /// How often the same address or session may act.
    pub rate_limits: RateLimits,
    /// The reverse proxies before the listeners.
    pub proxies: Proxies,
    /// Present in the demonstration only.
    pub demonstration: Option<Demonstration>,
}

impl Settings {
    /// The settings of an installation under test, whose addresses nobody asks.
    #[cfg(test)]
    pub(crate) fn of_tests() -> Settings {
        Settings {
            municipality: "Comune di Prova".to_owned(),
            public_url: "https://localhost".to_owned(),
            card_url: "https://localhost:1".to_owned(),
            ..Settings::of_preview()
        }
    }

    /// The settings of a preview, which has no installation.
    pub(crate) fn of_preview() -> Settings {
        Settings {
            site_name: "Tempi".to_owned(),
            municipality: String::new(),
            public_url: String::new(),
            card_url: String::new(),
            publication: None,
            session_lifetime: SessionLifetime::default(),
            participation: ParticipationPolicy::default(),
            officers: OfficerAccess::default(),
            rate_limits: RateLimits::default(),
            proxies: Proxies::default(),
            demonstration: None,
        }
    }

    /// The newest edition that everybody may see at `now`, when something is published.
    pub fn edition(&self, now: DateTime<Utc>) -> Option<Shelved> {
        self.publication.as_deref().and_then(|folder| shelf::newest(folder, now))
    }
}

/// How long a session lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLifetime {
    /// Without use.
    pub idle: Duration,
    /// At most.
    pub absolute: Duration,
    /// How many sessions one person may have at a time; the longest unused gives way.
    pub at_once: usize,
}

impl Default for SessionLifetime {
    fn default() -> SessionLifetime {
        SessionLifetime { idle: Duration::minutes(30), absolute: Duration::hours(12), at_once: 5 }
    }
}

/// Everything handlers stand on. Stores reach it through their guard, nobody else does.
pub struct Services {
    pub(crate) database: Database,
    pub(crate) keys: Keys,
    pub(crate) clock: SharedClock,
    pub(crate) settings: Arc<Settings>,
    pub(crate) rate_limit: RateLimit,
    /// Cards refused today that are on record.
    pub(crate) refusals: NotedRefusals,
    /// The client of other servers.
    pub outbound: Outbound,
    /// The same for what federations name ([`Outbound::beyond`]).
    pub(crate) federation_outbound: Outbound,
    pub(crate) federation: Federation,
    pub(crate) provider: Option<Provider>,
    /// What the served edition says of average days.
    pub(crate) published: Arc<Published>,
    /// The release desk, where the installation has one.
    pub(crate) desk: Option<Arc<release::Desk>>,
}

impl Services {
    /// The services of an installation.
    pub fn new(database: Database, keys: Keys, clock: SharedClock, settings: Settings, outbound: Outbound) -> Services {
        let rate_limit = RateLimit::new(settings.rate_limits);
        let settings = Arc::new(settings);
        Services {
            database,
            keys,
            clock,
            settings,
            rate_limit,
            refusals: NotedRefusals::default(),
            federation_outbound: outbound.beyond(Federation::default().named_hosts()),
            outbound,
            federation: Federation::default(),
            provider: None,
            published: Arc::default(),
            desk: None,
        }
    }

    /// With a desk for releases.
    pub(crate) fn with_desk(self, desk: Option<release::Desk>) -> Services {
        Services { desk: desk.map(Arc::new), ..self }
    }

    /// With other sites to sign in with, and perhaps as a provider for other portals.
    pub fn connected(self, federation: Federation, provider: Option<Provider>) -> Services {
        let federation_outbound = self.outbound.beyond(federation.named_hosts());
        Services { federation_outbound, federation, provider, ..self }
    }
}

/// Which of the two listeners an application answers on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Site {
    /// The public site.
    Main,
    /// The listener that asks for a card; it knows no sessions.
    Card,
}

/// The routes of the public site. The simulated card reader exists only in the demonstration.
pub fn public_routes(settings: &Settings) -> Vec<Route> {
    let simulated = if settings.demonstration.is_some() { access::simulated::routes() } else { Vec::new() };
    let capabilities = [
        home::routes(),
        access::routes(),
        personal_area::routes(),
        office::routes(),
        confirmation::routes(),
        record::routes(),
        release::routes(),
        privacy::routes(),
        rights::routes(),
        residents::city_user::routes(),
        questionnaire::routes(),
        household::routes(),
        diary::routes(),
        paradata::routes(),
        paper::routes(),
        publication::routes(),
        health::routes(),
        assets::routes(),
        install::routes(),
        simulated,
    ];
    capabilities.into_iter().flatten().collect()
}

/// The routes of the card listener.
pub fn card_routes() -> Vec<Route> {
    [access::card::routes(), health::routes(), assets::routes()].into_iter().flatten().collect()
}

/// The public site.
pub fn public_site(services: Arc<Services>) -> App<impl Assembled> {
    let routes = public_routes(&services.settings);
    assembled(services, Site::Main, routes)
}

/// The card listener. The certificates of each connection come from [`access::card::remember_certificates`].
pub fn card_site(services: Arc<Services>, authorities: Arc<CardAuthorities>) -> App<impl Assembled> {
    assembled(services, Site::Card, card_routes()).app_data(web::Data::new(authorities))
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

fn assembled(services: Arc<Services>, site: Site, routes: Vec<Route>) -> App<impl Assembled> {
    App::new()
        .app_data(web::Data::new(site))
        .configure(|config| {
            guard::install(config, &services);
            route::register(config, routes);
        })
        .wrap(from_fn(visit::recognise))
        .wrap(from_fn(failure::draw_failures))
        .wrap(from_fn(observe::observe))
}
