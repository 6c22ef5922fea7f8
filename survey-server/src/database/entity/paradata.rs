//! How a day was filled in, of those who agreed that it be kept.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "paradata")]
pub struct Model {
    /// Which day.
    #[sea_orm(primary_key, auto_increment = false)]
    pub diary_id: String,
    /// `phone`, `tablet`, `desktop` or `other`.
    pub device: String,
    /// Changes of the day.
    pub n_edits: i32,
    /// Time spent telling what was done, in tens of seconds.
    pub seconds_telling: i32,
    /// Time spent on where, with whom and the rest.
    pub seconds_details: i32,
    /// Time spent looking the day over.
    pub seconds_review: i32,
}

/// None: rows are found by their keys.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
