//! Where the audit log ends. Its single row is also the lock that writers of the log wait for.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_head")]
pub struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// The last row's number.
    pub sequence: i64,
    /// The last row's hash.
    pub hash: String,
    /// The number of the last row that was archived and removed.
    pub archived_sequence: i64,
    /// That row's hash, after which the log goes on.
    pub archived_hash: String,
    /// HMAC-SHA-256 of all of this.
    pub mac: String,
}

/// None: rows are found by their keys.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
