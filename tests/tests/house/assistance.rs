//! Operators who help: at the counter in the person's own session, by telephone without seeing what was told before.

use chrono::{Duration, NaiveDate};
use questionnaires::FiscalCode;
use survey_server::{
    access::officer::OfficerRole,
    clock::{Clock, italian_time},
};
use tests::{
    browser::{Answer, Browser},
    people::{MAN, WOMAN, register},
    site::Site,
};

use crate::roles::{day, person};

const PATH: &str = "/ufficio/assistenza";

/// An extract that knows the woman only.
const REGISTER: &str = "codice_fiscale;sesso;data_nascita;zona;id_famiglia\nRSSMRA80A41C707O;F;1980-01-01;nord;1\n";

/// A browser with the address of its site.
struct Visitor<'a> {
    site: &'a Site,
    browser: Browser,
}

impl Visitor<'_> {
    fn get(&mut self, path: &str) -> Answer {
        self.browser.get(&format!("{}{path}", self.site.url))
    }

    /// Posts with the token of the session as it is now.
    fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.browser.token(self.site);
        let fields: Vec<(&str, &str)> =
            [("gettone", token.as_str())].into_iter().chain(fields.iter().copied()).collect();
        self.browser.post(&format!("{}{path}", self.site.url), &fields)
    }

    fn call(&mut self, fiscal_code: &str) -> Answer {
        self.post(PATH, &[("codice-fiscale", fiscal_code), ("letto", "si")])
    }

    fn tell(&mut self, date: NaiveDate, version: &str, activity: &str) -> Answer {
        let fields =
            [("versione", version), ("dalle", "04:00"), ("alle", "08:00"), ("attivita", activity), ("luogo", "11")];
        self.post(&format!("/diario/{date}"), &fields)
    }
}

fn citizen<'a>(site: &'a Site, fiscal_code: &str) -> Visitor<'a> {
    let mut visitor = Visitor { site, browser: site.signed_in(fiscal_code) };
    visitor.post("/consenso", &[]).expect(303, &[]);
    visitor
}

fn operator(site: &Site) -> Visitor<'_> {
    site.grant(&person(0), OfficerRole::Operator, day(site, 30));
    Visitor { site, browser: site.signed_in(&person(0)) }
}

/// The last days that are over, the latest first.
fn days(site: &Site) -> [NaiveDate; 2] {
    let running = (italian_time(site.clock.now()) - Duration::hours(4)).date();
    [running - Duration::days(1), running - Duration::days(2)]
}

#[test]
fn by_telephone_an_operator_writes_what_is_new_and_sees_nothing_that_was_told_before() {
    for site in Site::on_every_database() {
        let [yesterday, before] = days(&site);
        let mut woman = citizen(&site, WOMAN);
        woman.tell(before, "0", "011").expect(303, &[]);
        let mut operator = operator(&site);
        operator.get("/ufficio").expect(200, &["Allo sportello o per telefono"]);
        operator.call(WOMAN).expect(422, &["Il registro dei residenti non è stato caricato"]);
        register(&site, REGISTER);
        operator.call(MAN).expect(422, &["non è nel registro dei residenti"]);
        operator.post(PATH, &[("codice-fiscale", WOMAN)]).expect(422, &["spunta la casella"]);
        assert_eq!(operator.call(WOMAN).expect(303, &[]).header("location"), Some("/area-personale"));

        let area = operator.get("/area-personale").expect(200, &["Stai compilando per un&#39;altra persona"]);
        assert!(!area.body.contains("/area-personale/dati") && !area.body.contains("/esci"), "only what may be done");
        let hidden = "Questo l&#39;ha già raccontato la persona";
        for path in ["", "/revisione", "/giornata"] {
            operator.get(&format!("/diario/{before}{path}")).expect(403, &[hidden]);
        }
        operator.tell(before, "1", "021").expect(403, &[hidden]);
        operator.get(&format!("/diario/{}", before.to_string().replace('-', "%2D"))).expect(403, &[]);
        for path in ["/area-personale/dati", "/area-personale/dati/scarica", "/area-personale/sessioni", "/ufficio"] {
            operator.get(path).expect(403, &["Prima concludi l&#39;assistenza"]);
        }
        for path in ["/esci", "/consenso/ritiro", "/area-personale/dati/cancellazione", "/consenso/percorso"] {
            operator.post(path, &[("conferma", "si")]).expect(403, &["Prima concludi"]);
        }
        operator.tell(yesterday, "0", "021").expect(303, &[]);
        let page = operator.get(&format!("/diario/{yesterday}")).expect(200, &["04:00–08:00", "Mangiare"]);

        operator.post("/ufficio/assistenza/fine", &[]).expect(303, &[]);
        let stale = operator.browser.submit(&page, &[("dalle", "08:00"), ("alle", "09:00"), ("attivita", "031")]);
        assert_eq!(stale.status, 403, "a form made for somebody else is not taken for oneself");
        operator.get("/area-personale").expect(200, &["Si comincia da qui"]);
        operator.get("/ufficio").expect(200, &[]);

        woman.get(&format!("/diario/{yesterday}")).expect(200, &["Mangiare"]);
        let sql = site.sql();
        assert_eq!(sql.text("SELECT mode AS c0 FROM diary WHERE mode <> 'self'"), "telephone");
        woman
            .get("/area-personale/dati")
            .expect(200, &["Un operatore ha cominciato ad aiutare", "una persona incaricata, come", "means telephone"]);
        let acts: Vec<String> =
            site.audit().into_iter().map(|row| format!("{} {}", row.actor_kind, row.verb)).collect();
        for act in ["officer assistance-began", "officer assistance-ended"] {
            assert!(acts.iter().any(|found| found == act), "{act}: {acts:?}");
        }
    }
}

