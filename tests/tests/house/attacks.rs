//! What an attacker tries at every door: code and queries in every field, requests that are too large or never end,
//! guesses at who has an account.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use tests::{
    browser::Answer,
    forms::{Field, Form},
    site::Site,
};

const WOMAN: &str = "RSSMRA80A41C707O";
const MAN: &str = "CCCFBA85D03L219P";

/// Markup, a query, a template, a formula, a path, a control character and a text that runs backwards, in one.
const PAYLOAD: &str = "=cmd|'/C calc'!A0\"'><script>alert(1)</script>{{7*7}}${7*7}' OR '1'='1'; DROP TABLE diary;--/../../etc/passwd\u{1}\u{202e}";

/// What would be there if the payload had been believed.
const TRACES: [&str; 2] = ["<script>alert(1)", "root:x:0"];

#[track_caller]
fn is_harmless(answer: &Answer, what: &str) {
    assert!(answer.status < 500, "{what}: {} {}", answer.status, answer.body);
    for trace in TRACES {
        assert!(!answer.body.contains(trace), "{what}: {trace}");
    }
}

/// The pages of this site that a page links to, but for signing out.
fn links(page: &Answer) -> impl Iterator<Item = String> + '_ {
    let hrefs = page.body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    hrefs
        .map(|href| href.split('#').next().unwrap_or_default().replace("&amp;", "&").replace("&#38;", "&"))
        .filter(|path| path.starts_with('/') && !path.starts_with("/static") && !path.starts_with("/risultati"))
}

/// Goes wherever links and forms lead, leaving in every field of every form first what belongs there and then the payload.
/// Gives the forms that were attacked, each as often as it was sent. Who is signed out on the way signs in again.
fn fill_everything_in(site: &Site, from: &[&str]) -> BTreeMap<String, usize> {
    let mut person = site.signed_in(WOMAN);
    let mut waiting: Vec<String> = from.iter().map(|path| (*path).to_owned()).collect();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut tried: BTreeSet<(String, Vec<String>)> = BTreeSet::new();
    let mut sent: BTreeMap<String, usize> = BTreeMap::new();
    while let Some(path) = waiting.pop() {
        if !seen.insert(path.clone()) || seen.len() > 200 {
            continue;
        }
        let page = person.get(&format!("{}{path}", site.url));
        is_harmless(&page, &path);
        waiting.extend(links(&page).filter(|path| !path.contains("lingua=")));
        waiting.extend(page.header("location").map(str::to_owned));
        for form in Form::all(&page).into_iter().filter(|form| form.method == "POST" && form.action.starts_with('/')) {
            let names: Vec<String> = form.fields.iter().map(|field| field.name.clone()).collect();
            if form.action == "/esci" || !tried.insert((form.action.clone(), names)) {
                continue;
            }
            let fields: Vec<&Field> = form.fields.iter().filter(|field| field.name != "gettone").collect();
            // One field after the other, then all at once.
            let attacks = (0..fields.len().min(12)).map(Some).chain([None]);
            for attacked in attacks {
                let token = person.get(&format!("{}{path}", site.url)).input("gettone");
                let values = fields.iter().enumerate().map(|(index, field)| {
                    let is_attacked = attacked.is_none_or(|attacked| attacked == index);
                    (field.name.as_str(), if is_attacked { PAYLOAD } else { field.value.as_str() })
                });
                let token = token.iter().map(|token| ("gettone", token.as_str()));
                let values: Vec<(&str, &str)> = values.chain(token).collect();
                let answer = person.post(&format!("{}{}", site.url, form.action), &values);
                is_harmless(&answer, &format!("{} with {values:?}", form.action));
                *sent.entry(form.action.clone()).or_default() += 1;
                if let Some(next) = answer.header("location") {
                    assert!(next.starts_with('/') && !next.starts_with("//"), "{} leads to {next}", form.action);
                    waiting.push(next.to_owned());
                }
                site.clock.advance(chrono::Duration::seconds(1));
                if person.get(&format!("{}/area-personale", site.url)).status == 401 {
                    site.clock.advance(chrono::Duration::minutes(1));
                    person = site.signed_in(WOMAN);
                }
            }
        }
    }
    sent
}

#[test]
fn code_in_every_field_of_every_form_stays_text() {
    let site = Site::start();
    let mut person = site.signed_in(WOMAN);
    let consent = person.get(&format!("{}/consenso", site.url));
    person.submit(&consent, &[]).expect(303, &[]);
    let until = (chrono::Utc::now() + chrono::Duration::days(30)).format("%F").to_string();
    for role in ["administrator", "auditor"] {
        site.tempi(&["officer", "grant", WOMAN, "--role", role, "--until", &until]).success();
    }
    let sent = fill_everything_in(&site, &["/area-personale", "/ufficio", "/", "/consenso"]);
    for begin in ["/questionari/", "/diario/", "/ufficio/incarichi", "/ufficio/atti", "/consenso"] {
        assert!(sent.keys().any(|action| action.starts_with(begin)), "no form of {begin} was attacked: {sent:?}");
    }
    assert!(sent.values().sum::<usize>() >= 80, "the attack did not get far: {sent:?}");
    site.signed_in(WOMAN).get(&format!("{}/area-personale", site.url)).expect(200, &["Esci"]);
}

