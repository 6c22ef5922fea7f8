//! Signing in: the good card, the bad ones, and what an attacker may try on the way.

use chrono::{Duration, Utc};
use rcgen::KeyUsagePurpose;
use survey_server::{
    access::simulated::{CardProfile, SimulatedAuthority},
    config::RevocationConfig,
};
use tests::{browser::Browser, logs, site::Site};

/// Vectors of the `python-codicefiscale` package.
const WOMAN: &str = "RSSMRA80A41C707O";
const MAN: &str = "CCCFBA85D03L219P";

#[test]
fn a_citizen_signs_in_with_a_card_on_every_database() {
    for site in Site::on_every_database() {
        let mut browser = site.browser_with(&site.card_of(WOMAN));
        let area = format!("{}/area-personale", site.url);
        browser.get(&area).expect(401, &["Per continuare devi accedere"]);

        let handover = browser.present_card(&site).expect(200, &["La carta è stata riconosciuta", "Continua"]);
        assert!(!handover.url.contains(&handover.input("biglietto").unwrap()), "a ticket never travels in an address");
        let redeemed = browser.submit(&handover, &[]).expect(303, &[]);
        assert_eq!(redeemed.header("location"), Some("/area-personale"));
        browser.get(&area).expect(200, &["Area personale", "Esci"]);

        let home = browser.get(&site.url);
        browser.post(&format!("{}/esci", site.url), &[("gettone", &home.input("gettone").unwrap())]).expect(303, &[]);
        browser.get(&area).expect(401, &[]);
    }
}

#[test]
fn each_bad_card_gets_a_page_that_says_why() {
    let site = Site::start();
    let check = |mut browser: Browser, title: &str| {
        let refusal = browser.present_card(&site).expect(403, &[title, "Che cosa fare", "al sicuro"]);
        assert!(refusal.input("biglietto").is_none(), "no ticket for a refused card");
    };
    let card = |spoil: &dyn Fn(&mut CardProfile)| site.browser_with(&site.card(WOMAN, spoil));

    check(site.browser(), "Il browser non ha presentato una carta");
    check(
        card(&|card| card.key_usages = vec![KeyUsagePurpose::ContentCommitment]),
        "Hai scelto il certificato di firma",
    );
    check(card(&|card| card.purposes.clear()), "Il certificato non serve per accedere");
    check(card(&|card| card.policies.clear()), "Il certificato non è di una carta dei servizi");
    check(card(&|card| card.not_after = Utc::now()), "La carta è scaduta");
    check(card(&|card| card.not_before = Utc::now() + Duration::days(2)), "La carta non è ancora valida");
    check(card(&|card| card.common_name = "Maria Rossi".to_owned()), "Il nome nel certificato non ha la forma attesa");
    check(
        card(&|card| card.common_name = "RSSMRA80A41C707X/1.h".to_owned()),
        "Il codice fiscale nel certificato non è valido",
    );
    let foreign = SimulatedAuthority::new("Foreign", Utc::now()).unwrap();
    let foreign = foreign.issue_card(&CardProfile::good(&WOMAN.parse().unwrap(), Utc::now())).unwrap();
    check(site.browser_with(&foreign), "Il certificato non è di una carta riconosciuta");
}

/// Each kind of refusal is on record once a day and place, about no person, and however often it is tried.
#[test]
fn refused_cards_are_on_record_without_filling_it() {
    for site in Site::on_every_database_with(|config| config.rate_limits.sign_ins_per_minute = 10_000) {
        let expired = site.card(WOMAN, |card| card.not_after = Utc::now());
        let nameless = site.card(WOMAN, |card| card.common_name = "Maria Rossi".to_owned());
        for card in [&expired, &nameless, &expired] {
            for _ in 0..20 {
                site.browser_with(card).present_card(&site).expect(403, &["Che cosa fare"]);
            }
        }
        site.browser().present_card(&site).expect(403, &["non ha presentato una carta"]);
        let refused = || site.audit().into_iter().filter(|row| row.verb == "sign-in-refused").collect::<Vec<_>>();
        let rows = refused();
        let details: Vec<&str> = rows.iter().map(|row| row.detail.as_str()).collect();
        assert_eq!(details, ["card: expired", "card: malformed-name"], "who presents nothing is not refused a card");
        assert!(rows.iter().all(|row| row.actor == "card listener" && row.actor_kind == "system"));
        let place = rows[0].subject.clone().expect("a pseudonym");
        assert_eq!(rows[1].subject.as_ref(), Some(&place), "the same place on the same day");
        for row in &rows {
            let text = format!("{row:?}");
            assert!(!text.contains("127.0.0.1") && !text.contains("Maria") && !text.contains(WOMAN), "{text}");
        }
        site.clock.advance(Duration::days(1));
        let mut tomorrow = site.browser_with(&nameless);
        tomorrow.present_card(&site).expect(403, &[]);
        let rows = refused();
        assert_eq!(rows.len(), 3);
        assert_ne!(rows[2].subject.as_ref(), Some(&place), "nobody is followed from one day to the next");
        site.tempi(&["audit", "verify"]).success();
    }
}

