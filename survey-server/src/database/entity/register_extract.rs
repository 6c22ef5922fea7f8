//! An extract of the register of residents that was imported.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "register_extract")]
pub struct Model {
    /// Grows by one with every import.
    #[sea_orm(primary_key, auto_increment = false)]
    pub extract_id: i32,
    /// `loading` while it comes in, `current` when it is the register, `replaced` when a newer one is.
    pub state: String,
    /// When the import began.
    pub imported_at: i64,
    /// Residents in it.
    pub n_residents: i32,
    /// Lines left out.
    pub n_rejected: i32,
}

/// None: rows are found by their keys.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
