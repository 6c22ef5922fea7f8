//! The open data as other people's programs read them: Python's openpyxl, pyjstat, jsonstat-validator, sdmx1, csvw, pyshacl and
//! svy (`tests/opendata/check.py`), and R's survey (`tests/opendata/check.R`). `tests/opendata/install.sh` and
//! `tests/packages.sh` install them; without them these tests fail.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use tests::command::tempi;

use crate::demonstration::demonstration;

fn folder() -> PathBuf {
    tests::root().join("tests/opendata")
}

/// The demonstration published with a catalogue that tells everything, and with a public-use file.
fn published() -> &'static Path {
    static SITE: OnceLock<tempfile::TempDir> = OnceLock::new();
    SITE.get_or_init(|| {
        let (city, temporary) = (demonstration(), tempfile::tempdir().expect("a temporary folder"));
        let path = |name: &str| temporary.path().join(name).display().to_string();
        let of_city = |name: &str| city.join(name).display().to_string();
        tempi(["puf", &of_city("snapshot"), "--margins", &of_city("margins.csv"), "--output", &path("puf")]).success();
        fs::write(temporary.path().join("catalogue.toml"), CATALOGUE).expect("writable");
        tempi([
            "publish",
            &of_city("estimates"),
            "--output",
            &path("site"),
            "--date",
            "2026-11-22",
            "--catalogue",
            &path("catalogue.toml"),
            "--public-use",
            &path("puf"),
        ])
        .success();
        temporary
    })
    .path()
}

const CATALOGUE: &str = r#"
frequency = "ANNUAL"
themes = ["SOCI", "GOVE"]
first_day = "2026-10-18"
last_day = "2026-11-21"

[rights_holder]
name = { it = "Comune di Fiorenzuola Immaginaria", en = "Municipality of Fiorenzuola Immaginaria" }
code = "c_x999"

[contact]
name = "Ufficio tempi e orari"
email = "tempi@comune.example.it"
page = "https://comune.example.it/tempi"

[area]
name = "Fiorenzuola Immaginaria"
address = "https://comune.example.it/luoghi/fiorenzuola"
code = "999999"
"#;

/// Fewer numbers than the demonstration tells of answers, 1,189 rows of six.
const MANY_ANSWERS: usize = 5_000;

/// Runs a check of `check.py`; how many things it compared.
pub fn check(name: &str, site: &Path) -> usize {
    let run = Command::new(folder().join("venv/bin/python"))
        .arg(folder().join("check.py"))
        .args([name.as_ref(), site.as_os_str()])
        .output()
        .expect("tests/opendata/install.sh has installed the readers");
    let told = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{name}: {told}{}", String::from_utf8_lossy(&run.stderr));
    let compared = told.lines().last().and_then(|line| line.strip_suffix(" compared")).expect("a count at the end");
    compared.parse().expect("a number")
}

#[test]
fn workbooks_hold_the_estimates_cell_by_cell_as_openpyxl_reads_them() {
    assert!(check("workbook", &published().join("site")) > 400_000);
}

#[test]
fn workbooks_hold_the_estimates_cell_by_cell_as_libre_office_reads_them() {
    assert!(check("libre_office", &published().join("site")) > 400_000);
}

#[test]
fn json_stat_cubes_hold_the_estimates_as_pyjstat_reads_them() {
    assert!(check("json_stat", &published().join("site")) > 500_000);
}

#[test]
fn sdmx_csv_holds_the_estimates_as_sdmx1_reads_them() {
    assert!(check("sdmx", &published().join("site")) > 250_000);
}

#[test]
fn json_stat_cubes_hold_the_answers_with_their_words_as_pyjstat_reads_them() {
    assert!(check("json_stat_answers", &published().join("site")) > MANY_ANSWERS * 2);
}

#[test]
fn sdmx_csv_holds_the_answers_as_sdmx1_reads_them() {
    assert!(check("sdmx_answers", &published().join("site")) > MANY_ANSWERS);
}