/// A resumed TLS session would present the certificate again without the card: at a shared computer, the next person
/// would be the one before.
#[test]
fn a_card_that_left_the_reader_signs_nobody_in() {
    let site = Site::start();
    let mut browser = site.browser_with(&site.card_of(WOMAN));
    let address = browser.card_address(&site);
    browser.get(&address).expect(200, &["La carta è stata riconosciuta"]);
    browser.remove_card();
    browser.get(&address).expect(403, &["Il browser non ha presentato una carta"]);
}

/// Browsers keep connections open for minutes: the card counts once for each handshake, and 421 makes a browser begin
/// a new one (RFC 9110, section 15.5.20).
#[test]
fn a_connection_signs_one_person_in_once() {
    let site = Site::start();
    let mut browser = site.browser_with(&site.card_of(WOMAN));
    let address = browser.card_address(&site);
    let [first, second] = browser.get_twice(&address);
    first.expect(200, &["La carta è stata riconosciuta"]);
    let second = second.expect(421, &["La carta va letta di nuovo"]);
    assert!(second.input("biglietto").is_none(), "no second ticket");
    browser.get(&address).expect(200, &["La carta è stata riconosciuta"]);
}

#[test]
fn refusals_are_told_in_english_too() {
    let site = Site::start();
    let mut browser = site.browser();
    browser.headers.push(("accept-language".to_owned(), "en".to_owned()));
    browser.present_card(&site).expect(403, &["The browser presented no card", "What to do"]);
}

#[test]
fn revoked_cards_and_missing_lists_are_refused() {
    let site = Site::start_with(
        |config| {
            let folder = config.key_file.with_file_name("lists");
            std::fs::create_dir(&folder).unwrap();
            config.authorities.revocation = Some(RevocationConfig::of_folder(folder));
        },
        false,
    );
    let list = site.folder().join("lists/authority.crl");
    let card = site.card_of(WOMAN);
    let mut browser = site.browser_with(&card);
    let now = Utc::now();
    browser.present_card(&site).expect(403, &["Ora non possiamo controllare se la carta è valida"]);
    std::fs::write(&list, site.authority.revocation_list(&[], now, now + Duration::days(2)).unwrap()).unwrap();
    browser.present_card(&site).expect(200, &["La carta è stata riconosciuta"]);
    let named = site.authority.revocation_list(&[&card.serial], now, now + Duration::days(3)).unwrap();
    std::fs::write(&list, named).unwrap();
    browser.present_card(&site).expect(403, &["La carta è stata revocata"]);
}

#[test]
fn somebody_elses_certificate_without_its_key_does_not_pass_the_handshake() {
    let site = Site::start();
    let (victim, thief) = (site.card_of(WOMAN), site.card_of(MAN));
    let mut forged = victim;
    forged.key_pem = thief.key_pem;
    let address = format!("{}/accesso/carta?richiesta={}", site.card_url, "0".repeat(64));
    let answer = site.browser_with(&forged).send("GET", &address, &[], "");
    assert!(answer.is_err() || answer.is_ok_and(|answer| answer.status == 0), "the handshake must fail");
}

