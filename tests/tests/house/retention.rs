//! Retention limits that apply themselves, with the clock put forward.

use std::time::Duration as RealDuration;

use chrono::{Duration, NaiveDate};
use survey_server::{clock::Clock, clock::italian_time, serve::open_database, survey::SurveyConfig};
use tests::{postgres::Postgres, site::Site, sql::Sql};

const WOMAN: &str = "RSSMRA80A41C707O";
const MAN: &str = "CCCFBA85D03L219P";

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

/// Answers both questionnaires' first page; hands in yesterday when `submits`.
fn takes_part(site: &Site, fiscal_code: &str, submits: bool) {
    let mut browser = site.signed_in(fiscal_code);
    let at = |path: &str| format!("{}{path}", site.url);
    let notice = browser.get(&at("/consenso"));
    browser.submit(&notice, &[]).expect(303, &[]);
    let yesterday = (italian_time(site.clock.now()) - Duration::hours(28)).date();
    let page = browser.get(&at(&format!("/diario/{yesterday}"))).expect(200, &[]);
    browser.submit(&page, &[("dalle", "04:00"), ("alle", "04:00"), ("azione", "non_ricordo")]).expect(303, &[]);
    if submits {
        let review = browser.get(&at(&format!("/diario/{yesterday}/revisione"))).expect(200, &[]);
        browser.submit(&review, &[]).expect(303, &[]);
    }
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
