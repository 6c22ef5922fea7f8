//! What a failed query means to the person who asked.

use sea_orm::{DbErr, RuntimeErr};

use crate::error::AppError;

/// SQLite's SQLITE_READONLY, SQLITE_IOERR, SQLITE_FULL and SQLITE_CANTOPEN.
const SQLITE_STORAGE: [u32; 4] = [8, 10, 13, 14];

/// PostgreSQL's disk_full, io_error and read_only_sql_transaction.
const POSTGRES_STORAGE: [&str; 3] = ["53100", "58030", "25006"];

impl From<DbErr> for AppError {
    fn from(error: DbErr) -> AppError {
        let code = match &error {
            DbErr::Exec(RuntimeErr::SqlxError(inner)) | DbErr::Query(RuntimeErr::SqlxError(inner)) => {
                inner.as_database_error().and_then(|database| database.code()).map(|code| code.into_owned())
            }
            _ => None,
        };
        if code.is_some_and(|code| is_storage(&code)) {
            AppError::StorageUnavailable(error.to_string())
        } else {
            AppError::Database(error.to_string())
        }
    }
}

/// PostgreSQL's codes have five characters; SQLite's are numbers below 10000 whose last byte is the primary code.
fn is_storage(code: &str) -> bool {
    if code.len() == 5 {
        return POSTGRES_STORAGE.contains(&code);
    }
    code.parse::<u32>().is_ok_and(|code| SQLITE_STORAGE.contains(&(code & 0xff)))
}

#[cfg(test)]
mod tests {
    use sea_orm::{ConnectionTrait, TransactionTrait};

    use super::*;
    use crate::database::Database;

    fn with_database<F: Future<Output = ()>>(test: impl FnOnce(Database) -> F) {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("db.sqlite").display());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async { test(Database::open(&url).await.unwrap()).await });
    }

    /// A page limit makes SQLite fail as a full disk does, with SQLITE_FULL.
    #[test]
    fn a_full_disk_is_told_apart_from_other_failures() {
        with_database(|database| async move {
            let transaction = database.connection().begin().await.unwrap();
            transaction.execute_unprepared("create table t (x blob)").await.unwrap();
            transaction.execute_unprepared("pragma max_page_count = 4").await.unwrap();
            let full = transaction.execute_unprepared("insert into t values (zeroblob(1000000))").await.unwrap_err();
            assert!(matches!(AppError::from(full), AppError::StorageUnavailable(_)));
            let wrong = transaction.execute_unprepared("insert into nothing values (1)").await.unwrap_err();
            assert!(matches!(AppError::from(wrong), AppError::Database(_)));
        });
    }

    #[test]
    fn a_database_that_may_not_be_written_counts_as_storage() {
        with_database(|database| async move {
            let transaction = database.connection().begin().await.unwrap();
            transaction.execute_unprepared("pragma query_only = on").await.unwrap();
            let refused = transaction.execute_unprepared("create table t (x)").await.unwrap_err();
            assert!(matches!(AppError::from(refused), AppError::StorageUnavailable(_)));
        });
    }
}
