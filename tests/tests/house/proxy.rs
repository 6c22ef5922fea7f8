//! Signing in behind a reverse proxy: what it passes on is believed, what others say is not.

// Helpers of tests unwrap like tests do.
#![allow(clippy::unwrap_used)]

use std::{
    fmt::Write as _,
    io::{Read, Write},
    net::TcpStream,
    process::Command,
};

use chrono::{Duration, Utc};
use rcgen::{ExtendedKeyUsagePurpose, KeyUsagePurpose};
use survey_server::access::simulated::{CardProfile, IssuedCertificate, SimulatedAuthority};
use tests::{
    browser::Browser,
    proxy::{Kind, Proxy},
    site::Site,
};

const WOMAN: &str = "RSSMRA80A41C707O";
const RECOGNISED: &str = "La carta è stata riconosciuta";
const NO_CARD: &str = "Il browser non ha presentato una carta";

/// The certificate as proxies pass it.
fn escaped(card: &IssuedCertificate) -> String {
    percent_encoded(&card.certificate_pem)
}

fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "%{byte:02X}");
        text
    })
}

fn foreign_card() -> IssuedCertificate {
    let foreign = SimulatedAuthority::new("Foreign", Utc::now()).unwrap();
    foreign.issue_card(&CardProfile::good(&WOMAN.parse().unwrap(), Utc::now())).unwrap()
}

/// The whole way behind a proxy with the documented configuration; `lets_all_pass` is whether it lets those certificates
/// through to the page that says why that it refuses itself: expired ones, and those for another purpose.
fn sign_in_behind(kind: Kind, lets_all_pass: bool) {
    let Some(proxy) = Proxy::start(kind, |_| {}, |shown| shown) else { return };
    let site = &proxy.site;
    let mut browser = site.browser_with(&site.card_of(WOMAN));
    let handover = browser.present_card(site).expect(200, &[RECOGNISED]);
    browser.submit(&handover, &[]).expect(303, &[]);
    browser.get(&format!("{}/area-personale", site.url)).expect(200, &["Area personale"]);

    let refused = |mut browser: Browser, title: &str| {
        browser.present_card(site).expect(403, &[title, "Che cosa fare"]);
    };
    refused(site.browser(), NO_CARD);
    refused(site.browser_with(&foreign_card()), "Il certificato non è di una carta riconosciuta");
    let purpose = site.card(WOMAN, |card| card.purposes.clear());
    refused(site.browser_with(&purpose), "Il certificato non serve per accedere");
    let others = [
        (site.card(WOMAN, |card| card.not_after = Utc::now()), "La carta è scaduta"),
        (site.card(WOMAN, |card| card.not_before = Utc::now() + Duration::days(2)), "La carta non è ancora valida"),
        (
            site.card(WOMAN, |card| card.key_usages = vec![KeyUsagePurpose::ContentCommitment]),
            "Hai scelto il certificato di firma",
        ),
        (
            site.card(WOMAN, |card| card.purposes = vec![ExtendedKeyUsagePurpose::ServerAuth]),
            "Il certificato ha un altro scopo",
        ),
    ];
    for (card, title) in others {
        let mut browser = site.browser_with(&card);
        if lets_all_pass {
            browser.present_card(site).expect(403, &[title, "Che cosa fare"]);
            continue;
        }
        let address = browser.card_address(site);
        let answer = browser.send("GET", &address, &[], "");
        assert!(answer.is_err() || answer.is_ok_and(|answer| answer.status == 403), "{title}");
    }

    // A client's own headers are overwritten, with a card in the reader or without.
    let victim = site.card_of("CCCFBA85D03L219P");
    let spoofed = [
        ("x-tempi-client-certificate".to_owned(), escaped(&victim)),
        ("x-tempi-client-handshake".to_owned(), "initial".to_owned()),
    ];
    let mut attacker = site.browser();
    attacker.headers.extend(spoofed.clone());
    attacker.present_card(site).expect(403, &[NO_CARD]);
    let mut attacker = site.browser_with(&foreign_card());
    attacker.headers.extend(spoofed);
    attacker.present_card(site).expect(403, &["Il certificato non è di una carta riconosciuta"]);

    // The card leaves the reader: browsers resume sessions where they can.
    let mut browser = site.browser_with(&site.card_of(WOMAN));
    let address = browser.card_address(site);
    browser.get(&address).expect(200, &[RECOGNISED]);
    browser.remove_card();
    browser.get(&address).expect(403, &[NO_CARD]);

    // Possession is proved to the proxy.
    let mut forged = site.card_of(WOMAN);
    forged.key_pem = victim.key_pem;
    let answer = site.browser_with(&forged).send("GET", &address, &[], "");
    assert!(answer.is_err() || answer.is_ok_and(|answer| !answer.body.contains(RECOGNISED)), "{}", proxy.log());
}

#[test]
fn a_citizen_signs_in_behind_nginx() {
    sign_in_behind(Kind::Nginx, true);
}

#[test]
fn a_citizen_signs_in_behind_apache() {
    sign_in_behind(Kind::Apache, false);
}

