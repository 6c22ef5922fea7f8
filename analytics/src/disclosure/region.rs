//! The part of a system around one cell, as a linear programme: which cells can move together with it while every
//! known sum stays. Cells outside the region are held at their true values, so what moves here moves in the
//! whole system too; what does not may still move there.

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
    /// A cell with this intruder's own contribution only: it knows that and all others of the same respondent.
    pub known: Option<CellId>,
    /// By cell: the first of those that hold the same respondent alone. Nothing where nobody is known.
    pub respondent_of: &'a [CellId],
    /// An open cell that is to stay open.
    pub kept_open: Option<CellId>,
    /// Open cells that cost more are to stay open too.
    pub dearest: f64,
}

impl View<'_> {
    /// What an outsider knows of a hidden cell before looking at any sum, as deviations from its value.
    pub fn room(&self, cell: CellId) -> (f64, f64) {
        let Bounds { low, high } = self.system.cells()[cell].bounds;
        let value = self.system.cells()[cell].value;
        ((low - value).min(0.0), (high - value).max(0.0))
    }

    fn is_known(&self, cell: CellId) -> bool {
        self.known.is_some_and(|known| self.respondent_of[known] == self.respondent_of[cell])
    }

    pub fn is_hidden(&self, cell: CellId) -> bool {
        self.hidden[cell] && !self.is_known(cell)
    }

    pub fn may_be_withheld(&self, cell: CellId) -> bool {
        let cell_ = &self.system.cells()[cell];
        let is_kept = self.is_known(cell) || self.kept_open == Some(cell) || cell_.cost > self.dearest;
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
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Movement {
    pub cells: Vec<CellId>,
    /// How far each of them moves.
    pub distances: Vec<f64>,
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
        Region { is_whole, ..Region::of(view, centre, cells, scale) }
    }

    /// The region of these cells, `centre` among them, measured in units of `scale`.
    pub fn of(view: View<'a>, centre: CellId, cells: Vec<CellId>, scale: f64) -> Region<'a> {
        let cells = peel(view.system, cells);
        let mut place_of = vec![usize::MAX; view.system.cells().len()];
        for (place, cell) in cells.iter().enumerate() {
            place_of[*cell] = place;
        }
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
                    if place_of[*cell] == usize::MAX {
                        continue;
                    }
                    let unknown = unknown_of[place_of[*cell]];
                    combination.push((unknown, *coefficient));
                    if !view.is_hidden(*cell) && *cell != centre {
                        combination.push((unknown + 1, -coefficient));
                    }
                }
                combination
            })
            .collect();
        let simplex = Simplex::new(&bounds, &combinations);
        Region { view, centre, cells, simplex, unknown_of, combinations, scale, is_whole: false }
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
            let places: Vec<usize> = (0..self.cells.len()).filter(|place| self.carries(*place) > ROUNDING).collect();
            let moving: Vec<CellId> = places.iter().map(|place| self.cells[*place]).collect();
            let new = moving.iter().filter(|cell| !self.view.is_hidden(**cell) && **cell != self.centre);
            let cost: f64 = new.map(|cell| self.view.system.cells()[*cell].cost).sum();
            if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                let is_reversible = self.is_reversible();
                let distances = places.iter().map(|place| self.moved(*place) * self.scale).collect();
                best = Some((cost, Movement { cells: moving, distances, is_reversible }));
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
            let moved = self.moved(place);
            let (low, high) = self.view.room(self.cells[place]);
            -moved >= low / self.scale && -moved <= high / self.scale
        })
    }

    fn is_open(&self, place: usize) -> bool {
        !self.view.is_hidden(self.cells[place]) && self.cells[place] != self.centre
    }

    fn carries(&self, place: usize) -> f64 {
        self.moved(place).abs()
    }

    /// How far a cell has moved, in units of `scale`.
    fn moved(&self, place: usize) -> f64 {
        let unknown = self.unknown_of[place];
        let second = if self.is_open(place) { self.simplex.value(unknown + 1) } else { 0.0 };
        self.simplex.value(unknown) - second
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
    let mut is_in = vec![false; system.cells().len()];
    let mut n_in = vec![0_u32; system.relations().len()];
    for cell in &cells {
        is_in[*cell] = true;
        for relation in system.relations_of(*cell) {
            n_in[*relation] += 1;
        }
    }
    let touched = cells.iter().flat_map(|cell| system.relations_of(*cell)).copied();
    let mut lone: Vec<usize> = touched.filter(|relation| n_in[*relation] == 1).collect();
    while let Some(relation) = lone.pop() {
        let terms = &system.relations()[relation].terms;
        let Some(cell) = terms.iter().map(|(cell, _)| *cell).find(|cell| is_in[*cell]) else { continue };
        is_in[cell] = false;
        for other in system.relations_of(cell) {
            n_in[*other] -= 1;
            if n_in[*other] == 1 {
                lone.push(*other);
            }
        }
    }
    cells.into_iter().filter(|cell| is_in[*cell]).collect()
}

/// The cells of a region, breadth first from its centre. Of a relation's cells those come first that other cells of the
/// region meet in further relations, because movements close in circuits, and that are cheap.
fn explore(view: View<'_>, centre: CellId, search: Search, reach: Reach) -> (Vec<CellId>, bool) {
    let mut cells = vec![centre];
    let mut is_in = vec![false; view.system.cells().len()];
    is_in[centre] = true;
    let mut touched = vec![false; view.system.relations().len()];
    view.system.relations_of(centre).iter().for_each(|relation| touched[*relation] = true);
    let mut expanded = vec![false; view.system.relations().len()];
    let mut is_whole = true;
    let mut at = 0;
    while at < cells.len() {
        for relation in view.system.relations_of(cells[at]) {
            if std::mem::replace(&mut expanded[*relation], true) {
                continue;
            }
            let terms = view.system.relations()[*relation].terms.iter().map(|(cell, _)| *cell);
            let terms = terms.filter(|cell| !is_in[*cell]);
            let (hidden, others): (Vec<CellId>, Vec<CellId>) = terms.partition(|cell| view.is_hidden(*cell));
            let others = others.into_iter().filter(|cell| search == Search::AmongAll && view.may_be_withheld(*cell));
            let n_met = |cell: CellId| view.system.relations_of(cell).iter().filter(|one| touched[**one]).count();
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
                is_in[cell] = true;
                view.system.relations_of(cell).iter().for_each(|relation| touched[*relation] = true);
                cells.push(cell);
            }
        }
        at += 1;
    }
    (cells, is_whole)
}
