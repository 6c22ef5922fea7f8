//! Acts that need two administrators: no way round the second, and nothing happens twice.

use chrono::Duration;
use survey_server::{access::officer::OfficerRole, clock::Clock};
use tests::{
    browser::{Answer, Browser},
    forms::Form,
    site::Site,
};

use crate::roles::{administrator, day, person, sites};

const ACTS: &str = "/ufficio/atti";
const CONFIRM: &str = "/ufficio/atti/conferma";
const REFUSE: &str = "/ufficio/atti/rifiuto";
const EXECUTE: &str = "/ufficio/atti/esecuzione";
const REASON: &str = "Lo chiede il giudice con atto 12 del 2026.";

/// The participant behind a fiscal code, once they have signed in: the one whose identity is not an officer's.
fn participant(site: &Site) -> String {
    site.sql().text(
        "select participant_id as c0 from identity where participant_id not in (select participant_id from officer_grant)",
    )
}

fn page(site: &Site, browser: &mut Browser) -> Answer {
    browser.get(&format!("{}{ACTS}", site.url)).expect(200, &["Atti delicati"])
}

fn ask(site: &Site, browser: &mut Browser, act: &str, participant: &str) -> String {
    let shown = page(site, browser);
    let fields = [("atto", act), ("partecipante", participant), ("motivo", REASON)];
    browser.submit_to(&shown, ACTS, &fields).expect(303, &[]);
    let shown = page(site, browser).expect(200, &[REASON, "Aspetta una conferma"]);
    let refuse = Form::all(&shown).into_iter().find(|form| form.action == REFUSE).expect("an open request");
    refuse.fields.iter().find(|field| field.name == "richiesta").expect("its id").value.clone()
}

fn step(site: &Site, browser: &mut Browser, path: &str, id: &str) -> Answer {
    let token = browser.token(site);
    browser.post(&format!("{}{path}", site.url), &[("gettone", &token), ("richiesta", id)])
}

#[test]
fn an_identity_is_opened_by_two_and_once() {
    for site in sites() {
        let subject = "BNCGNN92T55C707S";
        site.signed_in(subject);
        let (mut first, mut second) = (administrator(&site, 0), administrator(&site, 1));
        let id = ask(&site, &mut first, "open-identity", &participant(&site));
        assert_eq!(id.len(), 32, "ids are random");

        // Not before it is confirmed, not by one person alone, not by the second person.
        step(&site, &mut first, EXECUTE, &id).expect(409, &["Non è stato fatto nulla"]);
        step(&site, &mut first, CONFIRM, &id).expect(403, &["Deve confermare un&#39;altra persona"]);
        // The same person in another browser, under a grant of its own, is the same person.
        site.grant(&person(0), OfficerRole::Administrator, day(&site, 20));
        let mut first = site.signed_in(&person(0));
        step(&site, &mut first, CONFIRM, &id).expect(403, &["Deve confermare un&#39;altra persona"]);
        page(&site, &mut second).expect(200, &["Conferma", REASON]);
        step(&site, &mut second, CONFIRM, &id).expect(303, &[]);
        step(&site, &mut second, CONFIRM, &id).expect(409, &[]);
        step(&site, &mut second, EXECUTE, &id).expect(403, &[]);

        let opened = step(&site, &mut first, EXECUTE, &id).expect(200, &[subject, "una volta sola"]);
        assert_eq!(opened.header("cache-control"), Some("no-store"));
        let again = step(&site, &mut first, EXECUTE, &id).expect(409, &[]);
        assert!(!again.body.contains(subject));
        assert!(!page(&site, &mut first).body.contains(subject), "shown once");

        for unknown in ["1", "", &"0".repeat(32)] {
            for path in [CONFIRM, REFUSE, EXECUTE] {
                step(&site, &mut first, path, unknown).expect(404, &[]);
            }
        }
        // Every step is on record, and the act names whom it is about, with its reason and the role.
        let record = site.audit();
        let verbs: Vec<&str> =
            record.iter().map(|row| row.verb.as_str()).filter(|verb| verb.contains("act-")).collect();
        assert_eq!(verbs, ["act-requested", "act-confirmed", "act-executed"]);
        let opening = record.iter().find(|row| row.verb == "identity-opened").expect("on record");
        let signed_in = record.iter().find(|row| row.verb == "signed-in").expect("on record");
        assert_eq!(opening.subject, signed_in.subject, "about the person who was the first to sign in");
        assert_eq!((opening.actor_role.as_deref(), opening.detail.as_str()), (Some("administrator"), REASON));
        assert!(record.iter().all(|row| !row.detail.contains(subject)));
        // And the person reads it in their own area.
        let told = ["L&#39;identità è stata aperta", "come Amministratore", REASON];
        site.signed_in(subject).get(&format!("{}/area-personale/dati", site.url)).expect(200, &told);
    }
}

