//! The release desk with the real program as its child, on real databases: from the form to the hour at which everybody
//! reads the edition, and everything that may go wrong on the way.

use std::{
    fs,
    path::{Path, PathBuf},
    thread::sleep,
    time::{Duration, Instant},
};

use analytics::synthetic::{self, CityOptions};
use chrono::{DateTime, Utc};
use survey_server::{
    access::officer::OfficerRole,
    clock::{Clock, italian_time},
    config::Config,
    demonstration::{self, Person},
};
use tests::{
    browser::{Answer, Browser},
    command::{binary, tempi},
    forms::Form,
    process::Process,
    site::Site,
};

use crate::roles::{day, person};

const RELEASES: &str = "/ufficio/rilasci";
const EARLY: &str = "/ufficio/anticipazioni";

/// How long a small city may take to be computed.
const PATIENCE: Duration = Duration::from_secs(240);

fn with_desk(config: &mut Config) {
    config.rate_limits.sign_ins_per_minute = 10_000;
    config.rate_limits.forms_per_minute = 10_000;
    config.releases.folder = Some(config.key_file.with_file_name("releases"));
    config.releases.program = Some(binary());
    config.publication = Some(config.key_file.with_file_name("editions"));
}

/// A site with a desk and an invented city of so many people.
fn city(site: Site, n_persons: usize) -> Site {
    let now = site.clock.now();
    let options = CityOptions { n_persons, seed: 7, first_date: italian_time(now).date() - chrono::Duration::days(35) };
    let people = synthetic::city(&options).persons.into_iter();
    let people: Vec<Person> =
        people.map(|person| Person { answers: person.answers, diaries: person.diaries.into() }).collect();
    site.with_data(async |database, _| demonstration::load(database, &people, now).await.expect("stored"));
    site
}

fn small_city() -> Site {
    city(Site::start_with(with_desk, false), 120)
}

fn officer(site: &Site, number: u32, roles: &[OfficerRole]) -> Browser {
    for role in roles {
        site.grant(&person(number), *role, day(site, 300));
    }
    site.signed_in(&person(number))
}

const ANALYST: &[OfficerRole] = &[OfficerRole::Analyst];
const EDITOR: &[OfficerRole] = &[OfficerRole::Editor];
const COUNCIL: &[OfficerRole] = &[OfficerRole::Council];

/// The fields of the form as they stand, with some set to something else. Boxes that are named lose what was ticked.
fn filled(page: &Answer, action: &str, changes: &[(&str, &str)]) -> Vec<(String, String)> {
    let form = Form::all(page).into_iter().find(|form| form.action == action).expect("the form");
    let sent = form.fields.iter().filter(|field| field.is_sent);
    let fields = sent.filter(|field| !changes.iter().any(|(name, _)| *name == field.name));
    let stand = fields.map(|field| (field.name.clone(), field.value.clone()));
    stand.chain(changes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))).collect()
}

/// A release that is small: few measures, two groups.
fn small<'a>(title: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let small = [("titolo", title), ("linee", "derived"), ("misure", "tempogram"), ("gruppi", "employed")];
    small.into_iter().chain(more.iter().copied()).collect()
}

/// Defines a release; gives its address.
fn define(url: &str, browser: &mut Browser, changes: &[(&str, &str)]) -> String {
    let page = browser.get(&format!("{url}{RELEASES}/nuovo")).expect(200, &["Nuovo rilascio"]);
    let fields = filled(&page, RELEASES, changes);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = browser.post(&format!("{url}{RELEASES}"), &fields).expect(303, &[]);
    format!("{url}{}", answer.header("location").expect("its page"))
}

/// Waits until the page of a release says something; gives the page and everything it said on the way.
#[track_caller]
fn wait_for(browser: &mut Browser, release: &str, words: &str) -> (Answer, Vec<String>) {
    let began = Instant::now();
    let mut said = Vec::new();
    loop {
        let page = browser.get(release).expect(200, &[]);
        if page.body.contains(words) {
            return (page, said);
        }
        let at_work = page.body.contains("data-al-lavoro");
        assert!(at_work && began.elapsed() < PATIENCE, "`{words}` never came: {}", page.body);
        let stage = page.body.split("id=\"fase\">").nth(1).and_then(|rest| rest.split('<').next()).unwrap_or_default();
        let stage = stage.split(':').next().unwrap_or_default().trim().to_owned();
        if said.last() != Some(&stage) {
            said.push(stage);
        }
        sleep(Duration::from_millis(20));
    }
}

