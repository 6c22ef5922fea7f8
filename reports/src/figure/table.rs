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

/// A heading as HTML needs it: how many columns and rows it covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heading<'a> {
    /// What it says.
    pub label: &'a str,
    /// `col` or `colgroup`.
    pub scope: &'static str,
    /// Columns covered.
    pub columns: usize,
    /// Rows covered.
    pub rows: usize,
}

impl Table {
    /// The rows of headings: one, or two where columns are grouped. A group of one column is told once.
    pub fn head(&self) -> Vec<Vec<Heading<'_>>> {
        let column = |label, rows| Heading { label, scope: "col", columns: 1, rows };
        if self.groups.is_empty() {
            return vec![self.columns.iter().map(|label| column(label.as_str(), 1)).collect()];
        }
        let mut columns = self.columns.iter().map(String::as_str);
        let mut upper: Vec<_> = columns.next().map(|label| column(label, 2)).into_iter().collect();
        let mut lower = Vec::new();
        for group in &self.groups {
            let members = columns.by_ref().take(group.span);
            if group.span == 1 {
                upper.extend(members.map(|label| column(label, 2)));
            } else {
                upper.push(Heading { label: &group.label, scope: "colgroup", columns: group.span, rows: 1 });
                lower.extend(members.map(|label| column(label, 1)));
            }
        }
        vec![upper, lower]
    }
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
