//! The American survey's file: plain or gzip, and what a malformed one is told.

use std::io::Write;
use std::path::Path;

use analytics::import::atus::{Options, import};
use analytics::snapshot::Snapshot;
use questionnaires::DayKind;

const HEADER: &str = "tucaseid,TUFNWGTP,TEAGE,TESEX,TELFS,TUDIARYDATE,TUDIARYDAY,t010101,t050101,t120303";
const FIRST: &str = "20150101150018,1000.5,55,2,1,20150129,5,500,480,440";
const SECOND: &str = "20150101150053,2000,65,1,5,20151206,1,600,0,740";

fn file(folder: &Path, lines: &[&str]) -> std::path::PathBuf {
    let path = folder.join("atussum.dat");
    std::fs::write(&path, lines.join("\r\n") + "\r\n").expect("a file");
    path
}

#[test]
fn a_file_becomes_a_snapshot_plain_or_compressed() {
    let folder = tempfile::tempdir().expect("a folder");
    let plain = file(folder.path(), &[HEADER, FIRST, SECOND]);
    let compressed = folder.path().join("atussum.dat.gz");
    let mut encoder =
        flate2::write::GzEncoder::new(std::fs::File::create(&compressed).expect("a file"), flate2::Compression::fast());
    encoder.write_all(&std::fs::read(&plain).expect("the file")).expect("compressed");
    encoder.finish().expect("finished");

    for (input, name) in [(plain, "from-plain"), (compressed, "from-gzip")] {
        let output = folder.path().join(name);
        let summary = import(&input, &output, &Options::default()).expect("an import");
        assert_eq!((summary.n_persons, summary.n_episodes), (2, 7));
        assert_eq!(summary.n_minutes_uncoded, 20 + 100, "minutes without a column keep the day whole");
        let snapshot = Snapshot::open(&output).expect("a sound snapshot");
        assert!(
            snapshot.manifest.description.weights_balance_days
                && !snapshot.manifest.description.timed
                && !snapshot.manifest.description.synthetic
        );
        assert_eq!(snapshot.manifest.description.title.it, "American Time Use Survey 2015");
        assert_eq!(snapshot.manifest.description.as_of, "2015-12-06T23:00Z");
        let employed = snapshot.persons.iter().find(|person| person.age == Some(55)).expect("the first respondent");
        assert_eq!((employed.sex.code(), employed.weight), ("F", Some(1000.5)));
        assert!(employed.answers.has("work_status", "employed"));
        let kinds: Vec<DayKind> = snapshot.diaries.iter().map(|diary| diary.day_kind).collect();
        assert!(kinds.contains(&DayKind::Weekday) && kinds.contains(&DayKind::Sunday), "{kinds:?}");
        assert!(snapshot.persons.iter().all(|person| !person.id.contains("2015010115")), "ids are pseudonyms");
    }
}

fn refusal(lines: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let input = file(folder.path(), lines);
    let output = folder.path().join("snapshot");
    let error = import(&input, &output, &Options::default()).expect_err("the file is malformed");
    assert!(!output.exists(), "nothing is written");
    error.to_string()
}

#[test]
fn malformed_files_are_told_the_line_and_the_column() {
    let second = |from: &str, to: &str| {
        assert!(SECOND.contains(from));
        refusal(&[HEADER, FIRST, &SECOND.replacen(from, to, 1)])
    };
    let cases = [
        (refusal(&[&HEADER.replace("TUFNWGTP", "WEIGHT"), FIRST]), vec!["line 1", "`TUFNWGTP` is missing", "atussum"]),
        (refusal(&["tucaseid,TUFNWGTP,TEAGE,TESEX,TELFS,TUDIARYDATE,TUDIARYDAY", "1"]), vec!["`t010101` is missing"]),
        (refusal(&[HEADER]), vec!["no respondents"]),
        (refusal(&[HEADER, FIRST, "1,2,3"]), vec!["line 3", "3 fields, the header 10"]),
        (refusal(&[HEADER, FIRST, FIRST]), vec!["line 3", "20150101150018 appears twice"]),
        (second(",2000,", ",-1,"), vec!["line 3", "`TUFNWGTP`", "`-1`", "weight of zero or more"]),
        (second(",2000,", ",NaN,"), vec!["line 3", "`TUFNWGTP`", "`NaN`"]),
        (second(",65,", ",old,"), vec!["line 3", "`TEAGE`", "`old`"]),
        (second(",65,1,", ",65,3,"), vec!["line 3", "`TESEX`", "1 (man) or 2 (woman)"]),
        (second(",5,", ",9,"), vec!["line 3", "`TELFS`", "`9`"]),
        (second("20151206", "20151306"), vec!["line 3", "`TUDIARYDATE`", "20151306"]),
        (second("20151206,1", "20151206,8"), vec!["line 3", "`TUDIARYDAY`", "1 (Sunday) to 7 (Saturday)"]),
        (second(",600,", ",six hundred,"), vec!["line 3", "`t010101`", "`six hundred`", "0 to 1440"]),
        (second(",600,", ",701,"), vec!["line 3", "sum to 1441 instead of 1440"]),
        (refusal(&[&(HEADER.to_owned() + ",t500106"), &(FIRST.to_owned() + ",0")]), vec!["line 2", "sum to 1420"]),
    ];
    for (message, parts) in cases {
        for part in parts.into_iter().chain(["Nothing was written"]) {
            assert!(message.contains(part), "`{part}` is not in: {message}");
        }
    }
}

#[test]
fn a_truncated_download_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let compressed = folder.path().join("atussum.dat.gz");
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let lines = (0..2000).map(|place| FIRST.replacen("150018", &format!("{:06}", 150_018 + place), 1));
    let text: Vec<String> = [HEADER.to_owned()].into_iter().chain(lines).collect();
    encoder.write_all(text.join("\n").as_bytes()).expect("compressed");
    let bytes = encoder.finish().expect("finished");
    std::fs::write(&compressed, &bytes[..bytes.len() / 2]).expect("written");
    let error = import(&compressed, &folder.path().join("snapshot"), &Options::default()).expect_err("half a file");
    assert!(error.to_string().contains("atussum.dat.gz"), "{error}");
}

#[test]
fn a_file_that_is_not_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let error = import(&folder.path().join("none.dat"), &folder.path().join("snapshot"), &Options::default());
    let message = error.expect_err("no file").to_string();
    assert!(message.contains("none.dat") && message.contains("check the path"), "{message}");
}
