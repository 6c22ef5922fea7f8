//! A tempogram: for every ten minutes of the day, the share of people in each activity, stacked to 100%.

use questionnaires::slot::SLOTS_PER_DAY;

use crate::chart::frame::Size;
use crate::chart::hours::{HOURS_ROOM, Plot, runs};
use crate::chart::key::{self, Swatch};
use crate::palette::{self, BANDS, INK, PAPER};
use crate::scene::{Anchor, Channel, Point, Scene, TextStyle};

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

/// For each slot, the percentages at which bands meet, from 0 up; `None` where a share is hidden.
type Edges = [Option<Vec<f64>>];

impl Tempogram {
    /// Draws below `top`; returns the bottom.
    pub fn draw(&self, scene: &mut Scene, top: f64, size: Size) -> f64 {
        let edges = self.edges();
        let axis_room = size.quiet().width("100%") + 8.0;
        let plot = |top: f64| Plot {
            left: size.margin() + axis_room,
            right: size.width() - size.margin() - 4.0,
            top: top + 8.0,
            bottom: top + 8.0 + size.plot_height(top + 8.0, 400.0, 340.0, HOURS_ROOM),
            low: 0.0,
            high: 100.0,
        };
        let labels_in = |plot: &Plot| -> Vec<Option<InnerLabel>> {
            (0..self.bands.len()).map(|band| self.room_for_label(&edges, band, plot, size)).collect()
        };
        // Labels go into their bands; those that do not fit there are explained above the plot, which may make it lower.
        let mut outside = vec![false; self.bands.len()];
        let (plot, inside) = loop {
            let plot = plot(self.write_key(&mut Scene::new(size.width()), &outside, top, size));
            let inside = labels_in(&plot);
            let more: Vec<bool> = inside.iter().zip(&outside).map(|(label, out)| label.is_none() || *out).collect();
            if more == outside {
                break (plot, inside);
            }
            outside = more;
        };
        self.write_key(scene, &outside, top, size);
        if edges.iter().all(Option::is_none) {
            let middle = ((plot.left + plot.right) / 2.0, (plot.top + plot.bottom) / 2.0);
            scene.write(middle, Anchor::Middle, size.quiet(), self.hidden.as_str());
        }
        for run in runs(SLOTS_PER_DAY, |slot| edges[slot].is_some()) {
            self.draw_run(scene, &edges, run, &plot, &outside);
        }
        plot.draw_levels(scene, size, 25.0, false, |percent| format!("{percent:.0}%"));
        plot.draw_hours(scene, size);
        for (band, label) in inside.iter().enumerate().filter(|(band, _)| !outside[*band]) {
            let style = TextStyle { color: palette::text_on(BANDS[band]), ..size.strong() };
            scene.key(BANDS[band], self.bands[band].label.as_str(), Channel::Label);
            for (x, baseline, line) in label.iter().flat_map(|label| label.lines(style)) {
                scene.write((x, baseline), Anchor::Middle, style, line);
            }
        }
        plot.bottom + HOURS_ROOM
    }

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

    fn draw_run(&self, scene: &mut Scene, edges: &Edges, run: std::ops::Range<usize>, plot: &Plot, outside: &[bool]) {
        let at = |slot: usize, edge: usize| edges[slot].as_ref().map_or(0.0, |edges| edges[edge]);
        let mut stripes = 0;
        for (band, fill) in BANDS.into_iter().enumerate().take(self.bands.len()) {
            let mut points = plot.outline(run.clone(), |slot| at(slot, band));
            points.extend(plot.outline(run.clone(), |slot| at(slot, band + 1)).into_iter().rev());
            scene.polygon(points, fill);
            if outside[band] {
                for slot in run.clone().step_by(key::stripe_step(stripes)) {
                    let x = plot.x(slot as f64 + 0.5);
                    let (from, to) = (plot.y(at(slot, band)), plot.y(at(slot, band + 1)));
                    if from - to > 1.0 {
                        scene.line((x, from), (x, to), palette::text_on(fill), 0.75);
                    }
                }
                stripes += 1;
            }
        }
        // Ink between two lines of paper is seen between any two bands, also where one of no height lies between them.
        let border = |edge: usize| plot.outline(run.clone(), |slot| at(slot, edge));
        for (stroke, width) in [(PAPER, 2.5), (INK, 1.0)] {
            for edge in 1..self.bands.len() {
                scene.path(border(edge), stroke, width);
            }
        }
    }

    /// Where the label of `band` fits into it, in one line or in two; the roomiest place.
    fn room_for_label(&self, edges: &Edges, band: usize, plot: &Plot, size: Size) -> Option<InnerLabel> {
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

    /// Writes a key for the bands `outside`, the uppermost first; returns where the plot may begin.
    fn write_key(&self, scene: &mut Scene, outside: &[bool], top: f64, size: Size) -> f64 {
        let mut entries = Vec::new();
        for band in (0..self.bands.len()).filter(|band| outside[*band]) {
            let (fill, label, number) = (BANDS[band], self.bands[band].label.as_str(), entries.len() as u8);
            scene.key(fill, label, Channel::Pattern(number));
            entries.push((Swatch::Striped(fill, number), label));
        }
        entries.reverse();
        key::write(scene, top, size, &entries)
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
fn roomiest(edges: &Edges, band: usize, plot: &Plot, width: f64) -> Option<(f64, Point)> {
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
