//! A figure's numbers as a table that pages can show and screen readers can walk.

/// A table with a header row and a header column.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// Headings over several columns, from the second column on; may be absent.
    pub groups: Vec<ColumnGroup>,
    /// Column headings, the row headers' first.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<TableRow>,
}

/// A heading over several columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnGroup {
    /// What it says.
    pub label: String,
    /// Over how many columns.
    pub span: usize,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRow {
    /// Its header.
    pub header: String,
    /// Its cells.
    pub cells: Vec<Cell>,
}

/// A cell: what people read and, for a number, what programs read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// For people.
    pub words: String,
    /// For programs, exactly as in the estimates.
    pub value: Option<String>,
}

impl Cell {
    /// A cell without a number.
    pub fn words(words: impl Into<String>) -> Cell {
        Cell { words: words.into(), value: None }
    }

    /// A cell with a number.
    pub fn number(words: String, value: f64) -> Cell {
        Cell { words, value: Some(value.to_string()) }
    }
}
