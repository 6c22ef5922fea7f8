//! The two listeners of HTTPS requests: the public site, and the one that asks for a card.

use std::{net::SocketAddr, path::PathBuf};

use super::{ConfigError, Key, values::Values};

/// The keys of both listeners.
pub(super) const KEYS: &[Key] = &[
    ("public.address", "where the public site listens, for example 0.0.0.0:443"),
    ("public.url", "the public site's origin, for example https://tempi.comune.example.it"),
    ("public.certificate", "the public site's certificate chain in PEM"),
    ("public.key", "the public site's private key in PEM"),
    ("card.address", "where the card listener listens, for example 0.0.0.0:8444"),
    ("card.url", "the card listener's origin, for example https://carta.tempi.comune.example.it"),
    ("card.certificate", "the card listener's certificate chain in PEM (the public site's when not set)"),
    ("card.key", "the card listener's private key in PEM (the public site's when not set)"),
];

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

impl Listener {
    pub(super) fn public(values: &Values) -> Result<Listener, ConfigError> {
        Ok(Listener {
            address: values.address("public.address")?,
            url: values.origin("public.url")?,
            certificate: values.path("public.certificate")?,
            key: values.path("public.key")?,
        })
    }

    pub(super) fn card(values: &Values, public: &Listener) -> Result<Listener, ConfigError> {
        Ok(Listener {
            address: values.address("card.address")?,
            url: values.origin("card.url")?,
            certificate: values.optional_path("card.certificate").unwrap_or_else(|| public.certificate.clone()),
            key: values.optional_path("card.key").unwrap_or_else(|| public.key.clone()),
        })
    }
}
