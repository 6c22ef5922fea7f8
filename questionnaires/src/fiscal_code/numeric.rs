//! The numeric form, eleven digits: provisional codes of persons, and codes of organisations.
//!
//! Decree of 23 December 1976, articles 7 to 10: seven digits of a serial number, three of the office that gave it, one check digit. A
//! person gets one while the definitive code cannot be given, for six months. Nothing in the digits tells a person's from an
//! organisation's, so a numeric code by itself never identifies a citizen: whoever signs in needs the personal
//! form, which is also the only one that cards and SPID identities of persons carry. In the register of residents,
//! which lists nobody but persons, it may stand for somebody who has no other code yet.

use std::{fmt, str::FromStr};

use super::{FiscalCode, FiscalCodeError, characters};

/// Digits of a numeric code.
const LENGTH: usize = 11;

/// A numeric code with the right check digit. Like [`FiscalCode`] it prints nothing.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NumericCode(String);

/// Why a text is not a numeric code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NumericCodeError {
    /// Not as many digits as needed, spaces left out.
    #[error("a numeric fiscal code has 11 digits, this one has {found} characters")]
    Length {
        /// Characters found.
        found: usize,
    },
    /// Something that is not a digit.
    #[error("character {position} must be a digit")]
    Digit {
        /// From 1 to 11.
        position: usize,
    },
    /// The serial number is zero.
    #[error("the first seven digits are a serial number and cannot all be 0")]
    Serial,
    /// Digit 11 does not follow from the others.
    #[error("digit 11, the check digit, does not agree with the others")]
    CheckDigit,
}

impl NumericCode {
    /// The eleven digits.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The three digits of the office that gave the code.
    pub fn office(&self) -> &str {
        &self.0[7..10]
    }
}

impl FromStr for NumericCode {
    type Err = NumericCodeError;

    /// Spaces anywhere are accepted.
    fn from_str(text: &str) -> Result<NumericCode, NumericCodeError> {
        let code = characters::normalise(text);
        let found = code.chars().count();
        if found != LENGTH {
            return Err(NumericCodeError::Length { found });
        }
        if let Some(index) = code.chars().position(|character| !character.is_ascii_digit()) {
            return Err(NumericCodeError::Digit { position: index + 1 });
        }
        if code.starts_with("0000000") {
            return Err(NumericCodeError::Serial);
        }
        // The sum with its own check digit is a multiple of ten.
        if !weighted_sum(code.as_bytes()).is_multiple_of(10) {
            return Err(NumericCodeError::CheckDigit);
        }
        Ok(NumericCode(code))
    }
}

/// Digits at odd positions (counted from 1) as they are, at even ones doubled, minus nine where that exceeds nine.
fn weighted_sum(digits: &[u8]) -> u32 {
    let values = digits.iter().map(|digit| u32::from(digit.saturating_sub(b'0'))).enumerate();
    values
        .map(|(index, value)| match (index % 2, value * 2) {
            (0, _) => value,
            (_, doubled) if doubled > 9 => doubled - 9,
            (_, doubled) => doubled,
        })
        .sum()
}

impl fmt::Debug for NumericCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NumericCode(***)")
    }
}

/// A fiscal code of either form, as registers carry them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AnyFiscalCode {
    /// Sixteen characters: a person.
    Personal(FiscalCode),
    /// Eleven digits: an organisation, or a person provisionally.
    Numeric(NumericCode),
}

/// Why a text is neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AnyFiscalCodeError {
    /// It is no personal code, and does not look like a numeric one.
    #[error(transparent)]
    Personal(#[from] FiscalCodeError),
    /// It begins with a digit and is no numeric code.
    #[error(transparent)]
    Numeric(#[from] NumericCodeError),
}

impl AnyFiscalCode {
    /// The characters.
    pub fn reveal(&self) -> &str {
        match self {
            AnyFiscalCode::Personal(code) => code.reveal(),
            AnyFiscalCode::Numeric(code) => code.reveal(),
        }
    }

    /// The code, if it may identify a citizen who signs in: only the personal form may.
    pub fn identifying(&self) -> Option<&FiscalCode> {
        match self {
            AnyFiscalCode::Personal(code) => Some(code),
            AnyFiscalCode::Numeric(_) => None,
        }
    }
}

impl FromStr for AnyFiscalCode {
    type Err = AnyFiscalCodeError;

    /// A text that begins with a digit is read as a numeric code, any other as a personal one.
    fn from_str(text: &str) -> Result<AnyFiscalCode, AnyFiscalCodeError> {
        if text.trim_start().starts_with(|first: char| first.is_ascii_digit()) {
            Ok(AnyFiscalCode::Numeric(text.parse()?))
        } else {
            Ok(AnyFiscalCode::Personal(text.parse()?))
        }
    }
}
