//! How a row may be read: as a value, or as the reason why there is none.

use analytics::table::{EstimateRow, Flag, Status};

use crate::chart::rows::Interval;
use crate::figure::source::Source;
use crate::figure::table::Cell;
use crate::number;

/// What a row says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reading {
    /// A number with its interval, and whether it is to be used with care.
    Value(Interval, Reliability),
    /// Too unreliable to show.
    Suppressed,
    /// Withheld for statistical secrecy.
    Withheld,
}

/// How far a shown value can be relied on, the better first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reliability {
    /// Flag A.
    Good,
    /// Flag E.
    Low,
}

impl Reading {
    /// Reads `row`. A value that its flag or status forbids is not read, whatever the row holds.
    pub fn of(row: &EstimateRow) -> Reading {
        match (row.status, row.flag, row.value) {
            (Status::Withheld | Status::WithheldSecondary, _, _) => Reading::Withheld,
            (_, Flag::Suppressed, _) | (_, _, None) => Reading::Suppressed,
            (Status::Published, flag, Some(value)) => {
                let interval = Interval { value, low: row.ci_low.unwrap_or(value), high: row.ci_high.unwrap_or(value) };
                Reading::Value(interval, if flag == Flag::E { Reliability::Low } else { Reliability::Good })
            }
        }
    }

    /// The number, when there is one.
    pub fn interval(self) -> Option<Interval> {
        match self {
            Reading::Value(interval, _) => Some(interval),
            Reading::Suppressed | Reading::Withheld => None,
        }
    }

    /// The number as `format` writes it, marked when it is to be used with care; or why there is none.
    pub fn words(self, source: &Source, format: impl Fn(f64) -> String) -> String {
        match self {
            Reading::Value(interval, Reliability::Good) => format(interval.value),
            Reading::Value(interval, Reliability::Low) => format!("{}\u{a0}(E)", format(interval.value)),
            Reading::Suppressed => source.texts.text("suppressed"),
            Reading::Withheld => source.texts.text("withheld"),
        }
    }

    /// The table cells of a number in minutes: value, interval, persons, reliability.
    pub fn minutes_cells(self, row: &EstimateRow, source: &Source, format: impl Fn(f64) -> String) -> [Cell; 4] {
        let texts = source.texts;
        let persons = match self {
            Reading::Withheld => Cell::words("–"),
            Reading::Value(..) | Reading::Suppressed => {
                Cell { words: number::count(row.n, texts.language()), value: Some(row.n.to_string()) }
            }
        };
        match self {
            Reading::Value(interval, reliability) => [
                Cell::number(format(interval.value), interval.value),
                Cell::words(texts.fill("from-to", &[("low", &format(interval.low)), ("high", &format(interval.high))])),
                persons,
                Cell::words(texts.text(match reliability {
                    Reliability::Good => "flag-a",
                    Reliability::Low => "flag-e",
                })),
            ],
            Reading::Suppressed => [
                Cell::words(texts.text("suppressed")),
                Cell::words("–"),
                persons,
                Cell::words(texts.text("flag-suppressed")),
            ],
            Reading::Withheld => [Cell::words(texts.text("withheld")), Cell::words("–"), persons, Cell::words("–")],
        }
    }
}
