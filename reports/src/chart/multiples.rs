//! Small multiples: a panel for each age, in each panel women and men of the same activities, all on one scale.

use crate::chart::axis::{Axis, Measure};
use crate::chart::frame::Size;
use crate::chart::key::{self, Swatch};
use crate::chart::lines::draw_marker;
use crate::chart::rows::Interval;
use crate::palette::{GRID, INK, MEN, PAPER, WOMEN};
use crate::scene::{Anchor, Channel, Scene};
use crate::text::Texts;

/// Panels side by side, in rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Multiples {
    /// The panels, in order.
    pub panels: Vec<Panel>,
    /// What the disc is.
    pub women: String,
    /// What the square is.
    pub men: String,
    /// What is measured.
    pub measure: Measure,
}

/// One panel.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// Whom it is about, such as an age group.
    pub label: String,
    /// Its rows.
    pub pairs: Vec<Pair>,
}

/// Women and men of one row.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// What it is about.
    pub label: String,
    /// Women's number.
    pub women: Option<Interval>,
    /// Men's number.
    pub men: Option<Interval>,
    /// Both in words, or why there are none.
    pub text: String,
}

/// Panels beside one another on a wide picture; in one that travels alone.
const COLUMNS: (usize, usize) = (3, 5);
const GUTTER: f64 = 26.0;

impl Multiples {
    /// Draws below `top`; returns the bottom.
    pub fn draw(&self, scene: &mut Scene, top: f64, size: Size, texts: &Texts) -> f64 {
        scene.key(WOMEN, self.women.as_str(), Channel::Marker(0));
        scene.key(MEN, self.men.as_str(), Channel::Marker(1));
        let mut top = self.write_key(scene, top, size);
        let columns = match size {
            Size::Wide => COLUMNS.0.min(self.panels.len().max(1)),
            Size::Share => COLUMNS.1.min(self.panels.len().max(1)),
            Size::Narrow => 1,
        };
        let width = (size.inner_width() - GUTTER * (columns - 1) as f64) / columns as f64;
        let values = self.panels.iter().flat_map(|panel| &panel.pairs).flat_map(|pair| [pair.women, pair.men]);
        let highest = values.flatten().map(|value| value.high).fold(0.0, f64::max);
        let step = self.measure.step(0.0, highest, 6.0);
        let high = (highest / step).ceil().max(1.0) * step;
        for panels in self.panels.chunks(columns) {
            let mut bottom = top;
            for (column, panel) in panels.iter().enumerate() {
                let left = size.margin() + column as f64 * (width + GUTTER);
                let axis = Axis { measure: self.measure, low: 0.0, high, left: left + 7.0, right: left + width - 7.0 };
                bottom = bottom.max(draw_panel(scene, panel, &axis, (left, top), width, size, texts));
            }
            top = bottom + if size == Size::Share { 0.0 } else { 18.0 };
        }
        top
    }

    fn write_key(&self, scene: &mut Scene, top: f64, size: Size) -> f64 {
        let style = size.body();
        let mut x = size.margin() + 8.0;
        for (label, color, square) in [(&self.women, WOMEN, false), (&self.men, MEN, true)] {
            draw_marker(scene, (x, top + 8.0), square, color);
            scene.write((x + 14.0, top + 8.0 + style.centre_shift()), Anchor::Start, style, label.as_str());
            x += 14.0 + style.width(label) + 28.0;
        }
        key::write(scene, top, size, &[] as &[(Swatch, &str)]) + 30.0
    }
}

fn draw_panel(
    scene: &mut Scene,
    panel: &Panel,
    axis: &Axis,
    (left, top): (f64, f64),
    width: f64,
    size: Size,
    texts: &Texts,
) -> f64 {
    let (strong, body, quiet) = (size.strong(), size.body(), size.quiet());
    let mut y = top;
    scene.line((left, y), (left + width, y), INK, 1.5);
    y += 6.0;
    for line in strong.wrap_within(&panel.label, width, 2) {
        scene.write((left, y + strong.size), Anchor::Start, strong, line);
        y += strong.line_height();
    }
    y += 4.0;
    let mut spans = Vec::new();
    for pair in &panel.pairs {
        for line in body.wrap_within(&pair.label, width, if size == Size::Share { 2 } else { 3 }) {
            scene.write((left, y + body.size), Anchor::Start, body, line);
            y += body.line_height();
        }
        for line in quiet.wrap_within(&pair.text, width, 2) {
            scene.write((left, y + quiet.size), Anchor::Start, quiet, line);
            y += quiet.line_height();
        }
        let centre = y + 12.0;
        spans.push((centre - 9.0, centre + 9.0));
        scene.line((axis.left, centre), (axis.right, centre), GRID, 1.0);
        scene.line((axis.x(0.0), centre - 9.0), (axis.x(0.0), centre + 9.0), INK, 1.25);
        for (value, color, square, lift) in [(pair.women, WOMEN, false, -3.0), (pair.men, MEN, true, 3.0)] {
            let Some(value) = value else { continue };
            let (low, high) = (axis.x(value.low.max(0.0)), axis.x(value.high));
            for (stroke, thickness) in [(PAPER, 4.0), (color, 1.75)] {
                scene.line((low, centre + lift), (high, centre + lift), stroke, thickness);
            }
            draw_marker(scene, (axis.x(value.value), centre + lift), square, color);
        }
        y = centre + 16.0;
    }
    let last = axis.measure.label(axis.high, texts);
    let zero = axis.measure.label(0.0, texts);
    let from = axis.x(0.0).max(left);
    scene.write((from, y + 11.0), Anchor::Start, quiet, zero);
    scene.write((axis.right + 7.0, y + 11.0), Anchor::End, quiet, last);
    y + 16.0
}
