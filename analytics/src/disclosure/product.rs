//! Movements of crossed cells, found as products: a movement along the line of a cell (the same activity, other people and
//! days) and one across lines (the same people and day, other activities) together move every cell where they cross,
//! and no sum. Both are small problems; what comes out is a short list of cells to look for the movement in.

use std::collections::{BTreeMap, BTreeSet};

use super::cell::{Bounds, Cell, CellId, CellSystem, Crossing, Limit, Openness, Relation};
use super::region::{Movement, Region, Search, View};

/// By what the cost of what was tried before is multiplied.
const TRIED: f64 = 8.0;
/// Lines that are asked whether they move together: first the nearest, then nearly all.
const NEAR_LINES: usize = 120;
const MOST_LINES: usize = 600;
/// What a limit leaves that moves by less than this part of the cell asked for does not move.
const NO_SHARE: f64 = 1e-9;
/// Cells that the product is looked for in at most.
const LARGEST: usize = 2_500;

/// A movement that is asked for: of a cell, up (1) or down (-1), in its unit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    pub cell: CellId,
    pub direction: f64,
    pub distance: f64,
}

/// The movement, where one of the products tried holds it.
pub(super) fn movement_by_products(view: View<'_>, wanted: Wanted, search: Search) -> Option<Movement> {
    let start = view.system.crossing(wanted.cell)?;
    let mut product = Product { view, wanted, search, lines: BTreeSet::from([start.line]), positions: BTreeMap::new() };
    let tries = match search {
        Search::AmongAll => 8,
        Search::AmongHidden => 1,
    };
    for attempt in 0..tries {
        let before = (product.lines.len(), product.positions.len());
        match attempt {
            0 | 2 | 4 => product.one_along_all(),
            1 | 5 => product.all_along_one(),
            3 => product.each_by_itself(),
            _ => product.all_beside(),
        }
        if before != (product.lines.len(), product.positions.len()) {
            let movement = product.movement();
            if movement.is_some() {
                return movement;
            }
        }
    }
    None
}

/// Lines and positions gathered so far.
struct Product<'a> {
    view: View<'a>,
    wanted: Wanted,
    search: Search,
    lines: BTreeSet<usize>,
    /// With how far each moves for a unit of the cell asked for.
    positions: BTreeMap<usize, f64>,
}

