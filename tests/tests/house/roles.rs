//! Roles: every page answers those it is for and nobody else; nobody gets a role by asking for it.

use chrono::{Duration, NaiveDate};
use questionnaires::fiscal_code::FiscalCode;
use survey_server::{
    access::officer::OfficerRole,
    app::public_routes,
    clock::{Clock, italian_time},
    web::route::{Audience, Route},
};
use tests::{
    browser::{Answer, Browser},
    forms::Form,
    site::Site,
};

const GRANTS: &str = "/ufficio/incarichi";
const REVOKE: &str = "/ufficio/incarichi/revoca";

/// The invented person of this number.
pub fn person(number: u32) -> String {
    let code = FiscalCode::with_check_character(&format!("TSTPRS80A{:02}F205", number + 1)).expect("a code");
    code.reveal().to_owned()
}

/// The day in so many days.
pub fn day(site: &Site, days: i64) -> NaiveDate {
    italian_time(site.clock.now()).date() + Duration::days(days)
}

/// Sites on which a test may sign in and send forms as often as it likes.
pub fn sites() -> Vec<Site> {
    Site::on_every_database_with(|config| {
        config.rate_limits.sign_ins_per_minute = 10_000;
        config.rate_limits.forms_per_minute = 10_000;
    })
}

/// An administrator, signed in.
pub fn administrator(site: &Site, number: u32) -> Browser {
    site.grant(&person(number), OfficerRole::Administrator, day(site, 30));
    site.signed_in(&person(number))
}

/// Who tries a route.
struct Actor {
    name: String,
    /// Nothing for a stranger.
    code: Option<String>,
    role: Option<OfficerRole>,
    browser: Browser,
}

fn actors(site: &Site) -> Vec<Actor> {
    let (expired, revoked) = (person(20), person(21));
    site.grant(&expired, OfficerRole::Administrator, day(site, 0));
    site.clock.advance(Duration::days(1));
    for role in OfficerRole::ALL {
        site.grant(&revoked, role, day(site, 30));
        site.revoke(&revoked, role);
    }
    let signed_in = |name: &str, code: String, role| Actor {
        name: name.to_owned(),
        browser: site.signed_in(&code),
        code: Some(code),
        role,
    };
    let mut actors = vec![
        Actor { name: "stranger".to_owned(), code: None, role: None, browser: site.browser() },
        signed_in("citizen", person(22), None),
        signed_in("expired administrator", expired, None),
        signed_in("revoked officer", revoked, None),
    ];
    for (number, role) in (0..).zip(OfficerRole::ALL) {
        site.grant(&person(number), role, day(site, 30));
        actors.push(signed_in(role.name(), person(number), Some(role)));
    }
    actors
}

fn try_out(site: &Site, browser: &mut Browser, route: &Route, token: &str) -> Answer {
    let path = route.path.replace("{date}", "2026-11-20").replace(['{', '}'], "").replace(":.*", "");
    let url = format!("{}{path}", site.url);
    match route.method.as_str() {
        "GET" => browser.get(&url),
        _ => browser.post(&url, &[("gettone", token)]),
    }
}

#[test]
fn every_route_answers_its_audience_and_nobody_else() {
    for site in sites() {
        let mut actors = actors(&site);
        let mut n_officers_routes = 0;
        for route in public_routes(&site.settings()) {
            if route.audience == Audience::Public {
                continue;
            }
            n_officers_routes += usize::from(matches!(route.audience, Audience::Officers(_) | Audience::OneOf(_)));
            for actor in &mut actors {
                let expected = match (route.audience, &actor.code, actor.role) {
                    (_, None, _) => Some((401, "Per continuare devi accedere")),
                    (Audience::Public | Audience::Citizens, Some(_), _) | (Audience::AnyOfficer, Some(_), Some(_)) => {
                        None
                    }
                    (Audience::Officers(role), Some(_), Some(held)) if role == held => None,
                    (Audience::OneOf(roles), Some(_), Some(held)) if roles.contains(&held) => None,
                    (Audience::AnyOfficer | Audience::Officers(_) | Audience::OneOf(_), Some(_), _) => {
                        Some((403, "Questa pagina non è per il tuo incarico"))
                    }
                };
                let token = actor.browser.token(&site);
                let answer = try_out(&site, &mut actor.browser, &route, &token);
                let what = format!("{} {} as {}", route.method, route.path, actor.name);
                match expected {
                    Some((status, words)) => {
                        assert_eq!(answer.status, status, "{what}");
                        assert!(answer.body.contains(words), "{what}: {}", answer.body);
                    }
                    None => assert!(![401, 403].contains(&answer.status), "{what}: {}", answer.status),
                }
                // Some forms sign out.
                if let Some(code) = actor.code.as_ref().filter(|_| route.method == "POST" && answer.status < 400) {
                    actor.browser = site.signed_in(code);
                }
            }
        }
        assert!(n_officers_routes >= 10, "only {n_officers_routes} officers' routes were tried");
        let english = &mut actors[1].browser;
        english.get(&format!("{}{GRANTS}?lingua=en", site.url)).expect(403, &["This page is not for your role"]);
    }
}

