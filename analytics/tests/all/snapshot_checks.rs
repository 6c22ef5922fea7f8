//! A snapshot that was damaged or cannot be true is refused with the file, the row or the ids, and a remedy.

use crate::city;
use std::path::Path;

use analytics::snapshot::{DiaryRow, Snapshot, Writer};

/// The message of opening a snapshot that `spoil` made impossible.
fn refusal(spoil: impl FnOnce(&mut Writer)) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let mut writer = city::city(6);
    spoil(&mut writer);
    let snapshot = city::write(writer, folder.path());
    Snapshot::open(&snapshot).expect_err("the snapshot cannot be true").to_string()
}

/// The message of opening a sound snapshot whose folder `damage` changed afterwards.
fn refusal_after(damage: impl FnOnce(&Path)) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let snapshot = city::write(city::city(6), folder.path());
    damage(&snapshot);
    Snapshot::open(&snapshot).expect_err("the snapshot was damaged").to_string()
}

fn assert_says(message: &str, parts: &[&str]) {
    for part in parts {
        assert!(message.contains(part), "`{part}` is not in: {message}");
    }
}

fn replace_in_manifest(snapshot: &Path, from: &str, to: &str) {
    let path = snapshot.join("manifest.json");
    let text = std::fs::read_to_string(&path).expect("the manifest");
    assert!(text.contains(from), "{text}");
    std::fs::write(path, text.replacen(from, to, 1)).expect("the manifest is written");
}

#[test]
fn what_is_written_is_what_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let writer = city::city(6);
    let snapshot = Snapshot::open(&city::write(writer.clone(), folder.path())).expect("a sound snapshot");
    assert_eq!((snapshot.persons.len(), snapshot.diaries.len()), (6, 12));
    assert_eq!(snapshot.episodes.len(), writer.episodes.len());
    assert_eq!(snapshot.manifest.description.title, writer.description.title);
    let person = &snapshot.persons[4];
    assert_eq!((person.id.as_str(), person.weight), ("p00004", writer.persons[4].weight));
    assert!(person.answers.has("children_ages", "0_2") && person.answers.has("children_ages", "3_5"));
    assert_eq!(person.answers.number("age"), writer.persons[4].age, "the person's age counts as an answer");
}

#[test]
fn missing_and_changed_files() {
    assert_says(
        &refusal_after(|snapshot| std::fs::remove_file(snapshot.join("episodes.parquet")).expect("removed")),
        &["episodes.parquet", "No such file", "tempi export"],
    );
    assert_says(
        &refusal_after(|snapshot| std::fs::remove_file(snapshot.join("manifest.json")).expect("removed")),
        &["manifest.json", "No such file"],
    );
    let one_byte_more = |snapshot: &Path| {
        let path = snapshot.join("persons.csv");
        let text = std::fs::read_to_string(&path).expect("a file");
        std::fs::write(path, text + "\n").expect("written");
    };
    assert_says(&refusal_after(one_byte_more), &["persons.csv", "was changed", "SHA-256"]);
    assert_says(
        &refusal_after(|snapshot| {
            let rows_of = |n| format!("\"diaries.parquet\": {{\n      \"rows\": {n}");
            replace_in_manifest(snapshot, &rows_of(12), &rows_of(13));
        }),
        &["has 12 rows", "manifest says 13", "diaries"],
    );
    assert_says(
        &refusal_after(|snapshot| replace_in_manifest(snapshot, "\"answers.parquet\"", "\"answer.parquet\"")),
        &["answer.parquet"],
    );
    assert_says(
        &refusal_after(|snapshot| replace_in_manifest(snapshot, "\"answers.csv\"", "\"../answers.csv\"")),
        &["../answers.csv", "not a file name"],
    );
}

#[test]
fn other_versions_and_other_files_for_a_manifest() {
    let newer = |snapshot: &Path| replace_in_manifest(snapshot, "\"schema_version\": 1", "\"schema_version\": 2");
    assert_says(&refusal_after(newer), &["schema version 2", "reads 1", "update tempi"]);
    let not_json = |snapshot: &Path| std::fs::write(snapshot.join("manifest.json"), "<html>").expect("written");
    assert_says(&refusal_after(not_json), &["manifest.json", "not a snapshot's manifest"]);
    let no_title = |snapshot: &Path| replace_in_manifest(snapshot, "\"title\"", "\"name\"");
    assert_says(&refusal_after(no_title), &["missing field `title`"]);
}

