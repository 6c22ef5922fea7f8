//! Questionnaires as data: written in TOML, checked, translated, published, put to people beside the program's own, and taken to
//! other programs; answers stay with the version they were given to.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, Instant},
};

use questionnaires::instrument;
use tests::{
    browser::{Answer, Browser},
    command::tempi,
    site::Site,
};

const WOMAN: &str = "RSSMRA80A41C707O";

/// The example of `docs/QUESTIONNAIRES.md`.
fn example() -> String {
    let page = fs::read_to_string(tests::root().join("docs/QUESTIONNAIRES.md")).expect("the page");
    let block = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next());
    block.expect("the example").to_owned()
}

fn written(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, text).expect("a file");
    path
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

#[test]
fn the_example_of_the_documentation_is_checked_and_faults_are_named_with_their_lines() {
    let folder = tempfile::tempdir().unwrap();
    let good = written(folder.path(), "good.toml", &example());
    let run = tempi(["questionnaire", "check", text(&good)]).success();
    assert!(run.stdout.contains("nothing to mend"), "{}", run.stdout);
    let run = tempi(["questionnaire", "check", text(&good), "--json"]).success();
    let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!((report["n_faults"].as_u64(), report["files"][0]["name"].as_str()), (Some(0), Some("library_hours")));

    let faulty = example().replacen("values = [\"yes\"]", "values = [\"maybe\"]", 1);
    let line = faulty.lines().position(|line| line.contains("\"maybe\"")).expect("the fault") + 1;
    let named = faulty.lines().take(line).enumerate().filter(|(_, line)| line.starts_with("name = ")).last();
    let named = named.expect("the question").0 + 1;
    let bad = written(folder.path(), "bad.toml", &faulty);
    let run = tempi(["questionnaire", "check", text(&good), text(&bad)]).refused(1, &["1 faults"]);
    assert!(run.stdout.contains(&format!("bad.toml:{named}: ")) && run.stdout.contains("maybe"), "{}", run.stdout);
    let mistyped = written(folder.path(), "mistyped.toml", &example().replacen("text = {", "txet = {", 1));
    let run = tempi(["questionnaire", "check", text(&mistyped), "--json"]).refused(1, &[]);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert!(report["files"][0]["faults"][0]["line"].as_u64().is_some(), "{report}");
    tempi(["questionnaire", "check"]).refused(2, &["FILES"]);
}

#[test]
fn a_translation_goes_out_as_a_table_and_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let file = written(folder.path(), "hours.toml", &example());
    let table = folder.path().join("ro.csv");
    let translate = ["questionnaire", "translate", text(&file), "--language", "ro"];
    tempi(translate.into_iter().chain(["--output", text(&table)])).success();
    let texts = fs::read_to_string(&table).unwrap();
    assert!(texts.lines().count() > 10 && texts.contains("place,it,en,ro"), "{texts}");
    let filled = "place,it,ro\ntitle,Gli orari della biblioteca,Orarul bibliotecii\n";
    let filled = written(folder.path(), "filled.csv", filled);
    let output = folder.path().join("translated.toml");
    let merge = ["--from", text(&filled), "--output", text(&output)];
    let run = tempi(translate.into_iter().chain(merge)).success();
    assert!(run.stdout.contains("1 texts translated"), "{}", run.stdout);
    assert!(fs::read_to_string(&output).unwrap().contains("Orarul bibliotecii"));
    let stale = written(folder.path(), "stale.csv", "place,it,ro\ntitle,Altro,Altul\n");
    let stale = ["--from", text(&stale), "--output", text(&folder.path().join("no.toml"))].map(str::to_owned);
    tempi(translate.iter().map(|part| (*part).to_owned()).chain(stale)).refused(1, &["line 2", "nothing was written"]);
    assert!(!folder.path().join("no.toml").exists());
}