/// The forms of officers, without the token, with that of another session of the same person, and of somebody else.
#[test]
fn no_form_of_an_officer_is_believed_without_the_token_of_its_session() {
    let site = &sites()[0];
    let mut others = administrator(site, 9);
    let mut n_forms = 0;
    for route in public_routes(&site.settings()) {
        let Audience::Officers(role) = route.audience else { continue };
        if route.method != "POST" {
            continue;
        }
        n_forms += 1;
        site.grant(&person(1), role, day(site, 30));
        let (mut officer, mut same) = (site.signed_in(&person(1)), site.signed_in(&person(1)));
        for token in [String::new(), same.token(site), others.token(site)] {
            let answer = try_out(site, &mut officer, &route, &token);
            assert_eq!(answer.status, 403, "{} {}", route.method, route.path);
            assert!(answer.body.contains("Il modulo non è più valido"), "{}: {}", route.path, answer.body);
        }
    }
    assert!(n_forms >= 6, "only {n_forms} forms were tried");
}

#[test]
fn the_office_shows_each_role_its_own() {
    let site = &sites()[0];
    let mut browser = site.signed_in(&person(0));
    assert!(!browser.get(&site.url).body.contains("/ufficio"), "citizens see no office");
    site.grant(&person(0), OfficerRole::Auditor, day(site, 30));
    let mut browser = site.signed_in(&person(0));
    browser.get(&site.url).expect(200, &["/ufficio"]);
    let office =
        browser.get(&format!("{}/ufficio", site.url)).expect(200, &["Revisore", "Fino a", "/ufficio/registro"]);
    assert!(!office.body.contains(GRANTS) && !office.body.contains("/ufficio/atti"));
    // Nobody is led to pages of other roles.
    site.grant(&person(1), OfficerRole::Council, day(site, 30));
    let office = site.signed_in(&person(1)).get(&format!("{}/ufficio", site.url)).expect(200, &["Consiglio"]);
    let places: Vec<&str> =
        office.body.split("href=\"/ufficio/").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(places, ["anticipazioni"]);
}

fn new_grant<'a>(code: &'a str, role: &'a str, until: &'a str) -> [(&'a str, &'a str); 4] {
    [("codice-fiscale", code), ("nome", "Maria Rossi, statistica"), ("incarico", role), ("fino-al", until)]
}

#[test]
fn an_administrator_grants_and_takes_back_by_page() {
    for site in sites() {
        let mut administrator = administrator(&site, 0);
        let url = format!("{}{GRANTS}", site.url);
        let page = administrator.get(&url).expect(200, &["Incarichi", "Amministratore", "TSTPRS…"]);
        let until = day(&site, 10).to_string();
        let mut officer = site.signed_in(&person(1));
        administrator.submit_to(&page, GRANTS, &new_grant(&person(1), "auditor", &until)).expect(303, &[]);

        // What they may do has changed: they sign in anew.
        officer.get(&format!("{}/area-personale", site.url)).expect(401, &[]);
        let mut officer = site.signed_in(&person(1));
        officer
            .get(&format!("{}/ufficio/registro", site.url))
            .expect(200, &["Un incarico è stato dato", "auditor until"]);

        let page = administrator.get(&url).expect(200, &["Maria Rossi, statistica"]);
        let auditors = Form::all(&page).into_iter().filter(|form| form.action == REVOKE).nth(1).expect("two grants");
        let id = auditors.fields.iter().find(|field| field.name == "concessione").expect("an id").value.clone();
        let token = administrator.token(&site);
        let revoke = format!("{}{REVOKE}", site.url);
        administrator.post(&revoke, &[("gettone", &token), ("concessione", &id)]).expect(303, &[]);
        officer.get(&format!("{}/ufficio/registro", site.url)).expect(401, &[]);
        site.signed_in(&person(1)).get(&format!("{}/ufficio/registro", site.url)).expect(403, &[]);
        administrator.get(&url).expect(200, &["Revocato"]);
        // Gone is gone, and ids are not guessed.
        for unknown in [id.as_str(), "1", "", &"0".repeat(32)] {
            administrator.post(&revoke, &[("gettone", &token), ("concessione", unknown)]).expect(404, &[]);
        }
        let verbs: Vec<String> = site.audit().into_iter().map(|row| row.verb).collect();
        assert_eq!(verbs.iter().filter(|verb| *verb == "role-granted").count(), 2);
        assert_eq!(verbs.iter().filter(|verb| *verb == "role-revoked").count(), 1);
    }
}

