//! The open data of invented estimates: what is hidden stays hidden in every format, workbooks read back, settings are judged.
//! `tests/tests/house/open_data.rs` has other people's programs read them.

#![allow(clippy::unwrap_used)]

mod kit;

use std::collections::BTreeMap;
use std::fs;
use std::io::Cursor;
use std::path::PathBuf;

use analytics::table::{AnswerRow, EstimateRow, Estimates, Flag, Indicator, Status};
use calamine::{Data, Reader, Xlsx};
use questionnaires::Language;
use reports::opendata::{Catalogue, CatalogueError};
use reports::{PublishOptions, publish};
use tempfile::TempDir;

/// A site of these estimates, and where its data are.
fn published(estimates: &Estimates, catalogue: &Catalogue) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    kit::write(estimates, &folder.path().join("estimates"));
    let site = folder.path().join("site");
    let edition = kit::edition();
    let options = PublishOptions {
        estimates: &folder.path().join("estimates"),
        output: &site,
        edition: &edition,
        previous: None,
        design_system: &[],
        languages: &Language::COMPLETE,
        home: None,
        catalogue,
        public_use: None,
    };
    publish(&options, &mut |_| {}).unwrap();
    (folder, site.join("dati"))
}

/// A city with one row of each kind of secrecy and reliability, whose numbers nobody else has.
fn with_secrets() -> Estimates {
    let mut city = kit::small_city();
    city.rows.truncate(40);
    let told = kit::row(Indicator::TimeSpent, "3", 123.456, 7.5);
    let of = |target: &str, row: EstimateRow| EstimateRow { target_group: target.to_owned(), ..row };
    city.rows.push(of("commuters", EstimateRow { flag: Flag::E, n: 88, ..told.clone() }));
    city.rows
        .push(of("students", EstimateRow { n: 41, ..kit::hidden(told.clone(), Flag::Suppressed, Status::Published) }));
    city.rows.push(of(
        "over_65",
        EstimateRow { n: 0, degrees_of_freedom: None, ..kit::hidden(told.clone(), Flag::Suppressed, Status::Withheld) },
    ));
    city.rows.push(of(
        "carers_of_adults",
        EstimateRow { n: 0, degrees_of_freedom: None, ..kit::hidden(told, Flag::A, Status::WithheldSecondary) },
    ));
    city
}

fn sheets(bytes: Vec<u8>) -> BTreeMap<String, Vec<Vec<Data>>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let names = book.sheet_names();
    names
        .into_iter()
        .map(|name| {
            let range = book.worksheet_range(&name).unwrap();
            (name, range.rows().map(<[Data]>::to_vec).collect())
        })
        .collect()
}

#[test]
fn workbooks_read_back_as_the_estimates_in_both_languages() {
    let city = kit::small_city();
    let (_folder, data) = published(&city, &Catalogue::default());
    for (file, sheet, sex) in
        [("estimates-it.xlsx", "Durata media generica", "Donne"), ("estimates-en.xlsx", "Time spent", "Women")]
    {
        let sheets = sheets(fs::read(data.join(file)).unwrap());
        let rows = &sheets[sheet][3..];
        let expected: Vec<&EstimateRow> =
            city.rows.iter().filter(|row| row.indicator == Indicator::TimeSpent).collect();
        assert_eq!(rows.len(), expected.len());
        for (cells, row) in rows.iter().zip(expected) {
            assert_eq!(cells[1], Data::String(row.activity.clone()));
            assert_eq!(cells[4] == Data::String(sex.to_owned()), row.sex == "F");
            assert_eq!(cells[9], row.value.map_or(Data::Empty, Data::Float));
            assert_eq!(cells[10], row.standard_error.map_or(Data::Empty, Data::Float));
        }
    }
}

