//! The codes by which others join a household, each for one person and for a short time.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "household_code")]
pub struct Model {
    /// A keyed digest of the code: the code itself is short and would be guessed from a plain one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code_digest: String,
    /// In which survey.
    pub survey_id: String,
    /// The household that it leads to.
    pub household_id: String,
    /// When it ends, encrypted with the survey's key.
    pub sealed: String,
}

/// None: rows are found by their keys.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
