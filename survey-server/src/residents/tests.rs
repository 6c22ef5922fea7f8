//! The register imported, replaced, counted; samples drawn and kept.

use std::{collections::BTreeSet, io::Cursor};

use chrono::{DateTime, NaiveDate, Utc};
use questionnaires::fiscal_code::{FiscalCode, Holder, RegisteredSex};

use super::{
    margins::{MarginsError, MarginsPlan, Variable, margins},
    sample::{Allocation, SampleError, SamplePlan, Stratifier, Unit, draw, store::kept},
    *,
};
use crate::{keys::Keys, survey::SurveyConfig};

const HEADER: &str = "codice_fiscale;sesso;data_nascita;zona;id_famiglia\n";

fn now() -> DateTime<Utc> {
    "2026-11-22T18:47:12Z".parse().unwrap()
}

fn options() -> ImportOptions {
    ImportOptions { now: now(), accept_partial: false, accept_shrinking: false }
}

/// A line of an invented person, different for every number.
fn line(number: usize, zone: &str, household: usize) -> String {
    // Consonants only, so that the letters of the code are those of the name.
    let letter = |place| char::from(b"BCDFGHJKLMNPQRSTVWXYZ"[number / 21_usize.pow(place) % 21]);
    let letters: String = (0..6).map(letter).collect();
    let sex = if number.is_multiple_of(2) { RegisteredSex::Female } else { RegisteredSex::Male };
    let birth_date = NaiveDate::from_ymd_opt(1940 + (number * 7 % 80) as i32, 1, 1 + (number % 28) as u32).unwrap();
    let (surname, first_name) = letters.split_at(3);
    let holder = Holder { surname, first_name, sex, birth_date, birthplace: "L219".parse().unwrap() };
    let code = FiscalCode::of(&holder).unwrap();
    format!("{};{};{birth_date};{zone};{household}", code.reveal(), sex.code())
}

/// `n_people` in zones of unequal size and households of three.
fn extract(n_people: usize) -> String {
    let zone = |number: usize| ["centro", "nord", "nord", "sud", "sud", "sud"][number / 3 % 6];
    let lines: Vec<String> = (0..n_people).map(|number| line(number, zone(number), number / 3)).collect();
    format!("{HEADER}{}\n", lines.join("\n"))
}

struct Office {
    folder: tempfile::TempDir,
    database: Database,
    keys: Keys,
}

impl Office {
    async fn open() -> Office {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(&format!("sqlite://{}/t.sqlite", folder.path().display())).await.unwrap();
        database.migrate().await.unwrap();
        let keys = Keys::from_base64(&Keys::generate()).unwrap();
        let keys = database.unlock(&keys, &SurveyConfig::default()).await.unwrap();
        Office { folder, database, keys }
    }

    /// Imports an extract; the report comes too.
    async fn import(&self, text: &str, options: ImportOptions) -> (Result<ImportSummary, ImportError>, String) {
        let mut report = Vec::new();
        let imported = import(&self.database, &self.keys, Cursor::new(text), &mut report, options).await;
        (imported, String::from_utf8(report).unwrap())
    }

    async fn everybody(&self) -> BTreeSet<String> {
        let everybody = store::everybody(&self.database, &self.keys).await.unwrap().unwrap_or_default();
        everybody.into_iter().map(|resident| resident.to_record()).collect()
    }

    async fn draw(&self, plan: &SamplePlan) -> (Result<sample::Sample, SampleError>, String) {
        let mut list = Vec::new();
        let drawn = draw(&self.database, &self.keys, plan, &mut list, now()).await;
        (drawn, String::from_utf8(list).unwrap())
    }

    async fn margins(&self, plan: &MarginsPlan) -> Result<String, MarginsError> {
        let mut file = Vec::new();
        margins(&self.database, &self.keys, plan, &mut file, now()).await?;
        Ok(String::from_utf8(file).unwrap())
    }

