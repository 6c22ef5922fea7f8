//! Bars with intervals: how much time each activity takes, or how many chose each answer.

use crate::chart::axis::{Axis, Measure};
use crate::chart::frame::Size;
use crate::chart::rows::{self, MARK_HEIGHT, Mark, Rows, TEXT_GAP};
use crate::palette::{BLUE, INK};
use crate::scene::{Anchor, Scene};
use crate::text::Texts;

/// One bar per row, from zero.
#[derive(Debug, Clone, PartialEq)]
pub struct BarChart {
    /// The rows, from the top.
    pub marks: Vec<Mark>,
    /// What the bars measure.
    pub measure: Measure,
}

impl BarChart {
    /// Draws below `top`; returns the bottom.
    pub fn draw(&self, scene: &mut Scene, top: f64, size: Size, texts: &Texts) -> f64 {
        let rows = Rows::lay_out(&self.marks, scene, top, size);
        let right = rows.right - rows::text_room(&self.marks, size);
        let axis = Axis::around(self.measure, rows::extent(&self.marks), rows.left, right);
        let bottom = axis.draw(scene, &rows, size, texts);
        for (mark, centre) in self.marks.iter().zip(&rows.centres) {
            let (style, x) = match mark.value {
                Some(interval) => {
                    let (from, to) = (axis.x(0.0), axis.x(interval.value));
                    let half = MARK_HEIGHT / 2.0;
                    scene.rectangle((from, centre - half), (to, centre + half), BLUE);
                    rows::draw_interval(scene, &axis, *centre, interval);
                    (size.strong(), axis.x(interval.high.max(interval.value)) + TEXT_GAP)
                }
                None => (size.quiet(), axis.x(0.0) + TEXT_GAP),
            };
            scene.write_clear((x, centre + style.centre_shift()), Anchor::Start, style, mark.text.as_str());
        }
        for (top, bottom) in &rows.spans {
            scene.line((axis.x(0.0), *top), (axis.x(0.0), *bottom), INK, 1.25);
        }
        bottom
    }
}