fn step(site: &Site, browser: &mut Browser, release: &str, name: &str, fields: &[(&str, &str)]) -> Answer {
    let token = browser.token(site);
    let fields: Vec<(&str, &str)> = [("gettone", token.as_str())].into_iter().chain(fields.iter().copied()).collect();
    browser.post(&format!("{release}/{name}"), &fields)
}

/// The fields of an hour, as an editor types it.
fn hour(at: DateTime<Utc>) -> [(&'static str, String); 2] {
    let local = italian_time(at);
    [("data", local.date().to_string()), ("ora", local.format("%H:%M").to_string())]
}

fn approve(site: &Site, browser: &mut Browser, release: &str, at: DateTime<Utc>) -> Answer {
    let fields = hour(at);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    step(site, browser, release, "approva", &fields)
}

/// The folder of a release.
fn folder_of(site: &Site, release: &str) -> PathBuf {
    let id = release.rsplit('/').next().expect("an id");
    site.config.releases.folder.as_ref().expect("a desk").join(id)
}

fn editions(site: &Site) -> PathBuf {
    site.config.publication.clone().expect("a folder")
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for path in fs::read_dir(&next).into_iter().flatten().map(|entry| entry.expect("readable").path()) {
            if path.is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    found
}

fn has_snapshot(folder: &Path) -> bool {
    files(folder).iter().any(|file| file.file_name().is_some_and(|name| name == "episodes.parquet"))
}

/// Processes of the program that work for a desk.
fn workers() -> Vec<String> {
    let processes = fs::read_dir("/proc").expect("a list").flatten();
    let numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    numbers
        .filter_map(|number| {
            let command = fs::read_to_string(format!("/proc/{number}/cmdline")).ok()?;
            let folder = fs::read_link(format!("/proc/{number}/cwd")).ok()?;
            command.contains("release-work").then(|| folder.display().to_string())
        })
        .collect()
}

/// Whether a process still works for the desk of this site.
fn is_worked_for(site: &Site) -> bool {
    let own = site.config.releases.folder.as_ref().expect("a desk").display().to_string();
    workers().contains(&own)
}

#[track_caller]
fn soon(what: &str, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_secs(20), "{what}");
        sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_release_goes_from_the_form_to_everybody_at_its_hour_by_two_people() {
    for site in Site::on_every_database_with(with_desk) {
        let site = city(site, 120);
        let (mut analyst, mut editor) = (officer(&site, 0, ANALYST), officer(&site, 1, EDITOR));
        let mut reader = site.browser();
        let at = |path: &str| format!("{}{path}", site.url);
        analyst.get(&at("/ufficio")).expect(200, &["/ufficio/rilasci"]);
        let changes = small("Prima edizione", &[("autore", "Ufficio <Tempi>"), ("eta", "")]);
        let release = define(&site.url, &mut analyst, &changes);
        let (page, said) = wait_for(&mut analyst, &release, "Da controllare");
        assert!(said.len() >= 2, "no progress was seen: {said:?}");
        assert!(!has_snapshot(&folder_of(&site, &release)), "the pseudonymised data are still there");
        assert!(!page.body.contains("/approva"), "whoever made it does not approve it");

        // Review: counts, a filter, the comparison, the draft.
        analyst.get(&format!("{release}/tabelle")).expect(200, &["Durata media generica", "Oscurato per riservatezza"]);
        let filtered = analyst.get(&format!("{release}/tabelle?misura=time_spent&gruppo=sesso-F&stato=good"));
        let rows = filtered.expect(200, &["Trovati: "]);
        assert!(rows.body.contains("Donne") && !rows.body.contains("<td>Non mostrato"), "{}", rows.body);
        analyst.get(&format!("{release}/confronto")).expect(200, &["sarà la prima"]);
        let draft = analyst.get(&format!("{release}/bozza/")).expect(200, &["Bozza, non approvata", "Dati sintetici"]);
        assert_eq!(draft.header("cache-control"), Some("private, no-store"));
        analyst
            .get(&format!("{release}/bozza/en/edition.html"))
            .expect(200, &["Draft, not approved", "&#60;Tempi&#62;"]);
        analyst.get(&format!("{release}/bozza/../../../form.json")).expect(404, &[]);
        // Drafts are for editors and whoever made them.
        for (number, roles) in [(2, ANALYST), (3, COUNCIL)] {
            let mut other = officer(&site, number, roles);
            for path in ["", "/tabelle", "/confronto", "/bozza/"] {
                let expected = if roles == ANALYST { 404 } else { 403 };
                other.get(&format!("{release}{path}")).expect(expected, &[]);
            }
        }
        editor.get(&format!("{release}/bozza/")).expect(200, &["Bozza"]);
        editor.get(&at(RELEASES)).expect(200, &["Prima edizione"]);

        // One asks, another approves; nobody approves before it was asked.
        let tomorrow = site.clock.now() + chrono::Duration::hours(24);
        approve(&site, &mut editor, &release, tomorrow).expect(409, &[]);
        step(&site, &mut analyst, &release, "proponi", &[]).expect(303, &[]);
        step(&site, &mut analyst, &release, "proponi", &[]).expect(409, &["non è più a questo passo"]);
        site.clock.advance(chrono::Duration::seconds(2));
        // An editor who came later, and whoever made it under another role, are no second person.
        let mut late = officer(&site, 4, EDITOR);
        approve(&site, &mut late, &release, tomorrow).expect(403, &["Deve approvare un&#39;altra persona"]);
        let mut both = officer(&site, 0, EDITOR);
        both.get(&release).expect(200, &["lo approva un altro redattore"]);
        approve(&site, &mut both, &release, tomorrow).expect(403, &["Deve approvare un&#39;altra persona"]);
        let past = approve(&site, &mut editor, &release, site.clock.now() - chrono::Duration::hours(1));
        past.expect(422, &["Scegli un&#39;ora che deve ancora venire"]);
        approve(&site, &mut editor, &release, tomorrow).expect(303, &[]);
        wait_for(&mut editor, &release, "Pronto, riservato");

        // Not yet: for nobody at a public address, whatever it is.
        for path in [
            "/risultati/edizioni/1/",
            "/risultati/feed.xml",
            "/risultati/edition.json",
            "/risultati/edizioni/1/feed.xml",
        ] {
            let answer = reader.get(&at(path));
            assert!(!answer.body.contains("Ufficio") && !answer.body.contains("<entry>"), "{path}: {}", answer.body);
        }
        reader.get(&at("/risultati/")).expect(200, &["Non c&#39;è ancora nulla"]);
        assert!(!reader.get(&site.url).body.contains("Guarda i risultati"));
        site.signed_in(&person(2)).get(&at(&format!("{EARLY}/1/"))).expect(403, &[]);
        reader.get(&at(&format!("{EARLY}/1/"))).expect(401, &[]);
        let mut council = officer(&site, 5, COUNCIL);
        council.get(&at(EARLY)).expect(200, &["Edizione 1"]);
        let early = council.get(&at(&format!("{EARLY}/1/"))).expect(200, &["Riservato fino a", "Donne e uomini"]);
        assert_eq!(early.header("cache-control"), Some("private, no-store"));
        council.get(&at(&format!("{EARLY}/1/dati/estimates.csv"))).expect(200, &["time_spent"]);
        council.get(&at(&format!("{EARLY}/1/assets/tempi-risultati.css"))).expect(200, &[]);
        council.get(&at(&format!("{EARLY}/2/"))).expect(404, &[]);

        // The hour comes, and nobody presses anything.
        site.clock.advance(tomorrow - site.clock.now() - chrono::Duration::seconds(61));
        reader.get(&at("/risultati/edizioni/1/")).expect(200, &["Non c&#39;è ancora nulla"]);
        site.clock.advance(chrono::Duration::seconds(62));
        let front = reader.get(&at("/risultati/")).expect(200, &["Donne e uomini"]);
        assert!(!front.body.contains("Riservato") && front.header("cache-control") == Some("public, max-age=60"));
        reader.get(&at("/risultati/edizioni/1/edizione.html")).expect(200, &["Ufficio &#60;Tempi&#62;"]);
        let feed = reader.get(&at("/risultati/feed.xml")).expect(200, &["<entry>"]);
        assert_eq!(feed.header("content-type"), Some("application/atom+xml; charset=utf-8"));
        reader.get(&site.url).expect(200, &["Guarda i risultati"]);
        let mut council = site.signed_in(&person(5));
        let moved = council.get(&at(&format!("{EARLY}/1/"))).expect(303, &[]);
        assert_eq!(moved.header("location"), Some("/risultati/edizioni/1/"));

        // The edition is sealed and can be made again by the command line, byte by byte.
        let edition = editions(&site).join("1");
        tempi([Path::new("verify-edition"), &edition]).success();
        let (folder, again) = (folder_of(&site, &release), site.folder().join("again"));
        let arguments = [
            Path::new("publish"),
            &folder.join("result/estimates"),
            Path::new("--edition-file"),
            &folder.join("edition-approved.toml"),
            Path::new("--output"),
            &again,
        ];
        tempi(arguments).success();
        // What was sealed is not written over by mistake.
        tempi(arguments).refused(1, &["editions do not change", "--replace"]);
        for file in files(&edition) {
            let name = file.strip_prefix(&edition).expect("below");
            assert!(fs::read(again.join(name)).ok() == fs::read(&file).ok(), "{} differs", name.display());
        }

        let record = site.audit();
        let steps: Vec<String> = record
            .iter()
            .filter(|row| row.verb.starts_with("release-") || row.verb.starts_with("edition-"))
            .map(|row| row.verb.clone())
            .collect();
        let expected = [
            "release-defined",
            "release-started",
            "release-ended",
            "release-submitted",
            "release-approved",
            "release-started",
            "edition-sealed",
        ];
        assert_eq!(steps, expected);
        let readings: Vec<&str> =
            record.iter().filter(|row| row.verb == "embargoed-read").map(|row| row.detail.as_str()).collect();
        assert_eq!(
            readings,
            ["edition 1 index.html", "edition 1 dati/estimates.csv"],
            "every reading, and no style sheet"
        );
        assert!(record.iter().any(|row| row.verb == "exported"));
    }
}

/// Whoever finds an error before the hour stops the edition, and what the council has read counts as told.
#[test]
fn an_edition_is_withdrawn_before_its_hour_and_never_after() {
    let site = small_city();
    let (mut analyst, mut editor) = (officer(&site, 0, ANALYST), officer(&site, 1, EDITOR));
    let release = define(&site.url, &mut analyst, &small("Uno", &[]));
    wait_for(&mut analyst, &release, "Da controllare");
    step(&site, &mut analyst, &release, "proponi", &[]).expect(303, &[]);
    let hour = site.clock.now() + chrono::Duration::minutes(3);
    approve(&site, &mut editor, &release, hour).expect(303, &[]);
    wait_for(&mut editor, &release, "Pronto, riservato");
    assert!(editions(&site).join("1").exists());
    let reason = ("motivo", "La tabella delle zone ha un errore di etichetta.");
    step(&site, &mut editor, &release, "ritira", &[("motivo", "")]).expect(422, &["da 20 a 500 caratteri"]);
    step(&site, &mut editor, &release, "ritira", &[reason]).expect(303, &[]);
    assert_eq!(files(&editions(&site)), Vec::<PathBuf>::new());
    analyst.get(&release).expect(200, &["Rimandato", "errore di etichetta"]);
    step(&site, &mut editor, &release, "ritira", &[reason]).expect(409, &[]);
    let history = site.config.releases.folder.as_ref().expect("a desk").join("history/uso-del-tempo.json");
    assert!(history.exists(), "what the council read is forgotten");

    step(&site, &mut analyst, &release, "proponi", &[]).expect(303, &[]);
    approve(&site, &mut editor, &release, site.clock.now() + chrono::Duration::minutes(2)).expect(303, &[]);
    wait_for(&mut editor, &release, "Pronto, riservato");
    site.clock.advance(chrono::Duration::minutes(3));
    editor.get(&release).expect(200, &["Pubblicato"]);
    step(&site, &mut editor, &release, "ritira", &[reason]).expect(409, &[]);
    site.browser().get(&format!("{}/risultati/edizioni/1/", site.url)).expect(200, &["Donne e uomini"]);
    let verbs: Vec<String> = site.audit().into_iter().map(|row| row.verb).collect();
    assert_eq!(verbs.iter().filter(|verb| *verb == "release-withdrawn").count(), 1);
}

/// What two editions tell together is protected: whoever approves the second after the first has it computed again.
#[test]
fn a_release_that_another_edition_has_overtaken_is_computed_again() {
    let site = small_city();
    let (mut analyst, mut editor) = (officer(&site, 0, ANALYST), officer(&site, 1, EDITOR));
    let first = define(&site.url, &mut analyst, &small("Uno", &[]));
    let second = define(&site.url, &mut analyst, &small("Due", &[("sezione-day", ""), ("corregge", ""), ("eta", "")]));
    for release in [&first, &second] {
        wait_for(&mut analyst, release, "Da controllare");
        step(&site, &mut analyst, release, "proponi", &[]).expect(303, &[]);
    }
    let soon = site.clock.now() + chrono::Duration::minutes(2);
    approve(&site, &mut editor, &first, soon).expect(303, &[]);
    wait_for(&mut editor, &first, "Pronto, riservato");
    approve(&site, &mut editor, &second, soon).expect(409, &["va elaborato di nuovo"]);
    // At the same time it is noticed when the second is sealed.
    let third = define(&site.url, &mut analyst, &small("Tre", &[("linee", "location")]));
    wait_for(&mut analyst, &third, "Da controllare");
    let fourth = define(&site.url, &mut analyst, &small("Quattro", &[]));
    wait_for(&mut analyst, &fourth, "Da controllare");
    for release in [&third, &fourth] {
        step(&site, &mut analyst, release, "proponi", &[]).expect(303, &[]);
    }
    for release in [&third, &fourth] {
        approve(&site, &mut editor, release, site.clock.now() + chrono::Duration::hours(5)).expect(303, &[]);
    }
    wait_for(&mut editor, &third, "Pronto, riservato");
    wait_for(&mut editor, &fourth, "Nel frattempo è stata approvata un&#39;altra edizione");
    let reason = ("motivo", "Non deve uscire: serve solo alla prova.");
    step(&site, &mut editor, &third, "ritira", &[reason]).expect(303, &[]);
    // Returned with a reason, it is changed and computed anew.
    step(&site, &mut editor, &second, "rimanda", &[("motivo", "no")]).expect(422, &["da 20 a 500 caratteri"]);
    let reason = "Va rifatto: nel frattempo è uscita un'altra edizione.";
    step(&site, &mut editor, &second, "rimanda", &[("motivo", reason)]).expect(303, &[]);
    analyst.get(&second).expect(200, &["Rimandato", "uscita un&#39;altra edizione"]);
    let page = analyst.get(&format!("{second}/modifica")).expect(200, &["Modifica e rielabora", "Due"]);
    let action = format!("{}/modifica", second.trim_start_matches(&site.url));
    let changes = [
        ("corregge", "si"),
        ("errore", "Le ore del giorno non tornavano"),
        ("perche", "Una tabella era letta due volte"),
    ];
    let fields = filled(&page, &action, &changes);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    analyst.post(&format!("{second}/modifica"), &fields).expect(303, &[]);
    wait_for(&mut analyst, &second, "Da controllare");
    analyst.get(&format!("{second}/confronto")).expect(200, &["Uguali", "Diversi"]);
    step(&site, &mut analyst, &second, "proponi", &[]).expect(303, &[]);
    let later = site.clock.now() + chrono::Duration::minutes(4);
    approve(&site, &mut editor, &second, later).expect(303, &[]);
    wait_for(&mut editor, &second, "Pronto, riservato");

    site.clock.advance(chrono::Duration::minutes(6));
    let mut reader = site.browser();
    let at = |path: &str| format!("{}{path}", site.url);
    reader.get(&at("/risultati/edizione.html")).expect(200, &["È una correzione", "letta due volte", "edizioni/1/"]);
    // The first stays where it was, and says that it is not the newest.
    reader.get(&at("/risultati/edizioni/1/")).expect(200, &["Questa è l&#39;edizione 1", "edizione 2"]);
    reader.get(&at("/risultati/edizioni/1/en/")).expect(200, &["The newest is edition 2"]);
    assert!(!reader.get(&at("/risultati/edizioni/2/")).body.contains("tempi-edition-notice"));
    let nested = reader.get(&at("/risultati/edizioni/2/edizioni/1/")).expect(303, &[]);
    assert_eq!(nested.header("location"), Some("/risultati/edizioni/1/"));
    let (one, two) = (editions(&site).join("1"), editions(&site).join("2"));
    tempi([Path::new("verify-edition"), &two, Path::new("--previous"), &one]).success();
    // The comparison with the first edition is described as the other tables are.
    assert!(two.join("dati/confronto.csv").is_file() && crate::open_data::check("csvw", &two) > 0);
}

#[test]
fn of_two_releases_one_is_computed_at_a_time_and_each_can_be_cancelled() {
    let site = city(Site::start_with(with_desk, false), 900);
    let mut analyst = officer(&site, 0, ANALYST);
    let first = define(&site.url, &mut analyst, &[("titolo", "Primo")]);
    let second = define(&site.url, &mut analyst, &small("Secondo", &[]));
    wait_for(&mut analyst, &first, "In elaborazione");
    soon("nothing works on the first", || is_worked_for(&site));
    analyst.get(&second).expect(200, &["In attesa"]);
    assert_eq!(workers().iter().filter(|folder| Path::new(folder).starts_with(site.folder())).count(), 1);
    // While the work goes on, the site answers and the work gives way to it.
    analyst.get(&site.url).expect(200, &[]);

    step(&site, &mut analyst, &first, "annulla", &[]).expect(303, &[]);
    wait_for(&mut analyst, &first, "Annullato");
    assert!(!folder_of(&site, &first).join("work").exists() && !folder_of(&site, &first).join("result").exists());
    step(&site, &mut analyst, &first, "annulla", &[]).expect(409, &[]);
    wait_for(&mut analyst, &second, "Da controllare");
    soon("a process outlives its release", || !is_worked_for(&site));

    // What waits is taken out of the queue.
    let third = define(&site.url, &mut analyst, &[("titolo", "Terzo")]);
    let fourth = define(&site.url, &mut analyst, &small("Quarto", &[]));
    wait_for(&mut analyst, &third, "In elaborazione");
    step(&site, &mut analyst, &fourth, "annulla", &[]).expect(303, &[]);
    analyst.get(&fourth).expect(200, &["Annullato"]);
    assert!(!folder_of(&site, &fourth).join("work").exists());
    step(&site, &mut analyst, &third, "annulla", &[]).expect(303, &[]);
    wait_for(&mut analyst, &third, "Annullato");
    // And can be computed after all.
    let page = analyst.get(&format!("{fourth}/modifica")).expect(200, &["Quarto"]);
    let action = format!("{}/modifica", fourth.trim_start_matches(&site.url));
    let fields = filled(&page, &action, &[]);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    analyst.post(&format!("{fourth}/modifica"), &fields).expect(303, &[]);
    wait_for(&mut analyst, &fourth, "Da controllare");
}

#[test]
fn a_release_that_fails_says_why_and_leaves_nothing_half_made() {
    let site = small_city();
    let mut analyst = officer(&site, 0, ANALYST);
    let margins = "sex,age_group,population\nF,25-44,1000\n";
    let release = define(&site.url, &mut analyst, &small("Senza uomini", &[("totali", "typed"), ("margini", margins)]));
    let (page, _) = wait_for(&mut analyst, &release, "Non riuscito");
    page.clone().expect(200, &["Il programma dice perché", "margins"]);
    for secret in [site.folder().display().to_string(), "sqlite".to_owned()] {
        assert!(!page.body.contains(&secret), "{secret} is told: {}", page.body);
    }
    assert!(!folder_of(&site, &release).join("work").exists() && !folder_of(&site, &release).join("result").exists());
    analyst.get(&format!("{release}/tabelle")).expect(404, &[]);
    step(&site, &mut analyst, &release, "proponi", &[]).expect(409, &[]);
    // The register is asked for where there is none.
    let release = define(&site.url, &mut analyst, &small("Anagrafe", &[("totali", "register")]));
    wait_for(&mut analyst, &release, "Non riuscito").0.expect(200, &["no register of residents"]);
    assert!(!has_snapshot(site.folder()), "the pseudonymised data outlive the failure");
}

#[test]
fn a_run_that_takes_too_much_or_does_not_start_is_told_in_words() {
    let check = |change: fn(&mut Config), words: &str| {
        let site = Site::start_with(
            |config| {
                with_desk(config);
                change(config);
            },
            false,
        );
        let site = city(site, 60);
        let mut analyst = officer(&site, 0, ANALYST);
        let release = define(&site.url, &mut analyst, &small("Troppo", &[]));
        let (page, _) = wait_for(&mut analyst, &release, words);
        page.expect(200, &["Non riuscito"]);
        assert!(!folder_of(&site, &release).join("work").exists());
        soon("a process outlives its release", || !is_worked_for(&site));
    };
    check(|config| config.releases.time_limit = Duration::from_millis(20), "ha superato il tempo concesso");
    check(|config| config.releases.memory_limit = 1 << 20, "ha superato la memoria concessa");
    check(|config| config.releases.program = Some("/nowhere/tempi".into()), "non è partito");
    check(|config| config.releases.program = Some("/bin/false".into()), "si è chiusa da sola");
}

#[test]
fn a_server_that_is_killed_leaves_no_work_behind_and_says_that_it_was_broken_off() {
    let mut site = city(Site::start_with(with_desk, false), 900);
    let mut analyst = officer(&site, 0, ANALYST);
    site.stop();
    let process = Process::of(&site);
    let release = define(&process.url, &mut analyst, &[("titolo", "Interrotto a metà")]);
    let waiting = define(&process.url, &mut analyst, &small("In coda", &[]));
    wait_for(&mut analyst, &release, "In elaborazione");
    soon("nothing works", || is_worked_for(&site));
    process.kill();
    soon("the work outlives the server", || !is_worked_for(&site));
    let id = release.rsplit('/').next().expect("an id").to_owned();
    let folder = folder_of(&site, &release);
    soon("half a work is left", || !folder.join("work").exists());

    let site = site.again();
    let mut analyst = site.signed_in(&person(0));
    let (page, _) = wait_for(&mut analyst, &format!("{}{RELEASES}/{id}", site.url), "Interrotto");
    page.expect(200, &["non ha lasciato nulla a metà", "Modifica e rielabora"]);
    // What waited is not lost.
    let waiting = waiting.rsplit('/').next().expect("an id").to_owned();
    wait_for(&mut analyst, &format!("{}{RELEASES}/{waiting}", site.url), "Da controllare");
}

#[test]
fn a_server_that_stops_ends_what_it_had_begun() {
    let mut site = city(Site::start_with(with_desk, false), 900);
    let mut analyst = officer(&site, 0, ANALYST);
    let release = define(&site.url, &mut analyst, &[("titolo", "Fermato")]);
    wait_for(&mut analyst, &release, "In elaborazione");
    soon("nothing works", || is_worked_for(&site));
    site.stop();
    assert!(!is_worked_for(&site) && !folder_of(&site, &release).join("work").exists());
    let id = release.rsplit('/').next().expect("an id").to_owned();
    let site = site.again();
    let mut analyst = site.signed_in(&person(0));
    analyst.get(&format!("{}{RELEASES}/{id}", site.url)).expect(200, &["Interrotto"]);
}

#[test]
fn a_definition_with_faults_is_shown_again_as_it_was_typed() {
    let site = small_city();
    let mut analyst = officer(&site, 0, ANALYST);
    let page = analyst.get(&format!("{}{RELEASES}/nuovo", site.url)).expect(200, &[]);
    let changes = [("titolo", "Per RSSMRA80A41C707O"), ("soglia", "2"), ("corregge", "si"), ("gruppi", "everybody")];
    let fields = filled(&page, RELEASES, &changes);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let words = [
        "non si nomina nessuno",
        "almeno 3",
        "Scegli fra le voci",
        "Non c&#39;è ancora un&#39;edizione",
        "value=\"2\"",
    ];
    analyst.post(&format!("{}{RELEASES}", site.url), &fields).expect(422, &words);
    analyst.get(&format!("{}{RELEASES}", site.url)).expect(200, &["Non c&#39;è ancora nessun rilascio"]);
}

/// Zones and answers are chosen in the form, computed as chosen, and reviewed like the other numbers.
#[test]
fn zones_and_answers_are_told_as_the_form_says() {
    let site = small_city();
    let mut analyst = officer(&site, 0, ANALYST);
    // Nobody has answered about their usual week: leaving it out is no fault.
    let more = [("zone", "si"), ("senza-questionari", "usual_week"), ("senza-domande", "care_hours\r\ncitizenship")];
    let release = define(&site.url, &mut analyst, &small("Zone e risposte", &more));
    wait_for(&mut analyst, &release, "Da controllare").0.expect(200, &["/risposte\""]);
    let folder = folder_of(&site, &release);
    let plan = fs::read_to_string(folder.join("release.toml")).expect("a plan");
    for line in ["zones = true", "publish = true", "leave_out = [\"usual_week\", \"care_hours\", \"citizenship\"]"] {
        assert!(plan.contains(line), "{line}: {plan}");
    }
    let estimates = folder.join("result/estimates");
    let read = |name: &str| fs::read_to_string(estimates.join(name)).expect("readable");
    assert!(read("estimates.csv").contains(",zone_"), "no zone has numbers");
    let answers = read("answers.csv");
    assert!(
        answers.contains(",weekly_hours,") && !answers.contains(",care_hours,") && !answers.contains(",citizenship,")
    );
    let edition = fs::read_to_string(folder.join("edition.toml")).expect("an edition");
    assert!(edition.contains("\"needs\""), "the section of answers is left out: {edition}");

    // All of them, then those that are withheld: no number is told of these.
    let page = analyst.get(&format!("{release}/risposte"));
    let n_answers = answers.lines().count() - 1;
    page.expect(200, &["Risposte del rilascio", "Quanti numeri, per domanda", &format!("Trovati: {n_answers}.")]);
    let filtered = analyst.get(&format!("{release}/risposte?stato=withheld"));
    let filtered = filtered.expect(200, &["I numeri", "<td>Oscurato per riservatezza</td>"]);
    let rows: Vec<&str> = filtered.body.split("<tr class=\"tempi-hidden-row\">").skip(1).collect();
    assert!(!rows.is_empty());
    for row in rows {
        let cells = row.split("</tr>").next().and_then(|row| row.split_once("</th>")).expect("cells").1;
        assert_eq!(cells, "<td>–</td><td>–</td><td>–</td><td>Oscurato per riservatezza</td>");
    }

    // Where answers are not told there is no file of them.
    fs::remove_file(estimates.join("answers.csv")).expect("removed");
    analyst.get(&format!("{release}/risposte")).expect(200, &["non ci sono risposte ai questionari"]);

    // A definition from before there was a choice reads as if left to the rule.
    let stored = fs::read_to_string(folder.join("form.json")).expect("a form");
    let mut pairs: Vec<(String, String)> = serde_json::from_str(&stored).expect("pairs");
    pairs.retain(|(name, _)| {
        !["zone", "risposte", "senza-questionari", "senza-domande", "sezione-needs"].contains(&name.as_str())
    });
    fs::write(folder.join("form.json"), serde_json::to_string(&pairs).expect("JSON")).expect("written");
    let page = analyst.get(&format!("{release}/modifica")).expect(200, &["Zone e risposte"]);
    let action = format!("{}/modifica", release.trim_start_matches(&site.url));
    let stands = filled(&page, &action, &[]);
    for (name, value) in [("zone", "rule"), ("risposte", "si"), ("sezione-needs", "6")] {
        assert!(stands.iter().any(|field| *field == (name.to_owned(), value.to_owned())), "{name}: {stands:?}");
    }
    let fields = filled(&page, &action, &[("risposte", "no"), ("zone", "no")]);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    analyst.post(&format!("{release}/modifica"), &fields).expect(303, &[]);
    let plan = fs::read_to_string(folder.join("release.toml")).expect("a plan");
    assert!(plan.contains("publish = false") && plan.contains("zones = false"), "{plan}");
    step(&site, &mut analyst, &release, "annulla", &[]).expect(303, &[]);
}

#[test]
fn a_question_that_there_is_not_is_refused_and_stays_as_it_was_typed() {
    let site = small_city();
    let mut analyst = officer(&site, 0, ANALYST);
    let page = analyst.get(&format!("{}{RELEASES}/nuovo", site.url)).expect(200, &["<code>care_hours</code>"]);
    let typed = "care_hours\r\norari_dei_negozi";
    let fields =
        filled(&page, RELEASES, &small("Domande", &[("senza-domande", typed), ("senza-questionari", "household")]));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = analyst.post(&format!("{}{RELEASES}", site.url), &fields);
    let words = ["Nessuna domanda ha questo nome: orari_dei_negozi.", "href=\"#senza-domande\""];
    let answer = answer.expect(422, &words);
    let kept = Form::all(&answer).into_iter().find(|form| form.action == RELEASES).expect("the form");
    let sent = |name: &str| kept.fields.iter().find(|field| field.name == name && field.is_sent);
    assert!(answer.body.contains(">care_hours\r\norari_dei_negozi</textarea>"), "{}", answer.body);
    assert_eq!(sent("senza-questionari").expect("the box").value, "household");
    analyst.get(&format!("{}{RELEASES}", site.url)).expect(200, &["Non c&#39;è ancora nessun rilascio"]);
}

#[test]
fn an_installation_without_a_desk_says_so() {
    let site = Site::start();
    let mut analyst = officer(&site, 0, ANALYST);
    analyst.get(&format!("{}{RELEASES}", site.url)).expect(200, &["releases.folder"]);
    analyst.get(&format!("{}{RELEASES}/nuovo", site.url)).expect(404, &[]);
}
