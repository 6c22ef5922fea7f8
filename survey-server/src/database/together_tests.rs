//! Changes that are made together: none is lost, none is the fault of another, and whoever waits is answered.

use futures_util::future::join_all;
use sea_orm::{ConnectionTrait, Statement};

use super::*;
use crate::database::Database;

fn with_database<F: Future<Output = ()>>(test: impl FnOnce(Database) -> F) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("db.sqlite").display());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let database = Database::open(&url).await.unwrap();
        let table = "create table t (x integer primary key, n_before integer not null)";
        database.connection().execute_unprepared(table).await.unwrap();
        test(database).await;
    });
}

/// Inserts a number; a number that is there already fails, as does nothing else.
fn inserting(number: usize) -> Change {
    Arc::new(move |transaction| {
        Box::pin(async move {
            let insert = format!("insert into t select {number}, count(*) from t");
            transaction.execute_unprepared(&insert).await?;
            Ok(true)
        })
    })
}

async fn numbers(database: &Database) -> Vec<i64> {
    let backend = database.connection().get_database_backend();
    let all = Statement::from_string(backend, "select x from t order by x");
    let rows = database.connection().query_all_raw(all).await.unwrap();
    rows.iter().map(|row| row.try_get("", "x").unwrap()).collect()
}

#[test]
fn a_change_that_fails_takes_no_other_with_it() {
    with_database(|database| async move {
        // Number 7 comes twice, and the table takes it once.
        let wanted: Vec<usize> = (0..40).chain([7]).collect();
        let made = join_all(wanted.iter().map(|number| database.write_together(inserting(*number)))).await;
        assert_eq!(made.iter().filter(|made| made.is_err()).count(), 1, "one of the two must fail, and nothing else");
        assert!(made.iter().flatten().all(|made| *made));
        assert_eq!(numbers(&database).await, (0..40).collect::<Vec<i64>>());
    });
}

#[test]
fn changes_that_come_together_share_a_transaction() {
    with_database(|database| async move {
        let fold = "pragma wal_checkpoint(truncate)";
        database.connection().execute_unprepared(fold).await.unwrap();
        let made = join_all((0..64).map(|number| database.write_together(inserting(number)))).await;
        assert!(made.iter().all(|made| matches!(made, Ok(true))));
        let n_commits = n_commits(database.url.0.strip_prefix("sqlite://").unwrap());
        assert!((1..16).contains(&n_commits), "64 changes that came together took {n_commits} transactions");
    });
}

/// Commits in the write-ahead log of a database: its frames are pages of 4096 bytes behind 24 of a header, in which bytes 4 to 7 are not
/// zero where the frame ends a transaction (SQLite, "WAL-mode file format").
fn n_commits(database: &str) -> usize {
    let log = std::fs::read(format!("{database}-wal")).unwrap();
    let (header, frames) = log.split_at(32);
    let is_of_this_log = |frame: &&[u8]| frame[8..16] == header[16..24];
    let frames = frames.chunks_exact(24 + 4096).filter(is_of_this_log);
    frames.filter(|frame| frame[4..8] != [0; 4]).count()
}

#[test]
fn whoever_goes_away_leaves_the_changes_of_others_alone() {
    with_database(|database| async move {
        let gone = tokio::spawn({
            let database = database.clone();
            async move { database.write_together(inserting(1)).await }
        });
        tokio::task::yield_now().await;
        gone.abort();
        let made = join_all((2..20).map(|number| database.write_together(inserting(number)))).await;
        assert!(made.iter().all(|made| matches!(made, Ok(true))));
        let kept = numbers(&database).await;
        assert!(kept.ends_with(&(2..20).collect::<Vec<i64>>()), "{kept:?}");
    });
}

#[test]
fn a_service_that_breaks_off_is_followed_by_another() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("db.sqlite").display());
    let runtime = || tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let (lasting, ending) = (runtime(), runtime());
    let database = lasting.block_on(async {
        let database = Database::open(&url).await.unwrap();
        let table = "create table t (x integer primary key, n_before integer not null)";
        database.connection().execute_unprepared(table).await.unwrap();
        database
    });
    // The first change never comes to its end, and its service lives on a runtime that goes away.
    let (begun, has_begun) = std::sync::mpsc::channel();
    let endless: Change = Arc::new(move |_| {
        begun.send(()).unwrap();
        Box::pin(std::future::pending())
    });
    ending.spawn({
        let database = database.clone();
        async move { database.write_together(endless).await }
    });
    has_begun.recv().unwrap();
    let waiting = lasting.spawn({
        let database = database.clone();
        async move { database.write_together(inserting(5)).await }
    });
    while database.together.queue().waiting.is_empty() {
        std::thread::yield_now();
    }
    ending.shutdown_background();
    assert!(matches!(lasting.block_on(waiting).unwrap(), Ok(true)), "the change was not made");
    assert_eq!(lasting.block_on(numbers(&database)), [5]);
}
