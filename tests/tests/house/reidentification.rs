//! Somebody tries to find out who said what. They know, from elsewhere, who signed in and when; and they have everything
//! that could be stolen or handed on but the master key: the database, its files, its backups, the export, the logs. They may
//! do no better than chance.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use chrono::{Duration, Utc};
use questionnaires::fiscal_code::FiscalCode;
use survey_server::{
    clock::{Clock, italian_time},
    serve::open_database,
    snapshot::{self, ExportOptions},
};
use tests::{logs, site::Site};

/// How many people there are. Of so many, one is at their place by chance; eight or more happen once in 100,000 times.
const N: usize = 30;

/// As many people at their places as chance does not give.
const TOO_MANY_FOUND: usize = 8;

/// A rank correlation with the order of arrival that chance does not give: more than four standard deviations.
const TOO_ALIKE: f64 = 0.8;

/// What a thief holds: a table with its rows in the order in which they lie.
struct Table {
    source: String,
    name: String,
    columns: Vec<String>,
    rows: Vec<Vec<Option<String>>>,
}

impl Table {
    fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    /// The cells of a column.
    fn cells(&self, name: &str) -> Vec<String> {
        let Some(place) = self.column(name) else { return Vec::new() };
        self.rows.iter().filter_map(|row| row[place].clone()).collect()
    }
}

/// The tables that know participants; all others are answers, or about nobody.
const IDENTITIES: [&str; 3] = ["identity", "consent", "session"];

/// By what a row names whose it is.
const NAMES: [&str; 3] = ["respondent_id", "diary_id", "person_id"];

/// What an attack found.
type Found = Vec<String>;

/// The order of people that some order of rows gives away: each person where they first appear.
fn first_appearances(people: impl IntoIterator<Item = usize>) -> Vec<usize> {
    let mut seen = BTreeSet::new();
    people.into_iter().filter(|person| seen.insert(*person)).collect()
}

/// Compares an order of people with the order of their arrival, forwards and backwards.
fn judge(what: &str, order: &[usize], found: &mut Found) {
    if order.len() < N {
        return;
    }
    let n = order.len() as f64;
    let squares: f64 = order.iter().enumerate().map(|(place, person)| (place as f64 - *person as f64).powi(2)).sum();
    let correlation = 1.0 - 6.0 * squares / (n * (n * n - 1.0));
    let at_their_place = order.iter().enumerate().filter(|(place, person)| place == *person).count();
    let backwards = order.iter().rev().enumerate().filter(|(place, person)| place == *person).count();
    if correlation.abs() > TOO_ALIKE || at_their_place.max(backwards) >= TOO_MANY_FOUND {
        found.push(format!("{what}: correlation {correlation:.2}, {at_their_place} of {N} found"));
    }
}

/// Everything that is tried on tables. `whose` says, by respondent, day or export id, which person it is in the order of
/// arrival: the truth, which an attacker wants to find.
fn attack(tables: &[Table], whose: &BTreeMap<String, usize>, arrivals: &[i64]) -> Found {
    let mut found = Found::new();
    let is_identity = |table: &&Table| IDENTITIES.contains(&table.name.as_str());
    let participants: BTreeSet<String> =
        tables.iter().filter(is_identity).flat_map(|table| table.cells("participant_id")).collect();
    let known: BTreeSet<&String> =
        tables.iter().filter(is_identity).flat_map(|table| table.rows.iter().flatten().flatten()).collect();
    for table in tables.iter().filter(|table| !is_identity(table)) {
        let Some(name) = NAMES.iter().find_map(|name| table.column(name)) else { continue };
        let what = format!("{}, {}", table.source, table.name);
        // The same id, or any other long value, on both sides.
        for cell in table.rows.iter().flatten().flatten() {
            if participants.iter().any(|participant| cell.contains(participant.as_str())) {
                found.push(format!("{what} holds a participant id"));
                break;
            }
            if cell.len() >= 16 && known.contains(cell) {
                found.push(format!("{what} shares {cell} with the identities"));
                break;
            }
        }
        let person = |row: &Vec<Option<String>>| row[name].as_ref().and_then(|id| whose.get(id)).copied();
        // The order in which rows lie, and the order of every column.
        judge(&format!("{what}, order of rows"), &first_appearances(table.rows.iter().filter_map(person)), &mut found);
        for (place, column) in table.columns.iter().enumerate() {
            let mut sorted: Vec<&Vec<Option<String>>> = table.rows.iter().collect();
            sorted.sort_by_key(|row| {
                let cell = row[place].clone().unwrap_or_default();
                (cell.parse::<i64>().unwrap_or(i64::MAX), cell)
            });
            let order = first_appearances(sorted.into_iter().filter_map(person));
            judge(&format!("{what}, sorted by {column}"), &order, &mut found);
            // An instant near somebody's sign-in.
            let near = |row: &&Vec<Option<String>>| {
                let Some(instant) = row[place].as_ref().and_then(|cell| cell.parse::<i64>().ok()) else { return false };
                person(row).is_some_and(|person| (instant - arrivals[person]).abs() < 40 * 86_400)
            };
            if table.rows.iter().any(|row| near(&row)) {
                found.push(format!("{what}, {column} holds instants"));
            }
        }
    }
    found
}

