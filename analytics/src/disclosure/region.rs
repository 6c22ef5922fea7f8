//! The part of a system around one cell, as a linear programme: which cells can move together with it while every
//! known sum stays. Cells outside the region are held at their true values, so what moves here moves in the
//! whole system too; what does not may still move there.

use std::collections::{HashMap, HashSet};

use super::cell::{Bounds, CellId, CellSystem, Openness};
use super::simplex::Simplex;

/// Movements below this part of the movement asked for are rounding.
const ROUNDING: f64 = 1e-7;
/// A cell with less room than this part of the movement asked for is not worth withholding for it.
const TOO_LITTLE_ROOM: f64 = 1e-3;
/// How often a pattern is priced anew by what its cells carried, so that few cells carry much.
const PRICINGS: usize = 3;

/// Hidden cells that one relation brings in at least, where it has so many.
const HIDDEN_PER_RELATION: usize = 6;

/// How far from its cell a region goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reach {
    /// Cells at most.
    pub cells: usize,
    /// Open cells at most that one relation brings in.
    pub per_relation: usize,
}

/// What an outsider sees, and what may still be changed about it.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    pub system: &'a CellSystem,
    /// By cell: whether its value is hidden from the outsider.
    pub hidden: &'a [bool],
    /// What this intruder knows besides: cells with its own contribution only.
    pub known: Option<CellId>,
    /// An open cell that is to stay open.
    pub kept_open: Option<CellId>,
}

impl View<'_> {
    /// What an outsider knows of a hidden cell before looking at any sum, as deviations from its value.
    fn room(&self, cell: CellId) -> (f64, f64) {
        let Bounds { low, high } = self.system.cells()[cell].bounds;
        let value = self.system.cells()[cell].value;
        ((low - value).min(0.0), (high - value).max(0.0))
    }

    fn is_hidden(&self, cell: CellId) -> bool {
        self.hidden[cell] && self.known != Some(cell)
    }

    fn may_be_withheld(&self, cell: CellId) -> bool {
        let cell_ = &self.system.cells()[cell];
        let is_kept = self.known == Some(cell) || self.kept_open == Some(cell);
        cell_.openness == Openness::Offered && !cell_.is_empty() && !self.hidden[cell] && !is_kept
    }
}

/// Whether cells that are open may be withheld.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Search {
    /// The hidden cells must do.
    AmongHidden,
    /// Open cells may be withheld, at their cost.
    AmongAll,
}

/// The cells that one movement needs, its centre among them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Movement {
    pub cells: Vec<CellId>,
    /// Whether the same cells can make the opposite movement.
    pub is_reversible: bool,
}

/// The cells around a centre that can move with it.
pub(super) struct Region<'a> {
    view: View<'a>,
    centre: CellId,
    cells: Vec<CellId>,
    simplex: Simplex,
    /// By cell of `cells`: the unknown, or the first of two (up, down) where the cell is open.
    unknown_of: Vec<usize>,
    /// What must stay zero, in unknowns.
    combinations: Vec<Vec<(usize, f64)>>,
    scale: f64,
    /// Whether nothing was left out for the reach.
    pub is_whole: bool,
}

