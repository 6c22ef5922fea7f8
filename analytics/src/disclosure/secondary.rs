//! Secondary suppression: which further cells to withhold so that no unsafe cell can be placed too well from the
//! sums. For every unsafe cell a movement up and a movement down is kept that leaves all known sums as they
//! are: the proof that it is protected. What a movement needs is withheld; at the end whatever no proof needs is
//! given back.
//!
//! Each movement is the cheapest by linear programming (Kelly, Golden and Assad, Networks 22, 1992; priced as in
//! Fischetti and Salazar, Management Science 47, 2001). The pattern is safe by construction; that it is the
//! smallest is not proved.

use super::cell::{CellId, CellSystem, Openness};
use super::primary::{PrimaryRules, Protection};
use super::region::{Reach, Region, Search, View};

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

/// Above this many secondary cells none is exchanged for others: it costs time and saves little.
const EXCHANGED_AT_MOST: usize = 150;

/// Cells that move together with an unsafe cell: up, down, and as seen by insiders (the cell each one knows).
#[derive(Debug, Clone, Default)]
struct Proof {
    up: Vec<CellId>,
    down: Vec<CellId>,
    insiders: Vec<(CellId, Vec<CellId>)>,
}

impl Proof {
    fn uses(&self, cell: CellId) -> bool {
        let insiders = self.insiders.iter().map(|(_, cells)| cells);
        [&self.up, &self.down].into_iter().chain(insiders).any(|cells| cells.contains(&cell))
    }
}

/// Regions to try, the small before the large.
const REACHES: [Reach; 4] = [
    Reach { cells: 80, per_relation: 6 },
    Reach { cells: 300, per_relation: 12 },
    Reach { cells: 1200, per_relation: 40 },
    Reach { cells: 6000, per_relation: usize::MAX },
];

/// The part of the protection that keeps an insider from working a cell out exactly.
const INEXACT: f64 = 0.01;

/// Applies the primary rules to every cell and finds what else to withhold. Cells marked in `given` are withheld as
/// well, with whatever protection the rules ask for them.
pub fn suppress(system: &CellSystem, rules: &PrimaryRules, insiders: Insiders) -> Pattern {
    let required = system.cells().iter().map(|cell| rules.judge(cell)).collect();
    protect(system, required, insiders)
}

/// Finds what to withhold besides the cells with a required protection.
pub fn protect(system: &CellSystem, required: Vec<Option<Protection>>, insiders: Insiders) -> Pattern {
    let mut search = Protecting::new(system, required, insiders);
    search.protect_all();
    search.give_back();
    search.exchange();
    search.into_pattern()
}

struct Protecting<'a> {
    system: &'a CellSystem,
    required: Vec<Option<Protection>>,
    insiders: Insiders,
    hidden: Vec<bool>,
    unsafe_cells: Vec<CellId>,
    /// By cell with a single respondent: the first of the cells that hold the same one alone.
    respondent_of: Vec<CellId>,
    proofs: Vec<Option<Proof>>,
    secondary: Vec<CellId>,
    kept_open: Option<CellId>,
}

/// Cells with one respondent that a relation ties to each other alone hold the same one: a total and its only part
/// that is not empty.
fn lone_respondents(system: &CellSystem) -> Vec<CellId> {
    let mut first: Vec<CellId> = (0..system.cells().len()).collect();
    let root = |first: &[CellId], mut cell: CellId| {
        while first[cell] != cell {
            cell = first[cell];
        }
        cell
    };
    for relation in system.relations() {
        let mut filled = relation.terms.iter().map(|(cell, _)| *cell).filter(|cell| !system.cells()[*cell].is_empty());
        if let (Some(one), Some(other), None) = (filled.next(), filled.next(), filled.next())
            && [one, other].iter().all(|cell| system.cells()[*cell].frequency == 1)
        {
            let (one, other) = (root(&first, one), root(&first, other));
            first[one.max(other)] = one.min(other);
        }
    }
    (0..first.len()).map(|cell| root(&first, cell)).collect()
}

