//! The requests that the program itself makes: to addresses that the configuration or a believed document names, bounded
//! in time and size, redirects never followed. Everything that comes back is bytes to be judged by who asked.

use std::{collections::BTreeSet, fs, io::Read, net::IpAddr, path::Path, sync::Arc, time::Duration};

use actix_web::web;
use rustls_pki_types::{CertificateDer, pem::PemObject};
use thiserror::Error;
use ureq::{
    Agent,
    http::{Method, Request, Uri},
    tls::{Certificate, RootCerts, TlsConfig},
    unversioned::{
        resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver},
        transport::{DefaultConnector, NextTimeout},
    },
};

/// An answer must be complete within this time.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Why nothing came back.
#[derive(Debug, Error)]
pub enum OutboundError {
    /// An address that may not be asked: not `https`, where what comes back is believed for where it comes from.
    #[error("`{0}` is not an https address")]
    NotHttps(String),
    /// The file of roots cannot be used.
    #[error("the root certificates {0} cannot be used: {1}. The file must be PEM (outbound.roots)")]
    Roots(String, String),
    /// No connection, no certificate that is believed, no answer in time.
    #[error("{0} does not answer: {1}")]
    Unreachable(String, String),
    /// An answer other than success.
    #[error("{0} answers with status {1}")]
    Status(String, u16),
    /// An answer longer than agreed.
    #[error("the answer of {0} is longer than {1} bytes")]
    TooLong(String, u64),
}

/// What makes an answer believable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// Where it comes from: `https` only.
    Authenticated,
    /// A signature in the answer itself, which the caller checks: `http` will do, as for revocation lists.
    SignedContent,
}

/// A client of other servers. Cloning shares its connections.
#[derive(Debug, Clone)]
pub struct Outbound {
    agent: Agent,
    public_agent: Agent,
    believed: RootCerts,
}

impl Outbound {
    /// A client that believes servers of the public authorities or, with `roots`, of those in that PEM file only.
    ///
    /// # Errors
    /// [`OutboundError::Roots`].
    pub fn new(roots: Option<&Path>) -> Result<Outbound, OutboundError> {
        let believed = match roots {
            None => RootCerts::WebPki,
            Some(path) => {
                let refused = |why: String| OutboundError::Roots(path.display().to_string(), why);
                let pem = fs::read(path).map_err(|error| refused(error.to_string()))?;
                let certificates: Vec<_> = CertificateDer::pem_slice_iter(&pem)
                    .collect::<Result<_, _>>()
                    .map_err(|error| refused(error.to_string()))?;
                if certificates.is_empty() {
                    return Err(refused("it holds no certificate".to_owned()));
                }
                let certificates = certificates.iter().map(|der| Certificate::from_der(der).to_owned());
                RootCerts::Specific(Arc::new(certificates.collect()))
            }
        };
        Ok(Outbound {
            agent: bounded(&believed).build().into(),
            public_agent: public_only(&believed, BTreeSet::new()),
            believed,
        })
    }

    /// The same client for addresses that documents name and not the operator: hosts on the public internet are asked, and
    /// beside them only those that the operator `named`. Where the environment names a proxy, everything goes over it, and
    /// which addresses it asks is for the proxy to say.
    pub fn beyond(&self, named: BTreeSet<String>) -> Outbound {
        if ureq::Proxy::try_from_env().is_some() {
            return self.clone();
        }
        Outbound { agent: public_only(&self.believed, named), ..self.clone() }
    }

    /// The body of a successful GET, of at most `limit` bytes.
    ///
    /// # Errors
    /// See [`OutboundError`].
    pub async fn get(&self, url: &str, channel: Channel, limit: u64) -> Result<Vec<u8>, OutboundError> {
        self.send(&self.agent, Method::GET, url, channel, limit, Vec::new(), None).await
    }

    /// The same, of a server on the public internet: for addresses that a document names and not the operator. A host whose
    /// name leads to this machine or a private network is not asked.
    ///
    /// # Errors
    /// See [`OutboundError`].
    pub async fn get_public(&self, url: &str, channel: Channel, limit: u64) -> Result<Vec<u8>, OutboundError> {
        self.send(&self.public_agent, Method::GET, url, channel, limit, Vec::new(), None).await
    }

