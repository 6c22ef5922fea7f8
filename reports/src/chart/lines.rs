//! Lines over the hours of the day, each inside its confidence band; below them, their difference.

use plotters::style::RGBColor;
use questionnaires::slot::SLOTS_PER_DAY;

use crate::chart::frame::Size;
use crate::chart::hours::{HOURS_ROOM, Plot, percent_ceiling, runs};
use crate::chart::key::{self, Swatch};
use crate::chart::rows::Interval;
use crate::palette::{BOTH_BAND, GREY, GREY_BAND, GRID, INK, MEN, MEN_BAND, PAPER, WOMEN, WOMEN_BAND};
use crate::scene::{Anchor, Channel, Scene, Shape, TextBox, TextStyle};

/// Two groups over the 144 slots from 04:00.
#[derive(Debug, Clone, PartialEq)]
pub struct LineChart {
    /// Women's line.
    pub women: Line,
    /// Men's line, dashed.
    pub men: Line,
    /// Women minus men, percentage points, below the two.
    pub difference: Option<Line>,
    /// Written where nothing may be shown at all.
    pub hidden: String,
}

/// A line with its band.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// What it is.
    pub label: String,
    /// A value per slot with the limits of its band; `None` where it may not be shown.
    pub points: Vec<Option<Interval>>,
}

impl Line {
    fn at(&self, slot: usize) -> Option<Interval> {
        self.points.get(slot).copied().flatten()
    }
}

/// How a line is drawn.
#[derive(Clone, Copy)]
struct Look {
    stroke: RGBColor,
    band: RGBColor,
    dashed: bool,
}

const LOOKS: [Look; 2] =
    [Look { stroke: WOMEN, band: WOMEN_BAND, dashed: false }, Look { stroke: MEN, band: MEN_BAND, dashed: true }];

impl LineChart {
    /// Draws below `top`; returns the bottom.
    pub fn draw(&self, scene: &mut Scene, top: f64, size: Size) -> f64 {
        let lines = [&self.women, &self.men];
        let highest = lines.iter().flat_map(|line| line.points.iter().flatten()).map(|point| point.high);
        let (ceiling, step) = percent_ceiling(highest.fold(0.0, f64::max));
        let lower_room = match (&self.difference, size) {
            (None, _) => 0.0,
            (Some(_), Size::Share) => 100.0,
            (Some(_), _) => 160.0,
        };
        let axis_room = size.quiet().width("−100%").max(size.quiet().width("100%")) + 8.0;
        let plot = |top: f64| Plot {
            left: size.margin() + axis_room,
            right: size.width() - size.margin() - 4.0,
            top: top + 8.0,
            bottom: top + 8.0 + size.plot_height(top + 8.0, 280.0, 240.0, HOURS_ROOM + lower_room),
            low: 0.0,
            high: ceiling,
        };
        // Names stand at their lines; where there is no room for both, in a key above.
        let named = |plot: &Plot| place_labels(&lines, plot, size);
        let (plot, labels) = match named(&plot(top)) {
            Some(labels) => (plot(top), labels),
            None => {
                let entries =
                    [(Swatch::Line(WOMEN), self.women.label.as_str()), (Swatch::Dashed(MEN), self.men.label.as_str())];
                (plot(key::write(scene, top, size, &entries)), Vec::new())
            }
        };
        scene.key(WOMEN, self.women.label.as_str(), Channel::Pattern(0));
        scene.key(MEN, self.men.label.as_str(), Channel::Pattern(1));
        plot.draw_levels(scene, size, step, true, |percent| format!("{percent:.0}%"));
        draw_bands(scene, &lines, &plot);
        for (line, look) in lines.iter().zip(LOOKS) {
            draw_line(scene, line, look, &plot);
        }
        scene.line((plot.left, plot.bottom), (plot.right, plot.bottom), INK, 1.25);
        if lines.iter().all(|line| line.points.iter().all(Option::is_none)) {
            let middle = ((plot.left + plot.right) / 2.0, (plot.top + plot.bottom) / 2.0);
            scene.write_clear(middle, Anchor::Middle, size.quiet(), self.hidden.as_str());
        }
        for ((label, look), line) in labels.iter().zip(LOOKS).zip(&lines) {
            let Some(label) = label else { continue };
            let style = TextStyle { color: look.stroke, ..size.strong() };
            scene.write((label.left, label.bottom - 4.0), Anchor::Start, style, line.label.as_str());
        }
        plot.draw_hours(scene, size);
        let bottom = plot.bottom + HOURS_ROOM;
        match &self.difference {
            Some(difference) => draw_difference(scene, difference, &plot, bottom, lower_room, size),
            None => bottom,
        }
    }
}

