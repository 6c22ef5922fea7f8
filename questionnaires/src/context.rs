//! Where and with whom: HETUS 2018 codes of place, transport and company.
//! Source: Eurostat, HETUS 2018 guidelines (`data/context.csv`); Italian and Arabic labels are working translations.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::text::Label;

/// The text is not a code of the named field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{code}` is not a code of {field}")]
pub struct UnknownContext {
    /// `location` or `with_whom`.
    pub field: &'static str,
    /// The text that was given.
    pub code: String,
}

/// A place, or a means of transport: one field, as in HETUS. Codes 00 to 19 are places, 20 to 31 transport.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Location(u8);

impl Location {
    /// Neither place nor transport is known (code 00).
    pub const UNSPECIFIED: Location = Location(0);
    /// Home (code 11).
    pub const HOME: Location = Location(11);
    /// A second home or a holiday apartment (code 12).
    pub const HOLIDAY_HOME: Location = Location(12);
    /// A hotel, guesthouse or camping site (code 17).
    pub const HOTEL: Location = Location(17);

    /// All places and means of transport, in code order.
    pub fn all() -> impl Iterator<Item = Location> {
        CODES.locations.keys().copied().map(Location)
    }

    /// Whether the person is on the way.
    pub fn is_transport(self) -> bool {
        self.0 >= 20
    }

    /// Whether it names neither a place nor a means of transport: codes 00, 10 and 20.
    pub fn is_unspecified(self) -> bool {
        matches!(self.0, 0 | 10 | 20)
    }

    /// The code as a number.
    pub fn number(self) -> u8 {
        self.0
    }

    /// The two-digit code.
    pub fn code(self) -> String {
        format!("{:02}", self.0)
    }

    /// The label in every language.
    pub fn label(self) -> &'static Label {
        &CODES.locations[&self.0]
    }
}

impl FromStr for Location {
    type Err = UnknownContext;
    fn from_str(text: &str) -> Result<Location, UnknownContext> {
        two_digits(text)
            .filter(|code| CODES.locations.contains_key(code))
            .map(Location)
            .ok_or_else(|| UnknownContext { field: "location", code: text.to_owned() })
    }
}

impl TryFrom<String> for Location {
    type Error = UnknownContext;
    fn try_from(text: String) -> Result<Location, UnknownContext> {
        text.parse()
    }
}

impl From<Location> for String {
    fn from(location: Location) -> String {
        location.code()
    }
}

fn two_digits(text: &str) -> Option<u8> {
    (text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// Who was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Companion {
    /// Alone, also among strangers (1).
    Alone = 1,
    /// Partner (2).
    Partner,
    /// Parents (3).
    Parent,
    /// Children up to 17 years (4).
    Child,
    /// Other members of the household (5).
    OtherHousehold,
    /// Other persons known to the respondent (6).
    OtherKnown,
}

impl Companion {
    /// All, in code order.
    pub const ALL: [Companion; 6] = [
        Companion::Alone,
        Companion::Partner,
        Companion::Parent,
        Companion::Child,
        Companion::OtherHousehold,
        Companion::OtherKnown,
    ];

    /// The one-digit code.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The label in every language.
    pub fn label(self) -> &'static Label {
        &CODES.companions[&self.code()]
    }
}

/// Several companions at once; `Alone` excludes every other. The empty set means "not stated".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Companions(u8);

impl Companions {
    /// Not stated.
    pub const NOT_STATED: Companions = Companions(0);

    /// The set of these; `None` when somebody is alone and in company at once.
    pub fn new(companions: impl IntoIterator<Item = Companion>) -> Option<Companions> {
        let bits = companions.into_iter().fold(0, |bits, companion| bits | 1 << companion.code());
        let alone = 1 << Companion::Alone.code();
        (bits & alone == 0 || bits == alone).then_some(Companions(bits))
    }

    /// Whether `companion` is among them.
    pub fn contains(self, companion: Companion) -> bool {
        self.0 & 1 << companion.code() != 0
    }

    /// The set as a number: the bit of each code, counted from the lowest.
    pub fn bits(self) -> u8 {
        self.0
    }

    /// Whether nothing was stated.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Those present, in code order.
    pub fn iter(self) -> impl Iterator<Item = Companion> {
        Companion::ALL.into_iter().filter(move |companion| self.contains(*companion))
    }

    /// The codes one after another: `24` is partner and children; empty is not stated.
    pub fn code(self) -> String {
        self.iter().map(|companion| char::from(b'0' + companion.code())).collect()
    }
}

impl FromStr for Companions {
    type Err = UnknownContext;
    fn from_str(text: &str) -> Result<Companions, UnknownContext> {
        let unknown = || UnknownContext { field: "with_whom", code: text.to_owned() };
        let companions: Option<Vec<Companion>> = text
            .chars()
            .map(|c| Companion::ALL.into_iter().find(|companion| c.to_digit(10) == Some(companion.code().into())))
            .collect();
        companions.and_then(Companions::new).ok_or_else(unknown)
    }
}

impl TryFrom<String> for Companions {
    type Error = UnknownContext;
    fn try_from(text: String) -> Result<Companions, UnknownContext> {
        text.parse()
    }
}

impl From<Companions> for String {
    fn from(companions: Companions) -> String {
        companions.code()
    }
}

struct Codes {
    locations: BTreeMap<u8, Label>,
    companions: BTreeMap<u8, Label>,
}

static CODES: LazyLock<Codes> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct Row {
        field: String,
        code: u8,
        label_en: String,
        label_it: String,
        label_ar: String,
    }
    let mut codes = Codes { locations: BTreeMap::new(), companions: BTreeMap::new() };
    let mut reader =
        csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(include_bytes!("../data/context.csv").as_slice());
    for row in reader.deserialize::<Row>() {
        let row = row.expect("the embedded context codes are well formed; a test reads them");
        let table = if row.field == "with_whom" { &mut codes.companions } else { &mut codes.locations };
        table.insert(row.code, Label::new(row.label_it, row.label_en).with_arabic(row.label_ar));
    }
    codes
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Language;

    #[test]
    fn every_context_code_has_a_label_in_every_language() {
        assert_eq!((Location::all().count(), CODES.companions.len()), (17, 6));
        for language in Language::ALL {
            let locations = Location::all().map(|location| location.label().text(language));
            let companions = Companion::ALL.into_iter().map(|companion| companion.label().text(language));
            let labels: Vec<&str> = locations.chain(companions).collect();
            let unique: std::collections::BTreeSet<&str> = labels.iter().copied().collect();
            assert!(!unique.contains(""));
            assert_eq!(unique.len(), labels.len());
        }
    }

    #[test]
    fn codes_read_back_and_others_are_refused() {
        for location in Location::all() {
            assert_eq!(location.code().parse(), Ok(location));
        }
        for text in ["", "1", "12a", "99", "011", "18"] {
            assert!(text.parse::<Location>().is_err(), "{text}");
        }
        assert!("24".parse::<Location>().is_ok_and(Location::is_transport));
        assert!(!Location::HOME.is_transport());
    }

    #[test]
    fn nobody_is_alone_in_company() {
        assert_eq!(Companions::new([Companion::Alone, Companion::Child]), None);
        let family = Companions::new([Companion::Child, Companion::Partner]).expect("company");
        assert_eq!(family.code(), "24");
        assert_eq!("24".parse(), Ok(family));
        assert_eq!("".parse(), Ok(Companions::NOT_STATED));
        for text in ["12", "7", "x"] {
            assert!(text.parse::<Companions>().is_err(), "{text}");
        }
    }
}
