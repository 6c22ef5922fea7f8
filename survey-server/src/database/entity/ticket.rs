//! Sign-in tickets, from the card listener to the main site.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ticket")]
pub struct Model {
    /// SHA-256 of the ticket.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ticket_digest: String,
    /// SHA-256 of the nonce of the browser it was issued for.
    pub browser_digest: String,
    /// Whom it signs in.
    pub participant_id: String,
    /// After this instant it is worth nothing.
    pub expires_at: i64,
    /// Whether it has been used.
    pub used: bool,
}

/// None: rows are found by their keys.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
