//! Acts that need two administrators: asked, confirmed or refused, carried out. Rows are never deleted.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "dangerous_act")]
pub struct Model {
    /// Random.
    #[sea_orm(primary_key, auto_increment = false)]
    pub act_id: String,
    /// What is to be done.
    pub kind: String,
    /// To whom or to what: a participant's pseudonym, a survey's name.
    pub subject: String,
    /// Why, in the words of whoever asked.
    pub reason: String,
    /// Who asked.
    pub asked_by: String,
    /// When.
    pub asked_at: i64,
    /// Who confirmed it.
    pub confirmed_by: Option<String>,
    /// When.
    pub confirmed_at: Option<i64>,
    /// Who refused it.
    pub refused_by: Option<String>,
    /// When.
    pub refused_at: Option<i64>,
    /// When it was carried out.
    pub executed_at: Option<i64>,
}

/// None: rows are found by their keys.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
