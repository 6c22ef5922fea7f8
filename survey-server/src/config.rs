//! The configuration: a TOML file, then environment variables, then flags; the later wins. Every complaint names
//! where the value came from and what to do. Each section has a room of its own with its keys and what they become.

mod authorities;
mod client;
mod error;
mod federation;
mod keys;
mod limits;
mod listener;
mod officers;
mod participation;
mod provider;
mod proxy;
mod questionnaires;
mod releases;
mod retention;
mod session;
mod survey;
mod values;

use std::path::{Path, PathBuf};

pub use authorities::{AuthoritiesConfig, RevocationConfig, TrustListConfig};
pub use client::{ClientConfig, OpenidConfig};
pub use error::{ConfigError, Source};
pub use federation::FederationConfig;
pub use keys::Secret;
pub use listener::{Listener, TlsFiles};
pub use provider::{ClientAuthentication, ITALIAN_FISCAL_CODE_CLAIM, ItalianSystem, ProviderConfig, ProviderKind};
pub use proxy::ProxyConfig;
pub use questionnaires::QuestionnairesConfig;
pub use releases::ReleasesConfig;
pub use retention::RetentionConfig;
use values::Values;

use crate::{
    access::officer::OfficerAccess, app::SessionLifetime, residents::admission::ParticipationPolicy,
    survey::SurveyConfig, web::rate_limit::RateLimits,
};

/// A checked configuration. `docs/OPERATIONS.md` lists the keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The site's name.
    pub site_name: String,
    /// The municipality.
    pub municipality: String,
    /// The folder of the published editions, or of a single one.
    pub publication: Option<PathBuf>,
    /// The public site.
    pub public: Listener,
    /// The listener that asks for a card.
    pub card: Listener,
    /// The reverse proxies that may stand before them.
    pub proxy: ProxyConfig,
    /// Whose cards are believed.
    pub authorities: AuthoritiesConfig,
    /// Where the database is.
    pub database_url: String,
    /// The file of the master key.
    pub key_file: PathBuf,
    /// The master key from the environment, instead of the file.
    pub master_key: Option<Secret>,
    /// How long sessions live.
    pub session_lifetime: SessionLifetime,
    /// What officers' sessions must satisfy beyond that.
    pub officers: OfficerAccess,
    /// Who may take part.
    pub participation: ParticipationPolicy,
    /// How often the same address or session may act.
    pub rate_limits: RateLimits,
    /// The survey that people take part in.
    pub survey: SurveyConfig,
    /// The questionnaires beside the program's own.
    pub questionnaires: QuestionnairesConfig,
    /// Where releases are prepared.
    pub releases: ReleasesConfig,
    /// How long what is kept.
    pub retention: RetentionConfig,
    /// The root certificates (PEM) believed in requests that the program makes; the public ones when not set.
    pub outbound_roots: Option<PathBuf>,
    /// The sites that people may sign in with.
    pub providers: Vec<ProviderConfig>,
    /// Ourselves in the Italian federations.
    pub federation: Option<FederationConfig>,
    /// Ourselves as a provider for other portals.
    pub openid: Option<OpenidConfig>,
}

/// Values given on the command line.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// `public.address`
    pub public_address: Option<String>,
    /// `public.url`
    pub public_url: Option<String>,
    /// `card.address`
    pub card_address: Option<String>,
    /// `card.url`
    pub card_url: Option<String>,
    /// `database.url`
    pub database_url: Option<String>,
    /// `keys.file`
    pub key_file: Option<String>,
    /// `site.publication`
    pub publication: Option<String>,
}

/// A key of the configuration, and its meaning as error messages and the documentation say it.
pub type Key = (&'static str, &'static str);

