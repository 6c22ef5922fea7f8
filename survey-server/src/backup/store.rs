//! Every table, read in one consistent state and written back. Knows no table by name but the few that do not belong into a
//! backup.

use std::io;

use chrono::{DateTime, NaiveDate, Utc};
use futures_util::TryStreamExt;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, Statement, StreamTrait, Value};

use super::{
    BackupError,
    format::{Entry, Header, Reader, Writer},
};
use crate::{
    audit,
    database::{
        Database, DatabaseError,
        catalog::{self, Column, Kind, Table, listed, quoted},
        entity::{audit_head, installation},
        migration::audit_triggers,
    },
    error::AppError,
    keys::{self, Keys},
};

/// Tables whose rows let somebody in, or live for minutes only.
const LEFT_OUT: [&str; 6] =
    ["federation_attempt", "provider_code", "provider_statement", "provider_token", "session", "ticket"];

/// The most values that one statement may carry: SQLite's limit is 32,766.
const MOST_VALUES: usize = 32_000;

/// Writes every table; the inner result is the file's.
pub(super) async fn dump(
    database: &Database,
    mut writer: Writer,
    now: DateTime<Utc>,
) -> Result<io::Result<()>, BackupError> {
    let transaction = database.begin_read().await.map_err(AppError::from)?;
    let head = audit_head::Entity::find_by_id(1).one(&transaction).await.map_err(AppError::from)?;
    let head = head.map(|row| audit::Head { sequence: row.sequence, hash: row.hash });
    let installation = installation::Entity::find_by_id(1).one(&transaction).await.map_err(AppError::from)?;
    let (Some(head), Some(installation)) = (head, installation) else {
        return Err(AppError::StoredData("the database has no head of an audit log".to_owned()).into());
    };
    let header = Header::new(
        now.format("%Y-%m-%dT%H:00Z").to_string(),
        installation.key_fingerprint,
        database.applied().await.map_err(DatabaseError::Connection)?,
        head.to_string(),
    );
    if let Err(error) = writer.header(&header) {
        return Ok(Err(error));
    }
    for table in catalog::tables(&transaction).await.map_err(AppError::from)? {
        if LEFT_OUT.contains(&table.name.as_str()) {
            continue;
        }
        if let Err(error) = dump_table(&transaction, &table, &mut writer).await? {
            return Ok(Err(error));
        }
    }
    transaction.commit().await.map_err(AppError::from)?;
    Ok(writer.end())
}

async fn dump_table(
    transaction: &DatabaseTransaction,
    table: &Table,
    writer: &mut Writer,
) -> Result<io::Result<()>, AppError> {
    let backend = ConnectionTrait::get_database_backend(transaction);
    let names: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
    if let Err(error) = writer.table(&table.name, names) {
        return Ok(Err(error));
    }
    let texts = table.columns.iter().enumerate().map(|(place, column)| as_text(column, place, backend));
    let texts = texts.collect::<Vec<_>>().join(", ");
    let sql = format!("SELECT {texts} FROM {} ORDER BY {}", quoted(&table.name), table.key_list(backend));
    let mut rows = transaction.stream_raw(Statement::from_string(backend, sql)).await?;
    while let Some(row) = rows.try_next().await? {
        let texts = (0..table.columns.len()).map(|place| row.try_get("", &format!("c{place}")));
        let texts: Vec<Option<String>> = texts.collect::<Result<_, _>>()?;
        if let Err(error) = writer.row(&texts) {
            return Ok(Err(error));
        }
    }
    Ok(Ok(()))
}

/// A column as text, whatever it holds.
fn as_text(column: &Column, place: usize, backend: DbBackend) -> String {
    let name = quoted(&column.name);
    let text = match (column.kind, backend) {
        (Kind::Bytes, DbBackend::Postgres) => format!("encode({name}, 'hex')"),
        (Kind::Bytes, _) => format!("lower(hex({name}))"),
        (_, DbBackend::Postgres) => format!("{name}::text"),
        _ => format!("CAST({name} AS TEXT)"),
    };
    format!("{text} AS c{place}")
}

/// A column's value from its text.
fn from_text(kind: Kind, text: Option<&str>) -> Option<Value> {
    Some(match (kind, text) {
        (Kind::Boolean, None) => Value::Bool(None),
        (Kind::Boolean, Some("true" | "1")) => Value::Bool(Some(true)),
        (Kind::Boolean, Some("false" | "0")) => Value::Bool(Some(false)),
        (Kind::Boolean, Some(_)) => return None,
        (Kind::Integer { bytes: 2 }, text) => Value::SmallInt(text.map(str::parse).transpose().ok()?),
        (Kind::Integer { bytes: 4 }, text) => Value::Int(text.map(str::parse).transpose().ok()?),
        (Kind::Integer { .. }, text) => Value::BigInt(text.map(str::parse).transpose().ok()?),
        (Kind::Real, text) => Value::Double(text.map(str::parse).transpose().ok()?),
        (Kind::Text, text) => Value::from(text.map(str::to_owned)),
        (Kind::Date, text) => Value::from(text.map(str::parse::<NaiveDate>).transpose().ok()?),
        (Kind::Bytes, text) => match text {
            Some(text) => Value::from(keys::unhex(text)?),
            None => Value::from(None::<Vec<u8>>),
        },
    })
}