/// A first-generation card: rustls has no such keys, so curl with a lowered security level plays the browser.
#[test]
fn a_card_of_the_first_generation_reads_why_it_is_refused() {
    let site = Site::start();
    let folder = tempfile::tempdir().unwrap();
    let conf = "openssl_conf=a\n[a]\nssl_conf=b\n[b]\nsystem_default=c\n[c]\nCipherString=DEFAULT:@SECLEVEL=0\n";
    std::fs::write(folder.path().join("conf"), conf).unwrap();
    let run = |program: &str, arguments: &[&str]| {
        let mut command = std::process::Command::new(program);
        if program == "curl" {
            command.env("OPENSSL_CONF", folder.path().join("conf"));
        }
        let output = command.current_dir(folder.path()).args(arguments).output().unwrap();
        assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let subject = "/C=IT/CN=RSSMRA80A41C707O\\/6030.hash=";
    run(
        "openssl",
        &[
            "req", "-x509", "-newkey", "rsa:1024", "-nodes", "-keyout", "key", "-out", "pem", "-subj", subject,
            "-days", "9",
        ],
    );
    let address = format!("{}/accesso/carta?richiesta={}", site.card_url, "0".repeat(64));
    for version in ["--tlsv1.3", "--tls-max=1.2"] {
        let version: Vec<&str> = version.split('=').collect();
        let request = ["-sSk", "--cert", "pem", "--key", "key", &address];
        let page = run("curl", &[&version[..], &request[..]].concat());
        assert!(page.contains("La carta è di una generazione troppo vecchia"), "{version:?}: {page}");
    }
}

#[test]
fn a_ticket_works_once_within_thirty_seconds_and_in_its_own_browser() {
    for site in Site::on_every_database() {
        let mut browser = site.browser_with(&site.card_of(WOMAN));
        let handover = browser.present_card(&site).expect(200, &[]);

        // Fixation: an attacker sends his ticket through the victim's browser, which holds another nonce or none.
        let mut stranger = site.browser();
        stranger.submit(&handover, &[]).expect(403, &["L&#39;accesso non è riuscito"]);
        stranger.get(&format!("{}/accesso", site.url));
        stranger.submit(&handover, &[]).expect(403, &[]);

        let mut again = browser.clone();
        browser.submit(&handover, &[]).expect(303, &[]);
        again.submit(&handover, &[]).expect(403, &[]);

        let handover = again.present_card(&site).expect(200, &[]);
        site.clock.advance(Duration::seconds(30));
        again.submit(&handover, &[]).expect(403, &["30 secondi"]);
    }
}

#[test]
fn a_ticket_is_taken_from_the_form_and_from_nowhere_else() {
    let site = Site::start();
    let mut browser = site.browser_with(&site.card_of(WOMAN));
    let handover = browser.present_card(&site).expect(200, &[]);
    assert_eq!(handover.header("referrer-policy"), Some("no-referrer"));
    let ticket = handover.input("biglietto").unwrap();
    let redemption = format!("{}/accesso/biglietto", site.url);
    let in_address = format!("{redemption}?biglietto={ticket}");
    browser.get(&in_address).expect(405, &[]);
    browser.post(&in_address, &[]).expect(403, &[]);
    browser.headers.push(("referer".to_owned(), in_address));
    browser.headers.push(("x-biglietto".to_owned(), ticket));
    browser.post(&redemption, &[]).expect(403, &[]);
    browser.headers.clear();
    // None of this has used it up.
    browser.submit(&handover, &[]).expect(303, &[]);
}

/// Whatever an address says about where to go afterwards, one lands in the personal area of this site.
#[test]
fn nobody_is_led_elsewhere_after_signing_in() {
    let site = Site::start();
    for parameter in ["ritorno", "return", "next", "url", "redirect", "redirect_uri"] {
        let elsewhere = format!("{parameter}=https://elsewhere.example.it/");
        let mut browser = site.browser_with(&site.card_of(WOMAN));
        browser.headers.push(("x-forwarded-host".to_owned(), "elsewhere.example.it".to_owned()));
        browser.get(&format!("{}/accesso?{elsewhere}", site.url)).expect(200, &[]);
        let address = browser.card_address(&site);
        let handover = browser.get(&format!("{address}&{elsewhere}")).expect(200, &[]);
        assert!(!handover.body.contains("elsewhere"), "{}", handover.body);
        let ticket = handover.input("biglietto").unwrap();
        let fields = [("biglietto", ticket.as_str()), (parameter, "https://elsewhere.example.it/")];
        let redeemed = browser.post(&format!("{}/accesso/biglietto?{elsewhere}", site.url), &fields).expect(303, &[]);
        assert_eq!(redeemed.header("location"), Some("/area-personale"));
        site.clock.advance(Duration::minutes(1));
    }
    // Without a browser that began at the sign-in page, the card listener leads there, and to this site only.
    let stray = site.browser().get(&format!("{}/accesso/carta?next=https://elsewhere.example.it", site.card_url));
    assert_eq!(stray.expect(303, &[]).header("location"), Some(format!("{}/accesso", site.url).as_str()));
}

#[test]
fn of_two_redemptions_at_once_one_succeeds() {
    for site in Site::on_every_database() {
        for _ in 0..5 {
            let mut browser = site.browser_with(&site.card_of(WOMAN));
            let handover = browser.present_card(&site).expect(200, &[]);
            let race: Vec<_> = (0..4)
                .map(|_| {
                    let (mut browser, handover) = (browser.clone(), handover.clone());
                    std::thread::spawn(move || browser.submit(&handover, &[]).status)
                })
                .collect();
            let mut statuses: Vec<u16> = race.into_iter().map(|redemption| redemption.join().unwrap()).collect();
            statuses.sort();
            assert_eq!(statuses, [303, 403, 403, 403]);
            // Out of the window of the limit on attempts.
            site.clock.advance(Duration::minutes(2));
        }
    }
}

#[test]
fn a_session_gets_a_new_token_at_sign_in_and_ends_by_itself() {
    let site = Site::start();
    let area = format!("{}/area-personale", site.url);
    let mut browser = site.browser_with(&site.card_of(WOMAN));
    browser.set_cookie(&site.url, "__Host-tempi", "chosen-by-an-attacker");
    let handover = browser.present_card(&site);
    let redeemed = browser.submit(&handover, &[]).expect(303, &[]);
    let cookie = redeemed.headers.iter().find(|(_, value)| value.starts_with("__Host-tempi=")).unwrap();
    for attribute in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.1.contains(attribute), "{attribute} is missing from {}", cookie.1);
    }
    assert_ne!(browser.cookie(&site.url, "__Host-tempi"), Some("chosen-by-an-attacker"));
    let mut attacker = site.browser();
    attacker.set_cookie(&site.url, "__Host-tempi", "chosen-by-an-attacker");
    attacker.get(&area).expect(401, &[]);

    for _ in 0..23 {
        site.clock.advance(Duration::minutes(29));
        browser.get(&area).expect(200, &[]);
    }
    site.clock.advance(Duration::minutes(29));
    browser.get(&area).expect(200, &[]);
    site.clock.advance(Duration::minutes(29));
    browser.get(&area).expect(401, &["la sessione è scaduta"]);

    let mut idle = site.signed_in(MAN);
    site.clock.advance(Duration::minutes(30));
    idle.get(&area).expect(401, &[]);
}