#[test]
fn every_csv_is_as_its_csvw_description_says() {
    assert!(check("csvw", &published().join("site")) > 150_000);
}

#[test]
fn the_record_for_catalogues_has_what_dcat_ap_it_asks_told_or_not() {
    assert_eq!(check("dcat", &published().join("site")), 19);
    // Without a catalogue's facts the record is poorer, and still holds.
    assert!(check("dcat", &demonstration().join("site/1")) >= 13);
}

#[test]
fn the_public_use_file_is_what_its_report_says_and_svy_loads_it() {
    assert_eq!(check("public_use", &published().join("site")), 10);
}

fn report(site: &Path) -> serde_json::Value {
    let text = fs::read_to_string(site.join("dati/puf/report.json")).expect("the report is there");
    serde_json::from_str(&text).expect("the report is JSON")
}

/// Lines of the page of data between its marks of code.
fn lines_of_page(site: &Path) -> Vec<String> {
    let page = fs::read_to_string(site.join("en/data.html")).expect("the page of data");
    let blocks = page.split("<code>").skip(1).filter_map(|rest| rest.split("</code>").next());
    let text: String = blocks.collect();
    let unescaped = [("&#60;", "<"), ("&lt;", "<"), ("&#34;", "\""), ("&quot;", "\""), ("&#62;", ">"), ("&amp;", "&")];
    unescaped.iter().fold(text, |text, (from, to)| text.replace(from, to)).lines().map(str::to_owned).collect()
}

#[test]
fn three_lines_load_the_design_in_r_and_give_the_published_means_within_two_standard_errors() {
    let site = published().join("site");
    let lines = lines_of_page(&site);
    let first = lines.iter().position(|line| line == "library(survey)").expect("the lines for R are on the page");
    let run = Command::new("Rscript")
        .arg(folder().join("check.R"))
        .arg(site.join("dati"))
        .args(&lines[first..first + 3])
        .output()
        .expect("R is installed by tests/packages.sh");
    let told = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{told}{}", String::from_utf8_lossy(&run.stderr));
    let in_r: BTreeMap<&str, Vec<f64>> = told
        .lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(column, rest)| (column, rest.split_whitespace().filter_map(|number| number.parse().ok()).collect()))
        .collect();
    let report = report(&site);
    let published = published_means(&site);
    let n_replicates = report["weights"]["n_replicates"].as_f64().expect("a number");
    // A standard error of R replicates has itself a relative one of 1 / sqrt(2 (R - 1)); four of them are allowed, and the
    // draw of half hours makes errors up to a third larger.
    let slack = 4.0 / (2.0 * (n_replicates - 1.0)).sqrt();
    for mean in report["means"].as_array().expect("means") {
        let column = mean["column"].as_str().expect("a name");
        let [value, error, df] = in_r[column][..] else { panic!("{column}: {:?}", in_r[column]) };
        let close =
            |found: f64, told: &serde_json::Value| (found / told.as_f64().expect("a number") - 1.0).abs() < 1e-9;
        assert!(
            close(value, &mean["value"]) && close(error, &mean["standard_error"]),
            "{column}: {value}, {error}; {mean}"
        );
        assert_eq!(df, n_replicates - 1.0, "{column}");
        let Some((published, its_error)) = published.get(column.trim_start_matches("minutes_")) else { continue };
        assert!((value - published).abs() <= 2.0 * its_error, "{column}: {value} of the file, {published} published");
        let ratio = error / its_error;
        assert!(
            ratio > 1.0 - slack && ratio < 1.33 * (1.0 + slack),
            "{column}: the error is {ratio} of the published one"
        );
    }
    let total = &in_r["total_minutes_3"];
    let population: f64 = report_population(&site);
    assert!((total[0] / (in_r["minutes_3"][0] * population) - 1.0).abs() < 1e-6, "{total:?}");
}

