//! A running site with a clock of its own, a folder of its own and an invented card authority.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
        mpsc,
    },
    thread::JoinHandle,
};

use chrono::{DateTime, Duration, NaiveDate, Utc};
use questionnaires::fiscal_code::FiscalCode;
use survey_server::{
    access::{
        officer::{self, Grant, NewGrant, OfficerAccess, OfficerRole},
        simulated::{CardProfile, Demonstration, IssuedCertificate, SimulatedAuthority},
    },
    app::{SessionLifetime, Settings},
    audit::Record,
    clock::Clock,
    config::{
        AuthoritiesConfig, Config, Listener, ProxyConfig, QuestionnairesConfig, ReleasesConfig, RetentionConfig,
        TlsFiles,
    },
    database::Database,
    keys::Keys,
    residents::admission::ParticipationPolicy,
    serve::{Server, open_database},
    survey::SurveyConfig,
    web::proxy::Proxies,
    web::rate_limit::RateLimits,
};
use tempfile::TempDir;
use tokio::sync::oneshot;

use crate::{
    browser::Browser,
    command::{self, Run},
    postgres::Postgres,
    sql::Sql,
};

/// A real-time clock that can be put forward.
#[derive(Default)]
pub struct TestClock {
    ahead_seconds: AtomicI64,
}

impl TestClock {
    /// Puts the clock forward.
    pub fn advance(&self, duration: Duration) {
        self.ahead_seconds.fetch_add(duration.num_seconds(), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now() + Duration::seconds(self.ahead_seconds.load(Ordering::SeqCst))
    }
}

/// A site under test; it stops when dropped.
pub struct Site {
    /// Its clock.
    pub clock: Arc<TestClock>,
    /// The authority whose cards it believes.
    pub authority: SimulatedAuthority,
    /// The configuration it was started with.
    pub config: Config,
    /// The public origin.
    pub url: String,
    /// The card listener's origin.
    pub card_url: String,
    folder: TempDir,
    postgres: Option<Postgres>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// A folder with everything a configuration names, and the configuration; the database is a new SQLite file.
pub fn installation(authority: &SimulatedAuthority) -> (TempDir, Config) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let place = |name: &str| folder.path().join(name);
    let server = authority.issue_server(Utc::now()).expect("a server certificate");
    fs::create_dir(place("trust")).expect("a folder");
    write(&place("trust/authority.pem"), &authority.certificate().certificate_pem);
    write(&place("server.pem"), &server.certificate_pem);
    write(&place("server.key"), &server.key_pem);
    let listener = || Listener {
        address: ([127, 0, 0, 1], 0).into(),
        url: "https://localhost:0".to_owned(),
        tls: Some(TlsFiles { certificate: place("server.pem"), key: place("server.key") }),
        behind_proxy: false,
    };
    let config = Config {
        site_name: "Tempi".to_owned(),
        municipality: "Comune di Prova".to_owned(),
        publication: None,
        public: listener(),
        card: listener(),
        proxy: ProxyConfig::default(),
        authorities: AuthoritiesConfig::of_folder(place("trust")),
        database_url: format!("sqlite://{}", place("tempi.sqlite").display()),
        key_file: place("tempi.key"),
        master_key: None,
        session_lifetime: SessionLifetime::default(),
        officers: OfficerAccess::default(),
        participation: ParticipationPolicy::default(),
        rate_limits: RateLimits::default(),
        survey: SurveyConfig::default(),
        questionnaires: QuestionnairesConfig::default(),
        releases: ReleasesConfig::default(),
        retention: RetentionConfig::default(),
        outbound_roots: None,
        providers: Vec::new(),
        federation: None,
        openid: None,
    };
    (folder, config)
}

impl Site {
    /// A site on a new SQLite file.
    pub fn start() -> Site {
        Site::start_with(|_| {}, false)
    }

    /// A demonstration, whose simulated card reader works.
    pub fn start_demonstration() -> Site {
        Site::start_with(|_| {}, true)
    }

    /// A site whose configuration was changed by `change`.
    pub fn start_with(change: impl FnOnce(&mut Config), demonstration: bool) -> Site {
        let authority = SimulatedAuthority::new("Authority under test", Utc::now()).expect("an authority");
        let (folder, mut config) = installation(&authority);
        change(&mut config);
        Site::run(authority, folder, config, demonstration, None)
    }

    /// A site on each of the databases that work here: SQLite, and PostgreSQL where it is installed.
    pub fn on_every_database() -> Vec<Site> {
        Site::on_every_database_with(|_| {})
    }

