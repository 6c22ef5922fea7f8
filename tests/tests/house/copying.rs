//! Starting a day from another one: only from one's own, only after having seen it, only into an empty day.

use chrono::{Datelike, Duration, NaiveDate, Weekday};
use survey_server::clock::{Clock, italian_time};
use tests::{
    people::{MAN, Person, WOMAN, answers_for_herself, exports},
    site::Site,
};

/// Tells the hours of a usual working week, on every weekday alike, and hands them in.
fn works(person: &mut Person, week_repeats: &str) {
    let work = [("has_paid_work", "yes"), ("week_repeats", week_repeats), ("who_decides_hours", "others")];
    let names: Vec<[String; 4]> = ["monday", "tuesday", "wednesday", "thursday", "friday"]
        .map(|day| ["start_1", "end_1", "start_2", "end_2"].map(|column| format!("work_hours.{day}.{column}")))
        .to_vec();
    let times = ["08:30", "13:00", "14:00", "18:00"];
    let hours: Vec<(&str, &str)> = names.iter().flat_map(|day| day.iter().map(String::as_str).zip(times)).collect();
    // The first answer of the section brings the other two.
    let sections = [("lavoro", &work[..1]), ("lavoro", &work[..]), ("orari", &hours[..]), ("riepilogo", &[])];
    for (section, fields) in sections {
        let page = person.get(&format!("/questionari/settimana/{section}")).expect(200, &[]);
        let sent = person.browser.submit(&page, fields).expect(303, &[]);
        let next = sent.header("location").expect("where to go on");
        assert!(next.starts_with("/questionari/settimana"), "{section} leads to {next}: {}", page.body);
    }
}

/// What may be copied into a day, as scripts get it.
fn copyable(person: &mut Person, date: NaiveDate) -> serde_json::Value {
    let answer = person.get(&format!("/diario/{date}/copiabili")).expect(200, &[]);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    serde_json::from_str(&answer.body).expect("JSON")
}

/// Days that may be told: two weekdays and one of the weekend, each type the latest first.
fn days(site: &Site) -> [NaiveDate; 3] {
    let running = (italian_time(site.clock.now()) - Duration::hours(4)).date();
    let is_weekend = |date: &NaiveDate| matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
    let (weekend, weekdays): (Vec<_>, Vec<_>) =
        (1..=7).map(|days| running - Duration::days(days)).partition(is_weekend);
    [weekdays[0], weekdays[1], weekend[0]]
}

fn tell_a_morning(person: &mut Person, date: NaiveDate) {
    person.tell(date, "04:00", "07:00", &[("attivita", "011"), ("luogo", "11"), ("con", "1")]);
    let breakfast = [("attivita", "021"), ("luogo", "11"), ("con", "2"), ("con", "4"), ("contemporanea", "831")];
    person.tell(date, "07:00", "07:30", &[&breakfast[..], &[("dispositivo", "no"), ("gradimento", "6")]].concat());
}

#[test]
fn an_empty_day_starts_from_another_one_after_it_was_seen() {
    for site in Site::on_every_database() {
        let [date, source, weekend] = days(&site);
        let mut person = Person::taking_part(&site, WOMAN);
        let (day, copy) = (format!("/diario/{date}"), format!("/diario/{date}/copia"));
        person.get(&copy).expect(200, &["Non hai ancora raccontato altre giornate"]);
        person.tell(weekend, "04:00", "09:00", &[("attivita", "012"), ("luogo", "11")]);
        tell_a_morning(&mut person, source);
        person.get(&day).expect(200, &["Parti da un&#39;altra tua giornata"]);
        let list = person.get(&copy).expect(200, &[&format!("{copy}?da={source}"), &format!("{copy}?da={weekend}")]);
        assert!(!list.body.contains("Copia e poi correggo"), "nothing is offered to be copied unseen");
        let seen = person.get(&format!("{copy}?da={source}")).expect(200, &["07:00–07:30", "intanto: Ascoltare radio"]);
        assert!(!seen.body.contains("gradimento"), "how pleasant it was belongs to its day");
        person.get(&day).expect(200, &["Hai raccontato 0 min su 24 h"]);

        person.post(&copy, &[("da", &source.to_string())]).expect(303, &[]);
        let copied = person.get(&day).expect(200, &["Hai raccontato 3 h 30 min su 24 h", "intanto: Ascoltare radio"]);
        assert!(!copied.body.contains("gradimento 6"));
        assert!(!copied.body.contains("Parti da un&#39;altra"), "a day that was begun is not copied over");
        person.get(&format!("/diario/{source}")).expect(200, &["gradimento 6 su 7"]);
    }
}

