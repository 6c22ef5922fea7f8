//! Somebody in a sample, with their place in its design; nothing of it can be read without the key.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sampled_person")]
pub struct Model {
    /// In which sample.
    #[sea_orm(primary_key, auto_increment = false)]
    pub sample_id: String,
    /// The keyed digest of the fiscal code, as in the table of identities.
    #[sea_orm(primary_key, auto_increment = false)]
    pub fiscal_code_digest: String,
    /// Who, with which probability, in which stratum and cluster: encrypted.
    pub sealed: String,
}

/// None: rows are found by their keys.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
