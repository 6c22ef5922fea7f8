//! Complete diaries saved per second by a running site, every reply on the disk, and how long the slowest wait; beside the bare limits in
//! the same run: the same rows written in a loop, a bare actix handler that takes the same request and writes the same rows, and one that
//! keeps nothing. Every save changes all 24 episodes, as the loop does; beside it what most saves are, the change of one.
//! Client, server and database share the machine. `docs/performance.md` says how to run it and what came out.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use actix_web::{App, HttpResponse, HttpServer, web};
use questionnaires::FiscalCode;
use rustls::ServerConfig;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, TransactionTrait};
use serde_json::Value;
use survey_server::config::Config;
use tests::{
    browser::{Browser, encoded},
    day,
    people::agrees,
    postgres::Postgres,
    site::Site,
};

/// How long each measurement takes.
const SPAN: Duration = Duration::from_secs(8);

/// People who save at once.
const N_PEOPLE: usize = 16;

/// Connections that write to PostgreSQL, as many as a site keeps; SQLite has one writer, in the site and in the loop.
const N_CONNECTIONS: u32 = 10;

fn main() {
    println!(
        "database | diaries per second | median, ms | 99%, ms | rows in a loop | ratio | bare handler with the rows | ratio | \
         99%, ms | bare handler | changes of one episode | 99%, ms | processor ms of this process for: a diary | rows in the loop | \
         rows in the bare handler"
    );
    measure("SQLite", Site::start_with(unhurried, false));
    if let Some(postgres) = Postgres::start_durable() {
        measure("PostgreSQL", Site::start_on(postgres, unhurried));
    }
}

/// No limits: these people sign in and save without a pause.
fn unhurried(config: &mut Config) {
    config.rate_limits.sign_ins_per_minute = u32::MAX;
    config.rate_limits.forms_per_minute = u32::MAX;
}

fn measure(database: &str, site: Site) {
    let date = day::latest(&site);
    let people: Vec<Browser> = (1..=N_PEOPLE)
        .map(|person| {
            let code = format!("RSSMRA80A{:02}C707", person);
            let code = FiscalCode::with_check_character(&code).expect("a code");
            agrees(&site, code.reveal())
        })
        .collect();
    let path = format!("/diario/{date}/dati");
    let (complete, one) = (bodies(complete), bodies(|number| day::whole(number % 7)));
    let (saved, saving) = timed(|| load(&people, &site.url, &path, &complete));
    let (rows, looping) = timed(|| rows_per_second(&site));
    let writer = bare_handler(&site, true);
    let (writing, handling) = timed(|| load(&people, &writer, &path, &complete));
    let bare = load(&people, &bare_handler(&site, false), &path, &complete);
    let changed = load(&people, &site.url, &path, &one);
    let per_second = |waits: &[Duration]| waits.len() as f64 / SPAN.as_secs_f64();
    let (saved_per_second, writing_per_second) = (per_second(&saved), per_second(&writing));
    let at =
        |waits: &[Duration], share: f64| waits[((waits.len() - 1) as f64 * share) as usize].as_secs_f64() * 1_000.0;
    println!(
        "{database} | {saved_per_second:.0} | {:.1} | {:.1} | {rows:.0} | {:.2} | {writing_per_second:.0} | {:.2} | {:.1} | \
         {:.0} | {:.0} | {:.1} | {:.2} | {:.2} | {:.2}",
        at(&saved, 0.5),
        at(&saved, 0.99),
        saved_per_second / rows,
        saved_per_second / writing_per_second,
        at(&writing, 0.99),
        per_second(&bare),
        per_second(&changed),
        at(&changed, 0.99),
        saving / saved.len() as f64,
        looping / (rows * SPAN.as_secs_f64()),
        handling / writing.len() as f64,
    );
}

/// What is measured, and the milliseconds of processor time that this process took for it: on a crowded machine they say more than a clock.
/// The processes of PostgreSQL are others.
fn timed<T>(measured: impl FnOnce() -> T) -> (T, f64) {
    let before = processor_time();
    let result = measured();
    (result, processor_time() - before)
}