/// Fills an empty database, in one transaction; the inner result says what is wrong with the backup.
pub(super) async fn fill(
    database: &Database,
    mut reader: Reader,
    master: &Keys,
) -> Result<Result<(), String>, BackupError> {
    let header = reader.header().clone();
    if header.key_fingerprint != master.fingerprint() {
        return Err(DatabaseError::WrongKey.into());
    }
    let transaction = database.begin_write().await.map_err(AppError::from)?;
    database.migrate_to(&transaction, &header.migrations).await?.map_err(BackupError::Newer)?;
    audit_triggers::drop(&transaction).await.map_err(AppError::from)?;
    let tables = catalog::tables(&transaction).await.map_err(AppError::from)?;
    for table in tables.iter().rev() {
        let delete = format!("DELETE FROM {}", quoted(&table.name));
        transaction.execute_unprepared(&delete).await.map_err(AppError::from)?;
    }
    let filled = fill_tables(&transaction, &tables, &mut reader).await?;
    if filled.is_ok() {
        audit_triggers::create(&transaction).await.map_err(AppError::from)?;
        transaction.commit().await.map_err(AppError::from)?;
    }
    Ok(filled)
}

/// Rows of one table that wait to be written.
struct Batch<'a> {
    table: &'a Table,
    columns: Vec<&'a Column>,
    values: Vec<Value>,
}

impl Batch<'_> {
    async fn write(&mut self, transaction: &DatabaseTransaction) -> Result<(), AppError> {
        if self.values.is_empty() {
            return Ok(());
        }
        let backend = ConnectionTrait::get_database_backend(transaction);
        let width = self.columns.len();
        let place = |number: usize| match backend {
            DbBackend::Postgres => format!("${}", number + 1),
            _ => "?".to_owned(),
        };
        let row = |number: usize| (number * width..(number + 1) * width).map(place).collect::<Vec<_>>().join(", ");
        let rows: Vec<String> = (0..self.values.len() / width).map(|number| format!("({})", row(number))).collect();
        let columns = listed(self.columns.iter().map(|column| column.name.as_str()));
        let sql = format!("INSERT INTO {} ({columns}) VALUES {}", quoted(&self.table.name), rows.join(", "));
        let values = std::mem::take(&mut self.values);
        transaction.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
        Ok(())
    }
}

async fn fill_tables(
    transaction: &DatabaseTransaction,
    tables: &[Table],
    reader: &mut Reader,
) -> Result<Result<(), String>, AppError> {
    let mut batch: Option<Batch<'_>> = None;
    loop {
        let entry = match reader.next_entry() {
            Ok(Some(entry)) => entry,
            Ok(None) => break,
            Err(error) => return Ok(Err(error.to_string())),
        };
        match entry {
            Entry::Table(name, columns) => {
                if let Some(mut batch) = batch.take() {
                    batch.write(transaction).await?;
                }
                let Some(table) = tables.iter().find(|table| table.name == name) else {
                    return Ok(Err(format!("there is no table {name}")));
                };
                let column = |name: &String| table.columns.iter().find(|column| column.name == *name);
                let Some(columns) = columns.iter().map(column).collect::<Option<Vec<_>>>() else {
                    return Ok(Err(format!("the table {name} has other columns")));
                };
                batch = Some(Batch { table, columns, values: Vec::new() });
            }
            Entry::Row(texts) => {
                let Some(batch) = &mut batch else { return Ok(Err("a row stands before its table".to_owned())) };
                if texts.len() != batch.columns.len() {
                    return Ok(Err(format!("a row of {} has another length", batch.table.name)));
                }
                for (column, text) in batch.columns.iter().zip(&texts) {
                    let Some(value) = from_text(column.kind, text.as_deref()) else {
                        return Ok(Err(format!("a value of {}.{} does not read", batch.table.name, column.name)));
                    };
                    batch.values.push(value);
                }
                if batch.values.len() + batch.columns.len() > MOST_VALUES {
                    batch.write(transaction).await?;
                }
            }
        }
    }
    if let Some(mut batch) = batch {
        batch.write(transaction).await?;
    }
    Ok(Ok(()))
}
