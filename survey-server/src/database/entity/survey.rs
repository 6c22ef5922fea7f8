//! The surveys, with the keys that tie their answers to people.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "survey")]
pub struct Model {
    /// Its name in the configuration.
    #[sea_orm(primary_key, auto_increment = false)]
    pub survey_id: String,
    /// Its title in Italian.
    pub title_it: String,
    /// Its title in English.
    pub title_en: String,
    /// The first day.
    pub opens_on: Option<Date>,
    /// The last day.
    pub closes_on: Option<Date>,
    /// Whether it is the one that people take part in now.
    pub is_current: bool,
    /// The key that ties answers to people, wrapped; nothing once it was destroyed.
    pub link_key: Option<String>,
    /// The key that makes the pseudonyms of exports, wrapped.
    pub export_key: String,
}

/// None: rows are found by their keys.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
