//! The time, passed in: nothing else in this package reads a clock.

use std::sync::Arc;

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveDateTime, Utc, Weekday};

/// Something that knows what time it is.
pub trait Clock: Send + Sync + 'static {
    /// The present instant.
    fn now(&self) -> DateTime<Utc>;
}

/// A clock shared by all workers.
pub type SharedClock = Arc<dyn Clock>;

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// The wall-clock time in Italy at `instant`: UTC+1, and UTC+2 from 01:00 UTC of the last Sunday of
/// March to 01:00 UTC of the last Sunday of October (Directive 2000/84/EC).
pub fn italian_time(instant: DateTime<Utc>) -> NaiveDateTime {
    let utc = instant.naive_utc();
    let summer = last_sunday_at_one(utc.year(), 3)
        .zip(last_sunday_at_one(utc.year(), 10))
        .is_some_and(|(start, end)| utc >= start && utc < end);
    utc + Duration::hours(if summer { 2 } else { 1 })
}

/// The instant at which `date` is over in Italy.
pub fn end_of_day(date: NaiveDate) -> Option<DateTime<Utc>> {
    instant_of(date.succ_opt()?.and_hms_opt(0, 0, 0)?)
}

/// The instant at which clocks in Italy show `local`: the first of two where they are put back, none where they are put
/// forward over it.
pub fn instant_of(local: NaiveDateTime) -> Option<DateTime<Utc>> {
    [2, 1].into_iter().map(|hours| (local - Duration::hours(hours)).and_utc()).find(|utc| italian_time(*utc) == local)
}

fn last_sunday_at_one(year: i32, month: u32) -> Option<NaiveDateTime> {
    let last = NaiveDate::from_ymd_opt(year, month, 31)?;
    let days_since_sunday = i64::from(last.weekday().days_since(Weekday::Sun));
    (last - Duration::days(days_since_sunday)).and_hms_opt(1, 0, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(utc: &str, expected: &str) {
        let instant: DateTime<Utc> = utc.parse().unwrap();
        assert_eq!(italian_time(instant).format("%Y-%m-%d %H:%M").to_string(), expected);
    }

    /// Expected values from the tz database, zone Europe/Rome (`TZ=Europe/Rome date -d ...`).
    #[test]
    fn italian_time_changes_on_the_last_sundays_of_march_and_october() {
        check("2026-03-29T00:59:00Z", "2026-03-29 01:59");
        check("2026-03-29T01:00:00Z", "2026-03-29 03:00");
        check("2026-10-25T00:59:00Z", "2026-10-25 02:59");
        check("2026-10-25T01:00:00Z", "2026-10-25 02:00");
        check("2026-12-31T23:30:00Z", "2027-01-01 00:30");
        check("2024-03-31T01:00:00Z", "2024-03-31 03:00");
    }

    #[test]
    fn an_hour_that_clocks_skip_is_no_instant() {
        let instant = |local: &str| instant_of(local.parse().unwrap()).map(|instant| instant.to_rfc3339());
        assert_eq!(instant("2026-11-27T10:00:00").as_deref(), Some("2026-11-27T09:00:00+00:00"));
        assert_eq!(instant("2026-03-29T02:30:00"), None);
        assert_eq!(instant("2026-10-25T02:30:00").as_deref(), Some("2026-10-25T00:30:00+00:00"));
    }

    #[test]
    fn a_day_ends_at_italian_midnight() {
        for (date, expected) in [
            ("2026-12-31", "2026-12-31T23:00:00Z"),
            ("2026-07-31", "2026-07-31T22:00:00Z"),
            // The days on which the clocks change.
            ("2026-03-29", "2026-03-29T22:00:00Z"),
            ("2026-10-25", "2026-10-25T23:00:00Z"),
        ] {
            assert_eq!(end_of_day(date.parse().unwrap()), Some(expected.parse().unwrap()), "{date}");
        }
    }
}
