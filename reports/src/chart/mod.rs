//! Charts: each type in its own file, all drawn into a scene at one of three sizes.

pub mod axis;
pub mod bars;
pub mod day_bar;
pub mod dots;
mod fitting;
pub mod frame;
pub mod gap;
pub mod heat;
mod hours;
mod key;
pub mod likert;
pub mod lines;
pub mod multiples;
pub mod opening;
pub mod pyramid;
pub mod rows;
pub mod tempogram;
pub mod trend;

use crate::scene::Scene;
use crate::text::Texts;

pub use axis::Measure;
pub use bars::BarChart;
pub use day_bar::DayBars;
pub use dots::DotChart;
pub use frame::{Caption, Size};
pub use gap::GapChart;
pub use heat::HeatMap;
pub use likert::Likert;
pub use lines::LineChart;
pub use multiples::Multiples;
pub use opening::OpeningCalendar;
pub use pyramid::Pyramid;
pub use rows::Mark;
pub use tempogram::{Band, Tempogram};
pub use trend::Trend;

/// What is drawn.
#[derive(Debug, Clone, PartialEq)]
pub enum Chart {
    /// Bars with intervals.
    Bars(BarChart),
    /// The 24 hours of a day as a bar.
    Day(DayBars),
    /// Dots with intervals, against a reference.
    Dots(DotChart),
    /// Differences to the left and right of zero.
    Gap(GapChart),
    /// Shares of people by hour and kind of day.
    Heat(HeatMap),
    /// Answers from no to yes.
    Likert(Likert),
    /// Lines over the hours of the day, in confidence bands.
    Lines(LineChart),
    /// A panel for each age.
    Multiples(Multiples),
    /// Opening hours against free people.
    Opening(OpeningCalendar),
    /// Women to the left, men to the right.
    Pyramid(Pyramid),
    /// Shares of people over the hours of the day.
    Tempogram(Tempogram),
    /// From wave to wave.
    Trend(Trend),
}

impl Chart {
    /// Draws below `top`; returns the bottom.
    fn draw(&self, scene: &mut Scene, top: f64, size: Size, texts: &Texts) -> f64 {
        match self {
            Chart::Bars(chart) => chart.draw(scene, top, size, texts),
            Chart::Day(chart) => chart.draw(scene, top, size),
            Chart::Dots(chart) => chart.draw(scene, top, size, texts),
            Chart::Gap(chart) => chart.draw(scene, top, size, texts),
            Chart::Heat(chart) => chart.draw(scene, top, size),
            Chart::Likert(chart) => chart.draw(scene, top, size),
            Chart::Lines(chart) => chart.draw(scene, top, size),
            Chart::Multiples(chart) => chart.draw(scene, top, size, texts),
            Chart::Opening(chart) => chart.draw(scene, top, size),
            Chart::Pyramid(chart) => chart.draw(scene, top, size, texts),
            Chart::Tempogram(chart) => chart.draw(scene, top, size),
            Chart::Trend(chart) => chart.draw(scene, top, size, texts),
        }
    }
}

/// Draws `chart` without the words around it, for a document that sets them itself.
pub fn draw_alone(chart: &Chart, size: Size, texts: &Texts) -> Scene {
    let mut scene = Scene::new(size.width());
    let bottom = chart.draw(&mut scene, 8.0, size, texts);
    scene.height = bottom + 8.0;
    scene
}

/// Draws `chart` under its caption. Where the picture has a height of its own, with as many rows as fit.
pub fn draw(chart: &Chart, caption: &Caption, size: Size, texts: &Texts) -> Scene {
    let drawn = |chart: &Chart| {
        let mut scene = Scene::new(size.width());
        let top = caption.open(&mut scene, size);
        let bottom = chart.draw(&mut scene, top, size, texts);
        (scene, bottom)
    };
    let (mut scene, mut bottom) = drawn(chart);
    let mut note = None;
    if let Some(floor) = size.floor() {
        let mut n_rows = chart.n_rows();
        while bottom > floor && n_rows > 1 {
            // Far too many rows are not tried one by one.
            n_rows = (n_rows - 1).min(fitting::MOST_ROWS);
            (scene, bottom) = drawn(&chart.with_rows(n_rows));
            note = Some(texts.text("shortened"));
        }
    }
    caption.close(&mut scene, bottom, size, note);
    scene
}