/// User and system time of this process in milliseconds (proc(5), `stat`, fields 14 and 15, in hundredths of a second).
fn processor_time() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("Linux");
    let (_, fields) = stat.rsplit_once(')').expect("a name in brackets");
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let ticks = |place: usize| fields[place - 3].parse::<f64>().expect("a number");
    (ticks(14) + ticks(15)) * 10.0
}

/// A whole day of which every episode differs from that of the number before.
fn complete(number: u64) -> Value {
    let mut day = day::whole(number);
    if number % 2 == 1 {
        let runs = day["device"].as_array_mut().into_iter().flatten();
        for code in runs.map(|run| &mut run[2]) {
            *code = if *code == "si" { "no".into() } else { "si".into() };
        }
    }
    day
}

/// Days as forms carry them, made before the clock runs: no two that follow each other are the same.
fn bodies(day: impl Fn(u64) -> Value) -> Vec<String> {
    (1..=14).map(|number| encoded(&day(number).to_string())).collect()
}

/// Everybody saves a day after the other over a connection of their own; how long each reply took, the shortest first.
fn load(people: &[Browser], url: &str, path: &str, days: &[String]) -> Vec<Duration> {
    let began = Instant::now();
    let waits = thread::scope(|scope| {
        let each = people.iter().map(|browser| scope.spawn(move || save(browser.clone(), url, path, days, began)));
        let each: Vec<_> = each.collect();
        each.into_iter().flat_map(|waits| waits.join().expect("all was saved")).collect::<Vec<_>>()
    });
    let mut waits = waits;
    waits.sort();
    waits
}

fn save(mut browser: Browser, url: &str, path: &str, days: &[String], began: Instant) -> Vec<Duration> {
    let state: Value = serde_json::from_str(&browser.get(&format!("{url}{path}")).body).expect("JSON");
    let (token, mut version) = (encoded(state["token"].as_str().expect("a token")), state["version"].clone());
    let mut line = browser.line(url).expect("a connection");
    let mut waits = Vec::new();
    for day in days.iter().cycle() {
        if began.elapsed() > SPAN {
            break;
        }
        let body = format!("gettone={token}&versione={version}&giornata={day}");
        let sent = Instant::now();
        let (status, reply) = line.post(path, &body).expect("an answer");
        waits.push(sent.elapsed());
        assert_eq!(status, 200, "{reply}");
        version = serde_json::from_str::<Value>(&reply).expect("JSON")["version"].clone();
    }
    waits
}

/// What any server must write: the row of a day and its 24 episodes, in the place of those before, in a transaction of their own. In a
/// loop on each connection: one where the database has one writer.
fn rows_per_second(site: &Site) -> f64 {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let url = &site.config.database_url;
        let (n_writers, database) = (n_writers(url), bare_tables(url).await);
        let began = Instant::now();
        let writers = (0..n_writers).map(|writer| {
            let database = database.clone();
            tokio::spawn(async move {
                let mut n_written = 0_u64;
                while began.elapsed() < SPAN {
                    let day = format!("{writer:02}{:030}", n_written % 7);
                    let rows: Vec<[String; 4]> = (0..24)
                        .map(|slot| [slot * 6, slot * 6 + 6, 111, n_written % 7 + 1].map(|number| number.to_string()))
                        .collect();
                    write_rows(&database, &day, n_written, &rows).await.expect("written");
                    n_written += 1;
                }
                n_written
            })
        });
        let mut n_written = 0;
        for writer in writers.collect::<Vec<_>>() {
            n_written += writer.await.expect("all was written");
        }
        n_written as f64 / began.elapsed().as_secs_f64()
    })
}

fn n_writers(url: &str) -> u32 {
    if url.starts_with("sqlite") { 1 } else { N_CONNECTIONS }
}

/// Connections to the site's database, with tables of the same form as the site's beside them.
async fn bare_tables(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url.to_owned());
    options.sqlx_logging(false).max_connections(n_writers(url)).test_before_acquire(false);
    // A site overwrites what is deleted, too.
    options.map_sqlx_sqlite_opts(|sqlite| {
        sqlite.pragma("journal_mode", "WAL").pragma("synchronous", "FULL").pragma("secure_delete", "ON")
    });
    let database = sea_orm::Database::connect(options).await.expect("the site's database");
    let by_key = if url.starts_with("sqlite") { " without rowid" } else { "" };
    for table in [
        "create table if not exists bare_day (day_id text primary key, sealed text not null)",
        "create table if not exists bare_episode (day_id text, start_slot int, end_slot int, main text, secondary text, \
         location text, with_whom text, device boolean, enjoyment int, primary key (day_id, start_slot))",
    ] {
        database.execute_unprepared(&format!("{table}{by_key}")).await.expect("a table");
    }
    database
}

