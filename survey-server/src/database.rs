//! The database: connection, schema and its versions. Only this folder and the `store` rooms speak to it.

use std::{
    fmt, fs, io,
    os::unix::fs::OpenOptionsExt,
    path::Path,
    sync::{Arc, OnceLock, PoisonError, RwLock},
    time::Duration,
};

use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    EntityTrait, IsolationLevel, QueryOrder, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use sea_orm_migration::{MigratorTrait, SchemaManager, seaql_migrations};
use thiserror::Error;

use crate::{error::AppError, keys::Keys, questionnaire::catalogue::Catalogue, survey::store::LastOpened};

pub(crate) mod catalog;
pub(crate) mod entity;
mod failure;
pub(crate) mod installation;
mod legacy;
pub(crate) mod migration;
mod order;
pub(crate) mod rows;
mod together;

pub use migration::Migrator;
pub(crate) use together::Change;
use together::Together;

/// Why the database cannot be used.
#[derive(Debug, Error)]
pub enum DatabaseError {
    /// The URL is neither `sqlite://` nor `postgres://`.
    #[error("the database URL must begin with `sqlite://` or `postgres://`")]
    UnknownScheme,
    /// The SQLite file's folder does not exist.
    #[error("the folder of the database file {0} does not exist: create it, or change database.url")]
    NoFolder(String),
    /// The database file cannot be made.
    #[error("the database file cannot be made: {0}")]
    File(#[source] io::Error),
    /// No connection.
    #[error("cannot open the database: {0}")]
    Connection(#[source] DbErr),
    /// The schema is older than the program.
    #[error("the database schema is missing or older than this program ({0} migrations to apply): run `tempi migrate`")]
    OlderSchema(usize),
    /// The schema is newer than the program.
    #[error(
        "the database was written by a newer version of tempi (unknown migration `{0}`): install that version, or restore an older backup"
    )]
    NewerSchema(String),
    /// A migration failed; the schema is as it was before it.
    #[error("the migration failed, nothing was changed: {0}")]
    Migration(#[source] DbErr),
    /// What the keys open does not read back.
    #[error("the database cannot be opened with its keys: {0}")]
    Unlock(#[source] AppError),
    /// The key file is not the one this database was written with.
    #[error(
        "the key file is not the one this database was written with: put back the key file of this installation (see the backup); without it the identities in the database cannot be read"
    )]
    WrongKey,
}

/// Connections to PostgreSQL: commits that come together share a write of the disk.
const N_POSTGRES: u32 = 10;

/// Connections to an SQLite file that read. One more writes.
const N_READERS: u32 = 4;

/// A connection that nobody has used for this long may be dead, and is tried before it is used.
const IDLE: Duration = Duration::from_secs(1);

/// A pool of connections. Cloning shares the pool.
#[derive(Debug, Clone)]
pub struct Database {
    connection: DatabaseConnection,
    /// Where transactions that write wait for their turn. SQLite has one writer, and whoever finds the file locked sleeps and tries
    /// again: waiting for its one connection is quicker and in the order of arrival. PostgreSQL needs no queue: the same pool.
    writer: DatabaseConnection,
    /// Changes that wait to be made in one transaction.
    together: Arc<Together>,
    url: Arc<Url>,
    /// Those of this installation, once [`Database::unlock`] has held.
    keys: Arc<OnceLock<Keys>>,
    /// The current survey as it was opened last.
    survey: Arc<LastOpened>,
    /// The program's own, until those of the installation are known.
    questionnaires: Arc<RwLock<Option<Arc<Catalogue>>>>,
}

/// Where a database is; it may hold a password and is therefore never shown.
struct Url(String);

impl fmt::Debug for Url {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Url(***)")
    }
}

impl Database {
    /// Opens `url`; a missing SQLite file is created, empty.
    ///
    /// SQLite runs with a write-ahead log and `synchronous=FULL`: a reply that says "saved" is on the disk.
    pub async fn open(url: &str) -> Result<Database, DatabaseError> {
        let is_sqlite = sqlite_path(url).is_some();
        let connection = connect(url, if is_sqlite { N_READERS } else { N_POSTGRES }, true).await?;
        let writer = if is_sqlite { connect(url, 1, true).await? } else { connection.clone() };
        Ok(Database::over(url, connection, writer))
    }

    /// A connection beside this pool's, on which references between tables are not enforced.
    async fn alone(&self) -> Result<Database, DatabaseError> {
        let connection = connect(&self.url.0, 1, false).await?;
        Ok(Database::over(&self.url.0, connection.clone(), connection))
    }

