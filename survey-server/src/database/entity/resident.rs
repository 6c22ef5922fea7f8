//! Somebody in an extract of the register; nothing of them can be read without the key.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "resident")]
pub struct Model {
    /// In which extract.
    #[sea_orm(primary_key, auto_increment = false)]
    pub extract_id: i32,
    /// The keyed digest of the fiscal code, as in the table of identities.
    #[sea_orm(primary_key, auto_increment = false)]
    pub fiscal_code_digest: String,
    /// A keyed digest of the record, which tells whether it changed from one extract to the next.
    pub content_digest: String,
    /// The record, encrypted.
    pub sealed: String,
}

/// None: rows are found by their keys.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
