//! The running server: both listeners over TLS, started together and stopped gracefully together.

use std::{
    fs,
    future::Future,
    io::{self, Write},
    net::{SocketAddr, TcpListener},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use actix_web::{HttpServer, dev::ServerHandle};
use futures_util::future;
use rustls::{ServerConfig, server::NoServerSessionStorage};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use thiserror::Error;

use crate::{
    access::{
        card::{self, CardAuthorities, CardPossession, TrustError},
        simulated::Demonstration,
    },
    app::{self, Services, Settings},
    clock::SharedClock,
    config::{Config, Listener},
    database::{Database, DatabaseError},
    keys::{KeyError, Keys},
    outbound::{Outbound, OutboundError},
};

/// Why the server does not start, or stopped.
#[derive(Debug, Error)]
pub enum ServeError {
    /// The database cannot be used.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The trust anchors cannot be used.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// The program's own requests cannot be made.
    #[error(transparent)]
    Outbound(#[from] OutboundError),
    /// The key file cannot be read or made.
    #[error("the key file {path} cannot be used: {error}")]
    KeyFile {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The key file is missing while the database already holds data.
    #[error(
        "the key file {0} is missing, but the database already holds data written with it: put back the key file of this installation (see the backup), or change keys.file"
    )]
    KeyFileMissing(PathBuf),
    /// The key file does not hold a key.
    #[error("the key file {path} is not usable: {error}. It must hold 32 bytes in base64")]
    Key {
        /// Which.
        path: PathBuf,
        /// Why.
        error: KeyError,
    },
    /// Others than its owner may read the key file.
    #[error("the key file {0} may be read by others than its owner: run `chmod 600` on it")]
    KeyFileExposed(PathBuf),
    /// A certificate or its key cannot be read.
    #[error("the certificate file {path} cannot be used: {reason}. It must be PEM")]
    Certificate {
        /// Which.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A port is taken.
    #[error(
        "{0} is already in use: stop the program that listens there, or choose another address (public.address, card.address)"
    )]
    Busy(SocketAddr),
    /// A listener cannot be opened for another reason.
    #[error("cannot listen on {address}: {error}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why.
        error: io::Error,
    },
    /// The server broke down.
    #[error("the server stopped: {0}")]
    Server(#[from] io::Error),
}

/// How long requests in progress may still take after a stop was asked for, in seconds.
const SHUTDOWN_SECONDS: u64 = 10;

/// A connection must send a request's head, or be used again, within this time: who holds connections open without asking
/// anything only means to use them up.
const IDLE_CONNECTION: Duration = Duration::from_secs(15);

/// A phone on a poor network needs several seconds for a handshake.
const PUBLIC_HANDSHAKE: Duration = Duration::from_secs(10);

/// Connections open at once, per processor, on each listener.
const N_CONNECTIONS: usize = 4_096;

/// How long a person may take to choose a card and type its PIN during the handshake.
const CARD_HANDSHAKE: Duration = Duration::from_secs(120);

/// Both listeners, bound and ready.
pub struct Server {
    services: Arc<Services>,
    authorities: Arc<CardAuthorities>,
    public: (TcpListener, ServerConfig),
    card: (TcpListener, ServerConfig),
}

impl Server {
    /// Checks everything that can be checked and binds both ports; a database without any schema gets one, an
    /// installation without any data gets its key file.
    pub async fn bind(
        mut config: Config,
        clock: SharedClock,
        demonstration: Option<Demonstration>,
    ) -> Result<Server, ServeError> {
        let public_tls = tls(&config.public, false)?;
        let card_tls = tls(&config.card, true)?;
        let authorities =
            CardAuthorities::open(&config.authorities.trust_anchors, config.authorities.revocation_lists.as_deref())?;
        let outbound = Outbound::new(config.outbound_roots.as_deref())?;
        let (database, keys) = open_database(&config).await?;
        let public = listen(&mut config.public)?;
        let card = listen(&mut config.card)?;
        let settings = Settings {
            site_name: config.site_name,
            municipality: config.municipality,
            public_url: config.public.url,
            card_url: config.card.url,
            publication: config.publication,
            session_lifetime: config.session_lifetime,
            officers: config.officers,
            participation: config.participation.clone(),
            rate_limits: config.rate_limits,
            demonstration,
        };
        Ok(Server {
            services: Arc::new(Services::new(database, keys, clock, settings, outbound)),
            authorities: Arc::new(authorities),
            public: (public, public_tls),
            card: (card, card_tls),
        })
    }

    /// The public site's origin, with the port that was bound.
    pub fn public_url(&self) -> &str {
        &self.services.settings.public_url
    }

    /// The card listener's origin, with the port that was bound.
    pub fn card_url(&self) -> &str {
        &self.services.settings.card_url
    }

