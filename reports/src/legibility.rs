//! Whether a picture can be read: texts inside it and apart, letters that the typeface has, contrast between neighbours,
//! and colours that are never alone in telling what they mean.

use std::collections::BTreeMap;

use ab_glyph::Font;
use plotters::style::RGBColor;

use crate::paint::PaintError;
use crate::paint::png;
use crate::palette::{contrast, luminance};
use crate::scene::{Channel, Scene, Text, TextBox};

/// Least contrast between two things that lie side by side (WCAG 2.1, 1.4.11).
pub const NEIGHBOURS: f64 = 3.0;
/// Least contrast of letters with what they stand on (WCAG 2.1, 1.4.3).
pub const LETTERS: f64 = 4.5;
/// Least contrast at which two colours are told apart as greys.
pub const GREYS: f64 = 1.4;

/// Bitmap pixels in a CSS pixel while neighbours are looked for.
const SCALE: f64 = 2.0;
/// Bitmap pixels of a line between two fields; what is wider is a field of its own.
const BORDER: usize = 4;
/// Bitmap pixels of a border that may be missing: the tip of a wedge has none.
const TIP: usize = 24;

/// What is wrong with a picture, in words; empty when nothing is.
///
/// # Errors
/// When plotters refuses a shape.
pub fn faults(scene: &Scene) -> Result<Vec<String>, PaintError> {
    let mut faults = texts(scene);
    faults.extend(keys(scene));
    let bitmap = Bitmap::of(scene)?;
    faults.extend(bitmap.neighbours(scene));
    faults.extend(scene.texts.iter().filter_map(|text| bitmap.ground_fault(text)));
    Ok(faults)
}

/// Texts that leave the picture, cover one another, or have letters that the typeface has not.
pub fn texts(scene: &Scene) -> Vec<String> {
    let mut faults = Vec::new();
    let boxes: Vec<TextBox> = scene.texts.iter().map(Text::bounds).collect();
    for (index, (text, here)) in scene.texts.iter().zip(&boxes).enumerate() {
        if here.left < 0.0 || here.top < 0.0 || here.right > scene.width || here.bottom > scene.height {
            let (width, height) = (scene.width, scene.height);
            faults.push(format!("{:?} leaves the picture of {width} by {height}: {here:?}", text.content));
        }
        for (other, there) in scene.texts.iter().zip(&boxes).skip(index + 1) {
            if here.overlaps(there) {
                faults.push(format!("{:?} covers {:?}", text.content, other.content));
            }
        }
        if let Some(letter) = text.content.chars().find(|letter| text.weight.font().glyph_id(*letter).0 == 0) {
            faults.push(format!("{letter:?} in {:?} is not in the typeface", text.content));
        }
    }
    faults
}

/// Colours that greyscale does not tell apart, and nothing else does.
fn keys(scene: &Scene) -> Vec<String> {
    let mut faults = Vec::new();
    let words: String = scene.texts.iter().map(|text| text.content.as_str()).collect::<Vec<_>>().join(" ");
    for (index, key) in scene.keys.iter().enumerate() {
        // A label that is cut or broken still begins the same.
        let beginning: String = key.label.chars().take(4).collect();
        if key.channel == Channel::Label && !words.contains(&beginning) {
            faults.push(format!("{:?} is to be named where it lies, and is not", key.label));
        }
        for other in &scene.keys[index + 1..] {
            let told = key.channel != other.channel || key.channel == Channel::Label;
            if !told && contrast(key.color, other.color) < GREYS {
                faults.push(format!("{:?} and {:?} are one in greyscale", key.label, other.label));
            }
        }
    }
    faults
}

/// The shapes without the texts.
struct Bitmap {
    pixels: Vec<u8>,
    width: usize,
    height: usize,
}

impl Bitmap {
    fn of(scene: &Scene) -> Result<Bitmap, PaintError> {
        let (pixels, width, height) = png::shapes(scene, SCALE)?;
        Ok(Bitmap { pixels, width, height })
    }

    fn at(&self, x: usize, y: usize) -> [u8; 3] {
        let start = (y * self.width + x) * 3;
        [self.pixels[start], self.pixels[start + 1], self.pixels[start + 2]]
    }

    /// Fields of the key's colours that touch, or have a line between them, without contrast anywhere on the way.
    fn neighbours(&self, scene: &Scene) -> Vec<String> {
        let fields: Vec<[u8; 3]> = scene.keys.iter().map(|key| [key.color.0, key.color.1, key.color.2]).collect();
        let mut weak: BTreeMap<([u8; 3], [u8; 3]), usize> = BTreeMap::new();
        let columns = (0..self.width).map(|x| runs((0..self.height).map(move |y| self.at(x, y))));
        let rows = (0..self.height).map(|y| runs((0..self.width).map(move |x| self.at(x, y))));
        for line in columns.chain(rows) {
            for (start, (from, length)) in line.iter().enumerate() {
                if *length <= BORDER || !fields.contains(from) {
                    continue;
                }
                // On the way there is a line, or the softened edge of one: what counts is the widest step of all.
                let (mut darkest, mut lightest) = (luminance(rgb(*from)), luminance(rgb(*from)));
                let mut former = *from;
                for (next, length) in &line[start + 1..] {
                    former = *next;
                    let here = luminance(rgb(*next));
                    (darkest, lightest) = (darkest.min(here), lightest.max(here));
                    if *length > BORDER {
                        break;
                    }
                }
                let strongest = (lightest + 0.05) / (darkest + 0.05);
                if former != *from && fields.contains(&former) && strongest < NEIGHBOURS {
                    *weak.entry(((*from).min(former), (*from).max(former))).or_default() += 1;
                }
            }
        }
        let faults = weak.into_iter().filter(|(_, n_pixels)| *n_pixels > TIP);
        faults.map(|((one, other), n)| format!("{one:?} lies beside {other:?} without contrast, {n} pixels")).collect()
    }

