//! The tables as the database itself describes them: their columns, keys and references. For what handles every table
//! alike, so that a table added later is not forgotten.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult, Statement};

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) columns: Vec<Column>,
    /// The columns of its primary key, in the key's order.
    pub(crate) key: Vec<String>,
    /// The tables that its rows refer to.
    pub(crate) parents: BTreeSet<String>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) kind: Kind,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Boolean,
    Integer { bytes: u8 },
    Real,
    Text,
    Date,
    Bytes,
}

impl Kind {
    /// The kind of a type's name, in either database.
    fn of(name: &str) -> Option<Kind> {
        let name = name.to_ascii_lowercase();
        Some(match name.as_str() {
            "boolean" | "bool" => Kind::Boolean,
            "bigint" | "int8" => Kind::Integer { bytes: 8 },
            "integer" | "int4" => Kind::Integer { bytes: 4 },
            "smallint" | "int2" => Kind::Integer { bytes: 2 },
            "double" | "double precision" | "float8" | "real" => Kind::Real,
            "date" | "date_text" => Kind::Date,
            "blob" | "bytea" => Kind::Bytes,
            _ if name.contains("text") || name.contains("char") => Kind::Text,
            _ => return None,
        })
    }
}

/// A name as it stands in a statement.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Names in a row, as they stand in a statement.
pub(crate) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(quoted).collect::<Vec<_>>().join(", ")
}

impl Table {
    /// The columns, as they stand in a statement.
    pub(crate) fn column_list(&self) -> String {
        listed(self.columns.iter().map(|column| column.name.as_str()))
    }

    /// The key's columns, as they stand in a statement. Bytes decide, not a language's alphabet.
    pub(crate) fn key_list(&self, backend: DbBackend) -> String {
        let is_text =
            |name: &String| self.columns.iter().any(|column| column.name == *name && column.kind == Kind::Text);
        let ordered = self.key.iter().map(|name| match backend {
            DbBackend::Postgres if is_text(name) => format!("{} COLLATE \"C\"", quoted(name)),
            _ => quoted(name),
        });
        ordered.collect::<Vec<_>>().join(", ")
    }
}

/// Every table but the list of migrations, those that others refer to first.
pub(crate) async fn tables(connection: &impl ConnectionTrait) -> Result<Vec<Table>, DbErr> {
    let columns = match connection.get_database_backend() {
        DbBackend::Sqlite => {
            "SELECT m.name AS t, p.name AS c, p.type AS k, CAST(p.pk AS INTEGER) AS n FROM sqlite_master m, \
             pragma_table_info(m.name) p WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, p.cid"
        }
        _ => {
            "SELECT c.table_name::text AS t, c.column_name::text AS c, c.udt_name::text AS k, \
             COALESCE((SELECT k.ordinal_position FROM information_schema.key_column_usage k JOIN \
             information_schema.table_constraints x USING (constraint_schema, constraint_name, table_name) \
             WHERE x.constraint_type = 'PRIMARY KEY' AND k.table_schema = c.table_schema AND \
             k.table_name = c.table_name AND k.column_name = c.column_name), 0)::bigint AS n \
             FROM information_schema.columns c JOIN information_schema.tables b USING (table_schema, table_name) \
             WHERE c.table_schema = current_schema() AND b.table_type = 'BASE TABLE' \
             ORDER BY c.table_name, c.ordinal_position"
        }
    };
    let references = match connection.get_database_backend() {
        DbBackend::Sqlite => {
            "SELECT DISTINCT m.name AS t, f.\"table\" AS p FROM sqlite_master m, pragma_foreign_key_list(m.name) f \
             WHERE m.type = 'table'"
        }
        _ => {
            "SELECT DISTINCT a.relname::text AS t, b.relname::text AS p FROM pg_constraint f JOIN pg_class a ON \
             a.oid = f.conrelid JOIN pg_class b ON b.oid = f.confrelid WHERE f.contype = 'f'"
        }
    };
    let mut found: BTreeMap<String, Table> = BTreeMap::new();
    let mut keys: BTreeMap<String, BTreeMap<i64, String>> = BTreeMap::new();
    for row in all(connection, columns).await? {
        let (table, column, kind): (String, String, String) =
            (row.try_get("", "t")?, row.try_get("", "c")?, row.try_get("", "k")?);
        if table == "seaql_migrations" {
            continue;
        }
        let kind = Kind::of(&kind).ok_or_else(|| {
            DbErr::Type(format!("the column {table}.{column} is of a kind that is not handled: {kind}"))
        })?;
        let place: i64 = row.try_get("", "n")?;
        if place > 0 {
            keys.entry(table.clone()).or_default().insert(place, column.clone());
        }
        let empty = || Table { name: table.clone(), columns: Vec::new(), key: Vec::new(), parents: BTreeSet::new() };
        found.entry(table.clone()).or_insert_with(empty).columns.push(Column { name: column, kind });
    }
    for (table, key) in keys {
        if let Some(table) = found.get_mut(&table) {
            table.key = key.into_values().collect();
        }
    }
    for row in all(connection, references).await? {
        let (table, parent): (String, String) = (row.try_get("", "t")?, row.try_get("", "p")?);
        if let Some(found) = found.get_mut(&table).filter(|_| table != parent) {
            found.parents.insert(parent);
        }
    }
    Ok(parents_first(found))
}

fn parents_first(mut open: BTreeMap<String, Table>) -> Vec<Table> {
    let mut sorted: Vec<Table> = Vec::with_capacity(open.len());
    while !open.is_empty() {
        let is_ready = |table: &Table| !table.parents.iter().any(|parent| open.contains_key(parent));
        // Tables that refer to each other in a ring have no order; the first by name goes ahead.
        let next = open.values().find(|table| is_ready(table)).or_else(|| open.values().next());
        let Some(table) = next.map(|table| table.name.clone()).and_then(|name| open.remove(&name)) else { break };
        sorted.push(table);
    }
    sorted
}

/// The rows of a statement.
pub(crate) async fn all(connection: &impl ConnectionTrait, sql: &str) -> Result<Vec<QueryResult>, DbErr> {
    connection.query_all_raw(Statement::from_string(connection.get_database_backend(), sql)).await
}
