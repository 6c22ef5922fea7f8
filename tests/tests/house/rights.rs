//! A person's rights: to read, take along, correct and erase what is held about them, and to know who looked.

use std::collections::BTreeSet;

use chrono::{Duration, Utc};
use survey_server::{
    audit::{Act, Actor, Verb},
    clock::italian_time,
    residents::sample::{Allocation, SamplePlan, Stratifier, Unit, draw},
    serve::open_database,
};
use tests::{
    browser::{Answer, Browser},
    people::{MAN, WOMAN, agrees, answers, block_on, register, tells_yesterday},
    site::Site,
};

fn at(site: &Site, path: &str) -> String {
    format!("{}{path}", site.url)
}

fn post(site: &Site, browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let token = browser.get(&at(site, "/consenso")).input("gettone").expect("a token");
    let fields: Vec<(&str, &str)> = [("gettone", token.as_str())].into_iter().chain(fields.iter().copied()).collect();
    browser.post(&at(site, path), &fields)
}

/// Somebody who agrees, answers a question and hands in yesterday.
fn takes_part(site: &Site, fiscal_code: &str, household_size: &str) -> (Browser, String) {
    let mut browser = agrees(site, fiscal_code);
    answers(site, &mut browser, household_size);
    let yesterday = tells_yesterday(site, &mut browser, true);
    (browser, yesterday)
}

#[test]
fn everything_held_is_read_taken_along_and_seen_by_nobody_else() {
    for site in Site::on_every_database() {
        let (mut woman, day) = takes_part(&site, WOMAN, "7");
        let (mut man, _) = takes_part(&site, MAN, "3");
        let page = woman.get(&at(&site, "/area-personale/dati"));
        let page = page.expect(200, &[WOMAN, "Consenso dato", "Altro uso del tempo non specificato", "Scarica tutto"]);
        assert!(page.body.contains(">7<") && !page.body.contains(MAN), "one's own answers and nobody else's");
        woman.get(&at(&site, "/area-personale")).expect(200, &["/area-personale/dati"]);
        woman.get(&at(&site, "/area-personale/dati?lingua=en")).expect(200, &["My data", "Who looked at your data"]);
        woman.get(&at(&site, "/area-personale?lingua=it"));

        let file = woman.get(&at(&site, "/area-personale/dati/scarica")).expect(200, &[]);
        assert!(file.header("content-disposition").unwrap().starts_with("attachment"));
        let data: serde_json::Value = serde_json::from_str(&file.body).expect("JSON");
        assert_eq!(data["fiscal_code"], WOMAN);
        let survey = &data["surveys"][0];
        assert_eq!(survey["days"][0]["date"], day);
        assert_eq!(survey["days"][0]["episodes"][0]["activity"], "999");
        assert_eq!(survey["questionnaires"][0]["answers"][0]["value"], "7");
        let others = man.get(&at(&site, "/area-personale/dati/scarica")).expect(200, &[]);
        assert!(!others.body.contains(WOMAN) && others.body.contains(MAN));
        // Whatever a request says of others, the session decides.
        let id = site.sql().text("SELECT participant_id AS c0 FROM identity LIMIT 1");
        for query in [format!("?participant_id={id}"), format!("?fiscal_code={WOMAN}"), format!("/{id}")] {
            let answer = man.get(&at(&site, &format!("/area-personale/dati/scarica{query}")));
            assert!(!answer.body.contains(WOMAN), "{query}");
        }
        site.browser().get(&at(&site, "/area-personale/dati/scarica")).expect(401, &[]);
        woman.get(&at(&site, "/area-personale/dati")).expect(200, &["I dati sono stati scaricati", "tu"]);
    }
}

#[test]
fn who_looked_is_told_to_the_hour_with_role_and_reason() {
    for site in Site::on_every_database() {
        let (mut woman, _) = takes_part(&site, WOMAN, "7");
        let subject = site.sql().text("SELECT participant_id AS c0 FROM identity");
        let (mut man, _) = takes_part(&site, MAN, "3");
        let looked_at = Utc::now() - Duration::minutes(10);
        block_on(async {
            let (database, _) = open_database(&site.config).await.unwrap();
            let actor = Actor::Officer { participant_id: "an officer".to_owned(), role: "auditor" };
            let act =
                Act { actor, verb: Verb::IdentityOpened, subject: Some(subject), detail: "reclamo 12/2026".to_owned() };
            database.audit().write(&act, looked_at).await.unwrap();
        });
        let page = woman.get(&at(&site, "/area-personale/dati"));
        let page = page.expect(200, &["identità è stata aperta", "reclamo 12/2026", "una persona incaricata, come"]);
        let minutes = italian_time(looked_at).format("alle %H:%M").to_string();
        assert!(minutes.ends_with(":00") || !page.body.contains(&minutes), "not finer than the hour");
        assert!(page.body.contains(&italian_time(looked_at).format("alle %H:00").to_string()));
        let others = man.get(&at(&site, "/area-personale/dati"));
        assert!(!others.body.contains("reclamo 12/2026"));
    }
}