    /// Answers requests until `shutdown` completes; requests in progress are finished first.
    pub async fn run(self, shutdown: impl Future<Output = ()>) -> Result<(), ServeError> {
        let Server { services, authorities, public, card } = self;
        tracing::info!(public = %services.settings.public_url, card = %services.settings.card_url, "listening");
        let public_site = {
            let services = Arc::clone(&services);
            HttpServer::new(move || app::public_site(Arc::clone(&services)))
                .disable_signals()
                .client_request_timeout(IDLE_CONNECTION)
                .keep_alive(IDLE_CONNECTION)
                .max_connections(N_CONNECTIONS)
                .tls_handshake_timeout(PUBLIC_HANDSHAKE)
                .shutdown_timeout(SHUTDOWN_SECONDS)
                .listen_rustls_0_23(public.0, public.1)?
                .run()
        };
        let card_site = {
            let services = Arc::clone(&services);
            HttpServer::new(move || app::card_site(Arc::clone(&services), Arc::clone(&authorities)))
                .disable_signals()
                .workers(1)
                .client_request_timeout(IDLE_CONNECTION)
                .keep_alive(IDLE_CONNECTION)
                .max_connections(N_CONNECTIONS)
                .shutdown_timeout(SHUTDOWN_SECONDS)
                .tls_handshake_timeout(CARD_HANDSHAKE)
                .on_connect(card::remember_certificates)
                .listen_rustls_0_23(card.0, card.1)?
                .run()
        };
        let handles = [public_site.handle(), card_site.handle()];
        let stopping = async {
            shutdown.await;
            tracing::info!("stopping");
            stop(&handles).await;
        };
        let serving = async {
            let ended = future::try_join(public_site, card_site).await;
            // One listener's breakdown stops the other.
            stop(&handles).await;
            ended
        };
        let serving = std::pin::pin!(serving);
        let stopping = std::pin::pin!(stopping);
        let ended = match future::select(serving, stopping).await {
            future::Either::Left((ended, _)) => ended,
            future::Either::Right(((), serving)) => serving.await,
        };
        let closed = services.database.clone().close().await;
        if let Err(error) = closed {
            tracing::warn!(%error, "the database did not close cleanly");
        }
        tracing::info!("stopped");
        ended.map(drop).map_err(ServeError::Server)
    }
}

async fn stop(handles: &[ServerHandle]) {
    future::join_all(handles.iter().map(|handle| handle.stop(true))).await;
}

/// The database and keys of an installation. A database without any schema gets one, an installation without any data
/// its key file.
///
/// # Errors
/// When either cannot be used, or they do not belong together.
pub async fn open_database(config: &Config) -> Result<(Database, Keys), ServeError> {
    let database = Database::open(&config.database_url).await?;
    if database.is_empty().await? {
        database.migrate().await?;
    }
    database.check_schema().await?;
    let may_generate = !database.has_keys().await?;
    let keys = read_keys(&config.key_file, may_generate)?;
    database.check_keys(&keys).await?;
    Ok((database, keys))
}

/// Reads the key file; makes one when there is none and `may_generate`, that is, before anything was written with a key.
/// Generating it later would orphan every identity in the database.
pub(crate) fn read_keys(path: &Path, may_generate: bool) -> Result<Keys, ServeError> {
    let failed = |error| ServeError::KeyFile { path: path.to_owned(), error };
    if !path.exists() {
        if !may_generate {
            return Err(ServeError::KeyFileMissing(path.to_owned()));
        }
        let mut options = fs::OpenOptions::new();
        let mut file = options.write(true).create_new(true).mode(0o600).open(path).map_err(failed)?;
        writeln!(file, "{}", Keys::generate()).and_then(|()| file.sync_all()).map_err(failed)?;
        tracing::warn!(path = %path.display(), "a new key file was made: keep a copy of it apart from the database's backup");
    }
    if fs::metadata(path).map_err(failed)?.permissions().mode() & 0o077 != 0 {
        return Err(ServeError::KeyFileExposed(path.to_owned()));
    }
    let text = fs::read_to_string(path).map_err(failed)?;
    Keys::from_base64(&text).map_err(|error| ServeError::Key { path: path.to_owned(), error })
}

/// Binds a listener and puts the bound port into an origin that ends with `:0`.
fn listen(listener: &mut Listener) -> Result<TcpListener, ServeError> {
    let bound = TcpListener::bind(listener.address).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => ServeError::Busy(listener.address),
        _ => ServeError::Listen { address: listener.address, error },
    })?;
    if let Some(host) = listener.url.strip_suffix(":0") {
        let address = bound.local_addr().map_err(|error| ServeError::Listen { address: listener.address, error })?;
        listener.url = format!("{host}:{}", address.port());
    }
    Ok(bound)
}

/// How a listener speaks TLS; one that takes cards asks for a client certificate.
pub(crate) fn tls(listener: &Listener, takes_cards: bool) -> Result<ServerConfig, ServeError> {
    let refused = |path: &Path| {
        let path = path.to_owned();
        move |reason: String| ServeError::Certificate { path, reason }
    };
    let chain = CertificateDer::pem_file_iter(&listener.certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| refused(&listener.certificate)(error.to_string()))?;
    if chain.is_empty() {
        return Err(refused(&listener.certificate)("it holds no certificate".to_owned()));
    }
    let key = PrivateKeyDer::from_pem_file(&listener.key).map_err(|error| refused(&listener.key)(error.to_string()))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| refused(&listener.certificate)(error.to_string()))?;
    let builder = match takes_cards {
        true => builder.with_client_cert_verifier(Arc::new(CardPossession::default())),
        false => builder.with_no_client_auth(),
    };
    let mut config = builder.with_single_cert(chain, key).map_err(|error| refused(&listener.key)(error.to_string()))?;
    if takes_cards {
        // A resumed session would present the certificate again without the card and its PIN.
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
    }
    Ok(config)
}
