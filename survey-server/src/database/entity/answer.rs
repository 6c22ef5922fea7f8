//! One answer, or one of several options chosen for a question.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "answer")]
pub struct Model {
    /// Who: a keyed hash of the participant.
    #[sea_orm(primary_key, auto_increment = false)]
    pub respondent_id: String,
    /// The questionnaire's name.
    #[sea_orm(primary_key, auto_increment = false)]
    pub instrument: String,
    /// The question's name.
    #[sea_orm(primary_key, auto_increment = false)]
    pub question: String,
    /// 0 for the first option chosen, and so on.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    /// The option's value, or the number in digits.
    pub value: String,
}

/// None: rows are found by their keys.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
