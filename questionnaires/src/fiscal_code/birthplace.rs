//! Where somebody was born: the municipality or state of a code, at the date of birth.
//!
//! A cadastral code outlives names and borders: it is looked up together with the date. The list (`data/birthplaces.csv`
//! tells where it is from) knows municipalities since 1861, living and suppressed, and states. It ages: new municipalities
//! get new codes every January, so an unknown code is no proof of a false one.

use std::{fmt, str::FromStr, sync::LazyLock};

use chrono::NaiveDate;

use super::{FiscalCode, characters::as_digit};

/// The code of a place of birth: a letter and three digits, `Z` for a state.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceCode([u8; 4]);

/// The text is no code of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a place of birth is a letter and three digits, such as L219")]
pub struct PlaceCodeError;

impl PlaceCode {
    /// The four characters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Whether it is a state's.
    pub fn is_abroad(self) -> bool {
        self.0[0] == b'Z'
    }

    /// Every place that has had this code, in the order of time. Empty when the list does not know the code.
    pub fn places(self) -> &'static [Place] {
        let first = LIST.partition_point(|place| place.code < self);
        let n_places = LIST[first..].partition_point(|place| place.code == self);
        &LIST[first..first + n_places]
    }

    /// The place that this code named on `date`.
    ///
    /// People born before their municipality existed, or between a suppression and a return, have the code all the same
    /// (the Agenzia gives the code of the place as it is or was): they get the nearest in time, told apart.
    pub fn on(self, date: NaiveDate) -> Birthplace {
        let places = self.places();
        if let Some(place) = places.iter().find(|place| place.existed_on(date)) {
            return Birthplace::Existing(place);
        }
        match places.iter().min_by_key(|place| place.days_away(date)) {
            Some(place) => Birthplace::AtAnotherTime(place),
            None => Birthplace::Unknown,
        }
    }
}

impl FromStr for PlaceCode {
    type Err = PlaceCodeError;
    fn from_str(text: &str) -> Result<PlaceCode, PlaceCodeError> {
        let code: [u8; 4] = text.as_bytes().try_into().map_err(|_| PlaceCodeError)?;
        let is_code = code[0].is_ascii_uppercase() && code[1..].iter().all(u8::is_ascii_digit);
        if is_code { Ok(PlaceCode(code)) } else { Err(PlaceCodeError) }
    }
}

impl fmt::Display for PlaceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for PlaceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PlaceCode({self})")
    }
}

/// A municipality or state under one name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Its code.
    pub code: PlaceCode,
    /// Its name in those days.
    pub name: &'static str,
    /// The first day, where the list knows one.
    pub from: Option<NaiveDate>,
    /// The last day, unless it exists.
    pub until: Option<NaiveDate>,
}

impl Place {
    /// Whether it existed on `date`.
    pub fn existed_on(&self, date: NaiveDate) -> bool {
        self.days_away(date) == 0
    }

    /// How far `date` is outside its days; 0 within.
    fn days_away(&self, date: NaiveDate) -> i64 {
        let early = self.from.map_or(0, |from| (from - date).num_days());
        let late = self.until.map_or(0, |until| (date - until).num_days());
        early.max(late).max(0)
    }
}

/// What the list says of a code and a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Birthplace {
    /// The place existed on that day.
    Existing(&'static Place),
    /// The code is a place's, but not on that day; the nearest in time, the earlier of two as near.
    AtAnotherTime(&'static Place),
    /// The list does not know the code.
    Unknown,
}

impl Birthplace {
    /// The place, however sure.
    pub fn place(self) -> Option<&'static Place> {
        match self {
            Birthplace::Existing(place) | Birthplace::AtAnotherTime(place) => Some(place),
            Birthplace::Unknown => None,
        }
    }
}

impl FiscalCode {
    /// The code of the municipality of birth, or of the state for people born abroad (`Z` and three digits), with
    /// homocode letters read as the digits they stand for.
    pub fn birthplace_code(&self) -> PlaceCode {
        let mut code = [0; 4];
        code.copy_from_slice(&self.reveal().as_bytes()[11..15]);
        PlaceCode([code[0], as_digit(code[1]), as_digit(code[2]), as_digit(code[3])])
    }

    /// The place of birth on the day of birth, which the caller knows or has taken from [`FiscalCode::birth_date`].
    pub fn birthplace(&self, birth_date: NaiveDate) -> Birthplace {
        self.birthplace_code().on(birth_date)
    }
}

/// Every place, sorted by code and then by time.
pub fn all() -> &'static [Place] {
    &LIST
}

static LIST: LazyLock<Vec<Place>> = LazyLock::new(|| {
    let lines = include_str!("../../data/birthplaces.csv").lines().filter(|line| !line.starts_with('#')).skip(1);
    let mut places: Vec<Place> = Vec::new();
    // Whether the last place ends on the eve of the next one of its code.
    let mut is_open = false;
    for line in lines {
        let mut fields = line.splitn(4, ',');
        let mut field = || fields.next().unwrap_or_default();
        let (code, from, until, name) = (field(), field(), field(), field());
        let code = code.parse().ok().or_else(|| places.last().map(|place| place.code));
        let from = NaiveDate::parse_from_str(from, "%Y%m%d").ok();
        if let (true, Some(last)) = (is_open, places.last_mut()) {
            last.until = from.and_then(|from| from.pred_opt());
        }
        is_open = until.is_empty();
        let until = NaiveDate::parse_from_str(until, "%Y%m%d").ok();
        places.extend(code.map(|code| Place { code, name, from, until }));
    }
    places
});