impl Product<'_> {
    fn start(&self) -> Crossing {
        self.view.system.crossing(self.wanted.cell).unwrap_or(Crossing { line: 0, position: 0 })
    }

    /// One movement along, and lines that can make it everywhere.
    fn one_along_all(&mut self) {
        let beside = lines_beside(self.view.system, self.wanted.cell);
        let Some(shares) = along(self.view, self.wanted, self.search, &beside, &self.positions) else { return };
        let across = [NEAR_LINES, MOST_LINES]
            .into_iter()
            .find_map(|most_lines| across(self.view, self.wanted, self.search, &shares, &self.lines, most_lines));
        self.positions.extend(shares);
        for line in across.unwrap_or_default() {
            // A coarser activity is told of more people than its parts, and must keep those sums too.
            if self.lines.insert(line) && is_broken(self.view.system, line, &self.positions) {
                self.add_along(line);
            }
        }
    }

    /// Lines that can move where the cell stands, a movement along for each of them, and lines that can make all of these.
    fn all_along_one(&mut self) {
        let here = [(self.start().position, 1.0)];
        let lines = across(self.view, self.wanted, self.search, &here, &self.lines, MOST_LINES).unwrap_or_default();
        for line in lines {
            self.lines.insert(line);
            self.add_along(line);
        }
        let shares: Vec<(usize, f64)> = self.positions.iter().map(|(position, share)| (*position, *share)).collect();
        let lines = across(self.view, self.wanted, self.search, &shares, &BTreeSet::new(), MOST_LINES);
        self.lines.extend(lines.into_iter().flatten());
    }

    /// At each position the lines that can move there.
    fn each_by_itself(&mut self) {
        let first = self.start().line;
        let gathered: Vec<usize> = [first].into_iter().chain(self.lines.iter().copied()).collect();
        for (position, share) in self.positions.clone() {
            let mut there = gathered.iter().filter_map(|line| self.view.system.cell_at(*line, position));
            let Some(cell) = there.next() else { continue };
            let direction = self.wanted.direction * share.signum();
            let wanted = Wanted { cell, direction, distance: self.wanted.distance * share.abs() };
            let found = across(self.view, wanted, self.search, &[(position, 1.0)], &BTreeSet::new(), MOST_LINES);
            self.lines.extend(found.into_iter().flatten());
        }
        for line in self.lines.clone() {
            self.add_along(line);
        }
    }

    /// All lines that share a sum with those gathered, where the cell stands.
    fn all_beside(&mut self) {
        let position = self.start().position;
        for line in self.lines.clone() {
            let cell = self.view.system.cell_at(line, position);
            self.lines.extend(cell.into_iter().flat_map(|cell| lines_beside(self.view.system, cell)));
        }
    }

    fn add_along(&mut self, line: usize) {
        let Some(cell) = self.view.system.cell_at(line, self.start().position) else { return };
        let further = along(self.view, Wanted { cell, ..self.wanted }, self.search, &[], &BTreeMap::new());
        for (position, share) in further.into_iter().flatten() {
            self.positions.entry(position).or_insert(share);
        }
    }

    fn movement(&self) -> Option<Movement> {
        let Wanted { cell, direction, distance } = self.wanted;
        let cells = cells_of(self.view, cell, self.search, &self.lines, &self.positions);
        if cells.len() > LARGEST {
            return None;
        }
        Region::of(self.view, cell, cells, distance).movement(direction)
    }
}

/// The lines that share a sum with a cell at its position.
pub(super) fn lines_beside(system: &CellSystem, cell: CellId) -> Vec<usize> {
    let crossings = system.relations_of(cell).iter().flat_map(|relation| &system.relations()[*relation].terms);
    let crossings = crossings.filter_map(|(other, _)| system.crossing(*other));
    let Some(own) = system.crossing(cell) else { return Vec::new() };
    let lines: BTreeSet<usize> = crossings
        .filter(|other| other.position == own.position && other.line != own.line)
        .map(|other| other.line)
        .collect();
    lines.into_iter().collect()
}

