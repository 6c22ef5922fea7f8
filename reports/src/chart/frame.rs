//! What surrounds every chart: notice, message, subtitle, footer; and the sizes charts come in.

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
    /// A picture that travels alone: 800 by 420 pixels, which a bitmap of 1200 by 630 shows at one and a half. Fewer rows,
    /// no subtitle.
    Share,
}

impl Size {
    /// All sizes.
    pub const ALL: [Size; 3] = [Size::Wide, Size::Narrow, Size::Share];

    /// Width of the picture, CSS pixels.
    pub fn width(self) -> f64 {
        match self {
            Size::Wide => 880.0,
            Size::Narrow => 360.0,
            Size::Share => 800.0,
        }
    }

    /// Height of the picture where it is given beforehand.
    pub fn height(self) -> Option<f64> {
        (self == Size::Share).then_some(420.0)
    }

    /// Where the chart must end, in a picture of a given height: its footer stands below.
    pub fn floor(self) -> Option<f64> {
        self.height().map(|height| height - 46.0)
    }

    /// How high a plot below `top` is, when it may have any height: `wide` or `narrow` pixels, or what is left of the picture
    /// above `below` pixels for its axis.
    pub fn plot_height(self, top: f64, wide: f64, narrow: f64, below: f64) -> f64 {
        match (self, self.floor()) {
            (Size::Wide, _) => wide,
            (Size::Narrow, _) => narrow,
            (Size::Share, floor) => (floor.unwrap_or(wide) - top - below).max(60.0),
        }
    }

    /// Most lines of one label; a picture of a given height cuts longer ones.
    pub fn label_lines(self) -> usize {
        if self == Size::Share { 2 } else { usize::MAX }
    }

    /// Free room at the left and right edge.
    pub fn margin(self) -> f64 {
        match self {
            Size::Wide => 24.0,
            Size::Narrow => 14.0,
            Size::Share => 28.0,
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
            Size::Share => 26.0,
        };
        TextStyle { weight: Weight::SemiBold, size, color: INK }
    }

    /// Width between the margins.
    pub fn inner_width(self) -> f64 {
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
        if size == Size::Share {
            let (style, lines) = self.fitted_title(size);
            for line in lines {
                scene.write((left, y + style.size), Anchor::Start, style, line);
                y += style.line_height();
            }
            return y + 12.0;
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

    /// The title in three lines at most: smaller where it is long, cut where it is longer still.
    fn fitted_title(&self, size: Size) -> (TextStyle, Vec<String>) {
        let styles = [26.0, 23.0, 20.0].map(|size_of_type| TextStyle { size: size_of_type, ..size.title() });
        let whole = styles.into_iter().map(|style| (style, style.wrap(&self.title, size.inner_width())));
        let mut fitting = whole.filter(|(_, lines)| lines.len() <= 3);
        let smallest = styles[styles.len() - 1];
        fitting.next().unwrap_or_else(|| (smallest, smallest.wrap_within(&self.title, size.inner_width(), 3)))
    }

    /// Writes what stands below the chart and sets the height of the picture; `note` says what a picture that travels alone
    /// leaves out.
    pub fn close(&self, scene: &mut Scene, bottom: f64, size: Size, note: Option<String>) {
        let left = size.margin();
        if let (Some(height), Some(floor)) = (size.height(), size.floor()) {
            // Where it comes from is the last paragraph; a picture that travels alone needs no other.
            scene.line((left, floor + 8.0), (size.width() - left, floor + 8.0), GRID, 1.0);
            let mut baseline = floor + if note.is_some() { 24.0 } else { 28.0 };
            for words in note.iter().chain(self.footer.last()) {
                for line in size.quiet().wrap_within(words, size.inner_width(), 1) {
                    scene.write((left, baseline), Anchor::Start, size.quiet(), line);
                }
                baseline += 16.0;
            }
            scene.height = height;
            return;
        }
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
