//! A question about a day that was answered "yes, it was so".

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "diary_confirmation")]
pub struct Model {
    /// Of which day.
    #[sea_orm(primary_key, auto_increment = false)]
    pub diary_id: String,
    /// What was asked.
    #[sea_orm(primary_key, auto_increment = false)]
    pub issue: String,
    /// From where.
    #[sea_orm(primary_key, auto_increment = false)]
    pub start_slot: i16,
    /// To where.
    #[sea_orm(primary_key, auto_increment = false)]
    pub end_slot: i16,
}

/// None: rows are found by their keys.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
