//! The reports as PDF: what they say, what the office makes of them, and whether they are what they claim to be.
//! `readers/pdf.py` reads them with qpdf and pikepdf, which know nothing of how they were made.

#![cfg(feature = "pdf")]
#![allow(clippy::unwrap_used)]

mod kit;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use analytics::table::{Estimates, Flag, Status};
use questionnaires::Language;
use reports::opendata::Catalogue;
use reports::{Edition, PublishError, PublishOptions, PublishSummary, StaticFile, publish};
use tempfile::TempDir;

const PLAN: &str = "rapporti/piano-territoriale-degli-orari-it.pdf";
const BRIEF: &str = "rapporti/due-pagine-per-il-consiglio-it.pdf";

/// An office's folder: estimates, the edition with its texts, the site.
struct Office {
    folder: TempDir,
}

impl Office {
    fn new(estimates: &Estimates) -> Office {
        let folder = TempDir::new().unwrap();
        kit::write(estimates, &folder.path().join("estimates"));
        Office { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    /// Publishes the edition of which `report` are further lines.
    fn publish(&self, report: &str) -> Result<PublishSummary, PublishError> {
        self.write("edition.toml", &format!("{EDITION}\n{report}"));
        let edition = Edition::read(&self.path("edition.toml")).unwrap();
        let design_system = design_system();
        let options = PublishOptions {
            estimates: &self.path("estimates"),
            output: &self.path("site"),
            edition: &edition,
            previous: None,
            design_system: &design_system,
            languages: &Language::COMPLETE,
            home: Some("/"),
            catalogue: &Catalogue::default(),
            public_use: None,
        };
        publish(&options, &mut |_| {})
    }

    /// What is wrong with an edition of which `report` are further lines.
    fn refused(&self, report: &str) -> String {
        self.publish(report).unwrap_err().to_string()
    }

    fn site(&self, path: &str) -> PathBuf {
        self.path("site").join(path)
    }

    /// The words of a PDF, in the order of reading.
    fn words(&self, path: &str) -> String {
        let output = Command::new("pdftotext").arg(self.site(path)).arg("-").output().expect("pdftotext is installed");
        String::from_utf8(output.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

const EDITION: &str = r#"
    number = 1
    date = 2026-11-22
    publisher = { it = "Comune di Borgo Sereno", en = "Municipality of Borgo Sereno" }
    author = "Ufficio Tempi"
    address = "https://tempi.comune.example.it/risultati/"
"#;

fn design_system() -> Vec<StaticFile> {
    let paths = ["300", "400", "600", "700"].map(|weight| format!("fonts/titillium-web-{weight}.woff2"));
    let paths = paths.into_iter().chain(["css/bootstrap-italia.min.css".to_owned()]);
    paths.map(|path| StaticFile { path, bytes: b"design".to_vec() }).collect()
}

/// The whole city with the reports of an office that says nothing, published once for the tests that only read them.
static CITY: LazyLock<Office> = LazyLock::new(|| {
    let office = Office::new(&kit::city());
    let summary = office.publish("").unwrap();
    assert_eq!(summary.n_reports, 6, "three reports in two languages");
    office
});

/// The Python in which `readers/install.sh` has put the readers.
fn python() -> Option<PathBuf> {
    let installed = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/readers/venv/bin/python");
    if !installed.exists() {
        println!("skipped: reports/tests/readers/install.sh has not been run");
    }
    installed.exists().then_some(installed)
}

/// What `readers/pdf.py` says.
fn read(python: &Path, arguments: &[PathBuf]) -> serde_json::Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/readers/pdf.py");
    let output = Command::new(python).arg(script).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The PDFs of an office.
fn pdfs(office: &Office) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(office.site("rapporti")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

#[test]
fn every_report_is_accessible_and_fit_for_keeping() {
    let Some(python) = python() else { return };
    let files = pdfs(&CITY);
    let read = read(&python, &files);
    assert_eq!(read.as_object().unwrap().len(), 6);
    for (name, told) in read.as_object().unwrap() {
        assert_eq!(told["wrong"], serde_json::json!([]), "{name}");
        let language = if name.ends_with("-it.pdf") { "it" } else { "en" };
        assert_eq!(told["language"], language, "{name}");
        assert_eq!(told["authors"], serde_json::json!(["Ufficio Tempi"]), "{name}");
        assert!(told["tables"].as_u64().unwrap() > 0, "{name} has no table");
        let n_charts = told["figures"].as_u64().unwrap();
        match name.split('-').next().unwrap() {
            "piano" => assert!(n_charts >= 8, "{name} has {n_charts} charts"),
            "due" => assert_eq!(n_charts, 1, "{name}"),
            _ => assert_eq!(n_charts, 0, "{name}"),
        }
    }
    for file in files {
        let checked = Command::new("qpdf").arg("--check").arg(&file).output().expect("qpdf is installed");
        assert!(checked.status.success(), "{}: {}", file.display(), String::from_utf8_lossy(&checked.stderr));
    }
}

#[test]
fn the_reader_tells_the_defects_that_it_looks_for() {
    let Some(python) = python() else { return };
    let told = read(&python, &["--spoil".into(), CITY.site(BRIEF)]);
    assert_eq!(told["unnoticed"], serde_json::json!([]));
    assert!(told["spoiled"].as_u64().unwrap() >= 10);
}

#[test]
fn the_numbers_of_every_chart_are_attached_as_they_are_published() {
    let Some(python) = python() else { return };
    let manifest: serde_json::Value = serde_json::from_slice(&fs::read(CITY.site("manifest.json")).unwrap()).unwrap();
    let sealed = |path: &str| manifest["files"][path]["sha256"].as_str().map(str::to_owned);
    for (name, told) in read(&python, &[CITY.site(PLAN), CITY.site(BRIEF)]).as_object().unwrap() {
        let mut n_charts = 0;
        for (attached, facts) in told["attachments"].as_object().unwrap() {
            if attached == "columns.csv" {
                continue;
            }
            let published =
                sealed(&format!("dati/{attached}")).unwrap_or_else(|| panic!("{attached} is not published"));
            assert_eq!(facts["sha256"], published.as_str(), "{attached} in {name}");
            n_charts += usize::from(facts["relationship"] == "Data");
        }
        assert_eq!(n_charts as u64, told["figures"].as_u64().unwrap(), "{name}: a chart without its data");
        let path = format!("rapporti/{name}");
        assert!(sealed(&path).is_some(), "{path} is not under the seal");
    }
}

#[test]
fn the_plan_says_what_the_site_says_and_what_the_law_asks() {
    let words = CITY.words(PLAN);
    let findings = fs::read_to_string(CITY.site("edition.json")).unwrap();
    let mark: serde_json::Value = serde_json::from_str(&findings).unwrap();
    for finding in mark["findings"]["it"]["findings"].as_array().unwrap() {
        let headline = finding["headline"].as_str().unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(&headline), "the plan does not say: {headline}");
    }
    for told in ["artt. 22–25", "PUMS", "Bilancio di genere", "l’offerta di orari dei servizi", "Dati sintetici"] {
        assert!(words.contains(told), "the plan does not say: {told}");
    }
    for missing in ["L’offerta di orari La", "Le misure proposte Ogni"] {
        assert!(!words.contains(missing), "a section without data is there");
    }
}

#[test]
fn pages_lead_to_the_reports() {
    for (page, folder, language) in
        [("index.html", "", "it"), ("dati.html", "", "it"), ("en/edition.html", "../", "en")]
    {
        let html = fs::read_to_string(CITY.site(page)).unwrap();
        for name in ["piano-territoriale-degli-orari", "due-pagine-per-il-consiglio", "appendice-di-metodo"] {
            let link = format!("href=\"{folder}rapporti/{name}-{language}.pdf\" type=\"application/pdf\"");
            assert!(html.contains(&link), "{page} has no {link}");
        }
        assert!(html.contains("kB, 2 pag"), "{page} does not say how long the brief is");
    }
}

#[test]
fn the_same_edition_gives_the_same_bytes() {
    let again = Office::new(&kit::city());
    again.publish("").unwrap();
    for path in pdfs(&CITY) {
        let name = path.file_name().unwrap();
        let other = again.site("rapporti").join(name);
        assert!(fs::read(&path).unwrap() == fs::read(other).unwrap(), "{name:?} differs");
    }
}

const OFFICE: &str = r#"
    [[report.sections]]
    id = "introduction"
    title = { it = "Perché un piano", en = "Why a plan" }
    text = { it = "intro.it.md", en = "intro.en.md" }
    [[report.sections]]
    id = "gaps"
    text = "gaps.md"
    [[report.sections]]
    id = "measures"
    [report.brief]
    text = "brief.md"
    chart = "attivita"
    [report.numbers]
    care_gap = { indicator = "time_gap", activity = "3" }
    women = { indicator = "time_spent", activity = "3", sex = "F" }
    work_gap = { indicator = "time_gap", activity = "1" }
    [[report.measures]]
    name = { it = "Sportelli fino alle 19", en = "Counters until 7 pm" }
    who = "Servizi demografici"
    when = "2027"
    number = "care_gap"
    [[report.measures]]
    name = "Una mattina in meno"
"#;

fn with_texts(estimates: &Estimates) -> Office {
    let office = Office::new(estimates);
    office.write("intro.it.md", "# Da dove si parte\n\nLe donne: **{{ women }}**, {{ care_gap }} in più ({{ care_gap.margin }}).\n\n- {{ persons }} persone\n- edizione {{edition}}\n");
    office.write("intro.en.md", "Women: {{ women }}.\n");
    office.write("gaps.md", "Il Comune chiede *perché*. Al lavoro pagato {{ work_gap }}, {{ work_gap.interval }}, {{ work_gap.persons }} persone.");
    office.write("brief.md", "Chiediamo di **approvare** tre prove.\n\n1. Una\n2. Due\n");
    office
}

#[test]
fn the_office_orders_adds_and_drops_sections_and_quotes_numbers() {
    let office = with_texts(&kit::small_city());
    office.publish(OFFICE).unwrap();
    let words = office.words(PLAN);
    let place = |told: &str| words.rfind(told).unwrap_or_else(|| panic!("the plan does not say: {told}"));
    assert!(place("Perché un piano") < place("Da dove si parte"), "the office's text is under its title");
    assert!(
        place("Le donne: 4 ore e 46 minuti, 3 ore e 9 minuti in più (più o meno") < place("Il Comune chiede perché.")
    );
    assert!(place("1.500 persone") < place("Misure proposte e loro indicatori"));
    assert!(words.contains("Servizi demografici 2027 3 ore e 9 minuti (più o meno 13 minuti)"), "{words}");
    assert!(words.contains("Una mattina in meno") && words.contains("da definire"));
    let signed = "Al lavoro pagato −1 ora e 39 minuti, da −1 h 50 min a −1 h 28 min, 1.500 persone.";
    assert!(words.contains(signed), "a number below zero keeps its sign: {words}");
    for dropped in ["Quanto tempo prendono le attività", "I legami con gli altri piani", "In sintesi"] {
        assert!(!words.contains(dropped), "{dropped} was not asked for");
    }
    let brief = office.words(BRIEF);
    assert!(
        brief.contains("Chiediamo di approvare tre prove. 1. Una") && brief.contains("Grafico 1. In un giorno medio")
    );
    assert!(!brief.contains("rispondere a tre domande"), "the usual words stand beside the office's");
    let english = office.words("rapporti/piano-territoriale-degli-orari-en.pdf");
    assert!(english.contains("Why a plan") && english.contains("Women: 4 hours and 46 minutes"), "{english}");
}

#[test]
fn words_that_look_like_code_are_words() {
    let office = with_texts(&kit::small_city());
    let hostile = r##"#read("/etc/passwd") #eval("1+1") $x^2$ @figure #import "@preview/cetz:0.3.0" \ [ ] { } `#panic()` "]; #lorem(9)"##;
    office.write("gaps.md", hostile);
    office.publish(OFFICE).unwrap();
    let words = office.words(PLAN);
    for told in ["#read(\"/etc/passwd\")", "#eval(\"1+1\") $x^2$ @figure", "#panic()", "#lorem(9)"] {
        assert!(words.contains(told), "{told} was read as more than words: {words}");
    }
    for (text, expected) in [
        ("uno\n\n<script>alert(1)</script>", "gaps.md cannot stand in the reports: line 3: HTML"),
        ("![x](/etc/passwd)", "a picture"),
        ("[x](javascript:alert(1))", "a link to `javascript:alert(1)`"),
        ("una 🚲", "lacks the sign"),
    ] {
        office.write("gaps.md", text);
        let error = office.refused(OFFICE);
        assert!(error.contains(expected) && error.contains("Nothing was published"), "{error}");
    }
}

#[test]
fn a_text_quotes_no_number_that_is_not_published() {
    let mut city = kit::small_city();
    let care = |row: &&mut analytics::table::EstimateRow| row.activity == "3" && row.sex == "F";
    let row = city.rows.iter_mut().find(care).unwrap();
    *row = kit::hidden(row.clone(), Flag::A, Status::WithheldSecondary);
    let office = with_texts(&city);
    let error = office.refused(OFFICE);
    assert!(error.contains("intro.it.md") && error.contains("`women` is withheld for secrecy"), "{error}");
    office.write("intro.it.md", "Un {{ care_gpa }}");
    let error = office.refused(OFFICE);
    assert!(error.contains("no number is called `care_gpa`; there are care_gap, care_gap.interval"), "{error}");
    office.write("intro.it.md", "Un {{ care_gap");
    assert!(office.refused(OFFICE).contains("no `}}` ends it"));
    // A measure whose number may not be told says so and stays.
    office.write("intro.it.md", "Niente numeri");
    office.write("intro.en.md", "No numbers");
    office.publish(&OFFICE.replace("number = \"care_gap\"", "number = \"women\"")).unwrap();
    assert!(office.words(PLAN).contains("Servizi demografici 2027 non pubblicato in questa edizione"));
}

#[test]
fn the_brief_has_two_pages_or_is_not_published() {
    let office = with_texts(&kit::small_city());
    let told = "Una frase che il Consiglio legge con attenzione, e che dice che cosa fare e con quali numeri. ";
    office.write("brief.md", &told.repeat(12));
    office.publish(OFFICE).unwrap();
    let n_pages = |office: &Office| {
        let output = Command::new("pdfinfo").arg(office.site(BRIEF)).output().expect("pdfinfo is installed");
        let told = String::from_utf8(output.stdout).unwrap();
        told.lines().find_map(|line| line.strip_prefix("Pages:")).unwrap().trim().to_owned()
    };
    assert_eq!(n_pages(&office), "2");
    office.write("brief.md", &told.repeat(80));
    let error = office.refused(OFFICE);
    assert!(error.contains("3 pages instead of two"), "{error}");
    // Estimates of which nothing may be told still make reports.
    let mut nothing = kit::city();
    for row in &mut nothing.rows {
        *row = kit::hidden(row.clone(), Flag::Suppressed, Status::Withheld);
    }
    let office = Office::new(&nothing);
    office.publish("").unwrap();
    assert_eq!(n_pages(&office), "2");
    assert!(office.words(PLAN).contains("nessun numero di questa parte si può pubblicare"));
}
