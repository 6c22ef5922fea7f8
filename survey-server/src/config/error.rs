//! Why a configuration is refused, always with where the value came from and what to do.

use std::{fmt, path::PathBuf};

use thiserror::Error;

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
