//! City users: who lives elsewhere declares what brings them, takes part, leaves with the answers of who lives elsewhere,
//! and is in no frame and no total.

// Helpers of tests unwrap like tests do.
#![allow(clippy::unwrap_used)]

use chrono::Utc;
use survey_server::{
    config::Config,
    residents::{
        self,
        admission::{ParticipationPolicy, Who},
        city_user,
        margins::{MarginsPlan, Variable, margins},
    },
    serve::open_database,
    snapshot::{self, ExportOptions, ExportSummary},
};
use tests::{
    browser::{Answer, Browser},
    people::{MAN, WOMAN, answers_for_herself, block_on, register, tells_yesterday},
    site::Site,
};

use crate::roles::person;

const CITY: &str = "/area-personale/citta";
const REGISTER: &str = "codice_fiscale;sesso;data_nascita;zona;id_famiglia\nCCCFBA85D03L219P;M;1985-04-03;sud;2\n";

fn for_city_users_too(config: &mut Config) {
    config.participation = ParticipationPolicy { who: Who::ResidentsAndCityUsers, ..ParticipationPolicy::default() };
}

fn sites() -> Vec<Site> {
    let sites = Site::on_every_database_with(for_city_users_too);
    sites.iter().for_each(|site| register(site, REGISTER));
    sites
}

fn get(site: &Site, browser: &mut Browser, path: &str) -> Answer {
    browser.get(&format!("{}{path}", site.url)).expect(200, &[])
}

fn declares(site: &Site, browser: &mut Browser, fields: &[(&str, &str)]) -> Answer {
    let page = get(site, browser, CITY);
    browser.submit_to(&page, CITY, fields)
}

fn agree(site: &Site, browser: &mut Browser) -> Answer {
    let token = browser.token(site);
    browser.post(&format!("{}/consenso", site.url), &[("gettone", &token)])
}

fn takes_part(site: &Site, browser: &mut Browser, zone: &str) {
    assert_eq!(agree(site, browser).expect(303, &[]).header("location"), Some("/area-personale"));
    answers_for_herself(site, browser, zone);
    tells_yesterday(site, browser, true);
}

/// Exports, and gives the rows of the persons too.
fn export(site: &Site, name: &str) -> (ExportSummary, String) {
    block_on(async {
        let (database, keys) = open_database(&site.config).await.unwrap();
        let label = |text: &str| questionnaires::Label::new(text, text);
        let options = ExportOptions {
            as_of: Utc::now(),
            purpose: snapshot::USUAL_PURPOSE.to_owned(),
            synthetic: false,
            title: label("Prova"),
            population: label("Chi vive la città"),
            who: Who::ResidentsAndCityUsers,
            sampled_only: false,
            with_texts: false,
        };
        let folder = site.folder().join(name);
        let summary = snapshot::export(&database, &keys, &folder, &options).await.unwrap();
        database.close().await.unwrap();
        (summary, std::fs::read_to_string(folder.join("persons.csv")).unwrap())
    })
}

#[test]
fn who_comes_from_elsewhere_declares_it_before_taking_part() {
    for site in sites() {
        let mut woman = site.signed_in(WOMAN);
        let area = get(&site, &mut woman, "/area-personale");
        assert!(area.body.contains("Non risulti fra i residenti") && area.body.contains(CITY), "{}", area.body);
        // The notice can be read; agreeing comes after.
        let notice = get(&site, &mut woman, "/consenso");
        assert!(!notice.body.contains("Acconsento") && notice.body.contains(CITY));
        assert_eq!(agree(&site, &mut woman).expect(303, &[]).header("location"), Some(CITY));
        declares(&site, &mut woman, &[]).expect(422, &["Scegli almeno un motivo", "Scegli una zona"]);
        declares(&site, &mut woman, &[("rapporto", "work"), ("zona", "outside")]).expect(422, &["Scegli una zona"]);
        assert_eq!(agree(&site, &mut woman).expect(303, &[]).header("location"), Some(CITY));
        declares(&site, &mut woman, &[("rapporto", "work"), ("rapporto", "care"), ("zona", "nord")]).expect(303, &[]);
        takes_part(&site, &mut woman, "outside");

        // Shown, taken along, corrected, deleted.
        let mine = get(&site, &mut woman, "/area-personale/dati");
        for words in ["Che cosa ti porta in città", "Per lavoro, Per prendermi cura di qualcuno", "Nord"] {
            assert!(mine.body.contains(words), "{words}: {}", mine.body);
        }
        let file = get(&site, &mut woman, "/area-personale/dati/scarica");
        let data: serde_json::Value = serde_json::from_str(&file.body).unwrap();
        assert_eq!(data["city_user"], serde_json::json!({ "relations": ["work", "care"], "zone": "nord" }));
        let again = get(&site, &mut woman, CITY);
        assert!(again.body.contains("value=\"care\" checked") && again.body.contains("value=\"nord\" checked"));
        declares(&site, &mut woman, &[("rapporto", "study"), ("zona", "piu")]).expect(303, &[]);
        let mine = get(&site, &mut woman, "/area-personale/dati");
        assert!(mine.body.contains("Per studio") && !mine.body.contains("Per lavoro"));
        let page = get(&site, &mut woman, CITY);
        woman.submit_to(&page, "/area-personale/citta/cancellazione", &[]).expect(303, &[]);
        assert!(!get(&site, &mut woman, "/area-personale/dati").body.contains("Per studio"));
        let verbs: Vec<String> = site.audit().into_iter().map(|row| row.verb).collect();
        let n_of = |verb: &str| verbs.iter().filter(|written| *written == verb).count();
        assert_eq!((n_of("city-user-declared"), n_of("city-user-removed")), (2, 1));
        assert!(site.audit().iter().all(|row| !row.detail.contains("nord") && !row.detail.contains("study")));
    }
}