    /// The same with a configuration that was changed by `change`.
    pub fn on_every_database_with(change: impl Fn(&mut Config)) -> Vec<Site> {
        let mut sites = vec![Site::start_with(&change, false)];
        match Postgres::start() {
            Some(postgres) => {
                let authority = SimulatedAuthority::new("Authority under test", Utc::now()).expect("an authority");
                let (folder, mut config) = installation(&authority);
                change(&mut config);
                config.database_url = postgres.url();
                sites.push(Site::run(authority, folder, config, false, Some(postgres)));
            }
            None => println!("skipped: PostgreSQL is not installed"),
        }
        sites
    }

    /// A site on PostgreSQL whose configuration was changed by `change`.
    pub fn start_on(postgres: Postgres, change: impl FnOnce(&mut Config)) -> Site {
        let authority = SimulatedAuthority::new("Authority under test", Utc::now()).expect("an authority");
        let (folder, mut config) = installation(&authority);
        config.database_url = postgres.url();
        change(&mut config);
        Site::run(authority, folder, config, false, Some(postgres))
    }

    fn run(
        authority: SimulatedAuthority,
        folder: TempDir,
        config: Config,
        demonstration: bool,
        postgres: Option<Postgres>,
    ) -> Site {
        crate::logs::capture();
        let clock = Arc::new(TestClock::default());
        let (stop, stopped) = oneshot::channel::<()>();
        let (started, addresses) = mpsc::channel();
        let thread = {
            let (config, clock) = (config.clone(), Arc::clone(&clock));
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
                runtime.block_on(async {
                    let permission = Demonstration::on_loopback(config.public.address).filter(|_| demonstration);
                    let server = Server::bind(config, clock, permission).await.expect("the site starts");
                    let addresses = (server.public_url().to_owned(), server.card_url().to_owned());
                    started.send(addresses).expect("the test waits");
                    let shutdown = async {
                        stopped.await.ok();
                    };
                    server.run(shutdown).await.expect("the site stops cleanly");
                });
            })
        };
        let (url, card_url) = addresses.recv().expect("the site starts");
        Site { clock, authority, config, url, card_url, folder, postgres, stop: Some(stop), thread: Some(thread) }
    }

    /// A configuration file of this site, for the command line.
    pub fn configuration_file(&self) -> PathBuf {
        self.configuration_file_on(8443, 8444)
    }

    /// A configuration file of this site whose two listeners have these ports.
    pub fn configuration_file_on(&self, public: u16, card: u16) -> PathBuf {
        let listener = |section: &str, port: u16, listener: &Listener| {
            let tls = listener.tls.as_ref().expect("a listener that ends TLS itself");
            format!(
                "[{section}]\naddress = \"127.0.0.1:{port}\"\nurl = \"https://localhost:{port}\"\n\
                 certificate = \"{}\"\nkey = \"{}\"\n",
                tls.certificate.display(),
                tls.key.display(),
            )
        };
        let config = &self.config;
        let text = format!(
            "[site]\nmunicipality = \"Comune di Prova\"\n{}{}{}trust_anchors = \"{}\"\n\
             [database]\nurl = \"{}\"\n[keys]\nfile = \"{}\"\n[limits]\nforms_per_minute = {}\n{}",
            config.publication.as_ref().map_or_else(String::new, |folder| format!("publication = {folder:?}\n")),
            listener("public", public, &config.public),
            listener("card", card, &config.card),
            self.folder().join("trust").display(),
            config.database_url,
            config.key_file.display(),
            config.rate_limits.forms_per_minute,
            config
                .releases
                .folder
                .as_ref()
                .map_or_else(String::new, |folder| format!("[releases]\nfolder = {folder:?}\n")),
        );
        let path = self.folder().join("tempi.toml");
        write(&path, &text);
        path
    }

    /// Runs `tempi` with this site's configuration.
    pub fn tempi(&self, arguments: &[&str]) -> Run {
        let file = self.configuration_file().display().to_string();
        command::tempi(arguments.iter().copied().chain(["--config", &file]))
    }

    /// The site's database, to be looked into or attacked with SQL.
    pub fn sql(&self) -> Sql {
        Sql::connect(&self.config.database_url)
    }

    /// The PostgreSQL server that it stores in, if it does.
    pub fn postgres(&self) -> Option<&Postgres> {
        self.postgres.as_ref()
    }

    /// The site's own folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The settings that the site's routes are made from.
    pub fn settings(&self) -> Settings {
        Settings {
            site_name: self.config.site_name.clone(),
            municipality: self.config.municipality.clone(),
            public_url: self.url.clone(),
            card_url: self.card_url.clone(),
            publication: self.config.publication.clone(),
            session_lifetime: self.config.session_lifetime,
            officers: self.config.officers,
            participation: self.config.participation.clone(),
            rate_limits: self.config.rate_limits,
            proxies: Proxies::default(),
            demonstration: None,
        }
    }

    /// A new browser that trusts the site's certificate and has no card.
    pub fn browser(&self) -> Browser {
        Browser::new(self.authority.certificate().der.clone())
    }

    /// A new browser with a card.
    pub fn browser_with(&self, card: &IssuedCertificate) -> Browser {
        self.browser().with_card(card)
    }

    /// A good card of a person.
    pub fn card_of(&self, fiscal_code: &str) -> IssuedCertificate {
        self.card(fiscal_code, |_| {})
    }

    /// A card that departs from a good one.
    pub fn card(&self, fiscal_code: &str, spoil: impl FnOnce(&mut CardProfile)) -> IssuedCertificate {
        let code: FiscalCode = fiscal_code.parse().expect("a valid fiscal code");
        let mut profile = CardProfile::good(&code, Utc::now());
        spoil(&mut profile);
        self.authority.issue_card(&profile).expect("a card")
    }

    /// A browser signed in with a card, the whole way.
    pub fn signed_in(&self, fiscal_code: &str) -> Browser {
        let mut browser = self.browser_with(&self.card_of(fiscal_code));
        let handover = browser.present_card(self);
        let personal_area = browser.submit(&handover, &[]);
        assert_eq!(personal_area.status, 303, "{}", personal_area.body);
        browser
    }

    /// The same installation, started anew after [`Site::stop`].
    pub fn again(mut self) -> Site {
        self.stop();
        let folder = std::mem::replace(&mut self.folder, tempfile::tempdir().expect("a temporary folder"));
        let postgres = self.postgres.take();
        let authority = std::mem::replace(
            &mut self.authority,
            SimulatedAuthority::new("Nobody", Utc::now()).expect("an authority"),
        );
        Site::run(authority, folder, self.config.clone(), false, postgres)
    }

    /// Grants a role through its last day, as the command line does.
    pub fn grant(&self, fiscal_code: &str, role: OfficerRole, until: NaiveDate) {
        let new = NewGrant {
            fiscal_code: fiscal_code.parse().expect("a valid fiscal code"),
            name: format!("{role} di prova"),
            role,
            until,
        };
        let now = self.clock.now();
        self.with_data(async |database, keys| officer::grant(database, keys, &new, now).await.expect("granted"));
    }

    /// Takes a role back, as the command line does.
    pub fn revoke(&self, fiscal_code: &str, role: OfficerRole) {
        let (code, now) = (fiscal_code.parse().expect("a valid fiscal code"), self.clock.now());
        let n_revoked = self.with_data(async |database, keys| {
            officer::revoke(database, keys, &code, role, now).await.expect("revoked")
        });
        assert!(n_revoked > 0, "nothing was taken back");
    }

    /// The grants of roles.
    pub fn grants(&self) -> Vec<Grant> {
        let now = self.clock.now();
        self.with_data(async |database, keys| officer::list(database, keys, now).await.expect("a list"))
    }

    /// The audit log, the oldest row first.
    pub fn audit(&self) -> Vec<Record> {
        let mut rows =
            self.with_data(async |database, _| database.audit().latest(10_000).await.expect("the audit log"));
        rows.reverse();
        rows
    }

    /// Does something with the site's database and keys while it runs.
    pub fn with_data<T>(&self, work: impl AsyncFnOnce(&Database, &Keys) -> T) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let (database, keys) = open_database(&self.config).await.expect("the site's database");
            let done = work(&database, &keys).await;
            database.close().await.expect("closed");
            done
        })
    }

    /// Stops the site and keeps its folder.
    pub fn stop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            thread.join().expect("the site stops cleanly");
        }
    }

    /// Every byte of the site's database files, to search for what must not be there. SQLite only.
    pub fn database_bytes(&self) -> Vec<u8> {
        let files = fs::read_dir(self.folder()).expect("the folder").flatten().map(|entry| entry.path());
        let is_database = |path: &PathBuf| path.to_string_lossy().contains("tempi.sqlite");
        files.filter(is_database).flat_map(|path| fs::read(path).expect("a database file")).collect()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            // A panic there has already been printed; a second one here would hide the first.
            thread.join().ok();
        }
    }
}

fn write(path: &Path, text: &str) {
    fs::write(path, text).expect("a file of the installation");
}