#[test]
fn what_is_wrong_with_a_grant_is_told_and_nothing_is_granted() {
    let site = &sites()[0];
    let mut browser = administrator(site, 0);
    let page = browser.get(&format!("{}{GRANTS}", site.url));
    let (good, past, far) = (day(site, 10).to_string(), day(site, -1).to_string(), day(site, 800).to_string());
    let (other, own) = (person(1), person(0));
    let mut check = |code: &str, role: &str, until: &str, words: &str| {
        browser.submit_to(&page, GRANTS, &new_grant(code, role, until)).expect(422, &[words]);
    };
    check("RSSMRA80A41C707X", "analyst", &good, "Non è un codice fiscale valido");
    check(&other, "mayor", &good, "Scegli un incarico");
    check(&other, "analyst", "domani", "Scegli l&#39;ultimo giorno");
    check(&other, "analyst", &past, "Questo giorno è già passato");
    check(&other, "analyst", &far, "al massimo due anni");
    // Nobody grants to themselves, nor extends what they have.
    check(&own, "analyst", &good, "Non puoi concedere un incarico a te");
    check(&own, "administrator", &good, "Non puoi concedere un incarico a te");
    assert_eq!(site.grants().len(), 1);
}

#[test]
fn the_last_administrator_stays_by_page_and_goes_by_command() {
    for site in sites() {
        let mut last = administrator(&site, 0);
        let page = last.get(&format!("{}{GRANTS}", site.url));
        last.submit_to(&page, REVOKE, &[]).expect(409, &["È l&#39;ultimo amministratore"]);
        last.get(&format!("{}{GRANTS}", site.url)).expect(200, &[]);
        site.revoke(&person(0), OfficerRole::Administrator);
        last.get(&format!("{}{GRANTS}", site.url)).expect(401, &[]);
    }
}

/// Each of two administrators removes the other at the same instant: one of them remains.
#[test]
fn administrators_who_remove_each_other_at_once_leave_one() {
    for site in sites() {
        for _ in 0..4 {
            let browsers = [administrator(&site, 0), administrator(&site, 1)];
            let grants = site.grants();
            let grant_of = |number: u32| {
                let is_theirs = |code: &str| person(number).ends_with(code.trim_start_matches("TSTPRS…"));
                let grant = grants.iter().find(|grant| grant.revoked_at.is_none() && is_theirs(&grant.masked_code));
                grant.expect("in force").grant_id.clone()
            };
            let race: Vec<_> = browsers
                .into_iter()
                .zip([grant_of(1), grant_of(0)])
                .map(|(mut browser, id)| {
                    let (url, token) = (format!("{}{REVOKE}", site.url), browser.token(&site));
                    std::thread::spawn(move || browser.post(&url, &[("gettone", &token), ("concessione", &id)]).status)
                })
                .collect();
            let statuses: Vec<u16> = race.into_iter().map(|thread| thread.join().unwrap()).collect();
            assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
            let left: Vec<_> = site.grants().into_iter().filter(|grant| grant.revoked_at.is_none()).collect();
            assert_eq!(left.len(), 1, "{statuses:?}");
            for number in 0..2 {
                if person(number).ends_with(left[0].masked_code.trim_start_matches("TSTPRS…")) {
                    site.revoke(&person(number), OfficerRole::Administrator);
                }
            }
        }
    }
}

#[test]
fn no_field_of_any_form_makes_an_officer() {
    let site = &sites()[0];
    site.grant(&person(0), OfficerRole::Analyst, day(site, 30));
    let until = day(site, 10).to_string();
    let extras = [
        ("role", "administrator"),
        ("incarico", "administrator"),
        ("ruolo", "administrator"),
        ("participant_id", "x"),
        ("means", "card"),
    ];
    // While signing in.
    let mut browser = site.browser_with(&site.card_of(&person(1)));
    let handover = browser.present_card(site);
    browser.submit(&handover, &extras).expect(303, &[]);
    browser.get(&format!("{}/ufficio", site.url)).expect(403, &[]);
    // By the page of those who may, as a citizen and as an officer of another role.
    for code in [person(0), person(1)] {
        let mut browser = site.signed_in(&code);
        let token = browser.token(site);
        let mine = new_grant(&code, "administrator", &until);
        let fields: Vec<(&str, &str)> = [("gettone", token.as_str())].into_iter().chain(mine).chain(extras).collect();
        browser.post(&format!("{}{GRANTS}", site.url), &fields).expect(403, &["non è per il tuo incarico"]);
        browser.get(&format!("{}{GRANTS}?incarico=administrator", site.url)).expect(403, &[]);
    }
    assert_eq!(site.grants().len(), 1);
}

