//! Charts: each type in its own file, all drawn into a scene at one of two sizes.

pub mod axis;
pub mod bars;
pub mod dots;
pub mod frame;
pub mod gap;
pub mod rows;
pub mod tempogram;

use crate::scene::Scene;
use crate::text::Texts;

pub use bars::BarChart;
pub use dots::DotChart;
pub use frame::{Caption, Size};
pub use gap::GapChart;
pub use rows::Mark;
pub use tempogram::{Band, Tempogram};

/// What is drawn.
#[derive(Debug, Clone, PartialEq)]
pub enum Chart {
    /// Bars with intervals.
    Bars(BarChart),
    /// Dots with intervals, against a reference.
    Dots(DotChart),
    /// Differences to the left and right of zero.
    Gap(GapChart),
    /// Shares of people over the hours of the day.
    Tempogram(Tempogram),
}

/// Draws `chart` under its caption.
pub fn draw(chart: &Chart, caption: &Caption, size: Size, texts: &Texts) -> Scene {
    let mut scene = Scene::new(size.width());
    let top = caption.open(&mut scene, size);
    let bottom = match chart {
        Chart::Bars(chart) => chart.draw(&mut scene, top, size, texts),
        Chart::Dots(chart) => chart.draw(&mut scene, top, size, texts),
        Chart::Gap(chart) => chart.draw(&mut scene, top, size, texts),
        Chart::Tempogram(chart) => chart.draw(&mut scene, top, size),
    };
    caption.close(&mut scene, bottom, size);
    scene
}
