//! The configuration: a TOML file, then environment variables, then flags; the later wins. Every complaint names
//! where the value came from and what to do.

use std::{collections::BTreeMap, fmt, fs, net::SocketAddr, path::PathBuf};

use chrono::Duration;
use thiserror::Error;

use crate::app::SessionLifetime;

/// A listener of HTTPS requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listener {
    /// Where it listens.
    pub address: SocketAddr,
    /// The origin under which browsers reach it, without a final slash; port 0 stands for the port that was bound.
    pub url: String,
    /// The certificate chain, PEM.
    pub certificate: PathBuf,
    /// The private key, PEM.
    pub key: PathBuf,
}

/// A checked configuration. `docs/OPERATIONS.md` lists the keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The site's name.
    pub site_name: String,
    /// The municipality.
    pub municipality: String,
    /// The folder of the published edition.
    pub publication: Option<PathBuf>,
    /// The public site.
    pub public: Listener,
    /// The listener that asks for a card.
    pub card: Listener,
    /// The folder of the certificates (PEM or DER) of the authorities that issue cards.
    pub trust_anchors: PathBuf,
    /// The folder of their revocation lists; when set, a card is refused while its issuer's list is missing or stale.
    pub revocation_lists: Option<PathBuf>,
    /// Where the database is.
    pub database_url: String,
    /// The master key.
    pub key_file: PathBuf,
    /// How long sessions live.
    pub session_lifetime: SessionLifetime,
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

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The configuration file.
    File(PathBuf),
    /// An environment variable.
    Environment(String),
    /// A flag.
    Flag,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::File(path) => write!(f, "{}", path.display()),
            Source::Environment(name) => write!(f, "the environment variable {name}"),
            Source::Flag => f.write_str("the command line"),
        }
    }
}

/// Why a configuration is refused.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error(
        "the configuration file {path} cannot be read: {error}. Give another with --config, or create it (docs/OPERATIONS.md lists the keys)"
    )]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The file is not TOML.
    #[error("{path} is not valid TOML: {message}")]
    Syntax {
        /// Which file.
        path: PathBuf,
        /// Line, column and reason.
        message: String,
    },
    /// A key nobody knows.
    #[error("{origin} sets `{key}`, which is not a key of the configuration. Remove it; the keys are: {known}")]
    UnknownKey {
        /// Where it is set.
        origin: Source,
        /// The key.
        key: String,
        /// All keys.
        known: String,
    },
    /// A key that must be set and is not.
    #[error("`{key}` is not set. Set it in the configuration file or as {variable}; it is {meaning}")]
    Missing {
        /// The key.
        key: &'static str,
        /// Its environment variable.
        variable: String,
        /// What it means.
        meaning: &'static str,
    },
    /// A value of the wrong form.
    #[error("{origin} sets `{key}` to `{value}`, but it must be {expected}")]
    Invalid {
        /// Where it is set.
        origin: Source,
        /// The key.
        key: &'static str,
        /// The value as given.
        value: String,
        /// What is wanted.
        expected: &'static str,
    },
}

/// Every key with its meaning, as error messages and the documentation say it.
pub const KEYS: &[(&str, &str)] = &[
    ("site.name", "the site's name"),
    ("site.municipality", "the municipality as its citizens call it"),
    ("site.publication", "the folder that `tempi publish` wrote"),
    ("public.address", "where the public site listens, for example 0.0.0.0:443"),
    ("public.url", "the public site's origin, for example https://tempi.comune.example.it"),
    ("public.certificate", "the public site's certificate chain in PEM"),
    ("public.key", "the public site's private key in PEM"),
    ("card.address", "where the card listener listens, for example 0.0.0.0:8444"),
    ("card.url", "the card listener's origin, for example https://carta.tempi.comune.example.it"),
    ("card.certificate", "the card listener's certificate chain in PEM (the public site's when not set)"),
    ("card.key", "the card listener's private key in PEM (the public site's when not set)"),
    ("card.trust_anchors", "the folder of the certificates of the authorities that issue cards"),
    ("card.revocation_lists", "the folder of their certificate revocation lists"),
    ("database.url", "the database, for example sqlite:///var/lib/tempi/tempi.sqlite or postgres://host/tempi"),
    ("keys.file", "the file of the master key"),
    ("session.idle_minutes", "minutes without use after which a session ends"),
    ("session.absolute_hours", "hours after which a session ends in any case"),
];

impl Config {
    /// Reads the file at `path` (none: environment and flags only), then `environment` (`TEMPI_PUBLIC_ADDRESS` for
    /// `public.address`), then `overrides`.
    pub fn load(
        path: Option<&std::path::Path>,
        environment: impl IntoIterator<Item = (String, String)>,
        overrides: &Overrides,
    ) -> Result<Config, ConfigError> {
        let mut values = Values::default();
        if let Some(path) = path {
            values.read_file(path)?;
        }
        values.read_environment(environment)?;
        values.read_overrides(overrides);
        values.config()
    }
}

