//! Tokens by which portals ask who somebody is.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provider_token")]
pub struct Model {
    /// SHA-256 of the token.
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_digest: String,
    /// The code it was given for.
    pub code_digest: String,
    /// The portal.
    pub client_id: String,
    /// Whom it tells of.
    pub participant_id: String,
    /// Whether it tells the fiscal code.
    pub fiscal_code: bool,
    /// After this instant it is worth nothing.
    pub expires_at: i64,
}

/// None: rows are found by their keys.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