/// A permutation that has nothing to do with the order of arrival: what people tell, so that the truth can be known.
fn marks() -> Vec<usize> {
    let mut marks: Vec<usize> = (0..N).collect();
    let mut state: u64 = 20_261_122;
    for place in (1..N).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        marks.swap(place, (state >> 33) as usize % (place + 1));
    }
    marks
}

const YOUNGEST: usize = 20;

fn fiscal_code(number: usize) -> String {
    let day = 1 + number % 28;
    FiscalCode::with_check_character(&format!("RSSMRA{:02}A{day:02}C707", 50 + number / 28))
        .expect("what this test made")
        .reveal()
        .to_owned()
}

/// People who come one after the other, each with an age that tells who they are, and an hour of getting up.
fn survey(site: &Site) -> Vec<i64> {
    let mut arrivals = Vec::new();
    for (number, mark) in marks().into_iter().enumerate() {
        site.clock.advance(Duration::minutes(11 + (number as i64 * 7) % 23));
        arrivals.push(site.clock.now().timestamp());
        let mut browser = site.signed_in(&fiscal_code(number));
        let at = |path: &str| format!("{}{path}", site.url);
        let mut fill = |path: &str, fields: &[(&str, &str)]| {
            let page = browser.get(&at(path));
            assert_eq!(page.status, 200, "{path}");
            browser.submit(&page, fields).expect(303, &[]);
        };
        fill("/consenso", &[]);
        let age = (YOUNGEST + mark).to_string();
        let persona = [("sex", "F"), ("gender", "woman"), ("age", &age), ("citizenship", "italian"), ("zone", "nord")];
        fill("/questionari/individuale/persona", &persona);
        fill("/questionari/individuale/lavoro", &[("work_status", "retired"), ("study", "none")]);
        fill("/questionari/individuale/cura", &[("children_ages", "6_10"), ("cares_for_adult", "no")]);
        fill("/questionari/individuale/riepilogo", &[]);
        let yesterday = (italian_time(site.clock.now()) - Duration::hours(28)).date();
        let day = format!("/diario/{yesterday}");
        let up = format!("{:02}:{}0", 5 + mark / 6, mark % 6);
        fill(&day, &[("dalle", "04:00"), ("alle", &up), ("attivita", "011"), ("luogo", "11")]);
        fill(&day, &[("dalle", &up), ("alle", "04:00"), ("attivita", "831"), ("luogo", "11")]);
        fill(&format!("{day}/revisione"), &[]);
    }
    arrivals
}

/// Who every respondent and day is, found with what people told.
fn truth(tables: &[Table]) -> BTreeMap<String, usize> {
    let person_of_mark: BTreeMap<usize, usize> =
        marks().into_iter().enumerate().map(|(person, mark)| (mark, person)).collect();
    let mut whose = BTreeMap::new();
    for table in tables.iter().filter(|table| table.name == "answer") {
        let (who, question, value) = (
            table.column("respondent_id").expect("what this test made"),
            table.column("question").expect("what this test made"),
            table.column("value").expect("what this test made"),
        );
        for row in table.rows.iter().filter(|row| row[question].as_deref() == Some("age")) {
            let age: usize = row[value].as_ref().expect("what this test made").parse().expect("what this test made");
            whose.insert(row[who].clone().expect("what this test made"), person_of_mark[&(age - YOUNGEST)]);
        }
    }
    for table in tables.iter().filter(|table| table.name == "diary") {
        let (day, who) = (
            table.column("diary_id").expect("what this test made"),
            table.column("respondent_id").expect("what this test made"),
        );
        for row in &table.rows {
            whose.insert(
                row[day].clone().expect("what this test made"),
                whose[row[who].as_ref().expect("what this test made")],
            );
        }
    }
    whose
}

