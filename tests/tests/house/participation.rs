//! Taking part: consent, questionnaires, a day told span by span, review, handing in, and the way out.

use std::{collections::BTreeMap, path::Path};

use chrono::{Datelike, Duration, NaiveDate, Utc, Weekday};
use survey_server::{
    clock::{Clock, italian_time},
    residents::admission::Who,
    serve::open_database,
    snapshot::{self, ExportOptions},
};
use tests::{
    people::{MAN, Person, WOMAN},
    site::Site,
};

/// Answers both questionnaires and hands them in.
fn answer_everything(person: &mut Person) {
    let next = person.fill(
        "/questionari/individuale/persona",
        &[("sex", "F"), ("gender", "woman"), ("age", "46"), ("citizenship", "italian"), ("zone", "nord")],
    );
    assert_eq!(next, "/questionari/individuale/lavoro");
    let next = person.fill(&next, &[("work_status", "retired"), ("study", "none")]);
    assert_eq!(next, "/questionari/individuale/cura");
    let next = person.fill(&next, &[("children_ages", "6_10"), ("children_ages", "14_17"), ("cares_for_adult", "no")]);
    assert_eq!(next, "/questionari/individuale/riepilogo");
    let summary = person.get(&next).expect(200, &["Da 6 a 10 anni, Da 14 a 17 anni", "Consegna le risposte"]);
    person.browser.submit(&summary, &[]).expect(303, &[]);
    person.get(&next).expect(200, &["Hai consegnato queste risposte"]);
    let next = person.fill("/questionari/famiglia/casa", &[("household_size", "1")]);
    assert_eq!(next, "/questionari/famiglia/aiuto", "who lives alone is not asked who else there is");
    let next = person.fill(&next, &[("paid_help", "no")]);
    let summary = person.get(&next);
    person.browser.submit(&summary, &[]).expect(303, &[]);
}

/// The latest weekday, or day of the weekend, that is over.
fn latest(site: &Site, wants_weekend: bool) -> NaiveDate {
    let running = (italian_time(site.clock.now()) - Duration::hours(4)).date();
    let is_weekend = |date: &NaiveDate| matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
    let days = (1..=7).map(|days| running - Duration::days(days));
    days.into_iter().find(|date| is_weekend(date) == wants_weekend).expect("a week has both")
}

/// An ordinary day but for the evening.
fn tell_until_evening(person: &mut Person, date: NaiveDate) {
    let home = ("luogo", "11");
    person.tell(date, "04:00", "07:00", &[("attivita", "011"), home, ("con", "1")]);
    person.tell(date, "07:00", "07:30", &[("attivita", "031"), home, ("con", "1")]);
    person.tell(date, "07:30", "08:00", &[("attivita", "021"), home, ("con", "4"), ("contemporanea", "831")]);
    person.tell(date, "08:00", "08:30", &[("attivita", "938"), ("luogo", "21"), ("con", "4")]);
    person.tell(date, "08:30", "13:00", &[("attivita", "111"), ("luogo", "13"), ("dispositivo", "si")]);
    person.tell(date, "13:00", "13:30", &[("attivita", "910"), ("luogo", "24")]);
    person.tell(date, "13:30", "14:30", &[("attivita", "021"), home, ("con", "4"), ("gradimento", "6")]);
    person.tell(date, "14:30", "18:00", &[("attivita", "311"), home]);
    person.tell(date, "18:00", "23:00", &[("attivita", "821"), home, ("con", "2"), ("con", "4")]);
}

