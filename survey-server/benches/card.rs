//! Sign-ins with a card per second, the whole way, beside what the TLS handshake with the card costs alone, in the same run.
//! Client and server share the machine. `docs/performance.md` says how to run it and what came out.

use std::{
    fs,
    io::{self, BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use chrono::Utc;
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, SignatureScheme, StreamOwned, client::ResolvesClientCert,
    client::Resumption, crypto::ring::sign::any_supported_type, sign::CertifiedKey,
};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject};
use survey_server::{
    access::{
        card::CardAuthorities,
        simulated::{CardKey, CardProfile, IssuedCertificate, RevocationProfile, SimulatedAuthority},
    },
    clock::SystemClock,
    config::{Config, Overrides},
    serve::Server,
};

/// How long each measurement takes.
const SPAN: Duration = Duration::from_secs(6);

/// Clients at once: enough to keep both cores busy.
const N_CLIENTS: usize = 8;

/// Serial numbers in the revocation list: a region's.
const N_REVOKED: u32 = 100_000;

type Tls = StreamOwned<ClientConnection, TcpStream>;

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let authority = SimulatedAuthority::new("Authority of the benchmark", Utc::now()).expect("an authority");
    let (addresses, authorities) = serve(folder.path(), &authority);
    println!("card | handshakes per second | sign-ins per second | ratio | judgements per second, one thread");
    for (name, key) in [("P-256", CardKey::P256), ("RSA 2048", CardKey::Given(rsa_key()))] {
        let mut profile = CardProfile::good(&"RSSMRA80A41C707O".parse().expect("a code"), Utc::now());
        profile.key = key;
        let card = authority.issue_card(&profile).expect("a card");
        let client = Client::new(authority.certificate().der.clone(), &card, addresses);
        let handshakes = per_second(N_CLIENTS, |_| client.handshake());
        let sign_ins = per_second(N_CLIENTS, |public| client.sign_in(public));
        let presented = [card.der.clone()];
        let judgements = per_second(1, |_| {
            authorities.judge(&presented, Utc::now()).expect("a good card");
            Ok(())
        });
        println!("{name} | {handshakes:.0} | {sign_ins:.0} | {:.2} | {judgements:.0}", sign_ins / handshakes);
    }
    println!("writes to the disk per second, one after the other: {:.0}", writes_per_second(folder.path()));
}