    fn over(url: &str, connection: DatabaseConnection, writer: DatabaseConnection) -> Database {
        Database {
            connection,
            writer,
            together: Arc::default(),
            url: Arc::new(Url(url.to_owned())),
            keys: Arc::default(),
            survey: Arc::default(),
            questionnaires: Arc::default(),
        }
    }

    /// Whether `url` names an SQLite file that [`Database::open`] would have to create.
    pub fn would_be_created(url: &str) -> bool {
        sqlite_path(url).is_some_and(|path| !Path::new(path).exists())
    }

    /// Makes the questionnaires of the installation known to every store. The last call counts.
    pub(crate) fn know_questionnaires(&self, catalogue: Catalogue) {
        *self.questionnaires.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(catalogue));
    }

    /// The questionnaires of the installation, as they are now.
    pub(crate) fn questionnaires(&self) -> Arc<Catalogue> {
        let known = self.questionnaires.read().unwrap_or_else(PoisonError::into_inner).clone();
        known.unwrap_or_else(|| Arc::new(Catalogue::built_in()))
    }

    /// The current survey as it was opened last.
    pub(crate) fn last_opened(&self) -> &LastOpened {
        &self.survey
    }

    /// The connection pool, for `store` rooms.
    pub(crate) fn connection(&self) -> &DatabaseConnection {
        &self.connection
    }

    /// Begins a transaction that will write. On SQLite writers take turns, and it takes the write lock at once: other processes write
    /// too, and two writers shall wait for each other instead of failing at their first write after a read.
    pub(crate) async fn begin_write(&self) -> Result<DatabaseTransaction, DbErr> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        self.writer.begin_with_options(options).await
    }

    /// Begins a transaction that reads one consistent state.
    pub(crate) async fn begin_read(&self) -> Result<DatabaseTransaction, DbErr> {
        if self.connection.get_database_backend() == DbBackend::Sqlite {
            // Its transactions read one state anyway; asking for it by name is only warned about.
            return self.connection.begin().await;
        }
        self.connection.begin_with_config(Some(IsolationLevel::RepeatableRead), Some(AccessMode::ReadOnly)).await
    }

    /// Whether the database holds no schema at all.
    pub async fn is_empty(&self) -> Result<bool, DatabaseError> {
        Ok(self.applied().await.map_err(DatabaseError::Connection)?.is_empty())
    }

    /// Brings the schema up to date and says how many migrations were applied.
    pub async fn migrate(&self) -> Result<usize, DatabaseError> {
        self.refuse_newer_schema().await?;
        let pending = self.n_pending().await?;
        // One transaction, hence one connection: all steps or none, and no connection that still knows the old schema.
        let transaction = self.begin_write().await.map_err(DatabaseError::Migration)?;
        Migrator::up(&transaction, None).await.map_err(DatabaseError::Migration)?;
        transaction.commit().await.map_err(DatabaseError::Migration)?;
        self.keep_rows_by_key().await?;
        Ok(pending)
    }

    /// Takes an empty database through `steps` in `transaction`; the inner error is a step that this program does not know.
    pub(crate) async fn migrate_to(
        &self,
        transaction: &DatabaseTransaction,
        steps: &[String],
    ) -> Result<Result<(), String>, DatabaseError> {
        let known = Migrator::migrations();
        let unknown =
            steps.iter().enumerate().find(|(place, step)| known.get(*place).is_none_or(|known| known.name() != *step));
        if let Some((_, unknown)) = unknown {
            return Ok(Err(unknown.clone()));
        }
        let n_steps = u32::try_from(steps.len()).ok();
        Migrator::up(transaction, n_steps).await.map_err(DatabaseError::Migration)?;
        Ok(Ok(()))
    }

    /// Holds that the schema is the one this program knows.
    pub async fn check_schema(&self) -> Result<(), DatabaseError> {
        self.refuse_newer_schema().await?;
        match self.n_pending().await? {
            0 => Ok(()),
            pending => Err(DatabaseError::OlderSchema(pending)),
        }
    }

    /// Whether a commit that is acknowledged is on the disk.
    pub async fn is_durable(&self) -> Result<bool, DatabaseError> {
        let (statement, safe): (&str, &[&str]) = match self.connection.get_database_backend() {
            DbBackend::Postgres => ("SHOW synchronous_commit", &["on", "remote_apply", "local", "remote_write"]),
            _ => ("SELECT CAST(synchronous AS TEXT) AS synchronous_commit FROM pragma_synchronous", &["2", "3"]),
        };
        let statement = sea_orm::Statement::from_string(self.connection.get_database_backend(), statement);
        let row = self.connection.query_one_raw(statement).await.map_err(DatabaseError::Connection)?;
        let setting = row.and_then(|row| row.try_get::<String>("", "synchronous_commit").ok());
        Ok(setting.is_some_and(|setting| safe.contains(&setting.as_str())))
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), DbErr> {
        self.connection.ping().await
    }

    /// Closes the pool; SQLite folds its write-ahead log into the file.
    pub async fn close(self) -> Result<(), DbErr> {
        if self.connection.get_database_backend() == DbBackend::Sqlite {
            self.connection.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await?;
        }
        self.writer.close().await?;
        self.connection.close().await
    }

    /// Every table and column of a SQLite database, but for the list of migrations.
    #[cfg(test)]
    pub(crate) async fn columns(&self) -> std::collections::BTreeSet<(String, String)> {
        let sql = "SELECT m.name AS t, p.name AS c FROM sqlite_master m, pragma_table_info(m.name) p \
                   WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'seaql_migrations'";
        let statement = sea_orm::Statement::from_string(DbBackend::Sqlite, sql);
        let rows = self.connection.query_all_raw(statement).await.expect("the schema");
        let text = |row: &sea_orm::QueryResult, column| row.try_get("", column).expect("a name");
        rows.iter().map(|row| (text(row, "t"), text(row, "c"))).collect()
    }

    async fn n_pending(&self) -> Result<usize, DatabaseError> {
        let pending = Migrator::get_pending_migrations_read_only(&self.connection).await;
        Ok(pending.map_err(DatabaseError::Connection)?.len())
    }

    async fn refuse_newer_schema(&self) -> Result<(), DatabaseError> {
        let applied = self.applied().await.map_err(DatabaseError::Connection)?;
        let known = Migrator::migrations();
        let unknown = applied.into_iter().find(|name| !known.iter().any(|migration| migration.name() == name));
        unknown.map_or(Ok(()), |name| Err(DatabaseError::NewerSchema(name)))
    }

    /// The names of the migrations this database has seen.
    pub(crate) async fn applied(&self) -> Result<Vec<String>, DbErr> {
        if !SchemaManager::new(&self.connection).has_table("seaql_migrations").await? {
            return Ok(Vec::new());
        }
        let by_name = seaql_migrations::Entity::find().order_by_asc(seaql_migrations::Column::Version);
        let applied = by_name.all(&self.connection).await?;
        Ok(applied.into_iter().map(|migration| migration.version).collect())
    }
}

