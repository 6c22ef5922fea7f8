//! What the search near an unsafe cell has left without a proof. First all that is hidden by now is asked as a whole; then
//! more may be withheld, step by step: other branches of the same activity, the same people's other activities, the
//! activity in all domains, all of these, whatever is near, and at the end everything. Every step ends with proofs or goes
//! on to the next, and the last needs none: of a table of which nothing is told nothing can be worked out.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::cell::{CellId, CellSystem, Openness};
use super::primary::Protection;
use super::product::lines_beside;
use super::proof::Proof;
use super::region::{Programme, Search, View};
use super::secondary::{ALSO_DEAR, NOT_DEAR, Protecting};

/// Cells that one programme holds at most.
const LARGEST: usize = 8_000;
/// Cells that are asked together, dear ones too, before everything is asked.
const NEAREST: [usize; 3] = [500, 1_500, 4_000];
/// Of what everybody knew beforehand this part may be lost to rounding.
const ROUNDING: f64 = 1e-6;

/// How far from an unsafe cell more is withheld.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Far {
    /// So many sums away.
    Sums(usize),
    /// Wherever there is something.
    Everywhere,
}

/// What may be withheld in a step: these activities of these people and days.
#[derive(Debug, Clone, Copy)]
struct Step {
    across: Far,
    along: Far,
}

/// The steps, from the nearest on.
const STEPS: [Step; 6] = [
    Step { across: Far::Sums(1), along: Far::Sums(1) },
    Step { across: Far::Sums(2), along: Far::Sums(2) },
    Step { across: Far::Sums(1), along: Far::Everywhere },
    Step { across: Far::Everywhere, along: Far::Sums(1) },
    Step { across: Far::Sums(2), along: Far::Everywhere },
    Step { across: Far::Everywhere, along: Far::Sums(2) },
];

