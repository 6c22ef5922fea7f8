//! A pyramid: women to the left, men to the right, a row for each age.

use crate::chart::axis::{Axis, Measure};
use crate::chart::frame::Size;
use crate::chart::rows::{self, Interval, MARK_HEIGHT, TEXT_GAP};
use crate::palette::{GRID, INK, MEN, WOMEN};
use crate::scene::{Anchor, Channel, Scene, TextStyle};
use crate::text::Texts;

/// Two bars per row, from the middle outwards.
#[derive(Debug, Clone, PartialEq)]
pub struct Pyramid {
    /// The rows, from the top.
    pub rows: Vec<PyramidRow>,
    /// What the left side is.
    pub women: String,
    /// What the right side is.
    pub men: String,
    /// What the bars measure.
    pub measure: Measure,
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct PyramidRow {
    /// What it is about, such as an age group.
    pub label: String,
    /// Women's number.
    pub women: Side,
    /// Men's number.
    pub men: Side,
}

/// One bar: the number, when it may be shown, and what is written beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct Side {
    /// The number.
    pub value: Option<Interval>,
    /// The number in words, or why there is none.
    pub text: String,
}

impl Pyramid {
    /// Draws below `top`; returns the bottom.
    pub fn draw(&self, scene: &mut Scene, top: f64, size: Size, texts: &Texts) -> f64 {
        let (body, strong, quiet) = (size.body(), size.strong(), size.quiet());
        let most = if size == Size::Narrow { 84.0 } else { 180.0 };
        let widest = self.rows.iter().map(|row| body.width(&row.label)).fold(0.0, f64::max);
        let column = widest.ceil().min(most) + 20.0;
        let (left, right, middle) = (size.margin(), size.width() - size.margin(), size.width() / 2.0);
        let inner = [middle - column / 2.0, middle + column / 2.0];
        for (label, color, place, anchor, x) in
            [(&self.women, WOMEN, 1, Anchor::End, inner[0]), (&self.men, MEN, 2, Anchor::Start, inner[1])]
        {
            scene.key(color, label.as_str(), Channel::Place(place));
            scene.write((x, top + 15.0), anchor, TextStyle { color, ..strong }, label.as_str());
        }
        let sides = || self.rows.iter().flat_map(|row| [&row.women, &row.men]);
        let room = sides().filter(|side| side.value.is_some()).map(|side| strong.width(&side.text));
        let room = room.fold(0.0, f64::max) + TEXT_GAP;
        let ends = sides().filter_map(|side| side.value).flat_map(|value| [value.value, value.high]);
        let axis = Axis::around(self.measure, ends, inner[1], right - room);
        // The same lengths to the left, from the column outwards.
        let mirrored = Axis { low: -axis.high, high: 0.0, left: left + room, right: inner[0], ..axis };
        let mut y = top + 30.0;
        let first = y;
        let mut centres = Vec::new();
        for row in &self.rows {
            let lines = body.wrap_within(&row.label, column - 20.0, size.label_lines());
            let text_height = lines.len() as f64 * body.line_height();
            let height = (text_height + 8.0).max(36.0);
            let mut text = y + (height - text_height) / 2.0;
            for line in lines {
                let baseline = text + body.line_height() / 2.0 + body.centre_shift();
                scene.write((middle, baseline), Anchor::Middle, body, line);
                text += body.line_height();
            }
            centres.push(y + height / 2.0);
            y += height;
        }
        self.draw_grid(scene, &axis, &mirrored, (first, y), size, texts);
        for (row, centre) in self.rows.iter().zip(centres) {
            let half = MARK_HEIGHT / 2.0;
            for (side, color, outwards, axis) in [(&row.women, WOMEN, -1.0, &mirrored), (&row.men, MEN, 1.0, &axis)] {
                let zero = axis.x(0.0);
                let anchor = if outwards < 0.0 { Anchor::End } else { Anchor::Start };
                let Some(value) = side.value else {
                    let from = (zero + outwards * TEXT_GAP, centre + quiet.centre_shift());
                    let room = inner[0] - left - TEXT_GAP;
                    let lines = quiet.wrap_within(&side.text, room, 2);
                    let first = from.1 - (lines.len() - 1) as f64 * quiet.line_height() / 2.0;
                    for (index, line) in lines.into_iter().enumerate() {
                        let baseline = first + index as f64 * quiet.line_height();
                        scene.write_clear((from.0, baseline), anchor, quiet, line);
                    }
                    continue;
                };
                let seen = |value: f64| axis.x(outwards * value);
                let end = seen(value.value);
                scene.rectangle((zero.min(end), centre - half), (zero.max(end), centre + half), color);
                let (one, other) = (outwards * value.low.max(0.0), outwards * value.high);
                let turned = Interval { value: outwards * value.value, low: one.min(other), high: one.max(other) };
                rows::draw_interval(scene, axis, centre, turned);
                let x = seen(value.high.max(value.value)) + outwards * TEXT_GAP;
                scene.write_clear((x, centre + strong.centre_shift()), anchor, strong, side.text.as_str());
            }
        }
        for x in inner {
            scene.line((x, first), (x, y), INK, 1.25);
        }
        y + 20.0
    }

    fn draw_grid(&self, scene: &mut Scene, axis: &Axis, mirrored: &Axis, span: (f64, f64), size: Size, texts: &Texts) {
        let quiet = size.quiet();
        let widest = quiet.width(&self.measure.label(axis.high, texts)).max(quiet.width("100%")) + 12.0;
        let step = self.measure.step(0.0, axis.high, ((axis.right - axis.left) / widest).min(4.0));
        let n_marks = (axis.high / step).floor() as usize;
        // Where marks would cover one another, the last one is enough.
        let first = if axis.x(step) - axis.x(0.0) < widest { n_marks.max(1) } else { 1 };
        for value in (first..=n_marks).map(|index| index as f64 * step) {
            let label = self.measure.label(value, texts);
            for x in [axis.x(value), mirrored.x(-value)] {
                scene.line((x, span.0), (x, span.1), GRID, 1.0);
                let half = size.quiet().width(&label) / 2.0;
                let centre = x.clamp(size.margin() + half, size.width() - size.margin() - half);
                scene.write((centre, span.1 + 16.0), Anchor::Middle, size.quiet(), label.as_str());
            }
        }
    }
}
