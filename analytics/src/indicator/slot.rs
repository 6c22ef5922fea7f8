//! Points of the tempogram: the share doing something in a slot, and its difference between women and men.

use super::{Candidate, EVERYBODY, Indicators, PERCENT};
use crate::estimation::Column;
use crate::table::Indicator;

impl Indicators<'_> {
    /// The share doing an activity in one slot, for everybody by sex and day, and women's share minus men's by day.
    pub fn of_slot(&self, category: usize, slot: u8, occupants: &[u32]) -> Vec<Candidate> {
        let ones = vec![1.0; occupants.len()];
        let totals = self.sample.blocks.totals(Column { rows: occupants, values: &ones });
        let n_participants = self.count_persons(occupants);
        let shares = self.mean_domains(EVERYBODY).map(|domain| (Indicator::ShareAtSlot, domain));
        let gaps = self.gap_domains(EVERYBODY).map(|domain| (Indicator::ShareGapAtSlot, domain));
        let candidate = |(indicator, domain)| Candidate {
            slot: Some(slot),
            estimate: self.mean(&totals, domain).map(|share| self.estimate(&share, PERCENT, self.df(domain))),
            n_participants: n_participants[EVERYBODY][domain.place],
            ..self.candidate(indicator, category, domain)
        };
        shares.chain(gaps).map(candidate).collect()
    }
}
