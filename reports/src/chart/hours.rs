//! A plot over the hours of the day: 144 slots from 04:00 to the right, values upwards.

use std::ops::Range;

use questionnaires::slot::{SLOTS_PER_DAY, Slot};

use crate::chart::frame::Size;
use crate::palette::{GRID, INK};
use crate::scene::{Anchor, Point, Scene};

/// Room that the labels of the hours take below a plot.
pub const HOURS_ROOM: f64 = 24.0;

/// The frame of a plot and the values that its floor and ceiling stand for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plot {
    /// Left edge.
    pub left: f64,
    /// Right edge.
    pub right: f64,
    /// Top edge.
    pub top: f64,
    /// Bottom edge.
    pub bottom: f64,
    /// Value at the bottom.
    pub low: f64,
    /// Value at the top.
    pub high: f64,
}

impl Plot {
    /// The place of a time, in slots since 04:00.
    pub fn x(&self, slots: f64) -> f64 {
        self.left + slots / SLOTS_PER_DAY as f64 * (self.right - self.left)
    }

    /// The place of a value; one beyond an edge lies on it.
    pub fn y(&self, value: f64) -> f64 {
        let share = (value.clamp(self.low, self.high) - self.low) / (self.high - self.low);
        self.bottom - share * (self.bottom - self.top)
    }

    /// The outline of a curve over `run`: its value at each slot's middle, carried on to the ends of the run.
    pub fn outline(&self, run: Range<usize>, value: impl Fn(usize) -> f64) -> Vec<Point> {
        let first = (self.x(run.start as f64), self.y(value(run.start)));
        let last = (self.x(run.end as f64), self.y(value(run.end - 1)));
        let middles = run.map(|slot| (self.x(slot as f64 + 0.5), self.y(value(slot))));
        std::iter::once(first).chain(middles).chain([last]).collect()
    }

    /// Marks the hours below the plot.
    pub fn draw_hours(&self, scene: &mut Scene, size: Size) {
        let style = size.quiet();
        let hours = if size == Size::Narrow { 4 } else { 2 };
        for slot in (0..=SLOTS_PER_DAY).step_by(hours * 6) {
            let x = self.x(slot as f64);
            scene.line((x, self.bottom), (x, self.bottom + 5.0), INK, 1.0);
            let label = Slot::new(slot).map(|slot| slot.to_string()).unwrap_or_default();
            let half = style.width(&label) / 2.0;
            let centre = x.clamp(2.0 + half, size.width() - 2.0 - half);
            scene.write((centre, self.bottom + 19.0), Anchor::Middle, style, label);
        }
    }

    /// Marks every `step` from the floor to the ceiling, with a line across the plot where `across`.
    pub fn draw_levels(&self, scene: &mut Scene, size: Size, step: f64, across: bool, label: impl Fn(f64) -> String) {
        let style = size.quiet();
        let apart = (style.size + 2.0) / (self.y(self.low) - self.y(self.low + step)).max(1e-9);
        // Where labels would touch, every second, third … level is marked.
        let step = step * apart.ceil().max(1.0);
        let (first, last) = ((self.low / step).ceil() as i64, (self.high / step).floor() as i64);
        for value in (first..=last).map(|index| index as f64 * step) {
            let y = self.y(value);
            let right = if across { self.right } else { self.left };
            scene.line((self.left - 5.0, y), (right, y), GRID, 1.0);
            scene.write((self.left - 8.0, y + style.centre_shift()), Anchor::End, style, label(value));
        }
    }
}

/// Stretches of slots for which `shown`.
pub fn runs(n_slots: usize, shown: impl Fn(usize) -> bool) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for slot in (0..n_slots).filter(|slot| shown(*slot)) {
        match runs.last_mut() {
            Some(run) if run.end == slot => run.end = slot + 1,
            _ => runs.push(slot..slot + 1),
        }
    }
    runs
}

/// The least of 5, 10, 20, 30, 40, 50, 60, 80 and 100 that `highest` does not exceed, and the step between its marks.
pub fn percent_ceiling(highest: f64) -> (f64, f64) {
    [(5.0, 1.0), (10.0, 2.0), (20.0, 5.0), (30.0, 10.0), (40.0, 10.0), (50.0, 10.0), (60.0, 20.0), (80.0, 20.0)]
        .into_iter()
        .find(|(ceiling, _)| highest <= *ceiling)
        .unwrap_or((100.0, 25.0))
}
