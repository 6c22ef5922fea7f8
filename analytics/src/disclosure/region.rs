//! The part of a system around one cell, as a linear programme: which cells can move together with it while every
//! known sum stays. Cells outside the region are held at their true values, so what moves here moves in the
//! whole system too; what does not may still move there.

use std::collections::BTreeSet;
use std::rc::Rc;

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

/// Cells and what must stay zero among them, ready for questions about any one of them.
#[derive(Clone)]
pub(super) struct Programme {
    cells: Rc<[CellId]>,
    /// By cell of the system: its place in `cells`, or none.
    place_of: Rc<Vec<usize>>,
    /// By cell of `cells`: its unknown, or the first of two (up, down) where it was open.
    unknown_of: Rc<[usize]>,
    /// By cell of `cells`: whether it was open, so that its movement has a price.
    is_open: Rc<[bool]>,
    /// What must stay zero, in unknowns.
    combinations: Rc<[Vec<(usize, f64)>]>,
    /// The limits that were found to bind: each has an unknown after those of the cells.
    limits: Vec<usize>,
    simplex: Simplex,
}

impl Programme {
    /// Of these cells, as they are hidden or open now; the centre, if one is named, moves freely.
    ///
    /// `scale` is the measure of the movements to come, as well as it is known.
    pub fn of(view: View<'_>, cells: Vec<CellId>, centre: Option<CellId>, scale: f64) -> Programme {
        let cells = peel(view.system, cells);
        let mut place_of = vec![usize::MAX; view.system.cells().len()];
        for (place, cell) in cells.iter().enumerate() {
            place_of[*cell] = place;
        }
        let is_open: Vec<bool> = cells.iter().map(|cell| !view.is_hidden(*cell) && Some(*cell) != centre).collect();
        let mut n_unknowns = 0;
        let mut unknown_of = Vec::with_capacity(cells.len());
        for is_open in &is_open {
            unknown_of.push(n_unknowns);
            n_unknowns += 1 + usize::from(*is_open);
        }
        let mut relations: Vec<usize> =
            cells.iter().flat_map(|cell| view.system.relations_of(*cell)).copied().collect();
        relations.sort_unstable();
        relations.dedup();
        let combinations = relations.iter().map(|relation| {
            let mut combination = Vec::new();
            for (cell, coefficient) in &view.system.relations()[*relation].terms {
                let place = place_of[*cell];
                if place == usize::MAX {
                    continue;
                }
                combination.push((unknown_of[place], *coefficient));
                if is_open[place] {
                    combination.push((unknown_of[place] + 1, -coefficient));
                }
            }
            combination
        });
        let mut programme = Programme {
            combinations: combinations.collect(),
            cells: cells.into(),
            place_of: Rc::new(place_of),
            unknown_of: unknown_of.into(),
            is_open: is_open.into(),
            limits: Vec::new(),
            simplex: Simplex::default(),
        };
        programme.simplex = Simplex::new(&programme.bounds(view, centre, scale), &programme.combinations);
        programme
    }

    /// How far each unknown can move, in units of `scale`.
    fn bounds(&self, view: View<'_>, centre: Option<CellId>, scale: f64) -> Vec<(f64, f64)> {
        let mut bounds = Vec::new();
        for (cell, is_open) in self.cells.iter().zip(self.is_open.iter()) {
            let (low, high) = view.room(*cell);
            let (low, high) = (low / scale, high / scale);
            let may_move = view.is_hidden(*cell) || Some(*cell) == centre || view.may_be_withheld(*cell);
            match (is_open, may_move) {
                (false, true) => bounds.push((low, high)),
                (false, false) => bounds.push((0.0, 0.0)),
                (true, true) => {
                    bounds.push((0.0, if high < TOO_LITTLE_ROOM { 0.0 } else { high }));
                    bounds.push((0.0, if -low < TOO_LITTLE_ROOM { 0.0 } else { -low }));
                }
                (true, false) => bounds.extend([(0.0, 0.0); 2]),
            }
        }
        bounds.extend(self.limits.iter().map(|limit| room_of(view.system, *limit, scale)));
        bounds
    }

    fn place(&self, cell: CellId) -> Option<usize> {
        Some(self.place_of[cell]).filter(|place| *place != usize::MAX)
    }

    /// Holds these limits from now on, and begins from the truth again.
    fn hold(&mut self, view: View<'_>, limits: &[usize], centre: Option<CellId>, scale: f64) {
        for limit in limits {
            let mut combination = Vec::new();
            for (cell, factor) in &view.system.limits()[*limit].terms {
                let Some(place) = self.place(*cell) else { continue };
                combination.push((self.unknown_of[place], *factor));
                if self.is_open[place] {
                    combination.push((self.unknown_of[place] + 1, -factor));
                }
            }
            self.simplex.add(room_of(view.system, *limit, scale), &combination);
            self.limits.push(*limit);
        }
        self.simplex = self.simplex.within(&self.bounds(view, centre, scale));
    }

