//! A whole standard release of a large survey: reading and checking the snapshot, weighting, estimating and writing.
//!
//!     cargo bench --workspace --bench release -- make FOLDER [PERSONS]   (500,000 persons, a million diaries)
//!     cargo bench --workspace --bench release -- run FOLDER
//!
//! The first writes a snapshot of invented cities, its tables as Parquet only; the second prints the time of each stage and
//! the most memory that the process held. FOLDER/snapshot may be any snapshot; where there is a FOLDER/margins.csv it is
//! post-stratified.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Instant;

use analytics::pipeline::analyse;
use analytics::plan::{ReleasePlan, WeightPlan};
use analytics::snapshot::{Description, FileEntry, Manifest, SCHEMA_VERSION};
use analytics::synthetic::{City, CityOptions, SyntheticPerson, city};
use polars::prelude::{Column, DataFrame, IntoColumn, NamedFrom, Series};
use polars_io::parquet::write::{BatchedWriter, ParquetWriter};
use questionnaires::{Label, instrument, quality};
use ring::digest;

const N_PERSONS: usize = 500_000;
/// Cities are made one at a time, so that making them takes little memory.
const PERSONS_OF_A_CITY: usize = 10_000;
const N_CLUSTERS: usize = 25_000;
const N_STRATA: usize = 60;
/// The same two cities again and again, as other people.
const N_SEEDS: u64 = 2;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["make", folder] => make(Path::new(folder), N_PERSONS),
        ["make", folder, n_persons] => make(Path::new(folder), n_persons.parse().expect("a number of persons")),
        ["run", folder] => run(Path::new(folder)),
        _ => eprintln!("say `make FOLDER` or `run FOLDER`; see the head of benches/release.rs"),
    }
}

fn run(folder: &Path) {
    let margins = Some(folder.join("margins.csv")).filter(|path| path.exists());
    let weights = WeightPlan { margins, ..WeightPlan::default() };
    let plan = ReleasePlan { weights, ..ReleasePlan::new(folder.join("snapshot"), folder.join("estimates")) };
    let begin = Clock::now();
    let mut stage: (Option<String>, Clock) = (None, Clock::now());
    let mut report = |next| {
        if stage.0 != next {
            if let Some(name) = &stage.0 {
                println!("{name}: {}", stage.1);
            }
            stage = (next, Clock::now());
        }
    };
    let summary = analyse(&plan, &mut |progress| report(Some(format!("{:?} {}", progress.stage, progress.done))))
        .expect("the snapshot is analysed");
    report(None);
    println!("all: {begin}, {:.2} GB at most", most_memory());
    println!("{summary:?}");
}

/// A moment, by the clock on the wall and by what threads have had of the processors until then. On a machine that others use
/// too, the second says more: what the main thread does alone, and half of the rest, is what two processors would need.
struct Clock {
    wall: Instant,
    main: f64,
    all: f64,
}

impl Clock {
    fn now() -> Clock {
        // Nanoseconds on a processor, the first number; by thread, the main one having the number of the process.
        let of_thread = |name: &str| -> f64 {
            let told = std::fs::read_to_string(format!("/proc/self/task/{name}/schedstat")).unwrap_or_default();
            told.split_whitespace().next().and_then(|first| first.parse::<f64>().ok()).unwrap_or(f64::NAN) / 1e9
        };
        let threads = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
        let all = threads.map(|thread| of_thread(&thread.file_name().to_string_lossy())).sum();
        Clock { wall: Instant::now(), main: of_thread(&std::process::id().to_string()), all }
    }
}

/// What has passed since.
impl std::fmt::Display for Clock {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let now = Clock::now();
        let (wall, main, all) = (self.wall.elapsed().as_secs_f64(), now.main - self.main, now.all - self.all);
        write!(formatter, "{wall:.2} s (on processors {all:.2} s, {main:.2} of it the main thread)")
    }
}

/// The largest resident set of this process, in gigabytes.
fn most_memory() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<f64>().map_or(f64::NAN, |kilobytes| kilobytes / 1e6)
}

