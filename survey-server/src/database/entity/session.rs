//! Who is signed in.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    /// SHA-256 of the token in the browser's cookie.
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_digest: String,
    /// Random: by this its owner names it, since the token's digest is shown to nobody.
    #[sea_orm(unique)]
    pub session_id: String,
    /// Who.
    pub participant_id: String,
    /// When it began.
    pub created_at: i64,
    /// When it was last used.
    pub last_used_at: i64,
    /// By which means it was begun: `card`, `federated`, `simulated`.
    pub means: String,
    /// Which provider vouched for a federated sign-in.
    pub provider: Option<String>,
    /// The level of a federated sign-in, from 1 to 3.
    pub level: Option<i16>,
    /// The browser's family.
    pub browser: String,
    /// The kind of device.
    pub device: String,
    /// In which the person is helped, or helps.
    pub assistance_id: Option<String>,
}

/// None: rows are found by their keys.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
