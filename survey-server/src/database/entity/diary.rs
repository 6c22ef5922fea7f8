//! A day that a person tells. Which date it was, when it was told and how often it was saved are sealed, because they
//! would tell whose it is to whoever knows when people signed in.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "diary")]
pub struct Model {
    /// A keyed hash of the respondent and the date.
    #[sea_orm(primary_key, auto_increment = false)]
    pub diary_id: String,
    /// Whose: a keyed hash of the participant.
    pub respondent_id: String,
    /// In which survey.
    pub survey_id: String,
    /// The month of the day, `2026-11`.
    pub month: String,
    /// `weekday`, `saturday` or `sunday`.
    pub day_kind: String,
    /// Whether it was handed in.
    pub submitted: bool,
    /// The date, the version, and to the hour when it was last saved and when it was handed in: encrypted with the
    /// survey's key, empty once that is destroyed.
    pub sealed: String,
    /// How it was told: `self`, `assisted`, `telephone`, `paper`.
    pub mode: String,
    /// What it was started from, where it was copied: `other_day`, `usual_week`.
    pub copied_from: Option<String>,
}

/// None: rows are found by their keys.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
