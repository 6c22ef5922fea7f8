//! A picture before it is painted: shapes and texts at known places, in CSS pixels from the top left.
//!
//! Charts build scenes, painters paint them. Between the two, a test can ask where every text lies.

use plotters::style::RGBColor;

use crate::font::{self, Weight};
use crate::palette::PAPER;

/// A point: to the right, downwards.
pub type Point = (f64, f64);

/// A picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    /// Width in CSS pixels.
    pub width: f64,
    /// Height in CSS pixels.
    pub height: f64,
    /// Shapes, painted in this order on white.
    pub shapes: Vec<Shape>,
    /// Texts, painted above all shapes.
    pub texts: Vec<Text>,
    /// What tells series apart: a check can ask whether colour is ever alone in it.
    pub keys: Vec<Key>,
}

/// A colour that means something.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    /// The colour.
    pub color: RGBColor,
    /// What it means.
    pub label: String,
    /// What says the same without colour.
    pub channel: Channel,
}

/// A second way to tell a series, for who does not tell colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// Its name stands at it.
    Label,
    /// A hatch, or dashes, of this number.
    Pattern(u8),
    /// The shape of its dots, of this number.
    Marker(u8),
    /// Where it lies: a side of an axis, a place in an order that the key repeats.
    Place(u8),
    /// Only its colour, which must then differ in lightness.
    Lightness,
}

/// A shape without text.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A filled rectangle between two corners.
    Rectangle {
        /// Upper left corner.
        from: Point,
        /// Lower right corner.
        to: Point,
        /// Its colour.
        fill: RGBColor,
    },
    /// A filled polygon.
    Polygon {
        /// Corners, in order.
        points: Vec<Point>,
        /// Its colour.
        fill: RGBColor,
    },
    /// A line through points.
    Line {
        /// The points, in order.
        points: Vec<Point>,
        /// Its colour.
        stroke: RGBColor,
        /// Its width.
        width: f64,
    },
    /// A filled circle.
    Disc {
        /// Its centre.
        center: Point,
        /// Its radius.
        radius: f64,
        /// Its colour.
        fill: RGBColor,
    },
}

/// Where a text stands with regard to its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// It begins there.
    Start,
    /// It is centred there.
    Middle,
    /// It ends there.
    End,
}

/// One line of text.
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    /// Left end.
    pub x: f64,
    /// The line on which the letters stand.
    pub baseline: f64,
    /// What it says.
    pub content: String,
    /// How heavy.
    pub weight: Weight,
    /// Type size in pixels per em.
    pub size: f64,
    /// Its colour.
    pub color: RGBColor,
}

/// How a text looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TextStyle {
    /// How heavy.
    pub weight: Weight,
    /// Type size in pixels per em.
    pub size: f64,
    /// Its colour.
    pub color: RGBColor,
}

impl TextStyle {
    /// The width of `text` in this style.
    pub fn width(&self, text: &str) -> f64 {
        font::width(text, self.weight, self.size)
    }

    /// `text` in lines no wider than `max_width`.
    pub fn wrap(&self, text: &str, max_width: f64) -> Vec<String> {
        font::wrap(text, self.weight, self.size, max_width)
    }

    /// `text` in at most `max_lines` lines no wider than `max_width`, with an ellipsis where words are left out.
    pub fn wrap_within(&self, text: &str, max_width: f64, max_lines: usize) -> Vec<String> {
        font::wrap_within(text, self.weight, self.size, max_width, max_lines)
    }

    /// Distance between the baselines of two lines.
    pub fn line_height(&self) -> f64 {
        (self.size * 1.3).round()
    }

    /// How far below the middle of a row its baseline stands, so that the text looks centred.
    pub fn centre_shift(&self) -> f64 {
        self.size * font::CAP_HEIGHT / 2.0
    }
}

/// The room that a text takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TextBox {
    /// Left edge.
    pub left: f64,
    /// Top edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Bottom edge.
    pub bottom: f64,
}

impl TextBox {
    /// Whether the two share room.
    pub fn overlaps(&self, other: &TextBox) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }
}

impl Text {
    /// The room this text takes, from the capitals' top to the descenders' foot.
    pub fn bounds(&self) -> TextBox {
        TextBox {
            left: self.x,
            top: self.baseline - self.size * font::CAP_HEIGHT,
            right: self.x + font::width(&self.content, self.weight, self.size),
            bottom: self.baseline + self.size * font::DESCENT,
        }
    }
}

/// The point `distance` after `to` on the way from `from`.
fn beyond(from: Point, to: Point, distance: f64) -> Point {
    let length = (to.0 - from.0).hypot(to.1 - from.1).max(1e-9);
    (to.0 + (to.0 - from.0) / length * distance, to.1 + (to.1 - from.1) / length * distance)
}