/// Writes the row of a day and its episodes: start, end, activity, enjoyment.
async fn write_rows(
    database: &DatabaseConnection,
    day: &str,
    number: u64,
    rows: &[[String; 4]],
) -> Result<(), sea_orm::DbErr> {
    let rows = rows.iter().map(|[start, end, main, enjoyment]| {
        format!("('{day}',{start},{end},'{main}',null,'13','24',true,{enjoyment})")
    });
    let rows: Vec<String> = rows.collect();
    let transaction = database.begin().await?;
    let day_row = format!(
        "insert into bare_day values ('{day}', '{number:0120}') on conflict (day_id) do update set sealed = excluded.sealed"
    );
    transaction.execute_unprepared(&day_row).await?;
    transaction.execute_unprepared(&format!("delete from bare_episode where day_id = '{day}'")).await?;
    transaction.execute_unprepared(&format!("insert into bare_episode values {}", rows.join(","))).await?;
    transaction.commit().await
}

/// Answers a question with a token of its own and a save with the next version; the save was written if there is a database.
async fn answer(
    fields: Option<web::Form<Vec<(String, String)>>>,
    database: web::Data<Option<DatabaseConnection>>,
) -> HttpResponse {
    static N_ASKED: AtomicU64 = AtomicU64::new(1);
    let state = |token: &str, version: u64| {
        HttpResponse::Ok()
            .content_type("application/json")
            .body(format!(r#"{{"token":"{token}","version":{version}}}"#))
    };
    let Some(fields) = fields else { return state(&format!("{:032}", N_ASKED.fetch_add(1, Ordering::Relaxed)), 0) };
    let field = |name: &str| fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str());
    let version: u64 = field("versione").and_then(|version| version.parse().ok()).expect("a version");
    if let Some(database) = database.get_ref() {
        let day: Value = serde_json::from_str(field("giornata").expect("a day")).expect("JSON");
        let runs = |name: &str| day[name].as_array().expect("runs");
        let rows: Vec<[String; 4]> = runs("main")
            .iter()
            .zip(runs("enjoyment"))
            .map(|(main, enjoyment)| [main[0].to_string(), main[1].to_string(), text(&main[2]), text(&enjoyment[2])])
            .collect();
        write_rows(database, field("gettone").expect("a token"), version, &rows).await.expect("written");
    }
    state("", version + 1)
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// A server with the site's certificate that answers every request, and writes the rows if it is to: bare tables, in a transaction for each,
/// with as many connections as the loop has.
fn bare_handler(site: &Site, writes: bool) -> String {
    let files = site.config.public.tls.clone().expect("a listener that ends TLS itself");
    let (started, address) = mpsc::channel();
    let url = writes.then(|| site.config.database_url.clone());
    thread::spawn(move || {
        let chain = CertificateDer::pem_file_iter(&files.certificate).expect("a certificate");
        let chain = chain.collect::<Result<Vec<_>, _>>().expect("a chain");
        let key = PrivateKeyDer::from_pem_file(&files.key).expect("a key");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls =
            ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().expect("versions");
        let tls = tls.with_no_client_auth().with_single_cert(chain, key).expect("a certificate and its key");
        actix_web::rt::System::new().block_on(async move {
            let database = match url {
                Some(url) => Some(bare_tables(&url).await),
                None => None,
            };
            let database = web::Data::new(database);
            let server = HttpServer::new(move || {
                App::new()
                    .app_data(web::FormConfig::default())
                    .app_data(database.clone())
                    .default_service(web::to(answer))
            });
            let server = server.bind_rustls_0_23("127.0.0.1:0", tls).expect("a port");
            started.send(server.addrs()[0]).expect("somebody waits");
            server.run().await.expect("it runs");
        });
    });
    format!("https://localhost:{}", address.recv().expect("it starts").port())
}