#[test]
fn a_day_goes_from_the_form_to_the_snapshot_on_every_database() {
    for site in Site::on_every_database() {
        let mut person = Person::taking_part(&site, WOMAN);
        answer_everything(&mut person);
        let date = latest(&site, false);
        tell_until_evening(&mut person, date);
        let day = format!("/diario/{date}");
        person
            .get(&day)
            .expect(200, &["Hai raccontato 19 h su 24 h", "Manca", "07:30–08:00", "intanto: Ascoltare radio"]);
        let review = person.get(&format!("{day}/revisione")).expect(200, &["Manca il tratto 23:00–04:00 (5 h)"]);
        assert!(!review.body.contains("Consegna la giornata"));
        person.post(&format!("{day}/consegna"), &[("versione", "9")]).expect(422, &["Manca il tratto 23:00–04:00"]);

        person.tell(date, "23:00", "04:00", &[("attivita", "011"), ("luogo", "11")]);
        let review = person.get(&format!("{day}/revisione")).expect(200, &["Consegna la giornata"]);
        let version = review.input("versione").expect("the version of the day");
        let receipt = person.post(&format!("{day}/consegna"), &[("versione", &version)]).expect(303, &[]);
        let receipt = receipt.header("location").expect("the receipt").to_owned();
        let first = person.get(&receipt).expect(200, &["Ricevuta", "3 h 30 min", "Ora per ora", "<svg"]);
        let again = person.post(&format!("{day}/consegna"), &[("versione", &version)]).expect(303, &[]);
        assert_eq!(again.header("location"), Some(receipt.as_str()), "handing in twice is handing in once");
        assert_eq!(person.get(&receipt).body.split("Ricevuta").nth(1), first.body.split("Ricevuta").nth(1));
        person.get("/area-personale").expect(200, &["Vedi la tua giornata"]);
        person.get(&day).expect(303, &[]);

        let folder = site.folder().join("snapshot");
        export(&site, &folder);
        let persons = csv(&folder, "persons");
        assert_eq!((persons.len(), persons[0]["sex"].as_str(), persons[0]["age"].as_str()), (1, "F", "46"));
        let diaries = csv(&folder, "diaries");
        assert_eq!(
            (diaries.len(), diaries[0]["day_kind"].as_str(), diaries[0]["grade"].as_str()),
            (1, "weekday", "good")
        );
        let episodes = csv(&folder, "episodes");
        let shown: Vec<[&str; 8]> = episodes
            .iter()
            .map(|row| {
                ["start_minute", "minutes", "main", "secondary", "location", "with_whom", "device", "enjoyment"]
                    .map(|column| row[column].as_str())
            })
            .collect();
        let expected = [
            ["0", "180", "011", "", "11", "1", "", ""],
            ["180", "30", "031", "", "11", "1", "", ""],
            ["210", "30", "021", "831", "11", "4", "", ""],
            ["240", "30", "938", "", "21", "4", "", ""],
            ["270", "270", "111", "", "13", "", "1", ""],
            ["540", "30", "910", "", "24", "", "", ""],
            ["570", "60", "021", "", "11", "4", "", "6"],
            ["630", "210", "311", "", "11", "", "", ""],
            ["840", "300", "821", "", "11", "24", "", ""],
            ["1140", "300", "011", "", "11", "", "", ""],
        ];
        assert_eq!(shown, expected);
        let text: String = ["persons", "diaries", "episodes", "answers"].map(|table| csv_text(&folder, table)).concat();
        assert!(!text.contains(WOMAN) && !text.contains(&date.to_string()), "no fiscal code, no exact day");
    }
}

#[test]
fn a_draft_survives_signing_out() {
    for site in Site::on_every_database() {
        let date = latest(&site, true);
        let mut before = Person::taking_part(&site, WOMAN);
        before.tell(date, "04:00", "09:20", &[("attivita", "011"), ("luogo", "11"), ("gradimento", "7")]);
        before.fill("/questionari/famiglia/casa", &[("household_size", "3")]);
        before.post("/esci", &[]).expect(303, &[]);
        let mut after = Person::signed_in(&site, WOMAN);
        after.get("/area-personale").expect(200, &["5 h 20 min su 24 h", "risposte date 1 su"]);
        after.get(&format!("/diario/{date}")).expect(200, &["04:00–09:20", "gradimento 7 su 7"]);
        after.get("/questionari/famiglia").expect(303, &[]);
        let mut other = Person::taking_part(&site, MAN);
        let page = other.get(&format!("/diario/{date}")).expect(200, &["Hai raccontato 0 min su 24 h"]);
        assert!(!page.body.contains("04:00–09:20"), "a day is seen by the one who tells it");
    }
}

#[test]
fn nothing_is_asked_before_consent() {
    let site = Site::start();
    let mut person = Person::signed_in(&site, WOMAN);
    let date = latest(&site, false);
    let day = format!("/diario/{date}");
    for path in ["/diario", &day, "/questionari/individuale", "/questionari/famiglia/casa"] {
        let answer = person.get(path).expect(303, &[]);
        assert_eq!(answer.header("location"), Some("/consenso"), "{path}");
    }
    let posted = person.post(&day, &[("dalle", "04:00"), ("alle", "05:00"), ("attivita", "011")]).expect(303, &[]);
    assert_eq!(posted.header("location"), Some("/consenso"));
    person.get("/area-personale").expect(200, &["Si comincia da qui"]);
}