impl Scene {
    /// An empty picture whose height is set once it is known.
    pub fn new(width: f64) -> Scene {
        Scene { width, height: 0.0, shapes: Vec::new(), texts: Vec::new(), keys: Vec::new() }
    }

    /// Adds a line of text at (`x`, `baseline`).
    pub fn write(&mut self, (x, baseline): Point, anchor: Anchor, style: TextStyle, content: impl Into<String>) {
        let content = content.into();
        let width = style.width(&content);
        let x = match anchor {
            Anchor::Start => x,
            Anchor::Middle => x - width / 2.0,
            Anchor::End => x - width,
        };
        self.texts.push(Text { x, baseline, content, weight: style.weight, size: style.size, color: style.color });
    }

    /// Adds a line of text on a ground of paper, so that no grid line crosses its letters.
    pub fn write_clear(&mut self, point: Point, anchor: Anchor, style: TextStyle, content: impl Into<String>) {
        self.write(point, anchor, style, content);
        if let Some(TextBox { left, top, right, bottom }) = self.texts.last().map(Text::bounds) {
            self.rectangle((left - 3.0, top - 4.0), (right + 3.0, bottom + 1.0), PAPER);
        }
    }

    /// Adds a straight line.
    pub fn line(&mut self, from: Point, to: Point, stroke: RGBColor, width: f64) {
        self.shapes.push(Shape::Line { points: vec![from, to], stroke, width });
    }

    /// Adds a filled rectangle.
    pub fn rectangle(&mut self, from: Point, to: Point, fill: RGBColor) {
        self.shapes.push(Shape::Rectangle { from, to, fill });
    }

    /// Says what `color` means, and by what else it is known.
    pub fn key(&mut self, color: RGBColor, label: impl Into<String>, channel: Channel) {
        let key = Key { color, label: label.into(), channel };
        if !self.keys.contains(&key) {
            self.keys.push(key);
        }
    }

    /// Adds a line through `points`.
    pub fn path(&mut self, points: Vec<Point>, stroke: RGBColor, width: f64) {
        self.shapes.push(Shape::Line { points, stroke, width });
    }

    /// Adds a line through `points` with an edge of paper, so that it is seen where it crosses another.
    pub fn cased_path(&mut self, points: Vec<Point>, stroke: RGBColor, width: f64) {
        let mut casing = points.clone();
        if let [first, second, ..] = points[..] {
            casing[0] = beyond(second, first, 2.0);
        }
        if let [.., second, last] = points[..]
            && let Some(end) = casing.last_mut()
        {
            *end = beyond(second, last, 2.0);
        }
        self.path(casing, PAPER, width + 3.0);
        self.path(points, stroke, width);
    }

    /// Adds a filled polygon.
    pub fn polygon(&mut self, points: Vec<Point>, fill: RGBColor) {
        self.shapes.push(Shape::Polygon { points, fill });
    }

    /// Adds slanted lines over the rectangle between two corners, `spacing` pixels apart.
    pub fn hatch(&mut self, from: Point, to: Point, stroke: RGBColor, spacing: f64) {
        let (width, height) = (to.0 - from.0, to.1 - from.1);
        let mut along = spacing;
        while along < width + height {
            let lower = (from.0 + (along - height).max(0.0), from.1 + along.min(height));
            let upper = (from.0 + along.min(width), from.1 + (along - width).max(0.0));
            self.line(lower, upper, stroke, 1.0);
            along += spacing;
        }
    }

    /// Adds a line through `points` in dashes of `dash` pixels with gaps of the same length, each with an edge of paper.
    pub fn dashed_path(&mut self, points: &[Point], stroke: RGBColor, width: f64, dash: f64) {
        let (mut drawing, mut left) = (true, dash);
        let mut piece: Vec<Point> = points.first().copied().into_iter().collect();
        for pair in points.windows(2) {
            let (mut from, to) = (pair[0], pair[1]);
            loop {
                let length = (to.0 - from.0).hypot(to.1 - from.1);
                if length < left {
                    left -= length;
                    piece.push(to);
                    break;
                }
                let share = left / length;
                from = (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share);
                piece.push(from);
                let done = std::mem::replace(&mut piece, vec![from]);
                if drawing {
                    self.cased_path(done, stroke, width);
                }
                (drawing, left) = (!drawing, dash);
            }
        }
        if drawing && piece.len() > 1 {
            self.cased_path(piece, stroke, width);
        }
    }

    /// Adds a straight line in dashes of `dash` pixels.
    pub fn dashed_line(&mut self, from: Point, to: Point, stroke: RGBColor, width: f64, dash: f64) {
        let length = (to.0 - from.0).hypot(to.1 - from.1);
        let along = |distance: f64| {
            let share = (distance / length).min(1.0);
            (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share)
        };
        let mut distance = 0.0;
        while distance < length {
            self.line(along(distance), along(distance + dash), stroke, width);
            distance += 2.0 * dash;
        }
    }
}
