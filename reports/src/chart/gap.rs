//! Differences to the left and right of zero: women minus men.

use crate::chart::axis::{Axis, Measure};
use crate::chart::frame::Size;
use crate::chart::rows::{self, MARK_HEIGHT, Mark, Rows, TEXT_GAP};
use crate::palette::{GREY, INK, MEN, WOMEN};
use crate::scene::{Anchor, Channel, Scene, TextStyle};
use crate::text::Texts;

/// One bar per row, to the right where women spend more, to the left where men do.
#[derive(Debug, Clone, PartialEq)]
pub struct GapChart {
    /// The rows, from the top.
    pub marks: Vec<Mark>,
    /// What the right side means.
    pub women_more: String,
    /// What the left side means.
    pub men_more: String,
}

impl GapChart {
    /// Draws below `top`; returns the bottom.
    pub fn draw(&self, scene: &mut Scene, top: f64, size: Size, texts: &Texts) -> f64 {
        let header = self.write_sides(scene, top, size);
        let rows = Rows::lay_out(&self.marks, scene, header, size);
        let room = rows::text_room(&self.marks, size);
        let axis = Axis::around(Measure::Minutes, rows::extent(&self.marks), rows.left + room, rows.right - room);
        let bottom = axis.draw(scene, &rows, size, texts);
        scene.key(WOMEN, self.women_more.as_str(), Channel::Place(1));
        scene.key(MEN, self.men_more.as_str(), Channel::Place(2));
        for (mark, centre) in self.marks.iter().zip(&rows.centres) {
            let Some(interval) = mark.value else {
                self.write_beside_zero(scene, mark, *centre, &axis, size);
                continue;
            };
            let color = match interval.excludes_zero() {
                false => GREY,
                true if interval.value > 0.0 => WOMEN,
                true => MEN,
            };
            let (zero, end, half) = (axis.x(0.0), axis.x(interval.value), MARK_HEIGHT / 2.0);
            scene.rectangle((zero.min(end), centre - half), (zero.max(end), centre + half), color);
            rows::draw_interval(scene, &axis, *centre, interval);
            let (anchor, x) = if interval.value < 0.0 {
                (Anchor::End, axis.x(interval.low.min(interval.value)) - TEXT_GAP)
            } else {
                (Anchor::Start, axis.x(interval.high.max(interval.value)) + TEXT_GAP)
            };
            let style = size.strong();
            scene.write_clear((x, centre + style.centre_shift()), anchor, style, mark.text.as_str());
        }
        for (top, bottom) in &rows.spans {
            scene.line((axis.x(0.0), *top), (axis.x(0.0), *bottom), INK, 1.25);
        }
        bottom
    }

    /// Writes what the two sides mean; returns where the rows may begin.
    fn write_sides(&self, scene: &mut Scene, top: f64, size: Size) -> f64 {
        let (left, right) = (size.margin(), size.width() - size.margin());
        let style = |color| TextStyle { color, ..size.strong() };
        let middle = (right - left) / 2.0 - 8.0;
        let mut bottom = top;
        for (side, color, anchor, x) in
            [(&self.men_more, MEN, Anchor::Start, left), (&self.women_more, WOMEN, Anchor::End, right)]
        {
            let style = style(color);
            let mut y = top;
            for line in style.wrap(side, middle) {
                scene.write((x, y + style.size), anchor, style, line);
                y += style.line_height();
            }
            bottom = bottom.max(y);
        }
        bottom + 8.0
    }

    /// Writes why a row has no bar, on the side of zero that has more room.
    fn write_beside_zero(&self, scene: &mut Scene, mark: &Mark, centre: f64, axis: &Axis, size: Size) {
        let style = size.quiet();
        let zero = axis.x(0.0);
        let (left, right) = (size.margin(), size.width() - size.margin());
        let (anchor, x) =
            if right - zero >= zero - left { (Anchor::Start, zero + TEXT_GAP) } else { (Anchor::End, zero - TEXT_GAP) };
        scene.write_clear((x, centre + style.centre_shift()), anchor, style, mark.text.as_str());
    }
}
