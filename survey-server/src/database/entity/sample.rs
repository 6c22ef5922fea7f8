//! A sample drawn from the register.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sample")]
pub struct Model {
    /// Random.
    #[sea_orm(primary_key, auto_increment = false)]
    pub sample_id: String,
    /// When it was drawn; ages are those of this day.
    pub drawn_at: i64,
    /// What the draws were made from.
    pub seed: String,
    /// `persons` or `households`.
    pub unit: String,
    /// The variables whose values make the strata, with commas.
    pub strata: String,
    /// `proportional`, `equal` or `given`.
    pub allocation: String,
    /// Nobody younger is in it.
    pub minimum_age: i32,
    /// Strata.
    pub n_strata: i32,
    /// Persons or households drawn.
    pub n_units: i32,
    /// Persons to be invited.
    pub n_persons: i32,
}

/// None: rows are found by their keys.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