/// The cheapest movement of one line alone: its positions, with how far each moves for a unit of the cell asked for.
/// Another line has to make the same movement, so a position costs what the lines beside do there on average.
/// Positions tried before are dear.
fn along(
    view: View<'_>,
    wanted: Wanted,
    search: Search,
    beside: &[usize],
    tried: &BTreeMap<usize, f64>,
) -> Option<Vec<(usize, f64)>> {
    let line = view.system.crossing(wanted.cell)?.line;
    let may_move = |cell: &CellId| {
        *cell == wanted.cell || view.is_hidden(*cell) || search == Search::AmongAll && view.may_be_withheld(*cell)
    };
    let cells: Vec<CellId> = view.system.line(line).iter().copied().filter(may_move).collect();
    let mut small = Small::default();
    for cell in &cells {
        let position = view.system.crossing(*cell)?.position;
        let cost = |cell: CellId| if view.is_hidden(cell) { 0.01 } else { view.system.cells()[cell].cost };
        let others = beside.iter().filter_map(|line| view.system.cell_at(*line, position));
        let of_others: Vec<f64> = others.map(cost).collect();
        let mean = of_others.iter().sum::<f64>() / of_others.len().max(1) as f64;
        let factor = if tried.contains_key(&position) { TRIED } else { 1.0 };
        let copy = Cell { largest: Vec::new(), openness: Openness::Offered, ..view.system.cells()[*cell].clone() };
        let cost = (cost(*cell) + mean) * factor;
        small.add(Cell { cost, frequency: copy.frequency.max(1), ..copy }, false);
    }
    let mut place_at: Vec<Option<usize>> = Vec::new();
    for (place, cell) in cells.iter().enumerate() {
        let position = view.system.crossing(*cell)?.position;
        place_at.resize(place_at.len().max(position + 1), None);
        place_at[position] = Some(place);
    }
    let place_of = |cell: CellId| place_at.get(view.system.crossing(cell)?.position).copied().flatten();
    for relation in view.system.relations_along(line) {
        let terms = view.system.relations()[*relation].terms.iter();
        let terms: Vec<(usize, f64)> = terms.filter_map(|(cell, factor)| Some((place_of(*cell)?, *factor))).collect();
        if !terms.is_empty() {
            small.system.add_relation(Relation { terms });
        }
    }
    let limits: BTreeSet<usize> = cells.iter().flat_map(|cell| view.system.limits_of(*cell)).copied().collect();
    for limit in limits.into_iter().map(|limit| &view.system.limits()[limit]) {
        let terms = limit.terms.iter().filter_map(|(cell, factor)| Some((place_of(*cell)?, *factor))).collect();
        small.system.limit(Limit { terms, room: limit.room });
    }
    let movement = small.movement(place_of(wanted.cell)?, Search::AmongAll, wanted)?;
    let share = |distance: f64| distance / (wanted.distance * wanted.direction);
    let moved = movement.cells.iter().zip(&movement.distances);
    moved.map(|(place, distance)| Some((view.system.crossing(cells[*place])?.position, share(*distance)))).collect()
}

/// The cheapest movement across lines that can be made at all `positions` at once: its lines.
fn across(
    view: View<'_>,
    wanted: Wanted,
    search: Search,
    positions: &[(usize, f64)],
    tried: &BTreeSet<usize>,
    most_lines: usize,
) -> Option<Vec<usize>> {
    let start = view.system.crossing(wanted.cell)?;
    let mut lines = vec![start.line];
    let mut place_of = BTreeMap::from([(start.line, 0)]);
    let mut small = Small::default();
    let mut is_known = vec![false; view.system.n_sums_across()];
    let mut sums: Vec<&[(usize, f64)]> = Vec::new();
    let mut at = 0;
    while at < lines.len() && at < most_lines {
        let line = lines[at];
        let dear = if tried.contains(&line) && line != start.line { TRIED } else { 1.0 };
        let (cell, is_hidden) = together(view, line, positions, dear);
        let is_usable = line == start.line || is_hidden || (search == Search::AmongAll && !cell.is_empty());
        small.add(cell, is_hidden);
        at += 1;
        let cells = positions.iter().filter(|_| is_usable).filter_map(|(place, _)| view.system.cell_at(line, *place));
        for relation in cells.flat_map(|cell| view.system.relations_of(cell)) {
            let Some((sum, of_lines)) = view.system.sum_across(*relation) else { continue };
            if std::mem::replace(&mut is_known[sum], true) {
                continue;
            }
            for (line, _) in of_lines {
                place_of.entry(*line).or_insert_with(|| {
                    lines.push(*line);
                    lines.len() - 1
                });
            }
            sums.push(of_lines);
        }
    }
    // What lies beyond stands still, since its own sums are not among these.
    for _ in &lines[at..] {
        small.add(Cell::offered(0.0, 0), false);
    }
    for sum in sums {
        let terms = sum.iter().map(|(line, factor)| (place_of[line], *factor)).collect();
        small.system.add_relation(Relation { terms });
    }
    let movement = small.movement(0, search, wanted)?;
    Some(movement.cells.iter().map(|place| lines[*place]).collect())
}