#[test]
fn fiscal_codes_are_neither_in_the_logs_nor_readable_in_the_database() {
    let mut site = Site::start();
    // A person of this test alone, because the log is that of the whole process.
    let code = "BNCGNN92T55C707S";
    site.signed_in(code).get(&format!("{}/area-personale", site.url)).expect(200, &[]);
    let mut refused = site.browser_with(&site.card(code, |card| card.policies.clear()));
    refused.present_card(&site).expect(403, &[]);
    let handover = site.browser_with(&site.card_of(code)).present_card(&site);
    let ticket = handover.input("biglietto").unwrap();
    site.stop();

    let log = logs::captured();
    assert!(log.contains("card refused") && log.contains("signed in"), "the log was captured");
    let bytes = site.database_bytes();
    assert!(bytes.windows(8).any(|window| window == b"identity"), "the database was read");
    let key = std::fs::read_to_string(&site.config.key_file).unwrap();
    for secret in [code, &ticket, key.trim()] {
        assert!(!log.contains(secret), "{secret} is in the log");
        assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret} is in the database");
    }
}

#[test]
fn attempts_are_limited_per_address() {
    let site = Site::start();
    let mut browser = site.browser();
    let statuses: Vec<u16> = (0..31).map(|_| browser.present_card(&site).status).collect();
    assert_eq!(statuses[..30], [403; 30]);
    assert_eq!(statuses[30], 429);
    site.clock.advance(Duration::minutes(1));
    browser.present_card(&site).expect(403, &[]);
}

#[test]
fn the_simulated_reader_is_there_in_the_demonstration_only() {
    let site = Site::start();
    site.browser().get(&format!("{}/accesso/simulato", site.url)).expect(404, &[]);
    assert!(!site.browser().get(&format!("{}/accesso", site.url)).body.contains("simulato"));

    let demonstration = Site::start_demonstration();
    let mut browser = demonstration.browser();
    let page =
        browser.get(&format!("{}/accesso/simulato", demonstration.url)).expect(200, &["Anna Esempio", "sintetici"]);
    browser.submit(&page, &[("cittadino", "Nessuno")]).expect(400, &[]);
    browser.submit(&page, &[("cittadino", "Anna Esempio")]).expect(303, &[]);
    browser.get(&format!("{}/area-personale", demonstration.url)).expect(200, &["sintetici"]);
}
