//! Two invented people and what they do first, as most tests of the house need it.

use std::{future::Future, path::Path};

use chrono::{Duration, NaiveDate, Utc};
use survey_server::{
    clock::{Clock, italian_time},
    residents::{ImportOptions, admission::Who, import},
    serve::open_database,
    snapshot::{self, ExportOptions},
};

use crate::{
    browser::{Answer, Browser},
    site::Site,
};

/// A woman born on 1 January 1980; a vector of the `python-codicefiscale` package.
pub const WOMAN: &str = "RSSMRA80A41C707O";
/// A man born on 3 April 1985; a vector of the `python-codicefiscale` package.
pub const MAN: &str = "CCCFBA85D03L219P";

/// Waits for what runs on the database beside the site.
pub fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(work)
}

/// Somebody who has signed in and agreed.
pub fn agrees(site: &Site, fiscal_code: &str) -> Browser {
    let mut browser = site.signed_in(fiscal_code);
    let notice = browser.get(&format!("{}/consenso", site.url)).expect(200, &[]);
    browser.submit(&notice, &[]).expect(303, &[]);
    browser
}

/// Somebody at the site, with the browser they use.
pub struct Person<'a> {
    /// The site.
    pub site: &'a Site,
    /// Their browser.
    pub browser: Browser,
}

impl<'a> Person<'a> {
    /// Somebody who has signed in.
    pub fn signed_in(site: &'a Site, fiscal_code: &str) -> Person<'a> {
        Person { site, browser: site.signed_in(fiscal_code) }
    }

    /// Somebody who has signed in and agreed to take part.
    pub fn taking_part(site: &'a Site, fiscal_code: &str) -> Person<'a> {
        Person { site, browser: agrees(site, fiscal_code) }
    }

    /// The page at a path.
    pub fn get(&mut self, path: &str) -> Answer {
        self.browser.get(&format!("{}{path}", self.site.url))
    }

    /// Posts a form with the token and these fields.
    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.browser.token(self.site);
        let token = [("gettone", token.as_str())];
        let fields: Vec<(&str, &str)> = token.into_iter().chain(fields.iter().copied()).collect();
        self.browser.post(&format!("{}{path}", self.site.url), &fields)
    }

    /// Fills in the page at `path` and gives where it leads.
    pub fn fill(&mut self, path: &str, fields: &[(&str, &str)]) -> String {
        let page = self.get(path).expect(200, &[]);
        let saved = self.browser.submit(&page, fields).expect(303, &[]);
        saved.header("location").expect("a next page").to_owned()
    }

    /// Writes a span of a day and expects it to be kept.
    pub fn tell(&mut self, date: NaiveDate, from: &str, to: &str, fields: &[(&str, &str)]) {
        let times = [("dalle", from), ("alle", to)];
        let fields: Vec<(&str, &str)> = times.into_iter().chain(fields.iter().copied()).collect();
        let next = self.fill(&format!("/diario/{date}"), &fields);
        assert!(next.contains("salvato="), "{next}");
    }
}

/// Answers how many live in the household: the first question of its questionnaire, which is not handed in.
pub fn answers(site: &Site, browser: &mut Browser, household_size: &str) {
    let page = browser.get(&format!("{}/questionari/famiglia/casa", site.url)).expect(200, &[]);
    browser.submit(&page, &[("household_size", household_size)]).expect(303, &[]);
}

/// Answers the individual questionnaire, as somebody who lives in `zone`, and hands it in.
pub fn answers_for_herself(site: &Site, browser: &mut Browser, zone: &str) {
    let sections: [(&str, &[(&str, &str)]); 3] = [
        ("persona", &[("sex", "F"), ("gender", "woman"), ("age", "46"), ("citizenship", "italian"), ("zone", zone)]),
        ("lavoro", &[("work_status", "retired"), ("study", "none")]),
        ("cura", &[("children_ages", "none"), ("cares_for_adult", "no")]),
    ];
    for (section, fields) in sections {
        let page = browser.get(&format!("{}/questionari/individuale/{section}", site.url)).expect(200, &[]);
        browser.submit(&page, fields).expect(303, &[]);
    }
    let summary = browser.get(&format!("{}/questionari/individuale/riepilogo", site.url)).expect(200, &[]);
    browser.submit(&summary, &[]).expect(303, &[]);
}

/// Tells the whole of yesterday in one span, hands it in where `submits`, and gives its date.
pub fn tells_yesterday(site: &Site, browser: &mut Browser, submits: bool) -> String {
    let yesterday = (italian_time(site.clock.now()) - Duration::hours(28)).date().to_string();
    let path = format!("{}/diario/{yesterday}", site.url);
    let page = browser.get(&path).expect(200, &[]);
    browser.submit(&page, &[("dalle", "04:00"), ("alle", "04:00"), ("azione", "non_ricordo")]).expect(303, &[]);
    if submits {
        let review = browser.get(&format!("{path}/revisione")).expect(200, &[]);
        browser.submit(&review, &[]).expect(303, &[]);
    }
    yesterday
}

/// Writes a snapshot of everybody into a folder.
pub fn exports(site: &Site, folder: &Path) {
    block_on(async {
        let (database, keys) = open_database(&site.config).await.expect("the site's database");
        let label = || questionnaires::Label::new("Prova", "Trial");
        let options = ExportOptions {
            with_texts: false,
            as_of: Utc::now(),
            purpose: snapshot::USUAL_PURPOSE.to_owned(),
            synthetic: true,
            title: label(),
            population: label(),
            who: Who::Everybody,
            sampled_only: false,
        };
        snapshot::export(&database, &keys, folder, &options).await.expect("an export");
    });
}

/// Puts an extract of the population register in the place of the site's register.
pub fn register(site: &Site, text: &str) {
    block_on(async {
        let (database, keys) = open_database(&site.config).await.expect("the site's database");
        let options = ImportOptions { now: Utc::now(), accept_partial: false, accept_shrinking: true };
        let file = std::io::Cursor::new(text.as_bytes().to_vec());
        import(&database, &keys, file, Vec::new(), options).await.expect("a good extract");
        database.close().await.expect("closed");
    });
}
