//! A scene as PNG: two pixels to a CSS pixel for slides and papers, 1200 by 630 for pictures that travel alone.

use std::collections::HashMap;

use ab_glyph::{Font, Glyph, point};
use plotters::prelude::BitMapBackend;

use super::PaintError;
use crate::chart::Size;
use crate::font;
use crate::scene::{Scene, Text};

/// Picture pixels in a CSS pixel.
const SCALE: f64 = 2.0;
/// Picture pixels in a CSS pixel of a picture that travels alone: 800 by 420 become 1200 by 630, the size that sites show.
const SHARE_SCALE: f64 = 1.5;
/// Sub-pixels in a picture pixel, each way: plotters fills shapes without softening their edges.
const SAMPLES: usize = 2;

/// Steps between paper and ink at the edge of a letter.
const SHADES: f32 = 15.0;

/// Paints `scene` as a PNG file.
///
/// # Errors
/// When plotters refuses a shape or the picture cannot be encoded.
pub fn paint(scene: &Scene) -> Result<Vec<u8>, PaintError> {
    let scale = if (scene.width, Some(scene.height)) == (Size::Share.width(), Size::Share.height()) {
        SHARE_SCALE
    } else {
        SCALE
    };
    let size = |length: f64| (length.ceil() * scale).ceil() as usize;
    let (width, height) = (size(scene.width), size(scene.height));
    let mut fine = vec![0xFF; width * height * SAMPLES * SAMPLES * 3];
    let fine_size = ((width * SAMPLES) as u32, (height * SAMPLES) as u32);
    super::shapes(BitMapBackend::with_buffer(&mut fine, fine_size), scene, scale * SAMPLES as f64)?;
    let mut pixels = soften(&fine, width, height);
    for text in &scene.texts {
        write(&mut pixels, width, height, text, scale as f32);
    }
    encode(&pixels, width, height)
}

/// The shapes of `scene` alone, `scale` pixels to a CSS pixel and without softened edges: red, green, blue of each pixel,
/// and the picture's width and height.
pub(crate) fn shapes(scene: &Scene, scale: f64) -> Result<(Vec<u8>, usize, usize), PaintError> {
    let size = |length: f64| (length.ceil() * scale).ceil() as usize;
    let (width, height) = (size(scene.width), size(scene.height));
    let mut pixels = vec![0xFF; width * height * 3];
    super::shapes(BitMapBackend::with_buffer(&mut pixels, (width as u32, height as u32)), scene, scale)?;
    Ok((pixels, width, height))
}

/// Averages each square of sub-pixels.
fn soften(fine: &[u8], width: usize, height: usize) -> Vec<u8> {
    let row = width * SAMPLES * 3;
    let mut pixels = vec![0; width * height * 3];
    // By whole rows and pixels: this is where most of a picture's time goes.
    for (pixels, rows) in pixels.chunks_exact_mut(width * 3).zip(fine.chunks_exact(row * SAMPLES)) {
        let (upper, lower) = rows.split_at(row);
        let squares = upper.chunks_exact(6).zip(lower.chunks_exact(6));
        for (pixel, (upper, lower)) in pixels.chunks_exact_mut(3).zip(squares) {
            for channel in 0..3 {
                let above = u16::from(upper[channel]) + u16::from(upper[channel + 3]);
                let below = u16::from(lower[channel]) + u16::from(lower[channel + 3]);
                pixel[channel] = ((above + below) / (SAMPLES * SAMPLES) as u16) as u8;
            }
        }
    }
    pixels
}

fn write(pixels: &mut [u8], width: usize, height: usize, text: &Text, scale: f32) {
    let font = text.weight.font();
    let size = text.size as f32 * scale;
    let per_unit = size / text.weight.units_per_em();
    // ab_glyph's scale is the height from ascent to descent, not the em.
    let glyph_scale = per_unit * font.height_unscaled();
    let color = [text.color.0, text.color.1, text.color.2];
    for placed in font::place(&text.content, text.weight).0 {
        let position = point(text.x as f32 * scale + placed.x * per_unit, text.baseline as f32 * scale);
        let glyph = Glyph { id: placed.glyph, scale: glyph_scale.into(), position };
        let Some(outlined) = font.outline_glyph(glyph) else { continue };
        let corner = outlined.px_bounds().min;
        outlined.draw(|x, y, coverage| {
            // In steps that nobody sees, so that a picture has few colours.
            let coverage = (coverage.clamp(0.0, 1.0) * SHADES).round() / SHADES;
            let (x, y) = (corner.x as i64 + i64::from(x), corner.y as i64 + i64::from(y));
            if !(0..width as i64).contains(&x) || !(0..height as i64).contains(&y) {
                return;
            }
            let start = (y as usize * width + x as usize) * 3;
            for (pixel, ink) in pixels[start..start + 3].iter_mut().zip(color) {
                let mixed = f32::from(*pixel) + (f32::from(ink) - f32::from(*pixel)) * coverage;
                *pixel = mixed.round() as u8;
            }
        });
    }
}

/// Pictures of at most 256 colours, which most are, are written as a palette: a third of the bytes.
fn encode(pixels: &[u8], width: usize, height: usize) -> Result<Vec<u8>, PaintError> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width as u32, height as u32);
    encoder.set_depth(png::BitDepth::Eight);
    // The fast level: the others take many times longer for half the size.
    encoder.set_compression(png::Compression::Fast);
    encoder.set_filter(png::FilterType::Up);
    let indexed = in_palette(pixels);
    let data = match &indexed {
        Some((palette, places)) => {
            encoder.set_color(png::ColorType::Indexed);
            encoder.set_palette(palette.as_slice());
            places
        }
        None => {
            encoder.set_color(png::ColorType::Rgb);
            pixels
        }
    };
    encoder.write_header().and_then(|mut writer| writer.write_image_data(data)).map_err(PaintError::new)?;
    Ok(file)
}

/// The colours in the order in which they come first, and the place of each pixel's; `None` where there are too many.
fn in_palette(pixels: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut palette = Vec::new();
    let mut known: HashMap<[u8; 3], u8> = HashMap::new();
    let mut places = Vec::with_capacity(pixels.len() / 3);
    let mut last = None;
    for pixel in pixels.chunks_exact(3) {
        let color = [pixel[0], pixel[1], pixel[2]];
        let place = match last {
            Some((of_last, place)) if of_last == color => place,
            _ => match known.get(&color) {
                Some(place) => *place,
                None => {
                    let place = u8::try_from(known.len()).ok()?;
                    known.insert(color, place);
                    palette.extend(color);
                    place
                }
            },
        };
        last = Some((color, place));
        places.push(place);
    }
    Some((palette, places))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn few_colours_make_a_palette_and_many_do_not() {
        let (palette, places) = in_palette(&[1, 2, 3, 9, 9, 9, 1, 2, 3]).unwrap();
        assert_eq!((palette, places), (vec![1, 2, 3, 9, 9, 9], vec![0, 1, 0]));
        let colors =
            |n: usize| (0..n).flat_map(|color| [(color / 256) as u8, (color % 256) as u8, 0]).collect::<Vec<u8>>();
        assert!(in_palette(&colors(256)).is_some());
        assert!(in_palette(&colors(257)).is_none());
    }
}