    fn database_bytes(&self) -> Vec<u8> {
        let files = std::fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path());
        files.flat_map(|path| std::fs::read(path).unwrap()).collect()
    }
}

fn plan(size: u64) -> SamplePlan {
    SamplePlan {
        unit: Unit::Persons,
        size,
        strata: vec![Stratifier::Zone],
        allocation: Allocation::Proportional,
        minimum_age: 10,
        seed: "seme".to_owned(),
        replace: false,
    }
}

#[actix_web::test]
async fn an_extract_replaces_the_one_before_it_and_leavers_go() {
    let office = Office::open().await;
    let (first, _) = office.import(&extract(60), options()).await;
    assert_eq!(first.unwrap().changes, Changes { n_joined: 60, ..Changes::default() });
    let before = office.everybody().await;
    assert_eq!(before.len(), 60);

    let (again, _) = office.import(&extract(60), options()).await;
    assert_eq!(again.unwrap().changes, Changes { n_unchanged: 60, ..Changes::default() });
    assert_eq!(office.everybody().await, before);

    // Two leave, one moves, one joins.
    let text = extract(61).replace(&format!("{}\n", line(0, "centro", 0)), "");
    let text = text.replace(&format!("{}\n", line(1, "centro", 0)), "");
    let text = text.replace(&line(2, "centro", 0), &line(2, "nord", 900));
    let (third, _) = office.import(&text, options()).await;
    let summary = third.unwrap();
    assert_eq!(summary.changes, Changes { n_joined: 1, n_left: 2, n_changed: 1, n_unchanged: 57 });
    assert_eq!((summary.n_residents, office.everybody().await.len()), (59, 59));
    assert_eq!(n_residents(&office.database).await.unwrap(), Some(59));

    forget(&office.database, now()).await.unwrap();
    assert_eq!(n_residents(&office.database).await.unwrap(), None);
}

#[actix_web::test]
async fn one_bad_line_stops_everything_unless_the_office_says_otherwise() {
    let office = Office::open().await;
    office.import(&extract(30), options()).await.0.unwrap();
    let before = office.everybody().await;
    let text = extract(40).replacen(";F;", ";Q;", 1);
    let (refused, report) = office.import(&text, options()).await;
    assert!(matches!(refused, Err(ImportError::Rejected { n_rejected: 1, n_lines: 40 })), "{refused:?}");
    assert_eq!(
        report,
        "riga,colonna,esito,motivo,reason\n2,sesso,scartata,il sesso non è F né M,the sex is neither F nor M\n"
    );
    assert_eq!(office.everybody().await, before);

    let partial = ImportOptions { accept_partial: true, ..options() };
    let (accepted, same_report) = office.import(&text, partial).await;
    let summary = accepted.unwrap();
    assert_eq!((summary.n_residents, summary.n_rejected), (39, 1));
    assert_eq!(same_report, report);
}

#[actix_web::test]
async fn confused_columns_and_a_vanished_city_are_refused() {
    let office = Office::open().await;
    assert!(matches!(office.import(HEADER, options()).await.0, Err(ImportError::Nobody)));
    office.import(&extract(200), options()).await.0.unwrap();
    let swapped = extract(200).replace(";F;", ";!;").replace(";M;", ";F;").replace(";!;", ";M;");
    assert!(matches!(
        office.import(&swapped, options()).await.0,
        Err(ImportError::Disagreement { n_disagreements: 200, n_lines: 200 })
    ));
    let small = extract(99);
    assert!(matches!(office.import(&small, options()).await.0, Err(ImportError::Shrinking { n_new: 99, n_old: 200 })));
    assert_eq!(office.everybody().await.len(), 200);
    office.import(&small, ImportOptions { accept_shrinking: true, ..options() }).await.0.unwrap();
    assert_eq!(office.everybody().await.len(), 99);
}

