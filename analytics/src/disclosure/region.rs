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

/// How far from its cell a region goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reach {
    /// Cells at most.
    pub cells: usize,
    /// Cells at most that one relation brings in, the hidden and the cheap before the others.
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

pub(super) struct Region<'a> {
    view: View<'a>,
    centre: CellId,
    cells: Vec<CellId>,
    simplex: Simplex,
    /// By cell of `cells`: the unknown, or the first of two (up, down) where the cell is open.
    unknown_of: Vec<usize>,
    scale: f64,
    /// Whether nothing was left out for the reach.
    pub is_whole: bool,
}

impl<'a> Region<'a> {
    /// The region around `centre`, measured in units of `scale`.
    pub fn around(view: View<'a>, centre: CellId, search: Search, reach: Reach, scale: f64) -> Region<'a> {
        let (cells, is_whole) = explore(view, centre, search, reach);
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
        Region { view, centre, cells, simplex, unknown_of, scale, is_whole }
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

    /// The cells that move when the centre moves by the whole of `scale` in `direction` (1 or -1): the cheapest set
    /// found. `None` where it cannot move so far.
    pub fn movement(&mut self, direction: f64) -> Option<Vec<CellId>> {
        let centre = self.unknown_of[self.cells.iter().position(|cell| *cell == self.centre)?];
        self.simplex.narrow(centre, if direction > 0.0 { (0.0, 1.0) } else { (-1.0, 0.0) });
        let moved = self.simplex.maximise(&[(centre, direction)]);
        if moved < 1.0 - ROUNDING {
            return None;
        }
        self.simplex.fix(centre);
        let mut best: Option<(f64, Vec<CellId>)> = None;
        let mut carried: Option<Vec<f64>> = None;
        for _ in 0..PRICINGS {
            let prices = self.prices(carried.as_deref());
            if !prices.is_empty() {
                self.simplex.maximise(&prices);
            }
            let moving: Vec<CellId> = (0..self.cells.len())
                .filter(|place| self.carries(*place) > ROUNDING)
                .map(|at| self.cells[at])
                .collect();
            let new = moving.iter().filter(|cell| !self.view.is_hidden(**cell) && **cell != self.centre);
            let cost: f64 = new.map(|cell| self.view.system.cells()[*cell].cost).sum();
            if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                best = Some((cost, moving));
            }
            if prices.is_empty() || cost == 0.0 {
                break;
            }
            carried = Some((0..self.cells.len()).map(|place| self.carries(place)).collect());
        }
        best.map(|(_, cells)| cells)
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

/// The cells of a region, breadth first from its centre.
fn explore(view: View<'_>, centre: CellId, search: Search, reach: Reach) -> (Vec<CellId>, bool) {
    let mut cells = vec![centre];
    let mut is_in: HashSet<CellId> = HashSet::from([centre]);
    let mut seen_relations: HashSet<usize> = HashSet::new();
    let mut is_whole = true;
    let mut at = 0;
    while at < cells.len() {
        for relation in view.system.relations_of(cells[at]) {
            if !seen_relations.insert(*relation) {
                continue;
            }
            let terms = &view.system.relations()[*relation].terms;
            let mut wanted: Vec<(bool, f64, CellId)> = terms
                .iter()
                .map(|(cell, _)| *cell)
                .filter(|cell| !is_in.contains(cell))
                .filter(|cell| view.is_hidden(*cell) || search == Search::AmongAll && view.may_be_withheld(*cell))
                .map(|cell| (!view.is_hidden(cell), view.system.cells()[cell].cost, cell))
                .collect();
            if wanted.len() > reach.per_relation {
                wanted.sort_by(|one, other| {
                    one.0.cmp(&other.0).then(one.1.total_cmp(&other.1)).then(one.2.cmp(&other.2))
                });
                wanted.truncate(reach.per_relation);
                is_whole = false;
            }
            for (_, _, cell) in wanted {
                if cells.len() >= reach.cells {
                    is_whole = false;
                    break;
                }
                is_in.insert(cell);
                cells.push(cell);
            }
        }
        at += 1;
    }
    (cells, is_whole)
}