#[test]
fn an_empty_day_starts_from_the_usual_working_week_where_weeks_are_alike() {
    for site in Site::on_every_database() {
        let [date, other, weekend] = days(&site);
        let mut person = Person::taking_part(&site, WOMAN);
        let copy = format!("/diario/{date}/copia");
        person.post(&copy, &[("da", "settimana")]).expect(404, &[]);
        works(&mut person, "same");
        person.get(&copy).expect(200, &["La tua settimana di lavoro"]);
        let seen = person.get(&format!("{copy}?da=settimana"));
        seen.expect(200, &["08:30–13:00", "14:00–18:00", "lavor", "Copiamo solo gli orari di lavoro"]);
        person.get(&format!("/diario/{date}")).expect(200, &["Hai raccontato 0 min su 24 h"]);
        assert_eq!(copyable(&mut person, date), serde_json::json!({ "days": [] }), "no hints from what is only usual");

        person.post(&copy, &[("da", "settimana")]).expect(303, &[]);
        let reminder = "partita dai tuoi orari di lavoro abituali";
        let day = person.get(&format!("/diario/{date}"));
        day.expect(200, &["Hai raccontato 8 h 30 min su 24 h", "08:30–13:00", "14:00–18:00", reminder]);
        person.post(&copy, &[("da", "settimana")]).expect(409, &[]);
        let weekend = person.get(&format!("/diario/{weekend}/copia")).expect(200, &[]);
        assert!(!weekend.body.contains("La tua settimana di lavoro"), "nobody said that they work then");
        person.get(&format!("/diario/{other}/copia")).expect(200, &["La tua settimana di lavoro"]);

        let mut man = Person::taking_part(&site, MAN);
        man.post(&copy, &[("da", "settimana")]).expect(404, &[]);
        works(&mut man, "rotation");
        man.post(&copy, &[("da", "settimana")]).expect(404, &[]);
    }
}

#[test]
fn a_copied_day_is_marked_until_it_is_emptied() {
    let site = Site::start();
    let [date, source, _] = days(&site);
    let mut person = Person::taking_part(&site, WOMAN);
    tell_a_morning(&mut person, source);
    let copy = format!("/diario/{date}/copia");
    let day = format!("/diario/{date}");
    let marks = "SELECT COALESCE(MAX(copied_from), '') || ' ' || COUNT(copied_from) AS c0 FROM diary";
    assert_eq!(site.sql().text(marks), " 0");
    person.post(&copy, &[("da", &source.to_string())]).expect(303, &[]);
    assert_eq!(site.sql().text(marks), "other_day 1", "the copy is marked, what it was made from is not");
    let reminder = "partita da un&#39;altra tua giornata";
    person.get(&day).expect(200, &[reminder]);
    assert!(!person.get(&format!("/diario/{source}")).body.contains(reminder));
    person.get("/area-personale/dati/scarica").expect(200, &["\"copied_from\": \"other_day\""]);

    let version = person.get(&day).input("versione").expect("a version");
    person.post(&day, &[("dalle", "04:00"), ("alle", "04:00"), ("versione", &version), ("azione", "cancella")]);
    assert_eq!(site.sql().text(marks), " 0", "an emptied day begins anew");
    person.post(&copy, &[("da", &source.to_string())]).expect(303, &[]);
    person.tell(date, "07:30", "04:00", &[("attivita", "821"), ("luogo", "11")]);
    assert_eq!(site.sql().text(marks), "other_day 1", "what is corrected stays marked");
    person
        .get(&format!("{day}/revisione"))
        .expect(200, &[reminder, "Se la consegni, ci dici che è andata proprio così."]);
    let version = person.get(&format!("{day}/revisione")).input("versione").expect("a version");
    person.post(&format!("{day}/consegna"), &[("versione", &version)]).expect(303, &[]);

    answers_for_herself(&site, &mut person.browser, "nord");
    let snapshot = site.folder().join("snapshot");
    exports(&site, &snapshot);
    let table = std::fs::read_to_string(snapshot.join("diaries.csv")).expect("a table");
    let (header, row) = table.trim_end().split_once('\n').expect("one day");
    assert!(header.ends_with("mode,copied_from") && row.ends_with("self,other_day"), "{table}");
    analytics::snapshot::Snapshot::open(&snapshot).expect("the analysis reads it");
}

#[test]
fn nothing_is_copied_over_what_was_said() {
    let site = Site::start();
    let [date, source, _] = days(&site);
    let mut person = Person::taking_part(&site, WOMAN);
    tell_a_morning(&mut person, source);
    person.tell(date, "22:00", "23:00", &[("attivita", "821"), ("luogo", "11")]);
    let copy = format!("/diario/{date}/copia");
    person.get(&copy).expect(200, &["non ci copiamo sopra niente"]);
    person.post(&copy, &[("da", &source.to_string())]).expect(409, &["Quello che hai scritto è salvo"]);
    person.get(&format!("/diario/{date}")).expect(200, &["Hai raccontato 1 h su 24 h", "22:00–23:00"]);
    for source in ["", "2026", "2020-01-01", &date.to_string()] {
        person.post(&copy, &[("da", source)]).expect(404, &[]);
    }
}

