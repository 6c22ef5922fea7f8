//! Who said that they live together: respondents of one household, joined by a code.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "household_member")]
pub struct Model {
    /// Who: a keyed hash of the participant.
    #[sea_orm(primary_key, auto_increment = false)]
    pub respondent_id: String,
    /// In which survey.
    pub survey_id: String,
    /// The household: random.
    pub household_id: String,
}

/// None: rows are found by their keys.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