#[test]
fn code_in_paths_and_queries_stays_text() {
    let site = Site::start();
    let mut person = site.signed_in(WOMAN);
    let encoded: String = PAYLOAD.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let routes = survey_server::app::public_routes(&site.settings());
    let paths: BTreeSet<&str> = routes.iter().map(|route| route.path).collect();
    for path in paths {
        let attacked: String = path
            .split('/')
            .map(|part| if part.starts_with('{') { encoded.as_str() } else { part })
            .collect::<Vec<_>>()
            .join("/");
        let answer = person.get(&format!("{}{attacked}?lingua={encoded}&richiesta={encoded}&{encoded}", site.url));
        is_harmless(&answer, path);
    }
    let language = person.get(&format!("{}/?lingua=en%0d%0aset-cookie:%20a=b", site.url));
    assert!(language.headers.iter().all(|(name, value)| name != "set-cookie" || !value.contains("a=b")));
}

#[test]
fn requests_beyond_all_measure_are_refused_and_others_are_served() {
    let site = Site::start();
    let mut browser = site.browser();
    let large = "a".repeat(300 * 1024);
    for (method, headers, body) in [
        ("GET", vec![("x-large".to_owned(), large.clone())], String::new()),
        ("GET", (0..200).map(|index| (format!("x-many-{index}"), "a".to_owned())).collect(), String::new()),
        ("POST", vec![("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned())], large.clone()),
    ] {
        if let Ok(answer) = browser.send(method, &format!("{}/accesso/biglietto", site.url), &headers, &body) {
            assert!((400..500).contains(&answer.status) || answer.status == 0, "{method}: {}", answer.status);
        }
    }
    if let Ok(answer) = browser.send("GET", &format!("{}/{large}", site.url), &[], "") {
        assert!((400..500).contains(&answer.status) || answer.status == 0, "{}", answer.status);
    }
    browser.get(&site.url).expect(200, &[]);
}

/// A body that never ends would keep its handler for ever.
#[test]
fn who_sends_byte_by_byte_is_sent_away_while_others_are_served() {
    let site = Site::start();
    let slow = {
        let (mut person, url) = (site.browser(), format!("{}/accesso/biglietto", site.url));
        std::thread::spawn(move || {
            // One byte of the hundred that are announced, then silence.
            let request = "POST /accesso/biglietto HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
                           content-type: application/x-www-form-urlencoded\r\ncontent-length: 100\r\n\r\na";
            person.raw(&url, request)
        })
    };
    // A head that never ends, on a bare connection: the handshake does not come to an end either.
    let address = site.url.trim_start_matches("https://").replace("localhost", "127.0.0.1");
    let mut bare = TcpStream::connect(&address).unwrap();
    bare.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    bare.write_all(&[0x16]).unwrap();
    for _ in 0..50 {
        site.browser().get(&site.url).expect(200, &[]);
    }
    let mut left = Vec::new();
    let closed = bare.read_to_end(&mut left);
    assert!(closed.is_ok() || closed.is_err_and(|error| error.kind() != std::io::ErrorKind::WouldBlock), "still open");
    let sent_away = slow.join().unwrap().expect("an answer").expect(408, &["Il modulo non è arrivato", "al sicuro"]);
    assert_eq!(sent_away.header("connection"), Some("close"));
}

#[test]
fn nobody_learns_who_took_part() {
    let site = Site::start();
    site.signed_in(WOMAN);
    // Both are judged alike, whether the site has seen them before or not.
    let told = |code: &str| {
        let mut browser = site.browser_with(&site.card_of(code));
        let handover = browser.present_card(&site).expect(200, &[]);
        let ticket = handover.input("biglietto").unwrap();
        let redeemed = browser.submit(&handover, &[]);
        let names: Vec<String> = redeemed.headers.iter().map(|(name, _)| name.clone()).collect();
        (handover.body.replace(&ticket, ""), redeemed.status, redeemed.header("location").map(str::to_owned), names)
    };
    assert_eq!(told(WOMAN), told(MAN));
}

/// A number that grows by one tells how many there are and who came when.
#[test]
fn nothing_that_a_person_sees_is_numbered() {
    let site = Site::start();
    let mut numbers = BTreeSet::new();
    for code in [WOMAN, MAN] {
        let mut person = site.signed_in(code);
        let page = person.get(&format!("{}/consenso", site.url));
        person.submit(&page, &[("accetto", "si")]);
        for path in ["/area-personale", "/consenso", "/questionari/individuale"] {
            let page = person.get(&format!("{}{path}", site.url));
            let fields = Form::all(&page).into_iter().flat_map(|form| form.fields);
            for field in fields.filter(|field| field.kind == "hidden" && field.name != "gettone") {
                let is_number = !field.value.is_empty() && field.value.bytes().all(|byte| byte.is_ascii_digit());
                if is_number {
                    numbers.insert((path, field.name, field.value));
                }
            }
            for link in links(&page) {
                let last = link.rsplit('/').next().unwrap_or_default().to_owned();
                assert!(last.is_empty() || last.parse::<u64>().is_err(), "{path} links to {link}");
            }
        }
    }
    // The version that a form was shown with says nothing of the person.
    numbers.retain(|(_, name, _)| name != "versione");
    assert_eq!(numbers, BTreeSet::new());
}

#[test]
fn no_page_may_be_shown_inside_another() {
    let site = Site::start();
    let mut person = site.signed_in(WOMAN);
    let routes = survey_server::app::public_routes(&site.settings());
    for route in routes.iter().filter(|route| route.method == "GET") {
        let path = route.path.replace("{date}", "2026-11-20").replace(['{', '}'], "").replace(":.*", "");
        let answer = person.get(&format!("{}{path}", site.url));
        let policy = answer.header("content-security-policy").unwrap_or_default();
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(answer.header("x-frame-options"), Some("DENY"), "{path}");
    }
}