#[test]
fn the_record_s_name_of_a_person_is_enough_to_ask() {
    let site = &sites()[0];
    let subject = "BNCGNN92T55C707S";
    site.signed_in(subject);
    let alias = site.audit().into_iter().find(|row| row.verb == "signed-in").and_then(|row| row.subject).unwrap();
    assert_ne!(alias, participant(site));
    let (mut first, mut second) = (administrator(site, 0), administrator(site, 1));
    let id = ask(site, &mut first, "open-identity", &alias);
    page(site, &mut second).expect(200, &[&alias]);
    step(site, &mut second, CONFIRM, &id).expect(303, &[]);
    step(site, &mut first, EXECUTE, &id).expect(200, &[subject]);
}

#[test]
fn what_is_wrong_with_a_request_is_told() {
    let site = &sites()[0];
    let mut browser = administrator(site, 0);
    let shown = page(site, &mut browser);
    let mut check = |act: &str, participant: &str, reason: &str, words: &str| {
        let fields = [("atto", act), ("partecipante", participant), ("motivo", reason)];
        browser.submit_to(&shown, ACTS, &fields).expect(422, &[words]);
    };
    check("", "", REASON, "Scegli che cosa chiedi");
    check("open-identity", &"0".repeat(32), REASON, "Nessun partecipante ha questo pseudonimo");
    check("delete-survey/un-altra", "", REASON, "Nessun partecipante");
    check("delete-survey/uso-del-tempo", "", "perché sì", "da 20 a 500 caratteri");
    check("delete-survey/uso-del-tempo", "", "Lo chiede la signora RSSMRA80A41C707O.", "non si nomina nessuno");
    page(site, &mut browser).expect(200, &["Non ci sono richieste aperte"]);
}

#[test]
fn requests_lapse_and_can_be_refused_or_taken_back() {
    for site in sites() {
        site.signed_in("BNCGNN92T55C707S");
        let subject = participant(&site);
        let (mut first, mut second) = (administrator(&site, 0), administrator(&site, 1));

        let refused = ask(&site, &mut first, "open-identity", &subject);
        step(&site, &mut second, REFUSE, &refused).expect(303, &[]);
        step(&site, &mut second, CONFIRM, &refused).expect(409, &[]);
        let taken_back = ask(&site, &mut first, "open-identity", &subject);
        step(&site, &mut second, CONFIRM, &taken_back).expect(303, &[]);
        step(&site, &mut first, REFUSE, &taken_back).expect(303, &[]);
        step(&site, &mut first, EXECUTE, &taken_back).expect(409, &[]);

        // Confirmed, and not carried out within the hour.
        let late = ask(&site, &mut first, "open-identity", &subject);
        step(&site, &mut second, CONFIRM, &late).expect(303, &[]);
        site.clock.advance(Duration::hours(1));
        let mut first = site.signed_in(&person(0));
        step(&site, &mut first, EXECUTE, &late).expect(409, &[]);

        // Not confirmed within the day.
        let forgotten = ask(&site, &mut first, "open-identity", &subject);
        site.clock.advance(Duration::hours(24));
        let mut second = site.signed_in(&person(1));
        step(&site, &mut second, CONFIRM, &forgotten).expect(409, &[]);
        page(&site, &mut second).expect(200, &["Scaduto senza essere eseguito", "Rifiutato o ritirato"]);
        assert!(!site.audit().iter().any(|row| row.verb == "identity-opened"));
    }
}

/// An administrator who appoints an accomplice after asking has no second; nor does a confirmation outlive the role of
/// whoever gave it.
#[test]
fn the_second_was_an_administrator_before_and_is_one_still() {
    for site in sites() {
        site.signed_in("BNCGNN92T55C707S");
        let subject = participant(&site);
        let (mut first, mut second) = (administrator(&site, 0), administrator(&site, 1));
        let id = ask(&site, &mut first, "open-identity", &subject);
        site.clock.advance(Duration::seconds(2));
        let mut accomplice = administrator(&site, 2);
        step(&site, &mut accomplice, CONFIRM, &id).expect(403, &["Deve confermare un&#39;altra persona"]);
        step(&site, &mut second, CONFIRM, &id).expect(303, &[]);
        site.revoke(&person(1), OfficerRole::Administrator);
        step(&site, &mut first, EXECUTE, &id).expect(409, &[]);
        assert!(!site.audit().iter().any(|row| row.verb == "identity-opened"));
    }
}

