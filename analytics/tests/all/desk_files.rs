//! What an analyst may bring: files of R, of Excel in Italian, of polars, and files with mistakes.

use std::path::{Path, PathBuf};

use analytics::desk::{Condition, FileError, Microdata};
use polars::prelude::{DataFrame, IntoColumn, NamedFrom, Series};
use polars_io::parquet::write::ParquetWriter;

fn written(folder: &Path, text: &str) -> PathBuf {
    let path = folder.join("data.csv");
    std::fs::write(&path, text).expect("a file written");
    path
}

fn read(text: &str) -> Result<Microdata, FileError> {
    let folder = tempfile::tempdir().expect("a folder");
    Microdata::read(&written(folder.path(), text))
}

#[test]
fn files_of_r_and_of_a_spreadsheet_in_italian_hold_the_same() {
    let of_r = "\"sex\",\"minutes\",\"region\"\n\"F\",\"286.5\",\"10\"\n\"M\",NA,\"9\"\n\"F\",\"97\",\"\"\n";
    let of_a_spreadsheet = "\u{feff}sex;minutes;region\r\nF;286,5;10\r\nM;;9\r\nF;97;NA\r\n";
    for text in [of_r, of_a_spreadsheet] {
        let data = read(text).expect("a readable file");
        assert_eq!((data.n_rows(), data.names()), (3, &["sex", "minutes", "region"].map(str::to_owned)[..]));
        assert_eq!(data.numbers("minutes"), Ok(vec![Some(286.5), None, Some(97.0)]));
        let sex = data.factor("sex").expect("a factor");
        assert_eq!((sex.levels, sex.codes), (vec!["F".to_owned(), "M".to_owned()], vec![Some(0), Some(1), Some(0)]));
        let region = data.factor("region").expect("a factor");
        assert_eq!(region.levels, ["9", "10"], "categories that are numbers are in the order of numbers");
        assert_eq!(region.codes, [Some(1), Some(0), None]);
    }
}

#[test]
fn parquet_columns_of_any_type_are_numbers_and_categories() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("data.parquet");
    let mut frame = DataFrame::new_infer_height(vec![
        Series::new("sex".into(), [Some("F"), None, Some("M")]).into_column(),
        Series::new("age".into(), [Some(30_i64), Some(40), None]).into_column(),
        Series::new("minutes".into(), [1.5_f64, f64::NAN, 3.0]).into_column(),
        Series::new("works".into(), [true, false, true]).into_column(),
    ])
    .expect("a frame");
    ParquetWriter::new(std::fs::File::create(&path).expect("a file")).finish(&mut frame).expect("written");
    let data = Microdata::read(&path).expect("a readable file");
    assert_eq!(data.numbers("age"), Ok(vec![Some(30.0), Some(40.0), None]));
    assert_eq!(data.numbers("minutes"), Ok(vec![Some(1.5), None, Some(3.0)]), "NaN is missing");
    assert_eq!(data.factor("age").expect("a factor").levels, ["30", "40"]);
    assert_eq!(data.factor("works").expect("a factor").levels, ["false", "true"]);
    assert_eq!(data.factor("sex").expect("a factor").codes, [Some(0), None, Some(1)]);
}

#[test]
fn mistakes_are_named_with_their_place() {
    let data = read("api00,stype\n700,E\nmany,H\n").expect("a readable file");
    let error = data.numbers("api0").expect_err("a mistyped column");
    assert!(error.to_string().contains("no column `api0` (did you mean `api00`?)"), "{error}");
    assert!(error.to_string().contains("its columns are: api00, stype"), "{error}");
    let error = data.numbers("api00").expect_err("text among numbers");
    assert!(error.to_string().contains("row 2: `many` in the column `api00` is not a number"), "{error}");

    let told = |text: &str| read(text).expect_err("not a table").to_string();
    assert!(told("").contains("the first line must name the columns"));
    assert!(told("a,b\n1,2\n3\n").contains("row 2"));
    assert!(told("a,a\n1,2\n").contains("two columns are named `a`"));
    let missing = Microdata::read(Path::new("no-such-file.csv")).expect_err("no file").to_string();
    assert!(missing.contains("cannot read no-such-file.csv"), "{missing}");
}

#[test]
fn a_text_in_another_encoding_is_refused_with_the_way_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("latin1.csv");
    std::fs::write(&path, b"citt\xe0,n\nForl\xec,1\n").expect("a file written");
    let error = Microdata::read(&path).expect_err("not UTF-8").to_string();
    assert!(error.contains("save it as CSV UTF-8"), "{error}");
}

#[test]
fn a_condition_marks_rows_and_never_those_without_a_value() {
    let data = read("age,sex\n14,F\n15,M\n,F\n70,\n").expect("a readable file");
    let rows = |text: &str| text.parse::<Condition>().expect("a condition").rows(&data).expect("known columns");
    assert_eq!(rows("age>=15"), [false, true, false, true]);
    assert_eq!(rows("age<15"), [true, false, false, false]);
    assert_eq!(rows("sex=F"), [true, false, true, false]);
    assert_eq!(rows("sex!=F"), [false, true, false, false]);
    assert_eq!(rows("age=14.0,70"), [true, false, false, true]);
}