#[test]
fn withdrawing_consent_deletes_what_was_told() {
    for site in Site::on_every_database() {
        let mut person = Person::taking_part(&site, WOMAN);
        let date = latest(&site, false);
        person.tell(date, "04:00", "06:00", &[("attivita", "011")]);
        person.post("/consenso/ritiro", &[]).expect(422, &["spunta la casella"]);
        person.get(&format!("/diario/{date}")).expect(200, &["04:00–06:00"]);
        person.post("/consenso/ritiro", &[("conferma", "si")]).expect(200, &["Consenso ritirato"]);
        person.get("/diario").expect(303, &[]);
        person.post("/consenso", &[]).expect(303, &[]);
        let page = person.get(&format!("/diario/{date}")).expect(200, &["Hai raccontato 0 min su 24 h"]);
        assert!(!page.body.contains("04:00–06:00"));
    }
}

#[test]
fn a_bad_form_is_refused_by_field_and_loses_nothing() {
    let site = Site::start();
    let mut person = Person::taking_part(&site, WOMAN);
    let date = latest(&site, false);
    let day = format!("/diario/{date}");
    person.tell(date, "04:00", "07:00", &[("attivita", "011"), ("luogo", "11")]);
    let mut refused = |changes: &[(&str, &str)], words: &[&str]| {
        let good = [("versione", "1"), ("dalle", "07:00"), ("alle", "08:00"), ("attivita", "021"), ("gradimento", "5")];
        let kept = good.into_iter().filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
        let fields: Vec<(&str, &str)> = kept.chain(changes.iter().copied()).collect();
        let answer = person.post(&day, &fields).expect(422, &["qualcosa da sistemare", "04:00–07:00"]);
        for word in words {
            assert!(answer.body.contains(word), "{word}");
        }
        assert!(answer.body.contains("value=\"5\" checked"), "what was typed stays");
    };
    refused(&[("alle", "06:00")], &["href=\"#alle\"", "Alle. La fine deve venire dopo"]);
    refused(&[("alle", "25:00")], &["href=\"#alle\"", "Questo orario non esiste"]);
    refused(&[("dalle", "")], &["href=\"#dalle\"", "Dalle. Manca"]);
    refused(&[("attivita", "777")], &["href=\"#attivita\"", "non è tra quelle possibili"]);
    refused(&[("luogo", "<script>")], &["href=\"#luogo\""]);
    refused(&[("con", "1"), ("con", "2")], &["href=\"#con-0\"", "«da solo»"]);
    person.get(&day).expect(200, &["Hai raccontato 3 h su 24 h"]);

    let stale = person.browser.post(&format!("{}{day}", site.url), &[("dalle", "07:00")]).expect(403, &[]);
    assert!(stale.body.contains("al sicuro"));
    let section = "/questionari/individuale/persona";
    let shown = ["sex", "gender", "age", "citizenship", "zone"].map(|name| ("mostrata", name));
    let typed = shown.into_iter().chain([("sex", "F"), ("gender", "woman"), ("age", "tanti"), ("citizenship", "x")]);
    let typed: Vec<(&str, &str)> = typed.collect();
    let answer = person.post(section, &typed).expect(422, &["Scrivi un numero intero", "value=\"tanti\""]);
    assert!(answer.body.contains("href=\"#zone-0\"") && answer.body.contains("href=\"#citizenship-0\""));
    person.get(section).expect(200, &["value=\"F\" checked", "value=\"woman\" checked"]);
}

#[test]
fn two_windows_do_not_overwrite_each_other() {
    for site in Site::on_every_database() {
        let mut person = Person::taking_part(&site, WOMAN);
        let date = latest(&site, false);
        let day = format!("/diario/{date}");
        let page = person.get(&day);
        let mut other = Person { site: &site, browser: person.browser.clone() };
        let other_page = other.get(&day);
        let sleep = [("dalle", "04:00"), ("alle", "07:00"), ("attivita", "011")];
        person.browser.submit(&page, &sleep).expect(303, &[]);
        other.browser.submit(&other_page, &sleep).expect(303, &[]);
        let breakfast = [("dalle", "06:00"), ("alle", "07:30"), ("attivita", "021"), ("gradimento", "4")];
        let conflict = other.browser.submit(&other_page, &breakfast);
        let conflict = conflict.expect(409, &["altra finestra", "04:00–07:00", "value=\"4\" checked"]);
        let again = other.browser.submit(&conflict, &breakfast);
        assert_eq!(again.status, 303, "the page carries the new version");
        person.get(&day).expect(200, &["04:00–06:00", "06:00–07:30"]);
    }
}

