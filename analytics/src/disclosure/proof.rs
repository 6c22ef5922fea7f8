//! What proves that an unsafe cell is protected: movements of cells that no known sum gives away.

use super::cell::CellId;

/// Cells that move together with an unsafe cell: up, down, and as seen by insiders (the cell each one knows). `None`
/// where nothing that may be withheld is enough.
#[derive(Debug, Clone, Default)]
pub(super) struct Proof {
    pub up: Option<Vec<CellId>>,
    pub down: Option<Vec<CellId>>,
    pub insiders: Vec<(CellId, Option<Vec<CellId>>)>,
}

impl Proof {
    /// All of them, found or not.
    pub fn movements(&self) -> impl Iterator<Item = &Option<Vec<CellId>>> {
        [&self.up, &self.down].into_iter().chain(self.insiders.iter().map(|(_, cells)| cells))
    }

    /// Whether a cell moves in one of them.
    pub fn uses(&self, cell: CellId) -> bool {
        self.movements().flatten().any(|cells| cells.contains(&cell))
    }

    /// How many are still to be found.
    pub fn n_missing(&self) -> usize {
        self.movements().filter(|cells| cells.is_none()).count()
    }
}
