//! A document as data: what stands in it and in which order. Nothing here knows how it is set; `press` does.
//!
//! The words of a document reach Typst as JSON that its template walks. No text of anybody is ever read as Typst markup
//! or code, so none can do more than be read.

use serde::Serialize;

/// A document before it is set.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Document {
    /// How its first page and its pages look.
    pub look: Look,
    /// BCP 47 tag of its language.
    pub language: &'static str,
    /// Its title, in the document and in the properties of the file.
    pub title: String,
    /// What it is, under the title.
    pub subtitle: String,
    /// Whose document it is, above the title and in the head of its pages.
    pub publisher: String,
    /// Who made it, for the properties of the file.
    pub authors: Vec<String>,
    /// What it is about in a sentence, for the properties of the file.
    pub description: String,
    /// Words to find it by.
    pub keywords: Vec<String>,
    /// Year, month, day.
    pub date: [i32; 3],
    /// Edition and date, in words.
    pub edition: String,
    /// Says that the data are synthetic, when they are.
    pub notice: Option<String>,
    /// The words that the template needs.
    pub words: Words,
    /// What stands in it.
    pub blocks: Vec<Block>,
    /// The files attached to it.
    pub attachments: Vec<Attachment>,
    /// The pictures of its charts, as SVG: `figure-0.svg` and so on.
    #[serde(skip)]
    pub pictures: Vec<String>,
}

/// How a document looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Look {
    /// A report: title page with contents.
    Report,
    /// A few pages: title above the text, no contents.
    Brief,
}

/// Words that the template writes by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Words {
    /// The title of the contents.
    pub contents: String,
    /// Between the number of a page and how many there are.
    pub page_of: [String; 2],
}

/// A file attached to a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Attachment {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// `data` where a chart was drawn from it, `supplement` otherwise.
    pub relationship: &'static str,
    /// What it holds.
    pub description: String,
    /// The content.
    #[serde(skip)]
    pub bytes: Vec<u8>,
}

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Block {
    /// A heading.
    Heading {
        /// 1 is the highest.
        level: u8,
        /// What it says.
        words: Vec<Inline>,
    },
    /// A paragraph.
    Paragraph {
        /// What it says.
        words: Vec<Inline>,
    },
    /// A paragraph that leads into a section.
    Lead {
        /// What it says.
        words: Vec<Inline>,
    },
    /// A short note in small type.
    Note {
        /// What it says.
        words: Vec<Inline>,
    },
    /// A list.
    List {
        /// The first number where it is numbered.
        start: Option<u64>,
        /// Its items.
        items: Vec<Vec<Block>>,
    },
    /// Words of somebody else.
    Quote {
        /// What they say.
        blocks: Vec<Block>,
    },
    /// Messages that stand out.
    Findings {
        /// One by one.
        items: Vec<Vec<Inline>>,
    },
    /// Terms and their meanings.
    Terms {
        /// Term and meaning.
        items: Vec<[String; 2]>,
    },
    /// Large numbers in a row.
    Numbers {
        /// Number and what it counts.
        items: Vec<[String; 2]>,
    },
    /// A chart.
    Figure {
        /// Name of its picture.
        picture: String,
        /// Its number and message.
        title: String,
        /// What is measured.
        subtitle: String,
        /// What it shows, for those who do not see it.
        alternative: String,
        /// Population, persons, source.
        notes: Vec<String>,
        /// Width by height, points, as it is set.
        size: [f64; 2],
    },
    /// A table with a header row and a header column.
    Table {
        /// What it shows.
        caption: String,
        /// The rows of its head.
        head: Vec<Vec<HeadCell>>,
        /// Relative widths of the columns.
        widths: Vec<f64>,
        /// For each column, whether it holds numbers.
        numeric: Vec<bool>,
        /// The rows: header first.
        rows: Vec<Vec<String>>,
    },
    /// What follows begins on a new page.
    PageBreak,
}

/// A cell in the head of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeadCell {
    /// What it says.
    pub label: String,
    /// Columns covered.
    pub columns: usize,
    /// Rows covered.
    pub rows: usize,
}

/// Words in a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Inline {
    /// Plain words.
    Text {
        /// What they say.
        text: String,
    },
    /// Important words.
    Strong {
        /// What they say.
        words: Vec<Inline>,
    },
    /// Stressed words.
    Emphasis {
        /// What they say.
        words: Vec<Inline>,
    },
    /// Words that lead elsewhere.
    Link {
        /// Where to.
        address: String,
        /// What they say.
        words: Vec<Inline>,
    },
    /// A line ends here.
    Break,
}

/// `text` as words.
pub fn words(text: impl Into<String>) -> Vec<Inline> {
    vec![Inline::Text { text: text.into() }]
}

impl Block {
    /// A heading that says `text`.
    pub fn heading(level: u8, text: impl Into<String>) -> Block {
        Block::Heading { level, words: words(text) }
    }

    /// A paragraph that says `text`.
    pub fn paragraph(text: impl Into<String>) -> Block {
        Block::Paragraph { words: words(text) }
    }
}
