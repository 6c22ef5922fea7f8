//! Who agreed to take part, to which notice, and until when. Rows are never deleted: they prove what was agreed.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consent")]
pub struct Model {
    /// Random.
    #[sea_orm(primary_key, auto_increment = false)]
    pub consent_id: String,
    /// Who.
    pub participant_id: String,
    /// To which survey.
    pub survey_id: String,
    /// The version of the notice that was shown.
    pub notice_version: i32,
    /// When it was given.
    pub given_at: i64,
    /// When it was withdrawn.
    pub withdrawn_at: Option<i64>,
    /// How it was given: `self`, `assisted`, `telephone`, `paper`.
    pub means: String,
}

/// None: rows are found by their keys.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
