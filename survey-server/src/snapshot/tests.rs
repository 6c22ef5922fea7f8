//! What leaves the database, and what does not.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use chrono::NaiveDate;
use parquet::{
    file::reader::{FileReader, SerializedFileReader},
    record::Field,
};
use questionnaires::{Answer, Answers, Diary, DiaryDraft, DiaryEntry, MainActivity, Span};

use super::{visibility::Visibility, *};
use crate::{
    access::guard::Citizen,
    demonstration::{self, Loaded, Person},
    diary::store::{Diaries, Saved, StoredDiary},
    keys::Keys,
    privacy::store::{Consents, OfParticipants},
    questionnaire::store::Responses,
    survey::SurveyConfig,
};

const AS_OF: &str = "2026-11-22T18:47:12Z";

fn as_of() -> DateTime<Utc> {
    AS_OF.parse().unwrap()
}

fn options() -> ExportOptions {
    let label = |text: &str| Label::new(text, text);
    ExportOptions {
        as_of: as_of(),
        purpose: USUAL_PURPOSE.to_owned(),
        synthetic: true,
        title: label("Prova"),
        population: label("Nessuno"),
        who: Who::Everybody,
        sampled_only: false,
        with_texts: false,
    }
}

fn keys() -> Keys {
    Keys::from_base64(&format!("{}=", "A".repeat(43))).unwrap()
}

/// A day: from, activity, place.
fn day(date: (i32, u32, u32), rows: &[(&str, &str, &str)]) -> Diary {
    let (year, month, day) = date;
    let mut draft = DiaryDraft::new(NaiveDate::from_ymd_opt(year, month, day).unwrap());
    for (from, activity, place) in rows {
        draft.apply(&DiaryEntry {
            main: Some(MainActivity(activity.parse().unwrap())),
            location: Some(place.parse().unwrap()),
            ..DiaryEntry::new(Span::from_clock(from, "04:00").unwrap())
        });
    }
    draft.finish().unwrap()
}

fn person(age: i64) -> Person {
    let choice = |value: &str| Answer::Choice(value.to_owned());
    let answers = BTreeMap::from([
        ("sex".to_owned(), choice("F")),
        ("age".to_owned(), Answer::Number(age)),
        ("zone".to_owned(), choice("nord")),
        ("children_ages".to_owned(), Answer::Choices(vec!["0_2".to_owned(), "6_10".to_owned()])),
        ("household_size".to_owned(), Answer::Number(4)),
    ]);
    let weekday = [("04:00", "011", "11"), ("07:00", "021", "11"), ("08:00", "910", "24"), ("09:00", "111", "13")];
    let sunday = [("04:00", "011", "11"), ("10:00", "611", "21"), ("12:00", "021", "15")];
    Person { answers: Answers(answers), diaries: vec![day((2026, 11, 18), &weekday), day((2026, 11, 15), &sunday)] }
}

struct Exported {
    folder: tempfile::TempDir,
    database: Database,
    keys: Keys,
}

impl Exported {
    async fn of(people: &[Person]) -> Exported {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(&format!("sqlite://{}/t.sqlite", folder.path().display())).await.unwrap();
        database.migrate().await.unwrap();
        let keys = database.unlock(&keys(), &SurveyConfig::default()).await.unwrap();
        demonstration::load(&database, people, as_of()).await.unwrap();
        Exported { folder, database, keys }
    }

    fn output(&self) -> PathBuf {
        self.folder.path().join("snapshot")
    }

    async fn export(&self) -> Result<ExportSummary, ExportError> {
        export(&self.database, &self.keys, &self.output(), &options()).await
    }

    /// Somebody who agrees, answers, tells a weekday and a Sunday, and hands in the Sunday and what else is said.
    async fn take_part(&self, id: &str, age: i64, submits_answers: bool, submits_weekday: bool) {
        let citizen = Citizen::alone(id);
        Consents::over(&self.database).give(&citizen, as_of()).await.unwrap();
        let (responses, diaries) = (Responses::over(&self.database), Diaries::over(&self.database));
        let participant = responses.participant(&citizen).await.unwrap().unwrap();
        let Person { answers, diaries: days } = person(age);
        let asking = self.database.questionnaires().at("individuale").unwrap();
        responses.save(&participant, &asking, &answers, as_of()).await.unwrap();
        if submits_answers {
            responses.submit(&participant, &asking, as_of()).await.unwrap();
        }
        for (day, is_submitted) in days.iter().zip([submits_weekday, true]) {
            let blank = StoredDiary::blank(day.date());
            let saved = diaries.save(&participant, &blank, day.as_draft(), 0, as_of()).await.unwrap();
            assert_eq!(saved, Saved::Yes);
            if is_submitted {
                assert_eq!(diaries.submit(&participant, day.date(), 1, as_of()).await.unwrap(), Saved::Yes);
            }
        }
    }

