//! The tempogram: the share doing something in each slot, and its difference between women and men.

use questionnaires::slot::SLOTS_PER_DAY;

use super::{Candidate, EVERYBODY, Indicators, PERCENT};
use crate::estimation::{Contrast, Span};
use crate::table::Indicator;

impl Indicators<'_> {
    /// The share doing an activity, for everybody by sex and day, and women's share minus men's by day; slot by slot.
    /// `spans` are the slots that observations (ascending) do it in.
    pub fn of_slots(&self, category: usize, spans: &[Span]) -> Vec<Vec<Candidate>> {
        let shares = self.mean_domains(EVERYBODY).map(|domain| (Indicator::ShareAtSlot, domain));
        let gaps = self.gap_domains(EVERYBODY).map(|domain| (Indicator::ShareGapAtSlot, domain));
        let wanted: Vec<_> = shares.chain(gaps).collect();
        let contrasts: Vec<Contrast> = wanted.iter().map(|(_, domain)| domain.scope.contrast.clone()).collect();
        let estimates = self.estimator.shares(EVERYBODY, &contrasts, SLOTS_PER_DAY, spans);
        let n_participants = self.count_persons_by_slot(spans);
        let of_slot = |slot: usize| {
            let candidates = wanted.iter().zip(&estimates).map(|((indicator, domain), shares)| Candidate {
                slot: Some(slot as u8),
                estimate: shares.as_ref().map(|shares| {
                    let (value, error) = (shares.values[slot], shares.standard_errors[slot]);
                    self.with_error(value * PERCENT, error, PERCENT, self.df(*domain))
                }),
                n_participants: n_participants[slot][domain.place],
                ..self.candidate(*indicator, category, *domain)
            });
            candidates.collect()
        };
        (0..SLOTS_PER_DAY).map(of_slot).collect()
    }

    /// Distinct persons by slot and scope. Days without weight are in no number, so they count for none.
    fn count_persons_by_slot(&self, spans: &[Span]) -> Vec<Vec<u64>> {
        self.persons.of_spans(spans, SLOTS_PER_DAY).iter().map(|of_sets| self.by_scope(of_sets)).collect()
    }
}
