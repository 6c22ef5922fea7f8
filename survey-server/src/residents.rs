//! The residents: the extract of the population register, who may take part, the samples drawn from it, the
//! known totals, and who comes from elsewhere.
//! Part of the identity plane: everything about a person is sealed, and found by the keyed digest of the fiscal code.

pub mod admission;
pub mod city_user;
pub mod extract;
mod facts;
pub mod import;
pub mod margins;
mod own;
mod resident;
pub mod sample;
pub(crate) mod store;
#[cfg(test)]
mod tests;

pub(crate) use city_user::ELSEWHERE;
pub use city_user::Relation;
pub(crate) use facts::{Facts, store::known};
pub use import::{ImportError, ImportOptions, ImportSummary, import};
pub(crate) use own::{Line, store::line};
pub use resident::Resident;
pub use store::Changes;

use chrono::{DateTime, Utc};

use questionnaires::fiscal_code::FiscalCode;

use crate::{database::Database, error::AppError, keys::Keys};

/// People in the register now; `None` where none was imported.
pub async fn n_residents(database: &Database) -> Result<Option<u64>, AppError> {
    store::n_residents(database.connection()).await
}

/// Whether somebody is in the register of residents; `None` where none was imported.
pub(crate) async fn is_resident(database: &Database, keys: &Keys, code: &FiscalCode) -> Result<Option<bool>, AppError> {
    let found = store::look_up(database, keys, &keys.fiscal_code_digest(code.reveal())).await?;
    Ok(found.map(|resident| resident.is_some()))
}

/// When the register in use was imported; `None` where none was.
pub async fn imported_at(database: &Database) -> Result<Option<DateTime<Utc>>, AppError> {
    store::imported_at(database.connection()).await
}

/// Removes the register of residents. A sample drawn from it stays, with what the export needs of its people.
pub async fn forget(database: &Database, now: DateTime<Utc>) -> Result<(), AppError> {
    store::forget(database, now).await
}

/// The age group of the published tables; `0-9` below them.
fn age_group(age: u32) -> &'static str {
    match age {
        0..=9 => "0-9",
        10..=14 => "10-14",
        15..=24 => "15-24",
        25..=44 => "25-44",
        45..=64 => "45-64",
        65.. => "65+",
    }
}
