//! Opening hours against the people who are free: a strip for each weekday, dark where the doors are open.

use questionnaires::slot::{SLOTS_PER_DAY, Span};

use crate::chart::frame::Size;
use crate::chart::hours::{HOURS_ROOM, Plot, percent_ceiling, runs};
use crate::chart::key::{self, Swatch};
use crate::palette::{BANDS, GREY, HIDDEN, INK};
use crate::scene::{Anchor, Channel, Scene};

/// A week of opening hours.
#[derive(Debug, Clone, PartialEq)]
pub struct OpeningCalendar {
    /// The days, from the top.
    pub days: Vec<OpeningDay>,
    /// What the dark area is.
    pub open: String,
    /// What the light area is.
    pub closed: String,
    /// What a hatched stretch means.
    pub hidden: String,
}

/// One day.
#[derive(Debug, Clone, PartialEq)]
pub struct OpeningDay {
    /// Its name.
    pub label: String,
    /// Its opening hours in words.
    pub note: String,
    /// When the doors are open.
    pub open: Vec<Span>,
    /// Percent of people who are free, a value per slot; `None` where it may not be shown.
    pub available: Vec<Option<f64>>,
}

impl OpeningDay {
    fn is_open(&self, slot: usize) -> bool {
        self.open.iter().any(|span| (span.start().index()..span.end().index()).contains(&slot))
    }
}

/// Free people while the doors are open, and while they are closed.
const COLORS: [plotters::style::RGBColor; 2] = [BANDS[0], BANDS[1]];

impl OpeningCalendar {
    /// Draws below `top`; returns the bottom.
    pub fn draw(&self, scene: &mut Scene, top: f64, size: Size) -> f64 {
        let mut entries =
            vec![(Swatch::Fill(COLORS[0]), self.open.as_str()), (Swatch::Fill(COLORS[1]), self.closed.as_str())];
        scene.key(COLORS[0], self.open.as_str(), Channel::Lightness);
        scene.key(COLORS[1], self.closed.as_str(), Channel::Lightness);
        if self.days.iter().any(|day| day.available.iter().any(Option::is_none)) {
            scene.key(HIDDEN, self.hidden.as_str(), Channel::Pattern(0));
            entries.push((Swatch::Hatched(HIDDEN), self.hidden.as_str()));
        }
        let mut y = key::write(scene, top, size, &entries);
        let values = self.days.iter().flat_map(|day| day.available.iter().flatten()).copied();
        let (ceiling, _) = percent_ceiling(values.fold(0.0, f64::max));
        let (strong, quiet) = (size.strong(), size.quiet());
        let stacked = size == Size::Narrow;
        let label_width = if stacked { size.inner_width() } else { 150.0 };
        let level = format!("{ceiling:.0}%");
        let left = size.margin() + if stacked { 0.0 } else { label_width + 14.0 } + quiet.width(&level) + 8.0;
        let right = size.width() - size.margin() - 4.0;
        let n_days = self.days.len().max(1) as f64;
        let height = match size {
            Size::Share => ((size.plot_height(y, 0.0, 0.0, HOURS_ROOM) / n_days) - 8.0).clamp(14.0, 46.0),
            Size::Wide | Size::Narrow => 46.0,
        };
        let mut plot = Plot { left, right, top: y, bottom: y, low: 0.0, high: ceiling };
        for day in &self.days {
            let most = if size == Size::Share && height < 34.0 { 0 } else { 2 };
            let mut text = y;
            for line in strong.wrap_within(&day.label, label_width, 1) {
                scene.write((size.margin(), text + strong.size), Anchor::Start, strong, line);
                text += strong.line_height();
            }
            for line in quiet.wrap_within(&day.note, label_width, most.max(1)).into_iter().take(most) {
                scene.write((size.margin(), text + quiet.size), Anchor::Start, quiet, line);
                text += quiet.line_height();
            }
            plot.top = if stacked { text + 4.0 } else { y };
            plot.bottom = plot.top + height;
            draw_day(scene, day, &plot);
            if height > 30.0 {
                scene.write((left - 6.0, plot.top + 9.0), Anchor::End, quiet, level.as_str());
                scene.write((left - 6.0, plot.bottom), Anchor::End, quiet, "0");
            }
            y = (plot.bottom + 8.0).max(text + 6.0);
        }
        if !self.days.is_empty() {
            plot.draw_hours(scene, size);
        }
        y.max(plot.bottom + HOURS_ROOM)
    }
}

fn draw_day(scene: &mut Scene, day: &OpeningDay, plot: &Plot) {
    let value = |slot: usize| day.available.get(slot).copied().flatten();
    let mut hidden_ends = Vec::new();
    for run in runs(SLOTS_PER_DAY, |slot| value(slot).is_none()) {
        let (from, to) = ((plot.x(run.start as f64), plot.top), (plot.x(run.end as f64), plot.bottom));
        scene.rectangle(from, to, HIDDEN);
        scene.hatch(from, to, GREY, 6.0);
        hidden_ends.extend([from.0, to.0]);
    }
    for (open, fill) in [(false, COLORS[1]), (true, COLORS[0])] {
        for run in runs(SLOTS_PER_DAY, |slot| value(slot).is_some() && day.is_open(slot) == open) {
            // By whole slots: the edges of the opening hours are upright.
            let upper = run.clone().flat_map(|slot| [(slot, slot as f64), (slot, slot as f64 + 1.0)]);
            let mut points: Vec<_> =
                upper.map(|(slot, at)| (plot.x(at), plot.y(value(slot).unwrap_or_default()))).collect();
            points.push((plot.x(run.end as f64), plot.bottom));
            points.push((plot.x(run.start as f64), plot.bottom));
            scene.polygon(points, fill);
        }
    }
    for x in hidden_ends {
        scene.line((x, plot.top), (x, plot.bottom), INK, 1.0);
    }
    scene.line((plot.left, plot.bottom), (plot.right, plot.bottom), INK, 1.0);
    // Open doors are seen where nobody is free, too.
    for run in runs(SLOTS_PER_DAY, |slot| day.is_open(slot)) {
        scene.line((plot.x(run.start as f64), plot.bottom), (plot.x(run.end as f64), plot.bottom), INK, 4.0);
    }
}
