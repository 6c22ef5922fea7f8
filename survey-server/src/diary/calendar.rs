//! Which days a person may tell: one weekday and one day of the weekend, among the last seven that are over.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use questionnaires::{DayKind, slot::FIRST_HOUR};

use crate::clock::italian_time;

/// How far back memory is trusted, in days.
const N_RECENT_DAYS: i64 = 7;

/// What kind of day is asked for. Each person tells one of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum DayType {
    /// Monday to Friday.
    Weekday,
    /// Saturday or Sunday.
    Weekend,
}

impl DayType {
    pub(crate) const ALL: [DayType; 2] = [DayType::Weekday, DayType::Weekend];

    pub(crate) fn of(date: NaiveDate) -> DayType {
        match DayKind::of(date) {
            DayKind::Weekday => DayType::Weekday,
            DayKind::Saturday | DayKind::Sunday => DayType::Weekend,
        }
    }

    /// The day type that a key names.
    pub(crate) fn from_key(key: &str) -> Option<DayType> {
        DayType::ALL.into_iter().find(|day_type| day_type.key() == key)
    }

    /// The end of its text keys, and of the names of answers about a day of this type.
    pub(crate) fn key(self) -> &'static str {
        match self {
            DayType::Weekday => "weekday",
            DayType::Weekend => "weekend",
        }
    }
}

/// The days that may be begun at `now`, the latest first: those that ended, at 04:00 of the next morning in
/// Italian time, within the last seven.
pub(crate) fn choosable_days(now: DateTime<Utc>) -> Vec<NaiveDate> {
    let running = (italian_time(now) - Duration::hours(FIRST_HOUR as i64)).date();
    (1..=N_RECENT_DAYS).map(|days| running - Duration::days(days)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn latest(now: &str) -> String {
        choosable_days(now.parse().unwrap())[0].to_string()
    }

    #[test]
    fn a_day_may_be_told_once_it_is_over_at_four_in_the_morning() {
        assert_eq!(latest("2026-11-22T02:59:00Z"), "2026-11-20", "03:59 in Italy: Saturday is not over");
        assert_eq!(latest("2026-11-22T03:00:00Z"), "2026-11-21", "04:00 in Italy");
        assert_eq!(latest("2026-07-22T02:00:00Z"), "2026-07-21", "04:00 in Italian summer");
    }

    #[test]
    fn there_is_always_a_day_of_each_type() {
        for day in 1..=14 {
            let now = format!("2026-11-{day:02}T12:00:00Z").parse().unwrap();
            for day_type in DayType::ALL {
                assert!(choosable_days(now).into_iter().any(|date| DayType::of(date) == day_type));
            }
        }
    }
}
