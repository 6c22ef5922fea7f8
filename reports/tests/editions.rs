//! Editions that follow each other: what they say of themselves, what they correct, their seals, feed and calendar.

#![allow(clippy::unwrap_used)]

mod kit;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use analytics::table::{Estimates, Flag, Status};
use questionnaires::Language;
use reports::comparison::{Comparison, Fate};
use reports::edition::{Edition, VerifyError, verify};
use reports::opendata::Catalogue;
use reports::{PublishError, PublishOptions, publish};
use roxmltree::Document;
use tempfile::TempDir;

const SECOND: &str = r#"
    number = 2
    embargo = 2026-12-04T10:00:00+01:00
    publisher = { it = "Comune di Borgo Sereno", en = "Municipality of Borgo Sereno" }
    author = "Ufficio <Tempi> & Orari"
    contact = "tempi@comune.example.it"
    address = "https://tempi.comune.example.it/risultati/"
    sections = ["gap", "activities"]
    [correction]
    what = { it = "I pesi degli uomini, troppo alti", en = "Men's weights, too high" }
    why = { it = "Un totale noto era sbagliato", en = "A known total was wrong" }
    [[calendar]]
    at = 2027-05-27T10:00:00+02:00
    what = { it = "Seconda ondata, con i nuovi quartieri; forse", en = "Second wave" }
"#;

struct Editions {
    folder: TempDir,
}

