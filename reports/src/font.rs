//! The typeface of charts: how wide a text is, where its lines break, and the outlines of its letters.
//!
//! Titillium Web (SIL Open Font License, `fonts/OFL.txt`) travels in the binary, so that a chart looks
//! the same everywhere: a picture in a page cannot load the page's fonts.

use std::sync::LazyLock;

use ab_glyph::{Font, FontRef, GlyphId};

/// A weight of the typeface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// For values, labels and notes.
    Regular,
    /// For titles and what must stand out.
    SemiBold,
}

impl Weight {
    /// Both weights.
    pub const ALL: [Weight; 2] = [Weight::Regular, Weight::SemiBold];

    /// The font of this weight.
    pub fn font(self) -> &'static FontRef<'static> {
        match self {
            Weight::Regular => &REGULAR,
            Weight::SemiBold => &SEMI_BOLD,
        }
    }

    /// The font's file.
    pub fn file(self) -> &'static [u8] {
        match self {
            Weight::Regular => REGULAR_FILE,
            Weight::SemiBold => SEMI_BOLD_FILE,
        }
    }

    /// Font units in one em, the size by which type is named.
    pub fn units_per_em(self) -> f32 {
        self.font().units_per_em().unwrap_or(1000.0)
    }
}

const REGULAR_FILE: &[u8] = include_bytes!("../fonts/TitilliumWeb-Regular.ttf");
const SEMI_BOLD_FILE: &[u8] = include_bytes!("../fonts/TitilliumWeb-SemiBold.ttf");

static REGULAR: LazyLock<FontRef<'static>> =
    LazyLock::new(|| FontRef::try_from_slice(REGULAR_FILE).expect("the embedded font is a font"));

static SEMI_BOLD: LazyLock<FontRef<'static>> =
    LazyLock::new(|| FontRef::try_from_slice(SEMI_BOLD_FILE).expect("the embedded font is a font"));

/// Height of the capitals above the baseline, as a share of the type size.
pub const CAP_HEIGHT: f64 = 0.69;
/// How far letters reach above the baseline, as a share of the type size (accents on capitals included).
pub const ASCENT: f64 = 0.95;
/// How far letters reach below the baseline, as a share of the type size.
pub const DESCENT: f64 = 0.25;

/// The first sign of `text` that one of the weights lacks, if there is any.
pub fn lacking(text: &str) -> Option<char> {
    text.chars().find(|letter| Weight::ALL.iter().any(|weight| weight.font().glyph_id(*letter).0 == 0))
}

/// A letter and how far it stands from the beginning of its text, in font units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlacedGlyph {
    /// The letter's number in the font.
    pub glyph: GlyphId,
    /// Distance from the beginning of the text.
    pub x: f32,
}

/// The letters of `text`, kerned, and the width of the whole in font units.
pub fn place(text: &str, weight: Weight) -> (Vec<PlacedGlyph>, f32) {
    let font = weight.font();
    let mut x = 0.0;
    let mut previous = None;
    let mut glyphs = Vec::with_capacity(text.len());
    for letter in text.chars() {
        let glyph = font.glyph_id(letter);
        if let Some(previous) = previous {
            x += font.kern_unscaled(previous, glyph);
        }
        glyphs.push(PlacedGlyph { glyph, x });
        x += font.h_advance_unscaled(glyph);
        previous = Some(glyph);
    }
    (glyphs, x)
}

/// The width of `text` at type size `size`, in the unit of `size`.
pub fn width(text: &str, weight: Weight, size: f64) -> f64 {
    let (_, units) = place(text, weight);
    f64::from(units / weight.units_per_em()) * size
}

/// Breaks `text` into lines no wider than `max_width`: at spaces, and inside a word only where the word
/// alone is too wide. A no-break space holds its neighbours together. At least one line.
pub fn wrap(text: &str, weight: Weight, size: f64, max_width: f64) -> Vec<String> {
    let fits = |line: &str| width(line, weight, size) <= max_width;
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if fits(&longer) {
            line = longer;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for letter in word.chars() {
            let mut longer = line.clone();
            longer.push(letter);
            if !line.is_empty() && !fits(&longer) {
                lines.push(std::mem::take(&mut line));
            }
            line.push(letter);
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// [`wrap`], but at most `max_lines`: where words are left out, the last line ends in an ellipsis.
pub fn wrap_within(text: &str, weight: Weight, size: f64, max_width: f64, max_lines: usize) -> Vec<String> {
    let mut lines = wrap(text, weight, size, max_width);
    if lines.len() > max_lines.max(1) {
        lines.truncate(max_lines.max(1));
        if let Some(last) = lines.last_mut() {
            while !last.is_empty() && width(&format!("{last}…"), weight, size) > max_width {
                last.pop();
            }
            *last = format!("{}…", last.trim_end_matches([' ', ',', ';', ':', '(']));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fonts_hold_every_sign_that_charts_write() {
        for weight in Weight::ALL {
            for letter in "aàèéìòùÈÀ0123456789 .,:;%()«»–−’'+±…\u{a0}<·/".chars() {
                assert_ne!(weight.font().glyph_id(letter).0, 0, "{letter:?} is missing from {weight:?}");
            }
        }
    }

    #[test]
    fn lines_stay_within_their_width_and_lose_no_letter() {
        let text = "Cura della casa e della famiglia precipitevolissimevolmente 2\u{a0}h\u{a0}51\u{a0}min";
        for max_width in [20.0, 60.0, 90.0, 400.0] {
            let lines = wrap(text, Weight::Regular, 14.0, max_width);
            for line in &lines {
                assert!(width(line, Weight::Regular, 14.0) <= max_width, "{line} is wider than {max_width}");
            }
            let letters = |text: &str| text.chars().filter(|letter| *letter != ' ').collect::<String>();
            assert_eq!(letters(&lines.concat()), letters(text));
        }
    }

    #[test]
    fn what_is_cut_says_so_and_stays_within_its_width() {
        let cut = wrap_within("Attività di volontariato e partecipazione civica", Weight::Regular, 14.0, 90.0, 2);
        assert_eq!(cut.len(), 2);
        assert!(cut[1].ends_with('…') && width(&cut[1], Weight::Regular, 14.0) <= 90.0, "{cut:?}");
        assert_eq!(wrap_within("Sonno", Weight::Regular, 14.0, 90.0, 2), ["Sonno"]);
    }

    #[test]
    fn an_empty_text_is_one_empty_line() {
        assert_eq!(wrap("", Weight::Regular, 14.0, 100.0), [""]);
    }
}