fn make(folder: &Path, n_persons: usize) {
    let snapshot = folder.join("snapshot");
    std::fs::create_dir_all(&snapshot).expect("a folder");
    let mut tables =
        ["persons", "diaries", "episodes", "answers", "classification"].map(|name| Table::new(&snapshot, name));
    for number in 0..n_persons.div_ceil(PERSONS_OF_A_CITY) {
        let wanted = PERSONS_OF_A_CITY.min(n_persons - number * PERSONS_OF_A_CITY);
        let first_date = chrono::NaiveDate::from_ymd_opt(2026, 11, 2).expect("a date");
        let made = city(&CityOptions { n_persons: wanted, seed: number as u64 % N_SEEDS, first_date });
        if number == 0 {
            std::fs::write(folder.join("margins.csv"), made.margins_csv()).expect("the margins are written");
        }
        write_city(&mut tables, number, &made);
    }
    tables[4].write(classification());
    let files = tables.into_iter().map(|table| table.finish()).collect();
    let description = Description {
        source: "tempi".to_owned(),
        title: Label::new("Città inventate", "Invented cities"),
        population: Label::new("Residenti", "Residents"),
        synthetic: true,
        classification: "ACL 2018".to_owned(),
        timed: true,
        weights_balance_days: false,
        instruments: Vec::new(),
        as_of: "2026-11-22T18:00Z".to_owned(),
    };
    let manifest = Manifest { schema_version: SCHEMA_VERSION, description, files };
    let text = serde_json::to_string_pretty(&manifest).expect("a manifest");
    std::fs::write(snapshot.join("manifest.json"), text).expect("the manifest is written");
}

