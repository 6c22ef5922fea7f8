//! Sessions: seen and ended by their owner, by nobody else, and worth nothing once they are over.

use chrono::Duration;
use survey_server::{app::public_routes, web::route::Audience};
use tests::{
    browser::{Answer, Browser},
    forms::Form,
    site::Site,
};

const WOMAN: &str = "RSSMRA80A41C707O";
const MAN: &str = "CCCFBA85D03L219P";
const COOKIE: &str = "__Host-tempi";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";

fn area(site: &Site) -> String {
    format!("{}/area-personale", site.url)
}

fn page(site: &Site, browser: &mut Browser) -> Answer {
    browser.get(&format!("{}/area-personale/sessioni", site.url)).expect(200, &["I tuoi accessi"])
}

/// The ids by which the page of one's own sessions names them.
fn ids(page: &Answer) -> Vec<String> {
    let fields = Form::all(page).into_iter().flat_map(|form| form.fields);
    fields.filter(|field| field.name == "sessione").map(|field| field.value).collect()
}

/// Another browser with the same session cookie: a thief's.
fn thief(site: &Site, victim: &Browser) -> Browser {
    let mut thief = site.browser();
    thief.set_cookie(&site.url, COOKIE, victim.cookie(&site.url, COOKIE).expect("signed in"));
    thief
}

#[test]
fn people_see_their_sessions_and_end_one_or_all_others() {
    for site in Site::on_every_database() {
        let mut first = site.browser_with(&site.card_of(WOMAN));
        first.headers.push(("user-agent".to_owned(), FIREFOX.to_owned()));
        let handover = first.present_card(&site);
        first.submit(&handover, &[]).expect(303, &[]);
        first.get(&area(&site)).expect(200, &["/area-personale/sessioni"]);
        site.clock.advance(Duration::minutes(1));
        let mut second = site.signed_in(WOMAN);
        let mut third = site.signed_in(WOMAN);

        let seen = page(&site, &mut first).expect(
            200,
            &["Firefox, computer", "questo browser", "Altro browser, altro dispositivo", "Con la carta", "Ultimo uso"],
        );
        assert_eq!(ids(&seen).len(), 3);
        assert!(!seen.body.contains(FIREFOX) && !seen.body.contains("127.0.0.1"), "coarse");
        let digest = site.sql().text("select token_digest as c0 from session limit 1");
        assert!(!seen.body.contains(&digest), "tokens' digests are shown to nobody");

        // One that is not this.
        let other = ids(&seen).into_iter().find(|id| !is_this(&seen, id)).expect("another");
        let token = first.token(&site);
        let end = format!("{}/area-personale/sessioni/fine", site.url);
        first.post(&end, &[("gettone", &token), ("sessione", &other)]).expect(303, &[]);
        first.get(&area(&site)).expect(200, &[]);
        let alive = [&mut second, &mut third].map(|browser| browser.get(&area(&site)).status);
        assert!(alive == [200, 401] || alive == [401, 200], "{alive:?}");

        // All others.
        let seen = page(&site, &mut first);
        first.submit_to(&seen, "/area-personale/sessioni/altre", &[]).expect(303, &[]);
        for browser in [&mut second, &mut third] {
            browser.get(&area(&site)).expect(401, &[]);
        }
        // Ending this one is signing out.
        let seen = page(&site, &mut first);
        let ended = first.submit_to(&seen, "/area-personale/sessioni/fine", &[]).expect(303, &[]);
        assert_eq!(ended.header("location"), Some("/"));
        first.get(&area(&site)).expect(401, &[]);
        let verbs: Vec<String> = site.audit().into_iter().map(|row| row.verb).collect();
        assert_eq!(verbs.iter().filter(|verb| *verb == "signed-in").count(), 3);
        assert_eq!(verbs.iter().filter(|verb| *verb == "session-ended").count(), 3);
    }
}

/// Whether the page marks the session of this id as the browser that asks.
fn is_this(page: &Answer, id: &str) -> bool {
    let card = page.body.split("<li class=").find(|part| part.contains(id)).expect("the session is shown");
    card.contains("questo browser")
}

#[test]
fn the_session_of_somebody_else_is_as_unknown_as_none() {
    for site in Site::on_every_database() {
        let (mut victim, mut attacker) = (site.signed_in(WOMAN), site.signed_in(MAN));
        let id = ids(&page(&site, &mut victim)).remove(0);
        assert_eq!(id.len(), 32, "ids are random");
        let token = attacker.token(&site);
        let end = format!("{}/area-personale/sessioni/fine", site.url);
        for wanted in [id.as_str(), "1", ""] {
            attacker
                .post(&end, &[("gettone", &token), ("sessione", wanted)])
                .expect(404, &["Questa pagina non esiste"]);
        }
        victim.get(&area(&site)).expect(200, &[]);
        attacker.get(&area(&site)).expect(200, &[]);
    }
}

