//! Releases on their way from a plan to a public edition. What they hold lies in the folder of releases.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "release")]
pub struct Model {
    /// Random.
    #[sea_orm(primary_key, auto_increment = false)]
    pub release_id: String,
    /// The survey it is of.
    pub survey_id: String,
    /// How the office calls it.
    pub title: String,
    /// How far it is.
    pub state: String,
    /// The officer who made it.
    pub made_by: String,
    /// When.
    pub made_at: i64,
    /// When its state last changed.
    pub changed_at: i64,
    /// The process that works on it, by its number and when it began.
    pub process: Option<String>,
    /// Why the last run made nothing, in words.
    pub message: Option<String>,
    /// Who asked for approval.
    pub submitted_by: Option<String>,
    /// When.
    pub submitted_at: Option<i64>,
    /// Who approved or returned it.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<i64>,
    /// Why it was returned or withdrawn.
    pub reason: Option<String>,
    /// The edition's number, once it was approved.
    pub number: Option<i32>,
    /// The hour at which the edition comes out.
    pub embargo: Option<i64>,
}

/// None: rows are found by their keys.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
