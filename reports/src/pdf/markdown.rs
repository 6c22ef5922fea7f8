//! The texts of the office: a small part of CommonMark, read into blocks. Paragraphs, headings, emphasis, lists, quotations and
//! links are known; everything else is refused by name and line, so that nothing is lost without a word.

use pulldown_cmark::{Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, TextMergeWithOffset};

use super::document::{Block, Inline};
use super::numbers::Numbers;
use crate::font;

/// Reads `text`, its highest headings at `level`, with its placeholders filled from `numbers`.
///
/// # Errors
/// In words, with the line: what is not known, a placeholder without its number, a letter that the typeface lacks.
pub fn read(text: &str, level: u8, numbers: &Numbers) -> Result<Vec<Block>, String> {
    let mut reader = Reader { text, level, numbers, last_level: level.saturating_sub(1), highest: None };
    let mut events = TextMergeWithOffset::new(Parser::new_ext(text, Options::empty()).into_offset_iter());
    reader.blocks(&mut events, None)
}

struct Reader<'a> {
    text: &'a str,
    level: u8,
    numbers: &'a Numbers,
    /// The level of the heading before: none is skipped.
    last_level: u8,
    /// The first heading of the text, which comes at `level`.
    highest: Option<u8>,
}

type Events<'a> = dyn Iterator<Item = (Event<'a>, std::ops::Range<usize>)> + 'a;

impl<'a> Reader<'a> {
    /// The blocks up to `end`, or to the end of the text.
    fn blocks<'e>(&mut self, events: &mut Events<'e>, end: Option<TagEnd>) -> Result<Vec<Block>, String> {
        let mut blocks = Vec::new();
        // Items of a tight list hold words without a paragraph.
        let mut loose: Vec<Inline> = Vec::new();
        while let Some((event, place)) = events.next() {
            if let Event::End(ended) = &event
                && Some(*ended) == end
            {
                break;
            }
            if let Some(words) = self.inline(&event, &place, events)? {
                loose.extend(words);
                continue;
            }
            if !loose.is_empty() {
                blocks.push(Block::Paragraph { words: std::mem::take(&mut loose) });
            }
            match event {
                Event::Start(Tag::Paragraph) => {
                    blocks.push(Block::Paragraph { words: self.words(events, TagEnd::Paragraph)? });
                }
                Event::Start(Tag::Heading { level, .. }) => {
                    let words = self.words(events, TagEnd::Heading(level))?;
                    if words.is_empty() {
                        return Err(self.refused("a heading without words", place.start));
                    }
                    blocks.push(Block::Heading { level: self.nested(level), words });
                }
                Event::Start(Tag::BlockQuote(kind)) => {
                    let inner = self.blocks(events, Some(TagEnd::BlockQuote(kind)))?;
                    blocks.push(Block::Quote { blocks: inner });
                }
                Event::Start(Tag::List(start)) => {
                    let items = self.items(events, start.is_some())?;
                    blocks.push(Block::List { start, items });
                }
                other => return Err(self.refused(name_of(&other), place.start)),
            }
        }
        if !loose.is_empty() {
            blocks.push(Block::Paragraph { words: loose });
        }
        Ok(blocks)
    }

    fn items<'e>(&mut self, events: &mut Events<'e>, is_numbered: bool) -> Result<Vec<Vec<Block>>, String> {
        let mut items = Vec::new();
        while let Some((event, _)) = events.next() {
            match event {
                Event::Start(Tag::Item) => items.push(self.blocks(events, Some(TagEnd::Item))?),
                Event::End(TagEnd::List(ended)) if ended == is_numbered => break,
                _ => {}
            }
        }
        Ok(items)
    }

    /// The words up to `end`.
    fn words<'e>(&mut self, events: &mut Events<'e>, end: TagEnd) -> Result<Vec<Inline>, String> {
        let mut words = Vec::new();
        while let Some((event, place)) = events.next() {
            if matches!(&event, Event::End(ended) if *ended == end) {
                break;
            }
            match self.inline(&event, &place, events)? {
                Some(more) => words.extend(more),
                None => return Err(self.refused(name_of(&event), place.start)),
            }
        }
        Ok(words)
    }

    /// What stands in a line; none where the event is about a block or is not known.
    fn inline<'e>(
        &mut self,
        event: &Event<'e>,
        place: &std::ops::Range<usize>,
        events: &mut Events<'e>,
    ) -> Result<Option<Vec<Inline>>, String> {
        let one = |inline: Inline| Ok(Some(vec![inline]));
        match event {
            Event::Text(text) => one(Inline::Text { text: self.filled(text, place.start)? }),
            // The typeface has no letters of one width; the words are what counts.
            Event::Code(text) => one(Inline::Text { text: self.printable(text, place.start)? }),
            Event::SoftBreak => one(Inline::Text { text: " ".to_owned() }),
            Event::HardBreak => one(Inline::Break),
            Event::Start(Tag::Emphasis) => one(Inline::Emphasis { words: self.words(events, TagEnd::Emphasis)? }),
            Event::Start(Tag::Strong) => one(Inline::Strong { words: self.words(events, TagEnd::Strong)? }),
            Event::Start(Tag::Link { link_type, dest_url, .. }) => {
                let address = match link_type {
                    LinkType::Email => format!("mailto:{dest_url}"),
                    _ => dest_url.to_string(),
                };
                let is_known = ["https://", "http://", "mailto:"].iter().any(|start| address.starts_with(start));
                if !is_known || address.chars().any(|letter| letter.is_control() || letter.is_whitespace()) {
                    let what =
                        format!("a link to `{address}`, which begins with none of https://, http:// and mailto:");
                    return Err(self.refused(&what, place.start));
                }
                let words = self.words(events, TagEnd::Link)?;
                if words.is_empty() {
                    return Err(self.refused("a link without words", place.start));
                }
                one(Inline::Link { address, words })
            }
            _ => Ok(None),
        }
    }

    /// `text` with its placeholders filled.
    fn filled(&self, text: &str, at: usize) -> Result<String, String> {
        let text = self.numbers.fill(text).map_err(|message| format!("line {}: {message}", self.line(at)))?;
        self.printable(&text, at)
    }

    /// `text`, if the typeface has all its letters.
    fn printable(&self, text: &str, at: usize) -> Result<String, String> {
        match font::lacking(text) {
            Some(letter) => Err(format!(
                "line {}: the typeface lacks the sign `{letter}` (U+{:04X}); write it in another way",
                self.line(at),
                u32::from(letter)
            )),
            None => Ok(text.to_owned()),
        }
    }

    /// The level at which a heading comes: under the section's, none skipped.
    fn nested(&mut self, level: HeadingLevel) -> u8 {
        let written = level as u8;
        let highest = *self.highest.get_or_insert(written);
        let level = self.level.saturating_add(written.saturating_sub(highest)).min(self.last_level + 1).max(self.level);
        self.last_level = level;
        level
    }

    fn refused(&self, what: &str, at: usize) -> String {
        format!(
            "line {}: {what} cannot stand in a report; it takes paragraphs, headings, emphasis, lists, quotations and links",
            self.line(at)
        )
    }

    fn line(&self, at: usize) -> usize {
        self.text.get(..at).map_or(1, |before| before.matches('\n').count() + 1)
    }
}