/// A proxy that keeps connections or resumes sessions, against the documentation: the program does not go along.
#[test]
fn a_proxy_that_keeps_connections_signs_nobody_in_twice() {
    let edit = |shown: String| {
        shown.replace("keepalive_timeout 0;", "").replace("ssl_session_cache off;", "ssl_session_cache shared:s:1m;")
    };
    let Some(proxy) = Proxy::start(Kind::Nginx, |_| {}, edit) else { return };
    let site = &proxy.site;
    let mut browser = site.browser_with(&site.card_of(WOMAN));
    let address = browser.card_address(site);
    let [first, second] = browser.get_twice(&address);
    first.expect(200, &[RECOGNISED]);
    second.expect(421, &["La carta va letta di nuovo"]);
    // The browser resumes its session: no proof, no card needed.
    browser.remove_card();
    browser.get(&address).expect(421, &[]);
}

/// Keys that are too short are proved to nginx, and refused by us all the same. curl plays the browser.
#[test]
fn a_card_of_the_first_generation_reads_why_it_is_refused_behind_nginx() {
    let edit =
        |shown: String| shown.replace("ssl_verify_client", "ssl_ciphers DEFAULT:@SECLEVEL=0;\nssl_verify_client");
    for weak in [false, true] {
        let edit = |shown: String| if weak { edit(shown) } else { shown };
        let Some(proxy) = Proxy::start(Kind::Nginx, |_| {}, edit) else { return };
        let folder = tempfile::tempdir().unwrap();
        let conf = "openssl_conf=a\n[a]\nssl_conf=b\n[b]\nsystem_default=c\n[c]\nCipherString=DEFAULT:@SECLEVEL=0\n";
        std::fs::write(folder.path().join("conf"), conf).unwrap();
        let run = |program: &str, arguments: &[&str]| {
            let mut command = Command::new(program);
            if program == "curl" {
                command.env("OPENSSL_CONF", folder.path().join("conf"));
            }
            let output = command.current_dir(folder.path()).args(arguments).output().unwrap();
            assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).unwrap()
        };
        let subject = ["-subj", "/C=IT/CN=RSSMRA80A41C707O\\/6030.hash=", "-days", "9"];
        run(
            "openssl",
            &[&["req", "-x509", "-newkey", "rsa:1024", "-nodes", "-keyout", "key", "-out", "pem"], &subject[..]]
                .concat(),
        );
        let address = format!("{}/accesso/carta?richiesta={}", proxy.site.card_url, "0".repeat(64));
        let page = run("curl", &["-sSk", "--cert", "pem", "--key", "key", &address]);
        assert!(page.contains("La carta è di una generazione troppo vecchia"), "weak {weak}: {page} {}", proxy.log());
    }
}

/// A site whose listeners expect a proxy at `proxy`; what connects from elsewhere is nobody.
fn behind(proxy: &str) -> Site {
    let proxy = proxy.parse().unwrap();
    Site::start_with(
        |config| {
            for listener in [&mut config.public, &mut config.card] {
                listener.tls = None;
                listener.behind_proxy = true;
            }
            config.proxy.addresses = vec![proxy];
        },
        false,
    )
}

/// A request in the clear, as a proxy (or whoever reaches the port) sends it: status and body.
fn request(url: &str, headers: &[(&str, &str)]) -> (u16, String) {
    let authority = url.trim_start_matches("https://").split('/').next().unwrap();
    let path = &url["https://".len() + authority.len()..];
    let mut text = format!("GET {path} HTTP/1.1\r\nhost: {authority}\r\nconnection: close\r\n");
    for (name, value) in headers {
        text += &format!("{name}: {value}\r\n");
    }
    let mut stream = TcpStream::connect(authority.replace("localhost", "127.0.0.1")).unwrap();
    stream.write_all(format!("{text}\r\n").as_bytes()).unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer).into_owned();
    (answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default(), answer)
}

const CERTIFICATE: &str = "x-tempi-client-certificate";
const HANDSHAKE: (&str, &str) = ("x-tempi-client-handshake", "initial");

fn card_address(site: &Site) -> String {
    format!("{}/accesso/carta?richiesta={}", site.card_url, "0".repeat(64))
}

#[test]
fn a_certificate_in_a_header_counts_only_from_a_proxy_that_is_believed() {
    let believed = behind("127.0.0.1");
    let card = escaped(&believed.card_of(WOMAN));
    let (status, page) = request(&card_address(&believed), &[(CERTIFICATE, &card), HANDSHAKE]);
    assert!(status == 200 && page.contains(RECOGNISED), "{status} {page}");

    let stranger = behind("127.0.0.9");
    let card = escaped(&stranger.card_of(WOMAN));
    let (status, page) = request(&card_address(&stranger), &[(CERTIFICATE, &card), HANDSHAKE]);
    assert!(status == 403 && page.contains(NO_CARD), "{status} {page}");
    let forwarded = ("x-forwarded-for", "127.0.0.9");
    let (status, _) = request(&card_address(&stranger), &[(CERTIFICATE, &card), HANDSHAKE, forwarded]);
    assert_eq!(status, 403, "who says that he is the proxy is not");
}

