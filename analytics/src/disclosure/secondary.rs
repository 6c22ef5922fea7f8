//! Secondary suppression: which further cells to withhold so that no unsafe cell can be placed too well from the
//! sums. For every unsafe cell a movement up and a movement down is kept that leaves all known sums as they
//! are: the proof that it is protected. What a movement needs is withheld; at the end whatever no proof needs is
//! given back.
//!
//! Each movement is the cheapest by linear programming (Kelly, Golden and Assad, Networks 22, 1992; priced as in
//! Fischetti and Salazar, Management Science 47, 2001). The pattern is safe by construction; that it is the
//! smallest is not proved.

use std::cell::Cell;
use std::rc::Rc;

use super::cell::{CellId, CellSystem, Openness};
use super::insiders::{Insiders, lone_respondents};
use super::primary::{PrimaryRules, Protection};
use super::product::{Wanted, movement_by_products};
use super::proof::Proof;
use super::region::{Movement, Programme, Reach, Region, Search, View};

/// What happens to a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Shown; empty cells and what is known already among them.
    Published,
    /// Unsafe by itself.
    Primary,
    /// Withheld so that an unsafe cell cannot be worked out.
    Secondary,
}

impl Verdict {
    /// What an audit calls it.
    pub fn code(self) -> &'static str {
        match self {
            Verdict::Published => "published",
            Verdict::Primary => "primary",
            Verdict::Secondary => "secondary",
        }
    }
}

/// What is withheld, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Pattern {
    /// By cell.
    pub verdicts: Vec<Verdict>,
    /// By cell: the protection it needs, where it is unsafe.
    pub required: Vec<Option<Protection>>,
    /// Unsafe cells that cells known already give away, so that no cell offered can protect them. All others are proved.
    pub unprotected: Vec<CellId>,
}

impl Pattern {
    /// Whether an outsider does not see this cell.
    pub fn hides(&self, system: &CellSystem, cell: CellId) -> bool {
        self.verdicts[cell] != Verdict::Published || system.cells()[cell].openness == Openness::Unlisted
    }

    /// How many cells have this verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.verdicts.iter().filter(|other| **other == verdict).count()
    }
}

/// Regions to try, the small before the large.
const REACHES: [Reach; 4] = [
    Reach { cells: 60, per_relation: 3 },
    Reach { cells: 160, per_relation: 2 },
    Reach { cells: 300, per_relation: 6 },
    Reach { cells: 500, per_relation: 40 },
];
/// At last the largest region of what may be withheld further.
const LAST: [Reach; 1] = [Reach { cells: 1_500, per_relation: 100 }];
/// Regions so large that are asked at most.
const REGIONS_AT_LAST: usize = 50;
/// Whether a cell can be given back is asked within regions up to this one of [`REACHES`].
const REACHES_TO_GIVE_BACK: usize = 2;

/// What the cells withheld for another may cost at most: the dear ones are asked for only where the others are not enough.
pub(super) const NOT_DEAR: [f64; 1] = [500.0];
pub(super) const ALSO_DEAR: [f64; 2] = [500.0, f64::INFINITY];

/// What a pattern has to do.
#[derive(Debug, Clone, PartialEq)]
pub struct Demand {
    /// By cell: how far an outsider must be kept from it; `None` where it may be known.
    pub required: Vec<Option<Protection>>,
    /// By cell: whether it is withheld anyway, for another reason.
    pub withheld: Vec<bool>,
    /// Against whom besides outsiders.
    pub insiders: Insiders,
}

/// Applies the primary rules to every cell and finds what else to withhold.
pub fn suppress(system: &CellSystem, rules: &PrimaryRules, insiders: Insiders) -> Pattern {
    let required = system.cells().iter().map(|cell| rules.judge(cell)).collect();
    let withheld = vec![false; system.cells().len()];
    protect(system, Demand { required, withheld, insiders })
}

/// Finds what to withhold besides the cells with a required protection. The same system and demand give the same
/// pattern.
///
/// # Panics
/// When the demand is not as long as the system.
pub fn protect(system: &CellSystem, demand: Demand) -> Pattern {
    assert_eq!([demand.required.len(), demand.withheld.len()], [system.cells().len(); 2]);
    let mut search = Protecting::new(system, demand);
    search.protect_all();
    search.give_back();
    search.exchange();
    search.into_pattern()
}