    /// What is wrong with the ground of a text: the colour that most of its box has is too near to its own.
    fn ground_fault(&self, text: &Text) -> Option<String> {
        let bounds = text.bounds();
        let pixel = |place: f64, most: usize| ((place * SCALE).max(0.0) as usize).min(most);
        let (left, right) = (pixel(bounds.left, self.width), pixel(bounds.right, self.width));
        let (top, bottom) = (pixel(bounds.top, self.height), pixel(text.baseline, self.height));
        let mut counts: BTreeMap<[u8; 3], usize> = BTreeMap::new();
        for (x, y) in (top..bottom).step_by(2).flat_map(|y| (left..right).step_by(2).map(move |x| (x, y))) {
            *counts.entry(self.at(x, y)).or_default() += 1;
        }
        let (ground, _) = counts.into_iter().max_by_key(|(_, n)| *n)?;
        (contrast(text.color, rgb(ground)) < LETTERS)
            .then(|| format!("{:?} is hard to read on {ground:?}", text.content))
    }
}

fn rgb([red, green, blue]: [u8; 3]) -> RGBColor {
    RGBColor(red, green, blue)
}

/// Stretches of one colour, with their length.
fn runs(pixels: impl Iterator<Item = [u8; 3]>) -> Vec<([u8; 3], usize)> {
    let mut runs: Vec<([u8; 3], usize)> = Vec::new();
    for pixel in pixels {
        match runs.last_mut() {
            Some((color, length)) if *color == pixel => *length += 1,
            _ => runs.push((pixel, 1)),
        }
    }
    runs
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::chart::Size;
    use crate::palette::{BANDS, INK, MEN, PAPER, WOMEN};
    use crate::scene::Anchor;

    fn scene() -> Scene {
        let mut scene = Scene::new(200.0);
        scene.height = 100.0;
        scene
    }

    #[test]
    fn a_text_that_is_moved_onto_another_is_found() {
        let mut scene = scene();
        scene.write((10.0, 40.0), Anchor::Start, Size::Wide.body(), "Donne");
        scene.write((70.0, 40.0), Anchor::Start, Size::Wide.body(), "Uomini");
        assert_eq!(faults(&scene).unwrap(), Vec::<String>::new());
        scene.texts[1].x = 30.0;
        assert_eq!(faults(&scene).unwrap(), ["\"Donne\" covers \"Uomini\""]);
        scene.texts[1].x = 170.0;
        assert!(faults(&scene).unwrap()[0].contains("leaves the picture"));
    }

    #[test]
    fn two_light_neighbours_need_a_dark_line() {
        let mut scene = scene();
        for (fill, left) in [(BANDS[1], 10.0), (BANDS[3], 60.0)] {
            scene.rectangle((left, 10.0), (left + 50.0, 90.0), fill);
            scene.key(fill, format!("{left}"), Channel::Pattern(left as u8));
        }
        assert!(faults(&scene).unwrap()[0].contains("without contrast"), "{:?}", faults(&scene));
        scene.line((60.0, 10.0), (60.0, 90.0), PAPER, 1.5);
        assert!(faults(&scene).unwrap()[0].contains("without contrast"), "{:?}", faults(&scene));
        scene.line((60.0, 10.0), (60.0, 90.0), INK, 1.5);
        assert_eq!(faults(&scene).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn two_colours_of_one_grey_need_something_else() {
        let mut scene = scene();
        scene.key(WOMEN, "Donne", Channel::Lightness);
        scene.key(MEN, "Uomini", Channel::Lightness);
        assert_eq!(faults(&scene).unwrap(), ["\"Donne\" and \"Uomini\" are one in greyscale"]);
        scene.keys[1].channel = Channel::Marker(1);
        assert_eq!(faults(&scene).unwrap(), Vec::<String>::new());
        scene.keys[1].channel = Channel::Label;
        assert_eq!(faults(&scene).unwrap(), ["\"Uomini\" is to be named where it lies, and is not"]);
    }

    #[test]
    fn letters_without_contrast_or_without_a_glyph_are_found() {
        let mut scene = scene();
        scene.rectangle((0.0, 0.0), (200.0, 100.0), BANDS[0]);
        scene.write((10.0, 40.0), Anchor::Start, Size::Wide.body(), "Donne");
        assert!(faults(&scene).unwrap()[0].contains("hard to read"));
        scene.texts[0].color = PAPER;
        scene.texts[0].content = "\u{4E00}".to_owned();
        assert!(faults(&scene).unwrap()[0].contains("not in the typeface"));
    }
}
