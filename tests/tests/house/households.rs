//! Households: joined by a code that works once and for a while, sharing days and a pseudonym, and nothing else.

use std::collections::BTreeSet;

use chrono::Duration;
use tests::{
    browser::{Answer, Browser},
    site::Site,
};

const WOMAN: &str = "RSSMRA80A41C707O";
const MAN: &str = "CCCFBA85D03L219P";
const STRANGER: &str = "BNCGNN92T55C707S";

/// Somebody who has agreed to take part.
fn taking_part(site: &Site, fiscal_code: &str) -> Browser {
    let mut browser = site.signed_in(fiscal_code);
    let notice = browser.get(&format!("{}/consenso", site.url)).expect(200, &[]);
    browser.submit(&notice, &[]).expect(303, &[]);
    browser
}

fn page(site: &Site, browser: &mut Browser) -> Answer {
    browser.get(&format!("{}/famiglia", site.url)).expect(200, &["Chi vive con te"])
}

fn make_code(site: &Site, browser: &mut Browser) -> String {
    let shown = page(site, browser);
    let made = browser.submit_to(&shown, "/famiglia/codice", &[]).expect(200, &["Ecco il codice"]);
    let code = made.body.split("<p class=\"tempi-code\">").nth(1).expect("a code").split('<').next();
    code.unwrap_or_default().to_owned()
}

fn join(site: &Site, browser: &mut Browser, code: &str) -> Answer {
    let shown = page(site, browser);
    browser.submit_to(&shown, "/famiglia/unisciti", &[("codice", code)])
}

#[test]
fn two_people_join_by_a_code_and_choose_the_same_days() {
    for site in Site::on_every_database() {
        let (mut woman, mut man) = (taking_part(&site, WOMAN), taking_part(&site, MAN));
        let code = make_code(&site, &mut woman);
        assert_eq!(code.len(), 9, "{code}");
        join(&site, &mut man, &code.to_lowercase().replace('-', " ")).expect(200, &["Fatto", "Siete in 2"]);
        page(&site, &mut woman).expect(200, &["Siete in 2"]);
        join(&site, &mut woman, &make_code(&site, &mut man)).expect(200, &["Siete in 2"]);

        let choice = woman.get(&format!("{}/diario", site.url)).expect(200, &[]);
        let day = choice.body.split("href=\"/diario/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let told = woman.get(&format!("{}/diario/{day}", site.url));
        woman.submit(&told, &[("dalle", "04:00"), ("alle", "07:00"), ("azione", "non_ricordo")]).expect(303, &[]);
        let choice = man.get(&format!("{}/diario", site.url)).expect(200, &["lo racconta anche chi vive con te"]);
        assert_eq!(choice.body.matches("lo racconta anche chi vive con te").count(), 1, "that day and no other");
        let others = man.get(&format!("{}/diario/{day}", site.url)).expect(200, &[]);
        assert!(!others.body.contains("04:00–07:00"), "what another tells is not shown");
        man.get(&format!("{}/area-personale/dati", site.url)).expect(200, &["Con chi vivi", "Siete in 2"]);
        let copy = man.get(&format!("{}/area-personale/dati/scarica", site.url)).expect(200, &["household_members"]);
        assert!(!copy.body.contains(&day), "another's day is not in one's own data");

        let ids = || site.sql().rows(2, "SELECT household_id AS c0, respondent_id AS c1 FROM household_member");
        assert_eq!(ids().iter().map(|row| row[0].clone()).collect::<BTreeSet<_>>().len(), 1);
        let shown = page(&site, &mut man);
        man.submit_to(&shown, "/famiglia/lascia", &[]).expect(303, &[]);
        page(&site, &mut woman).expect(200, &["Per ora ci sei solo tu"]);
        assert_eq!(ids().len(), 1);
        // Who erases their data leaves no place behind, and no code that leads there.
        let form = woman.get(&format!("{}/area-personale/dati/cancellazione", site.url));
        woman.submit(&form, &[("conferma", "si")]).expect(200, &[]);
        assert_eq!(ids().len(), 0);
        assert_eq!(site.sql().rows(1, "SELECT code_digest AS c0 FROM household_code").len(), 0);
    }
}

#[test]
fn a_code_works_once_and_for_two_days() {
    let site = Site::start();
    let (mut woman, mut man, mut stranger) =
        (taking_part(&site, WOMAN), taking_part(&site, MAN), taking_part(&site, STRANGER));
    let code = make_code(&site, &mut woman);
    join(&site, &mut man, &code).expect(200, &["Fatto"]);
    join(&site, &mut stranger, &code).expect(422, &["Questo codice non va bene"]);
    let code = make_code(&site, &mut woman);
    site.clock.advance(Duration::hours(49));
    let mut stranger = site.signed_in(STRANGER);
    join(&site, &mut stranger, &code).expect(422, &["Questo codice non va bene"]);
    assert_eq!(site.sql().rows(1, "SELECT respondent_id AS c0 FROM household_member").len(), 2);
}

#[test]
fn codes_are_kept_as_keyed_digests_and_cannot_be_tried_without_end() {
    let site = Site::start();
    let (mut woman, mut stranger) = (taking_part(&site, WOMAN), taking_part(&site, STRANGER));
    let code = make_code(&site, &mut woman);
    let bytes = site.database_bytes();
    for form in [code.clone(), code.replace('-', "")] {
        assert!(!bytes.windows(form.len()).any(|window| window == form.as_bytes()), "the code is in the database");
    }
    let wrong = ["", "AAAA-AAAA", "' OR 1=1 --", "AAAA-AAA0", &"A".repeat(5_000)];
    for attempt in wrong.iter().cycle().take(10) {
        join(&site, &mut stranger, attempt).expect(422, &["Questo codice non va bene"]);
    }
    join(&site, &mut stranger, &code).expect(429, &[]);
    // Signing in again gives no new tries; another person has their own.
    let mut again = site.signed_in(STRANGER);
    join(&site, &mut again, &code).expect(429, &[]);
    let mut man = taking_part(&site, MAN);
    join(&site, &mut man, &code).expect(200, &["Fatto"]);
    site.clock.advance(Duration::minutes(61));
    let mut again = site.signed_in(STRANGER);
    join(&site, &mut again, &code).expect(422, &[]);
}

#[test]
fn nobody_joins_without_having_agreed() {
    let site = Site::start();
    let mut browser = site.signed_in(WOMAN);
    let token = browser.token(&site);
    for path in ["/famiglia/codice", "/famiglia/unisciti", "/famiglia/lascia"] {
        let answer = browser.post(&format!("{}{path}", site.url), &[("gettone", &token), ("codice", "AAAA-AAAA")]);
        assert_eq!(answer.expect(303, &[]).header("location"), Some("/consenso"), "{path}");
    }
}