impl Editions {
    fn new() -> Editions {
        Editions { folder: TempDir::new().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn publish(
        &self,
        name: &str,
        edition: &Edition,
        city: &Estimates,
        previous: Option<&str>,
    ) -> Result<(), PublishError> {
        let estimates = self.path(&format!("estimates-{name}"));
        kit::write(city, &estimates);
        let previous = previous.map(|name| self.path(name));
        let options = PublishOptions {
            estimates: &estimates,
            output: &self.path(name),
            edition,
            previous: previous.as_deref(),
            design_system: &[],
            languages: &Language::COMPLETE,
            home: Some("/"),
            catalogue: &Catalogue::default(),
            public_use: None,
        };
        publish(&options, &mut |_| {}).map(drop)
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }
}

/// The city after a correction: a number that moved a lot, one that moved a little, one hidden, one gone.
fn corrected() -> Estimates {
    let mut city = kit::city();
    let shown: Vec<usize> = (0..city.rows.len()).filter(|at| city.rows[*at].value.is_some()).collect();
    for (at, by) in [(shown[0], 0.5), (shown[1], 20.0)] {
        let row = &mut city.rows[at];
        row.value = row.value.map(|value| value + by * row.standard_error.unwrap());
    }
    city.rows[shown[2]] = kit::hidden(city.rows[shown[2]].clone(), Flag::A, Status::WithheldSecondary);
    city.rows.remove(shown[3]);
    city
}

fn two() -> Editions {
    let editions = Editions::new();
    editions.publish("1", &kit::edition(), &kit::city(), None).unwrap();
    editions.publish("2", &Edition::parse(SECOND).unwrap(), &corrected(), Some("1")).unwrap();
    editions
}

fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for path in fs::read_dir(&next).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else {
                all.insert(path.strip_prefix(folder).unwrap().to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    all
}

#[test]
fn the_same_estimates_edition_and_predecessor_give_the_same_bytes() {
    let (one, other) = (two(), two());
    for edition in ["1", "2"] {
        assert_eq!(files(&one.path(edition)), files(&other.path(edition)), "edition {edition}");
    }
}

#[test]
fn a_correction_says_what_changed_why_and_by_how_much() {
    let editions = two();
    let page = editions.text("2/edizione.html");
    for words in
        ["È una correzione", "I pesi degli uomini, troppo alti", "Un totale noto era sbagliato", "2 numeri diversi"]
    {
        assert!(page.contains(words), "{words} is missing");
    }
    assert!(page.contains("Ufficio &#60;Tempi&#62; &#38; Orari"), "{page}");
    assert!(page.contains("ore 10:00") && page.contains("href=\"edizioni/1/\""));
    assert!(editions.text("2/en/edition.html").contains("href=\"../edizioni/1/en/\""));
    let mut changes = csv::Reader::from_path(editions.path("2/dati/confronto.csv")).unwrap();
    let described: serde_json::Value = serde_json::from_str(&editions.text("2/dati/csv-metadata.json")).unwrap();
    let tables = described["tables"].as_array().unwrap();
    let table = tables.iter().find(|table| table["url"] == "confronto.csv").expect("it is described");
    let columns = table["tableSchema"]["columns"].as_array().unwrap();
    assert!(changes.headers().unwrap().iter().eq(columns.iter().map(|column| column["name"].as_str().unwrap())));
    assert!(columns.iter().all(|column| column["dc:description"].is_array()), "a column is not explained");
    assert!(editions.text("2/dati.html").contains("dati/confronto.csv"));
    assert!(!editions.text("1/dati/csv-metadata.json").contains("confronto.csv"), "nothing came before");
    let fates: Vec<String> = changes.records().map(|record| record.unwrap()[10].to_owned()).collect();
    assert_eq!(fates, ["changed", "changed", "hidden", "gone"], "the largest difference first");
    let first = editions.text("1/edizione.html");
    assert!(first.contains("È la prima edizione") && !first.contains("È una correzione"));
    // The office's order, and only what it named.
    let navigation = editions.text("2/index.html");
    let place = |name: &str| navigation.find(&format!("href=\"{name}.html\""));
    assert!(place("donne-e-uomini") < place("attivita") && place("gruppi").is_none(), "{navigation}");
}

#[test]
fn a_later_wave_is_drawn_beside_the_one_before_and_the_same_fieldwork_told_again_is_not() {
    let (first, mut later) = (kit::small_city(), kit::small_city());
    for row in later.rows.iter_mut().filter(|row| row.activity == "3") {
        for number in [&mut row.value, &mut row.ci_low, &mut row.ci_high] {
            *number = number.map(|minutes| minutes - 60.0);
        }
    }
    let editions = Editions::new();
    editions.publish("1", &kit::edition(), &first, None).unwrap();
    let second = Edition { number: kit::edition().number + 1, ..kit::edition() };
    editions.publish("again", &second, &later, Some("1")).unwrap();
    assert!(!editions.text("again/attivita.html").contains("andamento-"), "the data are of the same time");

    later.run.as_of = "2029-05-20T18:00Z".to_owned();
    editions.publish("later", &second, &later, Some("1")).unwrap();
    let page = editions.text("later/attivita.html");
    assert!(page.contains("andamento-3") && page.contains("2029"), "home and family have changed by an hour");
    let table = editions.text("later/dati/andamento-3.csv");
    let waves: Vec<&str> = table.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    assert_eq!(waves, [&first.run.as_of[..4], "2029"]);
}

#[test]
fn every_file_is_sealed_and_the_edition_before_is_named_by_its_seal() {
    let editions = two();
    let before = verify(&editions.path("1"), None).unwrap();
    assert_eq!(before.n_files + 1, files(&editions.path("1")).len());
    verify(&editions.path("2"), Some(&editions.path("1"))).unwrap();
    let mark: serde_json::Value = serde_json::from_str(&editions.text("2/edition.json")).unwrap();
    assert_eq!(mark["previous"]["manifest_sha256"], before.manifest_sha256.as_str());
    assert_eq!(mark["embargo"], "2026-12-04T10:00:00+01:00");
    // Another first edition, whole and sealed by itself, is not the one that the second follows.
    let other = Editions::new();
    other.publish("1", &kit::edition(), &corrected(), None).unwrap();
    let error = verify(&editions.path("2"), Some(&other.path("1"))).unwrap_err();
    assert!(matches!(error, VerifyError::OtherPrevious { .. }), "{error}");
    let table = editions.path("2/dati/estimates.csv");
    fs::write(&table, editions.text("2/dati/estimates.csv") + " ").unwrap();
    let error = verify(&editions.path("2"), None).unwrap_err();
    assert!(error.to_string().contains("dati/estimates.csv has changed"), "{error}");
}

#[test]
fn the_feed_tells_every_edition_the_newest_first() {
    let editions = two();
    let text = editions.text("2/feed.xml");
    let feed = Document::parse(&text).unwrap();
    let entries: Vec<_> = feed.descendants().filter(|node| node.has_tag_name((ATOM, "entry"))).collect();
    let child = |node: &roxmltree::Node, name: &str| {
        node.children()
            .find(|child| child.has_tag_name((ATOM, name)))
            .and_then(|child| child.text())
            .unwrap()
            .to_owned()
    };
    let titles: Vec<String> = entries.iter().map(|entry| child(entry, "title")).collect();
    assert_eq!(titles, ["Edizione 2 (correzione)", "Edizione 1"]);
    assert_eq!(child(&entries[0], "published"), "2026-12-04T10:00:00+01:00");
    assert!(text.contains("href=\"https://tempi.comune.example.it/risultati/edizioni/1/\""));
    // Ids stay from edition to edition, so that a reader shows nothing twice.
    let first = editions.text("1/feed.xml");
    assert!(first.contains(&child(&feed.root_element(), "id")) && first.contains(&child(&entries[1], "id")));
}

const ATOM: &str = "http://www.w3.org/2005/Atom";

#[test]
fn the_calendar_tells_what_came_out_and_what_the_office_announces() {
    let editions = two();
    let text = editions.text("2/calendario.ics");
    assert!(text.lines().count() > 20 && text.ends_with("END:VCALENDAR\r\n"));
    assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')));
    let unfolded = text.replace("\r\n ", "");
    for line in [
        "DTSTART;VALUE=DATE:20261122",
        "DTSTART:20261204T090000Z",
        "DTSTART:20270527T080000Z",
        "SUMMARY:Comune di Borgo Sereno: Seconda ondata\\, con i nuovi quartieri\\; forse",
        "URL:https://tempi.comune.example.it/risultati/edizioni/2/",
    ] {
        assert!(unfolded.contains(line), "{line} is missing: {unfolded}");
    }
}

#[test]
fn an_edition_that_cannot_follow_is_refused_and_nothing_is_written() {
    let editions = two();
    let second = Edition::parse(SECOND).unwrap();
    let check = |edition: &Edition, previous: Option<&str>, words: &str| {
        let error = editions.publish("3", edition, &kit::city(), previous).unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
        assert!(!editions.path("3").exists());
    };
    check(&second, None, "name the folder of the");
    check(&second, Some("2"), "numbers go up");
    check(&second, Some("estimates-1"), "holds no edition");
}

#[test]
fn differences_are_ranked_by_their_standard_errors() {
    let comparison = Comparison::of(&kit::city(), &corrected());
    assert_eq!((comparison.n_changed, comparison.n_hidden, comparison.n_gone, comparison.n_new), (2, 1, 1, 0));
    assert_eq!(comparison.n_same + 4, kit::city().rows.len());
    let ratios: Vec<f64> = comparison.largest().map(|change| change.in_standard_errors.unwrap()).collect();
    assert!((ratios[0] - 20.0).abs() < 1e-9 && (ratios[1] - 0.5).abs() < 1e-9, "{ratios:?}");
    let back = Comparison::of(&corrected(), &kit::city());
    let fates: Vec<Fate> = back.changes.iter().map(|change| change.fate).collect();
    assert!(fates.contains(&Fate::Shown) && fates.contains(&Fate::New) && !fates.contains(&Fate::Gone));
    assert_eq!(Comparison::of(&kit::city(), &kit::city()).changes, []);
}

/// The Python in which `readers/install.sh` has put the readers.
fn python() -> Option<PathBuf> {
    let installed = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/readers/venv/bin/python");
    installed.exists().then_some(installed)
}

/// Feed and calendar as packages of others read them: feedparser, which notes whatever is not well formed or not allowed,
/// and icalendar, which refuses what RFC 5545 does.
#[test]
fn readers_of_others_understand_feed_and_calendar() {
    let Some(python) = python() else {
        println!("skipped: reports/tests/readers/install.sh has not been run");
        return;
    };
    let editions = two();
    for (folder, language) in [("2", "it"), ("2/en", "en")] {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/readers/read.py");
        let [feed, calendar] = ["feed.xml", "calendario.ics"].map(|name| editions.path(folder).join(name));
        let output = std::process::Command::new(&python).arg(script).arg(feed).arg(calendar).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let read: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((read["bozo"].as_bool(), read["version"].as_str()), (Some(false), Some("atom10")), "{read}");
        let published: Vec<&str> =
            read["entries"].as_array().unwrap().iter().map(|entry| entry["published"].as_str().unwrap()).collect();
        assert_eq!(published, ["2026-12-04T10:00:00+01:00", "2026-11-22T00:00:00+00:00"], "{language}");
        let suffix = if language == "it" { "" } else { "en/" };
        let link = format!("https://tempi.comune.example.it/risultati/edizioni/1/{suffix}");
        assert_eq!(read["entries"][1]["link"], link.as_str());
        assert_eq!(read["self"][0], format!("https://tempi.comune.example.it/risultati/{suffix}feed.xml").as_str());
        assert_eq!(read["calendar_errors"].as_array().unwrap().len(), 0, "{read}");
        assert_eq!((read["required"].as_bool(), read["n_ids"].as_u64()), (Some(true), Some(3)));
        let starts: Vec<&str> =
            read["events"].as_array().unwrap().iter().map(|event| event["start"].as_str().unwrap()).collect();
        assert_eq!(starts, ["2026-11-22", "2026-12-04 09:00:00+00:00", "2027-05-27 08:00:00+00:00"]);
    }
}
