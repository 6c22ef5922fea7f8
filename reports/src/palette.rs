//! The colours of charts: few, told apart by colour-blind readers, 3 : 1 between neighbours.
//!
//! The blue is Bootstrap Italia's; the hues follow Okabe and Ito (Color Universal Design, 2008),
//! darkened or lightened until neighbouring bands differ in lightness as well as in hue.

use std::sync::LazyLock;

use plotters::style::RGBColor;

/// Text.
pub const INK: RGBColor = RGBColor(0x17, 0x32, 0x4D);
/// Secondary text; 4.5 : 1 and more on white.
pub const QUIET: RGBColor = RGBColor(0x45, 0x55, 0x64);
/// Grid lines.
pub const GRID: RGBColor = RGBColor(0xD9, 0xDF, 0xE5);
/// The paper.
pub const PAPER: RGBColor = RGBColor(0xFF, 0xFF, 0xFF);
/// Bars and dots of a single series.
pub const BLUE: RGBColor = RGBColor(0x00, 0x66, 0xCC);
/// What cannot be told from zero or is of low reliability.
pub const GREY: RGBColor = RGBColor(0x76, 0x86, 0x95);
/// More time for women.
pub const WOMEN: RGBColor = RGBColor(0x7B, 0x3F, 0x98);
/// More time for men.
pub const MEN: RGBColor = RGBColor(0x00, 0x7A, 0x6C);
/// What stands around women's line: the interval.
pub const WOMEN_BAND: RGBColor = RGBColor(0xE6, 0xD8, 0xEE);
/// What stands around men's line: the interval.
pub const MEN_BAND: RGBColor = RGBColor(0xCD, 0xE8, 0xE3);
/// Where the two intervals share room.
pub const BOTH_BAND: RGBColor = RGBColor(0xC6, 0xCD, 0xD6);
/// An interval around what cannot be told from zero.
pub const GREY_BAND: RGBColor = RGBColor(0xE4, 0xE9, 0xED);
/// What may not be shown, under a hatch.
pub const HIDDEN: RGBColor = RGBColor(0xF1, 0xF3, 0xF5);
/// Few to many, in steps of lightness: a scale that greyscale keeps.
pub const STEPS: [RGBColor; 5] = [
    RGBColor(0xF4, 0xF8, 0xFC),
    RGBColor(0xB3, 0xD4, 0xF0),
    RGBColor(0x6A, 0xA9, 0xDE),
    RGBColor(0x1F, 0x6F, 0xB5),
    RGBColor(0x0B, 0x3A, 0x6B),
];
/// Answers from no to yes, around a grey middle: dark, light, grey, light, dark.
pub const ANSWERS: [RGBColor; 5] = [
    RGBColor(0x8F, 0x35, 0x07),
    RGBColor(0xF5, 0xB9, 0x8A),
    RGBColor(0xE3, 0xE8, 0xED),
    RGBColor(0x8C, 0xCB, 0xF5),
    RGBColor(0x00, 0x4D, 0x99),
];
/// Ground of the notice that data are synthetic.
pub const NOTICE: RGBColor = RGBColor(0xFF, 0xE9, 0xB8);

/// Bands from the bottom of a tempogram upwards, dark and light in turn.
pub const BANDS: [RGBColor; 6] = [
    RGBColor(0x00, 0x4D, 0x99),
    RGBColor(0x8C, 0xCB, 0xF5),
    RGBColor(0xA8, 0x3E, 0x08),
    RGBColor(0xF7, 0xC0, 0x4A),
    RGBColor(0x5B, 0x2C, 0x6F),
    RGBColor(0xDD, 0xE3, 0xE9),
];

/// The WCAG 2.1 contrast ratio of two colours, 1 to 21.
pub fn contrast(one: RGBColor, other: RGBColor) -> f64 {
    let (a, b) = (luminance(one), luminance(other));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// The colour of a text on `ground`: white or ink, whichever is easier to read.
pub fn text_on(ground: RGBColor) -> RGBColor {
    if contrast(PAPER, ground) > contrast(INK, ground) { PAPER } else { INK }
}

/// The line between two neighbours that makes their border seen: paper or ink, whichever stands out more.
pub fn border_between(one: RGBColor, other: RGBColor) -> RGBColor {
    let seen = |line| contrast(line, one).max(contrast(line, other));
    if seen(PAPER) >= 3.0 || seen(PAPER) >= seen(INK) { PAPER } else { INK }
}

/// The relative luminance of WCAG 2.1, 0 for black to 1 for white.
pub fn luminance(color: RGBColor) -> f64 {
    let linear = |channel: u8| LINEAR[usize::from(channel)];
    0.2126 * linear(color.0) + 0.7152 * linear(color.1) + 0.0722 * linear(color.2)
}

/// The light of each value of a channel: checks ask for that of every pixel.
static LINEAR: LazyLock<[f64; 256]> = LazyLock::new(|| {
    std::array::from_fn(|channel| {
        let share = channel as f64 / 255.0;
        if share <= 0.03928 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    })
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbouring_bands_differ_three_to_one() {
        for pair in BANDS.windows(2) {
            assert!(contrast(pair[0], pair[1]) >= 3.0, "{pair:?}: {:.2}", contrast(pair[0], pair[1]));
        }
    }

    #[test]
    fn what_carries_meaning_stands_out_from_the_paper() {
        for color in [BLUE, GREY, WOMEN, MEN] {
            assert!(contrast(color, PAPER) >= 3.0, "{color:?}: {:.2}", contrast(color, PAPER));
        }
    }

    #[test]
    fn text_is_readable_on_every_ground_it_stands_on() {
        for ground in BANDS.into_iter().chain(STEPS).chain(ANSWERS) {
            assert!(contrast(text_on(ground), ground) >= 4.5, "{ground:?}");
        }
        for (text, ground) in [(INK, PAPER), (QUIET, PAPER), (INK, NOTICE)] {
            assert!(contrast(text, ground) >= 4.5, "{text:?} on {ground:?}");
        }
    }

    #[test]
    fn a_border_is_seen_between_any_two_neighbours() {
        let fills = || BANDS.into_iter().chain(STEPS).chain(ANSWERS).chain([HIDDEN]);
        for (one, other) in fills().flat_map(|one| fills().map(move |other| (one, other))) {
            let line = border_between(one, other);
            let seen = contrast(line, one).max(contrast(line, other)).max(contrast(one, other));
            assert!(seen >= 3.0, "{one:?} beside {other:?}: {seen:.2}");
        }
    }

    #[test]
    fn a_scale_from_few_to_many_stays_one_in_greyscale() {
        for pair in STEPS.windows(2) {
            assert!(luminance(pair[0]) > luminance(pair[1]));
            assert!(contrast(pair[0], pair[1]) >= 1.4, "{pair:?}: {:.2}", contrast(pair[0], pair[1]));
        }
    }

    #[test]
    fn contrast_is_wcags() {
        assert!((contrast(RGBColor(0, 0, 0), PAPER) - 21.0).abs() < 1e-9);
        assert!((contrast(RGBColor(0x77, 0x77, 0x77), PAPER) - 4.48).abs() < 0.01);
    }
}
