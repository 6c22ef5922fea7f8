//! A scene as SVG, with the title and description that assistive technology reads.
//!
//! Letters are outlines, each written once and used many times: a picture in a page cannot load the
//! page's fonts, and the site's content security policy forbids style and fonts inside it.

use std::collections::BTreeSet;
use std::fmt::Write;

use ab_glyph::{Font, GlyphId, OutlineCurve};
use plotters::prelude::SVGBackend;
use plotters::style::RGBColor;

use super::PaintError;
use crate::font::{self, Weight};
use crate::scene::Scene;

/// SVG units in a CSS pixel: plotters places shapes on whole units, so these must be finer than pixels.
const SCALE: f64 = 10.0;

/// What a picture says to those who do not see it.
#[derive(Debug, Clone, Copy)]
pub struct Description<'a> {
    /// BCP 47 tag of the language.
    pub language: &'a str,
    /// The message.
    pub title: &'a str,
    /// What is drawn and the main numbers.
    pub text: &'a str,
}

/// Paints `scene` as a standalone SVG document.
///
/// # Errors
/// When plotters refuses a shape.
pub fn paint(scene: &Scene, description: &Description) -> Result<String, PaintError> {
    let (width, height) = (scene.width.ceil(), scene.height.ceil());
    let units = |pixels: f64| (pixels * SCALE) as u32;
    let mut drawn = String::new();
    super::shapes(SVGBackend::with_string(&mut drawn, (units(width), units(height))), scene, SCALE)?;
    // plotters opens the document without role, language or title: its shapes are taken out of its frame.
    let body = drawn.split_once(">\n").map(|(_, rest)| rest).unwrap_or_default();
    let body = body.trim_end().strip_suffix("</svg>").unwrap_or(body);

    let mut svg = format!(
        concat!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="{}" viewBox="0 0 {} {}" "#,
            r#"role="img" lang="{}" aria-labelledby="t d">"#,
            "\n<title id=\"t\">{}</title>\n<desc id=\"d\">{}</desc>\n",
            "<rect width=\"100%\" height=\"100%\" fill=\"#FFFFFF\"/>\n"
        ),
        width,
        height,
        units(width),
        units(height),
        description.language,
        escape(description.title),
        escape(description.text),
    );
    svg.push_str(&body.replace(" opacity=\"1\"", ""));
    letters(&mut svg, scene);
    svg.push_str("</svg>\n");
    Ok(svg)
}

/// `text` for an XML document.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn letters(svg: &mut String, scene: &Scene) {
    let mut used = BTreeSet::new();
    let mut runs = String::new();
    for text in &scene.texts {
        let (glyphs, _) = font::place(&text.content, text.weight);
        let scale = text.size * SCALE / f64::from(text.weight.units_per_em());
        let _ = write!(
            runs,
            r#"<g transform="translate({:.0} {:.0}) scale({:.4})" fill="{}">"#,
            text.x * SCALE,
            text.baseline * SCALE,
            scale,
            hexadecimal(text.color)
        );
        for placed in glyphs {
            if text.weight.font().outline(placed.glyph).is_none() {
                continue;
            }
            used.insert((text.weight, placed.glyph.0));
            let _ = write!(runs, r##"<use href="#{}" x="{:.0}"/>"##, id(text.weight, placed.glyph.0), placed.x);
        }
        runs.push_str("</g>\n");
    }
    svg.push_str("<defs>\n");
    for (weight, glyph) in used {
        let _ = writeln!(svg, r#"<path id="{}" d="{}"/>"#, id(weight, glyph), outline(weight, glyph));
    }
    svg.push_str("</defs>\n");
    svg.push_str(&runs);
}

fn id(weight: Weight, glyph: u16) -> String {
    match weight {
        Weight::Regular => format!("r{glyph}"),
        Weight::SemiBold => format!("b{glyph}"),
    }
}

fn hexadecimal(color: RGBColor) -> String {
    format!("#{:02X}{:02X}{:02X}", color.0, color.1, color.2)
}

/// A letter's outline as SVG path data, in font units, downwards positive.
fn outline(weight: Weight, glyph: u16) -> String {
    let Some(outline) = weight.font().outline(GlyphId(glyph)) else { return String::new() };
    let mut path = String::new();
    let mut pen = None;
    for curve in outline.curves {
        let (from, to) = match curve {
            OutlineCurve::Line(from, to) => (from, to),
            OutlineCurve::Quad(from, _, to) => (from, to),
            OutlineCurve::Cubic(from, _, _, to) => (from, to),
        };
        if pen != Some((from.x, from.y)) {
            if pen.is_some() {
                path.push('Z');
            }
            let _ = write!(path, "M{} {}", from.x.round(), -from.y.round());
        }
        let _ = match curve {
            OutlineCurve::Line(_, to) => write!(path, "L{} {}", to.x.round(), -to.y.round()),
            OutlineCurve::Quad(_, c, to) => {
                write!(path, "Q{} {} {} {}", c.x.round(), -c.y.round(), to.x.round(), -to.y.round())
            }
            OutlineCurve::Cubic(_, c, d, to) => write!(
                path,
                "C{} {} {} {} {} {}",
                c.x.round(),
                -c.y.round(),
                d.x.round(),
                -d.y.round(),
                to.x.round(),
                -to.y.round()
            ),
        };
        pen = Some((to.x, to.y));
    }
    path.push('Z');
    path
}
