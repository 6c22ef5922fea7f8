//! One line of the file: a respondent and the minutes of the day. Columns and codes are those of the
//! "ATUS 2003-2015 Multi-Year Activity Summary File" and "Respondent File" data dictionaries (BLS).

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use csv::{ByteRecord, StringRecord};
use questionnaires::DayKind;
use questionnaires::slot::MINUTES_PER_DAY;

use super::ImportError;
use crate::snapshot::{Sex, sha256};

/// Where each column is.
#[derive(Debug)]
pub(super) struct Fields {
    case_id: usize,
    weight: usize,
    age: usize,
    sex: usize,
    labour_force: usize,
    diary_date: usize,
    diary_day: usize,
    /// Column and six-digit code.
    activities: Vec<(usize, String)>,
    has_uncodable_tier: bool,
}

/// What a line says.
#[derive(Debug)]
pub(super) struct Respondent {
    /// The pseudonym: a hash, so that the order of ids tells nothing.
    pub id: String,
    pub case_id: String,
    pub weight: f64,
    pub age: i64,
    pub sex: Sex,
    pub work_status: Option<&'static str>,
    /// As in the file: 20150129.
    pub diary_date: i64,
    pub day_kind: DayKind,
    /// Place of the code among the file's, and minutes above zero.
    pub minutes: Vec<(usize, u16)>,
    /// Minutes that no column holds.
    pub uncoded: u16,
}

impl Fields {
    /// Finds the columns in the header line, in whatever case they are written.
    pub fn find(path: &Path, header: &StringRecord) -> Result<Fields, ImportError> {
        let find = |name: &str| {
            let missing = || ImportError::MissingColumn { path: path.to_owned(), column: name.to_owned() };
            header.iter().position(|column| column.trim().eq_ignore_ascii_case(name)).ok_or_else(missing)
        };
        let activities: Vec<(usize, String)> = header
            .iter()
            .enumerate()
            .filter_map(|(column, name)| Some((column, activity_code(name)?.to_owned())))
            .collect();
        if activities.is_empty() {
            return Err(ImportError::MissingColumn { path: path.to_owned(), column: "t010101".to_owned() });
        }
        Ok(Fields {
            case_id: find("TUCASEID")?,
            weight: find("TUFNWGTP")?,
            age: find("TEAGE")?,
            sex: find("TESEX")?,
            labour_force: find("TELFS")?,
            diary_date: find("TUDIARYDATE")?,
            diary_day: find("TUDIARYDAY")?,
            has_uncodable_tier: activities.iter().any(|(_, code)| code.starts_with("50")),
            activities,
        })
    }

    /// The six-digit codes that have a column.
    pub fn activity_codes(&self) -> Vec<String> {
        self.activities.iter().map(|(_, code)| code.clone()).collect()
    }

    /// Reads a line.
    pub fn respondent(&self, path: &Path, line: u64, record: &ByteRecord) -> Result<Respondent, ImportError> {
        let line = Line { path, line, record };
        let case_id = line.text(self.case_id);
        if case_id.is_empty() {
            return Err(line.field(self.case_id, "TUCASEID", "a respondent's number"));
        }
        let (minutes, uncoded) = self.minutes(&line)?;
        Ok(Respondent {
            id: sha256(format!("atus {case_id}").as_bytes())[..20].to_owned(),
            case_id: case_id.into_owned(),
            weight: line.parse(self.weight, "TUFNWGTP", "a weight of zero or more", |weight: &f64| {
                weight.is_finite() && *weight >= 0.0
            })?,
            age: line.parse(self.age, "TEAGE", "an age in years", |age| (15..=120).contains(age))?,
            sex: match line.text(self.sex).as_ref() {
                "1" => Sex::Male,
                "2" => Sex::Female,
                _ => return Err(line.field(self.sex, "TESEX", "1 (man) or 2 (woman)")),
            },
            work_status: match line.text(self.labour_force).as_ref() {
                "1" | "2" => Some("employed"),
                "3" | "4" => Some("unemployed"),
                // Not in the labour force: the file does not tell students, homemakers and pensioners apart.
                "5" => None,
                _ => return Err(line.field(self.labour_force, "TELFS", "a labour force status from 1 to 5")),
            },
            diary_date: line.parse(self.diary_date, "TUDIARYDATE", "a date such as 20150129", |date: &i64| {
                (19_000_101..=99_991_231).contains(date)
                    && (1..=12).contains(&(date / 100 % 100))
                    && (1..=31).contains(&(date % 100))
            })?,
            day_kind: match line.text(self.diary_day).as_ref() {
                "1" => DayKind::Sunday,
                "7" => DayKind::Saturday,
                "2" | "3" | "4" | "5" | "6" => DayKind::Weekday,
                _ => {
                    let expected = "a day of the week from 1 (Sunday) to 7 (Saturday)";
                    return Err(line.field(self.diary_day, "TUDIARYDAY", expected));
                }
            },
            minutes,
            uncoded,
        })
    }

    /// Minutes by code, and those left over.
    fn minutes(&self, line: &Line<'_>) -> Result<(Vec<(usize, u16)>, u16), ImportError> {
        let mut minutes = Vec::new();
        let mut sum = 0_usize;
        for (place, (column, code)) in self.activities.iter().enumerate() {
            if &line.record[*column] == b"0" {
                continue;
            }
            let expected = "a number of minutes from 0 to 1440";
            let value: u16 =
                line.parse(*column, &format!("t{code}"), expected, |minutes| usize::from(*minutes) <= MINUTES_PER_DAY)?;
            sum += usize::from(value);
            if value > 0 {
                minutes.push((place, value));
            }
        }
        let may_fall_short = !self.has_uncodable_tier;
        if sum > MINUTES_PER_DAY || (sum < MINUTES_PER_DAY && !may_fall_short) {
            let message = format!("the minutes of all activities sum to {sum} instead of {MINUTES_PER_DAY}");
            return Err(ImportError::Line { path: line.path.to_owned(), line: line.line, message });
        }
        Ok((minutes, (MINUTES_PER_DAY - sum) as u16))
    }
}

/// `010101` of a column named `t010101`.
fn activity_code(column: &str) -> Option<&str> {
    let code = column.trim().strip_prefix(['t', 'T'])?;
    (code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit())).then_some(code)
}

struct Line<'a> {
    path: &'a Path,
    line: u64,
    record: &'a ByteRecord,
}

impl Line<'_> {
    fn text(&self, column: usize) -> Cow<'_, str> {
        String::from_utf8_lossy(self.record[column].trim_ascii())
    }

    fn parse<T: FromStr>(
        &self,
        column: usize,
        name: &str,
        expected: &'static str,
        is_valid: impl Fn(&T) -> bool,
    ) -> Result<T, ImportError> {
        let value = self.text(column).parse().ok().filter(|value| is_valid(value));
        value.ok_or_else(|| self.field(column, name, expected))
    }

    fn field(&self, column: usize, name: &str, expected: &'static str) -> ImportError {
        ImportError::Field {
            path: PathBuf::from(self.path),
            line: self.line,
            column: name.to_owned(),
            value: self.text(column).into_owned(),
            expected,
        }
    }
}