#[test]
fn what_was_handed_in_is_opened_again_to_correct_it() {
    for site in Site::on_every_database() {
        let (mut woman, day) = takes_part(&site, WOMAN, "7");
        let (mut man, _) = takes_part(&site, MAN, "3");
        let path = format!("/diario/{day}");
        woman.get(&at(&site, &path)).expect(303, &[]);
        let what = format!("giornata:{day}");
        let reopened = post(&site, &mut woman, "/area-personale/dati/correzione", &[("che_cosa", &what)]);
        assert_eq!(reopened.expect(303, &[]).header("location"), Some(path.as_str()));
        let page = woman.get(&at(&site, &path)).expect(200, &["La giornata è completa"]);
        let sleep = [("dalle", "04:00"), ("alle", "07:00"), ("attivita", "011")];
        woman.submit(&page, &sleep).expect(303, &[]);
        let version = woman.get(&at(&site, &format!("{path}/revisione"))).input("versione").unwrap();
        post(&site, &mut woman, &format!("{path}/consegna"), &[("versione", &version)]).expect(303, &[]);
        woman.get(&at(&site, "/area-personale/dati")).expect(200, &["Dormire", "riaperti per correggerli"]);
        // The other's day of the same date is still handed in, and what does not exist cannot be opened.
        man.get(&at(&site, &path)).expect(303, &[]);
        post(&site, &mut man, "/area-personale/dati/correzione", &[("che_cosa", "giornata:2020-01-01")])
            .expect(404, &[]);
        post(&site, &mut man, "/area-personale/dati/correzione", &[("che_cosa", "questionario:individuale")])
            .expect(404, &[]);
        post(&site, &mut man, "/area-personale/dati/correzione", &[("che_cosa", "altro")]).expect(400, &[]);
    }
}

