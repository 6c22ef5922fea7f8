//! The site: pages parsed as documents, their numbers against the CSVs and the estimates, links, repeatability,
//! and what happens to bad input.

#![allow(clippy::unwrap_used)]

mod kit;

use std::collections::BTreeSet;
use std::fs;

use analytics::table::{AnswerRow, EstimateRow, Flag, Indicator, Status};
use kit::published::{CITY, Published, files, parse, publish_folder, table, text};
use questionnaires::Language;
use reports::PublishError;
use tempfile::TempDir;

#[test]
fn the_tables_numbers_are_the_csvs_and_the_estimates() {
    let city = kit::city();
    let published = &CITY;
    let of_activity = |label: &str| {
        let row = city.classification.iter().find(|row| row.label_it == label);
        row.unwrap_or_else(|| panic!("{label} is no activity")).code.clone()
    };
    let find = |rows: &[EstimateRow], indicator, activity: &str, sex: &str| {
        let mut found = rows.iter().filter(|row| {
            row.indicator == indicator
                && row.activity == activity
                && row.sex == sex
                && row.target_group == "all"
                && row.slot.is_none()
        });
        found.next().unwrap().value.unwrap()
    };
    let page = published.page("attivita.html");
    let rows = table(&parse(&page), 0);
    assert_eq!(rows.len(), 10);
    for (label, cells) in &rows {
        let shown: f64 = cells[0].1.as_ref().unwrap().parse().unwrap();
        let code = of_activity(label);
        assert_eq!(shown, find(&published.csv("attivita.csv"), Indicator::TimeSpent, &code, "all"), "{label}");
        assert_eq!(shown, find(&city.rows, Indicator::TimeSpent, &code, "all"), "{label}");
        assert_eq!(cells[2].1.as_deref(), Some("1500"), "{label}");
    }
    let page = published.page("donne-e-uomini.html");
    for (label, cells) in table(&parse(&page), 0) {
        let code = of_activity(&label);
        let csv = published.csv("donne-e-uomini.csv");
        for (cell, indicator, sex) in
            [(0, Indicator::TimeSpent, "F"), (1, Indicator::TimeSpent, "M"), (2, Indicator::TimeGap, "all")]
        {
            let shown: f64 = cells[cell].1.as_ref().unwrap().parse().unwrap();
            assert_eq!(shown, find(&csv, indicator, &code, sex), "{label}");
            assert_eq!(shown, find(&city.rows, indicator, &code, sex), "{label}");
        }
    }
}

#[test]
fn the_tempograms_table_holds_every_slot_and_activity() {
    let published = &CITY;
    let page = published.page("grafico-ore-del-giorno-donne.html");
    let document = parse(&page);
    let csv = published.csv("ore-del-giorno-donne.csv");
    assert_eq!(csv.len(), 1440);
    // Columns in the order of the bands: paid work, study, home, free time's five, travel, personal care.
    let codes = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"];
    let rows = table(&document, 0);
    assert_eq!(rows.len(), 144);
    assert_eq!((rows[0].0.as_str(), rows[143].0.as_str()), ("04:00–04:10", "03:50–04:00"));
    for (slot, (_, cells)) in rows.iter().enumerate() {
        for (cell, code) in cells.iter().zip(codes) {
            let row = csv.iter().find(|row| row.slot == Some(slot as u8) && row.activity == code).unwrap();
            let shown: f64 = cell.1.as_ref().unwrap().parse().unwrap();
            assert_eq!(Some(shown), row.value, "slot {slot}, activity {code}");
        }
    }
}

#[test]
fn hidden_numbers_are_words_and_never_values() {
    let mut city = kit::small_city();
    // Values that a faulty pipeline left in rows that must not show them.
    for row in city.rows.iter_mut().filter(|row| row.indicator == Indicator::TimeSpent && row.sex == "all") {
        match (row.activity.as_str(), row.target_group.as_str()) {
            ("4", "all") => (row.flag, row.value) = (Flag::Suppressed, Some(7777.0)),
            ("5", "all") => (row.status, row.value) = (Status::Withheld, Some(7777.0)),
            _ => {}
        }
    }
    let published = Published::of(&city);
    for (path, words) in [
        ("attivita.html", ["non pubblicato: troppo incerto", "oscurato per riservatezza"]),
        ("en/activities.html", ["not published: too uncertain", "withheld for confidentiality"]),
        ("gruppi.html", ["non pubblicato: troppo incerto", "oscurato per riservatezza"]),
    ] {
        let page = published.page(path);
        let rows = table(&parse(&page), 0);
        for words in words {
            let hidden: Vec<_> = rows.iter().filter(|(_, cells)| cells[0].0 == words).collect();
            assert!(!hidden.is_empty(), "{path} has no row that is {words}");
            for (header, cells) in hidden {
                assert_eq!(cells[0].1, None, "{path}, {header}");
                assert_eq!(cells[1].0, "–", "{path}, {header}");
            }
        }
        assert!(!page.contains("7777"), "{path} shows a number that was to be hidden");
    }
    let pictures = files(&published.site().join("grafici"));
    assert!(pictures.values().all(|picture| !String::from_utf8_lossy(picture).contains("129 h")));
}