/// The search for a pattern, with what it has come to.
pub(super) struct Protecting<'a> {
    pub system: &'a CellSystem,
    pub required: Vec<Option<Protection>>,
    withheld: Vec<bool>,
    pub insiders: Insiders,
    pub hidden: Vec<bool>,
    pub unsafe_cells: Vec<CellId>,
    /// By cell with a single respondent: the first of the cells that hold the same one alone.
    pub respondent_of: Rc<[CellId]>,
    pub proofs: Vec<Option<Proof>>,
    /// By cell: the unsafe cells whose proof uses it, or once did.
    pub used_by: Vec<Vec<CellId>>,
    pub secondary: Vec<CellId>,
    pub kept_open: Option<CellId>,
    pub n_programmes: Cell<usize>,
    /// What the cells asked for may cost at most, one after the other.
    pub dearest: &'static [f64],
    /// Whether the largest regions are asked too.
    pub is_last: bool,
    n_regions_at_last: Cell<usize>,
    /// The one programme that all questions are put to, where there is one.
    pub programme: Option<Rc<Programme>>,
    /// Whether everything is withheld.
    pub tells_nothing: bool,
}

impl<'a> Protecting<'a> {
    fn new(system: &'a CellSystem, Demand { mut required, withheld, insiders }: Demand) -> Self {
        let cells = system.cells();
        // Nobody can be kept farther away than everybody knew beforehand.
        for (cell, required) in cells.iter().zip(&mut required) {
            if let Some(Protection { up, down }) = required {
                let room = |room: f64| if room > 1e-9 * cell.value.abs() { room } else { 0.0 };
                *up = up.min(room(cell.bounds.high - cell.value));
                *down = down.min(room(cell.value - cell.bounds.low));
            }
        }
        let hidden = cells.iter().zip(required.iter().zip(&withheld));
        let hidden = hidden.map(|(cell, (required, withheld))| match cell.openness {
            Openness::Offered => required.is_some() || *withheld,
            Openness::Known => false,
            Openness::Unlisted => !cell.is_empty() || required.is_some(),
        });
        let is_unsafe = |cell: &CellId| required[*cell].is_some() && cells[*cell].openness != Openness::Known;
        let mut unsafe_cells: Vec<CellId> = (0..cells.len()).filter(is_unsafe).collect();
        let distance = |cell: CellId| required[cell].map_or(0.0, |required| required.up.max(required.down));
        unsafe_cells.sort_by(|one, other| distance(*other).total_cmp(&distance(*one)).then(one.cmp(other)));
        Protecting {
            system,
            insiders,
            respondent_of: lone_respondents(system).into(),
            hidden: hidden.collect(),
            proofs: vec![None; cells.len()],
            used_by: vec![Vec::new(); cells.len()],
            unsafe_cells,
            required,
            withheld,
            secondary: Vec::new(),
            kept_open: None,
            n_programmes: Cell::new(0),
            dearest: &NOT_DEAR,
            is_last: false,
            n_regions_at_last: Cell::new(0),
            programme: None,
            tells_nothing: false,
        }
    }

    fn protect_all(&mut self) {
        for cell in self.unsafe_cells.clone() {
            let proof = self.prove(cell, Search::AmongAll);
            self.keep(cell, proof);
        }
        self.prove_what_is_left();
    }

    pub fn keep(&mut self, cell: CellId, proof: Proof) {
        for used in proof.movements().flatten().flatten() {
            if self.used_by[*used].last() != Some(&cell) {
                self.used_by[*used].push(cell);
            }
        }
        self.proofs[cell] = Some(proof);
    }

