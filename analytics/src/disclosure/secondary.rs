//! Secondary suppression: which further cells to withhold so that no unsafe cell can be placed too well from the
//! sums. For every unsafe cell a movement up and a movement down is kept that leaves all known sums as they
//! are: the proof that it is protected. What a movement needs is withheld; at the end whatever no proof needs is
//! given back.
//!
//! Each movement is the cheapest by linear programming (Kelly, Golden and Assad, Networks 22, 1992; priced as in
//! Fischetti and Salazar, Management Science 47, 2001). The pattern is safe by construction; that it is the
//! smallest is not proved.

use std::rc::Rc;

use super::cell::{CellId, CellSystem, Openness};
use super::primary::{PrimaryRules, Protection};
use super::product::{Wanted, movement_by_products};
use super::region::{Movement, Reach, Region, Search, View};

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

/// Against whom cells are protected besides outsiders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Insiders {
    /// Against outsiders only.
    Nobody,
    /// A respondent who is alone in a cell knows it, and must not work out another unsafe cell exactly.
    #[default]
    NotExactly,
    /// Such a respondent must be kept as far from other unsafe cells as an outsider.
    LikeOutsiders,
}

/// What is withheld, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Pattern {
    /// By cell.
    pub verdicts: Vec<Verdict>,
    /// By cell: the protection it needs, where it is unsafe.
    pub required: Vec<Option<Protection>>,
    /// Unsafe cells that the cells offered cannot protect: everything that could be withheld is not enough.
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

/// Patterns with more secondary cells than this are left as they are: exchanging costs time and saves little.
const EXCHANGED_AT_MOST: usize = 60;
/// Secondary cells are exchanged for others until this many linear programmes were solved.
const PROGRAMMES_TO_EXCHANGE: usize = 2_000;

/// Cells that move together with an unsafe cell: up, down, and as seen by insiders (the cell each one knows). `None`
/// where nothing that may be withheld is enough.
#[derive(Debug, Clone, Default)]
struct Proof {
    up: Option<Vec<CellId>>,
    down: Option<Vec<CellId>>,
    insiders: Vec<(CellId, Option<Vec<CellId>>)>,
}

impl Proof {
    fn movements(&self) -> impl Iterator<Item = &Option<Vec<CellId>>> {
        [&self.up, &self.down].into_iter().chain(self.insiders.iter().map(|(_, cells)| cells))
    }

    fn uses(&self, cell: CellId) -> bool {
        self.movements().flatten().any(|cells| cells.contains(&cell))
    }

    fn n_missing(&self) -> usize {
        self.movements().filter(|cells| cells.is_none()).count()
    }
}

/// Regions to try, the small before the large.
const REACHES: [Reach; 4] = [
    Reach { cells: 60, per_relation: 3 },
    Reach { cells: 160, per_relation: 2 },
    Reach { cells: 300, per_relation: 6 },
    Reach { cells: 500, per_relation: 40 },
];
/// At last: all that is hidden and tied to the cell, as far as one programme can hold it.
const WHOLE: Reach = Reach { cells: 12_000, per_relation: usize::MAX };
/// Programmes so large that are solved at most; what has no proof then stays without one.
const PROGRAMMES_AT_LAST: usize = 100;
/// And if that is not enough, the largest region of what may be withheld further.
const LAST: [Reach; 1] = [Reach { cells: 1_500, per_relation: 100 }];
/// Whether a cell can be given back is asked within regions up to this one of [`REACHES`].
const REACHES_TO_GIVE_BACK: usize = 2;

/// What the cells withheld for another may cost at most: the dear ones are asked for only where the others are not enough.
const DEAREST: [f64; 2] = [500.0, f64::INFINITY];

/// A cell that costs less is not given back: hardly anybody misses it.
const WORTH_GIVING_BACK: f64 = 0.5;

/// The part of the protection that keeps an insider from working a cell out exactly.
const INEXACT: f64 = 0.01;

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

struct Protecting<'a> {
    system: &'a CellSystem,
    required: Vec<Option<Protection>>,
    withheld: Vec<bool>,
    insiders: Insiders,
    hidden: Vec<bool>,
    unsafe_cells: Vec<CellId>,
    /// By cell with a single respondent: the first of the cells that hold the same one alone.
    respondent_of: Rc<[CellId]>,
    proofs: Vec<Option<Proof>>,
    /// By cell: the unsafe cells whose proof uses it, or once did.
    used_by: Vec<Vec<CellId>>,
    secondary: Vec<CellId>,
    kept_open: Option<CellId>,
    n_programmes: usize,
    /// Whether what is not found now stays without a proof.
    is_last: bool,
    n_programmes_at_last: usize,
}

