//! Values by key, each with where it came from: read from a file, the environment and flags, taken out in their types.

use std::{
    collections::BTreeMap,
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use super::{ConfigError, Overrides, Source, keys};

/// Values by key, each with its source.
#[derive(Default)]
pub(super) struct Values(BTreeMap<&'static str, (String, Source)>);

impl Values {
    pub(super) fn read_file(&mut self, path: &Path) -> Result<(), ConfigError> {
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
                    toml::Value::Array(items) => joined(&items),
                    other => other.to_string(),
                };
                self.set(&format!("{section}.{name}"), text, origin.clone())?;
            }
        }
        Ok(())
    }

    /// Only variables that begin with a section's name are ours: others (`TEMPI_LOG`) belong to the command line.
    pub(super) fn read_environment(
        &mut self,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<(), ConfigError> {
        for (variable, value) in environment {
            let Some(name) = variable.strip_prefix("TEMPI_").map(str::to_ascii_lowercase) else { continue };
            let Some((section, name)) = name.split_once('_') else { continue };
            if keys().any(|(key, _)| key.split('.').next() == Some(section)) {
                self.set(&format!("{section}.{name}"), value, Source::Environment(variable.clone()))?;
            }
        }
        Ok(())
    }

    pub(super) fn read_overrides(&mut self, overrides: &Overrides) {
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

    pub(super) fn set(&mut self, key: &str, value: String, origin: Source) -> Result<(), ConfigError> {
        let Some((key, _)) = keys().find(|(known, _)| *known == key) else {
            return Err(unknown(origin, key.to_owned()));
        };
        self.0.insert(key, (value, origin));
        Ok(())
    }

    pub(super) fn optional(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(|(value, _)| value.as_str())
    }

    /// Where a value came from.
    pub(super) fn origin_of(&self, key: &str) -> Option<&Source> {
        self.0.get(key).map(|(_, origin)| origin)
    }

    pub(super) fn optional_path(&self, key: &str) -> Option<PathBuf> {
        self.optional(key).map(PathBuf::from)
    }

    pub(super) fn required(&self, key: &'static str) -> Result<&str, ConfigError> {
        self.optional(key).ok_or_else(|| self.missing(key))
    }

    pub(super) fn missing(&self, key: &'static str) -> ConfigError {
        ConfigError::Missing {
            key,
            variable: format!("TEMPI_{}", key.replace('.', "_").to_ascii_uppercase()),
            meaning: keys().find(|(known, _)| *known == key).map_or("", |(_, meaning)| meaning),
        }
    }

    /// A list whose parts are separated by commas, or an array; empty when not set.
    pub(super) fn list(&self, key: &str) -> Vec<String> {
        let parts = self.optional(key).unwrap_or_default().split(',').map(str::trim);
        parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }

    /// False when not set.
    pub(super) fn flag(&self, key: &'static str) -> Result<bool, ConfigError> {
        match self.optional(key) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(self.invalid(key, "true or false")),
        }
    }

    pub(super) fn path(&self, key: &'static str) -> Result<PathBuf, ConfigError> {
        self.required(key).map(PathBuf::from)
    }

    pub(super) fn address(&self, key: &'static str) -> Result<SocketAddr, ConfigError> {
        let value = self.required(key)?;
        value.parse().map_err(|_| self.invalid(key, "an IP address and a port, for example 127.0.0.1:8443"))
    }

    pub(super) fn origin(&self, key: &'static str) -> Result<String, ConfigError> {
        let value = self.required(key)?;
        match value.strip_prefix("https://") {
            Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', ' ', '@']) => Ok(value.to_owned()),
            _ => Err(self.invalid(key, "an origin: https://, a host and perhaps a port, nothing after it")),
        }
    }

    pub(super) fn database_url(&self) -> Result<String, ConfigError> {
        const KEY: &str = "database.url";
        let value = self.required(KEY)?;
        let is_known = ["sqlite://", "postgres://", "postgresql://"].iter().any(|scheme| value.starts_with(scheme));
        if is_known {
            Ok(value.to_owned())
        } else {
            Err(self.invalid(KEY, "a URL beginning with sqlite:// or postgres://"))
        }
    }

    pub(super) fn whole_number(&self, key: &'static str) -> Result<Option<i64>, ConfigError> {
        let Some(value) = self.optional(key) else { return Ok(None) };
        match value.parse() {
            Ok(number) if (1..=10_000).contains(&number) => Ok(Some(number)),
            _ => Err(self.invalid(key, "a whole number from 1 to 10000")),
        }
    }

    pub(super) fn invalid(&self, key: &'static str, expected: &'static str) -> ConfigError {
        let (mut value, origin) = self.0.get(key).cloned().unwrap_or((String::new(), Source::Flag));
        if key == "keys.master" {
            value = "***".to_owned();
        }
        if key == "database.url" {
            // What follows the scheme may be a password.
            value.truncate(value.find("://").unwrap_or(0));
        }
        ConfigError::Invalid { origin, key, value, expected }
    }
}

fn joined(items: &[toml::Value]) -> String {
    let texts = items.iter().map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned));
    texts.collect::<Vec<_>>().join(",")
}

fn unknown(origin: Source, key: String) -> ConfigError {
    let known: Vec<&str> = keys().map(|(key, _)| *key).collect();
    ConfigError::UnknownKey { origin, key, known: known.join(", ") }
}
