//! Rows of the solver's tableau. A row is kept as its entries while they are few, and by column once they are many: steps
//! fill rows in, and what is added to a full row then takes as long as what is added is, not as the row.

/// Entries below this are taken for zero when the tableau is built and updated; coefficients are of order 1.
const NEGLIGIBLE: f64 = 1e-11;
/// A row with entries in more than one of so many columns is kept by column.
const FEW: usize = 6;
/// A row with entries in more than one of so many columns is added column by column.
const DENSE: usize = 3;

/// Entries of a sparse row, by ascending column or unknown.
pub(super) type Sparse = Vec<(usize, f64)>;

/// A row of the tableau.
#[derive(Debug, Clone)]
pub(super) enum Row {
    Few(Sparse),
    /// By column, zeros too.
    Many(Vec<f64>),
}

impl Default for Row {
    fn default() -> Self {
        Row::Few(Sparse::new())
    }
}

impl Row {
    /// The row of these entries, the way that suits them.
    pub fn new(entries: Sparse, n_columns: usize) -> Row {
        if entries.len() * FEW <= n_columns {
            return Row::Few(entries);
        }
        Row::Many(by_column(&entries, n_columns))
    }

    /// What is not zero, by ascending column.
    pub fn entries(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        let (few, many): (&[(usize, f64)], &[f64]) = match self {
            Row::Few(entries) => (entries, &[]),
            Row::Many(by_column) => (&[], by_column),
        };
        let of_many = many.iter().copied().enumerate().filter(|(_, entry)| *entry != 0.0);
        few.iter().copied().chain(of_many)
    }

    /// The entry of a column, where it is not zero.
    pub fn entry(&self, column: usize) -> Option<f64> {
        match self {
            Row::Few(entries) => entry_at(entries, column),
            Row::Many(by_column) => Some(by_column[column]).filter(|entry| *entry != 0.0),
        }
    }

    /// Puts `rate × by` in the place of the entry at `at`.
    pub fn replace(&mut self, at: usize, rate: f64, by: &Pivot) {
        let by_column = match self {
            Row::Few(entries) => {
                *self = Row::new(replaced(entries, at, rate, &by.entries), by.n_columns);
                return;
            }
            Row::Many(by_column) => by_column,
        };
        by_column[at] = 0.0;
        let sum = |own: f64, entry: f64| {
            let sum = own + rate * entry;
            if sum.abs() >= NEGLIGIBLE { sum } else { 0.0 }
        };
        match &by.by_column {
            Some(others) => by_column.iter_mut().zip(others).for_each(|(own, entry)| *own = sum(*own, *entry)),
            None => by.entries.iter().for_each(|(column, entry)| by_column[*column] = sum(by_column[*column], *entry)),
        }
    }
}

/// A row that is added to others.
#[derive(Debug)]
pub(super) struct Pivot {
    entries: Sparse,
    /// The same by column, where there are so many that going through all columns is faster.
    by_column: Option<Vec<f64>>,
    n_columns: usize,
}

impl Pivot {
    pub fn new(entries: Sparse, n_columns: usize) -> Pivot {
        let by_column = (entries.len() * DENSE > n_columns).then(|| by_column(&entries, n_columns));
        Pivot { entries, by_column, n_columns }
    }

    pub fn entries(&self) -> &[(usize, f64)] {
        &self.entries
    }

    /// The pivot as a row.
    pub fn into_row(self) -> Row {
        Row::new(self.entries, self.n_columns)
    }
}

/// The entries of a sparse row by column, zeros too.
fn by_column(entries: &[(usize, f64)], n_columns: usize) -> Vec<f64> {
    let mut by_column = vec![0.0; n_columns];
    entries.iter().for_each(|(column, entry)| by_column[*column] = *entry);
    by_column
}

/// The entry of a sparse row at a place.
pub(super) fn entry_at(row: &Sparse, at: usize) -> Option<f64> {
    row.binary_search_by_key(&at, |(other, _)| *other).ok().map(|place| row[place].1)
}

/// `row` with `rate × by` in the place of its entry at `at`.
pub(super) fn replaced(row: &[(usize, f64)], at: usize, rate: f64, by: &[(usize, f64)]) -> Sparse {
    let mut merged = Vec::with_capacity(row.len() + by.len());
    let mut add = |place: usize, entry: f64| {
        if entry.abs() >= NEGLIGIBLE {
            merged.push((place, entry));
        }
    };
    let mut added = 0;
    for (place, entry) in row {
        while added < by.len() && by[added].0 < *place {
            add(by[added].0, rate * by[added].1);
            added += 1;
        }
        let own = if *place == at { 0.0 } else { *entry };
        if added < by.len() && by[added].0 == *place {
            add(*place, own + rate * by[added].1);
            added += 1;
        } else {
            add(*place, own);
        }
    }
    for (place, entry) in &by[added..] {
        add(*place, rate * entry);
    }
    merged
}