    fn csv(&self, table: &str) -> Vec<BTreeMap<String, String>> {
        let mut reader = csv::Reader::from_path(self.output().join(format!("{table}.csv"))).unwrap();
        reader.deserialize().map(|row| row.unwrap()).collect()
    }
}

#[actix_web::test]
async fn a_day_leaves_field_by_field() {
    let exported = Exported::of(&[person(34)]).await;
    let summary = exported.export().await.unwrap();
    assert_eq!((summary.n_persons, summary.n_diaries, summary.n_rejected, summary.n_episodes), (1, 2, 2, 7));

    let persons = exported.csv("persons");
    assert_eq!(
        (persons[0]["sex"].as_str(), persons[0]["age"].as_str(), persons[0]["zone"].as_str()),
        ("F", "34", "nord")
    );
    let diaries = exported.csv("diaries");
    let kinds: BTreeMap<&str, &str> =
        diaries.iter().map(|day| (day["day_kind"].as_str(), day["diary_id"].as_str())).collect();
    assert_eq!(kinds.keys().copied().collect::<Vec<_>>(), ["sunday", "weekday"]);
    assert!(diaries.iter().all(|day| day["month"] == "2026-11" && day["person_id"] == persons[0]["person_id"]));
    let episodes: Vec<[String; 4]> = exported
        .csv("episodes")
        .iter()
        .filter(|episode| episode["diary_id"] == kinds["weekday"])
        .map(|episode| ["start_minute", "minutes", "main", "location"].map(|column| episode[column].clone()))
        .collect();
    let expected = [
        ["0", "180", "011", "11"],
        ["180", "60", "021", "11"],
        ["240", "60", "910", "24"],
        ["300", "1140", "111", "13"],
    ];
    assert_eq!(episodes, expected);
    let answers: Vec<(String, String)> =
        exported.csv("answers").iter().map(|row| (row["question"].clone(), row["value"].clone())).collect();
    let expected = [
        ("age", "34"),
        ("children_ages", "0_2"),
        ("children_ages", "6_10"),
        ("household_size", "4"),
        ("sex", "F"),
        ("zone", "nord"),
    ];
    assert_eq!(answers, expected.map(|(question, value)| (question.to_owned(), value.to_owned())));
}

