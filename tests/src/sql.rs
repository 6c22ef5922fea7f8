//! A database looked into, and attacked, with SQL: what its administrator or a thief could do.

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use tokio::runtime::Runtime;

/// A connection of its own to a site's database.
pub struct Sql {
    runtime: Runtime,
    connection: DatabaseConnection,
}

impl Sql {
    /// Connects.
    ///
    /// # Panics
    /// When the database does not answer.
    pub fn connect(url: &str) -> Sql {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let mut options = ConnectOptions::new(url.to_owned());
        options.max_connections(1).sqlx_logging(false);
        let connection = runtime.block_on(Database::connect(options)).expect("the database answers");
        Sql { runtime, connection }
    }

    /// Whether this is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.connection.get_database_backend() == DbBackend::Postgres
    }

    /// Runs statements.
    ///
    /// # Errors
    /// What the database complains of.
    pub fn execute(&self, sql: &str) -> Result<(), String> {
        let done = self.runtime.block_on(self.connection.execute_unprepared(sql));
        done.map(drop).map_err(|error| error.to_string())
    }

    /// The rows of a query whose columns are called `c0`, `c1` and so on and are texts.
    ///
    /// # Panics
    /// When the database complains.
    pub fn rows(&self, n_columns: usize, sql: &str) -> Vec<Vec<Option<String>>> {
        let statement = Statement::from_string(self.connection.get_database_backend(), sql);
        let rows = self.runtime.block_on(self.connection.query_all_raw(statement)).expect("a query");
        let text = |row: &sea_orm::QueryResult, place: usize| {
            row.try_get::<Option<String>>("", &format!("c{place}")).expect("a text")
        };
        rows.iter().map(|row| (0..n_columns).map(|place| text(row, place)).collect()).collect()
    }

    /// The single text of a query whose column is called `c0`.
    ///
    /// # Panics
    /// When there is none.
    pub fn text(&self, sql: &str) -> String {
        let rows = self.rows(1, sql);
        rows.first().and_then(|row| row[0].clone()).expect("a row with a text")
    }

    /// The names of the columns of every table, by table.
    pub fn columns(&self) -> Vec<(String, Vec<String>)> {
        let sql = if self.is_postgres() {
            "SELECT table_name::text AS c0, column_name::text AS c1 FROM information_schema.columns \
             WHERE table_schema = 'public' ORDER BY table_name, ordinal_position"
        } else {
            "SELECT m.name AS c0, p.name AS c1 FROM sqlite_master m, pragma_table_info(m.name) p \
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, p.cid"
        };
        let mut tables: Vec<(String, Vec<String>)> = Vec::new();
        for row in self.rows(2, sql) {
            let (table, column) = (row[0].clone().unwrap_or_default(), row[1].clone().unwrap_or_default());
            match tables.last_mut() {
                Some((name, columns)) if *name == table => columns.push(column),
                _ => tables.push((table, vec![column])),
            }
        }
        tables
    }

    /// Every row of a table as texts, in the order in which the database happens to give them.
    pub fn dump(&self, table: &str, columns: &[String]) -> Vec<Vec<Option<String>>> {
        let text = |column: &String| {
            if self.is_postgres() { format!("\"{column}\"::text") } else { format!("CAST(\"{column}\" AS TEXT)") }
        };
        let list: Vec<String> =
            columns.iter().enumerate().map(|(place, column)| format!("{} AS c{place}", text(column))).collect();
        self.rows(columns.len(), &format!("SELECT {} FROM \"{table}\"", list.join(", ")))
    }
}
