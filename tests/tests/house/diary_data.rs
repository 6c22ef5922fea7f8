//! The day as data, which the page's script reads and writes: whole, versioned, judged by the rules of the form, and never beyond the present.

use chrono::{Duration, NaiveDate};
use serde_json::{Value, json};
use survey_server::clock::{Clock, italian_time};
use tests::{
    browser::{Answer, Browser},
    site::Site,
};

const WOMAN: &str = "RSSMRA80A41C707O";

/// Somebody who agreed to take part, before the data of a day.
struct Teller<'a> {
    site: &'a Site,
    browser: Browser,
    path: String,
}

impl<'a> Teller<'a> {
    fn new(site: &'a Site, date: NaiveDate) -> Teller<'a> {
        let mut browser = site.signed_in(WOMAN);
        let notice = browser.get(&format!("{}/consenso", site.url));
        if notice.body.contains("Acconsento e partecipo") {
            browser.submit(&notice, &[]).expect(303, &[]);
        }
        Teller { site, browser, path: format!("/diario/{date}") }
    }

    fn get(&mut self, below: &str) -> Answer {
        self.browser.get(&format!("{}{}{below}", self.site.url, self.path))
    }

    fn state(&mut self) -> Value {
        read(&self.get("/dati").expect(200, &[]))
    }

    /// Sends a day made from `version`.
    fn send(&mut self, version: i64, day: &Value) -> Answer {
        let token = self.browser.token(self.site);
        let fields = [("gettone", token.as_str()), ("versione", &version.to_string()), ("giornata", &day.to_string())];
        self.browser.post(&format!("{}{}/dati", self.site.url, self.path), &fields)
    }
}

fn read(answer: &Answer) -> Value {
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    serde_json::from_str(&answer.body).expect("JSON")
}

/// The day in so many days.
fn day(site: &Site, days: i64) -> NaiveDate {
    (italian_time(site.clock.now()) - Duration::hours(4)).date() + Duration::days(days)
}

fn blank() -> Value {
    json!({ "main": [], "secondary": [], "location": [], "with_whom": [], "device": [], "enjoyment": [] })
}

#[test]
fn a_day_is_written_as_data_and_read_by_the_form_on_every_database() {
    for site in Site::on_every_database() {
        let mut teller = Teller::new(&site, day(&site, -1));
        assert_eq!(teller.state()["day"], blank());
        let told = json!({
            "main": [[0, 18, "011"], [18, 24, "021"]], "secondary": [[18, 21, "831"]], "location": [[0, 24, "11"]],
            "with_whom": [[18, 24, "24"]], "device": [[18, 24, "no"]], "enjoyment": [[18, 24, "6"]],
        });
        let saved = read(&teller.send(0, &told).expect(200, &[]));
        assert_eq!((&saved["day"], &saved["version"], &saved["until"]), (&told, &json!(1), &json!(144)));
        assert_eq!(saved["questions"][0]["from"], json!(24), "the gap is asked about: {}", saved["questions"]);
        assert_eq!(teller.state()["day"], told);
        teller.get("").expect(200, &["Hai raccontato 4 h su 24 h", "con: Partner, Figli", "07:00–07:30"]);
        assert_eq!(read(&teller.send(0, &told).expect(200, &[]))["version"], json!(1), "the same day twice is once");
    }
}

#[test]
fn another_version_brings_the_day_as_it_is() {
    let site = Site::start();
    let (mut phone, mut desk) = (Teller::new(&site, day(&site, -1)), Teller::new(&site, day(&site, -1)));
    let morning = json!({ "main": [[0, 18, "011"]] });
    phone.send(0, &morning).expect(200, &[]);
    let current = read(&desk.send(0, &json!({ "main": [[100, 110, "821"]] })).expect(409, &[]));
    assert_eq!((&current["version"], &current["day"]["main"]), (&json!(1), &morning["main"]));
    let both = json!({ "main": [[0, 18, "011"], [100, 110, "821"]] });
    desk.send(1, &both).expect(200, &[]);
    assert_eq!(phone.state()["day"]["main"], both["main"]);
}

#[test]
fn data_that_the_form_would_refuse_are_refused_and_nothing_is_written() {
    let site = Site::start();
    let mut teller = Teller::new(&site, day(&site, -1));
    let problem = |answer: Answer| read(&answer.expect(422, &[]))["problems"][0].clone();
    let group = problem(teller.send(0, &json!({ "main": [[0, 6, "02"]] })));
    assert_eq!(group, json!({ "field": "attivita", "from": 0, "to": 6, "problem": "unknown_code" }));
    let crowd = problem(teller.send(0, &json!({ "with_whom": [[0, 6, "12"]] })));
    assert_eq!((&crowd["field"], &crowd["problem"]), (&json!("con"), &json!("alone_in_company")));
    teller.send(0, &json!({ "main": [[6, 6, "021"]] })).expect(422, &["impossible_time"]);
    teller.send(0, &json!({ "people": [] })).expect(400, &[]);
    teller.send(0, &json!("a day")).expect(400, &[]);
    let state = teller.state();
    assert_eq!((&state["version"], &state["day"]), (&json!(0), &blank()));
    Teller::new(&site, day(&site, -9)).get("/dati").expect(404, &[]);
    Teller::new(&site, day(&site, 1)).get("/dati").expect(404, &[]);
}

#[test]
fn the_running_day_is_told_up_to_now_and_handed_in_when_it_is_over() {
    let site = Site::start();
    let today = day(&site, 0);
    let mut teller = Teller::new(&site, today);
    let state = teller.state();
    let until = state["until"].as_u64().expect("a slot");
    assert_eq!(state["running"], json!(true));
    teller.send(0, &json!({ "main": [[0, until, "111"]] })).expect(200, &[]);
    if until < 144 {
        teller.send(1, &json!({ "main": [[0, until + 1, "111"]] })).expect(422, &["future"]);
        let token = teller.browser.token(&site);
        let late = [("gettone", token.as_str()), ("dalle", "04:00"), ("alle", "04:00"), ("attivita", "111")];
        teller.browser.post(&format!("{}/diario/{today}", site.url), &late).expect(422, &["non è ancora passato"]);
    }
    let hand_in = |teller: &mut Teller<'_>, version: &str| {
        let token = teller.browser.token(&site);
        let fields = [("gettone", token.as_str()), ("versione", version)];
        teller.browser.post(&format!("{}/diario/{today}/consegna", site.url), &fields)
    };
    hand_in(&mut teller, "1").expect(422, &["La giornata non è ancora finita"]);
    site.clock.advance(Duration::days(1));
    let mut teller = Teller::new(&site, today);
    assert_eq!((&teller.state()["running"], &teller.state()["until"]), (&json!(false), &json!(144)));
    teller.send(1, &json!({ "main": [[0, 144, "111"]] })).expect(200, &[]);
    hand_in(&mut teller, "2").expect(303, &[]);
    let submitted = read(&teller.send(2, &json!({ "main": [[0, 144, "011"]] })).expect(409, &[]));
    assert_eq!((&submitted["submitted"], &submitted["day"]["main"]), (&json!(true), &json!([[0, 144, "111"]])));
}

#[test]
fn a_session_that_ended_is_told_apart_and_the_day_names_its_owner() {
    let site = Site::start();
    let date = day(&site, -1);
    let mut teller = Teller::new(&site, date);
    let owner = teller.state()["owner"].clone();
    site.browser().get(&format!("{}/diario/{date}/dati", site.url)).expect(401, &[]);
    let mut other = site.signed_in("CCCFBA85D03L219P");
    let notice = other.get(&format!("{}/consenso", site.url));
    other.submit(&notice, &[]).expect(303, &[]);
    let theirs = read(&other.get(&format!("{}/diario/{date}/dati", site.url)).expect(200, &[]));
    assert_ne!(theirs["owner"], owner);
    let page = teller.get("").expect(200, &[]);
    assert!(page.body.contains(owner.as_str().expect("a name")), "the page and its data name different owners");
}
