//! The running server: both listeners over TLS, started together and stopped gracefully together.

use std::{
    future::Future,
    io,
    net::{SocketAddr, TcpListener},
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
        federation::{Federation, FederationError},
        provider::Provider,
        simulated::Demonstration,
    },
    app::{self, Services, Settings},
    clock::SharedClock,
    config::{Config, Listener, RetentionConfig},
    database::{Database, DatabaseError},
    housekeeping,
    keys::{
        Keys,
        file::{self as key_file, KeyFileError},
        rotation,
    },
    outbound::{Outbound, OutboundError},
    publication::averages,
    questionnaire::catalogue::{self, CatalogueError},
    release::{self, Desk},
    retention,
    web::proxy::Proxies,
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
    /// The master key cannot be used.
    #[error(transparent)]
    Key(#[from] KeyFileError),
    /// A site to sign in with cannot be set up.
    #[error(transparent)]
    Federation(#[from] FederationError),
    /// The questionnaires cannot be used.
    #[error(transparent)]
    Questionnaires(#[from] CatalogueError),
    /// A rotation was broken off after the database had changed.
    #[error(
        "a rotation of the keys was broken off before {0} was replaced: run `tempi keys rotate` again, which ends it"
    )]
    RotationUnfinished(PathBuf),
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
    retention: RetentionConfig,
    /// The folder of questionnaires.
    questionnaires: Option<PathBuf>,
    authorities: Arc<CardAuthorities>,
    public: (TcpListener, Option<ServerConfig>),
    card: (TcpListener, Option<ServerConfig>),
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
        let authorities = CardAuthorities::open(&config.authorities)?;
        let outbound = Outbound::new(config.outbound_roots.as_deref())?;
        let federation = Federation::open(&config.providers, config.federation.as_ref())?;
        let provider = config.openid.as_ref().map(Provider::open).transpose()?;
        let (database, keys) = open_database(&config).await?;
        let desk = Desk::of(&config);
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
            proxies: Proxies {
                before_public: config.public.behind_proxy,
                before_card: config.card.behind_proxy,
                config: config.proxy,
            },
            demonstration,
        };
        Ok(Server {
            services: Arc::new(
                Services::new(database, keys, clock, settings, outbound)
                    .connected(federation, provider)
                    .with_desk(desk),
            ),
            retention: config.retention,
            questionnaires: config.questionnaires.folder,
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
        let Server { services, retention, questionnaires, authorities, public, card } = self;
        tracing::info!(public = %services.settings.public_url, card = %services.settings.card_url, "listening");
        let public_site = {
            let services = Arc::clone(&services);
            let server = HttpServer::new(move || app::public_site(Arc::clone(&services)))
                .disable_signals()
                .client_request_timeout(IDLE_CONNECTION)
                .keep_alive(IDLE_CONNECTION)
                .max_connections(N_CONNECTIONS)
                .tls_handshake_timeout(PUBLIC_HANDSHAKE)
                .shutdown_timeout(SHUTDOWN_SECONDS);
            match public {
                (socket, Some(tls)) => server.listen_rustls_0_23(socket, tls)?.run(),
                (socket, None) => server.listen(socket)?.run(),
            }
        };
        let card_site = {
            let services = Arc::clone(&services);
            let authorities = Arc::clone(&authorities);
            let server = HttpServer::new(move || app::card_site(Arc::clone(&services), Arc::clone(&authorities)))
                .disable_signals()
                .workers(1)
                .client_request_timeout(IDLE_CONNECTION)
                .keep_alive(IDLE_CONNECTION)
                .max_connections(N_CONNECTIONS)
                .shutdown_timeout(SHUTDOWN_SECONDS)
                .tls_handshake_timeout(CARD_HANDSHAKE)
                .on_connect(card::remember_certificates);
            match card {
                (socket, Some(tls)) => server.listen_rustls_0_23(socket, tls)?.run(),
                (socket, None) => server.listen(socket)?.run(),
            }
        };
        let retention = tokio::spawn(retention::keep(
            services.database.clone(),
            retention,
            services.settings.session_lifetime,
            Arc::clone(&services.clock),
        ));
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
        // Ends with the listeners; nothing is lost, because files are put in their place whole.
        let keeping = card::keep_fresh(authorities, services.outbound.clone(), Arc::clone(&services.clock));
        let serving = async {
            let (keeping, serving) = (std::pin::pin!(keeping), std::pin::pin!(serving));
            match future::select(serving, keeping).await {
                future::Either::Left((ended, _)) => ended,
                future::Either::Right(((), serving)) => serving.await,
            }
        };
        let serving = std::pin::pin!(serving);
        let stopping = std::pin::pin!(stopping);
        let following = services.settings.publication.clone().map(|folder| {
            let (published, clock) = (Arc::clone(&services.published), Arc::clone(&services.clock));
            tokio::spawn(averages::follow(published, folder, clock, averages::INTERVAL))
        });
        let asking = questionnaires.map(|folder| {
            tokio::spawn(catalogue::follow::follow(services.database.clone(), folder, catalogue::follow::INTERVAL))
        });
        let housekeeping = tokio::spawn(housekeeping::run(Arc::clone(&services), housekeeping::INTERVAL));
        let releasing = tokio::spawn(release::run(Arc::clone(&services)));
        let ended = match future::select(serving, stopping).await {
            future::Either::Left((ended, _)) => ended,
            future::Either::Right(((), serving)) => serving.await,
        };
        if let Some(desk) = &services.desk {
            // What it began ends with the server, and says so.
            desk.stop();
        }
        if let Err(error) = releasing.await {
            tracing::warn!(%error, "releases were not ended");
        }
        retention.abort();
        housekeeping.abort();
        for following in [following, asking].into_iter().flatten() {
            following.abort();
        }
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
    let master = key_file::read(config, may_generate)?;
    match database.unlock(&master, &config.survey).await {
        Err(DatabaseError::WrongKey) if rotation::is_unfinished(config, &database).await => {
            Err(ServeError::RotationUnfinished(config.key_file.clone()))
        }
        unlocked => {
            let keys = unlocked?;
            let catalogue = catalogue::open(&database, config.questionnaires.folder.as_deref()).await?;
            catalogue.warn_of_drafts();
            database.know_questionnaires(catalogue);
            Ok((database, keys))
        }
    }
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

/// How a listener speaks TLS, if it does; one that takes cards asks for a client certificate, unless a proxy before it
/// has done so.
pub(crate) fn tls(listener: &Listener, takes_cards: bool) -> Result<Option<ServerConfig>, ServeError> {
    let Some(files) = &listener.tls else { return Ok(None) };
    let takes_cards = takes_cards && !listener.behind_proxy;
    let refused = |path: &Path| {
        let path = path.to_owned();
        move |reason: String| ServeError::Certificate { path, reason }
    };
    let chain = CertificateDer::pem_file_iter(&files.certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| refused(&files.certificate)(error.to_string()))?;
    if chain.is_empty() {
        return Err(refused(&files.certificate)("it holds no certificate".to_owned()));
    }
    let key = PrivateKeyDer::from_pem_file(&files.key).map_err(|error| refused(&files.key)(error.to_string()))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| refused(&files.certificate)(error.to_string()))?;
    let builder = match takes_cards {
        true => builder.with_client_cert_verifier(Arc::new(CardPossession::default())),
        false => builder.with_no_client_auth(),
    };
    let mut config = builder.with_single_cert(chain, key).map_err(|error| refused(&files.key)(error.to_string()))?;
    if takes_cards {
        // A resumed session would present the certificate again without the card and its PIN.
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
    }
    Ok(Some(config))
}
