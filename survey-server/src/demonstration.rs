//! An invented city in the database, so that a demonstration shows the whole way from a day to a chart.
//! Who the invented people are is not decided here.

use chrono::{DateTime, Utc};
use questionnaires::{Answers, Diary, FiscalCode};

use crate::{database::Database, error::AppError, keys::Keys};

mod store;

/// An invented person: answers to every instrument, and the days handed in.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// Answers to all questionnaires together; those about a day end in the day's type, as in an export.
    pub answers: Answers,
    /// Finished days.
    pub diaries: Vec<Diary>,
}

/// What [`load`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loaded {
    /// The people were stored.
    Now {
        /// How many days they told.
        n_diaries: usize,
    },
    /// Invented people were there already; nothing was written.
    Before,
}

/// Stores invented people as if each had agreed, answered and handed in their days at `now`. Their ids tell that
/// they are invented. All of them or, on an error, none.
///
/// # Errors
/// When the database cannot be written.
pub async fn load(database: &Database, people: &[Person], now: DateTime<Utc>) -> Result<Loaded, AppError> {
    store::load(database, people, now).await
}

/// Gives the invented people that [`load`] stored identities: the first code to the first of them, and so on. A register of
/// residents that holds the codes then knows them.
///
/// # Errors
/// When the database cannot be written.
pub async fn identify(
    database: &Database,
    keys: &Keys,
    codes: &[FiscalCode],
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    store::identify(database, keys, codes, now).await
}

/// Whether invented people are in the database. Everything made from it must then say that it is synthetic.
///
/// # Errors
/// When the database cannot be read.
pub async fn holds_invented_people(database: &Database) -> Result<bool, AppError> {
    store::holds_invented_people(database).await
}
