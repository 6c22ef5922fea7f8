//! Which days a person may tell: one weekday and one day of the weekend, among the last seven that are over; and the one
//! that is running, up to the present, which is handed in when it is over.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use questionnaires::{
    DayKind, Slot,
    slot::{FIRST_HOUR, MINUTES_PER_SLOT},
};

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
    let running = running_day(now);
    (1..=N_RECENT_DAYS).map(|days| running - Duration::days(days)).collect()
}

/// The day that is running at `now`: it may be told as it goes.
pub(crate) fn running_day(now: DateTime<Utc>) -> NaiveDate {
    (italian_time(now) - Duration::hours(FIRST_HOUR as i64)).date()
}

/// Whether a day may be begun at `now`.
pub(crate) fn may_begin(date: NaiveDate, now: DateTime<Utc>) -> bool {
    date == running_day(now) || choosable_days(now).contains(&date)
}

/// Whether a day may be handed in at `now`.
pub(crate) fn is_over(date: NaiveDate, now: DateTime<Utc>) -> bool {
    date < running_day(now)
}

/// Up to where a day may be told at `now`: its end when it is over, else the end of the slot that is running. Nobody tells the future.
pub(crate) fn told_until(date: NaiveDate, now: DateTime<Utc>) -> Slot {
    let Some(start) = date.and_hms_opt(FIRST_HOUR as u32, 0, 0) else { return Slot::START };
    let minutes = (italian_time(now) - start).num_minutes();
    let slots = usize::try_from(minutes).map_or(0, |minutes| minutes / MINUTES_PER_SLOT + 1);
    Slot::new(slots).unwrap_or(Slot::END)
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
    fn the_running_day_is_told_up_to_the_present_and_no_further() {
        let until = |date: &str, now: &str| told_until(date.parse().unwrap(), now.parse().unwrap()).to_string();
        assert_eq!(until("2026-11-22", "2026-11-22T03:00:00Z"), "04:10", "the first slot has begun");
        assert_eq!(until("2026-11-22", "2026-11-22T10:40:59Z"), "11:50", "11:40 in Italy");
        assert_eq!(told_until("2026-11-21".parse().unwrap(), "2026-11-22T10:40:00Z".parse().unwrap()), Slot::END);
        assert_eq!(told_until("2026-11-23".parse().unwrap(), "2026-11-22T10:40:00Z".parse().unwrap()), Slot::START);
    }

    #[test]
    fn a_running_day_is_begun_but_not_handed_in() {
        let now = "2026-11-22T10:40:00Z".parse().unwrap();
        let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
        assert!(may_begin(day("2026-11-22"), now) && !is_over(day("2026-11-22"), now));
        assert!(may_begin(day("2026-11-15"), now) && is_over(day("2026-11-15"), now));
        assert!(!may_begin(day("2026-11-14"), now) && !may_begin(day("2026-11-23"), now));
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