/// A site whose folder of questionnaires is empty so far, and the configuration for the command line.
fn site_with_folder() -> (Site, PathBuf) {
    let site = Site::start_with(
        |config| {
            let folder = config.key_file.with_file_name("questionnaires");
            fs::create_dir(&folder).expect("a folder");
            config.questionnaires.folder = Some(folder);
        },
        false,
    );
    let folder = site.config.questionnaires.folder.clone().expect("the folder");
    (site, folder)
}

fn publish(site: &Site, file: &Path) -> tests::command::Run {
    let mut configuration = fs::read_to_string(site.configuration_file()).expect("the configuration");
    let folder = site.config.questionnaires.folder.as_ref().expect("the folder");
    configuration += &format!("[questionnaires]\nfolder = \"{}\"\n", folder.display());
    let path = written(site.folder(), "publish.toml", &configuration);
    tempi(["questionnaire", "publish", text(file), "--config", text(&path)])
}

fn taking_part(site: &Site) -> Browser {
    let mut browser = site.signed_in(WOMAN);
    let notice = browser.get(&format!("{}/consenso", site.url)).expect(200, &[]);
    browser.submit(&notice, &[]).expect(303, &[]);
    browser
}

fn get(site: &Site, browser: &mut Browser, path: &str) -> Answer {
    browser.get(&format!("{}{path}", site.url))
}

#[test]
fn a_published_version_is_asked_and_never_changes() {
    let (site, folder) = site_with_folder();
    let file = written(&folder, "hours.toml", &example());
    let site = site.again();
    let mut person = taking_part(&site);
    get(&site, &mut person, "/questionari/biblioteca").expect(404, &[]);
    publish(&site, &file).success();
    publish(&site, &file).success();
    assert_eq!(site.audit().iter().filter(|row| row.verb == "questionnaire-published").count(), 1);
    let site = site.again();
    let mut person = site.signed_in(WOMAN);
    get(&site, &mut person, "/area-personale").expect(200, &["Gli orari della biblioteca"]);
    let page = get(&site, &mut person, "/questionari/biblioteca/uso").expect(200, &["Vai in biblioteca?"]);
    person.submit(&page, &[("goes_to_library", "yes")]).expect(303, &[]);

    // Version 2 comes while the person is in the middle of version 1: what fits is kept, and they are told.
    let second = example().replacen("version = 1", "version = 2", 1).replace("library_why_not", "library_reason");
    written(&folder, "hours.toml", &second);
    publish(&site, &file).success();
    let site = site.again();
    let mut person = site.signed_in(WOMAN);
    let page = get(&site, &mut person, "/questionari/biblioteca/uso");
    let page = page.expect(200, &["abbiamo aggiornato questo questionario", "value=\"yes\" checked"]);
    person.submit(&page, &[("goes_to_library", "no")]).expect(303, &[]);
    let row = site
        .sql()
        .text("SELECT CAST(instrument_version AS TEXT) AS c0 FROM response WHERE instrument = 'library_hours'");
    assert_eq!(row, "2");

    // A changed file with a published number is refused, by the command and at start; so is one that takes others' names.
    let changed = second.replace("Vai in biblioteca?", "Vai spesso in biblioteca?");
    written(&folder, "hours.toml", &changed);
    publish(&site, &file).refused(1, &["hours.toml", "version 2", "version = 3"]);
    written(&folder, "hours.toml", &second);
    let taken = example().replacen("library_hours", "other_hours", 1).replacen("biblioteca", "altra", 1);
    let taken = taken.replace("goes_to_library", "age");
    let other = written(site.folder(), "taken.toml", &taken);
    publish(&site, &other).refused(1, &["`age`", "individual"]);
    let older = written(site.folder(), "older.toml", &example().replacen("Vai in biblioteca?", "Ci vai?", 1));
    publish(&site, &older).refused(1, &["version 1", "version = 2"]);
}

