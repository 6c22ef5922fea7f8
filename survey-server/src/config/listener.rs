//! The two listeners: the public site, and the one that asks for a card. Each ends TLS itself, or stands behind a proxy
//! that does.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

use super::{ConfigError, Key, ProxyConfig, values::Values};

/// The keys of both listeners.
pub(super) const KEYS: &[Key] = &[
    ("public.address", "where the public site listens, for example 0.0.0.0:443"),
    ("public.url", "the public site's origin, for example https://tempi.comune.example.it"),
    ("public.certificate", "the public site's certificate chain in PEM"),
    ("public.key", "the public site's private key in PEM"),
    ("public.behind_proxy", "whether a reverse proxy stands before the public site: true or false"),
    ("card.address", "where the card listener listens, for example 0.0.0.0:8444"),
    ("card.url", "the card listener's origin, for example https://carta.tempi.comune.example.it"),
    ("card.certificate", "the card listener's certificate chain in PEM (the public site's when not set)"),
    ("card.key", "the card listener's private key in PEM (the public site's when not set)"),
    ("card.behind_proxy", "whether a reverse proxy asks for the card and passes its certificate: true or false"),
];

/// A listener.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listener {
    /// Where it listens.
    pub address: SocketAddr,
    /// The origin under which browsers reach it, without a final slash; port 0 stands for the port that was bound.
    pub url: String,
    /// Certificate and key. A listener behind a proxy, on loopback or a private network, may do without.
    pub tls: Option<TlsFiles>,
    /// Whether a reverse proxy stands before it. If so, browsers are believed nothing about themselves that the proxy
    /// does not say.
    pub behind_proxy: bool,
}

/// The files of a listener's TLS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate chain, PEM.
    pub certificate: PathBuf,
    /// The private key, PEM.
    pub key: PathBuf,
}

/// The keys of one listener.
struct Named {
    address: &'static str,
    url: &'static str,
    certificate: &'static str,
    key: &'static str,
    behind_proxy: &'static str,
}

const PUBLIC: Named = Named {
    address: "public.address",
    url: "public.url",
    certificate: "public.certificate",
    key: "public.key",
    behind_proxy: "public.behind_proxy",
};

const CARD: Named = Named {
    address: "card.address",
    url: "card.url",
    certificate: "card.certificate",
    key: "card.key",
    behind_proxy: "card.behind_proxy",
};

impl Listener {
    pub(super) fn public(values: &Values, proxy: &ProxyConfig) -> Result<Listener, ConfigError> {
        Listener::read(values, &PUBLIC, proxy, None)
    }

    pub(super) fn card(values: &Values, proxy: &ProxyConfig, public: &Listener) -> Result<Listener, ConfigError> {
        Listener::read(values, &CARD, proxy, public.tls.clone())
    }

    fn read(
        values: &Values,
        named: &Named,
        proxy: &ProxyConfig,
        fallback: Option<TlsFiles>,
    ) -> Result<Listener, ConfigError> {
        let address = values.address(named.address)?;
        let behind_proxy = values.flag(named.behind_proxy)?;
        if behind_proxy && proxy.addresses.is_empty() {
            return Err(values.missing("proxy.addresses"));
        }
        let certificate = values.optional_path(named.certificate);
        let tls = match (certificate, fallback) {
            (Some(certificate), fallback) => {
                let key = values.optional_path(named.key).or(fallback.map(|files| files.key));
                Some(TlsFiles { certificate, key: key.ok_or_else(|| values.missing(named.key))? })
            }
            (None, _) if behind_proxy => None,
            (None, Some(fallback)) => {
                let key = values.optional_path(named.key).unwrap_or(fallback.key);
                Some(TlsFiles { certificate: fallback.certificate, key })
            }
            (None, None) => return Err(values.missing(named.certificate)),
        };
        if tls.is_none() && !is_private(address.ip()) {
            return Err(values.invalid(
                named.address,
                "on loopback or a private network, because without a certificate the proxy's requests are not encrypted",
            ));
        }
        Ok(Listener { address, url: values.origin(named.url)?, tls, behind_proxy })
    }
}

/// Loopback, or an address of a network that the internet does not reach (RFC 1918, RFC 4193).
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_loopback() || address.is_private(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
    }
}