/// More people than one statement takes, and more than one page.
#[actix_web::test]
async fn a_larger_town_comes_in_piece_by_piece() {
    let office = Office::open().await;
    let summary = office.import(&extract(20_500), options()).await.0.unwrap();
    assert_eq!(summary.n_residents, 20_500);
    assert_eq!(office.everybody().await.len(), 20_500);
}

#[actix_web::test]
async fn nothing_of_a_resident_can_be_read_in_the_database() {
    let office = Office::open().await;
    office.import(&extract(300), options()).await.0.unwrap();
    let (drawn, list) = office.draw(&plan(50)).await;
    let bytes = office.database_bytes();
    let has = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(has("register_extract"), "the search reads the database");
    for person in drawn.unwrap().people {
        assert!(list.contains(person.resident.code.reveal()));
        for text in [person.resident.code.reveal(), &person.resident.birth_date.to_string()] {
            assert!(!has(text));
        }
    }
    for zone in ["centro", "nord", "sud"] {
        assert!(!has(zone), "{zone}");
    }
    let strangers = Keys::from_base64(&Keys::generate()).unwrap();
    assert!(store::everybody(&office.database, &strangers).await.is_err());
}

#[actix_web::test]
async fn a_sample_is_drawn_listed_and_kept_with_its_design() {
    let office = Office::open().await;
    assert!(matches!(office.draw(&plan(30)).await.0, Err(SampleError::NoRegister)));
    office.import(&extract(600), options()).await.0.unwrap();
    let (drawn, list) = office.draw(&plan(60)).await;
    let sample = drawn.unwrap();
    assert_eq!((sample.n_units(), sample.people.len(), list.lines().count()), (60, 60, 61));
    let strata: Vec<(&str, bool)> =
        sample.strata.iter().map(|stratum| (stratum.name.as_str(), stratum.n_drawn >= 2)).collect();
    assert_eq!(strata, [("centro", true), ("nord", true), ("sud", true)]);
    let n_frame: u64 = sample.strata.iter().map(|stratum| stratum.n_frame).sum();
    let weights: f64 = sample.people.iter().map(|person| person.weight()).sum();
    assert!((weights - n_frame as f64).abs() < 1e-9 * n_frame as f64, "weights sum to the frame");

    let (unit, people) = kept(office.database.connection(), &office.keys).await.unwrap().unwrap();
    assert_eq!(unit, Unit::Persons);
    let mut people: Vec<_> = people.into_iter().map(|(_, person)| person).collect();
    people.sort_by(|a, b| {
        let key = |person: &sample::SampledPerson| {
            (person.stratum.clone(), person.resident.household.clone(), person.resident.code.clone())
        };
        key(a).cmp(&key(b))
    });
    assert_eq!(people, sample.people);

    assert!(matches!(office.draw(&plan(60)).await.0, Err(SampleError::Exists)));
    let again = SamplePlan { replace: true, ..plan(60) };
    assert_eq!(office.draw(&again).await.0.unwrap(), sample, "one seed, one sample");
    let other = SamplePlan { seed: "altro".to_owned(), ..again };
    assert_ne!(office.draw(&other).await.0.unwrap().people, sample.people);
    // The sample outlives the register, so that weights are not lost.
    forget(&office.database, now()).await.unwrap();
    assert!(kept(office.database.connection(), &office.keys).await.unwrap().is_some());
}

