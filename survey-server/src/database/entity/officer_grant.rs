//! Who holds which role for the survey. Rows are not changed after they were revoked or ran out: they are the record.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "officer_grant")]
pub struct Model {
    /// Random.
    #[sea_orm(primary_key, auto_increment = false)]
    pub grant_id: String,
    /// Who holds it.
    pub participant_id: String,
    /// The role's name.
    pub role: String,
    /// Who the person is, as whoever granted it wrote.
    pub name: String,
    /// When it was granted.
    pub granted_at: i64,
    /// Which administrator granted it; none when it was the command line.
    pub granted_by: Option<String>,
    /// When it ends by itself.
    pub expires_at: i64,
    /// When it was taken back.
    pub revoked_at: Option<i64>,
    /// Which administrator took it back; none when it was the command line.
    pub revoked_by: Option<String>,
}

/// None: rows are found by their keys.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