impl Protecting<'_> {
    /// Proves what has no proof yet, whatever it takes.
    pub fn prove_what_is_left(&mut self) {
        self.prove_among_hidden();
        // What is dear is asked for only where all else is not enough.
        (self.dearest, self.is_last) = (&ALSO_DEAR, true);
        for cell in self.left() {
            let proof = self.prove(cell, Search::AmongAll);
            self.keep(cell, proof);
        }
        (self.dearest, self.is_last) = (&NOT_DEAR, false);
        self.prove_among_hidden();
        for step in STEPS {
            for cell in self.left() {
                self.widen(cell, step);
            }
        }
        self.dearest = &ALSO_DEAR;
        for most in NEAREST {
            for cell in self.left() {
                self.ask_nearest(cell, most);
            }
        }
        for cell in self.left() {
            self.ask_for_everything(cell);
        }
        self.dearest = &NOT_DEAR;
        self.tell_nothing();
    }

    fn left(&self) -> Vec<CellId> {
        self.unsafe_cells.iter().copied().filter(|cell| !self.is_proved(*cell)).collect()
    }

    /// Puts a question to these cells as one programme.
    fn ask(&mut self, cell: CellId, programme: &Rc<Programme>, search: Search) {
        self.programme = Some(Rc::clone(programme));
        let proof = self.prove(cell, search);
        self.keep(cell, proof);
        self.programme = None;
    }

    fn distance(&self, cell: CellId) -> f64 {
        let distance = self.required[cell].map_or(0.0, |Protection { up, down }| up.max(down));
        if distance > 0.0 { distance } else { 1.0 }
    }

    /// Asks all that is hidden by now and tied to what is left.
    fn prove_among_hidden(&mut self) {
        let left = self.left();
        let Some(first) = left.first() else { return };
        let view = self.view(None, f64::INFINITY);
        let cells = tied(view, &left, LARGEST, &|cell| view.is_hidden(cell));
        let programme = Rc::new(Programme::of(view, cells, None, self.distance(*first)));
        for cell in left {
            self.ask(cell, &programme, Search::AmongHidden);
        }
    }

    fn widen(&mut self, cell: CellId, step: Step) {
        if self.is_proved(cell) {
            return;
        }
        let view = self.view(None, NOT_DEAR[0]);
        let Some(cells) = cells_of(view, cell, step) else { return };
        if cells.len() > LARGEST {
            return;
        }
        let programme = Rc::new(Programme::of(view, cells, None, self.distance(cell)));
        self.ask(cell, &programme, Search::AmongAll);
    }

    /// Asks for whatever may be withheld among so many of the nearest cells.
    fn ask_nearest(&mut self, cell: CellId, most: usize) {
        if self.is_proved(cell) {
            return;
        }
        let view = self.view(None, f64::INFINITY);
        let cells = tied(view, &[cell], most, &|cell| view.is_hidden(cell) || view.may_be_withheld(cell));
        let programme = Rc::new(Programme::of(view, cells, None, self.distance(cell)));
        self.ask(cell, &programme, Search::AmongAll);
    }

    /// Asks for whatever may be withheld. How far a cell can move then is how well everybody knew it beforehand, and
    /// nobody can be kept farther away.
    fn ask_for_everything(&mut self, cell: CellId) {
        let view = self.view(None, f64::INFINITY);
        let cells = tied(view, &[cell], LARGEST + 1, &|cell| view.is_hidden(cell) || view.may_be_withheld(cell));
        if cells.len() > LARGEST || self.is_proved(cell) || self.is_known_in_part() {
            return;
        }
        let programme = Rc::new(Programme::of(view, cells, None, self.distance(cell)));
        let Some(Protection { up, down }) = self.required[cell] else { return };
        let mut capped = [up, down];
        for (distance, direction) in capped.iter_mut().zip([1.0, -1.0]) {
            if *distance > 0.0
                && let Some(most) = programme.about(view, cell, *distance).most(direction)
                && most < 1.0 - ROUNDING
            {
                *distance *= most.max(0.0) * (1.0 - ROUNDING);
            }
        }
        self.required[cell] = Some(Protection { up: capped[0], down: capped[1] });
        self.ask(cell, &programme, Search::AmongAll);
        // What an insider can tell although everything is withheld, it knew beforehand.
        if let Some(proof) = &mut self.proofs[cell]
            && proof.up.is_some()
            && proof.down.is_some()
        {
            proof.insiders.retain(|(_, cells)| cells.is_some());
        }
    }

    /// Whether earlier releases told some of it. What these give away nothing that is withheld now can hide.
    fn is_known_in_part(&self) -> bool {
        self.system.cells().iter().any(|cell| cell.openness == Openness::Known && !cell.is_empty())
    }

    /// Withholds everything that is tied to what is left, if something is: all sums there are then of numbers not told.
    fn tell_nothing(&mut self) {
        let left = self.left();
        if left.is_empty() || self.is_known_in_part() {
            return;
        }
        let view = self.view(None, f64::INFINITY);
        let all = tied(view, &left, usize::MAX, &|cell| view.is_hidden(cell) || view.may_be_withheld(cell));
        self.withhold(&all);
        self.tells_nothing = true;
        for cell in left {
            self.keep(cell, Proof { up: Some(vec![cell]), down: Some(vec![cell]), insiders: Vec::new() });
        }
    }
}

/// The cells that share sums with these, and with each other, of those that may move: the nearest of them, hardly more
/// than `most`.
fn tied(view: View<'_>, starts: &[CellId], most: usize, may_move: &dyn Fn(CellId) -> bool) -> Vec<CellId> {
    let mut is_in = vec![false; view.system.cells().len()];
    starts.iter().for_each(|cell| is_in[*cell] = true);
    let mut cells = starts.to_vec();
    let mut at = 0;
    while at < cells.len() && cells.len() < most {
        let sums = view.system.relations_of(cells[at]).iter().map(|relation| &view.system.relations()[*relation].terms);
        let limits = view.system.limits_of(cells[at]).iter().map(|limit| &view.system.limits()[*limit].terms);
        for (cell, _) in sums.chain(limits).flatten() {
            if !is_in[*cell] && may_move(*cell) {
                is_in[*cell] = true;
                cells.push(*cell);
            }
        }
        at += 1;
    }
    cells
}

