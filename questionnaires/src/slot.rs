//! The diary day's clock: 144 slots of ten minutes from 04:00, spans of slots, and kinds of day.

use std::fmt;

use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

/// Slots in a diary day (HETUS 2018: 144 of ten minutes).
pub const SLOTS_PER_DAY: usize = 144;
/// Minutes in a slot.
pub const MINUTES_PER_SLOT: usize = 10;
/// Minutes in a day.
pub const MINUTES_PER_DAY: usize = SLOTS_PER_DAY * MINUTES_PER_SLOT;
/// The hour at which a diary day begins.
pub const FIRST_HOUR: usize = 4;

/// A boundary of the day's grid: 0 is 04:00, 143 is 03:50 of the next morning, 144 the end at 04:00.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Slot(u8);

impl Slot {
    /// 04:00, where the day begins.
    pub const START: Slot = Slot(0);
    /// 04:00 of the next morning, where the day ends.
    pub const END: Slot = Slot(SLOTS_PER_DAY as u8);

    /// The boundary `index` slots after 04:00, up to and including 144.
    pub fn new(index: usize) -> Option<Slot> {
        (index <= SLOTS_PER_DAY).then_some(Slot(index as u8))
    }

    /// Slots since 04:00, 0 to 144.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    /// The start of the slot that a clock time such as `07:30` names, and whether the clock fell on
    /// the grid. Times before 04:00 belong to the following night; `04:00` is the beginning.
    pub fn from_clock(clock: &str) -> Option<Slot> {
        let (hours, minutes) = clock.split_once(':')?;
        let digits = |text: &str| {
            (text.len() <= 2 && !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()))
                .then(|| text.parse::<usize>().ok())
                .flatten()
        };
        let (hours, minutes) = (digits(hours)?, digits(minutes)?);
        if hours > 23 || minutes > 59 || minutes % MINUTES_PER_SLOT != 0 {
            return None;
        }
        let since_midnight = hours * 60 + minutes;
        let since_start = (since_midnight + MINUTES_PER_DAY - FIRST_HOUR * 60) % MINUTES_PER_DAY;
        Slot::new(since_start / MINUTES_PER_SLOT)
    }
}

impl fmt::Display for Slot {
    /// The clock time, `HH:MM`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let minutes = (self.index() * MINUTES_PER_SLOT + FIRST_HOUR * 60) % MINUTES_PER_DAY;
        write!(f, "{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

/// A non-empty run of slots, half open: `start` is in, `end` is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Span {
    start: Slot,
    end: Slot,
}

impl Span {
    /// The whole day.
    pub const DAY: Span = Span { start: Slot::START, end: Slot::END };

    /// From `start` to `end`; `None` when that is empty or runs backwards.
    pub fn new(start: Slot, end: Slot) -> Option<Span> {
        (start < end).then_some(Span { start, end })
    }

    /// From two clock times. An end of `04:00` is the end of the day.
    pub fn from_clock(start: &str, end: &str) -> Option<Span> {
        let end = match Slot::from_clock(end)? {
            Slot::START => Slot::END,
            slot => slot,
        };
        Span::new(Slot::from_clock(start)?, end)
    }

    /// The first slot.
    pub fn start(self) -> Slot {
        self.start
    }

    /// The boundary after the last slot.
    pub fn end(self) -> Slot {
        self.end
    }

    /// Slot indices, for slicing a timeline.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start.index()..self.end.index()
    }

    /// Length in minutes.
    pub fn minutes(self) -> usize {
        self.range().len() * MINUTES_PER_SLOT
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}–{}", self.start, self.end)
    }
}

/// The kinds of day that an average week balances 5 : 1 : 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DayKind {
    /// Monday to Friday.
    Weekday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

impl DayKind {
    /// All kinds, in the order of the week.
    pub const ALL: [DayKind; 3] = [DayKind::Weekday, DayKind::Saturday, DayKind::Sunday];

    /// The kind of the day that begins at 04:00 on `date`.
    pub fn of(date: NaiveDate) -> DayKind {
        match date.weekday() {
            Weekday::Sat => DayKind::Saturday,
            Weekday::Sun => DayKind::Sunday,
            _ => DayKind::Weekday,
        }
    }

    /// Days of this kind in a week.
    pub fn days_per_week(self) -> usize {
        match self {
            DayKind::Weekday => 5,
            DayKind::Saturday | DayKind::Sunday => 1,
        }
    }

    /// The code in files: `weekday`, `saturday`, `sunday`.
    pub fn code(self) -> &'static str {
        match self {
            DayKind::Weekday => "weekday",
            DayKind::Saturday => "saturday",
            DayKind::Sunday => "sunday",
        }
    }

    /// The kind with this code.
    pub fn from_code(code: &str) -> Option<DayKind> {
        DayKind::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_boundary_reads_back_from_its_clock_time() {
        for index in 0..SLOTS_PER_DAY {
            let slot = Slot::new(index).expect("inside the day");
            assert_eq!(Slot::from_clock(&slot.to_string()), Some(slot));
        }
        assert_eq!(Slot::END.to_string(), "04:00");
        assert_eq!(Slot::new(SLOTS_PER_DAY + 1), None);
    }

    #[test]
    fn clock_times_off_the_grid_are_refused() {
        for clock in ["", "7", "7:5", "24:00", "12:60", "12:05", "-1:00", "+7:00", "07:30:00", "0730", "٠٧:٣٠"] {
            assert_eq!(Slot::from_clock(clock), None, "{clock}");
        }
        assert_eq!(Slot::from_clock("7:30"), Slot::from_clock("07:30"));
    }

    #[test]
    fn a_span_may_cross_midnight_and_end_with_the_day_but_not_run_backwards() {
        let night = Span::from_clock("23:00", "04:00").expect("until the end of the day");
        assert_eq!((night.minutes(), night.end()), (300, Slot::END));
        assert_eq!(Span::from_clock("04:00", "04:00"), Some(Span::DAY));
        assert_eq!(Span::from_clock("08:00", "08:00"), None);
        assert_eq!(Span::from_clock("03:00", "05:00"), None, "the day ends in between");
    }

    #[test]
    fn a_week_has_five_weekdays() {
        let monday = NaiveDate::from_ymd_opt(2026, 11, 16).expect("a date");
        let kinds = monday.iter_days().take(7).map(DayKind::of);
        let counts = DayKind::ALL.map(|kind| kinds.clone().filter(|other| *other == kind).count());
        assert_eq!(counts, DayKind::ALL.map(DayKind::days_per_week));
    }
}