#[test]
fn forgotten_time_is_told_as_such_and_a_span_can_be_cleared() {
    let site = Site::start();
    let mut person = Person::taking_part(&site, WOMAN);
    let date = latest(&site, false);
    person.tell(date, "04:00", "04:00", &[("azione", "non_ricordo")]);
    person
        .get(&format!("/diario/{date}"))
        .expect(200, &["Altro uso del tempo non specificato", "La giornata è completa"]);
    person.tell(date, "10:00", "11:00", &[("azione", "cancella")]);
    person.get(&format!("/diario/{date}")).expect(200, &["Hai raccontato 23 h su 24 h", "10:00–11:00"]);
    person
        .get(&format!("/diario/{date}?da=04:00&a=10:00"))
        .expect(200, &["Cancella questo tratto", "<option value=\"999\" selected>"]);
}

#[test]
fn a_question_is_answered_once() {
    let site = Site::start();
    let mut person = Person::taking_part(&site, WOMAN);
    let date = latest(&site, false);
    tell_until_evening(&mut person, date);
    person.tell(date, "23:00", "04:00", &[("attivita", "831"), ("luogo", "14")]);
    let review = format!("/diario/{date}/revisione");
    let question = "Alle 23:00 ti trovi in un altro luogo";
    person.get(&review).expect(200, &[question, "Sì, è andata così"]);
    for _ in 0..2 {
        person.post(&review, &[("domanda", "missing_travel 23:00 23:10")]).expect(303, &[]);
    }
    let asked = "value=\"missing_travel 23:00 23:10\"";
    let answered = person.get(&review).expect(200, &["Hai già risposto", question]);
    assert!(!answered.body.contains(asked));
    person.tell(date, "14:30", "17:00", &[("attivita", "321"), ("luogo", "11")]);
    assert!(!person.get(&review).body.contains(asked), "what was said of the afternoon does not touch the night");
    person.tell(date, "23:00", "02:00", &[("attivita", "512"), ("luogo", "14")]);
    assert!(person.get(&review).body.contains(asked), "the night is another one: it is asked about again");
    person.post(&review, &[("domanda", "nonsense")]).expect(400, &["al sicuro"]);
}

#[test]
fn only_recent_days_can_be_told_and_one_of_each_type() {
    let site = Site::start();
    let mut person = Person::taking_part(&site, WOMAN);
    let today = italian_time(site.clock.now()).date();
    let too_old = today - Duration::days(9);
    let future = today + Duration::days(1);
    for day in [too_old.to_string(), future.to_string(), "2026-02-30".to_owned(), "domani".to_owned()] {
        person.get(&format!("/diario/{day}")).expect(404, &["non si può raccontare", "Scegline una"]);
    }
    let date = latest(&site, false);
    person.tell(date, "04:00", "04:00", &[("azione", "non_ricordo")]);
    let day = format!("/diario/{date}");
    person.post(&format!("{day}/consegna"), &[("versione", "1")]).expect(303, &[]);
    person.get("/diario").expect(200, &["Consegnata:"]);
    let mut others = (1..=7).map(|days| date - Duration::days(days));
    let running = (italian_time(site.clock.now()) - Duration::hours(4)).date();
    let other = others
        .find(|other| !matches!(other.weekday(), Weekday::Sat | Weekday::Sun) && running - *other <= Duration::days(7));
    let other = other.expect("a week has five weekdays");
    person.tell(other, "04:00", "04:00", &[("azione", "non_ricordo")]);
    person.post(&format!("/diario/{other}/consegna"), &[("versione", "1")]).expect(409, &["resta salvata"]);
}

#[test]
fn a_begun_day_may_be_finished_after_its_week() {
    let site = Site::start();
    let mut person = Person::taking_part(&site, WOMAN);
    let date = latest(&site, true);
    person.tell(date, "04:00", "10:00", &[("attivita", "011")]);
    site.clock.advance(Duration::days(20));
    let mut later = Person::signed_in(&site, WOMAN);
    later.get(&format!("/diario/{date}")).expect(200, &["04:00–10:00"]);
}

fn export(site: &Site, folder: &Path) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let (database, keys) = open_database(&site.config).await.expect("the database");
        let label = || questionnaires::Label::new("Prova", "Trial");
        let options = ExportOptions {
            as_of: Utc::now(),
            purpose: snapshot::USUAL_PURPOSE.to_owned(),
            synthetic: true,
            title: label(),
            population: label(),
            who: Who::Everybody,
            sampled_only: false,
            with_texts: false,
        };
        snapshot::export(&database, &keys, folder, &options).await.expect("an export");
    });
}

fn csv_text(folder: &Path, table: &str) -> String {
    std::fs::read_to_string(folder.join(format!("{table}.csv"))).expect("a table")
}

fn csv(folder: &Path, table: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(folder.join(format!("{table}.csv"))).expect("a table");
    reader.deserialize().map(|row| row.expect("a row")).collect()
}