#[test]
fn of_a_day_that_is_running_only_what_has_passed_is_copied() {
    let site = Site::start();
    let [_, source, _] = days(&site);
    let mut person = Person::taking_part(&site, WOMAN);
    person.tell(source, "04:00", "04:00", &[("attivita", "011"), ("luogo", "11")]);
    let now = italian_time(site.clock.now());
    let running = (now - Duration::hours(4)).date();
    person.post(&format!("/diario/{running}/copia"), &[("da", &source.to_string())]).expect(303, &[]);
    let minutes = (now - running.and_hms_opt(4, 0, 0).expect("a time")).num_minutes() / 10 * 10 + 10;
    let told = match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    };
    person.get(&format!("/diario/{running}")).expect(200, &[&format!("Hai raccontato {told} su 24 h")]);
}

#[test]
fn scripts_get_ones_own_days_and_nobody_elses() {
    let site = Site::start();
    let [date, source, weekend] = days(&site);
    let mut woman = Person::taking_part(&site, WOMAN);
    tell_a_morning(&mut woman, source);
    woman.tell(weekend, "04:00", "09:00", &[("attivita", "011"), ("luogo", "11")]);
    let all = copyable(&mut woman, date);
    let list = all["days"].as_array().unwrap();
    let told: Vec<_> = list.iter().map(|day| (day["date"].clone(), day["same_type"].clone())).collect();
    assert_eq!(told, [(source.to_string().into(), true.into()), (weekend.to_string().into(), false.into())]);
    let breakfast = serde_json::json!({
        "start": 18, "end": 21, "main": "021", "secondary": "831", "location": "11", "with_whom": ["2", "4"], "device": false,
    });
    assert_eq!(list[0]["episodes"][1], breakfast);
    assert_eq!(copyable(&mut woman, source)["days"].as_array().unwrap().len(), 1, "a day is not copied into itself");

    let mut man = Person::taking_part(&site, MAN);
    assert_eq!(copyable(&mut man, date), serde_json::json!({ "days": [] }));
    man.post(&format!("/diario/{date}/copia"), &[("da", &source.to_string())]).expect(404, &[]);
    man.get(&format!("/diario/{date}/copia?da={source}")).expect(200, &["Non hai ancora raccontato altre giornate"]);
    man.get(&format!("/diario/{date}")).expect(200, &["Hai raccontato 0 min su 24 h"]);
    let mut stranger = site.browser();
    stranger.get(&format!("{}/diario/{date}/copiabili", site.url)).expect(401, &[]);
}

#[test]
fn what_a_device_is_told_of_a_person_is_theirs_alone_and_stays() {
    let site = Site::start();
    let [date, other, _] = days(&site);
    let told = |person: &mut Person, date: NaiveDate| {
        let page = person.get(&format!("/diario/{date}")).expect(200, &["tempi-owner", "tempi-key"]);
        ["tempi-owner", "tempi-key"].map(|name| {
            let tag = page.body.split('<').find(|tag| tag.contains(name)).unwrap();
            tag.split("content=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
        })
    };
    let (mut woman, mut man) = (Person::taking_part(&site, WOMAN), Person::taking_part(&site, MAN));
    let of_woman = told(&mut woman, date);
    assert_eq!(of_woman[0].len(), 32);
    assert_eq!(of_woman[1].len(), 44, "32 bytes in base64");
    assert_eq!(told(&mut woman, other), of_woman, "the same on every day");
    assert_eq!(
        told(&mut Person { site: &site, browser: site.signed_in(WOMAN) }, date),
        of_woman,
        "and in every session"
    );
    let of_man = told(&mut man, date);
    assert!(of_man[0] != of_woman[0] && of_man[1] != of_woman[1]);
}

#[test]
fn the_page_without_network_and_the_service_worker_know_nobody() {
    let site = Site::start();
    let mut person = Person::taking_part(&site, WOMAN);
    for path in ["/diario/senza-rete?lingua=it", "/sw.js?lingua=it", "/manifest.webmanifest?lingua=it"] {
        let signed_in = person.get(path).expect(200, &[]);
        let stranger = site.browser().get(&format!("{}{path}", site.url)).expect(200, &[]);
        assert_eq!(signed_in.body, stranger.body, "{path}");
        assert!(!signed_in.body.contains("gettone") && !signed_in.body.contains("tempi-key"), "{path}");
    }
    let worker = person.get("/sw.js?lingua=en").expect(200, &["/static/", "words-en.js", "const TEMPI"]);
    assert_eq!(worker.header("cache-control"), Some("no-cache"));
    assert!(!worker.body.contains("words-it.js") && !worker.body.contains("/area-personale"));
    for address in worker.body.split('"').filter(|part| part.starts_with("/static/")) {
        site.browser().get(&format!("{}{address}", site.url)).expect(200, &[]);
    }
    let manifest = person.get("/manifest.webmanifest?lingua=en").expect(200, &["\"lang\":\"en\""]);
    for address in manifest.body.split('"').filter(|part| part.starts_with("/static/")) {
        let icon = site.browser().get(&format!("{}{address}", site.url)).expect(200, &[]);
        assert_eq!(icon.header("content-type"), Some("image/png"), "{address}");
    }
}
