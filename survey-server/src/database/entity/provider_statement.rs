//! Statements of portals about themselves that were used.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provider_statement")]
pub struct Model {
    /// SHA-256 of the portal's and the statement's name.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name_digest: String,
    /// After this instant the statement is worth nothing anyway.
    pub expires_at: i64,
}

/// None: rows are found by their keys.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