/// How often `act` is done in a second by so many clients, each with a connection to the public site of its own.
fn per_second(n_clients: usize, act: impl Fn(&mut Option<Tls>) -> io::Result<()> + Sync) -> f64 {
    let (n_done, began) = (AtomicUsize::new(0), Instant::now());
    thread::scope(|scope| {
        for _ in 0..n_clients {
            scope.spawn(|| {
                let mut public = None;
                while began.elapsed() < SPAN {
                    act(&mut public).expect("an answer");
                    n_done.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    n_done.into_inner() as f64 / began.elapsed().as_secs_f64()
}

/// What durable commits cost here: the database waits for the disk.
fn writes_per_second(folder: &Path) -> f64 {
    let mut file = fs::File::create(folder.join("writes")).expect("a file");
    let (mut n_done, began) = (0, Instant::now());
    while began.elapsed() < Duration::from_secs(2) {
        file.write_all(&[0; 4096]).and_then(|()| file.sync_data()).expect("written");
        n_done += 1;
    }
    f64::from(n_done) / began.elapsed().as_secs_f64()
}

/// Starts a site and answers where it listens (public, card), and the authorities as it sees them.
fn serve(folder: &Path, authority: &SimulatedAuthority) -> ([SocketAddr; 2], CardAuthorities) {
    let place = |name: &str| folder.join(name);
    for name in ["trust", "lists"] {
        fs::create_dir(place(name)).expect("a folder");
    }
    let server = authority.issue_server(Utc::now()).expect("a certificate");
    let serials: Vec<[u8; 4]> = (1..=N_REVOKED).map(u32::to_be_bytes).collect();
    let list = authority.revocation_list_of(&RevocationProfile {
        serials: serials.iter().map(<[u8; 4]>::as_slice).collect(),
        this_update: Utc::now(),
        next_update: Utc::now() + chrono::Duration::days(2),
        number: 1,
        scope: None,
    });
    fs::write(place("lists/authority.crl"), list.expect("a list")).expect("written");
    for (name, text) in [
        ("trust/authority.pem", &authority.certificate().certificate_pem),
        ("server.pem", &server.certificate_pem),
        ("server.key", &server.key_pem),
    ] {
        fs::write(place(name), text).expect("written");
    }
    let path = |name: &str| place(name).display().to_string();
    let text = format!(
        "[site]\nmunicipality = \"Comune di Prova\"\n\
         [public]\naddress = \"127.0.0.1:0\"\nurl = \"https://localhost:0\"\ncertificate = \"{}\"\nkey = \"{}\"\n\
         [card]\naddress = \"127.0.0.1:0\"\nurl = \"https://localhost:0\"\ntrust_anchors = \"{}\"\n\
         revocation_lists = \"{}\"\n[database]\nurl = \"sqlite://{}\"\n[keys]\nfile = \"{}\"\n",
        path("server.pem"),
        path("server.key"),
        path("trust"),
        path("lists"),
        path("tempi.sqlite"),
        path("tempi.key"),
    );
    fs::write(place("tempi.toml"), text).expect("written");
    let config = Config::load(Some(&place("tempi.toml")), [], &Overrides::default());
    let mut config = config.expect("a configuration");
    config.rate_limits.sign_ins_per_minute = u32::MAX;
    let authorities = CardAuthorities::open(&config.authorities).expect("authorities");
    let (started, addresses) = mpsc::channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let server = Server::bind(config, Arc::new(SystemClock), None).await.expect("the site starts");
            let address = |url: &str| -> SocketAddr {
                url.replace("https://localhost", "127.0.0.1").parse().expect("an address")
            };
            started.send([address(server.public_url()), address(server.card_url())]).expect("somebody waits");
            server.run(std::future::pending()).await.expect("the site runs");
        });
    });
    (addresses.recv().expect("the site starts"), authorities)
}

/// An RSA key, which the openssl command makes.
fn rsa_key() -> String {
    let made =
        Command::new("openssl").args(["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]).output();
    String::from_utf8(made.expect("openssl").stdout).expect("PEM")
}

/// A browser with a card.
struct Client {
    tls: Arc<ClientConfig>,
    public: SocketAddr,
    card: SocketAddr,
}

impl Client {
    fn new(root: CertificateDer<'static>, card: &IssuedCertificate, [public, address]: [SocketAddr; 2]) -> Client {
        let key = PrivateKeyDer::from_pem_slice(card.key_pem.as_bytes()).expect("a key");
        let key = any_supported_type(&key).expect("a key");
        let certified = Arc::new(CertifiedKey::new(vec![card.der.clone()], key));
        let mut roots = RootCertStore::empty();
        roots.add(root).expect("a root");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("the default versions")
            .with_root_certificates(roots)
            .with_client_cert_resolver(Arc::new(Card(certified)));
        tls.resumption = Resumption::disabled();
        Client { tls: Arc::new(tls), public, card: address }
    }

    fn connect(&self, address: SocketAddr) -> io::Result<Tls> {
        let name = ServerName::try_from("localhost").expect("a name");
        let connection = ClientConnection::new(Arc::clone(&self.tls), name).map_err(io::Error::other)?;
        let mut stream = StreamOwned::new(connection, TcpStream::connect(address)?);
        while stream.conn.is_handshaking() {
            stream.conn.complete_io(&mut stream.sock)?;
        }
        Ok(stream)
    }

    /// The handshake with the card listener alone, until the server has taken the proof of the key and closes.
    fn handshake(&self) -> io::Result<()> {
        let mut stream = self.connect(self.card)?;
        stream.conn.send_close_notify();
        while stream.conn.wants_write() {
            stream.conn.write_tls(&mut stream.sock)?;
        }
        let mut end = Vec::new();
        let _ = stream.sock.read_to_end(&mut end);
        Ok(())
    }

    /// The sign-in page, the card, the ticket, the session. The connection to the public site is kept, as browsers do.
    fn sign_in(&self, public: &mut Option<Tls>) -> io::Result<()> {
        if public.is_none() {
            *public = Some(self.connect(self.public)?);
        }
        let Some(public) = public else { return Ok(()) };
        let page = exchange(public, "GET /accesso HTTP/1.1\r\nhost: localhost\r\n\r\n")?;
        let nonce = between(&page, "__Host-tempi-accesso=", ";");
        let digest = between(&page, "richiesta=", "&");
        let mut card = self.connect(self.card)?;
        let request =
            format!("GET /accesso/carta?richiesta={digest} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
        let handover = exchange(&mut card, &request)?;
        let body = format!("biglietto={}", between(&handover, "name=\"biglietto\" value=\"", "\""));
        let head =
            "POST /accesso/biglietto HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-www-form-urlencoded";
        let cookie = format!("cookie: __Host-tempi-accesso={nonce}");
        let redeemed =
            exchange(public, &format!("{head}\r\n{cookie}\r\ncontent-length: {}\r\n\r\n{body}", body.len()))?;
        assert!(redeemed.starts_with("HTTP/1.1 303"), "{redeemed}");
        Ok(())
    }
}

fn exchange(stream: &mut Tls, request: &str) -> io::Result<String> {
    stream.write_all(request.as_bytes())?;
    let mut reader = BufReader::new(stream);
    let mut text = String::new();
    while !text.ends_with("\r\n\r\n") {
        reader.read_line(&mut text)?;
    }
    let length = text.to_ascii_lowercase();
    let length = between(&length, "content-length: ", "\r").parse().unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(text + &String::from_utf8_lossy(&body))
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    text.split_once(before).and_then(|(_, rest)| rest.split_once(after)).map_or("", |(found, _)| found)
}

#[derive(Debug)]
struct Card(Arc<CertifiedKey>);

impl ResolvesClientCert for Card {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }

    fn has_certs(&self) -> bool {
        true
    }
}
