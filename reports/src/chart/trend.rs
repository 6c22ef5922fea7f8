//! A trend: the same number in two or more waves of a survey, with its interval in each.

use plotters::style::RGBColor;

use crate::chart::axis::Measure;
use crate::chart::day_bar::spread;
use crate::chart::frame::Size;
use crate::chart::hours::Plot;
use crate::chart::lines::draw_marker;
use crate::chart::rows::Interval;
use crate::palette::{BLUE, INK, MEN, WOMEN};
use crate::scene::{Anchor, Channel, Scene, TextStyle};
use crate::text::Texts;

/// Lines from wave to wave.
#[derive(Debug, Clone, PartialEq)]
pub struct Trend {
    /// The waves, the oldest first.
    pub waves: Vec<String>,
    /// At most three lines.
    pub series: Vec<Series>,
    /// What is measured.
    pub measure: Measure,
}

/// One line.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Whose number.
    pub label: String,
    /// Which colour and marker it has.
    pub who: Who,
    /// The number of each wave; `None` where it may not be shown.
    pub points: Vec<Option<Interval>>,
    /// What is written at its end: the last number in words, or why there is none.
    pub text: String,
}

/// Whom a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Everybody.
    Everybody,
    /// Women.
    Women,
    /// Men.
    Men,
}

impl Who {
    fn color(self) -> RGBColor {
        match self {
            Who::Everybody => BLUE,
            Who::Women => WOMEN,
            Who::Men => MEN,
        }
    }
}

impl Trend {
    /// Draws below `top`; returns the bottom.
    pub fn draw(&self, scene: &mut Scene, top: f64, size: Size, texts: &Texts) -> f64 {
        let (body, quiet) = (size.body(), size.quiet());
        let highest = self.series.iter().flat_map(|series| series.points.iter().flatten()).map(|point| point.high);
        let highest = highest.fold(0.0, f64::max);
        let step = self.measure.step(0.0, highest.max(1.0), 5.0);
        let ceiling = ((highest / step).ceil() * step).max(step);
        let levels = (0..=(ceiling / step) as usize).map(|index| self.measure.label(index as f64 * step, texts));
        let axis_room = levels.map(|label| quiet.width(&label)).fold(0.0, f64::max) + 10.0;
        let most = if size == Size::Narrow { 104.0 } else { 220.0 };
        let labels: Vec<Vec<(TextStyle, String)>> =
            self.series.iter().map(|series| end_label(series, most, size)).collect();
        let widest = labels.iter().flatten().map(|(style, line)| style.width(line)).fold(0.0, f64::max);
        let plot = Plot {
            left: size.margin() + axis_room,
            right: size.width() - size.margin() - widest - 22.0,
            top: top + 10.0,
            bottom: top + 10.0 + size.plot_height(top + 10.0, 300.0, 260.0, 26.0),
            low: 0.0,
            high: ceiling,
        };
        plot.draw_levels(scene, size, step, true, |value| self.measure.label(value, texts));
        let n = self.waves.len();
        let x = |wave: usize| {
            let inner = plot.right - plot.left - 48.0;
            plot.left + 24.0 + if n > 1 { inner * wave as f64 / (n - 1) as f64 } else { inner / 2.0 }
        };
        self.write_waves(scene, &plot, &x, size);
        // Side by side where they would cover one another.
        let shift = |index: usize| (index as f64 - (self.series.len() as f64 - 1.0) / 2.0) * 5.0;
        for (index, series) in self.series.iter().enumerate() {
            let channel = Channel::Marker(series.who as u8);
            scene.key(series.who.color(), series.label.as_str(), channel);
            let place = |(wave, point): (usize, &Option<Interval>)| point.map(|point| (x(wave) + shift(index), point));
            let shown: Vec<Option<(f64, Interval)>> = series.points.iter().enumerate().map(place).collect();
            for pair in shown.windows(2) {
                if let [Some((from, one)), Some((to, other))] = pair {
                    let ends = ((*from, plot.y(one.value)), (*to, plot.y(other.value)));
                    scene.cased_path(vec![ends.0, ends.1], series.who.color(), 2.5);
                }
            }
            for (x, point) in shown.into_iter().flatten() {
                let (low, high) = (plot.y(point.low), plot.y(point.high));
                scene.line((x, low), (x, high), INK, 1.75);
                for y in [low, high] {
                    scene.line((x - 4.0, y), (x + 4.0, y), INK, 1.75);
                }
                draw_marker(scene, (x, plot.y(point.value)), series.who == Who::Men, series.who.color());
            }
        }
        scene.line((plot.left, plot.bottom), (plot.right, plot.bottom), INK, 1.25);
        let bottom = write_ends(scene, &labels, self, &plot);
        bottom.max(plot.bottom + 26.0).max(plot.bottom + body.size)
    }

    /// Names the waves below the plot, as many as have room.
    fn write_waves(&self, scene: &mut Scene, plot: &Plot, x: &dyn Fn(usize) -> f64, size: Size) {
        let style = size.body();
        let mut free = size.margin();
        let last = self.waves.len().saturating_sub(1);
        let room = |wave: usize| -> (f64, f64, String) {
            let most = (plot.right + 20.0 - size.margin()) / 2.0;
            let label = style.wrap_within(&self.waves[wave], most, 1).concat();
            let half = style.width(&label) / 2.0;
            let centre =
                x(wave).clamp(size.margin() + half, (size.width() - size.margin() - half).max(size.margin() + half));
            (centre - half, centre + half, label)
        };
        for wave in 0..self.waves.len() {
            let (from, to, label) = room(wave);
            // The last wave is always named.
            if from < free || (wave < last && to + 10.0 > room(last).0) {
                continue;
            }
            scene.write((from, plot.bottom + 20.0), Anchor::Start, style, label);
            free = to + 10.0;
        }
    }
}

fn end_label(series: &Series, most: f64, size: Size) -> Vec<(TextStyle, String)> {
    let name = TextStyle { color: series.who.color(), ..size.strong() };
    let names = name.wrap_within(&series.label, most, 2).into_iter().map(|line| (name, line));
    let texts = size.body().wrap_within(&series.text, most, 3).into_iter().map(|line| (size.body(), line));
    names.chain(texts).collect()
}

/// Writes the names and last numbers beside the ends of their lines; returns the lowest edge.
fn write_ends(scene: &mut Scene, labels: &[Vec<(TextStyle, String)>], trend: &Trend, plot: &Plot) -> f64 {
    let end = |series: &Series| series.points.iter().rev().flatten().next().map_or(plot.low, |point| point.value);
    let mut order: Vec<usize> = (0..labels.len()).collect();
    order.sort_by(|one, other| end(&trend.series[*other]).total_cmp(&end(&trend.series[*one])));
    let height = |label: &[(TextStyle, String)]| label.iter().map(|(style, _)| style.line_height()).sum::<f64>() + 4.0;
    let heights: Vec<f64> = order.iter().map(|index| height(&labels[*index])).collect();
    let wanted: Vec<f64> = order.iter().map(|index| plot.y(end(&trend.series[*index]))).collect();
    let mut lowest = plot.top;
    for ((index, place), room) in order.iter().zip(spread(&wanted, &heights, plot.top)).zip(&heights) {
        let mut y = place - room / 2.0;
        for (style, line) in &labels[*index] {
            scene.write((plot.right + 16.0, y + style.size), Anchor::Start, *style, line.as_str());
            y += style.line_height();
        }
        lowest = lowest.max(y);
    }
    lowest
}
