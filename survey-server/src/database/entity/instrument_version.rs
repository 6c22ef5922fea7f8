//! The versions of questionnaires that were published. A row never changes: answers were given to it as it is.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "instrument_version")]
pub struct Model {
    /// The questionnaire's name.
    #[sea_orm(primary_key, auto_increment = false)]
    pub instrument: String,
    /// Its version.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    /// The SHA-256 of the definition.
    pub sha256: String,
    /// The whole questionnaire, in TOML.
    pub definition: String,
}

/// None: rows are found by their keys.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
