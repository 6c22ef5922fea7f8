//! What a failed query means to the person who asked.

use sea_orm::{DbErr, RuntimeErr};

use crate::error::AppError;

/// SQLite's SQLITE_READONLY, SQLITE_IOERR, SQLITE_FULL and SQLITE_CANTOPEN; PostgreSQL's disk_full and read_only_sql_transaction.
const STORAGE_CODES: &[&str] = &["8", "10", "13", "14", "53100", "25006"];

impl From<DbErr> for AppError {
    fn from(error: DbErr) -> AppError {
        let code = match &error {
            DbErr::Exec(RuntimeErr::SqlxError(inner)) | DbErr::Query(RuntimeErr::SqlxError(inner)) => {
                inner.as_database_error().and_then(|database| database.code()).map(|code| code.into_owned())
            }
            _ => None,
        };
        match code {
            Some(code) if STORAGE_CODES.contains(&code.as_str()) => AppError::StorageUnavailable(error.to_string()),
            _ => AppError::Database(error.to_string()),
        }
    }
}
