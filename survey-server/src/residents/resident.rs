//! Somebody in the register, and the text that is sealed of them.

use chrono::NaiveDate;
use questionnaires::fiscal_code::{AnyFiscalCode, RegisteredSex, age_on};

use crate::{
    error::AppError,
    keys::{BrokenSeal, Keys},
};

/// A resident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resident {
    /// The fiscal code; numeric while the register has no other.
    pub code: AnyFiscalCode,
    /// The sex in the register.
    pub sex: RegisteredSex,
    /// The date of birth.
    pub birth_date: NaiveDate,
    /// The zone of the city, where the register knows it.
    pub zone: Option<String>,
    /// The household.
    pub household: String,
    /// Whether it is the household's reference person.
    pub is_reference: bool,
}

/// Divides the fields of a sealed record; the extract takes no control characters.
const DIVIDER: char = '\u{1f}';
/// The form of the record.
const VERSION: &str = "1";

impl Resident {
    /// Completed years on `as_of`.
    pub fn age_on(&self, as_of: NaiveDate) -> u32 {
        age_on(self.birth_date, as_of)
    }

    /// The record to be sealed.
    pub(super) fn to_record(&self) -> String {
        let date = self.birth_date.to_string();
        let zone = self.zone.as_deref().unwrap_or_default();
        let is_reference = if self.is_reference { "1" } else { "0" };
        [VERSION, self.code.reveal(), self.sex.code(), &date, zone, &self.household, is_reference]
            .join(&DIVIDER.to_string())
    }

    /// Reads a record back.
    pub(super) fn from_record(record: &str) -> Result<Resident, AppError> {
        let broken = || AppError::StoredData("a resident who does not read back".to_owned());
        let fields: Vec<&str> = record.split(DIVIDER).collect();
        let [VERSION, code, sex, birth_date, zone, household, is_reference] = fields[..] else { return Err(broken()) };
        Ok(Resident {
            code: code.parse().map_err(|_| broken())?,
            sex: match sex {
                "F" => RegisteredSex::Female,
                "M" => RegisteredSex::Male,
                _ => return Err(broken()),
            },
            birth_date: birth_date.parse().map_err(|_| broken())?,
            zone: Some(zone.to_owned()).filter(|zone| !zone.is_empty()),
            household: household.to_owned(),
            is_reference: is_reference == "1",
        })
    }

    /// The digest that the resident is found by: that of the identity table.
    pub(super) fn digest(&self, keys: &Keys) -> String {
        keys.fiscal_code_digest(self.code.reveal())
    }

    /// Opens the sealed record of the row with this digest.
    pub(super) fn open(keys: &Keys, digest: &str, sealed: &str) -> Result<Resident, AppError> {
        let record = keys.register().open(&place(digest), sealed).map_err(|BrokenSeal| AppError::from(BrokenSeal))?;
        Resident::from_record(&record)
    }
}

/// The row that a resident's record is bound to.
pub(super) fn place(digest: &str) -> String {
    format!("resident:{digest}")
}
