//! The cells of published tables and the sums that tie them. General: no word of time use here, and no rule of
//! secrecy either.

use std::collections::BTreeMap;

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

    /// What everybody knows it to be at most.
    fn most(&self) -> f64 {
        if self.is_empty() { self.value } else { self.bounds.high }
    }

    /// Lets everybody know that it is at most this; whether that is news.
    fn lower(&mut self, high: f64) -> bool {
        let high = high.max(self.value);
        let is_lower = high < self.bounds.high * (1.0 - HARDLY_LOWER);
        if is_lower {
            self.bounds.high = high;
        }
        is_lower
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

/// What cells leave: a combination of them that no cell tells, of which everybody knows that it is not less than nothing,
/// and more than so much it cannot be either. A whole less its parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Limit {
    /// Cells with their coefficients.
    pub terms: Vec<(CellId, f64)>,
    /// How far it can lie from the truth, below and above.
    pub room: (f64, f64),
}

/// A cell's place where the cells of a system are crossed: what is told (a line) by whom it is told of (a position).
/// Most relations then hold on one line or at one position, over and over again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Crossing {
    /// What is told.
    pub line: usize,
    /// Of whom.
    pub position: usize,
}

/// Cells and all their relations: every table of a release together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CellSystem {
    cells: Vec<Cell>,
    relations: Vec<Relation>,
    relations_of: Vec<Vec<usize>>,
    limits: Vec<Limit>,
    limits_of: Vec<Vec<usize>>,
    /// Nothing where the cells are not crossed.
    crossed: Crossed,
    /// Pairs of cells that hold the same respondent wherever each holds a single one.
    same_respondent: Vec<(CellId, CellId)>,
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Crossed {
    /// By cell.
    crossings: Vec<Crossing>,
    n_positions: usize,
    /// By line, then position.
    cell_at: Vec<Option<CellId>>,
    /// By line: its cells, and the relations that hold on it alone.
    lines: Vec<(Vec<CellId>, Vec<usize>)>,
    /// By relation: the sum of lines that it is at one position, as a place in `sums`.
    sum_of: Vec<Option<usize>>,
    /// Sums of lines with their coefficients, which hold at one position or more.
    sums: Vec<Vec<(usize, f64)>>,
}

