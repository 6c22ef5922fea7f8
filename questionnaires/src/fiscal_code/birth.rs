//! What a code says of its holder's birth: sex in the register, day, month, two digits of the year, and a date under
//! a stated rule.

use chrono::{Datelike, Months, NaiveDate};

use super::{FiscalCode, characters};

/// Added to the day of birth of a woman.
pub(super) const FEMALE_DAY_OFFSET: u32 = 40;

/// The sex in the civil register, as the day of birth encodes it. What a person declares is an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RegisteredSex {
    /// Female.
    Female,
    /// Male.
    Male,
}

impl RegisteredSex {
    /// `F` or `M`.
    pub fn code(self) -> &'static str {
        match self {
            RegisteredSex::Female => "F",
            RegisteredSex::Male => "M",
        }
    }
}

impl FiscalCode {
    /// The sex in the civil register.
    pub fn registered_sex(&self) -> RegisteredSex {
        if self.number(9..11) > FEMALE_DAY_OFFSET { RegisteredSex::Female } else { RegisteredSex::Male }
    }

    /// The month of birth, 1 to 12.
    pub fn birth_month(&self) -> u32 {
        characters::month(self.reveal().as_bytes()[8]).unwrap_or_default()
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
    /// A person over a hundred therefore comes out a century too young; the code cannot tell, and whoever must know
    /// needs a second fact, such as the date in the register ([`FiscalCode::agrees_with_birth_date`]).
    /// `None` when neither of the last two centuries has such a date (29 February).
    pub fn birth_date(&self, as_of: NaiveDate) -> Option<NaiveDate> {
        self.birth_dates(as_of).next()
    }

    /// Every date of birth that the code leaves open, not after `as_of`, the latest first: one in each of the last two
    /// hundred years, where the calendar has it.
    pub fn birth_dates(&self, as_of: NaiveDate) -> impl Iterator<Item = NaiveDate> + use<> {
        let (year, month, day) = (self.birth_year_of_century() as i32, self.birth_month(), self.birth_day());
        let century = as_of.year() - as_of.year().rem_euclid(100);
        // To the day: by years alone, somebody of that same year, born later in it, would be left out.
        let earliest = as_of.checked_sub_months(Months::new(200 * 12));
        [century, century - 100, century - 200]
            .into_iter()
            .filter_map(move |century| NaiveDate::from_ymd_opt(century + year, month, day))
            .filter(move |date| *date <= as_of && earliest.is_none_or(|earliest| *date > earliest))
            .take(2)
    }

    /// Whether somebody born on `date` could have this code: a date from another source settles the century.
    pub fn agrees_with_birth_date(&self, date: NaiveDate) -> bool {
        date.year().rem_euclid(100) == self.birth_year_of_century() as i32
            && date.month() == self.birth_month()
            && date.day() == self.birth_day()
    }
}

/// Whole years completed on `as_of` by somebody born on `birth`; somebody born on 29 February completes a year on
/// 1 March of a common year. Zero before birth.
pub fn age_on(birth: NaiveDate, as_of: NaiveDate) -> u32 {
    as_of.years_since(birth).unwrap_or_default()
}

/// The day of the month of the two digits of a code.
pub(super) fn day_of_month(encoded: u32) -> u32 {
    if encoded > FEMALE_DAY_OFFSET { encoded - FEMALE_DAY_OFFSET } else { encoded }
}

/// Whether some century has this date. A 29 February needs a leap year; `00` has one in 2000.
pub(super) fn has_day(year_of_century: u32, month: u32, day: u32) -> bool {
    NaiveDate::from_ymd_opt(2000 + year_of_century as i32, month, day).is_some()
}
