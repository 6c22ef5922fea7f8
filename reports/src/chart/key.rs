//! The key of a chart, for what cannot be named where it is drawn.

use plotters::style::RGBColor;

use crate::chart::frame::Size;
use crate::palette::{INK, PAPER, text_on};
use crate::scene::{Anchor, Scene};

/// What stands beside a name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Swatch {
    /// A filled square.
    Fill(RGBColor),
    /// A filled square with upright lines, the number of which tells it apart.
    Striped(RGBColor, u8),
    /// A filled square with slanted lines.
    Hatched(RGBColor),
    /// A piece of line.
    Line(RGBColor),
    /// A piece of dashed line.
    Dashed(RGBColor),
}

/// Distance between the upright lines of the stripes `number`, in slots of a plot and in pixels of a key.
pub fn stripe_step(number: u8) -> usize {
    2 + 2 * usize::from(number)
}

/// Writes the entries in lines below `top`; returns where the chart may go on.
pub fn write(scene: &mut Scene, top: f64, size: Size, entries: &[(Swatch, &str)]) -> f64 {
    let style = size.body();
    let (left, right) = (size.margin(), size.width() - size.margin());
    let (mut x, mut y) = (left, top);
    for (swatch, label) in entries {
        let lines = match size {
            // Two to a line at least: six long names must leave room for the plot.
            Size::Share => style.wrap_within(label, (right - left) / 2.0 - 44.0, 1),
            Size::Wide | Size::Narrow => style.wrap(label, right - left - 26.0),
        };
        for (index, line) in lines.into_iter().enumerate() {
            let width = 26.0 + style.width(&line);
            if x > left && (index > 0 || x + width > right) {
                (x, y) = (left, y + 24.0);
            }
            if index == 0 {
                draw(scene, *swatch, x, y);
            }
            scene.write((x + 26.0, y + 10.5 + style.centre_shift()), Anchor::Start, style, line);
            x += width + 18.0;
        }
    }
    if x > left { y + 34.0 } else { y }
}

fn draw(scene: &mut Scene, swatch: Swatch, x: f64, y: f64) {
    let (from, to) = ((x, y + 3.0), (x + 18.0, y + 18.0));
    let square = |scene: &mut Scene, fill: RGBColor| {
        // A frame: the lightest fills would not be seen on paper.
        scene.rectangle((from.0 - 1.0, from.1 - 1.0), (to.0 + 1.0, to.1 + 1.0), INK);
        if text_on(fill) == PAPER {
            scene.rectangle((from.0 - 1.0, from.1 - 1.0), (to.0 + 1.0, to.1 + 1.0), fill);
        }
        scene.rectangle(from, to, fill);
    };
    let middle = y + 10.5;
    match swatch {
        Swatch::Fill(fill) => square(scene, fill),
        Swatch::Striped(fill, number) => {
            square(scene, fill);
            let mut along = x + 3.0;
            while along < to.0 {
                scene.line((along, from.1), (along, to.1), text_on(fill), 1.0);
                along += stripe_step(number) as f64 * 1.5;
            }
        }
        Swatch::Hatched(fill) => {
            square(scene, fill);
            scene.hatch(from, to, INK, 5.0);
        }
        Swatch::Line(stroke) => scene.line((x, middle), (x + 20.0, middle), stroke, 2.5),
        Swatch::Dashed(stroke) => scene.dashed_line((x, middle), (x + 20.0, middle), stroke, 2.5, 4.0),
    }
}
