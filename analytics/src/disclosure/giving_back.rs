//! Fewer cells withheld: what no proof needs is given back, and what is withheld exchanged for what costs less.

use super::cell::CellId;
use super::proof::Proof;
use super::region::Search;
use super::secondary::Protecting;

/// Patterns with more secondary cells than this are left as they are: exchanging costs time and saves little.
const EXCHANGED_AT_MOST: usize = 60;
/// Secondary cells are exchanged for others until this many linear programmes were solved.
const PROGRAMMES_TO_EXCHANGE: usize = 2_000;

/// A cell that costs less is not given back: hardly anybody misses it.
const WORTH_GIVING_BACK: f64 = 0.5;

impl Protecting<'_> {
    /// Gives back what no proof needs, the dearest first.
    pub fn give_back(&mut self) {
        if self.tells_nothing {
            return;
        }
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
    pub fn exchange(&mut self) {
        let mut tried = 0;
        if self.tells_nothing || self.secondary.len() > EXCHANGED_AT_MOST {
            return;
        }
        let last_programme = self.n_programmes.get() + PROGRAMMES_TO_EXCHANGE;
        while tried < self.secondary.len() && self.n_programmes.get() < last_programme {
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

    /// The unsafe cells whose proof uses `cell`.
    fn users(&self, cell: CellId) -> Vec<CellId> {
        let uses = |other: &CellId| self.proofs[*other].as_ref().is_some_and(|proof| proof.uses(cell));
        let mut users: Vec<CellId> = self.used_by[cell].iter().copied().filter(uses).collect();
        users.sort_unstable();
        users.dedup();
        users
    }
}