/// The sum of the persons' weights.
fn report_population(site: &Path) -> f64 {
    let mut reader = csv::Reader::from_path(site.join("dati/puf/persons.csv")).expect("persons");
    let place = reader.headers().expect("a header").iter().position(|name| name == "weight").expect("weights");
    reader.records().map(|row| row.expect("a row")[place].parse::<f64>().expect("a number")).sum()
}

/// Time spent by everybody on the average day and its error, by activity of level 1.
fn published_means(site: &Path) -> BTreeMap<String, (f64, f64)> {
    let mut reader = csv::Reader::from_path(site.join("dati/estimates.csv")).expect("the estimates");
    let wanted = ["time_spent", "main", "1", "all", "all", "all", "average"];
    let rows = reader.deserialize().map(|row| row.expect("a row"));
    let means: BTreeMap<String, (f64, f64)> = rows
        .filter(|row: &BTreeMap<String, String>| {
            let columns = ["indicator", "timeline", "level", "sex", "age_group", "target_group", "day"];
            columns.iter().zip(wanted).all(|(column, value)| row[*column] == value)
        })
        .filter_map(|row| {
            Some((row["activity"].clone(), (row["value"].parse().ok()?, row["standard_error"].parse().ok()?)))
        })
        .collect();
    assert!(means.len() >= 5, "only {} means are published", means.len());
    means
}

#[test]
fn a_public_use_file_that_fails_its_check_is_refused_with_the_reasons_and_not_written() {
    let (city, temporary) = (demonstration(), tempfile::tempdir().expect("a temporary folder"));
    let path = |name: &str| temporary.path().join(name).display().to_string();
    let of_city = |name: &str| city.join(name).display().to_string();
    let run = tempi([
        "puf",
        &of_city("snapshot"),
        "--margins",
        &of_city("margins.csv"),
        "--largest-risk",
        "0.00001",
        "--output",
        &path("puf"),
        "--report",
        &path("report.json"),
    ]);
    run.refused(1, &["did not pass its check", "nobody is left"]);
    assert!(!temporary.path().join("puf").exists(), "a refused file is not written");
    let report: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(path("report.json")).expect("the report is there")).expect("JSON");
    assert_eq!(report["accepted"], false);
}

#[test]
fn the_same_release_gives_the_same_public_use_file_and_no_name_of_the_snapshot_is_in_it() {
    let (city, temporary) = (demonstration(), tempfile::tempdir().expect("a temporary folder"));
    let of_city = |name: &str| city.join(name).display().to_string();
    let again = temporary.path().join("puf");
    let margins = of_city("margins.csv");
    tempi(["puf", &of_city("snapshot"), "--margins", &margins, "--output", &again.display().to_string()]).success();
    let first = published().join("puf");
    let mut names: Vec<String> = Vec::new();
    for (table, column) in [("persons", "person_id"), ("persons", "household_id"), ("diaries", "diary_id")] {
        let mut reader = csv::Reader::from_path(city.join(format!("snapshot/{table}.csv"))).expect("the snapshot");
        let place = reader.headers().expect("a header").iter().position(|name| name == column).expect("a column");
        names.extend(reader.records().map(|row| row.expect("a row")[place].to_owned()).filter(|name| !name.is_empty()));
    }
    assert!(names.len() > 300);
    let mut n_files = 0;
    for entry in fs::read_dir(&first).expect("the file is there") {
        let entry = entry.expect("readable");
        let bytes = fs::read(entry.path()).expect("readable");
        assert_eq!(bytes, fs::read(again.join(entry.file_name())).expect("readable"), "{:?}", entry.file_name());
        if entry.path().extension().is_some_and(|ending| ending != "parquet") {
            let text = String::from_utf8(bytes).expect("text");
            let told = names.iter().find(|name| text.contains(name.as_str()));
            assert_eq!(told, None, "{:?} holds a name of the snapshot", entry.file_name());
        }
        n_files += 1;
    }
    assert_eq!(n_files, 11);
}
