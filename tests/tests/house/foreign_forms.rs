//! Requests forged by other sites: every route that takes a POST, public ones too, without a token, with somebody else's,
//! and from another origin. What needs no token is listed here with what protects it instead.

use survey_server::{
    access::officer::OfficerRole,
    app::{card_routes, public_routes},
    web::route::{Audience, Route},
};
use tests::{
    browser::{Answer, Browser},
    root,
    site::Site,
};

use crate::roles::{day, person, sites};

/// Routes that take a POST without a token of a form, and what protects each. `docs/SECURITY.md` says the same.
const WITHOUT_TOKEN: &[(&str, &str)] = &[
    (
        "/accesso/biglietto",
        "the form is shown by the card listener; the ticket is bound to a nonce cookie of this browser",
    ),
    ("/openid/persona", "no cookie is read: a portal's server proves itself by its access token"),
    ("/openid/token", "no cookie is read: a portal's server proves itself by its key or secret"),
];

fn posts(site: &Site) -> Vec<Route> {
    let routes = public_routes(&site.settings()).into_iter().filter(|route| route.method == "POST").collect();
    assert!(card_routes().iter().all(|route| route.method == "GET"), "the card listener takes no forms");
    routes
}

fn post(site: &Site, browser: &mut Browser, path: &str, token: Option<&str>, headers: &[(&str, &str)]) -> Answer {
    let path = path.replace("{date}", "2026-11-20").replace(['{', '}'], "");
    let headers: Vec<(String, String)> = [("content-type", "application/x-www-form-urlencoded")]
        .iter()
        .chain(headers)
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let body = token.map_or_else(String::new, |token| format!("gettone={token}"));
    browser.send("POST", &format!("{}{path}", site.url), &headers, &body).expect("an answer")
}

const FOREIGN: &[&[(&str, &str)]] = &[
    &[("origin", "https://evil.example.it")],
    &[("origin", "null"), ("sec-fetch-site", "cross-site")],
    &[("origin", "null"), ("sec-fetch-site", "same-site")],
];

#[test]
fn no_form_is_believed_from_elsewhere() {
    let site = &sites()[0];
    let stale = "Il modulo non è più valido";
    let mut n_forms = 0;
    for route in posts(site) {
        if WITHOUT_TOKEN.iter().any(|(path, _)| *path == route.path) {
            continue;
        }
        n_forms += 1;
        let who = person(1 + n_forms % 20);
        let role = match route.audience {
            Audience::Officers(role) => Some(role),
            Audience::AnyOfficer => Some(OfficerRole::Auditor),
            Audience::OneOf(roles) => roles.first().copied(),
            Audience::Citizens | Audience::Public => None,
        };
        if let Some(role) = role {
            site.grant(&who, role, day(site, 30));
        }
        let (mut own, mut others) = (site.signed_in(&who), site.signed_in(&person(0)));
        let token = own.token(site);
        assert!(!token.is_empty());
        let what = format!("{} {}", route.method, route.path);
        for wrong in [None, Some(""), Some("0"), Some(others.token(site).as_str())] {
            post(site, &mut own, route.path, wrong, &[]).expect(403, &[stale]);
        }
        for headers in FOREIGN {
            post(site, &mut own, route.path, Some(&token), headers).expect(403, &[stale]);
        }
        // With the token and from here it is taken, whatever becomes of a form without fields.
        let here = [("origin", site.url.as_str()), ("sec-fetch-site", "same-origin")];
        let taken = post(site, &mut own, route.path, Some(&token), &here);
        assert!(!taken.body.contains(stale), "{what}: {}", taken.body);
    }
    assert!(n_forms >= 20, "only {n_forms} forms were tried");
}

#[test]
fn what_takes_no_token_is_listed_and_refuses_a_browser_all_the_same() {
    let site = &sites()[0];
    let document = std::fs::read_to_string(root().join("docs/SECURITY.md")).expect("readable");
    for (path, protection) in WITHOUT_TOKEN {
        assert!(posts(site).iter().any(|route| route.path == *path), "{path} is gone: {protection}");
        assert!(
            document.contains(&format!("`POST {path}`")),
            "docs/SECURITY.md does not say why {path} needs no token"
        );
        let mut victim = site.signed_in(&person(0));
        for headers in [&[][..]].iter().chain(FOREIGN) {
            let answer = post(site, &mut victim, path, None, headers);
            assert!((400..500).contains(&answer.status), "{path}: {}", answer.status);
            let begins_session =
                |(name, value): &(String, String)| name == "set-cookie" && value.contains("__Host-tempi=");
            assert!(!answer.headers.iter().any(begins_session), "{path}");
        }
    }
    // A ticket of the person's own, handed over by another site's page.
    let mut victim = site.browser_with(&site.card_of(&person(1)));
    let handover = victim.present_card(site).expect(200, &[]);
    let ticket = handover.input("biglietto").expect("a ticket");
    let body = format!("biglietto={ticket}");
    let headers = |origin: &str| {
        [("content-type", "application/x-www-form-urlencoded"), ("origin", origin)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let url = format!("{}/accesso/biglietto", site.url);
    let forged = victim.send("POST", &url, &headers("https://evil.example.it"), &body).expect("an answer");
    forged.expect(403, &["accesso non è riuscito"]);
    let from_the_card_listener = victim.send("POST", &url, &headers(&site.card_url), &body).expect("an answer");
    from_the_card_listener.expect(303, &[]);
}

/// Before anybody has signed in a form is bound to the browser.
#[test]
fn a_form_for_strangers_is_bound_to_its_browser_and_to_this_site() {
    let site = Site::start_demonstration();
    let url = format!("{}/accesso/simulato", site.url);
    let mut browser = site.browser();
    let token = browser.get(&url).input("gettone").expect("a token");
    for headers in FOREIGN {
        post(&site, &mut browser, "/accesso/simulato", Some(&token), headers).expect(403, &["non è più valido"]);
    }
    let mut other = site.browser();
    other.get(&url);
    post(&site, &mut other, "/accesso/simulato", Some(&token), &[]).expect(403, &["non è più valido"]);
}
