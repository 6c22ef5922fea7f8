//! Crossed tables with hierarchies, from records: every combination of codes is a cell, and every code with its
//! children a relation in each combination of the others.

use super::cell::{Cell, CellId, CellSystem, Relation};

/// A variable that a table is crossed by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dimension {
    /// For each code its parent; parents come before children, and the first code, the only one without a
    /// parent, is the total.
    parents: Vec<Option<usize>>,
}

impl Dimension {
    /// A total (code 0) and `n` parts (codes 1 to `n`).
    pub fn flat(n: usize) -> Dimension {
        Dimension { parents: [None].into_iter().chain(std::iter::repeat_n(Some(0), n)).collect() }
    }

    /// A total (code 0) and further codes, each with its parent, which comes before it.
    ///
    /// # Panics
    /// When a parent does not come before its child.
    pub fn tree(parents_of_codes: &[usize]) -> Dimension {
        for (place, parent) in parents_of_codes.iter().enumerate() {
            assert!(*parent <= place, "code {} stands before its parent {parent}", place + 1);
        }
        Dimension { parents: [None].into_iter().chain(parents_of_codes.iter().copied().map(Some)).collect() }
    }

    /// Codes, the total included.
    pub fn n_codes(&self) -> usize {
        self.parents.len()
    }

    /// A code and all codes above it.
    fn with_ancestors(&self, code: usize) -> Vec<usize> {
        std::iter::successors(Some(code), |code| self.parents[*code]).collect()
    }
}

/// What one respondent adds to a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// One code per dimension, without children.
    pub codes: Vec<usize>,
    /// The contribution; 1 in a table of counts.
    pub value: f64,
}

/// A crossed table and its cells.
#[derive(Debug, Clone, PartialEq)]
pub struct CrossedTable {
    /// Cells and relations.
    pub system: CellSystem,
    dimensions: Vec<Dimension>,
}

impl CrossedTable {
    /// Adds up records. `n_largest` contributions are kept in each cell.
    pub fn of_records(dimensions: Vec<Dimension>, records: &[Record], n_largest: usize) -> CrossedTable {
        let n_cells = dimensions.iter().map(Dimension::n_codes).product();
        let mut cells = vec![Cell::offered(0.0, 0); n_cells];
        for record in records {
            let up = record.codes.iter().zip(&dimensions).map(|(code, dimension)| dimension.with_ancestors(*code));
            for cell in combinations(&dimensions, &up.collect::<Vec<_>>()) {
                add(&mut cells[cell], record.value, n_largest);
            }
        }
        let mut system = CellSystem::default();
        for cell in cells {
            system.add_cell(cell);
        }
        for relation in relations(&dimensions) {
            system.add_relation(relation);
        }
        CrossedTable { system, dimensions }
    }

    /// The cell of a combination of codes.
    pub fn cell(&self, codes: &[usize]) -> CellId {
        place(&self.dimensions, codes)
    }
}

fn add(cell: &mut Cell, value: f64, n_largest: usize) {
    cell.value += value;
    cell.frequency += 1;
    let at = cell.largest.partition_point(|other| *other >= value);
    cell.largest.insert(at, value);
    cell.largest.truncate(n_largest);
}

fn place(dimensions: &[Dimension], codes: &[usize]) -> CellId {
    codes.iter().zip(dimensions).fold(0, |place, (code, dimension)| place * dimension.n_codes() + code)
}

/// The cells of every combination of the codes listed for each dimension.
fn combinations(dimensions: &[Dimension], codes: &[Vec<usize>]) -> Vec<CellId> {
    codes.iter().zip(dimensions).fold(vec![0], |places, (codes, dimension)| {
        places.iter().flat_map(|place| codes.iter().map(move |code| place * dimension.n_codes() + code)).collect()
    })
}

fn relations(dimensions: &[Dimension]) -> Vec<Relation> {
    let mut relations = Vec::new();
    for (along, dimension) in dimensions.iter().enumerate() {
        for total in 0..dimension.n_codes() {
            let children: Vec<usize> =
                (0..dimension.n_codes()).filter(|code| dimension.parents[*code] == Some(total)).collect();
            if children.is_empty() {
                continue;
            }
            let cells_with = |code: usize| {
                let all = |other: &Dimension| (0..other.n_codes()).collect();
                let codes = dimensions.iter().enumerate();
                let codes: Vec<Vec<usize>> =
                    codes.map(|(place, other)| if place == along { vec![code] } else { all(other) }).collect();
                combinations(dimensions, &codes)
            };
            let parts: Vec<Vec<CellId>> = children.iter().map(|code| cells_with(*code)).collect();
            for (other, total) in cells_with(total).into_iter().enumerate() {
                relations.push(Relation::sum(total, parts.iter().map(|cells| cells[other])));
            }
        }
    }
    relations
}
