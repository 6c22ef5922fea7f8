//! A diary on paper, by the number printed on it instead of a name.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "paper_form")]
pub struct Model {
    /// A keyed digest of the number.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number_digest: String,
    /// Whose.
    pub participant_id: String,
    /// When it was made.
    pub made_at: i64,
}

/// None: rows are found by their keys.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
