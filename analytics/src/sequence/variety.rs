//! How varied one sequence is: entropy, complexity and turbulence.

/// The variety of one sequence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Variety {
    /// Changes of state (`seqtransn`).
    pub n_transitions: usize,
    /// Entropy of the shares of time in each state, 0 to 1: divided by that of equal shares over the alphabet
    /// (`seqient`).
    pub entropy: f64,
    /// Geometric mean of the share of possible transitions and the entropy, 0 to 1 (`seqici`).
    pub complexity: f64,
    /// Elzinga and Liefbroer's turbulence, in bits (`seqST`, not normalised).
    pub turbulence: f64,
}

impl Variety {
    /// The variety of a sequence over an alphabet of `n_states`; its states must lie below that.
    pub fn of(sequence: &[u8], n_states: usize) -> Variety {
        let spells: Vec<&[u8]> = sequence.chunk_by(|a, b| a == b).collect();
        let n_transitions = spells.len().saturating_sub(1);
        let entropy = entropy(sequence, n_states);
        let possible = sequence.len().saturating_sub(1);
        let share = if possible == 0 { 0.0 } else { n_transitions as f64 / possible as f64 };
        Variety {
            n_transitions,
            entropy,
            complexity: (share * entropy).sqrt(),
            turbulence: turbulence(&spells, n_states),
        }
    }
}

fn entropy(sequence: &[u8], n_states: usize) -> f64 {
    let mut counts = vec![0_u32; n_states];
    for state in sequence {
        counts[usize::from(*state)] += 1;
    }
    let length = sequence.len() as f64;
    let shares = counts.iter().filter(|count| **count > 0).map(|count| f64::from(*count) / length);
    let entropy: f64 = shares.map(|share| -share * share.ln()).sum();
    // An alphabet of one state has no entropy to be divided by.
    if n_states < 2 { 0.0 } else { entropy / (n_states as f64).ln() }
}

/// log2(phi (s2max + 1) / (s2 + 1)): phi counts the distinct subsequences of the states without their durations, s2 is
/// the variance of the durations and s2max the largest it could be (Elzinga and Liefbroer 2007).
fn turbulence(spells: &[&[u8]], n_states: usize) -> f64 {
    if spells.is_empty() {
        return 0.0;
    }
    let n = spells.len() as f64;
    let mean = spells.iter().map(|spell| spell.len() as f64).sum::<f64>() / n;
    let variance = spells.iter().map(|spell| (spell.len() as f64 - mean).powi(2)).sum::<f64>() / n;
    let largest = (n - 1.0) * (1.0 - mean).powi(2);
    log2_distinct_subsequences(spells.iter().map(|spell| spell[0]), n_states)
        + ((largest + 1.0) / (variance + 1.0)).log2()
}

/// log2 of the number of distinct subsequences, the empty one included: each further state doubles them, less those
/// that already ended in the same state. The numbers are kept in scale, since they outgrow a double after 1,023 states.
fn log2_distinct_subsequences(states: impl Iterator<Item = u8>, n_states: usize) -> f64 {
    const SCALE: i32 = 512;
    let mut count = 1.0_f64;
    let mut before_last = vec![0.0_f64; n_states];
    let mut exponent = 0.0;
    for state in states {
        let next = 2.0 * count - before_last[usize::from(state)];
        before_last[usize::from(state)] = count;
        count = next;
        if count > 2.0_f64.powi(SCALE) {
            let down = 2.0_f64.powi(-SCALE);
            count *= down;
            before_last.iter_mut().for_each(|earlier| *earlier *= down);
            exponent += f64::from(SCALE);
        }
    }
    count.log2() + exponent
}
