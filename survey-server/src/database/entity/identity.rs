//! Who a participant is. The only table that knows a fiscal code, and only digested and sealed.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "identity")]
pub struct Model {
    /// Random 128 bits in hexadecimal: the only name everything else knows.
    #[sea_orm(primary_key, auto_increment = false)]
    pub participant_id: String,
    /// HMAC-SHA256 of the fiscal code, by which a person is found again at the next sign-in.
    #[sea_orm(unique)]
    pub fiscal_code_digest: String,
    /// The fiscal code, encrypted.
    pub fiscal_code_sealed: String,
    /// When the person first signed in.
    pub created_at: i64,
}

/// None: rows are found by their keys.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
