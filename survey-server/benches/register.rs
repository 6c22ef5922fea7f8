//! Lines of a population register imported per second, beside what it costs just to read the CSV and insert its fields unsealed into a
//! table of the same database, in the same run; then a second import in the place of the first, a sample, and totals.
//! `TEMPI_BENCH_LINES` says how many lines, 500,000 when not set. `docs/performance.md` says how to run it and what came out.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
    time::Instant,
};

use chrono::{Duration, NaiveDate, Utc};
use questionnaires::fiscal_code::{FiscalCode, Holder, RegisteredSex};
use sea_orm::{ConnectionTrait, TransactionTrait, sea_query::Query};
use survey_server::{
    database::Database,
    keys::Keys,
    residents::{
        ImportOptions, import,
        margins::{MarginsPlan, margins},
        sample::{Allocation, SamplePlan, Stratifier, Unit, draw},
    },
    survey::SurveyConfig,
};

/// Rows written by one statement and transaction, there and here.
const N_PER_STATEMENT: usize = 4_000;

fn main() {
    let n_lines = std::env::var("TEMPI_BENCH_LINES").ok().and_then(|lines| lines.parse().ok()).unwrap_or(500_000);
    let folder = tempfile::tempdir().expect("a folder");
    let extract = folder.path().join("anagrafe.csv");
    write_extract(&extract, n_lines);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(measure(folder.path(), &extract, n_lines));
}

async fn measure(folder: &Path, extract: &Path, n_lines: usize) {
    let told = |what: &str, started: Instant| {
        let seconds = started.elapsed().as_secs_f64();
        println!("{what}: {seconds:.2} s, {:.0} lines per second", n_lines as f64 / seconds);
        seconds
    };
    let started = Instant::now();
    insert_bare(folder, extract).await;
    let limit = told("csv and insert alone", started);

    let url = format!("sqlite://{}", folder.join("tempi.sqlite").display());
    let database = Database::open(&url).await.expect("a database");
    database.migrate().await.expect("a schema");
    let master = Keys::from_base64(&Keys::generate()).expect("a key");
    let keys = database.unlock(&master, &SurveyConfig::default()).await.expect("keys");
    let options = ImportOptions { now: Utc::now(), accept_partial: false, accept_shrinking: false };
    for what in ["import", "import again, in its place"] {
        let started = Instant::now();
        let file = File::open(extract).expect("the extract");
        let summary = import(&database, &keys, file, std::io::sink(), options).await.expect("a good extract");
        assert_eq!(summary.n_residents as usize, n_lines);
        println!("  ratio {:.2}", told(what, started) / limit);
    }
    let plan = SamplePlan {
        unit: Unit::Households,
        size: 1_200.min(n_lines as u64 / 10),
        strata: vec![Stratifier::Zone, Stratifier::Sex, Stratifier::Age],
        allocation: Allocation::Proportional,
        minimum_age: 10,
        seed: "seme".to_owned(),
        replace: false,
    };
    let started = Instant::now();
    draw(&database, &keys, &plan, std::io::sink(), Utc::now()).await.expect("a sample");
    told("sample of 1200 households", started);
    let plan = MarginsPlan { margins: Vec::new(), minimum_age: 10, threshold: 3, round_to: None };
    let started = Instant::now();
    margins(&database, &keys, &plan, std::io::sink(), Utc::now()).await.expect("totals");
    told("totals", started);
    println!("most memory: {} MB", peak_megabytes());
}

/// The least that any import does: CSV to rows with a key, four thousand in a transaction.
async fn insert_bare(folder: &Path, extract: &Path) {
    let url = format!("sqlite://{}", folder.join("bare.sqlite").display());
    let database = Database::open(&url).await.expect("a database");
    let connection = sea_orm::Database::connect(format!("{url}?mode=rwc")).await.expect("a connection");
    connection
        .execute_unprepared("create table bare (extract integer, code text, sex text, born text, zone text, household text, primary key (extract, code))")
        .await
        .expect("a table");
    let mut csv = csv::ReaderBuilder::new().delimiter(b';').from_path(extract).expect("the extract");
    let mut lines = csv.records().map(|line| line.expect("a line")).peekable();
    while lines.peek().is_some() {
        let mut insert = Query::insert();
        insert.into_table("bare").columns(["extract", "code", "sex", "born", "zone", "household"]);
        for line in lines.by_ref().take(N_PER_STATEMENT) {
            let text = |field: usize| line[field].to_owned().into();
            insert.values_panic([1.into(), text(0), text(1), text(2), text(3), text(4)]);
        }
        let transaction = connection.begin().await.expect("a transaction");
        transaction.execute(&insert).await.expect("inserted");
        transaction.commit().await.expect("committed");
    }
    connection.close().await.expect("closed");
    database.close().await.expect("closed");
}

fn write_extract(path: &Path, n_lines: usize) {
    let mut file = BufWriter::new(File::create(path).expect("a file"));
    writeln!(file, "codice_fiscale;sesso;data_nascita;zona;id_famiglia").expect("written");
    let first = NaiveDate::from_ymd_opt(1930, 1, 1).expect("a date");
    let zones = ["centro", "nord", "est", "sud", "ovest"];
    for number in 0..n_lines {
        // Consonants only, so that the letters of the code are those of the name, and the code is nobody else's.
        let letter = |place| char::from(b"BCDFGHJKLMNPQRSTVWXYZ"[number / 21_usize.pow(place) % 21]);
        let (surname, first_name): (String, String) = ((0..3).map(letter).collect(), (3..6).map(letter).collect());
        let sex = if number % 2 == 0 { RegisteredSex::Female } else { RegisteredSex::Male };
        let birth_date = first + Duration::days(number as i64 * 7_919 % 32_000);
        let birthplace = "L219".parse().expect("a place");
        let holder = Holder { surname: &surname, first_name: &first_name, sex, birth_date, birthplace };
        let code = FiscalCode::of(&holder).expect("Latin letters");
        let (zone, household) = (zones[number / 2_000 % 5], number / 2);
        writeln!(file, "{};{};{birth_date};{zone};{household}", code.reveal(), sex.code()).expect("written");
    }
    file.flush().expect("written");
}

/// The most memory that the process held at once, as Linux counts it.
fn peak_megabytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.and_then(|peak| peak.split_whitespace().next()?.parse::<u64>().ok()).map_or(0, |kilobytes| kilobytes / 1_024)
}