/// The database as its administrator, or who stole a dump, reads it; on PostgreSQL with the number of the transaction that
/// wrote each row.
fn dump(site: &Site) -> Vec<Table> {
    let sql = site.sql();
    let mut tables = Vec::new();
    for (name, mut columns) in sql.columns() {
        let rows = sql.dump(&name, &columns);
        let mut table = Table { source: "database".to_owned(), name: name.clone(), columns: columns.clone(), rows };
        if sql.is_postgres() {
            let written = sql.rows(1, &format!("SELECT xmin::text AS c0 FROM \"{name}\""));
            for (row, xmin) in table.rows.iter_mut().zip(written) {
                row.extend(xmin);
            }
            columns.push("xmin".to_owned());
            table.columns = columns;
        }
        tables.push(table);
    }
    tables
}

fn backup(site: &Site) -> Vec<Table> {
    let path = site.folder().join("backup.tempi");
    site.tempi(&["backup", "--output", &path.display().to_string()]).success();
    let mut tables: Vec<Table> = Vec::new();
    for line in fs::read_to_string(path).expect("what this test made").lines().skip(1) {
        let value: serde_json::Value = serde_json::from_str(line).expect("what this test made");
        if let Some(row) = value.as_array() {
            let cells = row.iter().map(|cell| cell.as_str().map(str::to_owned)).collect();
            tables.last_mut().expect("what this test made").rows.push(cells);
        } else if let Some(name) = value["table"].as_str() {
            let columns = value["columns"]
                .as_array()
                .expect("what this test made")
                .iter()
                .map(|name| name.as_str().expect("what this test made").to_owned());
            let (source, name) = ("backup".to_owned(), name.to_owned());
            tables.push(Table { source, name, columns: columns.collect(), rows: Vec::new() });
        }
    }
    tables
}

/// The export for one purpose, and who its persons are.
fn export(site: &Site, purpose: &str) -> (Vec<Table>, BTreeMap<String, usize>) {
    let folder = site.folder().join(format!("snapshot-{purpose}"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let (database, keys) = open_database(&site.config).await.expect("what this test made");
        let label = || questionnaires::Label::new("Prova", "Trial");
        let (title, population) = (label(), label());
        let options = ExportOptions {
            as_of: Utc::now(),
            purpose: purpose.to_owned(),
            synthetic: true,
            title,
            population,
            who: site.config.participation.who,
            sampled_only: false,
            with_texts: false,
        };
        snapshot::export(&database, &keys, &folder, &options).await.expect("what this test made");
    });
    let mut tables = Vec::new();
    for name in ["persons", "diaries", "episodes", "answers"] {
        let mut reader = csv::Reader::from_path(folder.join(format!("{name}.csv"))).expect("what this test made");
        let columns = reader.headers().expect("what this test made").iter().map(str::to_owned).collect();
        let cells = |row: csv::StringRecord| row.iter().map(|cell| Some(cell.to_owned())).collect();
        let rows = reader.records().map(|row| cells(row.expect("what this test made"))).collect();
        tables.push(Table { source: format!("export for {purpose}"), name: name.to_owned(), columns, rows });
    }
    let person_of_mark: BTreeMap<usize, usize> =
        marks().into_iter().enumerate().map(|(person, mark)| (mark, person)).collect();
    let mut whose: BTreeMap<String, usize> = BTreeMap::new();
    for (id, age) in tables[0].cells("person_id").into_iter().zip(tables[0].cells("age")) {
        whose.insert(id, person_of_mark[&(age.parse::<usize>().expect("what this test made") - YOUNGEST)]);
    }
    for (day, person) in tables[1].cells("diary_id").into_iter().zip(tables[1].cells("person_id")) {
        whose.insert(day, whose[&person]);
    }
    assert_eq!(whose.len(), 2 * N, "everybody handed everything in");
    let manifest = fs::read_to_string(folder.join("manifest.json")).expect("what this test made");
    let as_of = manifest
        .split("\"as_of\": \"")
        .nth(1)
        .expect("what this test made")
        .split('"')
        .next()
        .expect("what this test made")
        .to_owned();
    assert!(as_of.ends_with(":00Z"), "{as_of} is finer than the hour");
    (tables, whose)
}

