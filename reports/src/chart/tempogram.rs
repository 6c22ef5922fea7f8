//! A tempogram: for every ten minutes of the day, the share of people in each activity, stacked to 100%.

use questionnaires::slot::{SLOTS_PER_DAY, Slot};

use crate::chart::frame::Size;
use crate::palette::{self, BANDS, GRID, INK, PAPER};
use crate::scene::{Anchor, Point, Scene, Shape, TextStyle};

/// Stacked shares over the 144 slots from 04:00.
#[derive(Debug, Clone, PartialEq)]
pub struct Tempogram {
    /// From the bottom upwards, at most [`BANDS`]' number.
    pub bands: Vec<Band>,
    /// Written where nothing may be shown at all.
    pub hidden: String,
}

/// One activity, or several taken together.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// Its name.
    pub label: String,
    /// Percent of people, a value per slot; `None` where it may not be shown.
    pub shares: Vec<Option<f64>>,
}

/// The plot's frame on the picture.
struct Plot {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

impl Plot {
    fn x(&self, slots: f64) -> f64 {
        self.left + slots / SLOTS_PER_DAY as f64 * (self.right - self.left)
    }

    fn y(&self, percent: f64) -> f64 {
        self.bottom - percent.clamp(0.0, 100.0) / 100.0 * (self.bottom - self.top)
    }
}

impl Tempogram {
    /// Draws below `top`; returns the bottom.
    pub fn draw(&self, scene: &mut Scene, top: f64, size: Size) -> f64 {
        let edges = self.edges();
        let height = match size {
            Size::Wide => 400.0,
            Size::Narrow => 340.0,
        };
        let axis_room = size.quiet().width("100%") + 8.0;
        let plot = |top: f64| Plot {
            left: size.margin() + axis_room,
            right: size.width() - size.margin() - 4.0,
            top,
            bottom: top + height,
        };
        // Labels go into their bands; those that do not fit there are explained above the plot.
        let inside: Vec<Option<InnerLabel>> =
            (0..self.bands.len()).map(|band| self.room_for_label(&edges, band, &plot(top), size)).collect();
        let outside = (0..self.bands.len()).filter(|band| inside[*band].is_none());
        let plot = plot(self.write_key(scene, outside.rev(), top, size));
        if edges.iter().all(Option::is_none) {
            let middle = ((plot.left + plot.right) / 2.0, (plot.top + plot.bottom) / 2.0);
            scene.write(middle, Anchor::Middle, size.quiet(), self.hidden.as_str());
        }
        for run in runs(&edges) {
            self.draw_run(scene, &edges, run, &plot);
        }
        draw_axes(scene, &plot, size);
        let shift = plot.bottom - height - top;
        for (band, label) in inside.iter().enumerate() {
            let style = TextStyle { color: palette::text_on(BANDS[band]), ..size.strong() };
            for (x, baseline, line) in label.iter().flat_map(|label| label.lines(style)) {
                scene.write((x, baseline + shift), Anchor::Middle, style, line);
            }
        }
        plot.bottom + 24.0
    }

    /// For each slot, the percentages at which bands meet, from 0 up; `None` where a share is hidden.
    fn edges(&self) -> Vec<Option<Vec<f64>>> {
        (0..SLOTS_PER_DAY)
            .map(|slot| {
                let mut sum = 0.0;
                let mut edges = vec![0.0];
                for band in &self.bands {
                    sum += band.shares.get(slot).copied().flatten()?;
                    edges.push(sum);
                }
                (edges.len() > 1).then_some(edges)
            })
            .collect()
    }

    fn draw_run(&self, scene: &mut Scene, edges: &[Option<Vec<f64>>], run: std::ops::Range<usize>, plot: &Plot) {
        let outline = |edge: usize| -> Vec<Point> {
            let at = |slot: usize| edges[slot].as_ref().map_or(0.0, |edges| edges[edge]);
            let first = (plot.x(run.start as f64), plot.y(at(run.start)));
            let last = (plot.x(run.end as f64), plot.y(at(run.end - 1)));
            let middles = run.clone().map(|slot| (plot.x(slot as f64 + 0.5), plot.y(at(slot))));
            std::iter::once(first).chain(middles).chain([last]).collect()
        };
        for (band, fill) in BANDS.into_iter().enumerate().take(self.bands.len()) {
            let mut points = outline(band);
            points.extend(outline(band + 1).into_iter().rev());
            scene.shapes.push(Shape::Polygon { points, fill });
        }
        for edge in 1..self.bands.len() {
            scene.shapes.push(Shape::Line { points: outline(edge), stroke: PAPER, width: 1.5 });
        }
    }

