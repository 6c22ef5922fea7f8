//! A day that a person tells.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "diary")]
pub struct Model {
    /// Random.
    #[sea_orm(primary_key, auto_increment = false)]
    pub diary_id: String,
    /// Whose.
    pub participant_id: String,
    /// The date on which the day begins, at 04:00.
    pub date: Date,
    /// Grows by one with every change, so that two windows do not overwrite each other.
    pub version: i32,
    /// When it was last saved.
    pub updated_at: i64,
    /// When it was handed in.
    pub submitted_at: Option<i64>,
}

/// None: rows are found by their keys.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
