//! The reverse proxies that may stand before the listeners, and what is believed from them.

use std::net::IpAddr;

use super::{ConfigError, Key, values::Values};

/// The keys of this section.
pub(super) const KEYS: &[Key] = &[
    ("proxy.addresses", "the addresses of the reverse proxies that are believed, separated by commas"),
    ("proxy.certificate_header", "the header in which they pass the client's certificate"),
];

/// Reverse proxies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxyConfig {
    /// From where they connect. Nobody else's headers are believed.
    pub addresses: Vec<IpAddr>,
    /// The header, in lower case, in which they pass the client's certificate as URL-encoded PEM.
    pub certificate_header: String,
}

impl Default for ProxyConfig {
    fn default() -> ProxyConfig {
        ProxyConfig { addresses: Vec::new(), certificate_header: "x-tempi-client-certificate".to_owned() }
    }
}

impl ProxyConfig {
    pub(super) fn read(values: &Values) -> Result<ProxyConfig, ConfigError> {
        let usual = ProxyConfig::default();
        let addresses = values.list("proxy.addresses");
        let addresses: Result<Vec<IpAddr>, _> = addresses.iter().map(|address| address.parse()).collect();
        let header = values.optional("proxy.certificate_header").map(str::to_ascii_lowercase);
        let is_name = |name: &String| {
            // Hyphens only: proxies drop or confuse names with underscores.
            name.starts_with("x-") && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        if header.as_ref().is_some_and(|name| !is_name(name)) {
            return Err(values.invalid("proxy.certificate_header", "a header name that begins with x-, such as x-card"));
        }
        Ok(ProxyConfig {
            addresses: addresses.map_err(|_| values.invalid("proxy.addresses", "IP addresses separated by commas"))?,
            certificate_header: header.unwrap_or(usual.certificate_header),
        })
    }
}