/// What others at home do is theirs, and nobody asked them whether an operator may see it.
#[test]
fn by_telephone_an_operator_does_not_see_which_days_others_at_home_tell() {
    let site = Site::start();
    register(&site, REGISTER);
    let (mut woman, mut man) = (citizen(&site, WOMAN), citizen(&site, MAN));
    let made = man.post("/famiglia/codice", &[]).expect(200, &["Ecco il codice"]);
    let code = made.body.split("<p class=\"tempi-code\">").nth(1).and_then(|rest| rest.split('<').next());
    woman.post("/famiglia/unisciti", &[("codice", code.expect("a code"))]).expect(200, &["Siete in 2"]);
    man.tell(days(&site)[0], "0", "011").expect(303, &[]);
    let hint = "lo racconta anche chi vive con te";
    woman.get("/diario").expect(200, &[hint]);
    let mut operator = operator(&site);
    operator.call(WOMAN).expect(303, &[]);
    for path in ["/diario", "/diario/1999-01-01"] {
        let page = operator.get(path);
        assert!(page.body.contains("/diario/20") && !page.body.contains(hint), "{path}");
    }
}

#[test]
fn consent_that_was_read_out_is_recorded_with_its_means() {
    let site = Site::start();
    register(&site, REGISTER);
    let mut operator = operator(&site);
    operator.call(WOMAN).expect(303, &[]);
    operator.get("/diario").expect(200, &[]);
    assert_eq!(site.sql().text("SELECT means AS c0 FROM consent"), "telephone");
    let given = site.audit().into_iter().find(|row| row.verb == "consent-given").expect("a record");
    assert_eq!((given.actor_kind.as_str(), given.actor_role.as_deref()), ("officer", Some("operator")));
    assert!(given.detail.ends_with("means telephone"), "{}", given.detail);
    assert_eq!(operator.call(WOMAN).status, 403, "one at a time");
}

#[test]
fn help_from_afar_ends_with_its_time_with_the_role_and_when_the_person_comes() {
    let site = Site::start_with(|config| config.rate_limits.sign_ins_per_minute = 1_000, false);
    register(&site, REGISTER);
    let banner = "Stai compilando per";
    let mut operator = operator(&site);
    operator.call(WOMAN).expect(303, &[]);
    for _ in 0..8 {
        site.clock.advance(Duration::minutes(14));
        operator.get("/area-personale").expect(200, &[banner]);
    }
    site.clock.advance(Duration::minutes(14));
    assert!(!operator.get("/area-personale").expect(200, &[]).body.contains(banner), "two hours are over");

    operator.call(WOMAN).expect(303, &[]);
    operator.get("/area-personale").expect(200, &[banner]);
    site.signed_in(WOMAN);
    assert!(!operator.get("/area-personale").expect(200, &[]).body.contains(banner), "she is here herself");

    operator.call(WOMAN).expect(303, &[]);
    site.revoke(&person(0), OfficerRole::Operator);
    operator.get("/area-personale").expect(401, &[]);
}

#[test]
fn a_child_who_needs_a_parent_is_not_called_and_nobody_tries_codes_without_end() {
    let site = Site::start();
    register(&site, REGISTER);
    let mut operator = operator(&site);
    let child = FiscalCode::with_check_character("RSSMRA15S62C707").expect("a code");
    operator.call(child.reveal()).expect(422, &["non è nel registro"]);
    for _ in 0..29 {
        operator.call(MAN).expect(422, &[]);
    }
    operator.call(MAN).expect(429, &[]);
}

#[test]
fn at_the_counter_the_person_signs_in_and_lets_the_operator_help() {
    for site in Site::on_every_database() {
        let [yesterday, before] = days(&site);
        let mut woman = citizen(&site, WOMAN);
        woman.tell(before, "0", "011").expect(303, &[]);
        let mut operator = operator(&site);
        let shown = operator.post("/ufficio/assistenza/sportello", &[]).expect(200, &["Vale una volta sola"]);
        let code = shown.body.split("<bdi>").nth(1).and_then(|rest| rest.split("</bdi>").next()).expect("a code");
        let code = code.to_owned();
        woman.post("/area-personale/assistenza", &[("codice", "00000000")]).expect(422, &["Questo codice non vale"]);
        operator.post("/area-personale/assistenza", &[("codice", &code)]).expect(422, &["Questo codice non vale"]);
        woman.post("/area-personale/assistenza", &[("codice", &code)]).expect(303, &[]);
        woman.get("/area-personale").expect(200, &["Un operatore ti sta aiutando"]);
        woman.get(&format!("/diario/{before}")).expect(200, &["04:00–08:00"]);
        woman.get("/area-personale/dati").expect(200, &[WOMAN]);
        woman.tell(yesterday, "0", "021").expect(303, &[]);
        woman.post("/area-personale/assistenza/fine", &[]).expect(303, &[]);
        assert!(!woman.get("/area-personale").body.contains("Un operatore ti sta aiutando"));
        woman.post("/area-personale/assistenza", &[("codice", &code)]).expect(422, &["Questo codice non vale"]);
        woman.tell(yesterday, "1", "031").expect(303, &[]);
        let helped = "SELECT mode AS c0 FROM diary WHERE mode = 'assisted'";
        assert_eq!(site.sql().text(helped), "assisted", "help stays on record");

        let late = operator.post("/ufficio/assistenza/sportello", &[]).expect(200, &[]);
        let late = late.body.split("<bdi>").nth(1).and_then(|rest| rest.split("</bdi>").next()).expect("a code");
        site.clock.advance(Duration::minutes(10));
        woman.post("/area-personale/assistenza", &[("codice", late)]).expect(422, &[]);
    }
}