fn draw_bands(scene: &mut Scene, lines: &[&Line; 2], plot: &Plot) {
    for (line, look) in lines.iter().zip(LOOKS) {
        for run in runs(SLOTS_PER_DAY, |slot| line.at(slot).is_some()) {
            let bound = |pick: fn(Interval) -> f64| plot.outline(run.clone(), |slot| line.at(slot).map_or(0.0, pick));
            let mut points = bound(|point| point.high);
            points.extend(bound(|point| point.low).into_iter().rev());
            scene.polygon(points, look.band);
        }
    }
    let shared = |slot: usize| {
        let (one, other) = (lines[0].at(slot)?, lines[1].at(slot)?);
        let (low, high) = (one.low.max(other.low), one.high.min(other.high));
        (low < high).then_some((low, high))
    };
    for run in runs(SLOTS_PER_DAY, |slot| shared(slot).is_some()) {
        let mut points = plot.outline(run.clone(), |slot| shared(slot).map_or(0.0, |(_, high)| high));
        points.extend(plot.outline(run, |slot| shared(slot).map_or(0.0, |(low, _)| low)).into_iter().rev());
        scene.polygon(points, BOTH_BAND);
    }
}

fn draw_line(scene: &mut Scene, line: &Line, look: Look, plot: &Plot) {
    for run in runs(SLOTS_PER_DAY, |slot| line.at(slot).is_some()) {
        let points = plot.outline(run, |slot| line.at(slot).map_or(0.0, |point| point.value));
        if look.dashed {
            scene.dashed_path(&points, look.stroke, 2.5, 6.0);
        } else {
            scene.path(points, look.stroke, 2.5);
        }
    }
}

/// The difference in a plot of its own: coloured where its band leaves zero out, grey elsewhere.
fn draw_difference(scene: &mut Scene, line: &Line, above: &Plot, top: f64, room: f64, size: Size) -> f64 {
    let quiet = size.quiet();
    let title = quiet.wrap_within(&line.label, size.inner_width(), 1);
    for text in title {
        scene.write((size.margin(), top + quiet.size + 8.0), Anchor::Start, quiet, text);
    }
    let reach =
        |bound: fn(Interval) -> f64| line.points.iter().flatten().map(|point| bound(*point)).fold(0.0, f64::max);
    let (above_zero, below_zero) = (reach(|point| point.high), reach(|point| -point.low));
    // The smaller side gets no round end of its own, and no mark.
    let side = |reach: f64, other: f64| if reach < other / 8.0 { reach.max(0.0) } else { percent_ceiling(reach).0 };
    let (high, low) = (side(above_zero, below_zero), -side(below_zero, above_zero));
    let plot = Plot { top: top + 34.0, bottom: top + room - 8.0, low, high, ..*above };
    let write = |scene: &mut Scene, value: f64, label: String| {
        let y = plot.y(value);
        scene.line((plot.left - 5.0, y), (plot.right, y), GRID, 1.0);
        scene.write((plot.left - 8.0, y + quiet.centre_shift()), Anchor::End, quiet, label);
    };
    let apart = quiet.size / (plot.bottom - plot.top) * (high - low);
    if high > apart && above_zero >= below_zero / 8.0 {
        write(scene, high, format!("+{high:.0}"));
    }
    if -low > apart && below_zero >= above_zero / 8.0 {
        write(scene, low, format!("\u{2212}{:.0}", -low));
    }
    write(scene, 0.0, "0".to_owned());
    let kind = |slot: usize| {
        line.at(slot).map(|point| match point.excludes_zero() {
            false => (GREY_BAND, GREY),
            true if point.value > 0.0 => (WOMEN_BAND, WOMEN),
            true => (MEN_BAND, MEN),
        })
    };
    let mut slot = 0;
    while slot < SLOTS_PER_DAY {
        let here = kind(slot);
        let end = (slot..SLOTS_PER_DAY).find(|other| kind(*other) != here).unwrap_or(SLOTS_PER_DAY);
        if let Some((fill, stroke)) = here {
            // Up to the next slot that is shown, so that two stretches meet without a hole.
            let last = if end < SLOTS_PER_DAY && line.at(end).is_some() { end + 1 } else { end };
            let of = |pick: fn(Interval) -> f64| -> Vec<_> {
                let at = |slot: usize| (plot.x(slot as f64 + 0.5), plot.y(line.at(slot).map_or(0.0, pick)));
                (slot..last).map(at).collect()
            };
            let mut points = of(|point| point.high);
            points.extend(of(|point| point.low).into_iter().rev());
            scene.polygon(points, fill);
            scene.path(of(|point| point.value), stroke, 2.25);
        }
        slot = end;
    }
    let zero = plot.y(0.0);
    scene.line((plot.left, zero), (plot.right, zero), INK, 1.0);
    top + room
}