/// The cells of a line at all `positions` as one: it can move as far as each of them, each by its own share.
fn together(view: View<'_>, line: usize, positions: &[(usize, f64)], factor: f64) -> (Cell, bool) {
    let mut bounds = Bounds::ANYTHING;
    let (mut cost, mut is_hidden, mut can_move) = (0.0, true, false);
    for (position, share) in positions {
        let Some(cell) = view.system.cell_at(line, *position) else { continue };
        let (low, high) = view.room(cell);
        let (low, high) = if *share > 0.0 { (low / share, high / share) } else { (high / share, low / share) };
        bounds = Bounds { low: bounds.low.max(low), high: bounds.high.min(high) };
        can_move = true;
        if !view.is_hidden(cell) {
            is_hidden = false;
            cost += view.system.cells()[cell].cost;
            if !view.may_be_withheld(cell) {
                bounds = Bounds { low: 0.0, high: 0.0 };
            }
        }
    }
    let cells = positions.iter().filter_map(|(position, _)| view.system.cell_at(line, *position));
    let limits: BTreeSet<usize> = cells.flat_map(|cell| view.system.limits_of(cell)).copied().collect();
    for Limit { terms, room: (low, high) } in limits.into_iter().map(|limit| &view.system.limits()[limit]) {
        let share_of = |cell: CellId| {
            let position = view.system.crossing(cell)?.position;
            positions.iter().find(|(other, _)| *other == position).map(|(_, share)| *share)
        };
        let share: f64 = terms.iter().filter_map(|(cell, factor)| Some(factor * share_of(*cell)?)).sum();
        if share.abs() > NO_SHARE {
            let (low, high) = if share > 0.0 { (low / share, high / share) } else { (high / share, low / share) };
            bounds = Bounds { low: bounds.low.max(low), high: bounds.high.min(high) };
        }
    }
    let can_move = can_move && bounds.low < bounds.high;
    let cell = Cell { bounds, cost: (cost * factor).max(f64::MIN_POSITIVE), ..Cell::offered(0.0, u64::from(can_move)) };
    (cell, is_hidden && can_move)
}

/// Whether the shares of the positions break a sum of this line.
fn is_broken(system: &CellSystem, line: usize, positions: &BTreeMap<usize, f64>) -> bool {
    system.relations_along(line).iter().any(|relation| {
        let share = |cell: CellId| positions.get(&system.crossing(cell)?.position).copied();
        let terms = system.relations()[*relation].terms.iter();
        terms.map(|(cell, factor)| factor * share(*cell).unwrap_or(0.0)).sum::<f64>().abs() > 1e-6
    })
}

/// The cells where lines and positions cross, as far as they may move.
fn cells_of(
    view: View<'_>,
    centre: CellId,
    search: Search,
    lines: &BTreeSet<usize>,
    positions: &BTreeMap<usize, f64>,
) -> Vec<CellId> {
    let at = |line: usize| positions.keys().filter_map(move |position| view.system.cell_at(line, *position));
    let cells = lines.iter().flat_map(|line| at(*line));
    let may_move = |cell: &CellId| {
        *cell == centre || view.is_hidden(*cell) || search == Search::AmongAll && view.may_be_withheld(*cell)
    };
    cells.filter(may_move).collect()
}

/// A small system of its own.
#[derive(Default)]
struct Small {
    system: CellSystem,
    hidden: Vec<bool>,
}

impl Small {
    fn add(&mut self, cell: Cell, is_hidden: bool) {
        self.system.add_cell(cell);
        self.hidden.push(is_hidden);
    }

    fn movement(&self, centre: CellId, search: Search, wanted: Wanted) -> Option<Movement> {
        let view = View {
            system: &self.system,
            hidden: &self.hidden,
            known: None,
            respondent_of: &[],
            kept_open: None,
            dearest: f64::INFINITY,
        };
        let may_move = |cell: &CellId| {
            *cell == centre || self.hidden[*cell] || search == Search::AmongAll && view.may_be_withheld(*cell)
        };
        let cells = (0..self.hidden.len()).filter(may_move).collect();
        Region::of(view, centre, cells, wanted.distance).movement(wanted.direction)
    }
}