#[test]
fn pages_are_documents_that_everybody_can_walk() {
    let published = &CITY;
    // Nine pages, five themes, six groups of which anything is told, and a page for each figure; in two languages.
    let n_figures =
        files(&published.site().join("grafici")).keys().filter(|name| name.ends_with("-condividi-it.png")).count();
    assert_eq!(published.pages().len(), 2 * (10 + 5 + 6 + n_figures));
    for path in published.pages() {
        let page = published.page(&path);
        let document = parse(&page);
        let count = |name: &str| document.descendants().filter(|node| node.has_tag_name(name)).count();
        let language = if path.starts_with("en/") { "en" } else { "it" };
        assert_eq!(document.root_element().attribute("lang"), Some(language), "{path}");
        for (landmark, expected) in [("h1", 1), ("main", 1), ("header", 1), ("footer", 1), ("nav", 1), ("title", 1)] {
            assert_eq!(count(landmark), expected, "{path}: {landmark}");
        }
        let mut level = 0;
        for node in document.descendants().filter(|node| node.is_element()) {
            let name = node.tag_name().name();
            if let Some(next) = name.strip_prefix('h').and_then(|digit| digit.parse::<u32>().ok()) {
                assert!(next <= level + 1, "{path}: h{next} follows h{level}");
                level = next;
            }
            assert_ne!(name, "style", "{path} has a style");
            if name == "script" {
                assert!(node.attribute("src").is_some() && text(node).is_empty(), "{path} has a script inside");
            }
            for attribute in node.attributes() {
                let name = attribute.name();
                assert!(name != "style" && !name.starts_with("on"), "{path} has an inline {name}");
            }
            match name {
                "img" => {
                    assert!(node.attribute("alt").is_some_and(|alt| alt.len() > 20), "{path}: a picture without words")
                }
                "th" => assert!(node.attribute("scope").is_some(), "{path}: a header without scope"),
                "table" => {
                    let region = node.parent().unwrap();
                    assert_eq!(region.attribute("role"), Some("region"), "{path}");
                    assert_eq!(region.attribute("tabindex"), Some("0"), "{path}");
                    assert!(
                        node.children().any(|child| child.has_tag_name("caption")),
                        "{path}: a table without caption"
                    );
                }
                _ => {}
            }
        }
        assert!(page.contains(if language == "it" { "Dati sintetici" } else { "Synthetic data" }), "{path}");
        let ids: Vec<_> = document.descendants().filter_map(|node| node.attribute("id")).collect();
        assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len(), "{path}: an id is given twice");
        for reference in document.descendants().filter_map(|node| node.attribute("aria-labelledby")) {
            assert!(ids.contains(&reference), "{path}: nothing has the id {reference}");
        }
    }
}

#[test]
fn every_link_leads_to_a_file_of_the_site() {
    let published = &CITY;
    for path in published.pages() {
        let page = published.page(&path);
        let folder = published.site().join(&path).parent().unwrap().to_owned();
        for node in parse(&page).descendants() {
            for link in ["href", "src", "srcset", "data-index"].iter().filter_map(|name| node.attribute(*name)) {
                // The text of the licence is not ours to copy: whoever follows the link leaves on purpose.
                let is_licence = node.attribute("rel") == Some("license") && path.ends_with(".html");
                if link.starts_with('#') || link == "/" || is_licence {
                    continue;
                }
                assert!(!link.contains("//"), "{path}: {link} leaves the site");
                assert!(folder.join(link).is_file(), "{path}: {link} leads nowhere");
            }
        }
    }
    let style = published.page("assets/tempi-risultati.css");
    for font in style.split("url(\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(published.site().join("assets").join(font).is_file(), "{font} is missing");
    }
}

#[test]
fn every_published_column_is_explained() {
    let published = &CITY;
    let header = |name: &str| -> Vec<String> {
        let text = published.page(&format!("dati/{name}"));
        text.lines().next().unwrap().split(',').map(str::to_owned).collect()
    };
    let page = published.page("dati.html");
    let document = parse(&page);
    let last = document.descendants().filter(|node| node.has_tag_name("table")).count() - 1;
    let explained: Vec<_> = table(&document, last).into_iter().map(|(column, _)| column).collect();
    assert_eq!(explained, header("estimates.csv"));
    let figure = header("attivita.csv");
    assert_eq!(figure[..explained.len()], explained);
    assert_eq!(figure[explained.len()..], ["activity_it", "activity_en"]);
}

