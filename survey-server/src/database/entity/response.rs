//! Which questionnaires a person has begun or handed in.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "response")]
pub struct Model {
    /// Who.
    #[sea_orm(primary_key, auto_increment = false)]
    pub participant_id: String,
    /// The questionnaire's name.
    #[sea_orm(primary_key, auto_increment = false)]
    pub instrument: String,
    /// Its version when it was last saved.
    pub instrument_version: i32,
    /// When it was last saved.
    pub updated_at: i64,
    /// When it was handed in.
    pub submitted_at: Option<i64>,
}

/// None: rows are found by their keys.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