#[test]
fn of_many_confirmations_and_executions_at_once_one_counts() {
    for site in sites() {
        site.signed_in("BNCGNN92T55C707S");
        let subject = participant(&site);
        let mut first = administrator(&site, 0);
        let seconds: Vec<Browser> = (1..5).map(|number| administrator(&site, number)).collect();
        for _ in 0..3 {
            let id = ask(&site, &mut first, "open-identity", &subject);
            let race = |browsers: Vec<Browser>, path: &'static str| {
                let threads: Vec<_> = browsers
                    .into_iter()
                    .map(|mut browser| {
                        let (url, root, id) = (format!("{}{path}", site.url), site.url.clone(), id.clone());
                        let token = browser.get(&root).input("gettone").expect("signed in");
                        std::thread::spawn(move || {
                            browser.post(&url, &[("gettone", &token), ("richiesta", &id)]).status
                        })
                    })
                    .collect();
                let mut statuses: Vec<u16> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
                statuses.sort();
                statuses
            };
            assert_eq!(race(seconds.clone(), CONFIRM), [303, 409, 409, 409]);
            assert_eq!(race(vec![first.clone(); 4], EXECUTE), [200, 409, 409, 409]);
        }
        let record = site.audit();
        let count = |verb: &str| record.iter().filter(|row| row.verb == verb).count();
        assert_eq!((count("act-confirmed"), count("act-executed"), count("identity-opened")), (3, 3, 3));
    }
}

#[test]
fn a_survey_is_deleted_by_two_and_the_consents_stay() {
    for site in sites() {
        let mut person_told = site.signed_in("BNCGNN92T55C707S");
        let consent = person_told.get(&format!("{}/consenso", site.url));
        person_told.submit(&consent, &[]).expect(303, &[]);
        let section = person_told.get(&format!("{}/questionari/individuale", site.url));
        let section = match section.header("location") {
            Some(place) => person_told.get(&format!("{}{place}", site.url)),
            None => section,
        };
        // Whatever the first section asks, its answers as they stand make a row.
        person_told.submit(&section, &[("sex", "F"), ("age", "34")]);
        let count = |table: &str| site.sql().text(&format!("select cast(count(*) as text) as c0 from {table}"));
        let sections = count("response");
        assert_ne!(sections, "0", "something was answered");

        let (mut first, mut second) = (administrator(&site, 0), administrator(&site, 1));
        let id = ask(&site, &mut first, "delete-survey/uso-del-tempo", "");
        step(&site, &mut second, CONFIRM, &id).expect(303, &[]);
        step(&site, &mut first, EXECUTE, &id).expect(200, &["Dati cancellati", "questionari"]);
        for table in ["diary", "diary_episode", "response", "answer"] {
            assert_eq!(count(table), "0", "{table}");
        }
        assert_eq!(count("consent"), "1");
        assert!(site.audit().iter().any(|row| row.verb == "survey-deleted" && row.detail == REASON));
        page(&site, &mut first).expect(200, &["Confermato da", "ed eseguito"]);
    }
}

const GRANTS: &str = "/ufficio/incarichi";

/// Asks for a person to be made an administrator; gives the answer.
fn appoint(site: &Site, browser: &mut Browser, code: &str) -> Answer {
    let shown = browser.get(&format!("{}{GRANTS}", site.url)).expect(200, &[]);
    let until = day(site, 20).to_string();
    let fields =
        [("codice-fiscale", code), ("nome", "Nuova persona"), ("incarico", "administrator"), ("fino-al", &until)];
    browser.submit_to(&shown, GRANTS, &fields)
}

/// The id of the open request for an appointment.
fn open_request(site: &Site, browser: &mut Browser) -> String {
    let shown = page(site, browser).expect(200, &["Nominare amministratore Nuova persona", "Aspetta una conferma"]);
    let refuse = Form::all(&shown).into_iter().find(|form| form.action == REFUSE).expect("an open request");
    refuse.fields.iter().find(|field| field.name == "richiesta").expect("its id").value.clone()
}

fn administrators(site: &Site) -> usize {
    let now = site.clock.now();
    let grants = site.grants();
    grants.iter().filter(|grant| grant.role == OfficerRole::Administrator && grant.is_in_force(now)).count()
}

