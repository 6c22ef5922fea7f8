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

/// A picture is written as a palette: a third of the bytes, and more of them alike.
fn encode(pixels: &[u8], width: usize, height: usize) -> Result<Vec<u8>, PaintError> {
    let (palette, places) = in_palette(pixels);
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width as u32, height as u32);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_palette(palette);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Default);
    // Places in a palette are no amounts: a difference of two says nothing.
    encoder.set_filter(png::FilterType::NoFilter);
    encoder.write_header().and_then(|mut writer| writer.write_image_data(&places)).map_err(PaintError::new)?;
    Ok(file)
}

/// Colours in a palette.
const MOST_COLORS: usize = 256;

/// The most frequent colours, and the place of each pixel's. Where bands and letters meet there may be more colours than a
/// palette holds: of these, which are few pixels at the edges of shapes, each becomes the nearest that it holds.
fn in_palette(pixels: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let mut counts: HashMap<[u8; 3], u32> = HashMap::new();
    for run in runs(pixels) {
        *counts.entry(run.0).or_default() += run.1;
    }
    let mut colors: Vec<([u8; 3], u32)> = counts.into_iter().collect();
    // The order must not depend on the map.
    colors.sort_unstable_by(|(one, n), (other, m)| m.cmp(n).then_with(|| one.cmp(other)));
    let n_kept = colors.len().min(MOST_COLORS);
    let kept: Vec<[u8; 3]> = colors[..n_kept].iter().map(|(color, _)| *color).collect();
    let mut place_of: HashMap<[u8; 3], u8> = HashMap::with_capacity(colors.len());
    for (place, (color, _)) in colors.iter().enumerate() {
        let place = if place < n_kept { place } else { nearest(*color, &kept) };
        place_of.insert(*color, place as u8);
    }
    let mut places = Vec::with_capacity(pixels.len() / 3);
    for (color, length) in runs(pixels) {
        places.resize(places.len() + length as usize, place_of[&color]);
    }
    (kept.concat(), places)
}

/// Colours that follow one another, each with how often.
fn runs(pixels: &[u8]) -> impl Iterator<Item = ([u8; 3], u32)> {
    let mut colors = pixels.chunks_exact(3).map(|pixel| [pixel[0], pixel[1], pixel[2]]).peekable();
    std::iter::from_fn(move || {
        let color = colors.next()?;
        let mut length = 1;
        while colors.next_if_eq(&color).is_some() {
            length += 1;
        }
        Some((color, length))
    })
}

/// The place of the kept colour that is least far from `color`; the first of equals.
fn nearest(color: [u8; 3], kept: &[[u8; 3]]) -> usize {
    let distance = |other: &[u8; 3]| -> u32 {
        color.iter().zip(other).map(|(one, other)| u32::from(one.abs_diff(*other)).pow(2)).sum()
    };
    let near = kept.iter().enumerate().min_by_key(|(_, other)| distance(other));
    near.map_or(0, |(place, _)| place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_palette_has_the_colours_of_the_picture_the_most_frequent_first() {
        let (palette, places) = in_palette(&[9, 9, 9, 1, 2, 3, 1, 2, 3]);
        assert_eq!((palette, places), (vec![1, 2, 3, 9, 9, 9], vec![1, 0, 0]));
    }

    #[test]
    fn of_too_many_colours_the_rarest_become_their_nearest() {
        let often = (0..=255_u8).flat_map(|gray| [gray, gray, gray].repeat(2));
        let pixels: Vec<u8> = often.chain([10, 10, 11]).collect();
        let (palette, places) = in_palette(&pixels);
        assert_eq!(palette.len(), 3 * MOST_COLORS);
        let last = usize::from(*places.last().unwrap_or(&0));
        assert_eq!(palette[3 * last..3 * last + 3], [10, 10, 10]);
    }
}
