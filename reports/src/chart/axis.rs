//! A horizontal axis: where a value lies, and round hours, minutes or percentages to mark it by.

use crate::chart::frame::Size;
use crate::chart::rows::Rows;
use crate::number;
use crate::palette::GRID;
use crate::scene::{Anchor, Scene};
use crate::text::Texts;

/// In what the values of an axis are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Measure {
    /// Minutes, told as hours and minutes.
    #[default]
    Minutes,
    /// Percent.
    Percent,
}

impl Measure {
    /// Distances between marks, the narrowest first.
    fn steps(self) -> &'static [f64] {
        match self {
            Measure::Minutes => &STEPS,
            Measure::Percent => &PERCENT_STEPS,
        }
    }

    /// What an empty axis reaches to.
    fn usual(self) -> f64 {
        match self {
            Measure::Minutes => 60.0,
            Measure::Percent => 10.0,
        }
    }

    /// A round value as an axis says it.
    pub fn label(self, value: f64, texts: &Texts) -> String {
        match self {
            Measure::Minutes if value == 0.0 => "0".to_owned(),
            Measure::Minutes => number::duration(value, texts),
            Measure::Percent => format!("{:.0}%", if value == 0.0 { 0.0 } else { value }),
        }
    }

    /// The narrowest step of which `n` or fewer reach from `low` to `high`.
    pub fn step(self, low: f64, high: f64, n: f64) -> f64 {
        let steps = self.steps();
        steps.iter().copied().find(|step| (high - low) / step <= n).unwrap_or(steps[steps.len() - 1])
    }
}

/// Steps between marks, in percent.
const PERCENT_STEPS: [f64; 7] = [1.0, 2.0, 5.0, 10.0, 20.0, 25.0, 50.0];
/// Steps between marks, in minutes: parts and multiples of the hour.
const STEPS: [f64; 14] = [1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 180.0, 240.0, 360.0, 480.0, 720.0, 1440.0];

/// Maps values to places between `left` and `right`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Axis {
    /// What is told.
    pub measure: Measure,
    /// Value at the left end.
    pub low: f64,
    /// Value at the right end.
    pub high: f64,
    /// Place of the left end, pixels.
    pub left: f64,
    /// Place of the right end, pixels.
    pub right: f64,
}

impl Axis {
    /// An axis that holds all of `values` and zero. Without any other value it holds an hour, or ten percent.
    pub fn around(measure: Measure, values: impl Iterator<Item = f64>, left: f64, right: f64) -> Axis {
        let (mut low, mut high) =
            values.fold((0.0_f64, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
        if high - low < 1.0 {
            (low, high) = (low.min(0.0), high + measure.usual());
        }
        Axis { measure, low, high, left, right }
    }

    /// The place of `value`.
    pub fn x(&self, value: f64) -> f64 {
        self.left + (value - self.low) / (self.high - self.low) * (self.right - self.left)
    }

    /// Round values whose labels stand clear of one another.
    fn marks(&self, size: Size, texts: &Texts) -> Vec<(f64, String)> {
        let marks = |step: f64| {
            let first = (self.low / step).ceil() as i64;
            let last = (self.high / step).floor() as i64;
            (first..=last).map(move |index| index as f64 * step).map(|value| (value, self.measure.label(value, texts)))
        };
        let clear = |step: f64| {
            let room = step / (self.high - self.low) * (self.right - self.left) - 14.0;
            room > 24.0 && marks(step).all(|(_, label)| size.quiet().width(&label) <= room)
        };
        let steps = self.measure.steps();
        let step = steps.iter().copied().find(|step| clear(*step)).unwrap_or(steps[steps.len() - 1]);
        marks(step).collect()
    }

    /// Draws the grid across `rows` and the labels below; returns where these end.
    pub fn draw(&self, scene: &mut Scene, rows: &Rows, size: Size, texts: &Texts) -> f64 {
        for (value, label) in self.marks(size, texts) {
            let x = self.x(value);
            for (top, bottom) in &rows.spans {
                scene.line((x, *top), (x, *bottom), GRID, 1.0);
            }
            // A label at an end of the axis may be wider than the margin beside it.
            let half = size.quiet().width(&label) / 2.0;
            let centre = x.clamp(size.margin() + half, size.width() - size.margin() - half);
            scene.write((centre, rows.bottom + 16.0), Anchor::Middle, size.quiet(), label);
        }
        rows.bottom + 20.0
    }
}