#[actix_web::test]
async fn known_totals_are_counted_in_both_forms() {
    let office = Office::open().await;
    let usual = MarginsPlan { margins: Vec::new(), minimum_age: 10, threshold: 3, round_to: None };
    assert!(matches!(office.margins(&usual).await, Err(MarginsError::NoRegister)));
    office.import(&extract(1_200), options()).await.0.unwrap();
    let register = office.margins(&usual).await.unwrap();
    assert!(register.starts_with("sex,age_group,population\nF,10-14,"), "{register}");
    let total = |csv: &str| -> u64 {
        csv.lines().skip(1).map(|line| line.rsplit(',').next().unwrap().parse::<u64>().unwrap()).sum()
    };
    let everybody = store::everybody(&office.database, &office.keys).await.unwrap().unwrap();
    let old_enough = everybody.iter().filter(|person| person.age_on("2026-11-22".parse().unwrap()) >= 10);
    let n_people = old_enough.count() as u64;
    assert_eq!(total(&register), n_people);

    let named =
        MarginsPlan { margins: vec![vec![Variable::Zone], vec![Variable::Sex, Variable::AgeGroup]], ..usual.clone() };
    let named = office.margins(&named).await.unwrap();
    assert!(named.starts_with("margin,category,total\nzone,centro,"), "{named}");
    assert!(named.contains("\nsex*age_group,F*10-14,"));
    assert_eq!(total(&named), 2 * n_people);
}

#[actix_web::test]
async fn few_people_are_not_counted_out() {
    let office = Office::open().await;
    let text = format!("{}{}\n", extract(300), line(5_000, "isola", 5_000));
    office.import(&text, options()).await.0.unwrap();
    let by_zone =
        |round_to| MarginsPlan { margins: vec![vec![Variable::Zone]], minimum_age: 10, threshold: 3, round_to };
    let refused = office.margins(&by_zone(None)).await;
    assert!(matches!(&refused, Err(MarginsError::FewPeople { category, .. }) if category == "isola"), "{refused:?}");
    let rounded = office.margins(&by_zone(Some(5))).await.unwrap();
    assert!(rounded.contains("zone,isola,5\n"), "{rounded}");
    for line in rounded.lines().skip(1) {
        assert!(line.rsplit(',').next().unwrap().parse::<u64>().unwrap().is_multiple_of(5));
    }
    assert!(matches!(office.margins(&by_zone(Some(2))).await, Err(MarginsError::RoundTooFine(3))));
    let two = MarginsPlan { margins: vec![vec![Variable::Zone], vec![Variable::Sex]], ..by_zone(Some(5)) };
    assert!(matches!(office.margins(&two).await, Err(MarginsError::RoundedMargins)));
    office.import(&format!("{}{}\n", extract(300), line(5_000, "", 5_000)), options()).await.0.unwrap();
    assert!(matches!(office.margins(&by_zone(None)).await, Err(MarginsError::NoZone { n_people: 1 })));
}

#[actix_web::test]
async fn other_keys_find_and_read_the_same_people() {
    let office = Office::open().await;
    office.import(&extract(300), options()).await.0.unwrap();
    office.draw(&plan(50)).await.0.unwrap();
    let before = office.everybody().await;
    let sampled = |people: Vec<(String, sample::SampledPerson)>| -> BTreeSet<String> {
        people.into_iter().map(|(_, person)| person.resident.code.reveal().to_owned()).collect()
    };
    let (_, people) = kept(office.database.connection(), &office.keys).await.unwrap().unwrap();

    let new = Keys::from_base64(&Keys::generate()).unwrap();
    let transaction = office.database.begin_write().await.unwrap();
    store::rekey(&transaction, &office.keys, &new).await.unwrap();
    sample::store::rekey(&transaction, &office.keys, &new).await.unwrap();
    transaction.commit().await.unwrap();

    assert!(store::everybody(&office.database, &office.keys).await.is_err(), "the old key opens nothing");
    let everybody = store::everybody(&office.database, &new).await.unwrap().unwrap();
    for resident in &everybody {
        let found = store::look_up(&office.database, &new, &resident.digest(&new)).await.unwrap().unwrap();
        assert_eq!(found.as_ref(), Some(resident));
    }
    assert_eq!(everybody.into_iter().map(|resident| resident.to_record()).collect::<BTreeSet<_>>(), before);
    let (_, people_now) = kept(office.database.connection(), &new).await.unwrap().unwrap();
    assert_eq!(sampled(people_now), sampled(people));
}