    /// The body of a successful GET with these headers, of at most `limit` bytes, over `https`.
    ///
    /// # Errors
    /// See [`OutboundError`].
    pub async fn get_with(
        &self,
        url: &str,
        headers: Vec<(&'static str, String)>,
        limit: u64,
    ) -> Result<Vec<u8>, OutboundError> {
        self.send(&self.agent, Method::GET, url, Channel::Authenticated, limit, headers, None).await
    }

    /// The body of a successful POST of `body`, of at most `limit` bytes, over `https`.
    ///
    /// # Errors
    /// See [`OutboundError`].
    pub async fn post(
        &self,
        url: &str,
        headers: Vec<(&'static str, String)>,
        body: String,
        limit: u64,
    ) -> Result<Vec<u8>, OutboundError> {
        self.send(&self.agent, Method::POST, url, Channel::Authenticated, limit, headers, Some(body)).await
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of a request, given by the four functions above only")]
    async fn send(
        &self,
        agent: &Agent,
        method: Method,
        url: &str,
        channel: Channel,
        limit: u64,
        headers: Vec<(&'static str, String)>,
        body: Option<String>,
    ) -> Result<Vec<u8>, OutboundError> {
        if channel == Channel::Authenticated && !url.starts_with("https://") {
            return Err(OutboundError::NotHttps(url.to_owned()));
        }
        let (agent, url) = (agent.clone(), url.to_owned());
        let asked = url.clone();
        let answered = web::block(move || answer(&agent, method, &asked, limit, headers, body)).await;
        answered.unwrap_or_else(|_| Err(OutboundError::Unreachable(url, "the request was abandoned".to_owned())))
    }
}

fn bounded(believed: &RootCerts) -> ureq::config::ConfigBuilder<ureq::typestate::AgentScope> {
    Agent::config_builder()
        .timeout_global(Some(TIMEOUT))
        .max_redirects(0)
        .http_status_as_error(false)
        .tls_config(TlsConfig::builder().root_certs(believed.clone()).build())
        .user_agent(concat!("tempi/", env!("CARGO_PKG_VERSION")))
}

/// Not over a proxy of the environment, which would ask private addresses for us.
fn public_only(believed: &RootCerts, named: BTreeSet<String>) -> Agent {
    let resolver = PublicOnly { resolver: DefaultResolver::default(), named };
    Agent::with_parts(bounded(believed).proxy(None).build(), DefaultConnector::default(), resolver)
}

/// Finds the addresses of a host and keeps those of the public internet, unless the operator named the host. The connection
/// goes to what was checked here: the name is not looked up again.
#[derive(Debug)]
struct PublicOnly {
    resolver: DefaultResolver,
    named: BTreeSet<String>,
}

impl Resolver for PublicOnly {
    fn resolve(
        &self,
        uri: &Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.resolver.resolve(uri, config, timeout)?;
        if uri.host().is_some_and(|host| self.named.contains(host)) {
            return Ok(found);
        }
        let mut public = self.empty();
        for address in found.iter().filter(|address| is_public(address.ip())) {
            public.push(*address);
        }
        if public.is_empty() { Err(ureq::Error::HostNotFound) } else { Ok(public) }
    }
}

/// Whether an address belongs to the public internet (the IANA registries of special-purpose addresses).
fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let [first, second, ..] = address.octets();
            let is_shared = first == 100 && (64..128).contains(&second);
            let is_for_tests = first == 198 && (18..20).contains(&second);
            let is_of_protocols = first == 192 && second == 0;
            !(address.is_private()
                || address.is_loopback()
                || address.is_link_local()
                || address.is_documentation()
                || is_shared
                || is_for_tests
                || is_of_protocols
                || first == 0
                || first >= 224)
        }
        IpAddr::V6(address) => {
            // Global unicast, without what tunnels other addresses or is for documentation.
            let [first, second, ..] = address.segments();
            let is_tunnel = first == 0x2002 || (first == 0x2001 && second < 0x200);
            first & 0xe000 == 0x2000 && !is_tunnel && !(first == 0x2001 && second == 0xdb8)
        }
    }
}

fn answer(
    agent: &Agent,
    method: Method,
    url: &str,
    limit: u64,
    headers: Vec<(&'static str, String)>,
    body: Option<String>,
) -> Result<Vec<u8>, OutboundError> {
    let unreachable = |why: String| OutboundError::Unreachable(url.to_owned(), why);
    let mut request = Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    let request = request.body(body.unwrap_or_default()).map_err(|error| unreachable(error.to_string()))?;
    let answer = agent.run(request).map_err(|error| unreachable(error.to_string()))?;
    let status = answer.status();
    if !status.is_success() {
        return Err(OutboundError::Status(url.to_owned(), status.as_u16()));
    }
    let mut bytes = Vec::new();
    let mut reader = answer.into_body().into_reader().take(limit + 1);
    reader.read_to_end(&mut bytes).map_err(|error| unreachable(error.to_string()))?;
    if bytes.len() as u64 > limit { Err(OutboundError::TooLong(url.to_owned(), limit)) } else { Ok(bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_and_special_addresses_are_not_public() {
        for address in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "192.0.0.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "::ffff:127.0.0.1",
            "2002:7f00:1::1",
            "2001:db8::1",
            "64:ff9b::7f00:1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        for address in ["8.8.8.8", "193.205.245.8", "2001:760:4::1", "2a00:1450:4002:803::2003"] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }
}
