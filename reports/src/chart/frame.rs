//! What surrounds every chart: notice, message, subtitle, footer; and the two sizes charts come in.

use crate::font::Weight;
use crate::palette::{GRID, INK, NOTICE, QUIET};
use crate::scene::{Anchor, Scene, TextStyle};

/// For which screen a chart is drawn. A wide chart scaled down to a phone could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// Desktop, paper, slides: 880 pixels.
    Wide,
    /// Phones: 360 pixels.
    Narrow,
}

impl Size {
    /// Both sizes.
    pub const ALL: [Size; 2] = [Size::Wide, Size::Narrow];

    /// Width of the picture, CSS pixels.
    pub fn width(self) -> f64 {
        match self {
            Size::Wide => 880.0,
            Size::Narrow => 360.0,
        }
    }

    /// Free room at the left and right edge.
    pub fn margin(self) -> f64 {
        match self {
            Size::Wide => 24.0,
            Size::Narrow => 14.0,
        }
    }

    /// Labels, values and axes.
    pub fn body(self) -> TextStyle {
        TextStyle { weight: Weight::Regular, size: 15.0, color: INK }
    }

    /// Values that are read first.
    pub fn strong(self) -> TextStyle {
        TextStyle { weight: Weight::SemiBold, ..self.body() }
    }

    /// Axes and notes.
    pub fn quiet(self) -> TextStyle {
        TextStyle { weight: Weight::Regular, size: 13.0, color: QUIET }
    }

    fn title(self) -> TextStyle {
        let size = match self {
            Size::Wide => 23.0,
            Size::Narrow => 19.0,
        };
        TextStyle { weight: Weight::SemiBold, size, color: INK }
    }

    fn inner_width(self) -> f64 {
        self.width() - 2.0 * self.margin()
    }
}

/// The words around a chart: it must be understood when it travels without its page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caption {
    /// Says that the data are synthetic, when they are.
    pub notice: Option<String>,
    /// The message.
    pub title: String,
    /// What is measured, on whom, in which unit.
    pub subtitle: String,
    /// Population and number of persons, how to read the signs, source.
    pub footer: Vec<String>,
}

impl Caption {
    /// Writes what stands above the chart; returns where the chart may begin.
    pub fn open(&self, scene: &mut Scene, size: Size) -> f64 {
        let left = size.margin();
        let mut y = 20.0;
        if let Some(notice) = &self.notice {
            let style = TextStyle { color: INK, ..size.quiet() };
            for line in style.wrap(notice, size.inner_width() - 16.0) {
                scene.rectangle((left, y), (left + style.width(&line) + 16.0, y + 22.0), NOTICE);
                scene.write((left + 8.0, y + 11.0 + style.centre_shift()), Anchor::Start, style, line);
                y += 22.0;
            }
            y += 10.0;
        }
        y = write_lines(scene, left, y, size.title(), &self.title, size.inner_width());
        y = write_lines(
            scene,
            left,
            y + 4.0,
            TextStyle { color: QUIET, ..size.body() },
            &self.subtitle,
            size.inner_width(),
        );
        y + 14.0
    }

    /// Writes what stands below the chart and sets the height of the picture.
    pub fn close(&self, scene: &mut Scene, bottom: f64, size: Size) {
        let left = size.margin();
        let mut y = bottom + 16.0;
        scene.line((left, y), (size.width() - left, y), GRID, 1.0);
        y += 8.0;
        for paragraph in &self.footer {
            y = write_lines(scene, left, y, size.quiet(), paragraph, size.inner_width());
        }
        scene.height = y + 12.0;
    }
}

/// Writes `text` in lines below `top`; returns where the next text may begin.
fn write_lines(scene: &mut Scene, left: f64, top: f64, style: TextStyle, text: &str, width: f64) -> f64 {
    let mut y = top;
    for line in style.wrap(text, width) {
        scene.write((left, y + style.size), Anchor::Start, style, line);
        y += style.line_height();
    }
    y
}
