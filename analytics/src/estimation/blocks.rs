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
#[derive(Debug, Clone)]
pub struct Totals {
    sums: Arc<Sums>,
    /// Which of the variables that were summed together it is.
    variable: usize,
}

/// The sums of variables that are summed together, side by side.
#[derive(Debug, Clone, PartialEq)]
struct Sums {
    n_variables: usize,
    /// By cell, then variable; cells of domains that were not asked for are left out at the end.
    cells: Vec<f64>,
    /// By domain, then variable.
    classes: Vec<ClassSums>,
    /// The sums that calibration needs, see [`Blocks::moment_of`], by variable in the end.
    moments: Vec<f64>,
}

impl PartialEq for Totals {
    fn eq(&self, other: &Totals) -> bool {
        self.variable == other.variable && self.sums == other.sums
    }
}

impl Totals {
    /// Adds the sums of the same variable over other observations: blocks filled by parts of a sample (threads, files,
    /// machines) add up, if not to the last bit. Both come from the same [`Blocks`].
    pub fn add(&mut self, other: &Totals) {
        debug_assert_eq!(self.sums.cells.len(), other.sums.cells.len(), "totals of the same blocks");
        let sums = Arc::make_mut(&mut self.sums);
        add_all(&mut sums.cells, &other.sums.cells);
        add_all(&mut sums.moments, &other.sums.moments);
        for (classes, more) in sums.classes.iter_mut().zip(&other.sums.classes) {
            add_all(classes, more);
        }
    }

    /// The sum in a cell.
    pub(super) fn of_cell(&self, cell: usize) -> f64 {
        self.sums.cells[cell * self.sums.n_variables + self.variable]
    }

    /// All sums, with those of the variables beside it, and which of each cell's numbers is its own.
    pub(super) fn cells(&self) -> CellsOfTotals<'_> {
        CellsOfTotals { cells: &self.sums.cells, n_variables: self.sums.n_variables, variable: self.variable }
    }

    pub(super) fn of_classes(&self, domain: usize) -> &ClassSums {
        &self.sums.classes[domain * self.sums.n_variables + self.variable]
    }

    pub(super) fn moment(&self, place: usize) -> f64 {
        self.sums.moments[place * self.sums.n_variables + self.variable]
    }

    /// Whether they are the same sums, not equal ones.
    pub(super) fn are(&self, other: &Totals) -> bool {
        self.variable == other.variable && Arc::ptr_eq(&self.sums, &other.sums)
    }
}

/// The sums of one variable by cell, among those of others.
#[derive(Debug, Clone, Copy)]
pub(super) struct CellsOfTotals<'t> {
    cells: &'t [f64],
    n_variables: usize,
    variable: usize,
}

impl CellsOfTotals<'_> {
    pub fn of(self, cell: usize) -> f64 {
        self.cells[cell * self.n_variables + self.variable]
    }
}

fn add_to<const N: usize>(sums: &mut [f64; N], more: &[f64; N]) {
    for (sum, more) in sums.iter_mut().zip(more) {
        *sum += more;
    }
}