/// The cells of a step around one, as far as they may move; `None` where nothing is crossed.
fn cells_of(view: View<'_>, cell: CellId, step: Step) -> Option<Vec<CellId>> {
    let system = view.system;
    let start = system.crossing(cell)?;
    let mut lines = BTreeSet::from([start.line]);
    let mut positions = BTreeSet::from([start.position]);
    let all = 0..system.cells().len();
    match step.across {
        Far::Everywhere => lines.extend(all.clone().filter_map(|cell| Some(system.crossing(cell)?.line))),
        Far::Sums(n) => {
            for _ in 0..n {
                let here = lines.iter().filter_map(|line| system.cell_at(*line, start.position));
                let beside: Vec<usize> = here.flat_map(|cell| lines_beside(system, cell)).collect();
                lines.extend(beside);
            }
        }
    }
    match step.along {
        Far::Everywhere => positions.extend(all.filter_map(|cell| Some(system.crossing(cell)?.position))),
        Far::Sums(n) => {
            for _ in 0..n {
                let beside: Vec<usize> =
                    lines.iter().flat_map(|line| positions_beside(system, *line, &positions)).collect();
                positions.extend(beside);
            }
        }
    }
    let at = |line: usize| positions.iter().filter_map(move |position| system.cell_at(line, *position));
    let cells = lines.iter().flat_map(|line| at(*line));
    Some(cells.filter(|cell| view.is_hidden(*cell) || view.may_be_withheld(*cell)).collect())
}

/// The positions that share a sum with these on a line.
fn positions_beside(system: &CellSystem, line: usize, positions: &BTreeSet<usize>) -> Vec<usize> {
    let here = positions.iter().filter_map(|position| system.cell_at(line, *position));
    let terms =
        here.flat_map(|cell| system.relations_of(cell)).flat_map(|relation| &system.relations()[*relation].terms);
    let crossings = terms.filter_map(|(cell, _)| system.crossing(*cell));
    crossings.filter(|other| other.line == line).map(|other| other.position).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclosure::{Bounds, Cell, Demand, Insiders, Pattern, Relation, Verdict, audit, protect};

    /// A number that must be kept 30% from outsiders, another that everybody knows within two, and what adds up with it.
    fn hardly_secret(n_beside: usize) -> (CellSystem, Pattern) {
        let mut system = CellSystem::default();
        let few = system.add_cell(Cell::offered(10.0, 2));
        let narrow = Cell { bounds: Bounds { low: 19.0, high: 21.0 }, ..Cell::offered(20.0, 40) };
        let narrow = system.add_cell(narrow);
        system.add_relation(Relation { terms: vec![(few, 1.0), (narrow, 1.0)] });
        let beside: Vec<CellId> = (0..n_beside).map(|_| system.add_cell(Cell::offered(5.0, 9))).collect();
        let total = system.add_cell(Cell::offered(20.0 + 5.0 * n_beside as f64, 99));
        system.add_relation(Relation::sum(total, [narrow].into_iter().chain(beside)));
        let mut required = vec![None; system.cells().len()];
        required[few] = Some(Protection { up: 3.0, down: 3.0 });
        let withheld = vec![false; required.len()];
        let pattern = protect(&system, Demand { required, withheld, insiders: Insiders::Nobody });
        (system, pattern)
    }

    #[test]
    fn nobody_is_kept_farther_away_than_everybody_knew_beforehand() {
        let (system, pattern) = hardly_secret(3);
        assert_eq!(pattern.unprotected, Vec::<CellId>::new());
        let Some(Protection { up, down }) = pattern.required[0] else { panic!("{pattern:?}") };
        assert!((up - 1.0).abs() < 1e-4 && (down - 1.0).abs() < 1e-4, "{up} {down}");
        assert!(audit(&system, &pattern).iter().all(|row| row.is_protected()));
        // What is needed for that, and no more.
        assert_eq!((pattern.verdicts[1], pattern.count(Verdict::Secondary)), (Verdict::Secondary, 2));
    }

    #[test]
    fn what_no_programme_can_prove_is_safe_since_nothing_is_told() {
        let (system, pattern) = hardly_secret(LARGEST);
        assert_eq!(pattern.unprotected, Vec::<CellId>::new());
        assert_eq!(pattern.count(Verdict::Published), 0);
        assert_eq!(pattern.count(Verdict::Secondary), system.cells().len() - 1);
    }
}