#[test]
fn residents_and_other_surveys_are_asked_nothing() {
    for site in sites() {
        let mut man = site.signed_in(MAN);
        assert!(!get(&site, &mut man, "/area-personale").body.contains(CITY));
        let page = get(&site, &mut man, CITY);
        assert!(page.body.contains("Risulti fra i residenti") && !page.body.contains("name=\"rapporto\""));
        let token = man.token(&site);
        let fields = [("gettone", token.as_str()), ("rapporto", "work"), ("zona", "nord")];
        man.post(&format!("{}{CITY}", site.url), &fields).expect(303, &[]);
        let kept = site.sql().text("SELECT CAST(COUNT(*) AS TEXT) AS c0 FROM city_user");
        assert_eq!(kept, "0", "what nobody needs is not kept");
        assert_eq!(agree(&site, &mut man).header("location"), Some("/area-personale"));
    }
    let everybody = Site::start();
    register(&everybody, REGISTER);
    let mut woman = everybody.signed_in(WOMAN);
    assert!(get(&everybody, &mut woman, CITY).body.contains("non te lo chiediamo"));
    assert_eq!(agree(&everybody, &mut woman).header("location"), Some("/area-personale"));
}

/// One resident, one city user, one who declared it and says that they live here, one who took the declaration back.
#[test]
fn answers_of_city_users_leave_and_their_declaration_and_the_others_do_not() {
    for site in sites() {
        takes_part(&site, &mut site.signed_in(MAN), "nord");
        let declared = [("rapporto", "work"), ("zona", "est")];
        for (number, zone) in [(0, "outside"), (1, "nord"), (2, "outside")] {
            let mut browser = site.signed_in(&person(number));
            declares(&site, &mut browser, &declared).expect(303, &[]);
            takes_part(&site, &mut browser, zone);
            if number == 2 {
                let page = get(&site, &mut browser, CITY);
                browser.submit_to(&page, "/area-personale/citta/cancellazione", &[]).expect(303, &[]);
            }
        }
        let (summary, persons) = export(&site, "snapshot");
        assert_eq!((summary.n_persons, summary.n_city_users, summary.n_neither), (2, 1, 2), "{persons}");
        let mut rows = csv::Reader::from_reader(persons.as_bytes());
        let rows: Vec<std::collections::BTreeMap<String, String>> = rows.deserialize().map(Result::unwrap).collect();
        let from_elsewhere: Vec<_> = rows.iter().filter(|row| row["zone"] == "outside").collect();
        assert_eq!(from_elsewhere.len(), 1);
        for column in ["household_id", "weight", "stratum", "cluster"] {
            assert_eq!(from_elsewhere[0][column], "", "{column} is the register's and the sample's");
        }
        for file in std::fs::read_dir(site.folder().join("snapshot")).unwrap().flatten() {
            let bytes = std::fs::read(file.path()).unwrap();
            assert!(!String::from_utf8_lossy(&bytes).contains("city-user"), "{:?}", file.path());
        }

        // The register counts residents and nobody else.
        block_on(async {
            let (database, keys) = open_database(&site.config).await.unwrap();
            let plan =
                MarginsPlan { margins: vec![vec![Variable::Zone]], minimum_age: 10, threshold: 1, round_to: None };
            let mut text = Vec::new();
            let counted = margins(&database, &keys, &plan, &mut text, Utc::now()).await.unwrap();
            assert_eq!(counted.n_people, 1, "{}", String::from_utf8_lossy(&text));
            assert_eq!(residents::n_residents(&database).await.unwrap(), Some(1));
            let counts = city_user::count(&database, &keys, Utc::now()).await.unwrap();
            assert_eq!((counts.n_people, counts.relations["work"], counts.zones["est"]), (2, 2, 2));
            database.close().await.unwrap();
        });
        let told = site.tempi(&["residents", "city-users"]).success();
        assert!(told.stdout.contains("fewer than the threshold") && !told.stdout.contains(": 2"), "{}", told.stdout);
    }
}

#[test]
fn a_declaration_is_sealed_survives_new_keys_and_goes_with_the_person() {
    for mut site in sites() {
        let count = |site: &Site| site.sql().text("SELECT CAST(COUNT(*) AS TEXT) AS c0 FROM city_user");
        let declared = [("rapporto", "care"), ("zona", "ovest")];
        for code in [WOMAN, &person(0)] {
            declares(&site, &mut site.signed_in(code), &declared).expect(303, &[]);
        }
        let sealed = site.sql().rows(1, "SELECT sealed AS c0 FROM city_user");
        assert!(sealed.iter().flatten().flatten().all(|text| !text.contains("ovest") && !text.contains("care")));
        site.stop();
        site.tempi(&["keys", "rotate"]).success();
        let site = site.again();
        assert_ne!(site.sql().rows(1, "SELECT sealed AS c0 FROM city_user"), sealed);
        let mut woman = site.signed_in(WOMAN);
        assert!(get(&site, &mut woman, "/area-personale/dati").body.contains("Per prendermi cura di qualcuno"));

        // Withdrawing takes it along, and so does erasing.
        agree(&site, &mut woman).expect(303, &[]);
        let page = get(&site, &mut woman, "/consenso");
        woman.submit_to(&page, "/consenso/ritiro", &[("conferma", "si")]).expect(200, &[]);
        assert_eq!(count(&site), "1");
        let mut other = site.signed_in(&person(0));
        let page = get(&site, &mut other, "/area-personale/dati/cancellazione");
        other.submit_to(&page, "/area-personale/dati/cancellazione", &[("conferma", "si")]).expect(200, &[]);
        assert_eq!(count(&site), "0");
    }
}