impl<'a> Region<'a> {
    /// The region around `centre`, measured in units of `scale`.
    pub fn around(view: View<'a>, centre: CellId, search: Search, reach: Reach, scale: f64) -> Region<'a> {
        let (cells, is_whole) = explore(view, centre, search, reach);
        let cells = peel(view.system, cells);
        let place_of: HashMap<CellId, usize> = cells.iter().copied().zip(0..).collect();
        let mut bounds = Vec::new();
        let mut unknown_of = Vec::with_capacity(cells.len());
        for cell in &cells {
            unknown_of.push(bounds.len());
            let (low, high) = view.room(*cell);
            let (low, high) = (low / scale, high / scale);
            if view.is_hidden(*cell) || *cell == centre {
                bounds.push((low, high));
            } else {
                bounds.push((0.0, if high < TOO_LITTLE_ROOM { 0.0 } else { high }));
                bounds.push((0.0, if -low < TOO_LITTLE_ROOM { 0.0 } else { -low }));
            }
        }
        let mut relations: Vec<usize> =
            cells.iter().flat_map(|cell| view.system.relations_of(*cell)).copied().collect();
        relations.sort_unstable();
        relations.dedup();
        let combinations: Vec<Vec<(usize, f64)>> = relations
            .iter()
            .map(|relation| {
                let mut combination = Vec::new();
                for (cell, coefficient) in &view.system.relations()[*relation].terms {
                    if let Some(place) = place_of.get(cell) {
                        combination.push((unknown_of[*place], *coefficient));
                        if !view.is_hidden(*cell) && *cell != centre {
                            combination.push((unknown_of[*place] + 1, -coefficient));
                        }
                    }
                }
                combination
            })
            .collect();
        let simplex = Simplex::new(&bounds, &combinations);
        Region { view, centre, cells, simplex, unknown_of, combinations, scale, is_whole }
    }

    /// The lowest and the highest value that a cell of the region can have.
    pub fn interval(&mut self, cell: CellId) -> (f64, f64) {
        let Some(place) = self.cells.iter().position(|other| *other == cell) else {
            let value = self.view.system.cells()[cell].value;
            return (value, value);
        };
        let unknown = self.unknown_of[place];
        let up = self.simplex.maximise(&[(unknown, 1.0)]);
        let down = self.simplex.maximise(&[(unknown, -1.0)]);
        let value = self.view.system.cells()[cell].value;
        (value - down * self.scale, value + up * self.scale)
    }

    /// How the centre moves by the whole of `scale` in `direction` (1 or -1): with the cheapest set of other cells
    /// found. `None` where it cannot move so far.
    pub fn movement(&mut self, direction: f64) -> Option<Movement> {
        let centre = self.unknown_of[self.cells.iter().position(|cell| *cell == self.centre)?];
        self.simplex.narrow(centre, if direction > 0.0 { (0.0, 1.0) } else { (-1.0, 0.0) });
        let moved = self.simplex.maximise(&[(centre, direction)]);
        if moved < 1.0 - ROUNDING {
            return None;
        }
        self.simplex.fix(centre);
        let mut best: Option<(f64, Movement)> = None;
        let mut carried: Option<Vec<f64>> = None;
        for _ in 0..PRICINGS {
            let prices = self.prices(carried.as_deref());
            if !prices.is_empty() {
                self.simplex.maximise(&prices);
            }
            if !self.keeps_sums() {
                break;
            }
            let moving: Vec<CellId> = (0..self.cells.len())
                .filter(|place| self.carries(*place) > ROUNDING)
                .map(|at| self.cells[at])
                .collect();
            let new = moving.iter().filter(|cell| !self.view.is_hidden(**cell) && **cell != self.centre);
            let cost: f64 = new.map(|cell| self.view.system.cells()[*cell].cost).sum();
            if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                let is_reversible = self.is_reversible();
                best = Some((cost, Movement { cells: moving, is_reversible }));
            }
            if prices.is_empty() || cost == 0.0 {
                break;
            }
            carried = Some((0..self.cells.len()).map(|place| self.carries(place)).collect());
        }
        best.map(|(_, movement)| movement)
    }

    /// Whether the sums are kept in fact, whatever rounding has done to the tableau: what makes a movement a proof.
    fn keeps_sums(&self) -> bool {
        self.combinations.iter().all(|combination| {
            let sum: f64 = combination.iter().map(|(unknown, factor)| factor * self.simplex.value(*unknown)).sum();
            sum.abs() <= ROUNDING
        })
    }

    /// Whether the intervals found are whole.
    pub fn is_exact(&self) -> bool {
        self.is_whole && self.simplex.is_exact() && self.keeps_sums()
    }

    /// Whether every cell has as much room the other way.
    fn is_reversible(&self) -> bool {
        (0..self.cells.len()).all(|place| {
            let unknown = self.unknown_of[place];
            let second = if self.is_open(place) { self.simplex.value(unknown + 1) } else { 0.0 };
            let moved = self.simplex.value(unknown) - second;
            let (low, high) = self.view.room(self.cells[place]);
            -moved >= low / self.scale && -moved <= high / self.scale
        })
    }

    fn is_open(&self, place: usize) -> bool {
        !self.view.is_hidden(self.cells[place]) && self.cells[place] != self.centre
    }

    fn carries(&self, place: usize) -> f64 {
        let unknown = self.unknown_of[place];
        let moved = self.simplex.value(unknown);
        if self.is_open(place) { (moved - self.simplex.value(unknown + 1)).abs() } else { moved.abs() }
    }

