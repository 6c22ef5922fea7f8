//! What a report says of a line: where, why, and whether the line counts. Never what the line holds.

use questionnaires::{
    Language,
    fiscal_code::{AnyFiscalCodeError, FiscalCodeError, NumericCodeError},
};

use super::columns::Column;
use crate::i18n::Texts;

/// A remark on a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Remark {
    /// The line, counted from 1, the names of the columns being line 1.
    pub line: u64,
    /// The column, unless it is about the whole line.
    pub column: Option<Column>,
    /// Why.
    pub reason: Reason,
}

/// Why a line is remarked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The line is longer than any line can be.
    LineTooLong,
    /// A quote does not close.
    BrokenQuote,
    /// More or fewer fields than the first line has names.
    FieldCount,
    /// The field holds a character that no text has, such as NUL.
    ControlCharacter,
    /// The field is longer than any value can be.
    ValueTooLong,
    /// A value must be there.
    Missing,
    /// The fiscal code has neither 16 characters nor 11 digits.
    CodeLength,
    /// A character of the fiscal code, or its day, cannot be what it is.
    CodeForm,
    /// The check character or digit does not agree with the others.
    CodeCheck,
    /// Neither F nor M.
    Sex,
    /// Not a date.
    BirthDateForm,
    /// In the future, or too long ago for somebody alive.
    BirthDateImpossible,
    /// The fiscal code stood in an earlier line.
    Repeated,
    /// The sex is not that of the fiscal code.
    SexDisagrees,
    /// The date of birth is not that of the fiscal code.
    BirthDateDisagrees,
    /// The surname does not give the letters of the fiscal code.
    SurnameDisagrees,
    /// The first name does not give the letters of the fiscal code.
    FirstNameDisagrees,
    /// The list of places does not know the place of birth in the fiscal code.
    BirthplaceUnknown,
}

impl Reason {
    /// All of them.
    pub const ALL: [Reason; 18] = [
        Reason::LineTooLong,
        Reason::BrokenQuote,
        Reason::FieldCount,
        Reason::ControlCharacter,
        Reason::ValueTooLong,
        Reason::Missing,
        Reason::CodeLength,
        Reason::CodeForm,
        Reason::CodeCheck,
        Reason::Sex,
        Reason::BirthDateForm,
        Reason::BirthDateImpossible,
        Reason::Repeated,
        Reason::SexDisagrees,
        Reason::BirthDateDisagrees,
        Reason::SurnameDisagrees,
        Reason::FirstNameDisagrees,
        Reason::BirthplaceUnknown,
    ];

    /// Whether the line is left out. The others are remarks on lines that count: a register corrects a sex or a date while
    /// the code stays as it was issued, and the register is believed.
    pub fn rejects(self) -> bool {
        !self.is_disagreement() && self != Reason::BirthplaceUnknown
    }

    /// Whether the register and the fiscal code tell different things.
    pub fn is_disagreement(self) -> bool {
        matches!(
            self,
            Reason::SexDisagrees | Reason::BirthDateDisagrees | Reason::SurnameDisagrees | Reason::FirstNameDisagrees
        )
    }

    /// The stem of its text: `register-reason-<stem>`.
    pub fn stem(self) -> &'static str {
        match self {
            Reason::LineTooLong => "line-too-long",
            Reason::BrokenQuote => "broken-quote",
            Reason::FieldCount => "field-count",
            Reason::ControlCharacter => "control-character",
            Reason::ValueTooLong => "value-too-long",
            Reason::Missing => "missing",
            Reason::CodeLength => "code-length",
            Reason::CodeForm => "code-form",
            Reason::CodeCheck => "code-check",
            Reason::Sex => "sex",
            Reason::BirthDateForm => "birth-date-form",
            Reason::BirthDateImpossible => "birth-date-impossible",
            Reason::Repeated => "repeated",
            Reason::SexDisagrees => "sex-disagrees",
            Reason::BirthDateDisagrees => "birth-date-disagrees",
            Reason::SurnameDisagrees => "surname-disagrees",
            Reason::FirstNameDisagrees => "first-name-disagrees",
            Reason::BirthplaceUnknown => "birthplace-unknown",
        }
    }

    /// The reason in words.
    pub fn text(self, language: Language) -> String {
        Texts::new(language).text(&format!("register-reason-{}", self.stem()))
    }
}

impl From<AnyFiscalCodeError> for Reason {
    fn from(error: AnyFiscalCodeError) -> Reason {
        use AnyFiscalCodeError::{Numeric, Personal};
        match error {
            Personal(FiscalCodeError::Length { .. }) | Numeric(NumericCodeError::Length { .. }) => Reason::CodeLength,
            Personal(FiscalCodeError::CheckCharacter) | Numeric(NumericCodeError::CheckDigit) => Reason::CodeCheck,
            Personal(_) | Numeric(_) => Reason::CodeForm,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::is_translated;

    #[test]
    fn every_reason_has_its_words() {
        for reason in Reason::ALL {
            assert!(is_translated(&format!("register-reason-{}", reason.stem())), "{reason:?}");
        }
    }
}
