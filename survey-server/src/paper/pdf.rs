//! The form as a PDF of five A4 pages: what to do, and the day in slots of ten minutes. Measures are points (1/72 inch) from the
//! lower left corner. The same number and language make the same bytes.

use std::sync::LazyLock;

use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str, TextStr, types::FontFlags};
use questionnaires::{Companion, Language, Location, Slot, slot::SLOTS_PER_DAY};
use ttf_parser::Face;

use crate::i18n::Texts;

const REGULAR: &[u8] = include_bytes!("../../../reports/fonts/TitilliumWeb-Regular.ttf");
const SEMI_BOLD: &[u8] = include_bytes!("../../../reports/fonts/TitilliumWeb-SemiBold.ttf");

const WIDTH: f32 = 595.0;
const HEIGHT: f32 = 842.0;
const MARGIN: f32 = 40.0;
/// Slots on a page.
const N_ROWS: usize = 36;
const ROW: f32 = 19.0;
/// Where the columns begin: time, main, secondary, place, company, device, enjoyment; and where the last one ends.
const COLUMNS: [f32; 8] = [40.0, 92.0, 250.0, 350.0, 425.0, 475.0, 512.0, 555.0];

/// A weight of the typeface: its file, its name, the name in the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weight {
    Regular,
    SemiBold,
}

impl Weight {
    const ALL: [Weight; 2] = [Weight::Regular, Weight::SemiBold];

    fn file(self) -> &'static [u8] {
        match self {
            Weight::Regular => REGULAR,
            Weight::SemiBold => SEMI_BOLD,
        }
    }

    fn font_name(self) -> Name<'static> {
        match self {
            Weight::Regular => Name(b"TitilliumWeb-Regular"),
            Weight::SemiBold => Name(b"TitilliumWeb-SemiBold"),
        }
    }

    fn resource(self) -> Name<'static> {
        match self {
            Weight::Regular => Name(b"R"),
            Weight::SemiBold => Name(b"B"),
        }
    }

    fn face(self) -> &'static Face<'static> {
        static FACES: LazyLock<[Face<'static>; 2]> = LazyLock::new(|| {
            Weight::ALL
                .map(|weight| Face::parse(weight.file(), 0).expect("the embedded typeface is one; a test reads it"))
        });
        match self {
            Weight::Regular => &FACES[0],
            Weight::SemiBold => &FACES[1],
        }
    }

    /// The advance of a character in thousandths of the size.
    fn advance(self, character: char) -> f32 {
        let face = self.face();
        let advance = face.glyph_index(character).and_then(|glyph| face.glyph_hor_advance(glyph)).unwrap_or_default();
        f32::from(advance) * 1000.0 / f32::from(face.units_per_em())
    }

    fn width(self, text: &str, size: f32) -> f32 {
        text.chars().map(|character| self.advance(character)).sum::<f32>() * size / 1000.0
    }
}

/// The characters of the encoding of Western European Windows (PDF 32000-1, annex D.2) from 128 to 159; others are Latin-1.
const WINDOWS: [char; 32] = [
    '€', ' ', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', ' ', 'Ž', ' ', ' ', '‘', '’', '“', '”', '•', '–',
    '—', '˜', '™', 'š', '›', 'œ', ' ', 'ž', 'Ÿ',
];

fn character(byte: u8) -> char {
    match byte {
        128..=159 => WINDOWS[usize::from(byte - 128)],
        byte => char::from(byte),
    }
}

/// The text as the fonts of the form spell it; what they cannot spell is a question mark.
fn encoded(text: &str) -> Vec<u8> {
    let byte = |wanted: char| (32..=255_u8).find(|byte| character(*byte) == wanted).unwrap_or(b'?');
    text.chars().map(byte).collect()
}

/// A page being drawn, from the top.
struct Sheet {
    content: Content,
}

impl Sheet {
    fn new() -> Sheet {
        Sheet { content: Content::new() }
    }

    fn text(&mut self, x: f32, y: f32, size: f32, weight: Weight, text: &str) {
        let content = &mut self.content;
        content.begin_text().set_font(weight.resource(), size).next_line(x, y).show(Str(&encoded(text))).end_text();
    }

    fn text_to(&mut self, right: f32, y: f32, size: f32, weight: Weight, text: &str) {
        self.text(right - weight.width(text, size), y, size, weight, text);
    }

    /// A paragraph no wider than `width`; answers where the next one may begin.
    fn paragraph(&mut self, x: f32, y: f32, width: f32, size: f32, weight: Weight, text: &str) -> f32 {
        let mut below = y;
        for line in wrapped(text, width, size, weight) {
            self.text(x, below, size, weight, &line);
            below -= size * 1.35;
        }
        below
    }

    fn line(&mut self, from: (f32, f32), to: (f32, f32), width: f32) {
        self.content.set_line_width(width).move_to(from.0, from.1).line_to(to.0, to.1).stroke();
    }

    fn frame(&mut self, x: f32, y: f32, side: f32) {
        self.content.set_line_width(1.0).rect(x, y, side, side).stroke();
    }
}

