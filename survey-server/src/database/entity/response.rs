//! Which questionnaires a person has begun or handed in.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "response")]
pub struct Model {
    /// Who: a keyed hash of the participant.
    #[sea_orm(primary_key, auto_increment = false)]
    pub respondent_id: String,
    /// The questionnaire's name.
    #[sea_orm(primary_key, auto_increment = false)]
    pub instrument: String,
    /// In which survey.
    pub survey_id: String,
    /// Its version when it was last saved.
    pub instrument_version: i32,
    /// Whether it was handed in.
    pub submitted: bool,
    /// To the hour, when it was last saved and when it was handed in: encrypted with the survey's key, empty once that
    /// is destroyed.
    pub sealed: String,
}

/// None: rows are found by their keys.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
