//! Respondents who see more than outsiders: who is alone in a cell knows it.

use std::rc::Rc;

use super::cell::{CellId, CellSystem};
use super::primary::Protection;
use super::proof::Proof;
use super::region::Search;
use super::secondary::Protecting;

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

/// The part of the protection that keeps an insider from working a cell out exactly.
const INEXACT: f64 = 0.01;

/// By cell the first of those that hold the same respondent alone: those that are said to, and where a total has one
/// respondent, every part that is not empty.
pub(super) fn lone_respondents(system: &CellSystem) -> Vec<CellId> {
    let mut first: Vec<CellId> = (0..system.cells().len()).collect();
    let root = |first: &[CellId], mut cell: CellId| {
        while first[cell] != cell {
            cell = first[cell];
        }
        cell
    };
    let is_alone = |cell: CellId| system.cells()[cell].frequency == 1;
    let tie = |first: &mut [CellId], one: CellId, other: CellId| {
        let (one, other) = (root(first, one), root(first, other));
        first[one.max(other)] = one.min(other);
    };
    for (one, other) in system.tied_respondents().iter().filter(|(one, other)| is_alone(*one) && is_alone(*other)) {
        tie(&mut first, *one, *other);
    }
    for relation in system.relations() {
        let filled = relation.terms.iter().filter(|(cell, _)| !system.cells()[*cell].is_empty());
        let (totals, parts): (Vec<_>, Vec<_>) = filled.partition(|(_, factor)| *factor < 0.0);
        if let [&(total, _)] = totals[..]
            && is_alone(total)
        {
            for &(part, _) in parts.into_iter().filter(|(part, _)| is_alone(*part)) {
                tie(&mut first, total, part);
            }
        }
    }
    (0..first.len()).map(|cell| root(&first, cell)).collect()
}

impl Protecting<'_> {
    /// A respondent alone in a cell that a movement uses sees through it; then another movement must do without.
    pub fn prove_against_insiders(
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
            let avoids = |cells: &Option<Vec<CellId>>| {
                cells.as_ref().is_some_and(|cells| !cells.is_empty() && !cells.iter().any(is_own))
            };
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
                    // What has no room the one way must have some the other.
                    let ways: Vec<(f64, f64)> =
                        [(1.0, up), (-1.0, down)].into_iter().filter(|(_, distance)| *distance > 0.0).collect();
                    let searches = match search {
                        Search::AmongHidden => &[Search::AmongHidden][..],
                        Search::AmongAll => &[Search::AmongHidden, Search::AmongAll],
                    };
                    let mut movement = None;
                    for search in searches {
                        for (direction, distance) in &ways {
                            if movement.is_none() {
                                movement = self.movement(cell, Some(insider), *direction, distance * INEXACT, *search);
                            }
                        }
                    }
                    proof.insiders.push((insider, movement.map(|movement| movement.cells)));
                }
            }
        }
    }
}