#[test]
fn hidden_numbers_have_a_reason_and_no_value_in_any_format() {
    let (_folder, data) = published(&with_secrets(), &Catalogue::default());

    let mut sdmx = csv::Reader::from_path(data.join("estimates-sdmx.csv")).unwrap();
    let rows: Vec<BTreeMap<String, String>> = sdmx.deserialize().map(Result::unwrap).collect();
    let status = |group: &str| {
        let row = rows.iter().find(|row| row["TARGET_GROUP"] == group && row["ACTIVITY"] == "3").unwrap();
        [&row["OBS_STATUS"], &row["CONF_STATUS"], &row["OBS_VALUE"], &row["N_PERSONS"]].map(Clone::clone)
    };
    assert_eq!(status("commuters"), ["U", "F", "123.456", "88"]);
    assert_eq!(status("students"), ["Q", "F", "", "41"]);
    assert_eq!(status("over_65"), ["Q", "A", "", ""]);
    assert_eq!(status("carers_of_adults"), ["Q", "D", "", ""]);

    let cube: serde_json::Value =
        serde_json::from_slice(&fs::read(data.join("json-stat/time_spent-main-it.json")).unwrap()).unwrap();
    let place = |group: &str| {
        let id: Vec<&str> = cube["id"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
        assert_eq!(id, ["activity", "sex", "group", "day", "measure"]);
        let codes = ["3", "all", group, "average", "value"];
        id.iter().zip(codes).zip(cube["size"].as_array().unwrap()).fold(0, |place, ((id, code), size)| {
            let index = cube["dimension"][*id]["category"]["index"].as_array().unwrap();
            place * size.as_u64().unwrap() as usize + index.iter().position(|one| one == code).unwrap()
        })
    };
    for (group, status, value) in [
        ("commuters", Some("E"), Some(123.456)),
        ("students", Some("suppressed"), None),
        ("over_65", Some("withheld"), None),
        ("carers_of_adults", Some("withheld_secondary"), None),
    ] {
        let place = place(group);
        assert_eq!(cube["status"].get(place.to_string()).and_then(|status| status.as_str()), status);
        assert_eq!(cube["value"].get(place.to_string()).and_then(serde_json::Value::as_f64), value, "{group}");
        // The count of a withheld number would tell.
        let has_count = cube["value"].get((place + 5).to_string()).is_some();
        assert_eq!(has_count, !status.unwrap().starts_with("withheld"), "{group}");
    }

    let sheets = sheets(fs::read(data.join("estimates-en.xlsx")).unwrap());
    let row = |group: &str| {
        sheets["Time spent"].iter().find(|cells| cells.get(6) == Some(&Data::String(group.to_owned()))).unwrap().clone()
    };
    let hidden = row("People aged 65 and over");
    assert!(hidden[9..15].iter().all(|cell| *cell == Data::Empty), "{hidden:?}");
    assert_eq!(hidden[16], Data::String("withheld".to_owned()));
}

#[test]
fn answers_are_in_every_format_and_withheld_ones_have_a_reason_and_no_number() {
    let city = kit::with_answers(kit::small_city());
    let (folder, data) = published(&city, &Catalogue::default());
    let cube = |name: &str| -> serde_json::Value {
        serde_json::from_slice(&fs::read(data.join("json-stat").join(name)).unwrap()).unwrap()
    };
    let grid = cube("answers-temporal_needs-service_hours-collides-en.json");
    assert_eq!(grid["id"], serde_json::json!(["question", "answer", "sex", "group", "measure"]));
    let place = |codes: [&str; 4]| {
        codes.iter().zip(["question", "answer", "sex", "group"]).fold(0, |place, (code, id)| {
            let index = grid["dimension"][id]["category"]["index"].as_array().unwrap();
            place * index.len() + index.iter().position(|one| one == code).unwrap()
        }) * 6
    };
    let row = |answer: &str| {
        let is_it = |row: &&AnswerRow| {
            row.question == "service_hours.post.collides" && row.answer == answer && row.target_group == "zone_nord"
        };
        city.answers.iter().find(is_it).unwrap()
    };
    let of = |answer: &str| place(["service_hours.post.collides", answer, "all", "zone_nord"]);
    let entry = |place: usize| grid["value"].get(place.to_string()).and_then(serde_json::Value::as_f64);
    let told = row("never");
    let numbers: Vec<Option<f64>> = (0..6).map(|measure| entry(of("never") + measure)).collect();
    let expected = [told.value, told.standard_error, told.ci_low, told.ci_high, told.degrees_of_freedom];
    assert_eq!(numbers, [expected.as_slice(), &[Some(told.n as f64)]].concat());
    assert!(told.value.is_some() && row("often").value.is_none(), "one answer is withheld, the other is not");
    assert!((0..6).all(|measure| entry(of("often") + measure).is_none()), "a withheld answer tells a number");
    assert_eq!(grid["status"][of("often").to_string()], "withheld");
    let category = |id: &str, code: &str| grid["dimension"][id]["category"]["label"][code].clone();
    assert_eq!(category("group", "zone_nord"), "North");
    assert_eq!(category("question", "service_hours.post.collides"), "Post office");
    // A number that was asked for has no answers to choose from.
    let minutes = cube("answers-temporal_needs-service_hours-wait_minutes-it.json");
    assert_eq!(minutes["id"], serde_json::json!(["question", "sex", "group", "measure"]));
    assert_eq!(minutes["dimension"]["measure"]["category"]["unit"]["value"]["label"], "nell’unità della domanda");

    let mut sdmx = csv::Reader::from_path(data.join("answers-sdmx.csv")).unwrap();
    let rows: Vec<BTreeMap<String, String>> = sdmx.deserialize().map(Result::unwrap).collect();
    assert_eq!(rows.len(), city.answers.len());
    for (found, row) in rows.iter().zip(&city.answers) {
        let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
        assert_eq!([&found["QUESTION"], &found["OBS_VALUE"]], [&row.question, &number(row.value)]);
        assert_eq!(found["ANSWER"] == "_Z", row.answer.is_empty());
        let is_withheld = row.status != Status::Published;
        assert_eq!([found["N_PERSONS"].is_empty(), found["STANDARD_ERROR"].is_empty()], [is_withheld; 2]);
        let expected = if is_withheld { ["Q", "A"] } else { [if row.flag == Flag::E { "U" } else { "A" }, "F"] };
        assert_eq!([found["OBS_STATUS"].as_str(), found["CONF_STATUS"].as_str()], expected);
    }

    let index = cube("index-it.json");
    let listed = index["link"]["item"].as_array().unwrap();
    assert!(listed.iter().any(|item| item["class"] == "collection" && item["href"] == "answers-index-it.json"));
    let record: serde_json::Value = serde_json::from_slice(&fs::read(data.join("catalogo.jsonld")).unwrap()).unwrap();
    let graph = record["@graph"].as_array().unwrap();
    let node = |id: &str| graph.iter().find(|node| node["@id"] == id).unwrap();
    assert!(node("#catalogo")["dcat:dataset"].as_array().unwrap().contains(&serde_json::json!({ "@id": "#risposte" })));
    for file in ["answers-sdmx.csv", "json-stat/answers-index-it.json", "json-stat/answers-index-en.json"] {
        let link = serde_json::json!({ "@id": format!("#{}", file.replace(['/', '.'], "-")) });
        assert!(node("#risposte")["dcat:distribution"].as_array().unwrap().contains(&link), "{file}");
    }
    let page = fs::read_to_string(folder.path().join("site/dati.html")).unwrap();
    let grid = "dati/json-stat/answers-temporal_needs-service_hours-collides-it.json";
    for file in [grid, "dati/json-stat/answers-index-it.json", "dati/answers-sdmx.csv"] {
        assert!(page.contains(&format!("href=\"{file}\"")), "{file} is not on the page");
    }
    // Without answers nothing speaks of them.
    let (_folder, data) = published(&kit::small_city(), &Catalogue::default());
    assert!(!data.join("answers-sdmx.csv").exists() && !data.join("json-stat/answers-index-it.json").exists());
    assert!(!fs::read_to_string(data.join("catalogo.jsonld")).unwrap().contains("risposte"));
}

#[test]
fn a_catalogue_tells_what_its_file_tells_and_makes_nothing_up() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("catalogue.toml");
    let read = |text: &str| {
        fs::write(&path, text).unwrap();
        Catalogue::read(&path)
    };
    let told = read("address = \"https://tempi.example.it/risultati\"\nfrequency = \"ANNUAL\"\n").unwrap();
    let (_site, data) = published(&kit::small_city(), &told);
    let record: serde_json::Value = serde_json::from_slice(&fs::read(data.join("catalogo.jsonld")).unwrap()).unwrap();
    assert_eq!(record["@context"]["@base"], "https://tempi.example.it/risultati/dati/");
    let text = record.to_string();
    assert!(
        text.contains("authority/frequency/ANNUAL") && text.contains("creativecommons.org/licenses/by/4.0/"),
        "{text}"
    );
    for unknown in ["contactPoint", "dct:spatial", "dct:temporal"] {
        assert!(!text.contains(unknown), "{unknown} was told by nobody");
    }
    let (_site, data) = published(&kit::small_city(), &Catalogue::default());
    let text = fs::read_to_string(data.join("catalogo.jsonld")).unwrap();
    assert!(text.contains("authority/frequency/UNKNOWN") && !text.contains("@base"), "{text}");

    for (text, word) in [
        ("address = \"tempi\"", "address"),
        ("frequency = \"every year\"", "frequency"),
        ("themes = []", "themes"),
        ("first_day = \"2026-11-02\"\nlast_day = \"2026-11-01\"", "first_day"),
        ("licenza = \"CC0\"", "licenza"),
        ("[contact]\nname = \"Ufficio\"", "email"),
    ] {
        let error = read(text).unwrap_err();
        assert!(
            matches!(&error, CatalogueError::Malformed { message, .. } if message.contains(word)),
            "{text}: {error}"
        );
    }
}

#[test]
fn the_page_of_data_lists_every_file_with_its_size_licence_and_citation() {
    let (folder, data) = published(&kit::small_city(), &Catalogue::default());
    let page = fs::read_to_string(folder.path().join("site/dati.html")).unwrap();
    for entry in fs::read_dir(&data).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_file()) {
        let name = entry.file_name().into_string().unwrap();
        assert!(page.contains(&format!("href=\"dati/{name}\"")), "{name} is not on the page");
    }
    assert!(page.contains("dati/json-stat/index-it.json") && !page.contains("dati/json-stat/time_spent-main-en.json"));
    for words in ["creativecommons.org/licenses/by/4.0/", "Comune di Borgo Sereno, Indagine", "read.csv", "kB"] {
        assert!(page.contains(words), "{words} is not on the page");
    }
    // Without a public-use file nothing speaks of one.
    assert!(!page.contains("svrepdesign") && !page.contains("puf"), "{page}");
}
