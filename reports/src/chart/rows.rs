//! Rows of a chart: a label and a mark for each. Wide, labels stand in a column; narrow, above their mark.

use crate::chart::axis::Axis;
use crate::chart::frame::Size;
use crate::palette::{INK, PAPER};
use crate::scene::{Anchor, Scene, TextStyle};

/// One row's number.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// What it is about.
    pub label: String,
    /// Written below the label where there is room, such as what a difference is between; may be empty.
    pub note: String,
    /// The number; `None` when it may not be shown.
    pub value: Option<Interval>,
    /// What is written beside it: the number in words, or why there is none.
    pub text: String,
}

/// A value and its 95% interval, in the unit of its chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The estimate.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// How far the interval reaches from the value: its margin of error.
    pub fn margin(&self) -> f64 {
        (self.high - self.value).max(self.value - self.low)
    }

    /// Whether the interval leaves zero out.
    pub fn excludes_zero(&self) -> bool {
        self.low > 0.0 || self.high < 0.0
    }
}

impl Mark {
    /// The note, where there is room for one.
    fn note_at(&self, size: Size) -> &str {
        if size == Size::Share { "" } else { &self.note }
    }
}

fn note_style(size: Size) -> TextStyle {
    size.quiet()
}

/// Where the rows lie.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    /// Left edge of the marks' room.
    pub left: f64,
    /// Right edge of the marks' room.
    pub right: f64,
    /// Above the first row.
    pub top: f64,
    /// Below the last row.
    pub bottom: f64,
    /// Middle of each mark.
    pub centres: Vec<f64>,
    /// Where lines across the rows run, from top to bottom: clear of labels that stand above their marks.
    pub spans: Vec<(f64, f64)>,
}

/// Height of a mark, pixels.
pub const MARK_HEIGHT: f64 = 20.0;
/// Free room between a mark and its text.
pub const TEXT_GAP: f64 = 10.0;

impl Rows {
    /// Writes the labels below `top` and says where their marks go.
    pub fn lay_out(marks: &[Mark], scene: &mut Scene, top: f64, size: Size) -> Rows {
        let (left, right) = (size.margin(), size.width() - size.margin());
        let style = size.body();
        let mut y = top;
        let mut centres = Vec::with_capacity(marks.len());
        let label_width = match size {
            Size::Wide | Size::Share => {
                let width = |mark: &Mark| style.width(&mark.label).max(note_style(size).width(mark.note_at(size)));
                marks.iter().map(|mark| width(mark).ceil()).fold(0.0, f64::max).min(270.0)
            }
            Size::Narrow => right - left,
        };
        for mark in marks {
            let label = style.wrap_within(&mark.label, label_width, size.label_lines());
            let note = note_style(size).wrap(mark.note_at(size), label_width);
            let note = note.into_iter().filter(|line| !line.is_empty()).map(|line| (note_style(size), line));
            let lines: Vec<_> = label.into_iter().map(|line| (style, line)).chain(note).collect();
            let text_height: f64 = lines.iter().map(|(style, _)| style.line_height()).sum();
            let centre = match size {
                Size::Wide | Size::Share => {
                    let height = (text_height + 8.0).max(36.0);
                    let centre = y + height / 2.0;
                    y = centre - text_height / 2.0;
                    for (style, line) in &lines {
                        let baseline = y + style.line_height() / 2.0 + style.centre_shift();
                        scene.write((left + label_width, baseline), Anchor::End, *style, line.as_str());
                        y += style.line_height();
                    }
                    y = centre + height / 2.0;
                    centre
                }
                Size::Narrow => {
                    for (style, line) in &lines {
                        scene.write((left, y + style.size), Anchor::Start, *style, line.as_str());
                        y += style.line_height();
                    }
                    y += 2.0 + MARK_HEIGHT + 12.0;
                    y - 12.0 - MARK_HEIGHT / 2.0
                }
            };
            centres.push(centre);
        }
        let left = match size {
            Size::Wide | Size::Share => left + label_width + 14.0,
            Size::Narrow => left,
        };
        let spans = match size {
            Size::Wide | Size::Share => vec![(top, y)],
            Size::Narrow => centres.iter().map(|centre| (centre - 11.0, centre + 12.0)).collect(),
        };
        Rows { left, right, top, bottom: y, centres, spans }
    }
}

/// The room that the widest text beside a mark needs.
pub fn text_room(marks: &[Mark], size: Size) -> f64 {
    let widest = marks.iter().filter(|mark| mark.value.is_some()).map(|mark| size.strong().width(&mark.text));
    widest.fold(0.0, f64::max) + TEXT_GAP
}

/// All values and interval ends, for the axis.
pub fn extent(marks: &[Mark]) -> impl Iterator<Item = f64> {
    marks.iter().filter_map(|mark| mark.value).flat_map(|interval| [interval.value, interval.low, interval.high])
}

/// Draws a 95% interval: a line with caps, white-edged so that it is seen on a bar too.
pub fn draw_interval(scene: &mut Scene, axis: &Axis, centre: f64, interval: Interval) {
    let (low, high) = (axis.x(interval.low), axis.x(interval.high));
    for (color, extra) in [(PAPER, 2.5), (INK, 0.0)] {
        let cap = 4.0 + extra / 2.0;
        scene.line((low, centre), (high, centre), color, 1.75 + extra);
        for x in [low, high] {
            scene.line((x, centre - cap), (x, centre + cap), color, 1.75 + extra);
        }
    }
}
