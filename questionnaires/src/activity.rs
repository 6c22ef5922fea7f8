//! The Activity Coding List of HETUS 2018: a tree of codes with labels per language.
//! Source: Eurostat, HETUS 2018 guidelines; levels 1 and 2 official, level 3 a public transcription
//! (`data/acl2018.csv`, 10 / 32 / 116 codes). The Italian and Arabic labels are Tempi's working translations.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::text::Label;

/// A code of the coding list, such as `384`. Only codes of the list exist as values.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ActivityCode {
    digits: [u8; 3],
    length: u8,
}

/// The text is not a code of the Activity Coding List.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a code of the Activity Coding List 2018")]
pub struct UnknownActivity(pub String);

impl ActivityCode {
    /// Other unspecified time use (999): the person does not remember, or does not say.
    pub const UNSPECIFIED: ActivityCode = ActivityCode { digits: *b"999", length: 3 };

    /// The code as text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.digits[..usize::from(self.length)]).unwrap_or_default()
    }

    /// 1 for the ten main groups, 2 for the 32 groups below them, 3 for the 116 activities.
    pub fn level(self) -> u8 {
        self.activity().level
    }

    /// This code's ancestor (or itself) at `level`. The list's main group 9 has no level 2:
    /// its activities answer `9` there.
    pub fn at_level(self, level: u8) -> ActivityCode {
        let mut code = self;
        while code.level() > level {
            match code.activity().parent {
                Some(parent) => code = parent,
                None => break,
            }
        }
        code
    }

    /// Whether it is a journey: 900 to 980.
    pub fn is_travel(self) -> bool {
        self.length == 3 && self.digits[0] == b'9' && self.digits[..2] != *b"99"
    }

    /// Whether it says nothing of what was done: 998 and 999.
    pub fn is_unspecified_time(self) -> bool {
        matches!(self.as_str(), "998" | "999")
    }

    /// What the list says of this code.
    pub fn activity(self) -> &'static Activity {
        // A code cannot be made without being in the list.
        &LIST.by_code[&self]
    }

    /// The code's label.
    pub fn label(self) -> &'static Label {
        &self.activity().label
    }

    fn unchecked(text: &str) -> Option<ActivityCode> {
        let bytes = text.as_bytes();
        if bytes.is_empty() || bytes.len() > 3 || !bytes.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let mut digits = [0; 3];
        digits[..bytes.len()].copy_from_slice(bytes);
        Some(ActivityCode { digits, length: bytes.len() as u8 })
    }
}

impl FromStr for ActivityCode {
    type Err = UnknownActivity;
    fn from_str(text: &str) -> Result<ActivityCode, UnknownActivity> {
        ActivityCode::unchecked(text)
            .filter(|code| LIST.by_code.contains_key(code))
            .ok_or_else(|| UnknownActivity(text.to_owned()))
    }
}

impl TryFrom<String> for ActivityCode {
    type Error = UnknownActivity;
    fn try_from(text: String) -> Result<ActivityCode, UnknownActivity> {
        text.parse()
    }
}

impl From<ActivityCode> for String {
    fn from(code: ActivityCode) -> String {
        code.as_str().to_owned()
    }
}

impl fmt::Display for ActivityCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for ActivityCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ActivityCode({self})")
    }
}

/// What a person mainly did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MainActivity(pub ActivityCode);

/// What a person did at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecondaryActivity(pub ActivityCode);

/// A row of the coding list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// The code.
    pub code: ActivityCode,
    /// 1, 2 or 3.
    pub level: u8,
    /// The code above, absent at level 1.
    pub parent: Option<ActivityCode>,
    /// The label in every language.
    pub label: Label,
}

/// The whole list, in its own order (a group before its members).
pub fn all() -> &'static [Activity] {
    &LIST.rows
}

/// The codes of one level, in the list's order.
pub fn at_level(level: u8) -> impl Iterator<Item = &'static Activity> {
    all().iter().filter(move |activity| activity.level == level)
}

struct List {
    rows: Vec<Activity>,
    by_code: BTreeMap<ActivityCode, Activity>,
}

static LIST: LazyLock<List> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct Row {
        code: String,
        level: u8,
        parent: String,
        label_en: String,
        label_it: String,
        label_ar: String,
    }
    let rows: Vec<Activity> = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(include_bytes!("../data/acl2018.csv").as_slice())
        .deserialize::<Row>()
        .map(|row| row.expect("the embedded coding list is well formed; a test reads it"))
        .map(|row| Activity {
            code: ActivityCode::unchecked(&row.code).expect("the embedded codes are one to three digits"),
            level: row.level,
            parent: ActivityCode::unchecked(&row.parent),
            label: Label::new(row.label_it, row.label_en).with_arabic(row.label_ar),
        })
        .collect();
    let by_code = rows.iter().map(|activity| (activity.code, activity.clone())).collect();
    List { rows, by_code }
});

#[cfg(test)]
#[path = "activity_tests.rs"]
mod tests;
