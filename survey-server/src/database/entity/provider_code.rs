//! Codes that portals exchange for tokens.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provider_code")]
pub struct Model {
    /// SHA-256 of the code.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code_digest: String,
    /// The portal.
    pub client_id: String,
    /// Where it was sent.
    pub redirect_uri: String,
    /// SHA-256 of the secret that must come with it (PKCE).
    pub challenge: String,
    /// What the portal wants to find in its token.
    pub nonce: Option<String>,
    /// Who signed in.
    pub participant_id: String,
    /// In which session.
    pub session_id: String,
    /// When.
    pub signed_in_at: i64,
    /// How surely.
    pub acr: String,
    /// Whether the portal receives the fiscal code.
    pub fiscal_code: bool,
    /// After this instant it is worth nothing.
    pub expires_at: i64,
    /// Whether it has been used.
    pub used: bool,
}

/// None: rows are found by their keys.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