/// The order in which respondents stand in the bytes of SQLite's files.
fn bytes_on_the_disk(site: &Site, whose: &BTreeMap<String, usize>) -> Found {
    let mut found = Found::new();
    let path = site.config.database_url.strip_prefix("sqlite://").expect("what this test made");
    for suffix in ["", "-wal"] {
        let bytes = fs::read(format!("{path}{suffix}")).unwrap_or_default();
        for last in [false, true] {
            let mut places: Vec<(usize, usize)> = Vec::new();
            for (id, person) in whose {
                let mut windows = bytes.windows(id.len());
                let is_it = |window: &[u8]| window == id.as_bytes();
                let place = if last { windows.rposition(is_it) } else { windows.position(is_it) };
                places.extend(place.map(|place| (place, *person)));
            }
            places.sort_unstable();
            let order = first_appearances(places.into_iter().map(|(_, person)| person));
            judge(&format!("bytes of the file{suffix}, last {last}"), &order, &mut found);
        }
    }
    found
}

#[test]
fn nobody_finds_out_who_said_what_without_the_key() {
    for site in Site::on_every_database() {
        let arrivals = survey(&site);
        let is_postgres = site.sql().is_postgres();
        let mut found = Found::new();
        if !is_postgres {
            // SQLite keeps rows by key at all times.
            let tables = dump(&site);
            found.extend(attack(&tables, &truth(&tables), &arrivals));
        }
        // What runs by itself every few hours; PostgreSQL keeps rows by arrival until then.
        site.tempi(&["retention", "run"]).success();
        let tables = dump(&site);
        let whose = truth(&tables);
        assert_eq!(whose.len(), 2 * N);
        found.extend(attack(&tables, &whose, &arrivals));
        found.extend(attack(&backup(&site), &whose, &arrivals));
        if !is_postgres {
            found.extend(bytes_on_the_disk(&site, &whose));
        }

        let (exported, of_export) = export(&site, "analysis");
        found.extend(attack(&exported, &of_export, &arrivals));
        let inside: BTreeSet<&String> = whose.keys().collect();
        assert!(of_export.keys().all(|id| !inside.contains(id)), "an export knows people by other names");
        let (_, of_other) = export(&site, "council");
        assert!(of_other.keys().all(|id| !of_export.contains_key(id)), "exports for two purposes cannot be joined");

        let log = logs::captured();
        let participants: Vec<String> = tables.iter().flat_map(|table| table.cells("participant_id")).collect();
        for id in whose.keys().chain(of_export.keys()).chain(&participants) {
            assert!(!log.contains(id.as_str()), "the log holds {id}");
        }
        assert!(found.is_empty(), "{found:#?}");
    }
}

/// The attacks find what there is to find: the test above can fail.
#[test]
fn the_attacks_find_what_leaks() {
    let arrivals: Vec<i64> = (0..N as i64).map(|number| 1_800_000_000 + 1_800 * number).collect();
    let ids: Vec<String> =
        (0..N).map(|number| format!("{:032x}", ((number as u128 * 7_919 + 13) % 1_009) << 64)).collect();
    let whose: BTreeMap<String, usize> = ids.iter().cloned().zip(0..N).collect();
    let mixed = marks();
    let table = |name: &str, columns: &[&str], rows: Vec<Vec<String>>| Table {
        source: "test".to_owned(),
        name: name.to_owned(),
        columns: columns.iter().map(|column| (*column).to_owned()).collect(),
        rows: rows.into_iter().map(|row| row.into_iter().map(Some).collect()).collect(),
    };
    let check = |rows: Vec<Vec<String>>, expected: &str| {
        let identity =
            table("identity", &["participant_id"], (0..N).map(|n| vec![format!("participant-{n:06}")]).collect());
        let found = attack(&[identity, table("answer", &["respondent_id", "value"], rows)], &whose, &arrivals);
        match expected {
            "" => assert!(found.is_empty(), "{found:?}"),
            word => assert!(found.iter().any(|found| found.contains(word)), "{word} was not found: {found:?}"),
        }
    };
    let row = |person: usize, value: String| vec![ids[person].clone(), value];
    check(mixed.iter().map(|person| row(*person, "x".to_owned())).collect(), "");
    check((0..N).map(|person| row(person, "x".to_owned())).collect(), "order of rows");
    check((0..N).rev().map(|person| row(person, "x".to_owned())).collect(), "order of rows");
    check(mixed.iter().map(|person| row(*person, (10 * person + 5).to_string())).collect(), "sorted by value");
    check(mixed.iter().map(|person| row(*person, (arrivals[*person] + 60).to_string())).collect(), "holds instants");
    check(mixed.iter().map(|person| row(*person, "participant-000007".to_owned())).collect(), "participant id");
}
