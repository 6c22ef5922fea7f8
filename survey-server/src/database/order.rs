//! The order in which rows lie, which must tell nothing. A database usually keeps rows in the order of their arrival: the
//! first row of who signed in would stand beside the first row of what was answered.
//!
//! SQLite: every table is `WITHOUT ROWID`, so rows lie by their keys, which are random or keyed hashes; within a page the
//! bytes of rows still lie by arrival until the file is rewritten, and the write-ahead log holds the latest changes in their
//! order. PostgreSQL: rows lie by arrival, and each carries the number of the transaction that wrote it. So both are
//! rewritten from time to time ([`Database::forget_order`]).

use sea_orm::{ConnectionTrait, DbBackend, DbErr, TransactionTrait};

use super::{
    Database, DatabaseError,
    catalog::{self, Table, all, quoted},
};

/// Tables whose order is their content.
const IN_ORDER: [&str; 2] = ["audit_log", "audit_head"];

impl Database {
    /// Rewrites every table in the order of its keys, in one transaction that everybody else waits for, and empties the
    /// write-ahead log. Takes about a second for each hundred megabytes.
    ///
    /// # Errors
    /// When the database cannot be written; it is then as it was.
    pub async fn forget_order(&self) -> Result<(), DbErr> {
        match self.connection.get_database_backend() {
            DbBackend::Sqlite => {
                self.connection.execute_unprepared("VACUUM").await?;
                self.connection.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await?;
                Ok(())
            }
            _ => self.rewrite_postgres().await,
        }
    }

    /// Copies every table aside, empties all and fills them again by key: afterwards all rows are of one transaction.
    async fn rewrite_postgres(&self) -> Result<(), DbErr> {
        let transaction = self.connection.begin().await?;
        let backend = DbBackend::Postgres;
        let tables: Vec<Table> = catalog::tables(&transaction).await?;
        let tables: Vec<&Table> =
            tables.iter().filter(|table| !table.key.is_empty() && !IN_ORDER.contains(&table.name.as_str())).collect();
        let names = catalog::listed(tables.iter().map(|table| table.name.as_str()));
        transaction.execute_unprepared(&format!("LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")).await?;
        for table in &tables {
            let (aside, name) = (quoted(&format!("aside_{}", table.name)), quoted(&table.name));
            transaction
                .execute_unprepared(&format!("CREATE TEMPORARY TABLE {aside} ON COMMIT DROP AS TABLE {name}"))
                .await?;
        }
        transaction.execute_unprepared(&format!("TRUNCATE {names}")).await?;
        for table in &tables {
            let (aside, name) = (quoted(&format!("aside_{}", table.name)), quoted(&table.name));
            let (columns, key) = (table.column_list(), table.key_list(backend));
            transaction
                .execute_unprepared(&format!(
                    "INSERT INTO {name} ({columns}) SELECT {columns} FROM {aside} ORDER BY {key}"
                ))
                .await?;
        }
        transaction.commit().await
    }

    /// Makes every table of a SQLite file keep its rows by key instead of by arrival.
    ///
    /// # Errors
    /// When a table has no primary key, or the file cannot be written; tables done before stay done.
    pub(super) async fn keep_rows_by_key(&self) -> Result<(), DatabaseError> {
        if self.connection.get_database_backend() != DbBackend::Sqlite {
            return Ok(());
        }
        let by_arrival = "SELECT name AS name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
                          AND name <> 'seaql_migrations' AND sql NOT LIKE '%WITHOUT ROWID' ORDER BY name";
        let rows = all(&self.connection, by_arrival).await.map_err(DatabaseError::Migration)?;
        let names: Result<Vec<String>, DbErr> = rows.iter().map(|row| row.try_get("", "name")).collect();
        let names = names.map_err(DatabaseError::Migration)?;
        if names.is_empty() {
            return Ok(());
        }
        // References between tables may not be enforced while one of them is replaced, which only a connection of its
        // own can arrange: https://www.sqlite.org/lang_altertable.html#making_other_kinds_of_table_schema_changes
        let alone = self.alone().await?;
        for name in names {
            let rewritten = rewrite_sqlite(&alone, &name).await;
            rewritten.map_err(DatabaseError::Migration)?;
        }
        alone.connection.close().await.map_err(DatabaseError::Connection)
    }
}

async fn rewrite_sqlite(alone: &Database, name: &str) -> Result<(), DbErr> {
    let connection = &alone.connection;
    connection.execute_unprepared("PRAGMA legacy_alter_table = ON").await?;
    let transaction = alone.begin_write().await?;
    let literal = name.replace('\'', "''");
    let statements =
        format!("SELECT type AS type, sql AS sql FROM sqlite_master WHERE tbl_name = '{literal}' AND sql IS NOT NULL");
    let mut definition = None;
    let mut rest: Vec<String> = Vec::new();
    for row in all(&transaction, &statements).await? {
        let (kind, sql): (String, String) = (row.try_get("", "type")?, row.try_get("", "sql")?);
        if kind == "table" { definition = Some(sql) } else { rest.push(sql) }
    }
    let columns = definition.as_deref().and_then(|sql| Some(&sql[sql.find('(')?..]));
    let columns = columns.ok_or_else(|| DbErr::Custom(format!("the table {name} has no definition")))?;
    let (old, new) = (quoted(name), quoted(&format!("{name}_by_key")));
    for sql in [
        format!("CREATE TABLE {new} {columns} WITHOUT ROWID"),
        format!("INSERT INTO {new} SELECT * FROM {old}"),
        format!("DROP TABLE {old}"),
        format!("ALTER TABLE {new} RENAME TO {old}"),
    ] {
        transaction.execute_unprepared(&sql).await?;
    }
    for sql in rest {
        transaction.execute_unprepared(&sql).await?;
    }
    transaction.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn rows_lie_by_key_and_references_and_triggers_stay() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(&format!("sqlite://{}/t.sqlite", folder.path().display())).await.unwrap();
        database.migrate().await.unwrap();
        let by_arrival = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%WITHOUT ROWID' \
                          AND name NOT IN ('seaql_migrations', 'sqlite_sequence')";
        assert!(all(&database.connection, by_arrival).await.unwrap().is_empty());
        let count = |kind| format!("SELECT CAST(COUNT(*) AS INTEGER) AS n FROM sqlite_master WHERE type = '{kind}'");
        let triggers = all(&database.connection, &count("trigger")).await.unwrap();
        assert_eq!(triggers[0].try_get::<i64>("", "n").unwrap(), 6);
        let insert = "INSERT INTO answer VALUES ('nobody', 'x', 'y', 0, 'z')";
        assert!(database.connection.execute_unprepared(insert).await.is_err(), "references are enforced");
        let check = all(&database.connection, "PRAGMA foreign_key_check").await.unwrap();
        assert!(check.is_empty());
        let tables = catalog::tables(&database.connection).await.unwrap();
        let place = |name: &str| tables.iter().position(|table| table.name == name).unwrap();
        assert!(place("survey") < place("response") && place("response") < place("answer"));
        assert!(place("diary") < place("diary_episode"));
        assert_eq!(tables[place("answer")].key, ["respondent_id", "instrument", "question", "position"]);
        database.forget_order().await.unwrap();
        assert_eq!(database.migrate().await.unwrap(), 0, "a second time there is nothing to do");
    }
}