fn write_city(tables: &mut [Table; 5], number: usize, city: &City) {
    // Ids are scattered as keyed hashes are; rows are sorted by them.
    let id = |key: usize| format!("{number:04x}{:012x}", (key as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 16);
    let mut persons: Vec<(String, &SyntheticPerson)> =
        city.persons.iter().enumerate().map(|(place, person)| (id(place), person)).collect();
    let mut diaries: Vec<(String, &str, &questionnaires::Diary)> = Vec::new();
    for (place, (person_id, person)) in persons.iter().enumerate() {
        for (day, diary) in person.diaries.iter().enumerate() {
            diaries.push((id(2 * place + day + 1_000_000), person_id, diary));
        }
    }
    diaries.sort_by(|a, b| a.0.cmp(&b.0));
    tables[1].write(vec![
        text("diary_id", diaries.iter().map(|(id, _, _)| id.clone())),
        text("person_id", diaries.iter().map(|(_, person, _)| (*person).to_owned())),
        text("day_kind", diaries.iter().map(|(_, _, diary)| diary.day_kind().code().to_owned())),
        text("month", diaries.iter().map(|_| "2026-11".to_owned())),
        text("grade", diaries.iter().map(|(_, _, diary)| quality::assess(diary.as_draft()).grade.code().to_owned())),
        Column::new_scalar(
            "weight".into(),
            polars::prelude::Scalar::null(polars::prelude::DataType::Float64),
            diaries.len(),
        ),
    ]);
    let episodes: Vec<(&str, questionnaires::diary::Episode)> =
        diaries.iter().flat_map(|(id, _, diary)| diary.episodes().into_iter().map(|one| (id.as_str(), one))).collect();
    tables[2].write(vec![
        text("diary_id", episodes.iter().map(|(id, _)| (*id).to_owned())),
        integers("start_minute", episodes.iter().map(|(_, one)| Some(one.start_minute.into()))),
        integers("minutes", episodes.iter().map(|(_, one)| Some(one.minutes.into()))),
        text("main", episodes.iter().map(|(_, one)| one.main.0.as_str().to_owned())),
        optional_text("secondary", episodes.iter().map(|(_, one)| Some(one.secondary?.0.as_str().to_owned()))),
        text("location", episodes.iter().map(|(_, one)| one.location.code())),
        text("with_whom", episodes.iter().map(|(_, one)| one.with_whom.code())),
        integers("device", episodes.iter().map(|(_, one)| one.device.map(i64::from))),
        integers("enjoyment", episodes.iter().map(|(_, one)| one.enjoyment.map(|level| level.value().into()))),
    ]);
    persons.sort_by(|a, b| a.0.cmp(&b.0));
    let household = |person: &SyntheticPerson| number * PERSONS_OF_A_CITY + person.household;
    let cluster = |person: &SyntheticPerson| household(person) % N_CLUSTERS;
    tables[0].write(vec![
        text("person_id", persons.iter().map(|(id, _)| id.clone())),
        text("household_id", persons.iter().map(|(_, person)| format!("h{:08}", household(person)))),
        text("sex", persons.iter().map(|(_, person)| person.answers.choice("sex").unwrap_or("X").to_owned())),
        integers("age", persons.iter().map(|(_, person)| person.answers.number("age"))),
        optional_text("zone", persons.iter().map(|(_, person)| person.answers.choice("zone").map(str::to_owned))),
        Series::new("weight".into(), vec![1.0; persons.len()]).into_column(),
        text("stratum", persons.iter().map(|(_, person)| format!("s{:02}", cluster(person) % N_STRATA))),
        text("cluster", persons.iter().map(|(_, person)| format!("c{:05}", cluster(person)))),
    ]);
    let answers: Vec<(&str, &str, String)> = (persons.iter())
        .flat_map(|(id, person)| {
            let rows = person.answers.rows().into_iter().filter(|(question, _)| is_about_the_person(question));
            rows.map(|(question, value)| (id.as_str(), question, value))
        })
        .collect();
    tables[3].write(vec![
        text("person_id", answers.iter().map(|(id, _, _)| (*id).to_owned())),
        text("question", answers.iter().map(|(_, question, _)| (*question).to_owned())),
        text("value", answers.iter().map(|(_, _, value)| value.clone())),
    ]);
}

fn classification() -> Vec<Column> {
    let mut activities: Vec<_> = questionnaires::activity::all().iter().collect();
    activities.sort_by_key(|activity| (activity.code.level(), activity.code));
    let code = |activity: &&questionnaires::activity::Activity| activity.code.as_str().to_owned();
    vec![
        text("code", activities.iter().map(code)),
        integers("level", activities.iter().map(|activity| Some(activity.code.level().into()))),
        text("label_it", activities.iter().map(|activity| activity.label.it.clone())),
        text("label_en", activities.iter().map(|activity| activity.label.en.clone())),
        text("members", activities.iter().map(code)),
    ]
}

fn text(name: &str, values: impl Iterator<Item = String>) -> Column {
    Series::new(name.into(), values.collect::<Vec<_>>()).into_column()
}

fn optional_text(name: &str, values: impl Iterator<Item = Option<String>>) -> Column {
    Series::new(name.into(), values.collect::<Vec<_>>()).into_column()
}

fn integers(name: &str, values: impl Iterator<Item = Option<i64>>) -> Column {
    Series::new(name.into(), values.collect::<Vec<_>>()).into_column()
}

/// A table that is written city by city.
struct Table {
    file: String,
    path: PathBuf,
    writer: Option<BatchedWriter<File>>,
    n_rows: u64,
}

impl Table {
    fn new(folder: &Path, name: &str) -> Table {
        let file = format!("{name}.parquet");
        Table { path: folder.join(&file), file, writer: None, n_rows: 0 }
    }

    fn write(&mut self, columns: Vec<Column>) {
        let frame = DataFrame::new_infer_height(columns).expect("columns of one length");
        let writer = self.writer.get_or_insert_with(|| {
            let file = File::create(&self.path).expect("a file");
            ParquetWriter::new(file).batched(frame.schema()).expect("columns that Parquet knows")
        });
        writer.write_batch(&frame).expect("rows are written");
        self.n_rows += frame.height() as u64;
    }

    /// Its file's name and entry in the manifest.
    fn finish(self) -> (String, FileEntry) {
        self.writer.expect("rows").finish().expect("the file is finished");
        let sum = digest::digest(&digest::SHA256, &std::fs::read(&self.path).expect("the file"));
        let sha256 = sum.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        (self.file, FileEntry { rows: self.n_rows, sha256 })
    }
}

/// What target groups are made of; the release is one of time use.
fn is_about_the_person(question: &str) -> bool {
    [instrument::individual(), instrument::household()].iter().any(|one| one.field(question).is_some())
}
