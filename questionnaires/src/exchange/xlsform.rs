//! XLSForm (<https://xlsform.org>): a workbook of the sheets `survey`, `choices` and `settings`, and of a sheet `tempi` for what
//! XLSForm has no place for, which other programs leave alone. Sheets are tables of texts here; the workbook's file is made elsewhere.

mod from_sheets;
mod to_sheets;

pub use from_sheets::from_sheets;
pub use to_sheets::to_sheets;

/// A sheet of a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Its rows, the header first; shorter rows end in blank cells.
    pub rows: Vec<Vec<String>>,
}

/// The sheet for what XLSForm has no place for.
const EXTRAS: &str = "tempi";