#[actix_web::test]
async fn parquet_and_csv_say_the_same_and_the_manifest_holds_them() {
    let exported = Exported::of(&[person(34), person(71)]).await;
    exported.export().await.unwrap();
    let manifest: serde_json::Value =
        serde_json::from_slice(&fs::read(exported.output().join("manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest["as_of"], "2026-11-22T18:00Z", "no minutes");
    assert_eq!(manifest["synthetic"], true);
    assert_eq!(
        manifest["files"].as_object().unwrap().len(),
        14,
        "five tables twice, a codebook and the questions per questionnaire"
    );
    for (name, entry) in manifest["files"].as_object().unwrap() {
        let bytes = fs::read(exported.output().join(name)).unwrap();
        let hash = crate::keys::hex(ring::digest::digest(&ring::digest::SHA256, &bytes).as_ref());
        assert_eq!(entry["sha256"], hash, "{name}");
        let Some(table) = name.strip_suffix(".parquet") else { continue };
        let reader = SerializedFileReader::new(fs::File::open(exported.output().join(name)).unwrap()).unwrap();
        let rows = reader.get_row_iter(None).unwrap().map(|row| {
            let columns = row.unwrap().into_columns().into_iter();
            columns.map(|(name, field)| (name, shown(&field))).collect::<BTreeMap<_, _>>()
        });
        let rows: Vec<_> = rows.collect();
        assert_eq!(entry["rows"], rows.len(), "{name}");
        assert_eq!(rows, exported.csv(table), "{table}");
    }
    let levels = exported.csv("classification").iter().fold(BTreeMap::new(), |mut levels, row| {
        *levels.entry(row["level"].clone()).or_insert(0) += 1;
        levels
    });
    assert_eq!(levels, BTreeMap::from([("1".to_owned(), 10), ("2".to_owned(), 32), ("3".to_owned(), 116)]));
}

fn shown(field: &Field) -> String {
    match field {
        Field::Null => String::new(),
        Field::Str(text) => text.clone(),
        Field::Long(number) => number.to_string(),
        other => panic!("an unexpected kind of value: {other:?}"),
    }
}

#[actix_web::test]
async fn the_same_state_gives_the_same_bytes_and_row_order_tells_nothing() {
    let people: Vec<Person> = (20..60).map(person).collect();
    let exported = Exported::of(&people).await;
    exported.export().await.unwrap();
    let bytes = |name: &str| fs::read(exported.output().join(name)).unwrap();
    let before = ["manifest.json", "episodes.parquet", "answers.csv"].map(bytes);
    exported.export().await.unwrap();
    assert_eq!(["manifest.json", "episodes.parquet", "answers.csv"].map(bytes), before, "an export may be repeated");
    let ages: Vec<String> = exported.csv("persons").iter().map(|row| row["age"].clone()).collect();
    assert!(!ages.is_sorted(), "rows are in the order of the pseudonyms, not of arrival");
    let ids: Vec<String> = exported.csv("persons").iter().map(|row| row["person_id"].clone()).collect();
    assert!(ids.is_sorted());
}

#[actix_web::test]
async fn no_id_or_date_of_the_database_leaves() {
    let exported = Exported::of(&[person(34)]).await;
    exported.export().await.unwrap();
    for entry in fs::read_dir(exported.output()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        for secret in ["invented", "2026-11-18", "2026-11-15", "18:47"] {
            assert!(!text.contains(secret), "{} holds {secret}", path.display());
        }
    }
}

#[actix_web::test]
async fn only_people_who_agreed_and_handed_in_leave() {
    let exported = Exported::of(&[person(34), person(35)]).await;
    let gone = Citizen::alone("invented-000000");
    Consents::over(&exported.database).withdraw(&gone, as_of()).await.unwrap();
    // One keeps their answers back, one a day.
    exported.take_part("answers-kept-back", 36, false, true).await;
    exported.take_part("day-kept-back", 37, true, false).await;
    let summary = exported.export().await.unwrap();
    assert_eq!((summary.n_persons, summary.n_diaries), (2, 3));
    let ages: BTreeSet<String> = exported.csv("persons").iter().map(|row| row["age"].clone()).collect();
    assert_eq!(ages, BTreeSet::from(["35".to_owned(), "37".to_owned()]));
    let kinds: Vec<String> = exported.csv("diaries").iter().map(|row| row["day_kind"].clone()).collect();
    assert_eq!(kinds.iter().filter(|kind| *kind == "sunday").count(), 2, "the weekday kept back stays");
}

#[actix_web::test]
async fn every_column_of_the_database_is_on_the_visibility_list() {
    let exported = Exported::of(&[]).await;
    let in_database = exported.database.columns().await;
    let listed: BTreeSet<(String, String)> =
        visibility::COLUMNS.iter().map(|(table, column, _)| ((*table).to_owned(), (*column).to_owned())).collect();
    assert_eq!(listed, in_database);
    assert_eq!(listed.len(), visibility::COLUMNS.len(), "no column is listed twice");
    let rows = store::Rows::default();
    let tables = [persons(&rows), diaries(&rows), episodes(&rows), answers(&rows)];
    for table in tables {
        for column in table.column_names() {
            let name = format!("{}.{column}", table.name);
            let reserved = ["household_id", "weight", "stratum", "cluster"].contains(&column);
            let is_named = visibility::COLUMNS.iter().any(|(_, _, visibility)| match visibility {
                Visibility::Exported(form) => {
                    form.contains(&name) || (table.name == "persons" && form.contains("in persons"))
                }
                Visibility::Private => false,
            });
            assert!(is_named || reserved, "{name} leaves, but no column of the database says so");
        }
    }
}

#[actix_web::test]
async fn a_folder_that_is_no_snapshot_is_left_alone() {
    let exported = Exported::of(&[person(34)]).await;
    fs::create_dir(exported.output()).unwrap();
    fs::write(exported.output().join("letter.txt"), "dear").unwrap();
    assert!(matches!(exported.export().await, Err(ExportError::Occupied(_))));
    assert_eq!(fs::read_dir(exported.output()).unwrap().count(), 1);
    let beside = exported.folder.path().join("missing/snapshot");
    assert!(export(&exported.database, &exported.keys, &beside, &options()).await.is_ok(), "missing folders are made");
    let impossible = exported.folder.path().join("t.sqlite/snapshot");
    assert!(matches!(
        export(&exported.database, &exported.keys, &impossible, &options()).await,
        Err(ExportError::File { .. })
    ));
}

#[actix_web::test]
async fn an_invented_city_is_stored_once_and_quickly() {
    let people: Vec<Person> = (0..1_500).map(|number| person(10 + number % 80)).collect();
    let started = std::time::Instant::now();
    let exported = Exported::of(&people).await;
    let loaded = started.elapsed();
    let summary = exported.export().await.unwrap();
    println!("1500 people: stored in {loaded:?}, exported in {:?}", started.elapsed() - loaded);
    assert_eq!((summary.n_persons, summary.n_diaries), (1_500, 3_000));
    assert!(matches!(demonstration::load(&exported.database, &people, as_of()).await, Ok(Loaded::Before)));
}
