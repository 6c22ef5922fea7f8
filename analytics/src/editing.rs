//! Editing: which diaries are good enough to be used.

use crate::snapshot::Snapshot;
use questionnaires::quality::Grade;

/// The diaries in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsableDiaries {
    /// Their places in the snapshot, a person's days together, persons in the snapshot's order.
    pub diaries: Vec<u32>,
    /// Diaries left out because they were graded as rejected.
    pub n_rejected: u64,
}

/// Leaves out the rejected diaries.
pub fn usable_diaries(snapshot: &Snapshot) -> UsableDiaries {
    let is_usable = |place: &u32| snapshot.diaries[*place as usize].grade != Grade::Rejected;
    let mut diaries: Vec<u32> = (0..snapshot.diaries.len() as u32).filter(is_usable).collect();
    diaries.sort_by_key(|place| (snapshot.diaries[*place as usize].person, *place));
    let n_rejected = (snapshot.diaries.len() - diaries.len()) as u64;
    UsableDiaries { diaries, n_rejected }
}
