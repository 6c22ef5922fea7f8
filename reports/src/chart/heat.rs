//! A heat map: what share of people does something at each hour, a strip for each kind of day, darker where more do.

use plotters::style::RGBColor;
use questionnaires::slot::SLOTS_PER_DAY;

use crate::chart::frame::Size;
use crate::chart::hours::{HOURS_ROOM, Plot};
use crate::chart::key::{self, Swatch};
use crate::palette::{self, GREY, HIDDEN, INK, STEPS};
use crate::scene::{Anchor, Channel, Scene};

/// Strips of 144 slots from 04:00.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatMap {
    /// The strips, from the top.
    pub strips: Vec<Strip>,
    /// What a hatched stretch means.
    pub hidden: String,
}

/// One kind of day.
#[derive(Debug, Clone, PartialEq)]
pub struct Strip {
    /// Its name.
    pub label: String,
    /// What is to be noted of it, such as its peak.
    pub note: String,
    /// Percent of people, a value per slot; `None` where it may not be shown.
    pub shares: Vec<Option<f64>>,
}

/// Widths of a step that make round bounds, percent.
const WIDTHS: [f64; 9] = [1.0, 2.0, 3.0, 4.0, 5.0, 8.0, 10.0, 15.0, 20.0];

impl HeatMap {
    /// Draws below `top`; returns the bottom.
    pub fn draw(&self, scene: &mut Scene, top: f64, size: Size) -> f64 {
        let highest = self.strips.iter().flat_map(|strip| strip.shares.iter().flatten()).copied().fold(0.0, f64::max);
        let width = WIDTHS.into_iter().find(|width| width * STEPS.len() as f64 >= highest).unwrap_or(20.0);
        let mut y = self.write_key(scene, top, size, width);
        let (strong, quiet) = (size.strong(), size.quiet());
        let label_width = match size {
            Size::Narrow => size.inner_width(),
            Size::Wide | Size::Share => {
                let widest = self.strips.iter().map(|strip| strong.width(&strip.label).max(quiet.width(&strip.note)));
                widest.fold(0.0, f64::max).ceil().min(210.0)
            }
        };
        let left = if size == Size::Narrow { size.margin() } else { size.margin() + label_width + 14.0 };
        let right = size.width() - size.margin() - 4.0;
        let mut plot = Plot { left, right, top: y, bottom: y, low: 0.0, high: 1.0 };
        for strip in &self.strips {
            let lines = strong.wrap_within(&strip.label, label_width, size.label_lines()).into_iter();
            let notes = quiet.wrap_within(&strip.note, label_width, size.label_lines()).into_iter();
            let lines: Vec<_> = lines.map(|line| (strong, line)).chain(notes.map(|line| (quiet, line))).collect();
            let text_height: f64 = lines.iter().map(|(style, _)| style.line_height()).sum();
            let height = match size {
                Size::Narrow => 40.0,
                Size::Wide => text_height.max(46.0),
                Size::Share => text_height.max(30.0),
            };
            let mut text = y;
            for (style, line) in lines {
                scene.write((size.margin(), text + style.size), Anchor::Start, style, line);
                text += style.line_height();
            }
            let from = if size == Size::Narrow { text + 4.0 } else { y };
            plot.top = from;
            plot.bottom = from + height;
            draw_strip(scene, strip, &plot, width);
            y = plot.bottom + if size == Size::Narrow { 16.0 } else { 10.0 };
        }
        if !self.strips.is_empty() {
            plot.draw_hours(scene, size);
        }
        plot.bottom + HOURS_ROOM
    }

    fn write_key(&self, scene: &mut Scene, top: f64, size: Size, width: f64) -> f64 {
        let bounds = (0..STEPS.len()).map(|step| {
            let (from, to) = (step as f64 * width, (step + 1) as f64 * width);
            format!("{from:.0}–{to:.0}%")
        });
        let bounds: Vec<String> = bounds.collect();
        let mut entries: Vec<_> = STEPS.map(Swatch::Fill).into_iter().zip(bounds.iter().map(String::as_str)).collect();
        for (fill, label) in STEPS.into_iter().zip(&bounds) {
            scene.key(fill, label.as_str(), Channel::Lightness);
        }
        if self.strips.iter().any(|strip| strip.shares.iter().any(Option::is_none)) {
            scene.key(HIDDEN, self.hidden.as_str(), Channel::Pattern(0));
            entries.push((Swatch::Hatched(HIDDEN), self.hidden.as_str()));
        }
        key::write(scene, top, size, &entries)
    }
}

/// The step of a share; the last one holds its upper bound.
fn step_of(share: f64, width: f64) -> usize {
    ((share / width).floor().max(0.0) as usize).min(STEPS.len() - 1)
}

fn draw_strip(scene: &mut Scene, strip: &Strip, plot: &Plot, width: f64) {
    scene.rectangle((plot.left - 1.0, plot.top - 1.0), (plot.right + 1.0, plot.bottom + 1.0), INK);
    let step = |slot: usize| strip.shares.get(slot).copied().flatten().map(|share| step_of(share, width));
    let fill = |step: Option<usize>| -> RGBColor { step.map_or(HIDDEN, |step| STEPS[step]) };
    let mut slot = 0;
    while slot < SLOTS_PER_DAY {
        let here = step(slot);
        let end = (slot..SLOTS_PER_DAY).find(|other| step(*other) != here).unwrap_or(SLOTS_PER_DAY);
        let (from, to) = ((plot.x(slot as f64), plot.top), (plot.x(end as f64), plot.bottom));
        scene.rectangle(from, to, fill(here));
        if here.is_none() {
            scene.hatch(from, to, GREY, 6.0);
        }
        if slot > 0 {
            let border = palette::border_between(fill(step(slot - 1)), fill(here));
            scene.line((from.0, plot.top), (from.0, plot.bottom), border, 1.0);
        }
        slot = end;
    }
}