#[test]
fn an_administrator_is_appointed_by_two() {
    for site in sites() {
        let (mut first, mut second) = (administrator(&site, 0), administrator(&site, 1));
        let asked = appoint(&site, &mut first, &person(2)).expect(303, &[]);
        assert_eq!(asked.header("location"), Some(ACTS));
        assert_eq!(administrators(&site), 2, "asked is not granted");
        let mut third = site.signed_in(&person(2));
        third.get(&format!("{}/ufficio", site.url)).expect(403, &[]);
        let id = open_request(&site, &mut first);
        step(&site, &mut first, EXECUTE, &id).expect(409, &[]);
        step(&site, &mut first, CONFIRM, &id).expect(403, &["Deve confermare un&#39;altra persona"]);
        step(&site, &mut second, CONFIRM, &id).expect(303, &[]);
        assert_eq!(administrators(&site), 2, "confirmed is not granted either");
        step(&site, &mut second, EXECUTE, &id).expect(403, &[]);
        step(&site, &mut first, EXECUTE, &id).expect(200, &["Amministratore nominato"]);
        step(&site, &mut first, EXECUTE, &id).expect(409, &[]);
        assert_eq!(administrators(&site), 3);
        third.get(&format!("{}/area-personale", site.url)).expect(401, &[]);
        site.signed_in(&person(2)).get(&format!("{}{GRANTS}", site.url)).expect(200, &["Nuova persona"]);

        let record = site.audit();
        let of_act: Vec<_> = record.iter().filter(|row| row.verb.starts_with("act-")).collect();
        assert_eq!(
            of_act.iter().map(|row| row.verb.as_str()).collect::<Vec<_>>(),
            ["act-requested", "act-confirmed", "act-executed"]
        );
        let granted: Vec<_> = record.iter().filter(|row| row.verb == "role-granted").collect();
        let last = granted.last().expect("on record");
        assert_eq!((last.actor_kind.as_str(), last.actor_role.as_deref()), ("officer", Some("administrator")));
        assert!(last.detail.starts_with("administrator until "));
        assert!(record.iter().all(|row| !row.detail.contains("Nuova") && !row.detail.contains(&person(2))));
        // Other roles are granted by one.
        let shown = first.get(&format!("{}{GRANTS}", site.url)).expect(200, &[]);
        let (code, until) = (person(3), day(&site, 20).to_string());
        let fields =
            [("codice-fiscale", code.as_str()), ("nome", "Altra"), ("incarico", "auditor"), ("fino-al", &until)];
        first.submit_to(&shown, GRANTS, &fields).expect(303, &[]);
        site.signed_in(&code).get(&format!("{}/ufficio/registro", site.url)).expect(200, &[]);
    }
}

/// One alone, the appointee as the second, an accomplice appointed meanwhile, somebody who has left.
#[test]
fn nobody_appoints_a_second_of_their_own() {
    for site in sites() {
        // Alone there is nobody to confirm, hence nothing to ask: the command line appoints.
        let mut first = administrator(&site, 0);
        appoint(&site, &mut first, &person(2)).expect(422, &["tempi officer"]);
        page(&site, &mut first).expect(200, &["Non ci sono richieste aperte"]);
        assert_eq!(administrators(&site), 1);

        let mut second = administrator(&site, 1);
        appoint(&site, &mut first, &person(0)).expect(422, &["Non puoi concedere un incarico a te"]);
        // Whose role is made longer does not confirm it.
        appoint(&site, &mut first, &person(1)).expect(303, &[]);
        let longer = open_request(&site, &mut first);
        step(&site, &mut second, CONFIRM, &longer).expect(403, &["Deve confermare un&#39;altra persona"]);
        step(&site, &mut first, REFUSE, &longer).expect(303, &[]);

        // Who removes the other administrator first has nobody left to confirm.
        appoint(&site, &mut first, &person(2)).expect(303, &[]);
        let id = open_request(&site, &mut first);
        site.clock.advance(Duration::seconds(2));
        let mut accomplice = administrator(&site, 3);
        step(&site, &mut accomplice, CONFIRM, &id).expect(403, &["Deve confermare un&#39;altra persona"]);
        step(&site, &mut second, CONFIRM, &id).expect(303, &[]);
        // The person erases themselves before it is carried out.
        let mut third = site.signed_in(&person(2));
        let erasure = third.get(&format!("{}/area-personale/dati/cancellazione", site.url)).expect(200, &[]);
        third.submit(&erasure, &[("conferma", "si")]).expect(200, &["Abbiamo cancellato tutto"]);
        step(&site, &mut first, EXECUTE, &id).expect(409, &[]);
        assert_eq!(administrators(&site), 3);
    }
}
