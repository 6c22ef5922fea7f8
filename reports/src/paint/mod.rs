//! Painters: a scene becomes an SVG or a PNG. The shapes go through plotters' backends, the letters are
//! drawn from the font's own outlines, so that both pictures look the same on every machine.

pub mod png;
pub mod svg;

use plotters::coord::Shift;
use plotters::prelude::{Circle, DrawingArea, DrawingBackend, IntoDrawingArea, PathElement, Polygon, Rectangle};
use plotters::style::{Color, ShapeStyle};

use crate::scene::{Point, Scene, Shape};

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
