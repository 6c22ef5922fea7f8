//! Dates, instants and durations as people read them.

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use crate::{clock::italian_time, i18n::Texts};

/// `mercoledì 18 novembre 2026`.
pub fn long_date(texts: &Texts, date: NaiveDate) -> String {
    let weekday = texts.text(&format!("date-weekday-{}", date.weekday().number_from_monday()));
    let month = texts.text(&format!("date-month-{}", date.month()));
    let (day, year) = (date.day().to_string(), date.year().to_string());
    texts.text_with(
        "date-long",
        &[("weekday", weekday.into()), ("day", day.into()), ("month", month.into()), ("year", year.into())],
    )
}

/// `mercoledì 18 novembre 2026 alle 19:47`, in Italian time.
pub fn long_instant(texts: &Texts, instant: DateTime<Utc>) -> String {
    let local = italian_time(instant);
    let date = long_date(texts, local.date());
    texts.text_with("date-instant", &[("date", date.into()), ("time", local.format("%H:%M").to_string().into())])
}

/// `mercoledì 18 novembre 2026`: the day of an instant, in Italian time.
pub fn long_day(texts: &Texts, instant: DateTime<Utc>) -> String {
    long_date(texts, italian_time(instant).date())
}

/// `2 h 51 min`, `2 h`, `51 min`.
pub fn duration(minutes: usize) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use questionnaires::Language;

    use super::*;

    #[test]
    fn dates_are_written_out_in_the_language_of_the_page() {
        let instant = "2026-11-18T23:30:00Z".parse().unwrap();
        assert_eq!(long_instant(&Texts::new(Language::It), instant), "giovedì 19 novembre 2026 alle 00:30");
        assert_eq!(long_instant(&Texts::new(Language::En), instant), "Thursday 19 November 2026 at 00:30");
    }

    #[test]
    fn durations_leave_out_what_is_zero() {
        assert_eq!([171, 120, 51, 0].map(duration), ["2 h 51 min", "2 h", "51 min", "0 min"]);
    }
}
