//! The office's own words in a document.

use super::document::Block;
use super::{Desk, PdfError, markdown};
use crate::edition::report::OfficeText;

/// What `text` says in the language of the document, its highest headings at `level`.
///
/// # Errors
/// When it holds what a report cannot, or quotes a number that is not there.
pub fn blocks(desk: &Desk, text: Option<&OfficeText>, level: u8) -> Result<Vec<Block>, PdfError> {
    let Some((file, text)) = text.and_then(|text| text.of(desk.source.texts.language())) else { return Ok(Vec::new()) };
    markdown::read(text, level, &desk.numbers).map_err(|message| PdfError::Text { file: file.to_owned(), message })
}
