//! `tempi weight` as an office runs it: weights row by row against R survey 4.1-1 (R 4.2.2), and the files it reads and
//! writes.

use std::fs;
use std::path::{Path, PathBuf};

use analytics::desk::Microdata;
use serde_json::Value;
use tempfile::TempDir;
use tests::command::{Run, tempi};

use crate::desk::{assert_close, reference, refused};

const CLOSED_FORM: f64 = 1e-10;
const ITERATED: f64 = 1e-8;

const TYPES: &str = "stype,E,4421\nstype,H,755\nstype,M,1018\n";
const WHOLE_SCHOOL: &str = "sch.wide,No,1072\nsch.wide,Yes,5122\n";

/// A folder with margins in it.
struct Desk(TempDir);

impl Desk {
    fn new(totals: &str) -> Desk {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("margins.csv"), format!("margin,category,total\n{totals}")).expect("writable");
        Desk(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// `tempi weight` of a file to `output`; words of the arguments are divided by spaces.
    fn weigh(&self, file: &Path, arguments: &str, output: &str) -> Run {
        let words = ["weight".into(), file.to_owned(), "--margins".into(), self.path("margins.csv")];
        let output = ["--output".into(), self.path(output)];
        let arguments = arguments.split(' ').filter(|word| !word.is_empty()).map(PathBuf::from);
        tempi(words.into_iter().chain(output).chain(arguments))
    }

    /// The weights of the school data.
    fn schools(&self, folder: &Path, arguments: &str) -> Vec<f64> {
        self.weigh(&folder.join("apiclus1.csv"), &format!("--weights pw {arguments}"), "weighted.csv").success();
        column(&self.path("weighted.csv"), "calibrated_weight")
    }
}

fn column(file: &Path, name: &str) -> Vec<f64> {
    let data = Microdata::read(file).expect("a table");
    data.numbers(name).expect("numbers").into_iter().map(|number| number.expect("a number")).collect()
}

/// The schools' results in 1999, summed over the population.
const API99: f64 = 3_914_069.0;

#[test]
fn weights_are_those_of_r_row_by_row() {
    let Some(folder) = reference() else { return };
    let expected = |name: &str| column(&folder.join("calibrated_weights_apiclus1.csv"), name);
    let both = format!("{TYPES}{WHOLE_SCHOOL}");
    let with_api99 = format!("{TYPES}api99,,{API99}\n");
    for (totals, arguments, name, tolerance) in [
        (TYPES, "", "post_dclus1", CLOSED_FORM),
        (&both, "", "rake_dclus1", CLOSED_FORM),
        (&both, "--bounds 0.1,10", "cal_raking_margins", ITERATED),
        (TYPES, "--calfun linear", "cal_linear_stype", CLOSED_FORM),
        (&with_api99, "--calfun linear", "cal_linear_api99", CLOSED_FORM),
        (&with_api99, "--calfun raking", "cal_raking_api99", ITERATED),
        (&with_api99, "--calfun logit --bounds 0.5,2", "cal_logit_api99", ITERATED),
        (&with_api99, "--calfun linear --bounds 0.5,1.6", "cal_trunc_api99", ITERATED),
        (&with_api99, "--calfun linear --aggregate dnum", "cal_linear_agg1", CLOSED_FORM),
    ] {
        let found = Desk::new(totals).schools(&folder, arguments);
        assert_close(&found, &expected(name), tolerance, name);
    }
}

/// ```r
/// d <- svydesign(id=~dnum, weights=~pw, data=apiclus1, fpc=~fpc)
/// weights(calibrate(d, ~api99, c(`(Intercept)`=6194, api99=sum(apipop$api99))))[1:3]
/// ```
#[test]
fn the_number_of_units_and_a_sum_are_margins_too() {
    let Some(folder) = reference() else { return };
    let desk = Desk::new(&format!("(population),,6194\napi99,,{API99}\n"));
    let weights = desk.schools(&folder, "--calfun linear");
    let values = column(&folder.join("apiclus1.csv"), "api99");
    let weighted: f64 = weights.iter().zip(&values).map(|(weight, value)| weight * value).sum();
    assert_close(&[weights.iter().sum(), weighted], &[6194.0, API99], CLOSED_FORM, "totals");
    assert_close(&weights[..3], &[30.8498904424599, 30.3168130044525, 28.5843113309285], CLOSED_FORM, "weights");
}

#[test]
fn clusters_stay_whole_and_weights_inside_their_bounds() {
    let Some(folder) = reference() else { return };
    let both = format!("{TYPES}{WHOLE_SCHOOL}");
    let whole = Desk::new(&both).schools(&folder, "--aggregate dnum");
    let (base, clusters) = (column(&folder.join("apiclus1.csv"), "pw"), column(&folder.join("apiclus1.csv"), "dnum"));
    for row in 1..whole.len() {
        if clusters[row] == clusters[row - 1] {
            let factors = [whole[row] / base[row], whole[row - 1] / base[row - 1]];
            assert_close(&factors[..1], &factors[1..], CLOSED_FORM, "the factor of a cluster");
        }
    }
    let trimmed = Desk::new(&both).schools(&folder, "--trim 20,60");
    assert!(trimmed.iter().all(|weight| (20.0 - 1e-6..=60.0 + 1e-6).contains(weight)), "{trimmed:?}");
    let types = Microdata::read(&folder.join("apiclus1.csv")).and_then(|data| data.texts("stype")).expect("types");
    let of = |wanted: &str| -> f64 {
        let is_wanted = |kind: &Option<String>| kind.as_deref() == Some(wanted);
        types.iter().zip(&trimmed).filter(|(kind, _)| is_wanted(kind)).map(|(_, weight)| weight).sum()
    };
    assert_close(&["E", "H", "M"].map(of), &[4421.0, 755.0, 1018.0], ITERATED, "margins after trimming");
}

const PERSONS: &str = "code,sex,zone,weight\n01,F,north,10\n02,M,north,20\n03,F,south,30\n04,M,south,40\n";
const SEXES: &str = "sex,F,60\nsex,M,60\n";

fn persons(desk: &Desk, text: &str) -> PathBuf {
    let path = desk.path("persons.csv");
    fs::write(&path, text).expect("writable");
    path
}

#[test]
fn what_cannot_be_weighted_is_named_and_nothing_written() {
    let rescaled = "--rescale --bounds 0.1,10";
    for (totals, arguments, code, words) in [
        ("sex,F,60\nsex,M,60\nzone,north,50\nzone,south,80\n", "", 1, &["sex", "zone", "120", "130"][..]),
        ("sex,F,60\nsex,M,60\nsex,X,5\n", "", 1, &["sex", "X"]),
        ("sex,F,60\n", "", 1, &["sex", "M"]),
        ("gender,F,60\n", "", 1, &["no column `gender`"]),
        ("sex,F,sixty\n", "", 1, &["row 1", "`sixty`", "not a number"]),
        ("sex,F,\n", "", 1, &["row 1", "no total"]),
        ("sex*zone,F,60\n", "", 1, &["row 1", "as many values as its margin has columns"]),
        ("sex,F,60\nsex,,60\n", "", 1, &["row 2", "with and without a category"]),
        ("sex,F,60\nsex,M,-60\n", "", 1, &["-60"]),
        (SEXES, "--weights wait", 1, &["no column `wait`"]),
        (SEXES, "--calfun logit", 1, &["bounds"]),
        (SEXES, "--bounds 3", 1, &["--bounds", "two numbers"]),
        (SEXES, "--bounds 3,0.3", 1, &["0.3"]),
        (SEXES, "--trim 9,1", 1, &["9", "1"]),
        (SEXES, rescaled, 1, &["raking without bounds"]),
        (SEXES, "--column sex", 1, &["`sex`", "another name"]),
        (SEXES, "--calfun greg", 2, &["greg", "linear"]),
    ] {
        println!("{totals} {arguments}");
        let desk = Desk::new(totals);
        let file = persons(&desk, PERSONS);
        refused(desk.weigh(&file, arguments, "weighted.csv"), code, words);
        assert!(!desk.path("weighted.csv").exists(), "nothing is written");
    }
    let desk = Desk::new(SEXES);
    let negative = persons(&desk, &PERSONS.replace(",20", ",-20"));
    refused(desk.weigh(&negative, "--weights weight", "weighted.csv"), 1, &["-20"]);
    let missing = persons(&desk, &PERSONS.replace(",20", ","));
    refused(desk.weigh(&missing, "--weights weight", "weighted.csv"), 1, &["row 2", "`weight` is empty"]);
}

#[test]
fn a_group_s_weights_come_out_equal_whatever_they_were() {
    let desk = Desk::new(SEXES);
    let file = persons(&desk, PERSONS);
    desk.weigh(&file, "--weights weight --aggregate zone", "weighted.csv").success();
    // 15 and 35 on average, 50 by sex, for 60.
    let weights = column(&desk.path("weighted.csv"), "calibrated_weight");
    assert_close(&weights, &[18.0, 18.0, 42.0, 42.0], CLOSED_FORM, "weights of zones");
}

#[test]
fn margins_of_another_sum_are_scaled_when_asked() {
    let desk = Desk::new("sex,F,60\nsex,M,60\nzone,north,50\nzone,south,80\n");
    let file = persons(&desk, PERSONS);
    desk.weigh(&file, "--rescale", "weighted.csv").success();
    let sum: f64 = column(&desk.path("weighted.csv"), "calibrated_weight").iter().sum();
    assert_close(&[sum], &[120.0], CLOSED_FORM, "the first margin's sum");
}

#[test]
fn parquet_reads_back_with_codes_as_they_were() {
    let desk = Desk::new("sex*zone,F*north,10\nsex*zone,F*south,20\nsex*zone,M*north,30\nsex*zone,M*south,40\n");
    let file = persons(&desk, PERSONS);
    let run = desk.weigh(&file, "--weights weight --column w --json", "weighted.parquet").success();
    let result: Value = serde_json::from_str(&run.stdout).expect("one JSON object");
    assert_eq!((&result["column"], &result["report"]["n_units"]), (&"w".into(), &4.into()));
    let data = Microdata::read(&desk.path("weighted.parquet")).expect("a Parquet file");
    assert_eq!(data.names(), ["code", "sex", "zone", "weight", "w"]);
    assert_close(&column(&desk.path("weighted.parquet"), "w"), &[10.0, 30.0, 20.0, 40.0], CLOSED_FORM, "weights");
    let codes: Vec<String> = data.texts("code").expect("codes").into_iter().flatten().collect();
    assert_eq!(codes, ["01", "02", "03", "04"], "a code's leading zero is part of it");
    // And from Parquet to CSV.
    desk.weigh(&desk.path("weighted.parquet"), "--weights w", "again.csv").success();
    let again = fs::read_to_string(desk.path("again.csv")).expect("a file");
    assert!(again.starts_with("code,sex,zone,weight,w,calibrated_weight\n01,F,north,10,"), "{again}");
}

#[test]
fn a_spreadsheet_s_file_comes_back_as_it_came() {
    let desk = Desk::new(SEXES);
    let file = persons(&desk, "sesso;peso\r\nF;10,5\r\nM;20\r\nF;9,5\r\nM;40\r\n");
    fs::write(desk.path("margins.csv"), "margin;category;total\nsesso;F;50,5\nsesso;M;60\n").expect("writable");
    desk.weigh(&file, "--weights peso", "weighted.csv").success();
    let text = fs::read_to_string(desk.path("weighted.csv")).expect("a file");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "sesso;peso;calibrated_weight");
    assert!(lines[1].starts_with("F;10,5;26,51"), "{text}");
    assert_eq!(lines[2], "M;20;20");
    let weights = column(&desk.path("weighted.csv"), "calibrated_weight");
    assert_close(&weights, &[50.5 * 10.5 / 20.0, 20.0, 50.5 * 9.5 / 20.0, 40.0], CLOSED_FORM, "weights");
}

#[test]
fn the_report_says_what_happened_to_the_weights() {
    let desk = Desk::new(SEXES);
    let file = persons(&desk, PERSONS);
    let text = desk.weigh(&file, "--weights weight", "weighted.csv").success().stdout;
    for said in ["before", "after", "Design effect of unequal weights", "sex", "Weights of 4 rows written to"] {
        assert!(text.contains(said), "`{said}` is not in {text}");
    }
    let before = fs::read_to_string(desk.path("weighted.csv")).expect("a file");
    fs::write(desk.path("margins.csv"), "margin,category,total\nsex,F,60\n").expect("writable");
    refused(desk.weigh(&file, "--weights weight", "weighted.csv"), 1, &["M"]);
    assert_eq!(fs::read_to_string(desk.path("weighted.csv")).expect("a file"), before, "the earlier file is whole");
}
