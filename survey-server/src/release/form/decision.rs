//! The small forms of a decision: when an edition comes out, why a release is returned.

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, NaiveTime, Utc};

use super::{Wrong, field};
use crate::{
    clock::{instant_of, italian_time},
    confirmation::{REASON_LENGTH, names_somebody},
    web::form::Fields,
};

/// The furthest hour of an edition, in days.
const FURTHEST: i64 = 366;

/// An hour in Italy, as it was typed.
pub(super) fn read_hour(date: Option<&str>, time: Option<&str>) -> Option<DateTime<Utc>> {
    let date: NaiveDate = date?.parse().ok()?;
    let time = NaiveTime::parse_from_str(time?, "%H:%M").ok()?;
    instant_of(NaiveDateTime::new(date, time))
}

/// The hour at which an approved edition comes out, as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::release) struct TypedHour {
    pub(in crate::release) date: String,
    pub(in crate::release) time: String,
}

impl TypedHour {
    pub(in crate::release) fn of(fields: &Fields) -> TypedHour {
        let text = |name| fields.text(name).unwrap_or_default().to_owned();
        TypedHour { date: text(field::DATE), time: text(field::TIME) }
    }

    /// Ten in the morning of the next day.
    pub(in crate::release) fn usual(now: DateTime<Utc>) -> TypedHour {
        let day = italian_time(now).date().succ_opt().map(|day| day.to_string());
        TypedHour { date: day.unwrap_or_default(), time: "10:00".to_owned() }
    }

    /// The hour: to come, and not further than a year.
    pub(in crate::release) fn read(&self, now: DateTime<Utc>) -> Result<DateTime<Utc>, Vec<Wrong>> {
        match read_hour(Some(&self.date), Some(&self.time)) {
            None => Err(vec![(field::DATE, "release-wrong-hour")]),
            Some(at) if at <= now || at > now + Duration::days(FURTHEST) => {
                Err(vec![(field::DATE, "release-wrong-hour-past")])
            }
            Some(at) => Ok(at),
        }
    }
}

/// Why a release is returned.
pub(in crate::release) fn reason(text: &str) -> Result<&str, Vec<Wrong>> {
    if !REASON_LENGTH.contains(&text.chars().count()) {
        Err(vec![(field::REASON, "acts-wrong-reason")])
    } else if names_somebody(text) {
        Err(vec![(field::REASON, "acts-wrong-reason-names")])
    } else {
        Ok(text)
    }
}
