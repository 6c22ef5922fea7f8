//! The open data of invented estimates: what is hidden stays hidden in every format, workbooks read back, settings are judged.
//! `tests/tests/house/open_data.rs` has other people's programs read them.

#![allow(clippy::unwrap_used)]

mod kit;

use std::collections::BTreeMap;
use std::fs;
use std::io::Cursor;
use std::path::PathBuf;

use analytics::table::{EstimateRow, Estimates, Flag, Indicator, Status};
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
