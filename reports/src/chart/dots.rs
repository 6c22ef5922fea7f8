//! Dots with intervals against a reference: how groups compare.

use crate::chart::axis::{Axis, Measure};
use crate::chart::frame::Size;
use crate::chart::rows::{self, Mark, Rows, TEXT_GAP};
use crate::palette::{BLUE, GRID, INK, PAPER};
use crate::scene::{Anchor, Scene, Shape};
use crate::text::Texts;

/// One dot per row.
#[derive(Debug, Clone, PartialEq)]
pub struct DotChart {
    /// The rows, from the top.
    pub marks: Vec<Mark>,
    /// What the dots measure.
    pub measure: Measure,
    /// What the groups are held against: everybody.
    pub reference: Option<Reference>,
}

/// A value that a dashed line marks in all rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Reference {
    /// Its value.
    pub value: f64,
    /// What it is.
    pub label: String,
}

impl DotChart {
    /// Draws below `top`; returns the bottom.
    pub fn draw(&self, scene: &mut Scene, top: f64, size: Size, texts: &Texts) -> f64 {
        let reference_room = if self.reference.is_some() { 26.0 } else { 0.0 };
        let rows = Rows::lay_out(&self.marks, scene, top + reference_room, size);
        let right = rows.right - rows::text_room(&self.marks, size);
        let values = rows::extent(&self.marks).chain(self.reference.iter().map(|reference| reference.value));
        let axis = Axis::around(self.measure, values, rows.left, right);
        let bottom = axis.draw(scene, &rows, size, texts);
        if let Some(reference) = &self.reference {
            let x = axis.x(reference.value);
            for (top, bottom) in &rows.spans {
                scene.dashed_line((x, *top), (x, *bottom), INK, 1.25, 4.0);
            }
            let half = size.body().width(&reference.label) / 2.0;
            let centre = x.clamp(size.margin() + half, (size.width() - size.margin() - half).max(size.margin() + half));
            scene.write((centre, top + 14.0), Anchor::Middle, size.body(), reference.label.as_str());
        }
        for (mark, centre) in self.marks.iter().zip(&rows.centres) {
            let (style, x) = match mark.value {
                Some(interval) => {
                    scene.line((rows.left, *centre), (axis.x(interval.low), *centre), GRID, 1.0);
                    rows::draw_interval(scene, &axis, *centre, interval);
                    let center = (axis.x(interval.value), *centre);
                    scene.shapes.push(Shape::Disc { center, radius: 8.0, fill: PAPER });
                    scene.shapes.push(Shape::Disc { center, radius: 6.5, fill: BLUE });
                    (size.strong(), axis.x(interval.high.max(interval.value)) + TEXT_GAP)
                }
                None => (size.quiet(), axis.x(0.0) + TEXT_GAP),
            };
            scene.write_clear((x, centre + style.centre_shift()), Anchor::Start, style, mark.text.as_str());
        }
        bottom
    }
}