/// A listener that takes cards itself believes no header at all.
#[test]
fn a_listener_of_our_own_believes_no_header_form_or_query() {
    let site = Site::start();
    let card = site.card_of(WOMAN);
    let mut browser = site.browser();
    let subject = format!("CN={WOMAN}/1234567890123456.hash,OU=Regione,C=IT");
    for (name, value) in [
        (CERTIFICATE, escaped(&card)),
        ("ssl-client-cert", escaped(&card)),
        ("x-ssl-client-s-dn", subject.clone()),
        ("x-client-dn", subject.clone()),
        ("ssl_client_s_dn_cn", subject.clone()),
        ("x-forwarded-client-cert", format!("Subject=\"{subject}\"")),
    ] {
        browser.headers.push((name.to_owned(), value));
    }
    browser.headers.push((HANDSHAKE.0.to_owned(), HANDSHAKE.1.to_owned()));
    browser.present_card(&site).expect(403, &[NO_CARD]);
    browser.headers.clear();

    let address = browser.card_address(&site);
    for parameter in ["certificate", "cert", "ssl_client_cert", CERTIFICATE] {
        browser.get(&format!("{address}&{parameter}={}", escaped(&card))).expect(403, &[NO_CARD]);
        let fields = [(parameter, card.certificate_pem.as_str())];
        browser.post(&address, &fields).expect(405, &[]);
        let redemption = format!("{}/accesso/biglietto", site.url);
        browser.post(&redemption, &fields).expect(403, &[]);
    }
}

#[test]
fn what_is_not_exactly_one_certificate_is_refused() {
    let site = behind("127.0.0.1");
    let card = site.card_of(WOMAN);
    let (one, other) = (escaped(&card), escaped(&foreign_card()));
    let unreadable = "Il certificato non si riesce a leggere";
    let check = |headers: &[(&str, &str)], expected: u16, words: &str| {
        let (status, page) = request(&card_address(&site), headers);
        assert!(status == expected && page.contains(words), "{status}, not {expected} with `{words}`: {page}");
        assert!(!page.contains("biglietto\" value"), "no ticket");
    };
    check(&[(CERTIFICATE, &one), (CERTIFICATE, &other), HANDSHAKE], 403, unreadable);
    check(&[(CERTIFICATE, &format!("{one}{other}")), HANDSHAKE], 403, unreadable);
    check(&[(CERTIFICATE, &format!("{other}{one}")), HANDSHAKE], 403, unreadable);
    check(&[(CERTIFICATE, "garbage"), HANDSHAKE], 403, unreadable);
    check(&[(CERTIFICATE, &format!("CN={WOMAN}/6030.hash")), HANDSHAKE], 403, unreadable);
    check(
        &[(CERTIFICATE, &percent_encoded(&card.certificate_pem.replace("-END", "-BEGIN"))), HANDSHAKE],
        403,
        unreadable,
    );
    check(&[(CERTIFICATE, &"A".repeat(20_000)), HANDSHAKE], 403, unreadable);
    check(&[(CERTIFICATE, ""), HANDSHAKE], 403, NO_CARD);
    check(&[("ssl-client-s-dn", &format!("CN={WOMAN}/6030.hash")), HANDSHAKE], 403, NO_CARD);
    // Larger than any head of a request may be.
    let (status, _) = request(&card_address(&site), &[(CERTIFICATE, &"A".repeat(300_000)), HANDSHAKE]);
    assert!(status == 0 || (400..500).contains(&status), "{status}");
    // A handshake that was not a new one, or of which nothing is known.
    let again = "La carta va letta di nuovo";
    site.clock.advance(Duration::minutes(2));
    check(&[(CERTIFICATE, &one)], 421, again);
    check(&[(CERTIFICATE, &one), ("x-tempi-client-handshake", "Resumed")], 421, again);
    check(&[(CERTIFICATE, &one), HANDSHAKE, HANDSHAKE], 421, again);
}

/// The limit on sign-ins counts clients, not the proxy; and nobody can give himself another address.
#[test]
fn sign_ins_are_counted_by_the_address_that_the_proxy_tells() {
    let site = behind("127.0.0.1");
    let attempt = |forwarded: &str| request(&card_address(&site), &[("x-forwarded-for", forwarded)]).0;
    for _ in 0..30 {
        assert_eq!(attempt("192.0.2.1"), 403);
    }
    assert_eq!(attempt("192.0.2.1"), 429);
    assert_eq!(attempt("192.0.2.2"), 403);
    // What a client wrote before the proxy's own word; another proxy in between; nothing legible.
    assert_eq!(attempt("192.0.2.7, 192.0.2.1"), 429);
    assert_eq!(attempt("192.0.2.1, 127.0.0.1"), 429);
    for n in 0..31 {
        assert_eq!(attempt(&format!("unknown-{n}")), if n < 30 { 403 } else { 429 });
    }

    let stranger = behind("127.0.0.9");
    let statuses: Vec<u16> =
        (0..31).map(|n| request(&card_address(&stranger), &[("x-forwarded-for", &format!("192.0.2.{n}"))]).0).collect();
    assert_eq!(statuses[30], 429, "a header of somebody who is no proxy");
}
