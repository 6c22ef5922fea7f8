//! What people agreed that other portals receive.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provider_agreement")]
pub struct Model {
    /// Who agreed.
    #[sea_orm(primary_key, auto_increment = false)]
    pub participant_id: String,
    /// The portal.
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_id: String,
    /// What it receives.
    pub claims: String,
    /// When.
    pub given_at: i64,
}

/// None: rows are found by their keys.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