async fn connect(url: &str, n_connections: u32, foreign_keys: bool) -> Result<DatabaseConnection, DatabaseError> {
    let mut options = ConnectOptions::new(url.to_owned());
    options.sqlx_logging(false).acquire_timeout(Duration::from_secs(10)).max_connections(n_connections);
    options.test_before_acquire_if_idle_for(IDLE);
    if let Some(path) = sqlite_path(url) {
        let folder = Path::new(path).parent().filter(|folder| !folder.as_os_str().is_empty());
        if folder.is_some_and(|folder| !folder.is_dir()) {
            return Err(DatabaseError::NoFolder(path.to_owned()));
        }
        create_private(Path::new(path)).map_err(DatabaseError::File)?;
        options.map_sqlx_sqlite_opts(move |sqlite| {
            sqlite
                .create_if_missing(true)
                .foreign_keys(foreign_keys)
                .busy_timeout(Duration::from_secs(10))
                .pragma("journal_mode", "WAL")
                .pragma("synchronous", "FULL")
                // What is deleted is overwritten, not only forgotten.
                .pragma("secure_delete", "ON")
        });
    } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        // Statements are few and ask by key: a plan made once serves, and making it anew takes a tenth of the time of a save.
        options.map_sqlx_postgres_opts(|postgres| postgres.options([("plan_cache_mode", "force_generic_plan")]));
    } else {
        return Err(DatabaseError::UnknownScheme);
    }
    sea_orm::Database::connect(options).await.map_err(DatabaseError::Connection)
}

/// Makes a missing database file that its owner alone may read; the files that SQLite puts beside it take after it.
fn create_private(path: &Path) -> io::Result<()> {
    match fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

fn sqlite_path(url: &str) -> Option<&str> {
    let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"))?;
    path.split('?').next()
}