/// Asks for a page until it is answered as wanted: what is published is asked within seconds.
fn comes(site: &Site, browser: &mut Browser, path: &str, wanted: impl Fn(&Answer) -> bool) -> Answer {
    let began = Instant::now();
    loop {
        let answer = get(site, browser, path);
        if wanted(&answer) {
            return answer;
        }
        assert!(began.elapsed() < Duration::from_secs(40), "{path} stays {}: {}", answer.status, answer.body);
        thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn what_is_published_while_the_site_runs_is_asked_without_starting_it_again() {
    let (site, folder) = site_with_folder();
    let mut person = taking_part(&site);
    get(&site, &mut person, "/questionari/biblioteca").expect(404, &[]);
    let file = written(&folder, "hours.toml", &example());
    publish(&site, &file).success();
    let page = "/questionari/biblioteca/uso";
    let first = comes(&site, &mut person, page, |answer| answer.status == 200).expect(200, &["Vai in biblioteca?"]);
    person.submit(&first, &[("goes_to_library", "yes")]).expect(303, &[]);

    // A file with faults, and a published version that was changed, leave everything as it was.
    written(&folder, "broken.toml", "name = ");
    written(&folder, "hours.toml", &example().replace("Vai in biblioteca?", "Ci vai davvero?"));
    thread::sleep(Duration::from_secs(7));
    get(&site, &mut person, page).expect(200, &["Vai in biblioteca?"]);
    fs::remove_file(folder.join("broken.toml")).expect("removed");

    // Version 2 comes while the page of version 1 is before the person, who sends it: what fits is kept.
    let before = get(&site, &mut person, page);
    let second = example().replacen("version = 1", "version = 2", 1).replace("Vai in biblioteca?", "Ci vai?");
    written(&folder, "hours.toml", &second);
    publish(&site, &file).success();
    comes(&site, &mut person, page, |answer| answer.body.contains("Ci vai?"));
    person.submit(&before, &[("goes_to_library", "no")]).expect(303, &[]);
    let kept = "SELECT CAST(instrument_version AS TEXT) AS c0 FROM response WHERE instrument = 'library_hours'";
    assert_eq!(site.sql().text(kept), "2");

    // A file that leaves the folder is asked no more; its answers stay.
    fs::remove_file(&file).expect("removed");
    comes(&site, &mut person, page, |answer| answer.status == 404);
    assert_eq!(site.sql().text(kept), "2");
}

#[test]
fn answers_that_were_handed_in_are_read_with_their_own_version() {
    let (site, folder) = site_with_folder();
    let file = written(&folder, "hours.toml", &example());
    publish(&site, &file).success();
    let site = site.again();
    let mut person = taking_part(&site);
    let page = get(&site, &mut person, "/questionari/biblioteca/uso").expect(200, &[]);
    person.submit(&page, &[("goes_to_library", "no")]).expect(303, &[]);
    let page = get(&site, &mut person, "/questionari/biblioteca/uso").expect(200, &["Perché no?"]);
    let filled = [("goes_to_library", "no"), ("library_why_not", "Chiude <b>presto</b>")];
    person.submit(&page, &filled).expect(303, &[]);
    let summary = get(&site, &mut person, "/questionari/biblioteca/riepilogo");
    let summary = summary.expect(200, &["Chiude &#60;b&#62;presto"]);
    person.submit(&summary, &[]).expect(303, &[]);
    let second =
        example().replacen("version = 1", "version = 2", 1).replace("Vai in biblioteca?", "Frequenti la biblioteca?");
    written(&folder, "hours.toml", &second);
    publish(&site, &file).success();
    let site = site.again();
    let mut person = site.signed_in(WOMAN);
    let receipt = get(&site, &mut person, "/questionari/biblioteca/riepilogo");
    assert!(receipt.clone().expect(200, &["Vai in biblioteca?", "Hai consegnato"]).body.contains("presto"));
    let copy = get(&site, &mut person, "/area-personale/dati/scarica").expect(200, &["library_hours"]);
    let copy: serde_json::Value = serde_json::from_str(&copy.body).unwrap();
    assert_eq!(copy["surveys"][0]["questionnaires"][0]["version"], 1);
    // Given back, they become answers to the version of now, as far as they fit.
    let page = get(&site, &mut person, "/area-personale/dati").expect(200, &[]);
    let correct = [("correggi", "questionario:biblioteca")];
    let answer = person.submit_to(&page, "/area-personale/dati/correzione", &correct);
    assert!([200, 303].contains(&answer.status), "{}", answer.body);
}

#[test]
fn grids_and_rosters_are_filled_in_without_a_script() {
    for site in Site::on_every_database() {
        let mut person = taking_part(&site);
        let page = get(&site, &mut person, "/questionari/famiglia/casa").expect(200, &[]);
        person.submit(&page, &[("household_size", "3")]).expect(303, &[]);
        let page = get(&site, &mut person, "/questionari/famiglia/ciascuno").expect(200, &["Persona 1", "Persona 2"]);
        assert!(!page.body.contains("Persona 3"), "who answers is not asked about");
        let about = |number: &str, age: &str| {
            [("relation", "child"), ("sex", "F"), ("age", age), ("needs_help", "no")]
                .map(|(name, value)| (format!("members.{number}.member_{name}"), value.to_owned()))
        };
        let both: Vec<(String, String)> = about("1", "7").into_iter().chain(about("2", "15")).collect();
        let fields: Vec<(&str, &str)> = both.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let saved = person.submit(&page, &fields).expect(303, &[]);
        assert_eq!(saved.header("location"), Some("/questionari/famiglia/ciascuno"), "a child raises a question");
        let page =
            get(&site, &mut person, "/questionari/famiglia/ciascuno").expect(200, &["members.1.member_childcare"]);
        assert!(!page.body.contains("members.2.member_childcare"), "a girl of 15 needs no school care");
        // A smaller household forgets who is no longer in it.
        let page = get(&site, &mut person, "/questionari/famiglia/casa").expect(200, &[]);
        person.submit(&page, &[("household_size", "2")]).expect(303, &[]);
        let kept = site.sql().rows(1, "SELECT question AS c0 FROM answer WHERE question LIKE 'members.2.%'");
        assert_eq!(kept.len(), 0, "{kept:?}");

        let page = get(&site, &mut person, "/questionari/tempi-della-citta/servizi").expect(200, &[]);
        person.submit(&page, &[("services_used", "post"), ("services_used", "school")]).expect(303, &[]);
        let page = get(&site, &mut person, "/questionari/tempi-della-citta/orari").expect(200, &["Posta", "Scuola"]);
        assert!(!page.body.contains("service_hours.bank."), "only services that were chosen are asked about");
        let refused = person.submit(&page, &[("service_hours.post.travel_minutes", "mille")]);
        refused.expect(422, &["Posta · Quanti minuti ci metti", "Scrivi un numero intero", "value=\"mille\""]);
    }
}

#[test]
fn answers_of_the_wrong_kind_are_refused_or_left_alone() {
    let site = Site::start();
    let mut person = taking_part(&site);
    let page = get(&site, &mut person, "/questionari/settimana/lavoro").expect(200, &[]);
    person.submit(&page, &[("has_paid_work", "yes")]).expect(303, &[]);
    let send = |person: &mut Browser, path: &str, pairs: &[(&str, &str)]| {
        let token = person.token(&site);
        let token = [("gettone", token.as_str())];
        let fields: Vec<(&str, &str)> = token.into_iter().chain(pairs.iter().copied()).collect();
        person.post(&format!("{}{path}", site.url), &fields)
    };
    let week = "/questionari/settimana/orari";
    let shown = |name: &'static str| ("mostrata", name);
    let (start, end) = ("work_hours.monday.start_1", "work_hours.monday.end_1");
    for (from, to, words) in [
        ("25:00", "", "Scrivi un'ora da 00:00 a 23:59"),
        ("08:00", "", "scrivi anche quando finisci"),
        ("", "08:00", "scrivi anche quando cominci"),
        ("08:00", "08:00", "la stessa ora"),
        ("<script>", "x", "Scrivi un'ora"),
    ] {
        let words = words.replace('\'', "&#39;");
        send(&mut person, week, &[shown(start), shown(end), (start, from), (end, to)]).expect(422, &[&words]);
    }
    // Names that no question has are neither kept nor told of.
    for name in [
        "work_hours.holiday.start_1",
        "work_hours.monday.start_9",
        "age",
        "work_hours",
        "a.b.c.d",
        "members.1.member_age",
    ] {
        send(&mut person, week, &[("mostrata", name), (name, "08:00")]).expect(303, &[]);
    }
    let kept = site.sql().rows(1, "SELECT question AS c0 FROM answer WHERE instrument = 'usual_week'");
    assert_eq!(kept, [[Some("has_paid_work".to_owned())]]);
    let city = "/questionari/tempi-della-citta/citta";
    let long = "à".repeat(501);
    send(&mut person, city, &[shown("wish"), ("wish", &long)]).expect(422, &["al massimo 500 caratteri"]);
    send(&mut person, city, &[shown("wish"), ("wish", "\u{7}bip")])
        .expect(422, &["un carattere che non possiamo salvare"]);
    send(&mut person, city, &[shown("wish"), ("wish", &"a".repeat(70_000))]).expect(413, &[]);
    // A day that was not told cannot be judged.
    let day = get(&site, &mut person, "/questionari/fine-giornata.weekday/soddisfazione").expect(303, &[]);
    assert_eq!(day.header("location"), Some("/diario"));
    for path in ["/questionari/fine-giornata", "/questionari/fine-giornata.holiday", "/questionari/famiglia.weekday"] {
        get(&site, &mut person, path).expect(404, &[]);
    }
}

#[test]
fn a_preview_shows_the_pages_and_stores_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = written(folder.path(), "hours.toml", &example());
    let mut child = Command::new(tests::command::binary())
        .args(["questionnaire", "preview", text(&file), "--port", "0"])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut line = String::new();
    let output = child.stdout.take().expect("its output");
    std::io::BufRead::read_line(&mut std::io::BufReader::new(output), &mut line).expect("a line");
    let url = line.split_whitespace().find(|word| word.starts_with("http://127.0.0.1:")).expect("an address");
    let address = url.trim_end_matches('.').trim_start_matches("http://").to_owned();
    let send = |request: String| {
        let mut stream = std::net::TcpStream::connect(&address).expect("the preview");
        std::io::Write::write_all(&mut stream, request.as_bytes()).unwrap();
        let mut answer = String::new();
        std::io::Read::read_to_string(&mut stream, &mut answer).unwrap();
        answer
    };
    let get = |path: &str| send(format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n"));
    let post = |path: &str, origin: &str, body: &str| {
        send(format!(
            "POST {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\norigin: {origin}\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        ))
    };
    let page = get("/questionari/biblioteca/uso");
    assert!(page.contains("Vai in biblioteca?") && page.contains("Anteprima: niente"), "{page}");
    assert!(get("/").contains("location: /questionari/biblioteca"), "everything leads to it");
    let form = "mostrata=goes_to_library&goes_to_library=no";
    let own = format!("http://{address}");
    assert!(post("/questionari/biblioteca/uso", "https://altrove.example", form).starts_with("HTTP/1.1 403"));
    assert!(post("/questionari/biblioteca/uso", &own, form).starts_with("HTTP/1.1 303"));
    assert!(get("/questionari/biblioteca/uso").contains("Perché no?"), "the pages follow the answers");
    child.kill().expect("stopped");
    child.wait().expect("stopped");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing was written beside the file");
}

#[test]
fn every_questionnaire_is_taken_over_by_other_programs_and_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name);
    let mut sources: Vec<(String, String)> =
        instrument::all().iter().map(|own| (own.name.clone(), own.name.clone())).collect();
    let written_example = written(folder.path(), "example.toml", &example());
    sources.push(("library_hours".to_owned(), text(&written_example).to_owned()));
    for (name, source) in &sources {
        let canonical = place(&format!("{name}.canonical.toml"));
        tempi(["questionnaire", "export", source, "--format", "toml", "--output", text(&canonical)]).success();
        for (format, ending) in [("xlsform", "xlsx"), ("xforms", "xml"), ("ddi", "ddi.xml")] {
            let output = place(&format!("{name}.{ending}"));
            tempi(["questionnaire", "export", source, "--format", format, "--output", text(&output)]).success();
            if format != "ddi" {
                let back = place(&format!("{name}.{format}.toml"));
                tempi(["questionnaire", "import", text(&output), "--output", text(&back)]).success();
                assert_eq!(
                    fs::read_to_string(&back).unwrap(),
                    fs::read_to_string(&canonical).unwrap(),
                    "{name}, {format}"
                );
            }
        }
    }
    let python = tests::root().join("tests/xforms/venv/bin/python");
    if !python.exists() {
        println!("skipped: pyxform is not installed (tests/xforms/install.sh)");
        return;
    }
    let judged = Command::new(python).arg(tests::root().join("tests/xforms/judge.py")).arg(folder.path()).output();
    let judged = judged.expect("Python starts");
    let told = String::from_utf8_lossy(&judged.stdout).into_owned();
    assert!(judged.status.success(), "{told}{}", String::from_utf8_lossy(&judged.stderr));
    assert_eq!(told.matches(": good").count(), 3 * sources.len(), "{told}");
    // What pyxform made of our workbook reads back too, but for what only our own sheet says.
    for (name, _) in &sources {
        let back = place(&format!("{name}.pyxform.toml"));
        let converted = place(&format!("{name}.pyxform.xml"));
        tempi(["questionnaire", "import", text(&converted), "--output", text(&back)]).success();
        let read = |path: &Path| {
            let text = fs::read_to_string(path).unwrap();
            let mut instrument = questionnaires::Instrument::from_toml(&text).expect("TOML");
            instrument.title = questionnaires::Label::new(&instrument.title.it, "");
            // pyxform straightens quotation marks.
            instrument.each_text(&mut |_, label| {
                for tag in ["it", "en"] {
                    let text = label.written(tag).unwrap_or_default().to_owned();
                    label.write(tag, text.replace(['“', '”'], "\"").replace(['‘', '’'], "'"));
                }
            });
            instrument.asked = instrument::Asked::Once;
            instrument.path = String::new();
            instrument.sections.iter_mut().for_each(|section| section.path = String::new());
            instrument
        };
        assert_eq!(read(&back), read(&place(&format!("{name}.canonical.toml"))), "{name}");
    }
}

#[test]
fn a_form_that_says_more_is_refused_item_by_item() {
    let folder = tempfile::tempdir().unwrap();
    let xml = folder.path().join("household.xml");
    tempi(["questionnaire", "export", "household", "--format", "xforms", "--output", text(&xml)]).success();
    let decimal = fs::read_to_string(&xml).unwrap().replace("type=\"int\"", "type=\"decimal\"");
    let bad = written(folder.path(), "bad.xml", &decimal);
    let output = folder.path().join("out.toml");
    let run = tempi(["questionnaire", "import", text(&bad), "--output", text(&output)]);
    run.refused(1, &["nothing was written", "household_size", "member_age", "`decimal`"]);
    assert!(!output.exists());
    let broken = written(folder.path(), "broken.xlsx", "no workbook");
    tempi(["questionnaire", "import", text(&broken), "--output", text(&output)]).refused(1, &["is not a workbook"]);
    tempi(["questionnaire", "import", text(&output), "--output", "x"]).refused(1, &["cannot read"]);
}
