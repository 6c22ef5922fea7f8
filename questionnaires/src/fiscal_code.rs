//! The Italian fiscal code (codice fiscale): its form, its check character and what it says of its holder.
//! Whether a code was ever issued, and to whom, is not known here.
//!
//! Source: Decreto del Ministero delle Finanze 12 marzo 1974, n. 2227, and its tables of values.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};

/// Characters of a code.
const LENGTH: usize = 16;
/// The letter of each month, January first.
const MONTHS: &[u8; 12] = b"ABCDEHLMPRST";
/// What stands for each digit in a homocode, the letter for 0 first.
const HOMOCODE_DIGITS: &[u8; 10] = b"LMNPQRSTUV";
/// Added to the day of birth of a woman.
const FEMALE_DAY_OFFSET: u32 = 40;
/// The value of `0` to `9`, which `A` to `J` share, and on to `Z`, at the odd positions (counted from 1).
const ODD_VALUES: [u32; 26] =
    [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

/// A well-formed fiscal code with the right check character.
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

/// What may stand at a position of a fiscal code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// A letter from A to Z.
    Letter,
    /// A digit, or one of the letters LMNPQRSTUV in its place.
    Digit,
    /// One of the letters of the months, ABCDEHLMPRST.
    Month,
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Expected::Letter => "a letter",
            Expected::Digit => "a digit (or one of LMNPQRSTUV in a homocode)",
            Expected::Month => "the letter of a month (one of ABCDEHLMPRST)",
        })
    }
}

/// The sex in the civil register, as the day of birth encodes it. What a person declares is an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RegisteredSex {
    /// Female.
    Female,
    /// Male.
    Male,
}

impl FiscalCode {
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

    /// The sixteen characters. Only sign-in and the identity table have a reason to ask.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The sex in the civil register.
    pub fn registered_sex(&self) -> RegisteredSex {
        if self.number(9..11) > FEMALE_DAY_OFFSET { RegisteredSex::Female } else { RegisteredSex::Male }
    }

    /// The month of birth, 1 to 12.
    pub fn birth_month(&self) -> u32 {
        month(self.0.as_bytes()[8]).unwrap_or_default()
    }

    /// The day of birth, 1 to 31.
    pub fn birth_day(&self) -> u32 {
        day_of_month(self.number(9..11))
    }

    /// The last two digits of the year of birth.
    pub fn birth_year_of_century(&self) -> u32 {
        self.number(6..8)
    }

    /// The date of birth, under this rule: the latest date with these digits that is not after `as_of`.
    /// A person over a hundred therefore comes out a century too young; the code cannot tell.
    /// `None` when neither of the last two centuries has such a date (29 February).
    pub fn birth_date(&self, as_of: NaiveDate) -> Option<NaiveDate> {
        let century = as_of.year() - as_of.year().rem_euclid(100);
        [century, century - 100]
            .into_iter()
            .filter_map(|century| {
                let year = century + self.birth_year_of_century() as i32;
                NaiveDate::from_ymd_opt(year, self.birth_month(), self.birth_day())
            })
            .find(|date| *date <= as_of)
    }

    /// The cadastral code of the municipality of birth, or of the country for people born abroad
    /// (`Z` and three digits), with homocode letters read as the digits they stand for.
    pub fn birthplace_code(&self) -> String {
        format!("{}{:03}", &self.0[11..12], self.number(12..15))
    }

    /// The number at these indices, homocode letters read as digits.
    fn number(&self, indices: std::ops::Range<usize>) -> u32 {
        number(&self.0.as_bytes()[indices])
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
            let expected = expected_at(index);
            if !expected.accepts(character) {
                return Err(FiscalCodeError::Character { position: index + 1, expected });
            }
        }
        // Every accepted character is ASCII, so bytes and characters are the same from here on.
        let bytes = code.as_bytes();
        let day = day_of_month(number(&bytes[9..11]));
        if !has_day(number(&bytes[6..8]), month(bytes[8]).unwrap_or_default(), day) {
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

impl Expected {
    fn accepts(self, character: char) -> bool {
        let Ok(byte) = u8::try_from(character) else { return false };
        match self {
            Expected::Letter => byte.is_ascii_uppercase(),
            Expected::Digit => digit(byte).is_some(),
            Expected::Month => MONTHS.contains(&byte),
        }
    }
}

fn normalise(text: &str) -> String {
    text.chars()
        .filter(|character| !character.is_whitespace())
        .map(|character| character.to_ascii_uppercase())
        .collect()
}

fn expected_at(index: usize) -> Expected {
    match index {
        6 | 7 | 9 | 10 | 12..=14 => Expected::Digit,
        8 => Expected::Month,
        _ => Expected::Letter,
    }
}

fn digit(byte: u8) -> Option<u32> {
    let homocode = || HOMOCODE_DIGITS.iter().position(|letter| *letter == byte).map(|index| index as u32);
    char::from(byte).to_digit(10).or_else(homocode)
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |number, byte| number * 10 + digit(*byte).unwrap_or_default())
}

fn month(letter: u8) -> Option<u32> {
    MONTHS.iter().position(|month| *month == letter).map(|index| index as u32 + 1)
}

fn day_of_month(encoded: u32) -> u32 {
    if encoded > FEMALE_DAY_OFFSET { encoded - FEMALE_DAY_OFFSET } else { encoded }
}

/// Whether some century has this date. A 29 February needs a leap year; `00` has one in 2000.
fn has_day(year_of_century: u32, month: u32, day: u32) -> bool {
    NaiveDate::from_ymd_opt(2000 + year_of_century as i32, month, day).is_some()
}

/// The check character of the first fifteen: the sum of their values modulo 26.
fn check_character(first_fifteen: impl Iterator<Item = u8>) -> u8 {
    let sum: u32 = first_fifteen
        .enumerate()
        .map(|(index, byte)| {
            let value = char::from(byte).to_digit(10).unwrap_or_else(|| u32::from(byte.saturating_sub(b'A')));
            // The index counts from 0: the odd positions of the decree are the even indices.
            if index % 2 == 0 { ODD_VALUES.get(value as usize).copied().unwrap_or_default() } else { value }
        })
        .sum();
    b'A' + (sum % 26) as u8
}

#[cfg(test)]
#[path = "fiscal_code_tests.rs"]
mod tests;
