//! An operator who helps somebody, while it lasts. What is kept for good is in the audit log.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "assistance")]
pub struct Model {
    /// Random.
    #[sea_orm(primary_key, auto_increment = false)]
    pub assistance_id: String,
    /// Who helps.
    pub operator_id: String,
    /// Who is helped; nobody until the code of the counter is typed in.
    pub participant_id: Option<String>,
    /// `assisted`, `telephone` or `paper`.
    pub mode: String,
    /// The keyed digest of the code of the counter, until it is used.
    pub code_digest: Option<String>,
    /// When it began.
    pub began_at: i64,
    /// When it ends by itself.
    pub expires_at: i64,
    /// What was told before and stays hidden from the operator, sealed.
    pub hidden: String,
}

/// None: rows are found by their keys.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
