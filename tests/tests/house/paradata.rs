//! How a day was filled in: kept only of those who agreed to it, coarsely, and gone when they change their mind.

use chrono::{Duration, NaiveDate};
use survey_server::clock::{Clock, italian_time};
use tests::{
    browser::{Answer, Browser},
    people::exports,
    site::Site,
};

const WOMAN: &str = "RSSMRA80A41C707O";
const N_KEPT: &str = "SELECT CAST(COUNT(*) AS TEXT) AS c0 FROM paradata";

fn post(site: &Site, browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let token = browser.token(site);
    let fields: Vec<(&str, &str)> = [("gettone", token.as_str())].into_iter().chain(fields.iter().copied()).collect();
    browser.post(&format!("{}{path}", site.url), &fields)
}

fn yesterday(site: &Site) -> NaiveDate {
    (italian_time(site.clock.now()) - Duration::hours(28)).date()
}

fn taking_part(site: &Site) -> Browser {
    let mut browser = site.signed_in(WOMAN);
    let agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1";
    browser.headers.push(("user-agent".to_owned(), agent.to_owned()));
    post(site, &mut browser, "/consenso", &[]).expect(303, &[]);
    browser
}

fn tell_everything(site: &Site, browser: &mut Browser, version: &str) -> Answer {
    let fields = [("versione", version), ("dalle", "04:00"), ("alle", "04:00"), ("azione", "non_ricordo")];
    post(site, browser, &format!("/diario/{}", yesterday(site)), &fields)
}

#[test]
fn nothing_is_kept_before_somebody_agrees_and_nothing_after_they_change_their_mind() {
    for site in Site::on_every_database() {
        let mut woman = taking_part(&site);
        let report = format!("/diario/{}/percorso", yesterday(&site));
        let took = [("passo", "racconto"), ("secondi", "127"), ("modifiche", "2")];
        tell_everything(&site, &mut woman, "0").expect(303, &[]);
        post(&site, &mut woman, &report, &took).expect(204, &[]);
        assert_eq!(site.sql().text(N_KEPT), "0");

        woman.get(&format!("{}/consenso", site.url)).expect(200, &["una scelta a parte", "Non lo teniamo."]);
        post(&site, &mut woman, "/consenso/percorso", &[("percorso", "forse")]).expect(400, &[]);
        post(&site, &mut woman, "/consenso/percorso", &[("percorso", "si")]).expect(303, &[]);
        woman.get(&format!("{}/consenso", site.url)).expect(200, &["Hai detto di sì"]);
        tell_everything(&site, &mut woman, "1").expect(303, &[]);
        post(&site, &mut woman, &report, &took).expect(204, &[]);
        post(&site, &mut woman, &report, &[("passo", "revisione"), ("secondi", "31")]).expect(204, &[]);
        post(&site, &mut woman, &report, &[("passo", "altro")]).expect(400, &[]);
        let kept = "SELECT device || ' ' || n_edits || ' ' || seconds_telling || ' ' || seconds_details || ' ' || \
                    seconds_review AS c0 FROM paradata";
        assert_eq!(site.sql().text(kept), "phone 3 130 0 30", "one change by the form, two reported");
        let shown = "telefono; modifiche: 3; minuti per raccontare: 2, per i dettagli: 0, per rivedere: 1";
        woman.get(&format!("{}/area-personale/dati", site.url)).expect(200, &["Come hai compilato", shown]);
        woman.get(&format!("{}/area-personale/dati/scarica", site.url)).expect(200, &["\"seconds_telling\": 130"]);

        post(&site, &mut woman, "/consenso/percorso", &[("percorso", "no")]).expect(303, &[]);
        assert_eq!(site.sql().text(N_KEPT), "0");
        post(&site, &mut woman, &report, &took).expect(204, &[]);
        assert_eq!(site.sql().text(N_KEPT), "0");
        woman.get(&format!("{}/diario/{}", site.url, yesterday(&site))).expect(200, &["La giornata è completa"]);

        post(&site, &mut woman, "/consenso/percorso", &[("percorso", "si")]).expect(303, &[]);
        post(&site, &mut woman, &report, &took).expect(204, &[]);
        assert_eq!(site.sql().text(N_KEPT), "1");
        post(&site, &mut woman, "/consenso/ritiro", &[("conferma", "si")]).expect(200, &[]);
        let agreed = "SELECT CAST(COUNT(*) AS TEXT) AS c0 FROM paradata_consent";
        assert_eq!((site.sql().text(N_KEPT), site.sql().text(agreed)), ("0".to_owned(), "0".to_owned()));
    }
}

#[test]
fn it_leaves_as_a_table_of_its_own_only_where_somebody_agreed() {
    let site = Site::start();
    let mut woman = taking_part(&site);
    for (path, fields) in [
        (
            "/questionari/individuale/persona",
            vec![("sex", "F"), ("gender", "woman"), ("age", "46"), ("citizenship", "italian"), ("zone", "nord")],
        ),
        ("/questionari/individuale/lavoro", vec![("work_status", "retired"), ("study", "none")]),
        ("/questionari/individuale/cura", vec![("children_ages", "none"), ("cares_for_adult", "no")]),
        ("/questionari/individuale/riepilogo", vec![]),
    ] {
        let page = woman.get(&format!("{}{path}", site.url)).expect(200, &[]);
        woman.submit(&page, &fields).expect(303, &[]);
    }
    tell_everything(&site, &mut woman, "0").expect(303, &[]);
    let day = format!("/diario/{}", yesterday(&site));
    post(&site, &mut woman, &format!("{day}/consegna"), &[("versione", "1")]).expect(303, &[]);
    let without = site.folder().join("without");
    exports(&site, &without);
    assert!(without.join("diaries.csv").is_file() && !without.join("paradata.csv").exists());

    post(&site, &mut woman, "/consenso/percorso", &[("percorso", "si")]).expect(303, &[]);
    let took = [("dispositivo", "tablet"), ("passo", "dettagli"), ("secondi", "640"), ("modifiche", "500")];
    post(&site, &mut woman, &format!("{day}/percorso"), &took).expect(204, &[]);
    let with = site.folder().join("with");
    exports(&site, &with);
    let table = std::fs::read_to_string(with.join("paradata.csv")).expect("a table");
    let (header, row) = table.split_once('\n').expect("a header");
    assert_eq!(header, "diary_id,device,n_edits,minutes_telling,minutes_details,minutes_review");
    let diaries = std::fs::read_to_string(with.join("diaries.csv")).expect("a table");
    let (diary_id, values) = row.trim().split_once(',').expect("columns");
    assert!(diaries.contains(diary_id));
    assert_eq!(values, "tablet,200,0,11,0");
    analytics::snapshot::Snapshot::open(&with).expect("the analysis reads a snapshot with a table it does not use");
}