/// Shortly before midnight of the last day the role is there; shortly after, in the same session, it is not.
#[test]
fn a_role_that_runs_out_in_the_middle_of_a_session_is_worth_nothing_at_once() {
    for site in sites() {
        let now = italian_time(site.clock.now());
        let midnight = (now.date() + Duration::days(1)).and_hms_opt(0, 0, 0).expect("midnight");
        site.clock.advance(midnight - now - Duration::minutes(4));
        site.grant(&person(0), OfficerRole::Administrator, day(&site, 0));
        let mut officer = site.signed_in(&person(0));
        let page = officer.get(&format!("{}{GRANTS}", site.url)).expect(200, &[]);
        site.clock.advance(Duration::minutes(5));
        officer.get(&format!("{}{GRANTS}", site.url)).expect(403, &["non è per il tuo incarico"]);
        let until = day(&site, 10).to_string();
        officer.submit_to(&page, GRANTS, &new_grant(&person(1), "analyst", &until)).expect(403, &[]);
        officer.get(&format!("{}/area-personale", site.url)).expect(200, &[]);
        assert_eq!(site.grants().len(), 1);
    }
}

#[test]
fn officers_sessions_are_shorter_and_what_matters_needs_a_fresh_sign_in() {
    let site = &sites()[0];
    let (mut officer, mut citizen) = (administrator(site, 0), site.signed_in(&person(1)));
    let grants = format!("{}{GRANTS}", site.url);
    let page = officer.get(&grants).expect(200, &[]);
    site.clock.advance(Duration::minutes(11));
    // Still in, but the sign-in is too old to grant anything.
    officer.get(&grants).expect(200, &[]);
    let until = day(site, 10).to_string();
    let (fields, code) = (until.as_str(), person(2));
    officer.submit_to(&page, GRANTS, &new_grant(&code, "analyst", fields)).expect(401, &["Accedi di nuovo"]);
    assert_eq!(site.grants().len(), 1);
    site.clock.advance(Duration::minutes(15));
    officer.get(&grants).expect(401, &[]);
    citizen.get(&format!("{}/area-personale", site.url)).expect(200, &[]);
}

#[test]
fn the_first_administrator_comes_by_command() {
    let site = &sites()[0];
    let until = day(site, 30).to_string();
    let grant = |role: &str, until: &str| {
        site.tempi(&["officer", "grant", &person(0), "--role", role, "--until", until, "--name", "Prima persona"])
    };
    assert!(site.tempi(&["officer", "list"]).success().stdout.contains("Nobody holds a role."));
    grant("mayor", &until).refused(2, &["administrator"]);
    grant("administrator", "2020-01-01").refused(1, &["in the past"]);
    grant("administrator", &until).success();
    site.signed_in(&person(0)).get(&format!("{}{GRANTS}", site.url)).expect(200, &["Prima persona"]);
    let list = site.tempi(&["officer", "list"]).success().stdout;
    assert!(list.contains("administrator") && list.contains("in force") && list.contains("Prima persona"), "{list}");
    assert!(!list.contains(&person(0)), "codes are not listed whole");
    site.tempi(&["officer", "revoke", &person(0), "--role", "administrator"]).success();
    site.tempi(&["officer", "revoke", &person(0), "--role", "administrator"]).refused(1, &["does not hold"]);
    site.signed_in(&person(0)).get(&format!("{}{GRANTS}", site.url)).expect(403, &[]);
}

