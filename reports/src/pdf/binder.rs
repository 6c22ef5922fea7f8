//! Charts and tables on their way into a document: numbered, drawn, their data attached.

use super::PdfError;
use super::document::{Attachment, Block, HeadCell};
use super::press::picture_name;
use crate::chart::{self, Size};
use crate::dataset;
use crate::figure::{Figure, Source, Table};
use crate::paint::svg::{self, Description};

/// Width of the text on the page, points: A4 less two margins of 20 mm.
const TEXT_WIDTH: f64 = 482.0;
/// A chart is no higher than this, so that its words stand on the same page.
const MOST_HEIGHT: f64 = 520.0;
/// A chart without a table is no higher than this, so that two stand on a page.
const HALF_HEIGHT: f64 = 270.0;
/// A table of more rows is attached and not set.
const MOST_ROWS: usize = 40;

/// What a document has gathered so far.
pub struct Binder<'a> {
    source: &'a Source<'a>,
    /// The pictures, in the order of their charts.
    pub pictures: Vec<String>,
    /// The data of the charts.
    pub attachments: Vec<Attachment>,
    n_tables: usize,
}

impl<'a> Binder<'a> {
    /// An empty one.
    pub fn new(source: &'a Source<'a>) -> Binder<'a> {
        Binder { source, pictures: Vec::new(), attachments: Vec::new(), n_tables: 0 }
    }

    /// The chart of `figure` and, where it is short enough, its table.
    ///
    /// # Errors
    /// When the chart cannot be painted, or its data cannot be written.
    pub fn chart_and_table(&mut self, figure: &Figure) -> Result<Vec<Block>, PdfError> {
        let is_set = !figure.table.rows.is_empty() && figure.table.rows.len() <= MOST_ROWS;
        let mut blocks = vec![self.chart(figure, if is_set { MOST_HEIGHT } else { HALF_HEIGHT })?];
        if is_set {
            self.n_tables += 1;
            let number = self.n_tables.to_string();
            let title = [("number", number.as_str()), ("title", figure.table.caption.as_str())];
            blocks.push(table(&figure.table, self.source.texts.fill("report-table", &title)));
        }
        Ok(blocks)
    }

    /// The chart of `figure`, at most `height` points high, with a note on where its numbers are.
    ///
    /// # Errors
    /// When it cannot be painted, or its data cannot be written.
    pub fn chart(&mut self, figure: &Figure, height: f64) -> Result<Block, PdfError> {
        let texts = self.source.texts;
        let scene = chart::draw_alone(&figure.chart, Size::Wide, texts);
        let title = figure.caption.title.as_str();
        let description = Description { language: texts.language().tag(), title, text: &figure.description };
        let picture = picture_name(self.pictures.len());
        self.pictures.push(svg::paint(&scene, &description)?);
        let number = self.pictures.len().to_string();
        let file = self.attach(figure, &number)?;
        // Where the numbers come from stands in the document's head, once.
        let source = self.source.line();
        let mut notes: Vec<String> = figure.caption.footer.iter().filter(|note| **note != source).cloned().collect();
        notes.push(texts.fill("report-chart-data", &[("number", &number), ("file", &file)]));
        let scale = (TEXT_WIDTH / scene.width).min(height / scene.height);
        Ok(Block::Figure {
            picture,
            title: texts.fill("report-chart", &[("number", &number), ("title", title)]),
            subtitle: figure.caption.subtitle.clone(),
            alternative: format!("{} {}", figure.alternative, figure.description),
            notes,
            size: [scene.width * scale, scene.height * scale],
        })
    }

    /// Attaches the data of `figure`; the name of the file.
    fn attach(&mut self, figure: &Figure, number: &str) -> Result<String, PdfError> {
        let name = format!("{}.csv", figure.name);
        if self.attachments.iter().all(|known| known.name != name) {
            let description = [("number", number), ("title", figure.caption.title.as_str())];
            self.attachments.push(Attachment {
                name: name.clone(),
                media_type: "text/csv",
                relationship: "data",
                description: self.source.texts.fill("attachment-chart", &description),
                bytes: dataset::of_figure(figure, self.source.estimates)?,
            });
        }
        Ok(name)
    }
}

/// `table` as a document sets it.
pub fn table(table: &Table, caption: String) -> Block {
    let head = table.head().into_iter().map(|row| {
        let cell = |heading: crate::figure::table::Heading| HeadCell {
            label: heading.label.to_owned(),
            columns: heading.columns,
            rows: heading.rows,
        };
        row.into_iter().map(cell).collect()
    });
    let n_columns = table.columns.len();
    let holds_numbers = |column: usize| {
        let cells = || table.rows.iter().filter_map(|row| row.cells.get(column));
        cells().any(|cell| cell.value.is_some())
    };
    // Words take about the room that their letters need, within limits; the longest word of a heading must fit. In a column
    // of numbers the reason why there is none may take several lines.
    let width = |column: usize| {
        let cells = table.rows.iter().map(|row| match column {
            0 => row.header.chars().count(),
            _ => row.cells.get(column - 1).map_or(0, |cell| {
                let letters = cell.words.chars().count();
                if cell.value.is_none() && holds_numbers(column - 1) { letters.min(15) } else { letters }
            }),
        });
        let longest = cells.max().unwrap_or_default();
        let heading = table.columns.get(column).map_or("", String::as_str).split(' ');
        let word = heading.map(|word| word.chars().count()).max().unwrap_or_default();
        (longest as f64).clamp(word as f64 + 1.0, 34.0).max(6.0)
    };
    Block::Table {
        caption,
        head: head.collect(),
        widths: (0..n_columns).map(width).collect(),
        numeric: (0..n_columns).map(|column| column > 0 && holds_numbers(column - 1)).collect(),
        rows: table
            .rows
            .iter()
            .map(|row| {
                let cells = row.cells.iter().map(|cell| cell.words.clone());
                std::iter::once(row.header.clone()).chain(cells).collect()
            })
            .collect(),
    }
}