impl CellSystem {
    /// Adds a cell.
    pub fn add_cell(&mut self, cell: Cell) -> CellId {
        self.cells.push(cell);
        self.relations_of.push(Vec::new());
        self.limits_of.push(Vec::new());
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

    /// Adds what cells leave, a combination of them that nobody tells: it is not negative, and at most `most`.
    pub fn add_limit(&mut self, terms: Vec<(CellId, f64)>, most: f64) {
        let rest = terms.iter().map(|(cell, factor)| factor * self.cells[*cell].value).sum::<f64>().max(0.0);
        self.limit(Limit { terms, room: (-rest, (most - rest).max(0.0)) });
    }

    /// Adds a limit.
    pub(super) fn limit(&mut self, limit: Limit) {
        for (cell, _) in &limit.terms {
            self.limits_of[*cell].push(self.limits.len());
        }
        self.limits.push(limit);
    }

    /// The limits, in the order they were added.
    pub fn limits(&self) -> &[Limit] {
        &self.limits
    }

    /// The places of the limits a cell stands in.
    pub fn limits_of(&self, cell: CellId) -> &[usize] {
        &self.limits_of[cell]
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

    /// Lowers what everybody knows a number to be at most: a sum to what its parts can be at most together, and a part
    /// to what its sum can be; empty cells are shown. For numbers that are not negative.
    pub fn tighten(&mut self) {
        for _ in 0..MOST_ROUNDS {
            let mut is_changed = false;
            for relation in &self.relations {
                is_changed |= tighten_by(&mut self.cells, relation);
            }
            if !is_changed {
                break;
            }
        }
    }

    /// Says that two cells with one respondent each hold the same one: all there is of a single person.
    pub fn tie_respondents(&mut self, one: CellId, other: CellId) {
        self.same_respondent.push((one, other));
    }

    /// The pairs of cells that are said to hold the same respondent.
    pub fn tied_respondents(&self) -> &[(CellId, CellId)] {
        &self.same_respondent
    }

    /// Says where each cell stands where lines and positions cross, in the order of the cells, once all relations are
    /// there. The search for movements is better for it; what is true does not depend on it.
    ///
    /// # Panics
    /// When there are not as many crossings as cells.
    pub fn cross(&mut self, crossings: Vec<Crossing>) {
        assert_eq!(crossings.len(), self.cells.len());
        let n_lines = crossings.iter().map(|crossing| crossing.line + 1).max().unwrap_or(0);
        let n_positions = crossings.iter().map(|crossing| crossing.position + 1).max().unwrap_or(0);
        let mut crossed = Crossed {
            n_positions,
            cell_at: vec![None; n_lines * n_positions],
            lines: vec![(Vec::new(), Vec::new()); n_lines],
            sum_of: Vec::with_capacity(self.relations.len()),
            sums: Vec::new(),
            crossings,
        };
        for (cell, crossing) in crossed.crossings.iter().enumerate() {
            crossed.cell_at[crossing.line * n_positions + crossing.position] = Some(cell);
            crossed.lines[crossing.line].0.push(cell);
        }
        let mut known: BTreeMap<Vec<(usize, u64)>, usize> = BTreeMap::new();
        for (place, relation) in self.relations.iter().enumerate() {
            let mut positions = relation.terms.iter().map(|(cell, _)| crossed.crossings[*cell].position);
            let first = positions.next();
            crossed.sum_of.push(positions.all(|other| Some(other) == first).then(|| {
                let terms = relation.terms.iter().map(|(cell, factor)| (crossed.crossings[*cell].line, *factor));
                let sum: Vec<(usize, f64)> = terms.collect();
                let key = sum.iter().map(|(line, factor)| (*line, factor.to_bits())).collect();
                *known.entry(key).or_insert_with(|| {
                    crossed.sums.push(sum);
                    crossed.sums.len() - 1
                })
            }));
            let mut lines = relation.terms.iter().map(|(cell, _)| crossed.crossings[*cell].line);
            if let Some(line) = lines.next()
                && lines.all(|other| other == line)
            {
                crossed.lines[line].1.push(place);
            }
        }
        self.crossed = crossed;
    }

    /// Where a cell stands, if the cells are crossed.
    pub fn crossing(&self, cell: CellId) -> Option<Crossing> {
        self.crossed.crossings.get(cell).copied()
    }

    /// The cell at a crossing.
    pub fn cell_at(&self, line: usize, position: usize) -> Option<CellId> {
        let is_there = position < self.crossed.n_positions;
        self.crossed.cell_at.get(line * self.crossed.n_positions + position).copied().flatten().filter(|_| is_there)
    }

    /// The cells of a line.
    pub fn line(&self, line: usize) -> &[CellId] {
        self.crossed.lines.get(line).map_or(&[], |(cells, _)| cells)
    }

    /// The relations that hold on a line alone.
    pub fn relations_along(&self, line: usize) -> &[usize] {
        self.crossed.lines.get(line).map_or(&[], |(_, relations)| relations)
    }

    /// The sum of lines that a relation is, if all its cells stand at one position: its number, and the lines with their
    /// coefficients. The same sum at other positions has the same number.
    pub fn sum_across(&self, relation: usize) -> Option<(usize, &[(usize, f64)])> {
        let sum = self.crossed.sum_of.get(relation).copied().flatten()?;
        Some((sum, &self.crossed.sums[sum]))
    }

    /// How many such sums there are.
    pub fn n_sums_across(&self) -> usize {
        self.crossed.sums.len()
    }
}

/// How often what is known of one number is carried over to its sums and parts: as deep as sums are nested, and more.
const MOST_ROUNDS: usize = 12;
/// A bound that is lowered by less than this part of it is left.
const HARDLY_LOWER: f64 = 1e-9;

/// Carries over what is known of a total to its parts and the other way; whether anything is known better now.
fn tighten_by(cells: &mut [Cell], relation: &Relation) -> bool {
    let (totals, parts): (Vec<_>, Vec<_>) = relation.terms.iter().copied().partition(|(_, factor)| *factor < 0.0);
    let [(total, factor)] = totals[..] else { return false };
    if parts.iter().any(|(part, _)| cells[*part].bounds.low < 0.0) {
        return false;
    }
    let of_parts: f64 = parts.iter().map(|(part, factor)| factor * cells[*part].most()).sum();
    let mut is_changed = cells[total].lower(of_parts / -factor);
    let of_total = -factor * cells[total].most();
    for (part, factor) in parts {
        is_changed |= cells[part].lower(of_total / factor);
    }
    is_changed
}
