//! Sign-ins that browsers began with other sites.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "federation_attempt")]
pub struct Model {
    /// SHA-256 of the state that travels with the browser.
    #[sea_orm(primary_key, auto_increment = false)]
    pub state_digest: String,
    /// SHA-256 of the secret in a cookie of the browser that began.
    pub browser_digest: String,
    /// The name of the provider in the configuration.
    pub provider: String,
    /// The provider that was asked, by its identifier.
    pub issuer: String,
    /// After this instant it is worth nothing.
    pub expires_at: i64,
}

/// None: rows are found by their keys.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
