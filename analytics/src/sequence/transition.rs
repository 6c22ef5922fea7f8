//! How often one state follows another, and what it costs to put one in the other's place.

use super::Sequences;

/// Rates of transition between states, by slot: a row for the state left, a column for the state entered.
#[derive(Debug, Clone, PartialEq)]
pub struct TransitionRates {
    n_states: usize,
    rates: Vec<f64>,
}

impl TransitionRates {
    /// p(b | a): of all slots in state a but the last of a sequence, the share followed by b (TraMineR `seqtrate`).
    /// A state that is never left so, nor kept, has a row of zeros.
    pub fn unweighted(sequences: &Sequences) -> TransitionRates {
        TransitionRates::of(sequences, std::iter::repeat_n(1.0, sequences.len()))
    }

    /// The same with a weight for each sequence, not negative (`seqtrate(weighted = TRUE)`).
    ///
    /// # Panics
    /// When there are not as many weights as sequences.
    pub fn weighted(sequences: &Sequences, weights: &[f64]) -> TransitionRates {
        assert_eq!(weights.len(), sequences.len(), "a weight for each sequence");
        TransitionRates::of(sequences, weights.iter().copied())
    }

    fn of(sequences: &Sequences, weights: impl Iterator<Item = f64>) -> TransitionRates {
        let n_states = sequences.n_states();
        let mut rates = vec![0.0; n_states * n_states];
        let mut counts = vec![0_u32; n_states * n_states];
        for (sequence, weight) in sequences.iter().zip(weights) {
            counts.fill(0);
            for pair in sequence.windows(2) {
                counts[usize::from(pair[0]) * n_states + usize::from(pair[1])] += 1;
            }
            for (rate, count) in rates.iter_mut().zip(&counts) {
                *rate += weight * f64::from(*count);
            }
        }
        for row in rates.chunks_exact_mut(n_states.max(1)) {
            let total: f64 = row.iter().sum();
            if total > 0.0 {
                row.iter_mut().for_each(|rate| *rate /= total);
            }
        }
        TransitionRates { n_states, rates }
    }

    /// The rate from one state to another.
    pub fn rate(&self, from: usize, to: usize) -> f64 {
        self.rates[from * self.n_states + to]
    }
}

/// What it costs to put one state in another's place: symmetric, and nothing for the same state.
#[derive(Debug, Clone, PartialEq)]
pub struct SubstitutionCosts {
    pub(super) n_states: usize,
    pub(super) costs: Vec<f64>,
}

impl SubstitutionCosts {
    /// One cost between any two states (`seqsubm(method = "CONSTANT")`).
    pub fn constant(n_states: usize, cost: f64) -> SubstitutionCosts {
        SubstitutionCosts::by(n_states, |_, _| cost)
    }

    /// 2 - p(b | a) - p(a | b): states that often follow each other are close (`seqsubm(method = "TRATE")`).
    pub fn from_transitions(rates: &TransitionRates) -> SubstitutionCosts {
        SubstitutionCosts::by(rates.n_states, |a, b| 2.0 - rates.rate(a, b) - rates.rate(b, a))
    }

    fn by(n_states: usize, cost: impl Fn(usize, usize) -> f64) -> SubstitutionCosts {
        let pairs = (0..n_states).flat_map(|a| (0..n_states).map(move |b| (a, b)));
        SubstitutionCosts { n_states, costs: pairs.map(|(a, b)| if a == b { 0.0 } else { cost(a, b) }).collect() }
    }

    /// The cost between two states.
    pub fn cost(&self, a: usize, b: usize) -> f64 {
        self.costs[a * self.n_states + b]
    }
}