/// What an event that is not known is called.
fn name_of(event: &Event) -> &'static str {
    match event {
        Event::Start(Tag::CodeBlock(_)) => "a block of code",
        Event::Start(Tag::HtmlBlock) | Event::Html(_) | Event::InlineHtml(_) => "HTML",
        Event::Start(Tag::Image { .. }) => "a picture",
        Event::Rule => "a rule across the page",
        _ => "this",
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::document::words;
    use super::*;

    fn read_plain(text: &str) -> Result<Vec<Block>, String> {
        read(text, 2, &Numbers::default())
    }

    #[test]
    fn what_is_written_becomes_blocks() {
        let text = "# Perché\n\nLe *ore* e i **tempi**\ndella [città](https://example.it).\n\n- uno\n- due\n  1. tre\n\n> detto\n\n### Poi\n";
        let blocks = read_plain(text).unwrap();
        assert_eq!(blocks[0], Block::heading(2, "Perché"));
        let Block::Paragraph { words: told } = &blocks[1] else { panic!("{blocks:?}") };
        assert_eq!(told[1], Inline::Emphasis { words: words("ore") });
        assert_eq!(told[3], Inline::Strong { words: words("tempi") });
        assert!(told.contains(&Inline::Link { address: "https://example.it".to_owned(), words: words("città") }));
        let Block::List { start: None, items } = &blocks[2] else { panic!("{blocks:?}") };
        assert_eq!(items[0], [Block::paragraph("uno")]);
        assert_eq!(items[1][1], Block::List { start: Some(1), items: vec![vec![Block::paragraph("tre")]] });
        assert_eq!(blocks[3], Block::Quote { blocks: vec![Block::paragraph("detto")] });
        assert_eq!(blocks[4], Block::heading(3, "Poi"), "a level of heading was skipped");
    }

    #[test]
    fn what_a_report_cannot_hold_is_refused_with_its_line() {
        #[track_caller]
        fn check(text: &str, expected: &str) {
            let error = read_plain(text).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
        check("uno\n\n<script>alert(1)</script>\n", "line 3: HTML");
        check("uno <b>due</b>", "line 1: HTML");
        check("![segreto](../../etc/passwd)", "a picture");
        check("```typst\n#read(\"/etc/passwd\")\n```", "a block of code");
        check("---\n", "a rule");
        check("[qui](javascript:alert)", "`javascript:alert`");
        check("[qui](file:///etc/passwd)", "none of https://");
        check("[](https://a.it)", "a link without words");
        check("uno\ndue 🚲", "line 2: the typeface lacks");
        check("#\n", "a heading without words");
    }

    #[test]
    fn markup_and_code_of_typst_are_words_like_others() {
        let hostile = "#read(\"/etc/passwd\") $x$ #let a = 1 @ref <label> \\u{41} ] ) } `#eval`";
        let blocks = read_plain(&hostile.replace("<label>", "")).unwrap();
        let Block::Paragraph { words } = &blocks[0] else { panic!("{blocks:?}") };
        let told: String =
            words.iter().map(|inline| if let Inline::Text { text } = inline { text.as_str() } else { "" }).collect();
        assert!(told.starts_with("#read(\"/etc/passwd\") $x$ #let a = 1 @ref") && told.ends_with("#eval"), "{told}");
    }
}