#[test]
fn erasing_leaves_nothing_and_who_comes_back_is_a_new_person() {
    for mut site in Site::on_every_database() {
        let (mut woman, _) = takes_part(&site, WOMAN, "7");
        let sql = site.sql();
        let participant = sql.text("SELECT participant_id AS c0 FROM identity");
        let respondent = sql.text("SELECT respondent_id AS c0 FROM response");
        let sealed = sql.text("SELECT fiscal_code_sealed AS c0 FROM identity");
        let digest = sql.text("SELECT fiscal_code_digest AS c0 FROM identity");
        takes_part(&site, MAN, "3");
        let untouched = sql.rows(2, "SELECT question AS c0, value AS c1 FROM answer WHERE value = '3'");

        let path = "/area-personale/dati/cancellazione";
        woman.get(&at(&site, path)).expect(200, &["Non si può tornare indietro"]);
        post(&site, &mut woman, path, &[]).expect(422, &["Non è stato cancellato nulla"]);
        woman.get(&at(&site, "/area-personale/dati")).expect(200, &[WOMAN]);
        let mut elsewhere = site.signed_in(WOMAN);
        let erased =
            post(&site, &mut woman, path, &[("conferma", "si")]).expect(200, &["Abbiamo cancellato tutto", "ricevuta"]);
        assert!(!erased.body.contains("/esci"), "nobody is signed in any more");
        for browser in [&mut woman, &mut elsewhere] {
            browser.get(&at(&site, "/area-personale")).expect(401, &[]);
        }
        let receipt = erased.body.split("text-break\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
        for (table, columns) in sql.columns() {
            for row in sql.dump(&table, &columns) {
                for value in row.into_iter().flatten() {
                    for gone in [&participant, &respondent, &sealed, &digest] {
                        assert!(!value.contains(gone.as_str()), "{table} still holds {gone}");
                    }
                }
            }
        }
        assert_eq!(sql.rows(2, "SELECT question AS c0, value AS c1 FROM answer WHERE value = '3'"), untouched);
        assert_eq!(sql.text("SELECT CAST(COUNT(*) AS TEXT) AS c0 FROM consent"), "2", "that somebody agreed stays");
        assert_eq!(
            sql.rows(1, &format!("SELECT participant_id AS c0 FROM consent WHERE participant_id = '{receipt}'")).len(),
            1
        );
        block_on(async {
            let (database, _) = open_database(&site.config).await.unwrap();
            let found = database.audit().about(&receipt).await.unwrap();
            assert_eq!(found.iter().map(|row| row.verb.as_str()).collect::<Vec<_>>(), ["data-erased"]);
            database.audit().verify(None).await.unwrap();
        });

        let mut again = site.signed_in(WOMAN);
        again.get(&at(&site, "/area-personale")).expect(200, &["Si comincia da qui"]);
        let page = again.get(&at(&site, "/area-personale/dati")).expect(200, &["Non hai ancora raccontato nulla"]);
        assert!(!page.body.contains("scaricati"));
        assert_eq!(
            sql.rows(1, &format!("SELECT participant_id AS c0 FROM identity WHERE participant_id = '{participant}'"))
                .len(),
            0
        );
        if !sql.is_postgres() {
            drop(sql);
            site.stop();
            let bytes = site.database_bytes();
            // The digest is there again, since she is.
            for gone in [&participant, &respondent, &sealed] {
                assert!(
                    !bytes.windows(gone.len()).any(|window| window == gone.as_bytes()),
                    "{gone} is still on the disk"
                );
            }
        }
    }
}

#[test]
fn the_log_of_the_program_does_not_tell_what_people_do() {
    let site = Site::start();
    let (_, day) = takes_part(&site, WOMAN, "7");
    let lines: BTreeSet<String> =
        tests::logs::captured().lines().filter(|line| line.contains("\"level\":\"INFO\"")).map(str::to_owned).collect();
    assert!(lines.iter().any(|line| line.contains("signed in")), "the log was captured");
    for line in lines {
        assert!(!line.contains(&day), "{line}");
        // The page without network, which browsers fetch by themselves and which knows nobody, is everybody's.
        let is_shell = line.contains("\"path\":\"/diario/senza-rete\"");
        let succeeded = line.contains("\"status\":2") || line.contains("\"status\":3");
        assert!(!(succeeded && line.contains("/diario") && !is_shell), "{line}");
    }
}

/// What the municipality's own lists hold of a person is shown to that person, and of the household nobody else.
#[test]
fn the_line_of_the_register_is_shown_and_taken_along() {
    const HEADER: &str = "codice_fiscale;sesso;data_nascita;zona;id_famiglia;relazione";
    for site in Site::on_every_database() {
        let mut before = site.signed_in(WOMAN);
        let page = before.get(&at(&site, "/area-personale/dati")).expect(200, &[]);
        assert!(!page.body.contains("Che cosa dice di te l&#39;anagrafe"), "nothing is held, nothing is shown");
        let others: String = (0..20_u32)
            .map(|number| format!("\n{};M;1980-01-{:02};sud;f{number};", crate::roles::person(number), number + 1))
            .collect();
        register(&site, &format!("{HEADER}\n{WOMAN};F;1980-01-01;nord;f77;1\n{MAN};M;1985-04-03;sud;f78;2{others}"));
        block_on(async {
            let (database, keys) = open_database(&site.config).await.unwrap();
            let plan = SamplePlan {
                unit: Unit::Persons,
                size: 22,
                strata: vec![Stratifier::Zone],
                allocation: Allocation::Given([("nord".to_owned(), 1), ("sud".to_owned(), 21)].into()),
                minimum_age: 10,
                seed: "estrazione".to_owned(),
                replace: false,
            };
            draw(&database, &keys, &plan, Vec::new(), Utc::now()).await.unwrap();
            database.close().await.unwrap();
        });
        for (code, zone, household, others_household) in [(WOMAN, "nord", "f77", "f78"), (MAN, "sud", "f78", "f77")] {
            let mut browser = site.signed_in(code);
            let page = browser.get(&at(&site, "/area-personale/dati"));
            let page = page.expect(200, &["Che cosa dice di te l&#39;anagrafe", zone, household, "Elenco caricato"]);
            assert!(!page.body.contains(others_household));
            assert!(page.body.contains("la sorte ti ha scelto"), "{}", page.body);
            let file = browser.get(&at(&site, "/area-personale/dati/scarica")).expect(200, &[]);
            let data: serde_json::Value = serde_json::from_str(&file.body).expect("JSON");
            let line = &data["register"]["resident"];
            assert_eq!((&line["fiscal_code"], &line["zone"]), (&code.into(), &zone.into()));
            assert_eq!(line["household"], household);
            assert_eq!(line["is_reference_person"], code == WOMAN);
            assert_eq!(line["birth_date"], if code == WOMAN { "1980-01-01" } else { "1985-04-03" });
            assert_eq!(data["register"]["sampled"]["stratum"], zone);
            assert_eq!(data["register"]["sampled"]["as_registered"]["household"], household);
            assert!(!file.body.contains(others_household));
        }
    }
}

#[test]
fn copies_are_counted_by_person_whatever_the_session() {
    let site = Site::start_with(|config| config.rate_limits.downloads_per_hour = 2, false);
    let mut woman = agrees(&site, WOMAN);
    let file = at(&site, "/area-personale/dati/scarica");
    for _ in 0..2 {
        woman.get(&file).expect(200, &[WOMAN]);
    }
    woman.get(&file).expect(429, &["Troppe volte in un’ora"]);
    site.signed_in(WOMAN).get(&file).expect(429, &[]);
    site.signed_in(MAN).get(&file).expect(200, &[MAN]);
    site.clock.advance(Duration::minutes(61));
    site.signed_in(WOMAN).get(&file).expect(200, &[WOMAN]);
}
