//! Blocks: the weighted sums of a variable per domain, leaf of the design and class, filled in one pass over its values.
//! Means, ratios, variances and jackknives are then made from the blocks alone. Blocks filled from parts of the
//! observations add up.

use std::ops::Range;
use std::sync::Arc;

use super::calibration::{Calibration, Term};
use super::linearise::ClassSums;

/// What the kernel knows of one observation (a diary day).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation {
    /// Its weight, not negative.
    pub weight: f64,
    /// Its leaf in the design: its cluster, where the design has one stage.
    pub leaf: u32,
    /// Its class, below [`Blocks::MAX_CLASSES`]: the finest groups that contrasts compare (sex by kind of day).
    pub class: u8,
}

/// A variable by observation: zero wherever no value is listed. Rows ascend.
#[derive(Debug, Clone, Copy)]
pub struct Column<'a> {
    /// Numbers of the observations with a value.
    pub rows: &'a [u32],
    /// Their values.
    pub values: &'a [f64],
}

/// The weighted sums of a variable in every cell. Copies share them.
#[derive(Debug, Clone, PartialEq)]
pub struct Totals(Arc<Sums>);

#[derive(Debug, Clone, PartialEq)]
struct Sums {
    cells: Vec<f64>,
    /// By domain.
    classes: Vec<ClassSums>,
    /// The sums that calibration needs, see [`Blocks::moments_of`].
    moments: Vec<f64>,
}

impl Totals {
    /// Adds the sums of the same variable over other observations: blocks filled by parts of a sample (threads, files,
    /// machines) add up, if not to the last bit. Both come from the same [`Blocks`].
    pub fn add(&mut self, other: &Totals) {
        debug_assert_eq!(self.0.cells.len(), other.0.cells.len(), "totals of the same blocks");
        let sums = Arc::make_mut(&mut self.0);
        add_all(&mut sums.cells, &other.0.cells);
        add_all(&mut sums.moments, &other.0.moments);
        for (classes, more) in sums.classes.iter_mut().zip(&other.0.classes) {
            add_all(classes, more);
        }
    }

    pub(super) fn cells(&self) -> &[f64] {
        &self.0.cells
    }

    pub(super) fn of_classes(&self, domain: usize) -> &ClassSums {
        &self.0.classes[domain]
    }

    pub(super) fn moment(&self, place: usize) -> f64 {
        self.0.moments[place]
    }

    /// Whether they are the same sums, not equal ones.
    pub(super) fn are(&self, other: &Totals) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

fn add_all(sums: &mut [f64], more: &[f64]) {
    for (sum, more) in sums.iter_mut().zip(more) {
        *sum += more;
    }
}

/// Observations of one domain, leaf and class.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    pub class: u8,
    pub weight: f64,
    domain: u16,
}

/// Consecutive cells of one domain that share a leaf: the unit that carries a score.
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub leaf: u32,
    pub cells: Range<usize>,
}

/// The calibration of the weights, and the calibrated unit of each observation.
#[derive(Debug)]
pub(super) struct Calibrated {
    pub calibration: Arc<Calibration>,
    unit_of: Vec<u32>,
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
    /// The domains of `cells_of`, so that sums by domain need no look at the cells.
    domains_of: Vec<u16>,
    class_of: Vec<u8>,
    n_classes: usize,
    /// By domain.
    class_weights: Vec<ClassSums>,
    pub(super) calibrated: Option<Calibrated>,
    /// The totals of a variable that is 1 everywhere, moments only.
    pub(super) moments_of_weight: Vec<f64>,
}

impl Blocks {
    /// Classes that fit the bit masks of contrasts.
    pub const MAX_CLASSES: usize = 16;

    /// Lays out the blocks. `domains` lists, for each domain, its observations in ascending order;
    /// domains may overlap. Passes are quickest where the observations of a leaf lie together.
    ///
    /// # Panics
    /// When there are more than 65,536 domains.
    pub fn new(observations: &[Observation], domains: &[Vec<u32>]) -> Blocks {
        let mut blocks = Blocks {
            cells: Vec::new(),
            runs: Vec::new(),
            runs_of_domain: Vec::with_capacity(domains.len()),
            weights: observations.iter().map(|observation| observation.weight).collect(),
            first_cell_of: vec![0; observations.len() + 1],
            cells_of: Vec::new(),
            domains_of: Vec::new(),
            class_of: observations.iter().map(|observation| observation.class).collect(),
            n_classes: observations.iter().map(|one| usize::from(one.class) + 1).max().unwrap_or(0),
            class_weights: Vec::new(),
            calibrated: None,
            moments_of_weight: Vec::new(),
        };
        debug_assert!(blocks.n_classes <= Blocks::MAX_CLASSES, "classes are bits of a mask");
        let mut pairs = Vec::new();
        for domain in domains {
            blocks.add_domain(observations, domain, &mut pairs);
        }
        blocks.index_observations(pairs);
        let weights: Vec<f64> = blocks.cells.iter().map(|cell| cell.weight).collect();
        blocks.class_weights = blocks.by_class(&weights);
        blocks
    }

    /// The same for weights that were calibrated: standard errors are then those of the calibration's residuals.
    /// `unit_of` is the calibrated unit (the person) of each observation.
    ///
    /// # Panics
    /// When `unit_of` has not one unit for each observation.
    pub fn calibrated(
        observations: &[Observation],
        domains: &[Vec<u32>],
        calibration: Arc<Calibration>,
        unit_of: &[u32],
    ) -> Blocks {
        assert_eq!(unit_of.len(), observations.len(), "a calibrated unit for each observation");
        let mut blocks = Blocks::new(observations, domains);
        blocks.calibrated = Some(Calibrated { calibration, unit_of: unit_of.to_vec() });
        let rows: Vec<u32> = (0..observations.len() as u32).collect();
        blocks.moments_of_weight = blocks.moments_of(Column { rows: &rows, values: &vec![1.0; rows.len()] });
        blocks
    }

