//! Workbooks (.xlsx) of sheets of texts: written for other programs, and read from them.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use questionnaires::exchange::xlsform::Sheet;
use rust_xlsxwriter::{ExcelDateTime, Workbook, XlsxError};
use thiserror::Error;

/// Why a file is no workbook, or none can be written.
#[derive(Debug, Error)]
pub enum WorkbookError {
    /// It cannot be written.
    #[error("the workbook cannot be written: {0}")]
    Write(#[from] XlsxError),
    /// It cannot be read.
    #[error("{0}")]
    Read(#[from] calamine::XlsxError),
    /// It is larger than any questionnaire.
    #[error("the file is larger than any questionnaire: {0} bytes")]
    TooLarge(usize),
}

/// The largest file that is read, in bytes.
const MOST_BYTES: usize = 10 * 1024 * 1024;

/// The workbook of these sheets. The same sheets give the same bytes.
///
/// # Errors
/// When a text is longer than a cell of a workbook may be (32,767 characters).
pub fn write(sheets: &[Sheet]) -> Result<Vec<u8>, WorkbookError> {
    let mut workbook = Workbook::new();
    // A workbook says when it was made; this one says nothing of it.
    let properties = rust_xlsxwriter::DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?);
    workbook.set_properties(&properties);
    for sheet in sheets {
        let page = workbook.add_worksheet().set_name(&sheet.name)?;
        for (row, cells) in (0_u32..).zip(&sheet.rows) {
            for (column, text) in (0_u16..).zip(cells).filter(|(_, text)| !text.is_empty()) {
                page.write_string(row, column, text)?;
            }
        }
    }
    Ok(workbook.save_to_buffer()?)
}

/// The sheets of a workbook, every cell as text.
///
/// # Errors
/// When it is no workbook.
pub fn read(bytes: &[u8]) -> Result<Vec<Sheet>, WorkbookError> {
    if bytes.len() > MOST_BYTES {
        return Err(WorkbookError::TooLarge(bytes.len()));
    }
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes))?;
    let mut sheets = Vec::new();
    for name in workbook.sheet_names() {
        let range = workbook.worksheet_range(&name)?;
        // A range begins at its first cell with something in it.
        let (above, left) = range.start().unwrap_or_default();
        let blank = vec![String::new(); left as usize];
        let rows = range.rows().map(|row| blank.iter().cloned().chain(row.iter().map(text)).collect());
        sheets.push(Sheet { name, rows: std::iter::repeat_n(Vec::new(), above as usize).chain(rows).collect() });
    }
    Ok(sheets)
}

/// A cell as a person reads it: whole numbers without a point.
fn text(cell: &Data) -> String {
    match cell {
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        Data::Bool(value) => if *value { "yes" } else { "no" }.to_owned(),
        other => other.to_string(),
    }
}
