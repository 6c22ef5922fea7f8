//! Retention limits that apply themselves, with the clock put forward.

use std::time::Duration as RealDuration;

use chrono::{Duration, NaiveDate};
use survey_server::{
    clock::{Clock, italian_time},
    residents::sample::{Allocation, SamplePlan, Unit, draw},
    serve::open_database,
    survey::SurveyConfig,
};
use tests::{
    people::{MAN, WOMAN, agrees, block_on, register, tells_yesterday},
    postgres::Postgres,
    site::Site,
    sql::Sql,
};

fn count(sql: &Sql, table: &str) -> String {
    sql.text(&format!("SELECT CAST(COUNT(*) AS TEXT) AS c0 FROM {table}"))
}

/// Puts the clock forward and waits for the run that is due then.
fn pass(site: &Site, time: Duration) {
    let sql = site.sql();
    let runs = || count(&sql, "audit_log WHERE verb = 'retention-applied'").parse::<u32>().expect("a number");
    let before = runs();
    site.clock.advance(time);
    for _ in 0..300 {
        if runs() > before {
            return;
        }
        std::thread::sleep(RealDuration::from_millis(100));
    }
    panic!("the limits were not applied within half a minute");
}

/// Tells yesterday, and hands it in when `submits`.
fn takes_part(site: &Site, fiscal_code: &str, submits: bool) {
    tells_yesterday(site, &mut agrees(site, fiscal_code), submits);
}

/// Sites whose survey ends in ten days.
fn sites() -> Vec<Site> {
    let closing = |config: &mut survey_server::config::Config| {
        let closes: NaiveDate = (chrono::Utc::now() + Duration::days(10)).date_naive();
        config.survey = SurveyConfig { closes: Some(closes), ..SurveyConfig::default() };
    };
    let mut sites = vec![Site::start_with(closing, false)];
    sites.extend(Postgres::start().map(|postgres| Site::start_on(postgres, closing)));
    sites
}

#[test]
fn what_is_not_needed_any_more_goes_by_itself() {
    for site in sites() {
        takes_part(&site, WOMAN, true);
        takes_part(&site, MAN, false);
        site.signed_in("BNCGNN92T55C707S");
        let sql = site.sql();
        assert_eq!(
            (count(&sql, "session"), count(&sql, "identity"), count(&sql, "diary")),
            ("3".into(), "3".into(), "2".into())
        );

        pass(&site, Duration::hours(13));
        assert_eq!(
            (count(&sql, "session"), count(&sql, "ticket")),
            ("0".into(), "0".into()),
            "nobody is signed in any more"
        );
        assert_eq!((count(&sql, "identity"), count(&sql, "diary")), ("3".into(), "2".into()));

        // The survey is over: nothing can be told, everything can still be read.
        site.clock.advance(Duration::days(12));
        let mut late = site.signed_in(WOMAN);
        late.get(&format!("{}/area-personale/dati", site.url)).expect(200, &["Che cosa hai raccontato"]);
        let today = (italian_time(site.clock.now()) - Duration::hours(28)).date();
        let page = late.get(&format!("{}/diario/{today}", site.url)).expect(200, &[]);
        let told = late.submit(&page, &[("dalle", "04:00"), ("alle", "05:00"), ("attivita", "011")]);
        told.expect(409, &["indagine non è aperta"]);

        pass(&site, Duration::days(80));
        assert_eq!(count(&sql, "diary"), "1", "a draft of ninety days goes");
        assert_eq!(count(&sql, "identity"), "2", "so does who never agreed to anything");

        let respondent = sql.text("SELECT respondent_id AS c0 FROM diary");
        pass(&site, Duration::days(120));
        assert_eq!(count(&sql, "identity"), "0");
        assert_eq!(count(&sql, "survey WHERE link_key IS NOT NULL"), "0", "the key is destroyed");
        assert_eq!(
            sql.rows(2, "SELECT respondent_id AS c0, sealed AS c1 FROM diary"),
            [[Some(respondent), Some(String::new())]]
        );
        for participant in sql.rows(1, "SELECT participant_id AS c0 FROM consent") {
            let times = "SELECT CAST(given_at % 86400 AS TEXT) AS c0 FROM consent";
            assert!(participant[0].is_some() && sql.rows(1, times).iter().all(|row| row[0].as_deref() == Some("0")));
        }
        // Who signs in now is nobody that answers know.
        let mut again = site.signed_in(WOMAN);
        again.get(&format!("{}/area-personale/dati", site.url)).expect(200, &["Non hai ancora raccontato nulla"]);
        again.get(&format!("{}/diario", site.url)).expect(409, &[]);
        site.tempi(&["audit", "verify"]).success();
    }
}

#[test]
fn the_command_applies_the_limits_too() {
    let mut site = Site::start();
    takes_part(&site, WOMAN, false);
    site.stop();
    let run = site.tempi(&["--json", "retention", "run"]).success();
    let told: serde_json::Value = serde_json::from_str(&run.stdout).expect("one JSON object");
    assert_eq!((told["n_drafts"].as_u64(), told["n_surveys"].as_u64()), (Some(0), Some(0)));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let (database, _) = open_database(&site.config).await.unwrap();
        database.audit().verify(None).await.unwrap();
    });
}

/// The register is old after a year, whatever is done with it; a sample goes when nothing leads to its survey's people.
#[test]
fn an_old_register_goes_by_itself_and_a_sample_with_its_survey() {
    for site in sites() {
        let people: Vec<String> = (0..12).map(crate::roles::person).collect();
        let line = |(number, code): (usize, &String)| format!("{code};M;1980-01-{:02};nord;{number}", number + 1);
        let lines: Vec<String> = people.iter().enumerate().map(line).collect();
        register(&site, &format!("codice_fiscale;sesso;data_nascita;zona;id_famiglia\n{}", lines.join("\n")));
        block_on(async {
            let (database, keys) = open_database(&site.config).await.unwrap();
            let plan = SamplePlan {
                unit: Unit::Persons,
                size: 5,
                strata: Vec::new(),
                allocation: Allocation::Proportional,
                minimum_age: 10,
                seed: "estrazione".to_owned(),
                replace: false,
            };
            draw(&database, &keys, &plan, Vec::new(), site.clock.now()).await.unwrap();
            database.close().await.unwrap();
        });
        let sql = site.sql();
        let held = || [count(&sql, "resident"), count(&sql, "sampled_person"), count(&sql, "register_extract")];
        let said = |verb: &str| {
            let rows = site.audit().into_iter().filter(|row| row.verb == verb);
            rows.map(|row| (row.actor, row.detail)).collect::<Vec<_>>()
        };
        pass(&site, Duration::days(180));
        assert_eq!(held(), ["12", "5", "1"], "the survey's people can still be told apart");
        pass(&site, Duration::days(12));
        assert_eq!(held(), ["12", "0", "1"]);
        assert_eq!(said("sample-removed"), [("retention".to_owned(), "5 persons".to_owned())]);
        pass(&site, Duration::days(172));
        assert_eq!(held(), ["12", "0", "1"], "not a day too early");
        pass(&site, Duration::days(2));
        assert_eq!(held(), ["0", "0", "0"]);
        assert_eq!(said("register-removed"), [("retention".to_owned(), "12 residents".to_owned())]);
        let applied = said("retention-applied").pop().expect("a run").1;
        assert!(applied.contains("12 residents of an old register"), "{applied}");
        site.tempi(&["audit", "verify"]).success();
    }
}