    fn add_domain(&mut self, observations: &[Observation], domain: &[u32], pairs: &mut Vec<(u32, u32)>) {
        let number = u16::try_from(self.runs_of_domain.len()).expect("at most 65,536 domains");
        let key = |row: u32| {
            let Observation { leaf, class, .. } = observations[row as usize];
            (u64::from(leaf) << 40) | (u64::from(class) << 32) | u64::from(row)
        };
        let mut keys: Vec<u64> = domain.iter().map(|row| key(*row)).collect();
        keys.sort_unstable();
        let first_run = self.runs.len();
        for of_leaf in keys.chunk_by(|a, b| a >> 40 == b >> 40) {
            let first_cell = self.cells.len();
            for of_cell in of_leaf.chunk_by(|a, b| a >> 32 == b >> 32) {
                let rows = of_cell.iter().map(|key| *key as u32);
                pairs.extend(rows.clone().map(|row| (row, self.cells.len() as u32)));
                let weight = rows.map(|row| self.weights[row as usize]).sum();
                self.cells.push(Cell { class: (of_cell[0] >> 32) as u8, weight, domain: number });
            }
            self.runs.push(Run { leaf: (of_leaf[0] >> 40) as u32, cells: first_cell..self.cells.len() });
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
        self.domains_of = pairs.iter().map(|(_, cell)| self.cells[*cell as usize].domain).collect();
        self.cells_of = pairs.into_iter().map(|(_, cell)| cell).collect();
    }

    /// Fills the blocks with one variable: a single pass over its values, each added to every cell it lies in.
    pub fn totals(&self, column: Column<'_>) -> Totals {
        let mut cells = vec![0.0; self.cells.len()];
        for (row, value) in column.rows.iter().zip(column.values) {
            let weighted = self.weight_of(*row) * value;
            for cell in self.cells_of(*row) {
                cells[*cell as usize] += weighted;
            }
        }
        let (classes, moments) = (self.by_class(&cells), self.moments_of(column));
        Totals(Arc::new(Sums { cells, classes, moments }))
    }

    /// Sums over cells, by domain and class.
    fn by_class(&self, cells: &[f64]) -> Vec<ClassSums> {
        let mut sums = vec![[0.0; _]; self.runs_of_domain.len()];
        for (cell, value) in self.cells.iter().zip(cells) {
            sums[usize::from(cell.domain)][usize::from(cell.class)] += value;
        }
        sums
    }

    pub(super) fn class_weights(&self, domain: usize) -> &ClassSums {
        &self.class_weights[domain]
    }

    /// How many auxiliary variables the calibration has; none without one.
    pub(super) fn n_auxiliary(&self) -> usize {
        self.calibrated.as_ref().map_or(0, |calibrated| calibrated.calibration.n_variables())
    }

    /// For each domain, class and auxiliary variable, Σ f w y over the observations, f being what their unit's score
    /// enters the variable's equation with. Nothing without a calibration.
    fn moments_of(&self, column: Column<'_>) -> Vec<f64> {
        let Some(calibrated) = &self.calibrated else { return Vec::new() };
        let n_auxiliary = self.n_auxiliary();
        let mut moments = vec![0.0; self.runs_of_domain.len() * self.n_classes * n_auxiliary];
        for (row, value) in column.rows.iter().zip(column.values) {
            let weighted = self.weight_of(*row) * value;
            let terms = calibrated.terms(*row);
            let class = usize::from(self.class_of[*row as usize]);
            for domain in self.domains_of(*row) {
                let first = self.moment_of(usize::from(*domain), class, n_auxiliary);
                for term in terms {
                    moments[first + usize::from(term.variable)] += term.of_score * weighted;
                }
            }
        }
        moments
    }

    /// The first moment of a domain and class.
    pub(super) fn moment_of(&self, domain: usize, class: usize, n_variables: usize) -> usize {
        (domain * self.n_classes + class) * n_variables
    }

    pub(super) fn n_classes(&self) -> usize {
        self.n_classes
    }

    pub(super) fn runs_of(&self, domain: usize) -> &[Run] {
        &self.runs[self.runs_of_domain[domain].clone()]
    }

    /// The cells of a domain.
    pub(super) fn cells_in(&self, domain: usize) -> Range<usize> {
        let runs = self.runs_of(domain);
        runs.first().map_or(0..0, |first| first.cells.start..runs[runs.len() - 1].cells.end)
    }

    pub(super) fn weight_of(&self, row: u32) -> f64 {
        self.weights[row as usize]
    }

    /// The cells an observation lies in, ascending.
    pub(super) fn cells_of(&self, row: u32) -> &[u32] {
        &self.cells_of[self.places_of(row)]
    }

    fn domains_of(&self, row: u32) -> &[u16] {
        &self.domains_of[self.places_of(row)]
    }

    fn places_of(&self, row: u32) -> Range<usize> {
        self.first_cell_of[row as usize]..self.first_cell_of[row as usize + 1]
    }
}

impl Calibrated {
    /// The auxiliary variables of an observation's unit.
    pub fn terms(&self, row: u32) -> &[Term] {
        self.calibration.terms(self.unit_of[row as usize])
    }
}