/// By cell the first of those that hold the same respondent alone: where a total has one respondent, so has every part
/// that is not empty.
fn lone_respondents(system: &CellSystem) -> Vec<CellId> {
    let mut first: Vec<CellId> = (0..system.cells().len()).collect();
    let root = |first: &[CellId], mut cell: CellId| {
        while first[cell] != cell {
            cell = first[cell];
        }
        cell
    };
    let is_alone = |cell: CellId| system.cells()[cell].frequency == 1;
    for relation in system.relations() {
        let filled = relation.terms.iter().filter(|(cell, _)| !system.cells()[*cell].is_empty());
        let (totals, parts): (Vec<_>, Vec<_>) = filled.partition(|(_, factor)| *factor < 0.0);
        if let [&(total, _)] = totals[..]
            && is_alone(total)
        {
            for &(part, _) in parts.into_iter().filter(|(part, _)| is_alone(*part)) {
                let (one, other) = (root(&first, total), root(&first, part));
                first[one.max(other)] = one.min(other);
            }
        }
    }
    (0..first.len()).map(|cell| root(&first, cell)).collect()
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
            n_programmes: 0,
            is_last: false,
            n_programmes_at_last: 0,
        }
    }

    fn protect_all(&mut self) {
        for cell in self.unsafe_cells.clone() {
            let proof = self.prove(cell, Search::AmongAll);
            self.keep(cell, proof);
        }
        // What was withheld since may prove what could not be proved at its turn.
        self.is_last = true;
        for cell in self.unsafe_cells.clone() {
            if !self.is_proved(cell) {
                let proof = self.prove(cell, Search::AmongAll);
                self.keep(cell, proof);
            }
        }
        self.is_last = false;
    }

    /// Gives back what no proof needs, the dearest first.
    fn give_back(&mut self) {
        let mut order = self.secondary.clone();
        let cost = |cell: CellId| self.system.cells()[cell].cost;
        order.reverse();
        order.retain(|cell| cost(*cell) >= WORTH_GIVING_BACK);
        order.sort_by(|one, other| cost(*other).total_cmp(&cost(*one)));
        for cell in order {
            self.hidden[cell] = false;
            let users = self.users(cell);
            let mut renewed = Vec::with_capacity(users.len());
            for user in users {
                let before = self.proofs[user].as_ref().map_or(0, Proof::n_missing);
                let proof = self.prove(user, Search::AmongHidden);
                if proof.n_missing() > before {
                    self.hidden[cell] = true;
                    break;
                }
                renewed.push((user, proof));
            }
            if !self.hidden[cell] {
                self.secondary.retain(|other| *other != cell);
                for (user, proof) in renewed {
                    self.keep(user, proof);
                }
            }
        }
    }

    /// Opens one secondary cell after the other for good and protects anew what it protected, as long as that costs
    /// less.
    fn exchange(&mut self) {
        let mut tried = 0;
        if self.secondary.len() > EXCHANGED_AT_MOST {
            return;
        }
        let last_programme = self.n_programmes + PROGRAMMES_TO_EXCHANGE;
        while tried < self.secondary.len() && self.n_programmes < last_programme {
            let cost_before = self.cost();
            let before = (self.hidden.clone(), self.proofs.clone(), self.secondary.clone());
            let opened = self.secondary[tried];
            self.hidden[opened] = false;
            self.secondary.remove(tried);
            self.kept_open = Some(opened);
            let users = self.users(opened);
            let all_proved = users.into_iter().all(|user| {
                let before = self.proofs[user].as_ref().map_or(0, Proof::n_missing);
                let proof = self.prove(user, Search::AmongAll);
                let is_as_good = proof.n_missing() <= before;
                self.keep(user, proof);
                is_as_good
            });
            if all_proved {
                self.give_back();
            }
            self.kept_open = None;
            if all_proved && self.cost() < cost_before {
                tried = 0;
            } else {
                (self.hidden, self.proofs, self.secondary) = before;
                tried += 1;
            }
        }
    }

    fn cost(&self) -> f64 {
        self.secondary.iter().map(|cell| self.system.cells()[*cell].cost).sum()
    }

    fn keep(&mut self, cell: CellId, proof: Proof) {
        for used in proof.movements().flatten().flatten() {
            if self.used_by[*used].last() != Some(&cell) {
                self.used_by[*used].push(cell);
            }
        }
        self.proofs[cell] = Some(proof);
    }

    /// The unsafe cells whose proof uses `cell`.
    fn users(&self, cell: CellId) -> Vec<CellId> {
        let uses = |other: &CellId| self.proofs[*other].as_ref().is_some_and(|proof| proof.uses(cell));
        let mut users: Vec<CellId> = self.used_by[cell].iter().copied().filter(uses).collect();
        users.sort_unstable();
        users.dedup();
        users
    }

    /// The movements that protect `cell`. What they need is withheld at once; what of an earlier proof still holds is
    /// kept.
    fn prove(&mut self, cell: CellId, search: Search) -> Proof {
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

    /// A respondent alone in a cell that a movement uses sees through it; then another movement must do without.
    fn prove_against_insiders(
        &mut self,
        cell: CellId,
        proof: &mut Proof,
        earlier: &[(CellId, Option<Vec<CellId>>)],
        search: Search,
    ) {
        let Some(Protection { up, down }) = self.required[cell] else { return };
        let mut alone: Vec<CellId> = proof.movements().flatten().flatten().copied().collect();
        alone.retain(|other| self.system.cells()[*other].frequency == 1);
        // What a respondent has told about itself is no secret to it.
        alone.retain(|other| self.respondent_of[*other] != self.respondent_of[cell]);
        alone.iter_mut().for_each(|other| *other = self.respondent_of[*other]);
        alone.sort_unstable();
        alone.dedup();
        let respondent_of = Rc::clone(&self.respondent_of);
        for insider in alone {
            let is_own = |other: &CellId| respondent_of[*other] == insider;
            let avoids = |cells: &Option<Vec<CellId>>| cells.as_ref().is_some_and(|cells| !cells.iter().any(is_own));
            match self.insiders {
                Insiders::LikeOutsiders => {
                    for (is_avoided, direction, distance) in
                        [(avoids(&proof.up), 1.0, up), (avoids(&proof.down), -1.0, down)]
                    {
                        if !is_avoided {
                            let movement = self.movement(cell, Some(insider), direction, distance, search);
                            proof.insiders.push((insider, movement.map(|movement| movement.cells)));
                        }
                    }
                }
                // Any movement that does without the insider's own cell will do, were it another's.
                _ if proof.movements().any(avoids) => {}
                _ => {
                    if let Some(kept) = earlier.iter().find(|(other, _)| *other == insider) {
                        proof.insiders.push(kept.clone());
                        continue;
                    }
                    let mut movement = self.movement(cell, Some(insider), 1.0, up * INEXACT, Search::AmongHidden);
                    if movement.is_none() {
                        movement = self.movement(cell, Some(insider), -1.0, down * INEXACT, Search::AmongHidden);
                    }
                    if movement.is_none() && search == Search::AmongAll {
                        movement = self.movement(cell, Some(insider), 1.0, up * INEXACT, search);
                        if movement.is_none() {
                            movement = self.movement(cell, Some(insider), -1.0, down * INEXACT, search);
                        }
                    }
                    proof.insiders.push((insider, movement.map(|movement| movement.cells)));
                }
            }
        }
    }

    fn movement(
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
        // The dear are asked for only at last, where all others are not enough.
        let dearest = match search {
            Search::AmongAll if self.is_last => &DEAREST[..],
            _ => &DEAREST[..1],
        };
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
        let view = View {
            system: self.system,
            hidden: &self.hidden,
            known,
            respondent_of: &self.respondent_of,
            kept_open: self.kept_open,
            dearest: if is_crossed { dearest } else { f64::INFINITY },
        };
        if self.is_last {
            if self.n_programmes_at_last >= PROGRAMMES_AT_LAST {
                return None;
            }
            self.n_programmes_at_last += 1;
            let mut region = Region::around(view, cell, Search::AmongHidden, WHOLE, distance);
            let movement = region.movement(direction);
            if movement.is_some() || search == Search::AmongHidden {
                return movement;
            }
        }
        if is_crossed {
            self.n_programmes += 1;
            let movement = movement_by_products(view, Wanted { cell, direction, distance }, search);
            if movement.is_some() {
                return movement;
            }
        }
        let reaches = match search {
            Search::AmongAll if !is_crossed => &REACHES[..],
            Search::AmongAll if self.is_last => &LAST,
            _ if is_crossed => &REACHES[..1],
            _ => &REACHES[..REACHES_TO_GIVE_BACK],
        };
        for reach in reaches.iter().copied() {
            self.n_programmes += 1;
            let mut region = Region::around(view, cell, search, reach, distance);
            let movement = region.movement(direction);
            if movement.is_some() || region.is_whole {
                return movement;
            }
        }
        None
    }

    fn withhold(&mut self, cells: &[CellId]) {
        for cell in cells {
            if !self.hidden[*cell] {
                self.hidden[*cell] = true;
                self.secondary.push(*cell);
            }
        }
    }

    fn is_proved(&self, cell: CellId) -> bool {
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