/// Lines of whole words.
fn wrapped(text: &str, width: f32, size: f32, weight: Weight) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if weight.width(&format!("{line} {word}"), size) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The form with this number, in a complete language; Italian stands in for others.
pub fn diary_form(number: &str, municipality: &str, language: Language) -> Vec<u8> {
    let language = Some(language).filter(|language| Language::COMPLETE.contains(language)).unwrap_or_default();
    let texts = Texts::new(language);
    let number = super::number::shown(number);
    let mut sheets = vec![instructions(&texts, &number, municipality)];
    for first in (0..SLOTS_PER_DAY).step_by(N_ROWS) {
        sheets.push(slots(&texts, &number, first));
    }
    document(&texts, sheets)
}

fn instructions(texts: &Texts, number: &str, municipality: &str) -> Sheet {
    let mut sheet = Sheet::new();
    let inside = WIDTH - 2.0 * MARGIN;
    sheet.text(MARGIN, 790.0, 13.0, Weight::SemiBold, municipality);
    sheet.text(MARGIN, 758.0, 24.0, Weight::SemiBold, &texts.text("paper-title"));
    sheet.text_to(WIDTH - MARGIN, 790.0, 13.0, Weight::SemiBold, &named_number(texts, number));
    sheet.text(MARGIN, 726.0, 13.0, Weight::Regular, &texts.text("paper-day"));
    let mut y = 698.0;
    for key in ["paper-how-1", "paper-how-2", "paper-how-3", "paper-how-4", "paper-how-5"] {
        y = sheet.paragraph(MARGIN, y, inside, 12.5, Weight::Regular, &texts.text(key)) - 4.0;
    }
    y -= 8.0;
    let second = MARGIN + inside / 2.0 + 10.0;
    let (mut left, mut right) = (y, y);
    let column = inside / 2.0 - 10.0;
    left = sheet.paragraph(MARGIN, left, column, 13.0, Weight::SemiBold, &texts.text("paper-places")) - 2.0;
    for location in Location::all().filter(|location| !location.is_unspecified()) {
        let text = format!("{}  {}", location.code(), location.label().text(texts.language));
        left = sheet.paragraph(MARGIN, left, column, 11.0, Weight::Regular, &text);
    }
    right = sheet.paragraph(second, right, column, 13.0, Weight::SemiBold, &texts.text("paper-company")) - 2.0;
    for companion in Companion::ALL {
        let text = format!("{}  {}", companion.code(), companion.label().text(texts.language));
        right = sheet.paragraph(second, right, column, 11.0, Weight::Regular, &text);
    }
    for (heading, text) in [("paper-device", "paper-device-text"), ("paper-enjoyment", "paper-enjoyment-text")] {
        right = sheet.paragraph(second, right - 8.0, column, 13.0, Weight::SemiBold, &texts.text(heading)) - 2.0;
        right = sheet.paragraph(second, right, column, 11.0, Weight::Regular, &texts.text(text));
    }
    let consent = left.min(right) - 14.0;
    sheet.line((MARGIN, consent + 16.0), (WIDTH - MARGIN, consent + 16.0), 0.75);
    let below = sheet.paragraph(MARGIN, consent, inside, 11.0, Weight::Regular, &texts.text("paper-notice"));
    for (key, y) in [("paper-consent", below - 8.0), ("paper-consent-parent", below - 32.0)] {
        sheet.frame(MARGIN, y - 3.0, 14.0);
        sheet.paragraph(MARGIN + 22.0, y, inside - 22.0, 12.0, Weight::SemiBold, &texts.text(key));
    }
    sheet
}

fn named_number(texts: &Texts, number: &str) -> String {
    texts.text_with("paper-number", &[("number", number.to_owned().into())])
}

/// Six hours of the day.
fn slots(texts: &Texts, number: &str, first: usize) -> Sheet {
    let mut sheet = Sheet::new();
    let clock = |index: usize| Slot::new(index).map(|slot| slot.to_string()).unwrap_or_default();
    let hours = [("from", clock(first).into()), ("to", clock(first + N_ROWS).into())];
    sheet.text(MARGIN, 808.0, 13.0, Weight::SemiBold, &texts.text_with("paper-hours", &hours));
    sheet.text_to(WIDTH - MARGIN, 808.0, 12.0, Weight::SemiBold, &named_number(texts, number));
    let headings = ["time", "main", "secondary", "place", "company", "device-short", "enjoyment-short"];
    for (heading, edges) in headings.iter().zip(COLUMNS.windows(2)) {
        let text = texts.text(&format!("paper-column-{heading}"));
        let lines = wrapped(&text, edges[1] - edges[0] - 4.0, 9.5, Weight::SemiBold);
        for (line, y) in lines.iter().zip([790.0, 779.0, 768.0]) {
            sheet.text(edges[0] + 3.0, y, 9.5, Weight::SemiBold, line);
        }
    }
    let top = 760.0;
    let bottom = top - N_ROWS as f32 * ROW;
    for row in 0..=N_ROWS {
        let y = top - row as f32 * ROW;
        let is_full_hour = row % 6 == 0;
        sheet.line((COLUMNS[0], y), (COLUMNS[7], y), if is_full_hour { 1.25 } else { 0.4 });
        if row < N_ROWS {
            let weight = if is_full_hour { Weight::SemiBold } else { Weight::Regular };
            sheet.text(COLUMNS[0] + 4.0, y - 14.0, 12.0, weight, &clock(first + row));
        }
    }
    for x in COLUMNS {
        sheet.line((x, top), (x, bottom), 0.75);
    }
    sheet.text(MARGIN, bottom - 18.0, 10.5, Weight::Regular, &texts.text("paper-same"));
    sheet
}