#[test]
fn one_person_has_a_bounded_number_of_sessions() {
    for site in Site::on_every_database_with(|config| config.session_lifetime.at_once = 2) {
        let mut browsers: Vec<Browser> = Vec::new();
        for _ in 0..3 {
            browsers.push(site.signed_in(WOMAN));
            site.clock.advance(Duration::minutes(1));
        }
        let other_person = site.signed_in(MAN).get(&area(&site)).status;
        let statuses: Vec<u16> = browsers.iter_mut().map(|browser| browser.get(&area(&site)).status).collect();
        assert_eq!((statuses, other_person), (vec![401, 200, 200], 200), "the longest unused gives way");
    }
}

/// Fixation, and a session left behind: after a second sign-in only the new token is worth something.
#[test]
fn a_new_sign_in_ends_the_session_that_the_browser_was_in() {
    for site in Site::on_every_database() {
        let mut browser = site.signed_in(WOMAN);
        let mut before = thief(&site, &browser);
        before.get(&area(&site)).expect(200, &[]);
        let handover = browser.present_card(&site);
        browser.submit(&handover, &[]).expect(303, &[]);
        assert_ne!(browser.cookie(&site.url, COOKIE), before.cookie(&site.url, COOKIE));
        before.get(&area(&site)).expect(401, &[]);
        browser.get(&area(&site)).expect(200, &[]);
    }
}

#[test]
fn a_stolen_cookie_is_worth_nothing_after_signing_out() {
    for site in Site::on_every_database() {
        let mut victim = site.signed_in(WOMAN);
        let mut thief = thief(&site, &victim);
        thief.get(&area(&site)).expect(200, &[]);
        let token = victim.token(&site);
        victim.post(&format!("{}/esci", site.url), &[("gettone", &token)]).expect(303, &[]);
        thief.get(&area(&site)).expect(401, &[]);
        thief.post(&format!("{}/esci", site.url), &[("gettone", &token)]).expect(401, &[]);
    }
}

/// Every form of a citizen, without the token, with that of another session of the same person, with that of another
/// person, and with the one of the browser before signing in.
#[test]
fn no_form_of_a_citizen_is_believed_without_the_token_of_its_session() {
    let site = Site::start();
    let mut before = site.browser();
    let strangers = before.get(&site.url);
    let (mut victim, mut same, mut other) = (site.signed_in(WOMAN), site.signed_in(WOMAN), site.signed_in(MAN));
    let wrong = [String::new(), same.token(&site), other.token(&site), strangers.input("gettone").unwrap_or_default()];
    let mut n_forms = 0;
    for route in public_routes(&site.settings()) {
        if route.method != "POST" || route.audience != Audience::Citizens {
            continue;
        }
        n_forms += 1;
        let url = format!("{}{}", site.url, route.path.replace("{date}", "2026-11-20").replace(['{', '}'], ""));
        victim.post(&url, &[]).expect(403, &["Il modulo non è più valido"]);
        for token in &wrong {
            victim.post(&url, &[("gettone", token)]).expect(403, &["Il modulo non è più valido"]);
        }
    }
    assert!(n_forms >= 8, "only {n_forms} forms were tried");
    victim.get(&area(&site)).expect(200, &[]);
}

#[test]
fn whoever_runs_the_installation_ends_sessions_of_one_or_of_all() {
    let site = Site::start();
    let [mut woman, mut man] = [site.signed_in(WOMAN), site.signed_in(MAN)];
    site.tempi(&["sessions", "end"]).refused(1, &["--everybody"]);
    let ended = site.tempi(&["sessions", "end", WOMAN]).success();
    assert_eq!(ended.stdout.trim(), "1 sessions were ended.");
    woman.get(&area(&site)).expect(401, &[]);
    man.get(&area(&site)).expect(200, &[]);
    site.tempi(&["sessions", "end", "--everybody"]).success();
    man.get(&area(&site)).expect(401, &[]);
    site.tempi(&["audit", "verify"]).success();
}

#[test]
fn signing_out_clears_what_the_browser_kept() {
    let site = Site::start();
    let mut person = site.signed_in(WOMAN);
    let token = person.get(&area(&site)).input("gettone").expect("a form");
    let answer = person.post(&format!("{}/esci", site.url), &[("gettone", &token)]).expect(303, &[]);
    assert_eq!(answer.header("clear-site-data"), Some("\"cache\", \"storage\""));
}
