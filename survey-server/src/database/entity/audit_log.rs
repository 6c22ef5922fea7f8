//! Who did what about whom, and when. Rows are only ever added; triggers of the database hold that too.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_log")]
pub struct Model {
    /// 1 for the first row, then without gaps.
    #[sea_orm(primary_key, auto_increment = false)]
    pub sequence: i64,
    /// When.
    pub at: i64,
    /// `citizen`, `officer` or `system`.
    pub actor_kind: String,
    /// A keyed pseudonym of the person, or the name of a part of the program.
    pub actor: String,
    /// An officer's role.
    pub actor_role: Option<String>,
    /// What.
    pub verb: String,
    /// A keyed pseudonym of whom it is about.
    pub subject: Option<String>,
    /// What else should be known.
    pub detail: String,
    /// SHA-256 over the predecessor's hash and this row.
    pub hash: String,
}

/// None: rows are found by their keys.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
