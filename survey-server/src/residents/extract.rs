//! An extract of the population register, read line by line: any bytes come out as residents or as remarks with a line
//! number, never as a failure half-way. The database is not known here.

mod columns;
mod fields;
mod lines;
mod remark;
#[cfg(test)]
mod tests;

use std::{
    borrow::Cow,
    collections::HashSet,
    io::{self, Read, Seek},
};

use chrono::{Datelike, NaiveDate};
use questionnaires::fiscal_code::{AnyFiscalCode, Birthplace, FiscalCode, NameAgreement, RegisteredSex};

use columns::Header;
pub use columns::{Column, HeaderError};
pub use lines::Encoding;
use lines::{Line, Lines};
pub use remark::{Reason, Remark};

use super::resident::Resident;

/// The longest zone, household or name, in characters.
const LONGEST_VALUE: usize = 64;
/// Nobody alive was born longer ago, in years. The oldest person known lived 122.
const OLDEST: i32 = 125;

/// Why an extract cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum ExtractError {
    /// The file cannot be read.
    #[error("the extract cannot be read: {0}")]
    File(#[from] io::Error),
    /// Its first line does not name the columns.
    #[error(transparent)]
    Header(#[from] HeaderError),
}

/// An extract being read.
pub struct Extract<R> {
    /// How it writes letters.
    pub encoding: Encoding,
    header: Header,
    lines: Lines<R>,
    /// The dates are judged at this day.
    today: NaiveDate,
    /// The codes seen, filled up with zeros.
    seen: HashSet<[u8; 16]>,
    remarks: Vec<Remark>,
}

/// What a line gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// Somebody.
    Resident(Resident),
    /// Nobody; a remark says why.
    Rejected,
}

impl<R: Read + Seek> Extract<R> {
    /// Looks at the encoding and reads the first line.
    pub fn open(mut file: R, today: NaiveDate) -> Result<Extract<R>, ExtractError> {
        let encoding = Encoding::detect(&mut file)?;
        let mut lines = Lines::new(file, encoding);
        let header = match lines.next()? {
            None => return Err(HeaderError::Empty.into()),
            Some((_, Line::TooLong)) => return Err(HeaderError::Unreadable.into()),
            Some((_, Line::Text(text))) => Header::read(&text)?,
        };
        Ok(Extract { encoding, header, lines, today, seen: HashSet::new(), remarks: Vec::new() })
    }
}

impl<R: Read> Extract<R> {
    /// What divides fields.
    pub fn separator(&self) -> char {
        self.header.separator
    }

    /// The names of columns that are not read.
    pub fn ignored_columns(&self) -> &[String] {
        &self.header.ignored
    }

    /// The next line that is not blank; its remarks are then in [`Extract::take_remarks`]. `None` at the end.
    ///
    /// # Errors
    /// Only when the file cannot be read.
    pub fn next_entry(&mut self) -> io::Result<Option<Entry>> {
        loop {
            let Some((number, line)) = self.lines.next()? else { return Ok(None) };
            let text = match line {
                Line::TooLong => return Ok(Some(self.reject(number, None, Reason::LineTooLong))),
                Line::Text(text) if text.trim().is_empty() => continue,
                Line::Text(text) => text,
            };
            let read = self.resident(number, &text);
            return Ok(Some(match read {
                Ok(resident) => Entry::Resident(resident),
                Err((column, reason)) => self.reject(number, column, reason),
            }));
        }
    }

    /// The remarks since this was last called.
    pub fn take_remarks(&mut self) -> Vec<Remark> {
        std::mem::take(&mut self.remarks)
    }

    fn reject(&mut self, line: u64, column: Option<Column>, reason: Reason) -> Entry {
        self.remarks.push(Remark { line, column, reason });
        Entry::Rejected
    }

    fn resident(&mut self, line: u64, text: &str) -> Result<Resident, (Option<Column>, Reason)> {
        let fields = fields::split(text, self.header.separator).map_err(|_| (None, Reason::BrokenQuote))?;
        if fields.len() != self.header.n_fields {
            return Err((None, Reason::FieldCount));
        }
        let code = self.required(&fields, Column::FiscalCode)?;
        let code: AnyFiscalCode = code.parse().map_err(|error| (Some(Column::FiscalCode), Reason::from(error)))?;
        let sex = self.required(&fields, Column::Sex)?;
        let sex = sex_of(sex).ok_or((Some(Column::Sex), Reason::Sex))?;
        let birth_date = self.required(&fields, Column::BirthDate)?;
        let birth_date = date_of(birth_date).ok_or((Some(Column::BirthDate), Reason::BirthDateForm))?;
        if birth_date > self.today || birth_date.year() < self.today.year() - OLDEST {
            return Err((Some(Column::BirthDate), Reason::BirthDateImpossible));
        }
        let zone = self.optional(&fields, Column::Zone)?.map(str::to_owned);
        // Who has no household is one alone: the code, which nobody else has, stands for it.
        let household = self.optional(&fields, Column::Household)?.unwrap_or(code.reveal()).to_owned();
        let is_reference = self.optional(&fields, Column::Relation)?.is_some_and(names_reference_person);
        let names = (self.optional(&fields, Column::Surname)?, self.optional(&fields, Column::FirstName)?);
        if !self.seen.insert(packed(&code)) {
            return Err((Some(Column::FiscalCode), Reason::Repeated));
        }
        if let AnyFiscalCode::Personal(code) = &code {
            let found = disagreements(code, sex, birth_date, names);
            self.remarks.extend(found.map(|(column, reason)| Remark { line, column: Some(column), reason }));
        }
        Ok(Resident { code, sex, birth_date, zone, household, is_reference })
    }