fn document(texts: &Texts, sheets: Vec<Sheet>) -> Vec<u8> {
    let mut next = 0;
    let mut id = || {
        next += 1;
        Ref::new(next)
    };
    let (catalog, tree, information) = (id(), id(), id());
    let fonts = Weight::ALL.map(|weight| (weight, id(), id(), id()));
    let pages: Vec<(Ref, Ref)> = sheets.iter().map(|_| (id(), id())).collect();
    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(tree).lang(TextStr(texts.language.tag()));
    pdf.document_info(information).title(TextStr(&texts.text("paper-title")));
    pdf.pages(tree).kids(pages.iter().map(|(page, _)| *page)).count(i32::try_from(pages.len()).unwrap_or(i32::MAX));
    for ((page, content), sheet) in pages.into_iter().zip(sheets) {
        let mut drawn = pdf.page(page);
        drawn.media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT)).parent(tree).contents(content);
        let mut resources = drawn.resources();
        let mut named = resources.fonts();
        for (weight, font, ..) in fonts {
            named.pair(weight.resource(), font);
        }
        named.finish();
        resources.finish();
        drawn.finish();
        pdf.stream(content, &sheet.content.finish());
    }
    for (weight, font, descriptor, file) in fonts {
        write_font(&mut pdf, weight, font, descriptor, file);
    }
    pdf.finish()
}

/// The typeface embedded as it is, so that the form looks alike on every printer.
fn write_font(pdf: &mut Pdf, weight: Weight, font: Ref, descriptor: Ref, file: Ref) {
    let face = weight.face();
    let scaled = |value: i16| f32::from(value) * 1000.0 / f32::from(face.units_per_em());
    let mut dictionary = pdf.indirect(font).dict();
    dictionary.pair(Name(b"Type"), Name(b"Font"));
    dictionary.pair(Name(b"Subtype"), Name(b"TrueType"));
    dictionary.pair(Name(b"BaseFont"), weight.font_name());
    dictionary.pair(Name(b"Encoding"), Name(b"WinAnsiEncoding"));
    dictionary.pair(Name(b"FirstChar"), 32);
    dictionary.pair(Name(b"LastChar"), 255);
    dictionary.insert(Name(b"Widths")).array().items((32..=255).map(|byte| weight.advance(character(byte))));
    dictionary.pair(Name(b"FontDescriptor"), descriptor);
    dictionary.finish();
    let bounds = face.global_bounding_box();
    pdf.font_descriptor(descriptor)
        .name(weight.font_name())
        .flags(FontFlags::NON_SYMBOLIC)
        .bbox(Rect::new(scaled(bounds.x_min), scaled(bounds.y_min), scaled(bounds.x_max), scaled(bounds.y_max)))
        .italic_angle(0.0)
        .ascent(scaled(face.ascender()))
        .descent(scaled(face.descender()))
        .cap_height(scaled(face.capital_height().unwrap_or_default()))
        .stem_v(80.0)
        .font_file2(file);
    let bytes = weight.file();
    pdf.stream(file, bytes).pair(Name(b"Length1"), i32::try_from(bytes.len()).unwrap_or(i32::MAX));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_number_makes_the_same_form() {
        let form = || diary_form("ABCDEFGH", "Comune di Prova", Language::It);
        assert!(form().starts_with(b"%PDF-"));
        assert_eq!(form(), form());
        assert_ne!(form(), diary_form("ABCDEFGJ", "Comune di Prova", Language::It));
    }

    #[test]
    fn texts_are_spelt_as_the_fonts_know_them() {
        assert_eq!(encoded("Città – così’"), [67, 105, 116, 116, 224, 32, 150, 32, 99, 111, 115, 236, 146]);
        assert_eq!(encoded("م"), b"?");
        for language in Language::COMPLETE {
            let texts = Texts::new(language);
            for location in Location::all() {
                assert!(!encoded(location.label().text(texts.language)).contains(&b'?'));
            }
        }
    }

    #[test]
    fn lines_are_no_wider_than_the_page_and_lose_no_word() {
        let text = Texts::default().text("paper-how-1");
        let lines = wrapped(&text, 200.0, 12.0, Weight::Regular);
        assert!(lines.len() > 1 && lines.iter().all(|line| Weight::Regular.width(line, 12.0) <= 200.0));
        assert_eq!(lines.join(" "), text);
    }
}