#[test]
fn an_auditor_reads_the_record_by_kind_and_day_and_has_its_chain_verified() {
    for site in sites() {
        site.grant(&person(0), OfficerRole::Auditor, day(&site, 30));
        let mut auditor = site.signed_in(&person(0));
        let record = |query: &str| format!("{}/ufficio/registro{query}", site.url);
        let all = auditor.get(&record("")).expect(200, &["Un incarico è stato dato", "Programma: command line"]);
        assert!(!all.body.contains(&person(0)), "the record names nobody");
        let narrowed = auditor.get(&record("?tipo=role-granted")).expect(200, &["auditor until"]);
        assert!(!narrowed.body.contains("Cittadino "), "sign-ins are left out");
        auditor.get(&record(&format!("?dal={}", day(&site, 1)))).expect(200, &["Nessun atto corrisponde"]);
        auditor.get(&record(&format!("?al={}", day(&site, -1)))).expect(200, &["Nessun atto corrisponde"]);
        auditor.get(&record(&format!("?dal={0}&al={0}", day(&site, 0)))).expect(200, &["auditor until"]);
        auditor.get(&record("/verifica")).expect(200, &["Il registro è integro", ":"]);
        // Somebody with the database rewrites a row.
        let sql = site.sql();
        let trigger = if sql.is_postgres() {
            "alter table audit_log disable trigger all"
        } else {
            "drop trigger audit_log_unchanged"
        };
        sql.execute(trigger).unwrap();
        sql.execute("update audit_log set detail = 'analyst until 2030-01-01' where verb = 'role-granted'").unwrap();
        auditor.get(&record("/verifica")).expect(200, &["Il registro non è integro", "è stato cambiato"]);
    }
}

/// Whoever looks at others' data does not vanish from the record, and the last administrator least of all.
#[test]
fn officers_give_up_their_role_before_they_erase_themselves() {
    const ERASURE: &str = "/area-personale/dati/cancellazione";
    for site in sites() {
        let mut last = administrator(&site, 0);
        let shown = last.get(&format!("{}{ERASURE}", site.url)).expect(200, &["Hai un incarico"]);
        assert!(!shown.body.contains("Cancella tutto adesso"), "there is no button for it");
        let token = last.token(&site);
        let fields = [("gettone", token.as_str()), ("conferma", "si")];
        last.post(&format!("{}{ERASURE}", site.url), &fields).expect(409, &["Hai un incarico"]);
        last.get(&format!("{}{GRANTS}", site.url)).expect(200, &[]);
        assert_eq!(site.grants().len(), 1);
        assert!(site.audit().iter().all(|row| row.verb != "data-erased"));
        // Nor does a colleague let them go: the last one stays by page. Whoever has the machine takes the role back.
        last.post(
            &format!("{}{REVOKE}", site.url),
            &[("gettone", &token), ("concessione", &site.grants()[0].grant_id)],
        )
        .expect(409, &["È l&#39;ultimo amministratore"]);
        site.revoke(&person(0), OfficerRole::Administrator);
        let mut citizen = site.signed_in(&person(0));
        let shown = citizen.get(&format!("{}{ERASURE}", site.url)).expect(200, &["Cancella tutto adesso"]);
        citizen.submit(&shown, &[("conferma", "si")]).expect(200, &["Abbiamo cancellato tutto"]);
        assert_eq!(site.grants().len(), 0, "the grant went with the person, its record stays");
        assert_eq!(site.audit().iter().filter(|row| row.verb == "role-granted").count(), 1);
    }
}

/// A sign-in of level 1 is good for a citizen and for nothing in the office.
#[test]
fn an_officer_signed_in_below_the_level_reads_what_to_do() {
    for site in sites() {
        site.grant(&person(0), OfficerRole::Administrator, day(&site, 30));
        let mut officer = site.signed_in(&person(0));
        let sign_in = |means: &str, level: &str| {
            let sql = format!("UPDATE session SET means = '{means}', provider = 'spid', level = {level}");
            site.sql().execute(&sql).expect("the session as such a sign-in leaves it");
        };
        for (level, status) in [("1", 403), ("2", 200), ("3", 200)] {
            sign_in("federated", level);
            for path in ["/ufficio", GRANTS, "/ufficio/atti"] {
                let answer = officer.get(&format!("{}{path}", site.url));
                assert_eq!(answer.status, status, "{path} at level {level}");
                assert!(status == 200 || answer.body.contains("Serve un accesso più sicuro"), "{}", answer.body);
            }
            officer.get(&format!("{}/area-personale", site.url)).expect(200, &[]);
        }
        // No form either, and the simulated reader counts in the demonstration only.
        for (means, level) in [("federated", "1"), ("simulated", "NULL")] {
            sign_in(means, level);
            let token = officer.token(&site);
            let (code, until) = (person(1), day(&site, 10).to_string());
            let mine = new_grant(&code, "auditor", &until);
            let fields: Vec<(&str, &str)> = [("gettone", token.as_str())].into_iter().chain(mine).collect();
            officer.post(&format!("{}{GRANTS}", site.url), &fields).expect(403, &["Serve un accesso più sicuro"]);
        }
        assert_eq!(site.grants().len(), 1);
    }
}