#[test]
fn rows_that_cannot_be() {
    let row = |parts: &[&str], spoil: &dyn Fn(&mut Writer)| assert_says(&refusal(|writer| spoil(writer)), parts);
    row(&["diaries.parquet, row 13", "p99999", "has no row in", "persons.parquet"], &|writer| {
        let stranger = DiaryRow { diary_id: "z".into(), person_id: "p99999".into(), ..writer.diaries[0].clone() };
        writer.diaries.push(stranger);
    });
    row(&["episodes.parquet, row", "`diary_id` nobody"], &|writer| writer.episodes[0].diary_id = "nobody".into());
    row(&["answers.parquet, row", "`person_id` nobody"], &|writer| writer.answers[0].person_id = "nobody".into());
    row(&["persons.parquet, row 2", "p00000 appears twice"], &|writer| {
        writer.persons[1].person_id = "p00000".into();
    });
    row(&["diaries.parquet, row 1", "d000000", "day_kind `monday`", "weekday, saturday or sunday"], &|writer| {
        writer.diaries[0].day_kind = "monday".into();
    });
    row(&["diaries.parquet, row 1", "grade `bad`"], &|writer| writer.diaries[0].grade = "bad".into());
    row(&["persons.parquet, row 3", "the weight is -1", "zero or more"], &|writer| {
        writer.persons[2].weight = Some(-1.0);
    });
    row(&["diaries.parquet, row 4", "the weight is inf"], &|writer| writer.diaries[3].weight = Some(f64::INFINITY));
    row(&["persons.parquet, row 1", "sex `W`", "F, M or X"], &|writer| writer.persons[0].sex = "W".into());
    row(&["persons.parquet, row 1", "age 200"], &|writer| writer.persons[0].age = Some(200));
    row(&["classification.parquet, row 1", "`0` has no members"], &|writer| {
        writer.classification[0].members = "-01".into();
    });
}

#[test]
fn days_that_do_not_add_up() {
    let day = |parts: &[&str], spoil: &dyn Fn(&mut Writer)| assert_says(&refusal(|writer| spoil(writer)), parts);
    day(&["diary `d000050`", "sum to", "instead of 1440"], &|writer| {
        let last = writer.episodes.iter().rposition(|episode| episode.diary_id == "d000050").expect("an episode");
        writer.episodes[last].minutes -= 10;
    });
    day(&["diary `d000000`", "minutes sum to 0"], &|writer| {
        writer.episodes.retain(|episode| episode.diary_id != "d000000");
    });
    day(&["diary `d000000`", "starts at minute", "should follow"], &|writer| {
        writer.episodes[1].start_minute = writer.episodes[1].start_minute.map(|start| start + 10);
    });
    day(&["episodes.parquet, row", "no start, in a timed snapshot"], &|writer| {
        writer.episodes[0].start_minute = None;
    });
    day(&["episodes.parquet, row", "lasts 0 minutes"], &|writer| writer.episodes[0].minutes = 0);
}

#[test]
fn activities_outside_the_classification_or_in_it_twice() {
    let refused = |spoil: &dyn Fn(&mut Writer)| {
        let folder = tempfile::tempdir().expect("a folder");
        let mut writer = city::city(6);
        spoil(&mut writer);
        city::write(writer, folder.path());
        city::run(&city::plan(folder.path())).expect_err("time is lost or counted twice").to_string()
    };
    let unknown = refused(&|writer| writer.episodes[0].main = "777".into());
    assert_says(&unknown, &["`777`", "0 activities of level 1", "column `members`"]);
    let twice = refused(&|writer| writer.classification[1].members = "0 1".into());
    assert_says(&twice, &["`011`", "2 activities of level 1", "(0, 1)"]);
}

#[test]
fn a_snapshot_without_usable_diaries_or_with_a_stratum_of_one_cluster() {
    let refused = |spoil: &dyn Fn(&mut Writer)| {
        let folder = tempfile::tempdir().expect("a folder");
        let mut writer = city::city(6);
        spoil(&mut writer);
        city::write(writer, folder.path());
        city::run(&city::plan(folder.path())).expect_err("nothing to estimate from").to_string()
    };
    let rejected = refused(&|writer| writer.diaries.iter_mut().for_each(|diary| diary.grade = "rejected".into()));
    assert_says(&rejected, &["no diary to use", "12 rejected"]);
    let empty = refused(&|writer| {
        writer.persons.clear();
        writer.diaries.clear();
        writer.episodes.clear();
        writer.answers.clear();
    });
    assert_says(&empty, &["no diary to use"]);
    let lonely = refused(&|writer| {
        for (place, person) in writer.persons.iter_mut().enumerate() {
            person.stratum = Some(if place < 2 { "centre" } else { "suburbs" }.into());
        }
    });
    assert_says(&lonely, &["stratum `centre`", "one cluster only (`h00000`)", "similar stratum"]);
}
