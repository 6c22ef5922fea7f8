//! The cells of published tables and the sums that tie them. General: no word of time use here, and no rule of
//! secrecy either.

/// A cell's place in its system.
pub type CellId = usize;

/// A number of a table, with what the rules of secrecy need to know of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// The number as it would be published: a count, or the sum of its contributions.
    pub value: f64,
    /// Respondents who contribute.
    pub frequency: u64,
    /// The largest contributions, the largest first: as many as the rules ask for, or all there are.
    pub largest: Vec<f64>,
    /// Between what an outsider knows it to lie before anything is published.
    pub bounds: Bounds,
    /// Whether it can be published at all.
    pub openness: Openness,
    /// What it costs to withhold it for another's sake; above zero.
    pub cost: f64,
}

/// What everybody knows of a number beforehand, in its unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// At least this.
    pub low: f64,
    /// At most this.
    pub high: f64,
}

impl Bounds {
    /// Counts and times: not negative, and nothing else is known.
    pub const NOT_NEGATIVE: Bounds = Bounds { low: 0.0, high: f64::INFINITY };
    /// Differences: anything.
    pub const ANYTHING: Bounds = Bounds { low: f64::NEG_INFINITY, high: f64::INFINITY };
}

/// Whether a cell is offered to the public.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Openness {
    /// It asks to be published, and may be withheld.
    Offered,
    /// Everybody knows it already (an earlier release, a register): withholding it protects nothing.
    Known,
    /// No table shows it, but sums of others lead to it: persons of a sex without rows, the rest of a group.
    Unlisted,
}

impl Cell {
    /// A cell that asks to be published and costs one to withhold: all cells alike, as few as possible withheld.
    pub fn offered(value: f64, frequency: u64) -> Cell {
        Cell {
            value,
            frequency,
            largest: Vec::new(),
            bounds: Bounds::NOT_NEGATIVE,
            openness: Openness::Offered,
            cost: 1.0,
        }
    }

    /// Whether nobody contributes. An empty cell is shown as it is: what it tells is that there is nobody.
    pub fn is_empty(&self) -> bool {
        self.frequency == 0
    }
}

/// A combination of cells whose value everybody knows: zero for a total less its parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Relation {
    /// Cells with their coefficients, which should be of order one.
    pub terms: Vec<(CellId, f64)>,
}

impl Relation {
    /// A total and the parts it is the sum of.
    pub fn sum(total: CellId, parts: impl IntoIterator<Item = CellId>) -> Relation {
        let parts = parts.into_iter().map(|part| (part, 1.0));
        Relation { terms: [(total, -1.0)].into_iter().chain(parts).collect() }
    }
}

/// Cells and all their relations: every table of a release together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CellSystem {
    cells: Vec<Cell>,
    relations: Vec<Relation>,
    relations_of: Vec<Vec<usize>>,
}

impl CellSystem {
    /// Adds a cell.
    pub fn add_cell(&mut self, cell: Cell) -> CellId {
        self.cells.push(cell);
        self.relations_of.push(Vec::new());
        self.cells.len() - 1
    }

    /// Adds a relation among cells added before. Its terms on the same cell are added up.
    pub fn add_relation(&mut self, relation: Relation) {
        let mut terms = relation.terms;
        terms.sort_by_key(|(cell, _)| *cell);
        let mut merged: Vec<(CellId, f64)> = Vec::with_capacity(terms.len());
        for (cell, coefficient) in terms {
            match merged.last_mut() {
                Some((last, sum)) if *last == cell => *sum += coefficient,
                _ => merged.push((cell, coefficient)),
            }
        }
        merged.retain(|(_, coefficient)| *coefficient != 0.0);
        for (cell, _) in &merged {
            self.relations_of[*cell].push(self.relations.len());
        }
        self.relations.push(Relation { terms: merged });
    }

    /// The cells, in the order they were added.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// The cells, to price or mark them.
    pub fn cells_mut(&mut self) -> &mut [Cell] {
        &mut self.cells
    }

    /// The relations, in the order they were added.
    pub fn relations(&self) -> &[Relation] {
        &self.relations
    }

    /// The places of the relations a cell stands in.
    pub fn relations_of(&self, cell: CellId) -> &[usize] {
        &self.relations_of[cell]
    }
}