    /// Where the label of `band` fits into it, in one line or in two; the roomiest place.
    fn room_for_label(&self, edges: &[Option<Vec<f64>>], band: usize, plot: &Plot, size: Size) -> Option<InnerLabel> {
        let style = size.strong();
        let label = &self.bands[band].label;
        let one_line = vec![label.clone()];
        let two_lines = style.wrap(label, style.width(label) * 0.62);
        [one_line, two_lines].into_iter().find_map(|lines| {
            let width = lines.iter().map(|line| style.width(line)).fold(0.0, f64::max) + 14.0;
            let needed = lines.len() as f64 * style.line_height() + 2.0;
            let (room, centre) = roomiest(edges, band, plot, width)?;
            (room >= needed).then_some(InnerLabel { lines, centre })
        })
    }

    /// Writes a key for `bands`, in lines; returns where the plot may begin.
    fn write_key(&self, scene: &mut Scene, bands: impl Iterator<Item = usize>, top: f64, size: Size) -> f64 {
        let style = size.body();
        let (left, right) = (size.margin(), size.width() - size.margin());
        let (mut x, mut y) = (left, top);
        for band in bands {
            for (index, line) in style.wrap(&self.bands[band].label, right - left - 22.0).into_iter().enumerate() {
                let width = 22.0 + style.width(&line);
                if x > left && (index > 0 || x + width > right) {
                    (x, y) = (left, y + 24.0);
                }
                if index == 0 {
                    scene.rectangle((x, y + 3.0), (x + 15.0, y + 18.0), BANDS[band]);
                }
                scene.write((x + 22.0, y + 10.5 + style.centre_shift()), Anchor::Start, style, line);
                x += width + 20.0;
            }
        }
        if x > left { y + 34.0 } else { y }
    }
}

/// A label inside its band.
struct InnerLabel {
    lines: Vec<String>,
    centre: Point,
}

impl InnerLabel {
    /// Middle, baseline and text of each line.
    fn lines(&self, style: TextStyle) -> impl Iterator<Item = (f64, f64, &str)> {
        let first = self.centre.1 - (self.lines.len() - 1) as f64 * style.line_height() / 2.0 + style.centre_shift();
        let (x, lines) = (self.centre.0, self.lines.iter().enumerate());
        lines.map(move |(index, line)| (x, first + index as f64 * style.line_height(), line.as_str()))
    }
}

/// The place in `band` where a box of `width` has most height: that height, and the middle of the place.
fn roomiest(edges: &[Option<Vec<f64>>], band: usize, plot: &Plot, width: f64) -> Option<(f64, Point)> {
    let n_slots = (width / (plot.x(1.0) - plot.x(0.0))).ceil() as usize;
    let mut best: Option<(f64, Point)> = None;
    for window in edges.windows(n_slots.clamp(1, SLOTS_PER_DAY)).enumerate().filter(|_| n_slots <= SLOTS_PER_DAY) {
        let (first, window) = window;
        let Some(inside) = window.iter().map(Option::as_ref).collect::<Option<Vec<_>>>() else { continue };
        let floor = plot.y(inside.iter().map(|edges| edges[band]).fold(0.0, f64::max));
        let ceiling = plot.y(inside.iter().map(|edges| edges[band + 1]).fold(100.0, f64::min));
        if floor - ceiling > best.map_or(0.0, |(room, _)| room) {
            best = Some((floor - ceiling, (plot.x(first as f64 + n_slots as f64 / 2.0), (floor + ceiling) / 2.0)));
        }
    }
    best
}

/// Runs of slots that can be shown.
fn runs(edges: &[Option<Vec<f64>>]) -> Vec<std::ops::Range<usize>> {
    let mut runs: Vec<std::ops::Range<usize>> = Vec::new();
    for slot in (0..edges.len()).filter(|slot| edges[*slot].is_some()) {
        match runs.last_mut() {
            Some(run) if run.end == slot => run.end = slot + 1,
            _ => runs.push(slot..slot + 1),
        }
    }
    runs
}

fn draw_axes(scene: &mut Scene, plot: &Plot, size: Size) {
    let style = size.quiet();
    for percent in [0.0, 25.0, 50.0, 75.0, 100.0] {
        let y = plot.y(percent);
        scene.line((plot.left - 5.0, y), (plot.left, y), GRID, 1.0);
        scene.write((plot.left - 8.0, y + style.centre_shift()), Anchor::End, style, format!("{percent:.0}%"));
    }
    let hours = match size {
        Size::Wide => 2,
        Size::Narrow => 4,
    };
    for slot in (0..=SLOTS_PER_DAY).step_by(hours * 6) {
        let x = plot.x(slot as f64);
        scene.line((x, plot.bottom), (x, plot.bottom + 5.0), INK, 1.0);
        let label = Slot::new(slot).map(|slot| slot.to_string()).unwrap_or_default();
        let half = style.width(&label) / 2.0;
        let centre = x.min(size.width() - 2.0 - half);
        scene.write((centre, plot.bottom + 19.0), Anchor::Middle, style, label);
    }
}
