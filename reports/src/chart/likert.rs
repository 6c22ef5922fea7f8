//! Answers on a scale from no to yes, stacked to the left and right of their middle.

use plotters::style::RGBColor;

use crate::chart::frame::Size;
use crate::chart::key::{self, Swatch};
use crate::palette::{self, ANSWERS, GRID, INK};
use crate::scene::{Anchor, Channel, Scene, TextStyle};

/// A bar for each question, all with the same answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Likert {
    /// The answers from no to yes, two to five.
    pub answers: Vec<String>,
    /// The questions, from the top.
    pub rows: Vec<LikertRow>,
}

/// One question.
#[derive(Debug, Clone, PartialEq)]
pub struct LikertRow {
    /// What was asked.
    pub label: String,
    /// Percent of each answer; `None` where they may not be shown: a part of a whole would tell the rest.
    pub shares: Option<Vec<f64>>,
    /// Why there are none.
    pub hidden: String,
}

/// The colours of `n` answers: without an even middle there is no grey.
fn colors(n: usize) -> Vec<RGBColor> {
    let places: &[usize] = match n {
        0..=2 => &[0, 4],
        3 => &[0, 2, 4],
        4 => &[0, 1, 3, 4],
        _ => &[0, 1, 2, 3, 4],
    };
    places.iter().map(|place| ANSWERS[*place]).collect()
}

impl Likert {
    /// Draws below `top`; returns the bottom.
    pub fn draw(&self, scene: &mut Scene, top: f64, size: Size) -> f64 {
        let colors = colors(self.answers.len());
        for (place, (color, answer)) in colors.iter().zip(&self.answers).enumerate() {
            scene.key(*color, answer.as_str(), Channel::Place(place as u8));
        }
        let entries: Vec<_> =
            colors.iter().map(|color| Swatch::Fill(*color)).zip(self.answers.iter().map(String::as_str)).collect();
        let top = key::write(scene, top, size, &entries);
        let (body, quiet) = (size.body(), size.quiet());
        let stacked = size == Size::Narrow;
        let label_width = match stacked {
            true => size.inner_width(),
            false => self.rows.iter().map(|row| body.width(&row.label).ceil()).fold(0.0, f64::max).min(330.0),
        };
        let left = if stacked { size.margin() } else { size.margin() + label_width + 14.0 };
        let right = size.width() - size.margin();
        let reach = self.reach();
        let x = |percent: f64| (left + right) / 2.0 + percent / reach * (right - left) / 2.0;
        let mut y = top;
        for row in &self.rows {
            let lines = body.wrap_within(&row.label, label_width, size.label_lines());
            let text_height = lines.len() as f64 * body.line_height();
            let (text_top, centre, next) = match stacked {
                true => (y, y + text_height + 16.0, y + text_height + 40.0),
                false => {
                    let height = (text_height + 8.0).max(40.0);
                    (y + (height - text_height) / 2.0, y + height / 2.0, y + height)
                }
            };
            let mut text = text_top;
            for line in lines {
                let (anchor, at) = if stacked { (Anchor::Start, left) } else { (Anchor::End, left - 14.0) };
                scene.write((at, text + body.line_height() / 2.0 + body.centre_shift()), anchor, body, line);
                text += body.line_height();
            }
            match &row.shares {
                Some(shares) => self.draw_row(scene, shares, &colors, centre, &x, size),
                None => {
                    scene.line((left, centre), (right, centre), GRID, 1.0);
                    for line in quiet.wrap_within(&row.hidden, right - left - 12.0, 1) {
                        let at = ((left + right) / 2.0, centre + quiet.centre_shift());
                        scene.write_clear(at, Anchor::Middle, quiet, line);
                    }
                }
            }
            y = next;
        }
        y + 4.0
    }

    /// What lies to the left of the middle: the answers below it, and half of an even one.
    fn left_of_middle(&self, shares: &[f64]) -> f64 {
        let n = self.answers.len();
        let below: f64 = shares.iter().take(n / 2).sum();
        below + if n % 2 == 1 { shares.get(n / 2).copied().unwrap_or_default() / 2.0 } else { 0.0 }
    }

    /// The longest side of all rows, percent.
    fn reach(&self) -> f64 {
        let sides = self.rows.iter().filter_map(|row| row.shares.as_ref()).map(|shares| {
            let left = self.left_of_middle(shares);
            left.max(shares.iter().sum::<f64>() - left)
        });
        sides.fold(0.0, f64::max).max(10.0)
    }

    fn draw_row(
        &self,
        scene: &mut Scene,
        shares: &[f64],
        colors: &[RGBColor],
        centre: f64,
        x: &dyn Fn(f64) -> f64,
        size: Size,
    ) {
        let mut from = -self.left_of_middle(shares);
        let mut former: Option<RGBColor> = None;
        for (share, color) in shares.iter().zip(colors) {
            let to = from + share;
            let (left, right) = (x(from), x(to));
            if right - left > 0.5 {
                scene.rectangle((left, centre - 13.0), (right, centre + 13.0), *color);
                if let Some(former) = former {
                    let border = palette::border_between(former, *color);
                    scene.line((left, centre - 13.0), (left, centre + 13.0), border, 1.5);
                }
                former = Some(*color);
                let style = TextStyle { color: palette::text_on(*color), ..size.strong() };
                let label = format!("{share:.0}%");
                if style.width(&label) + 8.0 <= right - left {
                    let at = ((left + right) / 2.0, centre + style.centre_shift());
                    scene.write(at, Anchor::Middle, style, label);
                }
            }
            from = to;
        }
        let (left, right) = (x(-self.left_of_middle(shares)), x(from));
        let corners = [(left, -13.0), (right, -13.0), (right, 13.0), (left, 13.0), (left, -13.0)];
        scene.path(corners.map(|(x, shift)| (x, centre + shift)).into(), INK, 1.0);
        for (from, to) in [(-18.0, -13.0), (13.0, 18.0)] {
            scene.line((x(0.0), centre + from), (x(0.0), centre + to), INK, 1.5);
        }
    }
}
