//! Days as sequences of states: transition rates, how varied a day is, and how far two days are from each other.
//! The words and the definitions are TraMineR's (Gabadinho, Ritschard, Müller and Studer, J. Stat. Soft. 40(4), 2011),
//! whose numbers the tests meet. Nothing here is an estimate with a standard error, and nothing here is published.

mod distance;
mod transition;
mod variety;

use questionnaires::slot::{MINUTES_PER_SLOT, SLOTS_PER_DAY};

use crate::snapshot::Episode;

pub use distance::{Dissimilarity, Distances, distances};
pub use transition::{SubstitutionCosts, TransitionRates};
pub use variety::Variety;

/// Sequences of one length over one alphabet of states, which are numbered from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sequences {
    n_states: usize,
    length: usize,
    states: Vec<u8>,
}

/// Why states do not make sequences.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SequenceError {
    /// A sequence is longer or shorter than the first, or empty.
    #[error(
        "sequence {sequence} has {found} states where the first has {expected}. Cut all to one length, above zero."
    )]
    Length {
        /// The sequence, counted from 1.
        sequence: usize,
        /// Its states.
        found: usize,
        /// Those of the first.
        expected: usize,
    },
    /// A state is not in the alphabet.
    #[error("sequence {sequence} has the state {state} in an alphabet of {n_states}; states count from 0.")]
    State {
        /// The sequence, counted from 1.
        sequence: usize,
        /// The state.
        state: u8,
        /// Size of the alphabet.
        n_states: usize,
    },
    /// A day has a slot in which no activity of the alphabet is under way, or more than one.
    #[error(
        "day {day} has {found} activities at slot {slot}; a sequence needs timed days and activities that divide them."
    )]
    NotOneActivity {
        /// The day, counted from 1.
        day: usize,
        /// The slot, 0 to 143 from 04:00.
        slot: usize,
        /// Activities under way.
        found: usize,
    },
}

impl Sequences {
    /// Sequences over the alphabet `0..n_states`.
    ///
    /// # Errors
    /// When lengths differ, or a state is outside the alphabet.
    pub fn new<S: AsRef<[u8]>>(n_states: usize, sequences: &[S]) -> Result<Sequences, SequenceError> {
        let length = sequences.first().map_or(0, |first| first.as_ref().len());
        let mut states = Vec::with_capacity(length * sequences.len());
        for (place, sequence) in sequences.iter().map(AsRef::as_ref).enumerate() {
            if sequence.len() != length || length == 0 {
                return Err(SequenceError::Length { sequence: place + 1, found: sequence.len(), expected: length });
            }
            if let Some(state) = sequence.iter().find(|state| usize::from(**state) >= n_states) {
                return Err(SequenceError::State { sequence: place + 1, state: *state, n_states });
            }
            states.extend_from_slice(sequence);
        }
        Ok(Sequences { n_states, length, states })
    }

    /// The 144 slots of each day, a state being the place in `alphabet` of the main activity under way at the slot's
    /// first minute. `activities_of` is by code; `alphabet` holds at most 256 places in the classification.
    ///
    /// # Errors
    /// When a slot has no activity of the alphabet, as in a source without times, or several.
    pub fn of_days(
        days: &[&[Episode]],
        activities_of: &[Vec<usize>],
        alphabet: &[usize],
    ) -> Result<Sequences, SequenceError> {
        let mut states = Vec::with_capacity(days.len() * SLOTS_PER_DAY);
        for (day, episodes) in days.iter().enumerate() {
            let mut found = [0_usize; SLOTS_PER_DAY];
            let first = states.len();
            states.resize(first + SLOTS_PER_DAY, 0);
            for episode in *episodes {
                let Some(start) = episode.start_minute.map(usize::from) else { continue };
                let end = start + usize::from(episode.minutes);
                let slots = start.div_ceil(MINUTES_PER_SLOT)..end.div_ceil(MINUTES_PER_SLOT).min(SLOTS_PER_DAY);
                for activity in &activities_of[usize::from(episode.activity)] {
                    let Some(state) = alphabet.iter().position(|wanted| wanted == activity) else { continue };
                    for slot in slots.clone() {
                        states[first + slot] = state as u8;
                        found[slot] += 1;
                    }
                }
            }
            if let Some(slot) = found.iter().position(|found| *found != 1) {
                return Err(SequenceError::NotOneActivity { day: day + 1, slot, found: found[slot] });
            }
        }
        Ok(Sequences { n_states: alphabet.len(), length: SLOTS_PER_DAY, states })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.states.len().checked_div(self.length).unwrap_or(0)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.states.is_empty()
    }

    /// Size of the alphabet.
    pub fn n_states(&self) -> usize {
        self.n_states
    }

    /// The states of one sequence.
    pub fn sequence(&self, place: usize) -> &[u8] {
        &self.states[place * self.length..(place + 1) * self.length]
    }

    /// All sequences, in order.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.states.chunks_exact(self.length.max(1))
    }
}
