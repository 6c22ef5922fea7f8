//! Who agreed that it be kept how they fill in their days. Taking it back deletes the row.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "paradata_consent")]
pub struct Model {
    /// Who.
    #[sea_orm(primary_key, auto_increment = false)]
    pub participant_id: String,
    /// In which survey.
    #[sea_orm(primary_key, auto_increment = false)]
    pub survey_id: String,
    /// When.
    pub given_at: i64,
}

/// None: rows are found by their keys.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