    /// The question about one cell, measured in units of `scale`. Who knows what, and what is hidden, may be others than
    /// when the programme was made.
    pub fn about<'a>(&self, view: View<'a>, centre: CellId, scale: f64) -> Region<'a> {
        let simplex = self.simplex.within(&self.bounds(view, Some(centre), scale));
        Region { view, centre, programme: Programme { simplex, ..self.clone() }, scale, is_whole: false }
    }
}

/// How far what a limit leaves can move, in units of `scale`.
fn room_of(system: &CellSystem, limit: usize, scale: f64) -> (f64, f64) {
    let (low, high) = system.limits()[limit].room;
    (low / scale, high / scale)
}

/// The cells around a centre that can move with it.
pub(super) struct Region<'a> {
    view: View<'a>,
    centre: CellId,
    programme: Programme,
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
        let programme = Programme::of(view, cells, Some(centre), scale);
        Region { view, centre, programme, scale, is_whole: false }
    }

    /// The lowest and the highest value that a cell of the region can have.
    pub fn interval(&mut self, cell: CellId) -> (f64, f64) {
        let Some(place) = self.programme.place(cell) else {
            let value = self.view.system.cells()[cell].value;
            return (value, value);
        };
        let unknown = self.programme.unknown_of[place];
        let up = self.most_of(unknown, 1.0);
        let down = self.most_of(unknown, -1.0);
        let value = self.view.system.cells()[cell].value;
        (value - down * self.scale, value + up * self.scale)
    }

    /// How far the centre can move in `direction`, in parts of `scale`, the whole of it at most; `None` where rounding or
    /// want of time leaves that open.
    pub fn most(mut self, direction: f64) -> Option<f64> {
        let centre = self.programme.place(self.centre);
        let Some(centre) = centre.map(|place| self.programme.unknown_of[place]) else { return Some(0.0) };
        let moved = self.most_of(centre, direction).min(1.0);
        (self.programme.simplex.is_exact() && self.keeps_sums()).then_some(moved)
    }

    /// How far an unknown can move in `direction`, every limit kept.
    fn most_of(&mut self, unknown: usize, direction: f64) -> f64 {
        loop {
            let moved = self.programme.simplex.maximise(&[(unknown, direction)]);
            // What nothing stops has not been moved, so nothing tells which limits would.
            let binding = if moved.is_finite() { self.broken() } else { self.all_limits() };
            if binding.is_empty() {
                return moved;
            }
            self.programme.hold(self.view, &binding, Some(self.centre), self.scale);
        }
    }

    /// How the centre moves by the whole of `scale` in `direction` (1 or -1): with the cheapest set of other cells
    /// found. `None` where it cannot move so far.
    pub fn movement(&mut self, direction: f64) -> Option<Movement> {
        let centre = self.programme.unknown_of[self.programme.place(self.centre)?];
        loop {
            match self.movement_of(centre, direction) {
                Ok(movement) => return movement,
                Err(broken) => self.programme.hold(self.view, &broken, Some(self.centre), self.scale),
            }
        }
    }

    /// The same, within the limits held so far; the limits it broke, if it broke any.
    fn movement_of(&mut self, centre: usize, direction: f64) -> Result<Option<Movement>, Vec<usize>> {
        self.programme.simplex.narrow(centre, if direction > 0.0 { (0.0, 1.0) } else { (-1.0, 0.0) });
        let moved = self.programme.simplex.maximise(&[(centre, direction)]);
        if moved < 1.0 - ROUNDING {
            return Ok(None);
        }
        self.within_limits()?;
        self.programme.simplex.fix(centre);
        let mut best: Option<(f64, Movement)> = None;
        let mut carried: Option<Vec<f64>> = None;
        for _ in 0..PRICINGS {
            let prices = self.prices(carried.as_deref());
            if !prices.is_empty() {
                self.programme.simplex.maximise(&prices);
            }
            if !self.keeps_sums() {
                break;
            }
            self.within_limits()?;
            let places: Vec<usize> =
                (0..self.programme.cells.len()).filter(|place| self.carries(*place) > ROUNDING).collect();
            let moving: Vec<CellId> = places.iter().map(|place| self.programme.cells[*place]).collect();
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
            carried = Some((0..self.programme.cells.len()).map(|place| self.carries(place)).collect());
        }
        Ok(best.map(|(_, movement)| movement))
    }

    fn within_limits(&self) -> Result<(), Vec<usize>> {
        let broken = self.broken();
        if broken.is_empty() { Ok(()) } else { Err(broken) }
    }

    /// The limits that are not held yet and that the cells have moved beyond.
    fn broken(&self) -> Vec<usize> {
        self.limits_where(|place| self.carries(place) > ROUNDING, |limit| !self.keeps(*limit))
    }

    fn keeps(&self, limit: usize) -> bool {
        let (low, high) = room_of(self.view.system, limit, self.scale);
        let moved = self.moved_by(limit);
        low - ROUNDING <= moved && moved <= high + ROUNDING
    }

    fn all_limits(&self) -> Vec<usize> {
        self.limits_where(|_| true, |_| true)
    }

    /// The limits not held yet of the places chosen, as far as they are wanted.
    fn limits_where(&self, chosen: impl Fn(usize) -> bool, wanted: impl Fn(&usize) -> bool) -> Vec<usize> {
        if self.view.system.limits().is_empty() {
            return Vec::new();
        }
        let places = (0..self.programme.cells.len()).filter(|place| chosen(*place));
        let limits = places.flat_map(|place| self.view.system.limits_of(self.programme.cells[place]));
        let limits: BTreeSet<usize> = limits.copied().collect();
        limits.into_iter().filter(|limit| !self.programme.limits.contains(limit) && wanted(limit)).collect()
    }

    /// How far what a limit leaves has moved, in units of `scale`.
    fn moved_by(&self, limit: usize) -> f64 {
        let terms = self.view.system.limits()[limit].terms.iter();
        terms.filter_map(|(cell, factor)| Some(factor * self.moved(self.programme.place(*cell)?))).sum()
    }

    /// Whether sums and the limits held are kept in fact, whatever rounding has done to the tableau: what makes a movement a
    /// proof.
    fn keeps_sums(&self) -> bool {
        self.programme.limits.iter().all(|limit| self.keeps(*limit))
            && self.programme.combinations.iter().all(|combination| {
                let sum: f64 =
                    combination.iter().map(|(unknown, factor)| factor * self.programme.simplex.value(*unknown)).sum();
                sum.abs() <= ROUNDING
            })
    }

    /// Whether the intervals found are whole.
    pub fn is_exact(&self) -> bool {
        self.is_whole && self.programme.simplex.is_exact() && self.keeps_sums()
    }

    /// Whether every cell, and what every limit leaves, has as much room the other way.
    fn is_reversible(&self) -> bool {
        let has_room = |moved: f64, (low, high): (f64, f64)| -moved >= low / self.scale && -moved <= high / self.scale;
        let limits = self.limits_where(|place| self.carries(place) > ROUNDING, |_| true);
        let mut limits = limits.iter().chain(&self.programme.limits);
        (0..self.programme.cells.len())
            .all(|place| has_room(self.moved(place), self.view.room(self.programme.cells[place])))
            && limits.all(|limit| has_room(self.moved_by(*limit), self.view.system.limits()[*limit].room))
    }

    fn carries(&self, place: usize) -> f64 {
        self.moved(place).abs()
    }

    /// How far a cell has moved, in units of `scale`.
    fn moved(&self, place: usize) -> f64 {
        let unknown = self.programme.unknown_of[place];
        let second = if self.programme.is_open[place] { self.programme.simplex.value(unknown + 1) } else { 0.0 };
        self.programme.simplex.value(unknown) - second
    }

    /// What a unit of movement costs in each open cell: its price over what it carried last time, or over the most it
    /// can carry (the relaxation of Fischetti and Salazar, Management Science 47, 2001).
    fn prices(&self, carried: Option<&[f64]>) -> Vec<(usize, f64)> {
        let mut prices = Vec::new();
        let is_priced =
            |place: &usize| self.programme.is_open[*place] && !self.view.is_hidden(self.programme.cells[*place]);
        for place in (0..self.programme.cells.len()).filter(is_priced) {
            let cost = self.view.system.cells()[self.programme.cells[place]].cost;
            let (low, high) = self.view.room(self.programme.cells[place]);
            for (unknown, room) in [(0, high / self.scale), (1, -low / self.scale)] {
                let share = carried.map_or_else(|| room.clamp(TOO_LITTLE_ROOM, 1.0), |carried| carried[place] + 0.01);
                prices.push((self.programme.unknown_of[place] + unknown, -cost / share));
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
        if at == cells.len() {
            // What only limits tie comes last: it gives room where sums are closed.
            let limits =
                cells.iter().flat_map(|cell| view.system.limits_of(*cell)).map(|limit| &view.system.limits()[*limit]);
            let others = limits.flat_map(|limit| &limit.terms).map(|(cell, _)| *cell);
            let others: BTreeSet<CellId> = others.filter(|cell| !is_in[*cell] && view.is_hidden(*cell)).collect();
            let room = reach.cells.saturating_sub(cells.len());
            is_whole &= others.len() <= room;
            for cell in others.into_iter().take(room) {
                is_in[cell] = true;
                cells.push(cell);
            }
        }
    }
    (cells, is_whole)
}
