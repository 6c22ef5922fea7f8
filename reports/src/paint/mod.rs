//! Painters: a scene becomes an SVG or a PNG. The shapes go through plotters' backends, the letters are
//! drawn from the font's own outlines, so that both pictures look the same on every machine.

pub mod png;
pub mod svg;

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use plotters::coord::Shift;
use plotters::prelude::{Circle, DrawingArea, DrawingBackend, IntoDrawingArea, PathElement, Polygon, Rectangle};
use plotters::style::{Color, ShapeStyle};

use crate::folder::Files;
use crate::scene::{Point, Scene, Shape};

/// A picture to paint: its file, the scene, and what it says to those who do not see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// Path of the SVG file in the site, where one is wanted.
    pub svg: Option<String>,
    /// What is painted.
    pub scene: Scene,
    /// BCP 47 tag of the language.
    pub language: &'static str,
    /// The message.
    pub title: String,
    /// The main numbers in words.
    pub description: String,
    /// Path of a PNG of the same scene, where one is wanted.
    pub png: Option<String>,
}

impl Picture {
    fn paint(&self) -> Result<Vec<(String, Vec<u8>)>, PaintError> {
        let description = svg::Description { language: self.language, title: &self.title, text: &self.description };
        let mut files = Vec::new();
        if let Some(path) = &self.svg {
            files.push((path.clone(), svg::paint(&self.scene, &description)?.into_bytes()));
        }
        if let Some(path) = &self.png {
            files.push((path.clone(), png::paint(&self.scene)?));
        }
        Ok(files)
    }
}

/// Paints all `pictures` on all processors; `painted` hears how many are done. The files do not depend on
/// the order of the work.
///
/// # Errors
/// When plotters refuses a shape or a picture cannot be encoded.
pub fn all(pictures: &[Picture], painted: &mut dyn FnMut(usize)) -> Result<Files, PaintError> {
    let next = AtomicUsize::new(0);
    let (sender, results) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, NonZero::get) {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                while let Some(picture) = pictures.get(next.fetch_add(1, Ordering::Relaxed)) {
                    // Nobody listens any more once a picture has failed.
                    if sender.send(picture.paint()).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut files = Files::new();
        for (index, result) in results.into_iter().enumerate() {
            files.extend(result?);
            painted(index + 1);
        }
        Ok(files)
    })
}

/// A picture could not be painted.
#[derive(Debug, thiserror::Error)]
#[error("cannot paint the picture: {0}")]
pub struct PaintError(String);

impl PaintError {
    fn new(error: impl std::fmt::Display) -> PaintError {
        PaintError(error.to_string())
    }
}

/// Paints the shapes of `scene`, `scale` backend units to a CSS pixel.
fn shapes<B: DrawingBackend>(backend: B, scene: &Scene, scale: f64) -> Result<(), PaintError> {
    let area: DrawingArea<B, Shift> = backend.into_drawing_area();
    let at = |(x, y): Point| ((x * scale).round() as i32, (y * scale).round() as i32);
    for shape in &scene.shapes {
        match shape {
            Shape::Rectangle { from, to, fill } => area.draw(&Rectangle::new([at(*from), at(*to)], fill.filled())),
            Shape::Polygon { points, fill } => {
                area.draw(&Polygon::new(points.iter().copied().map(at).collect::<Vec<_>>(), fill.filled()))
            }
            Shape::Line { points, stroke, width } => {
                let stroke_width = (width * scale).round().max(1.0) as u32;
                let style = ShapeStyle { color: stroke.to_rgba(), filled: false, stroke_width };
                area.draw(&PathElement::new(points.iter().copied().map(at).collect::<Vec<_>>(), style))
            }
            Shape::Disc { center, radius, fill } => {
                area.draw(&Circle::new(at(*center), (radius * scale).round() as u32, fill.filled()))
            }
        }
        .map_err(PaintError::new)?;
    }
    area.present().map_err(PaintError::new)
}