    fn required<'a>(&self, fields: &'a [Cow<'_, str>], column: Column) -> Result<&'a str, (Option<Column>, Reason)> {
        self.optional(fields, column)?.ok_or((Some(column), Reason::Missing))
    }

    /// The value of a column; `None` when it is blank or the file has no such column.
    fn optional<'a>(
        &self,
        fields: &'a [Cow<'_, str>],
        column: Column,
    ) -> Result<Option<&'a str>, (Option<Column>, Reason)> {
        let Some(value) = self.header.position(column).and_then(|position| fields.get(position)) else {
            return Ok(None);
        };
        if value.contains(char::is_control) {
            return Err((Some(column), Reason::ControlCharacter));
        }
        if value.len() > LONGEST_VALUE && value.chars().count() > LONGEST_VALUE {
            return Err((Some(column), Reason::ValueTooLong));
        }
        Ok(Some(value.as_ref()).filter(|value| !value.is_empty()))
    }
}

/// The characters of a code, of which there are at most sixteen.
fn packed(code: &AnyFiscalCode) -> [u8; 16] {
    let mut packed = [0; 16];
    for (slot, byte) in packed.iter_mut().zip(code.reveal().bytes()) {
        *slot = byte;
    }
    packed
}

/// What the register and the code tell differently.
fn disagreements(
    code: &FiscalCode,
    sex: RegisteredSex,
    birth_date: NaiveDate,
    (surname, first_name): (Option<&str>, Option<&str>),
) -> impl Iterator<Item = (Column, Reason)> {
    let differs = |agreement: Option<NameAgreement>| agreement == Some(NameAgreement::Differs);
    [
        (code.registered_sex() != sex, Column::Sex, Reason::SexDisagrees),
        (!code.agrees_with_birth_date(birth_date), Column::BirthDate, Reason::BirthDateDisagrees),
        (differs(surname.map(|surname| code.agrees_with_surname(surname))), Column::Surname, Reason::SurnameDisagrees),
        (
            differs(first_name.map(|name| code.agrees_with_first_name(name))),
            Column::FirstName,
            Reason::FirstNameDisagrees,
        ),
        (code.birthplace(birth_date) == Birthplace::Unknown, Column::FiscalCode, Reason::BirthplaceUnknown),
    ]
    .into_iter()
    .filter(|(is_so, ..)| *is_so)
    .map(|(_, column, reason)| (column, reason))
}

fn sex_of(text: &str) -> Option<RegisteredSex> {
    match text.to_lowercase().as_str() {
        "f" | "femmina" | "donna" | "femminile" | "female" => Some(RegisteredSex::Female),
        "m" | "maschio" | "uomo" | "maschile" | "male" => Some(RegisteredSex::Male),
        _ => None,
    }
}

/// A date as registers write it: `1980-01-31`, `31/01/1980`, `31-01-1980`, `31.01.1980` or `19800131`, an hour after it
/// left aside.
fn date_of(text: &str) -> Option<NaiveDate> {
    let text = text.split([' ', 'T']).next()?;
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    let (year, month, day) = match parts.as_slice() {
        [year, month, day] if year.len() == 4 => (*year, *month, *day),
        [day, month, year] if year.len() == 4 => (*year, *month, *day),
        [whole] if whole.len() == 8 && whole.is_ascii() => (&whole[..4], &whole[4..6], &whole[6..]),
        _ => return None,
    };
    if ![year, month, day].iter().all(|part| part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// Whether a relation is that of the household's reference person: ANPR's code 1, or its name.
fn names_reference_person(relation: &str) -> bool {
    matches!(
        relation.to_lowercase().as_str(),
        "1" | "01"
            | "is"
            | "intestatario"
            | "intestataria"
            | "intestatario scheda"
            | "capofamiglia"
            | "reference person"
    )
}