impl<'a> Protecting<'a> {
    fn new(system: &'a CellSystem, required: Vec<Option<Protection>>, insiders: Insiders) -> Self {
        let cells = system.cells();
        let hidden = cells.iter().zip(&required);
        let hidden = hidden.map(|(cell, required)| match cell.openness {
            Openness::Offered => required.is_some(),
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
            respondent_of: lone_respondents(system),
            hidden: hidden.collect(),
            proofs: vec![None; cells.len()],
            unsafe_cells,
            required,
            secondary: Vec::new(),
            kept_open: None,
        }
    }

    fn protect_all(&mut self) {
        for cell in self.unsafe_cells.clone() {
            self.proofs[cell] = self.prove(cell, Search::AmongAll);
        }
    }

    /// Gives back what no proof needs, the dearest first.
    fn give_back(&mut self) {
        let mut order = self.secondary.clone();
        let cost = |cell: CellId| self.system.cells()[cell].cost;
        order.reverse();
        order.sort_by(|one, other| cost(*other).total_cmp(&cost(*one)));
        for cell in order {
            self.hidden[cell] = false;
            let users = self.users(cell);
            let mut renewed = Vec::with_capacity(users.len());
            for user in users {
                match self.prove(user, Search::AmongHidden) {
                    Some(proof) => renewed.push((user, proof)),
                    None => {
                        self.hidden[cell] = true;
                        break;
                    }
                }
            }
            if !self.hidden[cell] {
                self.secondary.retain(|other| *other != cell);
                for (user, proof) in renewed {
                    self.proofs[user] = Some(proof);
                }
            }
        }
    }

    /// Opens one secondary cell after the other for good and protects anew what it protected, as long as that costs
    /// less.
    fn exchange(&mut self) {
        let mut tried = 0;
        while tried < self.secondary.len() && self.secondary.len() <= EXCHANGED_AT_MOST {
            let before = (self.cost(), self.hidden.clone(), self.proofs.clone(), self.secondary.clone());
            let opened = self.secondary[tried];
            self.hidden[opened] = false;
            self.secondary.remove(tried);
            self.kept_open = Some(opened);
            let users = self.users(opened);
            let all_proved = users.into_iter().all(|user| {
                self.proofs[user] = self.prove(user, Search::AmongAll);
                self.proofs[user].is_some()
            });
            if all_proved {
                self.give_back();
            }
            self.kept_open = None;
            if all_proved && self.cost() < before.0 {
                tried = 0;
            } else {
                (_, self.hidden, self.proofs, self.secondary) = before;
                tried += 1;
            }
        }
    }

    fn cost(&self) -> f64 {
        self.secondary.iter().map(|cell| self.system.cells()[*cell].cost).sum()
    }

    /// The unsafe cells whose proof uses `cell`.
    fn users(&self, cell: CellId) -> Vec<CellId> {
        let uses = |other: &CellId| self.proofs[*other].as_ref().is_some_and(|proof| proof.uses(cell));
        self.unsafe_cells.iter().copied().filter(uses).collect()
    }

    /// The movements that protect `cell`. What they need is withheld at once.
    fn prove(&mut self, cell: CellId, search: Search) -> Option<Proof> {
        let Protection { up, down } = self.required[cell]?;
        let up = self.movement(cell, None, 1.0, up, search)?;
        let down = self.movement(cell, None, -1.0, down, search)?;
        let mut proof = Proof { up, down, insiders: Vec::new() };
        if self.insiders != Insiders::Nobody {
            self.prove_against_insiders(cell, &mut proof, search)?;
        }
        Some(proof)
    }

    /// A respondent alone in a cell that a movement uses sees through it; then another movement must do without.
    fn prove_against_insiders(&mut self, cell: CellId, proof: &mut Proof, search: Search) -> Option<()> {
        let Protection { up, down } = self.required[cell]?;
        let mut alone: Vec<CellId> = proof.up.iter().chain(&proof.down).copied().collect();
        alone.retain(|other| self.system.cells()[*other].frequency == 1);
        // What a respondent has told about itself is no secret to it.
        alone.retain(|other| self.respondent_of[*other] != self.respondent_of[cell]);
        alone.sort_unstable();
        alone.dedup();
        for insider in alone {
            let (in_up, in_down) = (proof.up.contains(&insider), proof.down.contains(&insider));
            match self.insiders {
                Insiders::LikeOutsiders => {
                    for (is_used, direction, distance) in [(in_up, 1.0, up), (in_down, -1.0, down)] {
                        if is_used {
                            let cells = self.movement(cell, Some(insider), direction, distance, search)?;
                            proof.insiders.push((insider, cells));
                        }
                    }
                }
                _ if in_up && in_down => {
                    let rising = self.movement(cell, Some(insider), 1.0, up * INEXACT, Search::AmongHidden);
                    let falling =
                        |this: &mut Self| this.movement(cell, Some(insider), -1.0, down * INEXACT, Search::AmongHidden);
                    let moving = rising.or_else(|| falling(self));
                    let moving = match moving {
                        Some(cells) => cells,
                        None => self.movement(cell, Some(insider), 1.0, up * INEXACT, search)?,
                    };
                    proof.insiders.push((insider, moving));
                }
                _ => {}
            }
        }
        Some(())
    }

    fn movement(
        &mut self,
        cell: CellId,
        known: Option<CellId>,
        direction: f64,
        distance: f64,
        search: Search,
    ) -> Option<Vec<CellId>> {
        let bounds = self.system.cells()[cell].bounds;
        let value = self.system.cells()[cell].value;
        let room = if direction > 0.0 { bounds.high - value } else { value - bounds.low };
        // Nobody can be kept farther away than everybody knew beforehand.
        let distance = distance.min(room);
        if distance <= 0.0 {
            return Some(Vec::new());
        }
        for reach in REACHES {
            let view = View { system: self.system, hidden: &self.hidden, known, kept_open: self.kept_open };
            let mut region = Region::around(view, cell, search, reach, distance);
            if let Some(cells) = region.movement(direction) {
                for other in &cells {
                    if !self.hidden[*other] {
                        self.hidden[*other] = true;
                        self.secondary.push(*other);
                    }
                }
                return Some(cells);
            }
            if region.is_whole {
                break;
            }
        }
        None
    }

    fn into_pattern(self) -> Pattern {
        let mut verdicts = vec![Verdict::Published; self.hidden.len()];
        for cell in &self.unsafe_cells {
            verdicts[*cell] = Verdict::Primary;
        }
        for cell in &self.secondary {
            verdicts[*cell] = Verdict::Secondary;
        }
        let mut unprotected: Vec<CellId> =
            self.unsafe_cells.iter().copied().filter(|cell| self.proofs[*cell].is_none()).collect();
        unprotected.sort_unstable();
        Pattern { verdicts, required: self.required, unprotected }
    }
}
