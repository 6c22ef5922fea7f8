//! Who is signed in.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    /// SHA-256 of the token in the browser's cookie.
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_digest: String,
    /// Who.
    pub participant_id: String,
    /// When it began.
    pub created_at: i64,
    /// When it was last used.
    pub last_used_at: i64,
}

/// None: rows are found by their keys.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