    /// The movements that protect `cell`. What they need is withheld at once; what of an earlier proof still holds is
    /// kept.
    pub fn prove(&mut self, cell: CellId, search: Search) -> Proof {
        let Some(Protection { up, down }) = self.required[cell] else { return Proof::default() };
        let mut earlier = self.proofs[cell].clone().unwrap_or_default();
        let holds = |cells: &Vec<CellId>| cells.iter().all(|other| *other == cell || self.hidden[*other]);
        earlier.up = earlier.up.filter(holds);
        earlier.down = earlier.down.filter(holds);
        earlier.insiders.retain(|(_, cells)| cells.as_ref().is_some_and(holds));
        let cells = |movement: Option<Movement>| movement.map(|movement| movement.cells);
        let mut proof = Proof { up: earlier.up, down: earlier.down, insiders: Vec::new() };
        if proof.up.is_none() {
            let rising = self.movement(cell, None, 1.0, up, search);
            if proof.down.is_none() && down <= up {
                proof.down = cells(rising.clone().filter(|movement| movement.is_reversible));
            }
            proof.up = cells(rising);
        }
        if proof.down.is_none() {
            proof.down = cells(self.movement(cell, None, -1.0, down, search));
        }
        if self.insiders != Insiders::Nobody {
            self.prove_against_insiders(cell, &mut proof, &earlier.insiders, search);
        }
        proof
    }

    pub fn movement(
        &mut self,
        cell: CellId,
        known: Option<CellId>,
        direction: f64,
        distance: f64,
        search: Search,
    ) -> Option<Movement> {
        if distance <= 0.0 {
            return Some(Movement { cells: Vec::new(), distances: Vec::new(), is_reversible: false });
        }
        let dearest = if search == Search::AmongAll { self.dearest } else { &NOT_DEAR };
        for dearest in dearest.iter().copied() {
            let movement = self.movement_at(cell, known, direction, distance, search, dearest);
            if let Some(movement) = &movement {
                self.withhold(&movement.cells);
                return Some(movement.clone());
            }
        }
        None
    }

    fn movement_at(
        &mut self,
        cell: CellId,
        known: Option<CellId>,
        direction: f64,
        distance: f64,
        search: Search,
        dearest: f64,
    ) -> Option<Movement> {
        let is_crossed = self.system.crossing(cell).is_some();
        let view = self.view(known, if is_crossed { dearest } else { f64::INFINITY });
        if let Some(programme) = &self.programme {
            return programme.about(view, cell, distance).movement(direction);
        }
        if is_crossed {
            self.n_programmes.update(|n| n + 1);
            let movement = movement_by_products(view, Wanted { cell, direction, distance }, search);
            if movement.is_some() {
                return movement;
            }
        }
        let reaches = match search {
            Search::AmongAll if !is_crossed => &REACHES[..],
            Search::AmongAll if self.is_last && self.n_regions_at_last.get() < REGIONS_AT_LAST => &LAST,
            _ if is_crossed => &REACHES[..1],
            _ => &REACHES[..REACHES_TO_GIVE_BACK],
        };
        self.n_regions_at_last.update(|n| n + usize::from(*reaches == LAST));
        for reach in reaches.iter().copied() {
            self.n_programmes.update(|n| n + 1);
            let mut region = Region::around(view, cell, search, reach, distance);
            let movement = region.movement(direction);
            if movement.is_some() || region.is_whole {
                return movement;
            }
        }
        None
    }

    /// What is seen now by those who know this cell too.
    pub fn view(&self, known: Option<CellId>, dearest: f64) -> View<'_> {
        View {
            system: self.system,
            hidden: &self.hidden,
            known,
            respondent_of: &self.respondent_of,
            kept_open: self.kept_open,
            dearest,
        }
    }

    pub fn withhold(&mut self, cells: &[CellId]) {
        for cell in cells {
            if !self.hidden[*cell] {
                self.hidden[*cell] = true;
                self.secondary.push(*cell);
            }
        }
    }

    pub fn is_proved(&self, cell: CellId) -> bool {
        self.proofs[cell].as_ref().is_some_and(|proof| proof.n_missing() == 0)
    }

    fn into_pattern(self) -> Pattern {
        let given = |withheld: &bool| if *withheld { Verdict::Secondary } else { Verdict::Published };
        let mut verdicts: Vec<Verdict> = self.withheld.iter().map(given).collect();
        for cell in &self.unsafe_cells {
            verdicts[*cell] = Verdict::Primary;
        }
        for cell in &self.secondary {
            verdicts[*cell] = Verdict::Secondary;
        }
        let mut unprotected: Vec<CellId> =
            self.unsafe_cells.iter().copied().filter(|cell| !self.is_proved(*cell)).collect();
        unprotected.sort_unstable();
        Pattern { verdicts, required: self.required, unprotected }
    }
}
