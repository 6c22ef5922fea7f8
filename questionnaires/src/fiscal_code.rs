//! The Italian fiscal code (codice fiscale): its form, its check character and what it says of its holder.
//! Whether a code was ever issued, and to whom, is not known here.
//!
//! Source: Decreto del Ministero delle Finanze 12 marzo 1974, n. 2227, its tables of values, and the decree of 23 December
//! 1976, n. 13813, which replaced it.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};

mod birth;
pub mod birthplace;
mod characters;
mod homocode;
mod name;
mod numeric;

pub use birth::{RegisteredSex, age_on};
pub use birthplace::{Birthplace, Place, PlaceCode};
pub use characters::Expected;
pub use homocode::{BaseForm, N_HOMOCODES};
pub use name::NameAgreement;
pub use numeric::{AnyFiscalCode, AnyFiscalCodeError, NumericCode, NumericCodeError};

use characters::{LENGTH, MONTHS, check_character, normalise};

/// A well-formed personal code with the right check character.
///
/// Two people whose data give the same code get homocodes: some of the seven digits become letters.
/// A homocode is another person's code, so it is never turned back into the digits.
///
/// The code identifies a person, so neither `Debug` nor `Display` writes it; [`FiscalCode::reveal`] does.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FiscalCode(String);

/// Why a text is not a fiscal code. It names places, never characters, so that it may be logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FiscalCodeError {
    /// Not as many characters as needed, spaces left out.
    #[error("a fiscal code has 16 characters, this one has {found}")]
    Length {
        /// Characters found.
        found: usize,
    },
    /// A character that cannot stand where it does.
    #[error("character {position} must be {expected}")]
    Character {
        /// From 1 to 16.
        position: usize,
        /// What may stand there.
        expected: Expected,
    },
    /// Characters 10 and 11 are no day of the month that character 9 names.
    #[error("characters 10 and 11 are not a day of the month in character 9")]
    Day,
    /// Character 16 does not follow from the others: one of them was probably mistyped.
    #[error("character 16, the check character, does not agree with the others")]
    CheckCharacter,
}

/// What a code is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder<'a> {
    /// The surname; for a woman the one she was born with.
    pub surname: &'a str,
    /// The first name, all of its parts.
    pub first_name: &'a str,
    /// The sex in the civil register.
    pub sex: RegisteredSex,
    /// The date of birth.
    pub birth_date: NaiveDate,
    /// The place of birth.
    pub birthplace: PlaceCode,
}

impl FiscalCode {
    /// The code that these data give, before any homocode. `None` where a name has no Latin letter.
    pub fn of(holder: &Holder<'_>) -> Option<FiscalCode> {
        let surname = name::surname_letters(&name::latin(holder.surname, name::Marks::WrittenOut)?);
        let first_name = name::first_name_letters(&name::latin(holder.first_name, name::Marks::WrittenOut)?);
        let offset = match holder.sex {
            RegisteredSex::Female => birth::FEMALE_DAY_OFFSET,
            RegisteredSex::Male => 0,
        };
        let date = holder.birth_date;
        let day = date.day() + offset;
        let year = date.year().rem_euclid(100);
        let mut first_fifteen = [0; LENGTH - 1];
        first_fifteen[..3].copy_from_slice(&surname);
        first_fifteen[3..6].copy_from_slice(&first_name);
        first_fifteen[6..8].copy_from_slice(&[b'0' + (year / 10) as u8, b'0' + (year % 10) as u8]);
        first_fifteen[8] = MONTHS[date.month0() as usize];
        first_fifteen[9..11].copy_from_slice(&[b'0' + (day / 10) as u8, b'0' + (day % 10) as u8]);
        first_fifteen[11..].copy_from_slice(holder.birthplace.as_str().as_bytes());
        Some(FiscalCode::completed(first_fifteen))
    }

    /// The code of these first fifteen characters, with its check character added.
    ///
    /// # Errors
    /// As for parsing; a text that is not fifteen characters long is reported with the length it would have had.
    pub fn with_check_character(first_fifteen: &str) -> Result<FiscalCode, FiscalCodeError> {
        let mut text = normalise(first_fifteen);
        let check = check_character(text.bytes().take(LENGTH - 1));
        text.push(char::from(check));
        text.parse()
    }

    /// The sixteen characters. Only sign-in, the identity table and the register of residents have a reason to ask.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The number at these indices, homocode letters read as digits.
    fn number(&self, indices: std::ops::Range<usize>) -> u32 {
        characters::number(&self.0.as_bytes()[indices])
    }

    /// Fifteen characters already known to be well formed, with their check character.
    fn completed(first_fifteen: [u8; LENGTH - 1]) -> FiscalCode {
        let check = check_character(first_fifteen.into_iter());
        FiscalCode(first_fifteen.into_iter().chain([check]).map(char::from).collect())
    }
}

impl FromStr for FiscalCode {
    type Err = FiscalCodeError;

    /// Reads a code as people type it: spaces anywhere and small letters are accepted.
    fn from_str(text: &str) -> Result<FiscalCode, FiscalCodeError> {
        let code = normalise(text);
        let found = code.chars().count();
        if found != LENGTH {
            return Err(FiscalCodeError::Length { found });
        }
        for (index, character) in code.chars().enumerate() {
            let expected = Expected::at(index);
            if !expected.accepts(character) {
                return Err(FiscalCodeError::Character { position: index + 1, expected });
            }
        }
        // Every accepted character is ASCII, so bytes and characters are the same from here on.
        let bytes = code.as_bytes();
        let day = birth::day_of_month(characters::number(&bytes[9..11]));
        let month = characters::month(bytes[8]).unwrap_or_default();
        if !birth::has_day(characters::number(&bytes[6..8]), month, day) {
            return Err(FiscalCodeError::Day);
        }
        if check_character(bytes[..LENGTH - 1].iter().copied()) != bytes[LENGTH - 1] {
            return Err(FiscalCodeError::CheckCharacter);
        }
        Ok(FiscalCode(code))
    }
}

impl fmt::Debug for FiscalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FiscalCode(***)")
    }
}

#[cfg(test)]
mod tests;
