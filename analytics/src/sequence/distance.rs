//! Distances between sequences of one length: optimal matching, longest common subsequence, Hamming.

use rayon::prelude::*;

use super::{Sequences, SubstitutionCosts};

/// How far apart two sequences are said to be (TraMineR `seqdist`, not normalised).
#[derive(Debug, Clone, PartialEq)]
pub enum Dissimilarity {
    /// The cheapest way to turn one into the other by inserting, deleting and substituting states (`OM`).
    OptimalMatching {
        /// The cost of an insertion or a deletion.
        indel: f64,
        /// The costs of substitutions, over the sequences' alphabet.
        substitution: SubstitutionCosts,
    },
    /// The states outside the longest common subsequence (`LCS`).
    LongestCommonSubsequence,
    /// The slots at which the states differ (`HAM`).
    Hamming,
}

/// The distances between all pairs of a set of sequences.
#[derive(Debug, Clone, PartialEq)]
pub struct Distances {
    n: usize,
    /// Row by row below the diagonal.
    below_diagonal: Vec<f64>,
}

impl Distances {
    /// The distance between two sequences, given by their places.
    pub fn between(&self, one: usize, other: usize) -> f64 {
        let (low, high) = (one.min(other), one.max(other));
        if low == high { 0.0 } else { self.below_diagonal[high * (high - 1) / 2 + low] }
    }

    /// How many sequences there are.
    pub fn len(&self) -> usize {
        self.n
    }

    /// Whether there is no sequence.
    pub fn is_empty(&self) -> bool {
        self.n == 0
    }
}

/// The distances between all pairs. Threads share the pairs, never a sum, so the result does not depend on them.
///
/// # Panics
/// When substitution costs are for another alphabet.
pub fn distances(sequences: &Sequences, dissimilarity: &Dissimilarity) -> Distances {
    let n = sequences.len();
    let row = |one: usize| -> Vec<f64> {
        let sequence = sequences.sequence(one);
        match dissimilarity {
            Dissimilarity::OptimalMatching { indel, substitution } => {
                assert_eq!(substitution.n_states, sequences.n_states(), "costs for another alphabet");
                optimal_matching(sequences, one, *indel, substitution)
            }
            Dissimilarity::LongestCommonSubsequence => {
                let common = CommonSubsequence::with(sequence, sequences.n_states());
                (0..one).map(|other| common.distance(sequences.sequence(other))).collect()
            }
            Dissimilarity::Hamming => (0..one).map(|other| hamming(sequence, sequences.sequence(other))).collect(),
        }
    };
    let rows: Vec<Vec<f64>> = (0..n).into_par_iter().map(row).collect();
    Distances { n, below_diagonal: rows.concat() }
}

fn hamming(one: &[u8], other: &[u8]) -> f64 {
    one.iter().zip(other).filter(|(a, b)| a != b).count() as f64
}

/// Sequences matched at once: each step of one waits for the one before, but those of several run side by side.
const LANES: usize = 8;

/// The distances of sequence `one` from those before it.
fn optimal_matching(sequences: &Sequences, one: usize, indel: f64, substitution: &SubstitutionCosts) -> Vec<f64> {
    let mut found = Vec::with_capacity(one);
    for first in (0..one).step_by(LANES) {
        // The last lanes may repeat the last sequence.
        let others: [&[u8]; LANES] = std::array::from_fn(|lane| sequences.sequence((first + lane).min(one - 1)));
        let lanes = edit_distances(sequences.sequence(one), others, indel, substitution);
        found.extend_from_slice(&lanes[..LANES.min(one - first)]);
    }
    found
}

/// Needleman and Wunsch's recurrence: the cheapest way to turn each beginning of one into each beginning of the other.
fn edit_distances(one: &[u8], others: [&[u8]; LANES], indel: f64, substitution: &SubstitutionCosts) -> [f64; LANES] {
    let length = others[0].len();
    let mut costs: Vec<[f64; LANES]> = (0..=length).map(|inserted| [inserted as f64 * indel; LANES]).collect();
    for (deleted, state) in one.iter().enumerate() {
        let of_state = &substitution.costs[usize::from(*state) * substitution.n_states..][..substitution.n_states];
        let mut diagonal = costs[0];
        let mut left = [(deleted + 1) as f64 * indel; LANES];
        costs[0] = left;
        for (place, above) in costs[1..].iter_mut().enumerate() {
            let substituted: [f64; LANES] =
                std::array::from_fn(|lane| diagonal[lane] + of_state[usize::from(others[lane][place])]);
            diagonal = *above;
            left = std::array::from_fn(|lane| {
                let indels = left[lane].min(above[lane]) + indel;
                if substituted[lane] < indels { substituted[lane] } else { indels }
            });
            *above = left;
        }
    }
    costs[length]
}

/// One sequence prepared to be compared with many: for each state a bit for each of its slots.
struct CommonSubsequence {
    n_words: usize,
    length: usize,
    slots_of: Vec<u64>,
}

impl CommonSubsequence {
    fn with(sequence: &[u8], n_states: usize) -> CommonSubsequence {
        let n_words = sequence.len().div_ceil(64);
        let mut slots_of = vec![0_u64; n_states * n_words];
        for (slot, state) in sequence.iter().enumerate() {
            slots_of[usize::from(*state) * n_words + slot / 64] |= 1 << (slot % 64);
        }
        CommonSubsequence { n_words, length: sequence.len(), slots_of }
    }

    /// Hyyrö's bit-parallel recurrence (2004): a zero bit marks a slot at which the common subsequence grows.
    fn distance(&self, other: &[u8]) -> f64 {
        let mut unmatched = vec![u64::MAX; self.n_words];
        for state in other {
            let slots = &self.slots_of[usize::from(*state) * self.n_words..][..self.n_words];
            let mut carry = false;
            for (word, slots) in unmatched.iter_mut().zip(slots) {
                let matched = *word & slots;
                let (sum, over) = word.overflowing_add(matched);
                let (sum, over_again) = sum.overflowing_add(u64::from(carry));
                carry = over || over_again;
                *word = sum | (*word & !matched);
            }
        }
        let common: u32 = unmatched.iter().map(|word| word.count_zeros()).sum();
        (self.length + other.len()) as f64 - 2.0 * f64::from(common)
    }
}
