//! Weighted totals in every replicate, in one pass over the units: each unit adds one row of replicate weights to the totals
//! of its cell. Statistics are functions of the totals.

use rayon::prelude::*;

use super::{ReplicateWeights, Replicated};

/// Replicates summed together: a tile of totals that stays in the cache. Tiles go to threads; no sum is divided, so the
/// totals are the same at any number of threads.
const TILE: usize = 32;

/// The totals of variables by cell, from the whole sample and from each replicate.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplicateTotals {
    n_variables: usize,
    n_replicates: usize,
    /// Cells by variables.
    full: Vec<f64>,
    /// Tile by tile, cells by variables by replicates of the tile.
    tiles: Vec<Vec<f64>>,
}

/// The totals of the whole sample, or of one replicate.
#[derive(Debug, Clone, Copy)]
pub struct CellTotals<'a> {
    totals: &'a ReplicateTotals,
    /// `None` for the whole sample.
    replicate: Option<usize>,
}

impl CellTotals<'_> {
    /// The total of a variable in a cell.
    pub fn total(&self, cell: usize, variable: usize) -> f64 {
        let place = cell * self.totals.n_variables + variable;
        match self.replicate {
            None => self.totals.full[place],
            Some(replicate) => {
                let tile = replicate / TILE;
                let width = TILE.min(self.totals.n_replicates - tile * TILE);
                self.totals.tiles[tile][place * width + replicate % TILE]
            }
        }
    }

    /// The total of a variable over several cells: a domain.
    pub fn sum(&self, cells: impl IntoIterator<Item = usize>, variable: usize) -> f64 {
        cells.into_iter().map(|cell| self.total(cell, variable)).sum()
    }
}

impl ReplicateTotals {
    /// A statistic: a function of the totals, from the whole sample and from each replicate.
    pub fn estimate(&self, statistic: impl Fn(CellTotals<'_>) -> f64) -> Replicated {
        let of = |replicate| statistic(CellTotals { totals: self, replicate });
        Replicated {
            estimate: of(None),
            replicates: (0..self.n_replicates).map(|replicate| of(Some(replicate))).collect(),
        }
    }
}

impl ReplicateWeights {
    /// The totals of variables (each a value per unit) by cell. `cell_of` gives each unit's cell, below `n_cells`; `None` for
    /// a unit in no domain. Domains that overlap are sums of cells.
    ///
    /// # Panics
    /// When a variable or `cell_of` has not one entry per unit, or a cell is not below `n_cells`.
    pub fn totals(&self, variables: &[&[f64]], cell_of: &[Option<u32>], n_cells: usize) -> ReplicateTotals {
        let n_units = self.weights.len();
        assert!(variables.iter().all(|variable| variable.len() == n_units), "one value per unit");
        assert_eq!(cell_of.len(), n_units, "one cell per unit");
        let n_variables = variables.len();
        let mut full = vec![0.0; n_cells * n_variables];
        for (unit, cell) in cell_of.iter().enumerate() {
            let Some(cell) = cell else { continue };
            for (variable, values) in variables.iter().enumerate() {
                full[*cell as usize * n_variables + variable] += self.weights[unit] * values[unit];
            }
        }
        let sums = self.sums_by_row(variables, cell_of);
        let n_tiles = self.n_replicates.div_ceil(TILE);
        let tiles = (0..n_tiles).into_par_iter().map(|tile| self.tile(tile, &sums, n_cells * n_variables)).collect();
        ReplicateTotals { n_variables, n_replicates: self.n_replicates, full, tiles }
    }

    /// What units that share a row of factors add to each total before the factors: (row, place, sum), rows ascending.
    fn sums_by_row(&self, variables: &[&[f64]], cell_of: &[Option<u32>]) -> Vec<(u32, u32, f64)> {
        let n_variables = variables.len();
        let mut units: Vec<u32> =
            (0..self.row_of.len() as u32).filter(|unit| cell_of[*unit as usize].is_some()).collect();
        // A stable sort: units of one row and cell are summed in their order.
        units.sort_by_key(|unit| (self.row_of[*unit as usize], cell_of[*unit as usize]));
        let key = |unit: &u32| (self.row_of[*unit as usize], cell_of[*unit as usize]);
        let mut sums = Vec::with_capacity(units.len() * n_variables);
        for same in units.chunk_by(|a, b| key(a) == key(b)) {
            let (row, cell) = (self.row_of[same[0] as usize], cell_of[same[0] as usize].unwrap_or_default());
            for (variable, values) in variables.iter().enumerate() {
                let sum: f64 = same.iter().map(|unit| self.base[*unit as usize] * values[*unit as usize]).sum();
                if sum != 0.0 {
                    sums.push((row, cell * n_variables as u32 + variable as u32, sum));
                }
            }
        }
        sums
    }

    fn tile(&self, tile: usize, sums: &[(u32, u32, f64)], n_places: usize) -> Vec<f64> {
        let width = TILE.min(self.n_replicates - tile * TILE);
        let mut totals = vec![0.0; n_places * width];
        for (row, place, sum) in sums {
            let first = *row as usize * self.n_replicates + tile * TILE;
            let factors = &self.factors[first..first + width];
            let totals = &mut totals[*place as usize * width..][..width];
            for (total, factor) in totals.iter_mut().zip(factors) {
                *total += sum * factor;
            }
        }
        totals
    }
}
