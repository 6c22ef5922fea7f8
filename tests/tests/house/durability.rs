//! Nothing that was said to be saved is lost when the process, or the database, is killed in the middle of its work.

use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use questionnaires::FiscalCode;
use serde_json::Value;
use survey_server::config::Config;
use tests::{
    browser::{Browser, encoded},
    day,
    line::Line,
    people::agrees,
    postgres::Postgres,
    process::Process,
    site::Site,
};

/// People who save at once.
const N_PEOPLE: usize = 6;

/// Somebody whose day is saved over and over, each time as the day of the next number.
struct Saver {
    browser: Browser,
    path: String,
    /// The number and version of the last day that was said to be saved.
    acknowledged: (u64, i64),
    /// The number of the last day that was sent.
    sent: u64,
}

impl Saver {
    /// Saves until the server is gone.
    fn save_until_killed(&mut self, (mut line, token): (Line, String), is_killed: &AtomicBool, n_saved: &AtomicU64) {
        while !is_killed.load(Ordering::Relaxed) {
            let number = self.sent + 1;
            self.sent = number;
            let (_, version) = self.acknowledged;
            let day = encoded(&day::whole(number).to_string());
            let body = format!("gettone={}&versione={version}&giornata={day}", encoded(&token));
            let Ok((status, body)) = line.post(&self.path, &body) else { return };
            assert_eq!(status, 200, "{body}");
            let reply: Value = serde_json::from_str(&body).expect("JSON");
            self.acknowledged = (number, reply["version"].as_i64().expect("a version"));
            n_saved.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// What is needed to save: a connection and the token of the forms.
    fn ready(&mut self, url: &str) -> (Line, String) {
        let state = self.state(url);
        (self.browser.line(url).expect("a connection"), state["token"].as_str().expect("a token").to_owned())
    }

    fn state(&mut self, url: &str) -> Value {
        let answer = self.browser.get(&format!("{url}{}", self.path)).expect(200, &[]);
        serde_json::from_str(&answer.body).expect("JSON")
    }

    /// What is kept must be the last day that was said to be saved, or the one that was on its way.
    fn check(&mut self, url: &str) {
        let state = self.state(url);
        let version = state["version"].as_i64().expect("a version");
        let (number, acknowledged) = self.acknowledged;
        if acknowledged == 0 && version == 0 {
            return;
        }
        let kept = day::number(&state["day"]).expect("a whole day");
        let is_last = version == acknowledged && kept == number;
        let was_on_its_way = version == acknowledged + 1 && kept == self.sent && kept > number;
        assert!(is_last || was_on_its_way, "{kept} at {version}, not {number} at {acknowledged} or {}", self.sent);
        self.acknowledged = (kept, version);
    }
}

/// Kills the server so many times while everybody saves; `hurt` may do more harm, and must make it good again.
fn kill_and_check(mut site: Site, n_kills: u64, hurt: impl Fn(&Site)) {
    let date = day::latest(&site);
    let mut savers: Vec<Saver> = (0..N_PEOPLE)
        .map(|person| {
            let code = format!("RSSMRA80A4{}C707", person + 1);
            let code = FiscalCode::with_check_character(&code).expect("a code");
            let browser = agrees(&site, code.reveal());
            Saver { browser, path: format!("/diario/{date}/dati"), acknowledged: (0, 0), sent: 0 }
        })
        .collect();
    site.stop();
    let mut process = Process::of(&site);
    for kill in 0..n_kills {
        let (is_killed, n_saved) = (AtomicBool::new(false), AtomicU64::new(0));
        let lines: Vec<_> = savers.iter_mut().map(|saver| saver.ready(&process.url)).collect();
        thread::scope(|scope| {
            for (saver, line) in savers.iter_mut().zip(lines) {
                let (is_killed, n_saved) = (&is_killed, &n_saved);
                scope.spawn(move || saver.save_until_killed(line, is_killed, n_saved));
            }
            // In the middle of the load, however slow the machine, and at another moment each time: a prime number of milliseconds later.
            let began = Instant::now();
            while n_saved.load(Ordering::Relaxed) < 2 * N_PEOPLE as u64 && began.elapsed() < Duration::from_secs(30) {
                thread::sleep(Duration::from_millis(1));
            }
            thread::sleep(Duration::from_millis(37 * kill));
            process.kill();
            is_killed.store(true, Ordering::Relaxed);
        });
        hurt(&site);
        process = Process::of(&site);
        for saver in &mut savers {
            saver.check(&process.url);
        }
    }
    let n_saved: u64 = savers.iter().map(|saver| saver.acknowledged.0).sum();
    println!("{n_saved} days were sent over {n_kills} kills");
    assert!(n_saved > n_kills * N_PEOPLE as u64, "too few days were saved for the kills to have met any");
}

/// As many forms as may be configured: these people save without a pause.
fn unhurried(config: &mut Config) {
    config.rate_limits.forms_per_minute = 10_000;
}

#[test]
fn a_killed_server_loses_no_day_it_said_was_saved() {
    kill_and_check(Site::start_with(unhurried, false), 12, |_| {});
}

#[test]
fn a_killed_database_loses_no_day_that_was_said_to_be_saved() {
    let Some(postgres) = Postgres::start_durable() else { return println!("skipped: PostgreSQL is not installed") };
    kill_and_check(Site::start_on(postgres, unhurried), 5, |site| {
        site.postgres().expect("PostgreSQL").kill_and_start()
    });
}
