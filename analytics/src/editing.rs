//! Editing: which diaries are good enough to be used.

use rayon::prelude::*;

use crate::design::Labels;
use crate::snapshot::Snapshot;
use questionnaires::quality::Grade;

/// The diaries in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsableDiaries {
    /// Their places in the snapshot, a person's days together, persons by stratum and cluster and then in the snapshot's
    /// order: sums by cluster then run through memory in order.
    pub diaries: Vec<u32>,
    /// Diaries left out because they were graded as rejected.
    pub n_rejected: u64,
}

/// Leaves out the rejected diaries.
pub fn usable_diaries(snapshot: &Snapshot) -> UsableDiaries {
    let is_usable = |place: &u32| snapshot.diaries[*place as usize].grade != Grade::Rejected;
    let mut diaries: Vec<u32> = (0..snapshot.diaries.len() as u32).filter(is_usable).collect();
    let order = order_in_design(snapshot);
    diaries.sort_by_key(|place| (order[snapshot.diaries[*place as usize].person as usize], *place));
    let n_rejected = (snapshot.diaries.len() - diaries.len()) as u64;
    UsableDiaries { diaries, n_rejected }
}

/// Each person's place when they are ordered by stratum and cluster; without a cluster the household stands for it.
fn order_in_design(snapshot: &Snapshot) -> Vec<u32> {
    let strata = Labels::from_optional_text(snapshot.persons.iter().map(|person| person.stratum.as_deref()));
    let clusters = Labels::from_optional_text(snapshot.persons.iter().map(|person| person.cluster.as_deref()));
    let key = |person: &u32| (strata.codes()[*person as usize], clusters.codes()[*person as usize]);
    let household = |person: &u32| snapshot.persons[*person as usize].household.as_deref();
    let mut persons: Vec<u32> = (0..snapshot.persons.len() as u32).collect();
    persons.par_sort_by(|a, b| key(a).cmp(&key(b)).then_with(|| household(a).cmp(&household(b))));
    let mut order = vec![0; persons.len()];
    for (place, person) in (0..).zip(persons) {
        order[person as usize] = place;
    }
    order
}