    /// What a unit of movement costs in each open cell: its price over what it carried last time, or over the most it
    /// can carry (the relaxation of Fischetti and Salazar, Management Science 47, 2001).
    fn prices(&self, carried: Option<&[f64]>) -> Vec<(usize, f64)> {
        let mut prices = Vec::new();
        for place in (0..self.cells.len()).filter(|place| self.is_open(*place)) {
            let cost = self.view.system.cells()[self.cells[place]].cost;
            let (low, high) = self.view.room(self.cells[place]);
            for (unknown, room) in [(0, high / self.scale), (1, -low / self.scale)] {
                let share = carried.map_or_else(|| room.clamp(TOO_LITTLE_ROOM, 1.0), |carried| carried[place] + 0.01);
                prices.push((self.unknown_of[place] + unknown, -cost / share));
            }
        }
        prices
    }
}

/// Leaves out the cells that stand alone in a known sum, and so cannot move, until every sum has two cells or none.
fn peel(system: &CellSystem, cells: Vec<CellId>) -> Vec<CellId> {
    let mut is_in: HashSet<CellId> = cells.iter().copied().collect();
    let mut n_in: HashMap<usize, usize> = HashMap::new();
    for relation in cells.iter().flat_map(|cell| system.relations_of(*cell)) {
        *n_in.entry(*relation).or_default() += 1;
    }
    let mut lone: Vec<usize> = n_in.iter().filter(|(_, n)| **n == 1).map(|(relation, _)| *relation).collect();
    lone.sort_unstable();
    while let Some(relation) = lone.pop() {
        let terms = &system.relations()[relation].terms;
        let Some(cell) = terms.iter().map(|(cell, _)| *cell).find(|cell| is_in.contains(cell)) else { continue };
        is_in.remove(&cell);
        for other in system.relations_of(cell) {
            if let Some(n) = n_in.get_mut(other) {
                *n -= 1;
                if *n == 1 {
                    lone.push(*other);
                }
            }
        }
    }
    cells.into_iter().filter(|cell| is_in.contains(cell)).collect()
}

/// The cells of a region, breadth first from its centre. Of a relation's cells those come first that other cells of the
/// region meet in further relations, because movements close in circuits, and that are cheap.
fn explore(view: View<'_>, centre: CellId, search: Search, reach: Reach) -> (Vec<CellId>, bool) {
    let mut cells = vec![centre];
    let mut is_in: HashSet<CellId> = HashSet::from([centre]);
    let mut touched: HashSet<usize> = view.system.relations_of(centre).iter().copied().collect();
    let mut expanded: HashSet<usize> = HashSet::new();
    let mut is_whole = true;
    let mut at = 0;
    while at < cells.len() {
        for relation in view.system.relations_of(cells[at]) {
            if !expanded.insert(*relation) {
                continue;
            }
            let terms = view.system.relations()[*relation].terms.iter().map(|(cell, _)| *cell);
            let terms = terms.filter(|cell| !is_in.contains(cell));
            let (hidden, others): (Vec<CellId>, Vec<CellId>) = terms.partition(|cell| view.is_hidden(*cell));
            let others = others.into_iter().filter(|cell| search == Search::AmongAll && view.may_be_withheld(*cell));
            let n_met =
                |cell: CellId| view.system.relations_of(cell).iter().filter(|one| touched.contains(one)).count();
            let rank = |cell: CellId| (view.system.cells()[cell].cost / 4.0_f64.powi(n_met(cell) as i32), cell);
            let first = |wanted: Vec<CellId>, most: usize| {
                let is_all = wanted.len() <= most;
                let mut ranked: Vec<_> = wanted.into_iter().map(rank).collect();
                ranked.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
                ranked.truncate(most);
                (ranked.into_iter().map(|(_, cell)| cell).collect::<Vec<CellId>>(), is_all)
            };
            let (hidden, all_hidden) = first(hidden, reach.per_relation.max(HIDDEN_PER_RELATION));
            let (others, all_others) = first(others.collect(), reach.per_relation);
            is_whole &= all_hidden && all_others;
            for cell in hidden.into_iter().chain(others) {
                if cells.len() >= reach.cells {
                    is_whole = false;
                    break;
                }
                is_in.insert(cell);
                touched.extend(view.system.relations_of(cell));
                cells.push(cell);
            }
        }
        at += 1;
    }
    (cells, is_whole)
}