/// Values by key, each with its source.
#[derive(Default)]
struct Values(BTreeMap<&'static str, (String, Source)>);

impl Values {
    fn read_file(&mut self, path: &std::path::Path) -> Result<(), ConfigError> {
        let text =
            fs::read_to_string(path).map_err(|error| ConfigError::Unreadable { path: path.to_owned(), error })?;
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| ConfigError::Syntax {
            path: path.to_owned(),
            message: error.to_string(),
        })?;
        let origin = Source::File(path.to_owned());
        for (section, entries) in table {
            let toml::Value::Table(entries) = entries else { return Err(unknown(origin, section)) };
            for (name, value) in entries {
                let text = match value {
                    toml::Value::String(text) => text,
                    other => other.to_string(),
                };
                self.set(&format!("{section}.{name}"), text, origin.clone())?;
            }
        }
        Ok(())
    }

    /// Only variables that begin with a section's name are ours: others (`TEMPI_LOG`) belong to the command line.
    fn read_environment(&mut self, environment: impl IntoIterator<Item = (String, String)>) -> Result<(), ConfigError> {
        for (variable, value) in environment {
            let Some(name) = variable.strip_prefix("TEMPI_").map(str::to_ascii_lowercase) else { continue };
            let Some((section, name)) = name.split_once('_') else { continue };
            if KEYS.iter().any(|(key, _)| key.split('.').next() == Some(section)) {
                self.set(&format!("{section}.{name}"), value, Source::Environment(variable.clone()))?;
            }
        }
        Ok(())
    }

    fn read_overrides(&mut self, overrides: &Overrides) {
        let given = [
            ("public.address", &overrides.public_address),
            ("public.url", &overrides.public_url),
            ("card.address", &overrides.card_address),
            ("card.url", &overrides.card_url),
            ("database.url", &overrides.database_url),
            ("keys.file", &overrides.key_file),
            ("site.publication", &overrides.publication),
        ];
        for (key, value) in given {
            if let Some(value) = value {
                self.0.insert(key, (value.clone(), Source::Flag));
            }
        }
    }

    fn set(&mut self, key: &str, value: String, origin: Source) -> Result<(), ConfigError> {
        let Some((key, _)) = KEYS.iter().find(|(known, _)| *known == key) else {
            return Err(unknown(origin, key.to_owned()));
        };
        self.0.insert(key, (value, origin));
        Ok(())
    }

    fn config(&self) -> Result<Config, ConfigError> {
        let public = Listener {
            address: self.address("public.address")?,
            url: self.origin("public.url")?,
            certificate: self.path("public.certificate")?,
            key: self.path("public.key")?,
        };
        let card = Listener {
            address: self.address("card.address")?,
            url: self.origin("card.url")?,
            certificate: self.optional_path("card.certificate").unwrap_or_else(|| public.certificate.clone()),
            key: self.optional_path("card.key").unwrap_or_else(|| public.key.clone()),
        };
        let lifetime = SessionLifetime::default();
        Ok(Config {
            site_name: self.optional("site.name").unwrap_or("Tempi").to_owned(),
            municipality: self.required("site.municipality")?.to_owned(),
            publication: self.optional_path("site.publication"),
            public,
            card,
            trust_anchors: self.path("card.trust_anchors")?,
            revocation_lists: self.optional_path("card.revocation_lists"),
            database_url: self.database_url()?,
            key_file: self.path("keys.file")?,
            session_lifetime: SessionLifetime {
                idle: self.whole_number("session.idle_minutes")?.map_or(lifetime.idle, Duration::minutes),
                absolute: self.whole_number("session.absolute_hours")?.map_or(lifetime.absolute, Duration::hours),
            },
        })
    }

    fn optional(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(|(value, _)| value.as_str())
    }

    fn optional_path(&self, key: &str) -> Option<PathBuf> {
        self.optional(key).map(PathBuf::from)
    }

    fn required(&self, key: &'static str) -> Result<&str, ConfigError> {
        self.optional(key).ok_or_else(|| ConfigError::Missing {
            key,
            variable: format!("TEMPI_{}", key.replace('.', "_").to_ascii_uppercase()),
            meaning: KEYS.iter().find(|(known, _)| *known == key).map_or("", |(_, meaning)| meaning),
        })
    }

    fn path(&self, key: &'static str) -> Result<PathBuf, ConfigError> {
        self.required(key).map(PathBuf::from)
    }

    fn address(&self, key: &'static str) -> Result<SocketAddr, ConfigError> {
        let value = self.required(key)?;
        value.parse().map_err(|_| self.invalid(key, "an IP address and a port, for example 127.0.0.1:8443"))
    }

    fn origin(&self, key: &'static str) -> Result<String, ConfigError> {
        let value = self.required(key)?;
        match value.strip_prefix("https://") {
            Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', ' ', '@']) => Ok(value.to_owned()),
            _ => Err(self.invalid(key, "an origin: https://, a host and perhaps a port, nothing after it")),
        }
    }

    fn database_url(&self) -> Result<String, ConfigError> {
        const KEY: &str = "database.url";
        let value = self.required(KEY)?;
        let is_known = ["sqlite://", "postgres://", "postgresql://"].iter().any(|scheme| value.starts_with(scheme));
        if is_known {
            Ok(value.to_owned())
        } else {
            Err(self.invalid(KEY, "a URL beginning with sqlite:// or postgres://"))
        }
    }

    fn whole_number(&self, key: &'static str) -> Result<Option<i64>, ConfigError> {
        let Some(value) = self.optional(key) else { return Ok(None) };
        match value.parse() {
            Ok(number) if (1..=10_000).contains(&number) => Ok(Some(number)),
            _ => Err(self.invalid(key, "a whole number from 1 to 10000")),
        }
    }

    fn invalid(&self, key: &'static str, expected: &'static str) -> ConfigError {
        let (mut value, origin) = self.0.get(key).cloned().unwrap_or((String::new(), Source::Flag));
        if key == "database.url" {
            // What follows the scheme may be a password.
            value.truncate(value.find("://").unwrap_or(0));
        }
        ConfigError::Invalid { origin, key, value, expected }
    }
}

fn unknown(origin: Source, key: String) -> ConfigError {
    let known: Vec<&str> = KEYS.iter().map(|(key, _)| *key).collect();
    ConfigError::UnknownKey { origin, key, known: known.join(", ") }
}

#[cfg(test)]
mod tests;
