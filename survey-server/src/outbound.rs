//! The requests that the program itself makes: to addresses that the configuration or a believed document names, bounded
//! in time and size, redirects never followed. Everything that comes back is bytes to be judged by who asked.

use std::{fs, io::Read, path::Path, sync::Arc, time::Duration};

use actix_web::web;
use rustls_pki_types::{CertificateDer, pem::PemObject};
use thiserror::Error;
use ureq::{
    Agent,
    http::{Method, Request},
    tls::{Certificate, RootCerts, TlsConfig},
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
        let agent = Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .max_redirects(0)
            .http_status_as_error(false)
            .tls_config(TlsConfig::builder().root_certs(believed).build())
            .user_agent(concat!("tempi/", env!("CARGO_PKG_VERSION")))
            .build();
        Ok(Outbound { agent: agent.into() })
    }

    /// The body of a successful GET, of at most `limit` bytes.
    ///
    /// # Errors
    /// See [`OutboundError`].
    pub async fn get(&self, url: &str, channel: Channel, limit: u64) -> Result<Vec<u8>, OutboundError> {
        self.send(Method::GET, url, channel, limit, Vec::new(), None).await
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
        self.send(Method::GET, url, Channel::Authenticated, limit, headers, None).await
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
        self.send(Method::POST, url, Channel::Authenticated, limit, headers, Some(body)).await
    }

    async fn send(
        &self,
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
        let (agent, url) = (self.agent.clone(), url.to_owned());
        let asked = url.clone();
        let answered = web::block(move || answer(&agent, method, &asked, limit, headers, body)).await;
        answered.unwrap_or_else(|_| Err(OutboundError::Unreachable(url, "the request was abandoned".to_owned())))
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
