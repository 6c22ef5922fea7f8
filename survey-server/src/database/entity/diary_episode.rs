//! A span of a day in which no field changes. Time about which nothing was said has no row.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "diary_episode")]
pub struct Model {
    /// Of which day.
    #[sea_orm(primary_key, auto_increment = false)]
    pub diary_id: String,
    /// Ten-minute slots after 04:00, 0 to 143.
    #[sea_orm(primary_key, auto_increment = false)]
    pub start_slot: i16,
    /// Where it ends, 1 to 144.
    pub end_slot: i16,
    /// Main activity.
    pub main: Option<String>,
    /// Secondary activity.
    pub secondary: Option<String>,
    /// Place or transport.
    pub location: Option<String>,
    /// Codes of the people present; empty when not stated.
    pub with_whom: String,
    /// Whether a device was in use.
    pub device: Option<bool>,
    /// 1 to 7.
    pub enjoyment: Option<i16>,
}

/// None: rows are found by their keys.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