const KEYS: &[Key] = &[
    ("site.name", "the site's name"),
    ("site.municipality", "the municipality as its citizens call it"),
    (
        "site.publication",
        "the folder of the editions, each under its number, or of a single one that `tempi publish` wrote",
    ),
    ("database.url", "the database, for example sqlite:///var/lib/tempi/tempi.sqlite or postgres://host/tempi"),
    (
        "outbound.roots",
        "the root certificates in PEM that the program's own requests believe, instead of the public ones",
    ),
];

/// Every key.
pub fn keys() -> impl Iterator<Item = &'static Key> {
    [
        KEYS,
        keys::KEYS,
        listener::KEYS,
        proxy::KEYS,
        authorities::KEYS,
        session::KEYS,
        officers::KEYS,
        participation::KEYS,
        limits::KEYS,
        retention::KEYS,
        survey::KEYS,
        questionnaires::KEYS,
        releases::KEYS,
        provider::KEYS,
        federation::KEYS,
        client::KEYS,
    ]
    .into_iter()
    .flatten()
}

impl Config {
    /// Reads the file at `path` (none: environment and flags only), then `environment` (`TEMPI_PUBLIC_ADDRESS` for
    /// `public.address`), then `overrides`.
    pub fn load(
        path: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
        overrides: &Overrides,
    ) -> Result<Config, ConfigError> {
        let mut values = Values::default();
        if let Some(path) = path {
            values.read_file(path)?;
        }
        values.read_environment(environment)?;
        values.read_overrides(overrides);
        Config::read(&values)
    }

    /// A configuration that reaches a database and listens nowhere; the rest is as usual.
    pub(crate) fn of_data(database_url: String) -> Config {
        let nowhere =
            || Listener { address: ([127, 0, 0, 1], 0).into(), url: String::new(), tls: None, behind_proxy: false };
        Config {
            site_name: "Tempi".to_owned(),
            municipality: String::new(),
            publication: None,
            public: nowhere(),
            card: nowhere(),
            proxy: ProxyConfig::default(),
            authorities: AuthoritiesConfig::of_folder(PathBuf::new()),
            database_url,
            key_file: PathBuf::new(),
            master_key: None,
            session_lifetime: SessionLifetime::default(),
            officers: OfficerAccess::default(),
            participation: ParticipationPolicy::default(),
            rate_limits: RateLimits::default(),
            survey: SurveyConfig::default(),
            questionnaires: QuestionnairesConfig::default(),
            releases: ReleasesConfig::default(),
            retention: RetentionConfig::default(),
            outbound_roots: None,
            providers: Vec::new(),
            federation: None,
            openid: None,
        }
    }

    fn read(values: &Values) -> Result<Config, ConfigError> {
        let proxy = ProxyConfig::read(values)?;
        let public = Listener::public(values, &proxy)?;
        let (key_file, master_key) = keys::read(values)?;
        let providers = ProviderConfig::read_all(values)?;
        let is_federated = providers.iter().any(|provider| matches!(provider.kind, ProviderKind::Federated { .. }));
        Ok(Config {
            site_name: values.optional("site.name").unwrap_or("Tempi").to_owned(),
            municipality: values.required("site.municipality")?.to_owned(),
            publication: values.optional_path("site.publication"),
            card: Listener::card(values, &proxy, &public)?,
            public,
            proxy,
            authorities: AuthoritiesConfig::read(values)?,
            database_url: values.database_url()?,
            key_file,
            master_key,
            session_lifetime: SessionLifetime::read(values)?,
            officers: OfficerAccess::read(values)?,
            participation: ParticipationPolicy::read(values)?,
            rate_limits: RateLimits::read(values)?,
            survey: SurveyConfig::read(values)?,
            questionnaires: QuestionnairesConfig::read(values),
            releases: ReleasesConfig::read(values)?,
            retention: RetentionConfig::read(values)?,
            outbound_roots: values.optional_path("outbound.roots"),
            federation: FederationConfig::read(values, is_federated)?,
            openid: OpenidConfig::read(values)?,
            providers,
        })
    }
}

#[cfg(test)]
mod tests;