#[test]
fn the_same_estimates_give_the_same_bytes() {
    let again = Published::of(&kit::city());
    let (one, other) = (files(&CITY.site()), files(&again.site()));
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    for (path, bytes) in &one {
        assert_eq!(bytes, &other[path], "{path}");
    }
}

#[test]
fn an_untimed_survey_with_its_own_activities_is_published_without_tempogram() {
    let mut survey = kit::small_city();
    survey.run.source = "atus".to_owned();
    survey.run.synthetic = false;
    for row in &mut survey.classification {
        row.code = format!("{:02}", row.code.parse::<u32>().unwrap() + 1);
        row.label_it.clear();
    }
    for row in &mut survey.rows {
        row.activity = format!("{:02}", row.activity.parse::<u32>().unwrap() + 1);
    }
    let published = Published::of(&survey);
    assert!(!published.site().join("ore-del-giorno.html").exists());
    let page = published.page("attivita.html");
    assert!(page.contains("Personal care"), "without an Italian label, the English one is shown");
    assert!(!page.contains("sintetici"));
    assert!(!published.page("index.html").contains("ore-del-giorno"));
}

#[test]
fn answers_have_a_page_with_their_numbers_and_their_data() {
    let city = kit::with_answers(kit::small_city());
    let published = Published::of(&city);
    let page = published.page("bisogni.html");
    let document = parse(&page);
    let of_everybody = |sex: &str, answer: &str| {
        let is_it = |row: &&AnswerRow| {
            row.question == "services_used" && row.answer == answer && row.sex == sex && row.target_group == "all"
        };
        city.answers.iter().find(is_it).unwrap().value.unwrap()
    };
    let rows = table(&document, 0);
    let (_, post) = rows.iter().find(|(header, _)| header == "Posta").unwrap();
    let values: Vec<f64> =
        post.iter().filter_map(|(_, value)| value.as_ref()).map(|value| value.parse().unwrap()).collect();
    assert_eq!(values, ["all", "F", "M"].map(|sex| of_everybody(sex, "post")), "everybody, women and men");
    assert!(page.contains("oscurato per riservatezza"), "the library is withheld");
    for name in ["answers.csv", "questions.csv", "groups.csv", "bisogni-services-used.csv", "bisogni-gives-up.csv"] {
        assert!(published.site().join("dati").join(name).is_file(), "{name}");
        assert!(published.page("dati.html").contains(name), "{name} is not offered");
    }
    let mut behind = csv::Reader::from_path(published.site().join("dati/bisogni-service-hours-collides.csv")).unwrap();
    let behind: Vec<AnswerRow> = behind.deserialize().map(Result::unwrap).collect();
    let is_behind =
        |row: &&AnswerRow| row.question.starts_with("service_hours.") && row.question.ends_with(".collides");
    assert_eq!(behind, city.answers.iter().filter(is_behind).cloned().collect::<Vec<_>>());
    let metadata = published.page("dati/csv-metadata.json");
    assert!(metadata.contains("\"answers.csv\"") && metadata.contains("\"questions.csv\""));
    assert!(published.page("dati/catalogo.jsonld").contains("answers.csv"));
    assert!(published.page("en/needs.html").contains("those who answered"));
}

#[test]
fn one_language_alone_lies_at_the_top() {
    let folder = TempDir::new().unwrap();
    kit::write(&kit::small_city(), &folder.path().join("estimates"));
    let site = folder.path().join("site");
    publish_folder(&folder.path().join("estimates"), &site, &[Language::En]).unwrap();
    assert!(site.join("women-and-men.html").is_file() && !site.join("en").exists() && !site.join("it").exists());
    let error = publish_folder(&folder.path().join("estimates"), &site, &[]).unwrap_err();
    assert!(matches!(error, PublishError::NoLanguage));
}

#[test]
fn bad_estimates_are_named_and_the_published_site_stays() {
    let published = Published::of(&kit::small_city());
    let before = files(&published.site());
    let estimates = published.folder.path().join("estimates");
    let retry = || publish_folder(&estimates, &published.site(), &Language::COMPLETE).unwrap_err().to_string();

    let csv = fs::read_to_string(estimates.join("estimates.csv")).unwrap();
    fs::write(estimates.join("estimates.csv"), csv.replacen("time_spent", "time_lost", 3)).unwrap();
    let error = retry();
    assert!(error.contains("estimates.csv") && error.contains("line: 2") && error.contains("tempi analyse"), "{error}");

    fs::write(estimates.join("estimates.csv"), csv).unwrap();
    fs::remove_file(estimates.join("classification.csv")).unwrap();
    let error = retry();
    assert!(error.contains("classification.csv") && error.contains("tempi analyse"), "{error}");

    fs::remove_dir_all(&estimates).unwrap();
    let error = retry();
    assert!(error.contains("run.json") && error.contains("tempi analyse"), "{error}");
    assert_eq!(files(&published.site()), before, "the published site was touched");
}