/// Where the name of each line stands: close to it, clear of both bands and of the other name; a line that is not shown
/// has none. `None` where there is no such place.
fn place_labels(lines: &[&Line; 2], plot: &Plot, size: Size) -> Option<Vec<Option<TextBox>>> {
    let style = size.strong();
    let mut placed: Vec<Option<TextBox>> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        if line.points.iter().all(Option::is_none) {
            placed.push(None);
            continue;
        }
        let other = lines[1 - index];
        let width = style.width(&line.label);
        let mut best: Option<(f64, TextBox)> = None;
        for slot in (0..SLOTS_PER_DAY).step_by(2) {
            let Some(point) = line.at(slot) else { continue };
            let centre = plot.x(slot as f64 + 0.5);
            for (top, beside) in
                [(plot.y(point.high) - style.size - 8.0, point.high), (plot.y(point.low) + 2.0, point.low)]
            {
                let label = TextBox {
                    left: centre - width / 2.0,
                    top,
                    right: centre + width / 2.0,
                    bottom: top + style.size + 6.0,
                };
                let inside = label.left >= plot.left + 2.0
                    && label.right <= plot.right
                    && label.top >= plot.top
                    && label.bottom <= plot.bottom - 2.0;
                if !inside
                    || placed.iter().flatten().any(|former| former.overlaps(&label))
                    || crosses(&label, lines, plot)
                {
                    continue;
                }
                // The place where the two lines lie farthest apart says most clearly whose name it is.
                let away = other.at(slot).map_or(plot.high, |other| (other.value - point.value).abs());
                let towards = other.at(slot).is_none_or(|other| (other.value > point.value) != (beside > point.value));
                let score = if towards { away } else { away / 4.0 };
                if best.is_none_or(|(highest, _)| score > highest) {
                    best = Some((score, label));
                }
            }
        }
        placed.push(Some(best?.1));
    }
    Some(placed)
}

/// Whether a line or its band runs through the box.
fn crosses(label: &TextBox, lines: &[&Line; 2], plot: &Plot) -> bool {
    (0..SLOTS_PER_DAY)
        .filter(|slot| plot.x(*slot as f64 + 1.0) >= label.left - 2.0 && plot.x(*slot as f64) <= label.right + 2.0)
        .flat_map(|slot| lines.iter().filter_map(move |line| line.at(slot)))
        .any(|point| plot.y(point.high) - 2.0 < label.bottom && plot.y(point.low) + 2.0 > label.top)
}

/// A dot of a shape that tells it without its colour: a disc for women, a square for men.
pub fn draw_marker(scene: &mut Scene, center: (f64, f64), square: bool, color: RGBColor) {
    if square {
        for (half, fill) in [(7.0, PAPER), (5.5, color)] {
            scene.rectangle((center.0 - half, center.1 - half), (center.0 + half, center.1 + half), fill);
        }
    } else {
        scene.shapes.push(Shape::Disc { center, radius: 8.0, fill: PAPER });
        scene.shapes.push(Shape::Disc { center, radius: 6.5, fill: color });
    }
}