fn add_all(sums: &mut [f64], more: &[f64]) {
    for (sum, more) in sums.iter_mut().zip(more) {
        *sum += more;
    }
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
    /// By cell, the class of its observations.
    pub(super) classes: Vec<u8>,
    /// By cell.
    pub(super) cell_weights: Vec<f64>,
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
            classes: Vec::new(),
            cell_weights: Vec::new(),
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
        let mut pairs = vec![Vec::new(); domains.len()];
        for (domain, pairs) in domains.iter().zip(&mut pairs) {
            pairs.reserve(domain.len());
            blocks.add_domain(observations, domain, pairs);
        }
        blocks.index_observations(&pairs);
        let mut class_weights = vec![[0.0; _]; domains.len()];
        for (domain, weights) in class_weights.iter_mut().enumerate() {
            for cell in blocks.cells_in(domain) {
                weights[usize::from(blocks.classes[cell])] += blocks.cell_weights[cell];
            }
        }
        blocks.class_weights = class_weights;
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
        let [weight] = blocks.totals_of(&rows, domains.len(), |_| [1.0]);
        let n_moments = domains.len() * blocks.n_classes * blocks.n_auxiliary();
        blocks.moments_of_weight = (0..n_moments).map(|place| weight.moment(place)).collect();
        blocks
    }

    fn add_domain(&mut self, observations: &[Observation], domain: &[u32], pairs: &mut Vec<(u32, u32)>) {
        assert!(self.runs_of_domain.len() <= usize::from(u16::MAX), "at most 65,536 domains");
        let key = |row: u32| {
            let Observation { leaf, class, .. } = observations[row as usize];
            (u64::from(leaf) << 40) | (u64::from(class) << 32) | u64::from(row)
        };
        let mut keys: Vec<u64> = domain.iter().map(|row| key(*row)).collect();
        keys.sort_unstable();
        let first_run = self.runs.len();
        for of_leaf in keys.chunk_by(|a, b| a >> 40 == b >> 40) {
            let first_cell = self.classes.len();
            for of_cell in of_leaf.chunk_by(|a, b| a >> 32 == b >> 32) {
                let rows = of_cell.iter().map(|key| *key as u32);
                pairs.extend(rows.clone().map(|row| (row, self.classes.len() as u32)));
                self.cell_weights.push(rows.map(|row| self.weights[row as usize]).sum());
                self.classes.push((of_cell[0] >> 32) as u8);
            }
            self.runs.push(Run { leaf: (of_leaf[0] >> 40) as u32, cells: first_cell..self.classes.len() });
        }
        self.runs_of_domain.push(first_run..self.runs.len());
    }

    /// Notes the cells of each observation, given domain by domain.
    fn index_observations(&mut self, pairs_of_domains: &[Vec<(u32, u32)>]) {
        for (row, _) in pairs_of_domains.iter().flatten() {
            self.first_cell_of[*row as usize + 1] += 1;
        }
        for row in 1..self.first_cell_of.len() {
            self.first_cell_of[row] += self.first_cell_of[row - 1];
        }
        let n_pairs = self.first_cell_of.last().copied().unwrap_or(0);
        (self.cells_of, self.domains_of) = (vec![0; n_pairs], vec![0; n_pairs]);
        let mut next = self.first_cell_of.clone();
        for (domain, pairs) in pairs_of_domains.iter().enumerate() {
            for (row, cell) in pairs {
                let place = next[*row as usize];
                (self.cells_of[place], self.domains_of[place]) = (*cell, domain as u16);
                next[*row as usize] += 1;
            }
        }
    }

    /// Fills the blocks with one variable: a single pass over its values, each added to every cell it lies in.
    pub fn totals(&self, column: Column<'_>) -> Totals {
        let [totals] = self.totals_of(column.rows, self.runs_of_domain.len(), |place| [column.values[place]]);
        totals
    }

    /// The same for several variables that have values at the same `rows`, told by their place there, in one pass; in
    /// the first `n_domains` domains only. Each has the bits that it would have alone.
    pub fn totals_of<const N: usize>(
        &self,
        rows: &[u32],
        n_domains: usize,
        values: impl Fn(usize) -> [f64; N],
    ) -> [Totals; N] {
        let n_auxiliary = self.n_auxiliary();
        let n_cells = (0..n_domains).map(|domain| self.cells_in(domain).end).max().unwrap_or(0);
        let mut cells = vec![[0.0; N]; n_cells];
        let mut moments = vec![[0.0; N]; n_domains * self.n_classes * n_auxiliary];
        for (place, row) in rows.iter().enumerate() {
            let weight = self.weight_of(*row);
            let weighted = values(place).map(|value| weight * value);
            let class = usize::from(self.class_of[*row as usize]);
            let terms = self.calibrated.as_ref().map_or(&[][..], |calibrated| calibrated.terms(*row));
            for (cell, domain) in self.cells_of(*row).iter().zip(self.domains_of(*row)) {
                let domain = usize::from(*domain);
                // Domains ascend.
                if domain >= n_domains {
                    break;
                }
                add_to(&mut cells[*cell as usize], &weighted);
                for term in terms {
                    let place = self.moment_of(domain, class, n_auxiliary) + usize::from(term.variable);
                    let moments = &mut moments[place];
                    add_to(moments, &weighted.map(|weighted| term.of_score * weighted));
                }
            }
        }
        let mut of_domains = vec![[0.0; _]; n_domains * N];
        for domain in 0..n_domains {
            let mut of_classes = [[0.0; N]; Blocks::MAX_CLASSES];
            for cell in self.cells_in(domain) {
                add_to(&mut of_classes[usize::from(self.classes[cell])], &cells[cell]);
            }
            for (class, sums) in of_classes.iter().enumerate() {
                for (variable, sum) in sums.iter().enumerate() {
                    of_domains[domain * N + variable][class] = *sum;
                }
            }
        }
        let (cells, moments) = (cells.into_flattened(), moments.into_flattened());
        let sums = Arc::new(Sums { n_variables: N, cells, classes: of_domains, moments });
        std::array::from_fn(|variable| Totals { sums: sums.clone(), variable })
    }

    pub(super) fn class_weights(&self, domain: usize) -> &ClassSums {
        &self.class_weights[domain]
    }

    /// How many auxiliary variables the calibration has; none without one.
    pub(super) fn n_auxiliary(&self) -> usize {
        self.calibrated.as_ref().map_or(0, |calibrated| calibrated.calibration.n_variables())
    }

    /// The first moment of a domain and class: for each auxiliary variable, Σ f w y over the observations, f being what
    /// their unit's score enters the variable's equation with.
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
