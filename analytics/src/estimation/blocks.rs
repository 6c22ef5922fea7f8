//! Blocks: the weighted sums of a variable per domain, cluster and class, filled in one pass over its values.
//! Means, ratios and variances are then made from the blocks alone.

use std::ops::Range;

/// What the kernel knows of one observation (a diary day).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation {
    /// Its weight, not negative.
    pub weight: f64,
    /// Its cluster's number in the design.
    pub cluster: u32,
    /// Its class, below [`Blocks::MAX_CLASSES`]: the finest groups that contrasts compare (sex by kind of day).
    pub class: u8,
    /// Its post-stratum, where weights were adjusted to population totals.
    pub post_stratum: Option<u16>,
}

/// A variable by observation: zero wherever no value is listed. Rows ascend.
#[derive(Debug, Clone, Copy)]
pub struct Column<'a> {
    /// Numbers of the observations with a value.
    pub rows: &'a [u32],
    /// Their values.
    pub values: &'a [f64],
}

/// The weighted sum of a variable in every cell.
#[derive(Debug, Clone)]
pub struct Totals(pub(super) Vec<f64>);

/// Observations of one domain, cluster, post-stratum and class.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    pub class: u8,
    pub weight: f64,
}

/// Consecutive cells of one domain that share cluster and post-stratum: the unit that carries a score.
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub cluster: u32,
    pub post_stratum: Option<u16>,
    pub cells: Range<usize>,
}

/// The layout of the blocks for one sample and its domains.
#[derive(Debug)]
pub struct Blocks {
    pub(super) cells: Vec<Cell>,
    pub(super) runs: Vec<Run>,
    runs_of_domain: Vec<Range<usize>>,
    weights: Vec<f64>,
    first_cell_of: Vec<usize>,
    cells_of: Vec<u32>,
}

impl Blocks {
    /// Classes that fit the bit masks of contrasts.
    pub const MAX_CLASSES: usize = 16;

    /// Lays out the blocks. `domains` lists, for each domain, its observations in ascending order;
    /// domains may overlap.
    pub fn new(observations: &[Observation], domains: &[Vec<u32>]) -> Blocks {
        let mut blocks = Blocks {
            cells: Vec::new(),
            runs: Vec::new(),
            runs_of_domain: Vec::with_capacity(domains.len()),
            weights: observations.iter().map(|observation| observation.weight).collect(),
            first_cell_of: vec![0; observations.len() + 1],
            cells_of: Vec::new(),
        };
        let mut pairs = Vec::new();
        for domain in domains {
            blocks.add_domain(observations, domain, &mut pairs);
        }
        blocks.index_observations(pairs);
        blocks
    }

    fn add_domain(&mut self, observations: &[Observation], domain: &[u32], pairs: &mut Vec<(u32, u32)>) {
        let run_key = |row: u32| {
            let observation = &observations[row as usize];
            (observation.cluster, observation.post_stratum)
        };
        let mut rows = domain.to_vec();
        rows.sort_by_key(|row| (run_key(*row), observations[*row as usize].class, *row));
        let first_run = self.runs.len();
        for same_run in rows.chunk_by(|a, b| run_key(*a) == run_key(*b)) {
            let first_cell = self.cells.len();
            let class_of = |row: u32| observations[row as usize].class;
            for same_cell in same_run.chunk_by(|a, b| class_of(*a) == class_of(*b)) {
                pairs.extend(same_cell.iter().map(|row| (*row, self.cells.len() as u32)));
                let weight = same_cell.iter().map(|row| observations[*row as usize].weight).sum();
                self.cells.push(Cell { class: class_of(same_cell[0]), weight });
            }
            let (cluster, post_stratum) = run_key(same_run[0]);
            self.runs.push(Run { cluster, post_stratum, cells: first_cell..self.cells.len() });
        }
        self.runs_of_domain.push(first_run..self.runs.len());
    }

    fn index_observations(&mut self, mut pairs: Vec<(u32, u32)>) {
        pairs.sort_unstable();
        for (row, _) in &pairs {
            self.first_cell_of[*row as usize + 1] += 1;
        }
        for row in 1..self.first_cell_of.len() {
            self.first_cell_of[row] += self.first_cell_of[row - 1];
        }
        self.cells_of = pairs.into_iter().map(|(_, cell)| cell).collect();
    }

    /// Fills the blocks with one variable: a single pass over its values, each added to every cell it lies in.
    pub fn totals(&self, column: Column<'_>) -> Totals {
        let mut totals = vec![0.0; self.cells.len()];
        for (row, value) in column.rows.iter().zip(column.values) {
            let row = *row as usize;
            let weighted = self.weights[row] * value;
            for cell in &self.cells_of[self.first_cell_of[row]..self.first_cell_of[row + 1]] {
                totals[*cell as usize] += weighted;
            }
        }
        Totals(totals)
    }

    pub(super) fn runs_of(&self, domain: usize) -> &[Run] {
        &self.runs[self.runs_of_domain[domain].clone()]
    }
}
