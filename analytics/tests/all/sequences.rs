//! Sequences of days against TraMineR 2.2-12, and what its numbers do not show: weights, threads, edges.

use crate::reference;

use analytics::sequence::{
    Dissimilarity, SequenceError, Sequences, SubstitutionCosts, TransitionRates, Variety, distances,
};
use proptest::prelude::*;
use serde_json::Value;

const TOLERANCE: f64 = 1e-10;
const N_STATES: usize = 10;

fn assert_close(found: f64, expected: &Value, what: &str) {
    let expected = expected.as_f64().expect("a number");
    assert!((found - expected).abs() <= TOLERANCE * expected.abs(), "{what}: {found} instead of {expected}");
}

/// The 2,561 synthetic diaries and what TraMineR says of them.
fn diaries() -> Option<(Sequences, Value)> {
    let oracle = reference::oracle()?;
    let mut reader = csv::Reader::from_path(oracle.join("tus_synthetic.csv")).expect("a CSV file");
    let place = reader.headers().expect("a header").iter().position(|name| name == "slots").expect("a column of slots");
    let digits = |record: csv::StringRecord| record[place].bytes().map(|digit| digit - b'0').collect();
    let days: Vec<Vec<u8>> = reader.records().map(|record| digits(record.expect("a record"))).collect();
    let text = std::fs::read_to_string(oracle.join("results_tus.json")).expect("results");
    let results: Value = serde_json::from_str(&text).expect("JSON");
    Some((Sequences::new(N_STATES, &days).expect("sequences"), results["sequence"].clone()))
}

fn first(sequences: &Sequences, n: usize) -> Sequences {
    let days: Vec<&[u8]> = sequences.iter().take(n).collect();
    Sequences::new(sequences.n_states(), &days).expect("sequences")
}

#[test]
fn transition_rates_and_the_costs_made_of_them_are_those_of_tramine_r() {
    let Some((sequences, expected)) = diaries() else { return };
    let rates = TransitionRates::unweighted(&sequences);
    let costs = SubstitutionCosts::from_transitions(&rates);
    for a in 0..N_STATES {
        for b in 0..N_STATES {
            assert_close(rates.rate(a, b), &expected["transition_rates_unweighted"][a][b], "a transition rate");
            assert_close(costs.cost(a, b), &expected["subcost_trate"][a][b], "a substitution cost");
        }
    }
}

#[test]
fn variety_is_that_of_tramine_r() {
    let Some((sequences, expected)) = diaries() else { return };
    assert_eq!(expected["first"], 40);
    for (place, sequence) in sequences.iter().take(40).enumerate() {
        let variety = Variety::of(sequence, N_STATES);
        assert_eq!(Some(variety.n_transitions as u64), expected["transitions"][place].as_u64());
        assert_close(variety.entropy, &expected["entropy"][place], "entropy");
        assert_close(variety.complexity, &expected["complexity"][place], "complexity");
        assert_close(variety.turbulence, &expected["turbulence"][place], "turbulence");
    }
}

#[test]
fn distances_are_those_of_tramine_r() {
    let Some((all, expected)) = diaries() else { return };
    let sequences = first(&all, 40);
    let by_transitions = SubstitutionCosts::from_transitions(&TransitionRates::unweighted(&all));
    let matching = |substitution| Dissimilarity::OptimalMatching { indel: 1.0, substitution };
    let dissimilarities = [
        ("om_indel1_trate", matching(by_transitions)),
        ("om_indel1_sub2", matching(SubstitutionCosts::constant(N_STATES, 2.0))),
        ("lcs", Dissimilarity::LongestCommonSubsequence),
        ("ham", Dissimilarity::Hamming),
    ];
    for (name, dissimilarity) in dissimilarities {
        let found = distances(&sequences, &dissimilarity);
        assert_eq!(found.len(), 40);
        for one in 0..40 {
            for other in 0..40 {
                assert_close(found.between(one, other), &expected[name][one][other], name);
            }
        }
    }
}

#[test]
fn distances_are_the_same_bits_at_one_thread_and_at_two() {
    let Some((all, _)) = diaries() else { return };
    let sequences = first(&all, 61);
    let substitution = SubstitutionCosts::from_transitions(&TransitionRates::unweighted(&all));
    let dissimilarity = Dissimilarity::OptimalMatching { indel: 1.1, substitution };
    let at = |n_threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().expect("threads");
        pool.install(|| distances(&sequences, &dissimilarity))
    };
    assert!(at(1) == at(2), "two threads differ");
}

#[test]
fn a_weight_counts_a_sequence_as_often_as_it_says() {
    let weighted = Sequences::new(3, &[[0, 0, 1, 2], [2, 1, 0, 0], [1, 1, 1, 1]]).expect("sequences");
    let repeated = Sequences::new(3, &[[0, 0, 1, 2], [0, 0, 1, 2], [2, 1, 0, 0]]).expect("sequences");
    // A weight of zero leaves its sequence out.
    let found = TransitionRates::weighted(&weighted, &[2.0, 1.0, 0.0]);
    assert_eq!(found, TransitionRates::unweighted(&repeated));
    assert_eq!(found.rate(2, 1), 1.0);
}

#[test]
fn a_state_that_is_never_left_has_rates_of_zero_and_the_full_cost() {
    let sequences = Sequences::new(4, &[[0, 1, 2]]).expect("sequences");
    let rates = TransitionRates::unweighted(&sequences);
    for to in 0..4 {
        assert_eq!((rates.rate(2, to), rates.rate(3, to)), (0.0, 0.0));
    }
    assert_eq!(SubstitutionCosts::from_transitions(&rates).cost(3, 2), 2.0);
}

#[test]
fn a_day_of_one_activity_has_no_variety_and_a_very_long_one_still_has_a_turbulence() {
    let sleep = Variety::of(&[4; 144], 10);
    assert_eq!((sleep.n_transitions, sleep.entropy, sleep.complexity), (0, 0.0, 0.0));
    // One spell has two subsequences (itself and the empty one) and no spread of durations: log2(2) = 1.
    assert_eq!(sleep.turbulence, 1.0);
    // In 0, 1, 0, 1, ... the count of distinct subsequences is a Fibonacci number less one.
    let alternating: Vec<u8> = (0..20_000).map(|slot| (slot % 2) as u8).collect();
    let golden = (1.0 + 5.0_f64.sqrt()) / 2.0;
    let expected = 20_003.0 * golden.log2() - 5.0_f64.sqrt().log2();
    let found = Variety::of(&alternating, 2).turbulence;
    assert!((found / expected - 1.0).abs() < 1e-12, "{found} instead of {expected}");
}

#[test]
fn sequences_that_do_not_fit_are_named() {
    let error = Sequences::new(3, &[vec![0, 1], vec![0]]).expect_err("too short");
    assert_eq!(error, SequenceError::Length { sequence: 2, found: 1, expected: 2 });
    let error = Sequences::new(3, &[vec![0, 3]]).expect_err("no such state");
    assert_eq!(error, SequenceError::State { sequence: 1, state: 3, n_states: 3 });
    assert!(Sequences::new(3, &[vec![]]).is_err());
    let nothing = Sequences::new::<Vec<u8>>(3, &[]).expect("no sequences");
    assert!(nothing.is_empty() && distances(&nothing, &Dissimilarity::Hamming).is_empty());
}

/// Edit distance as the definition has it, in a whole table.
fn edit_distance(one: &[u8], other: &[u8], indel: f64, cost: impl Fn(usize, usize) -> f64) -> f64 {
    let mut table = vec![vec![0.0_f64; other.len() + 1]; one.len() + 1];
    for i in 0..=one.len() {
        for j in 0..=other.len() {
            table[i][j] = match (i, j) {
                (0, _) => j as f64 * indel,
                (_, 0) => i as f64 * indel,
                _ => (table[i - 1][j] + indel)
                    .min(table[i][j - 1] + indel)
                    .min(table[i - 1][j - 1] + cost(one[i - 1].into(), other[j - 1].into())),
            };
        }
    }
    table[one.len()][other.len()]
}

proptest! {
    #[test]
    fn distances_follow_their_definitions_at_any_length(
        days in (1..150_usize).prop_flat_map(|length| {
            prop::collection::vec(prop::collection::vec(0..4_u8, length), 1..12)
        }),
        indel in 0.1..3.0,
    ) {
        let sequences = Sequences::new(4, &days).expect("sequences");
        let substitution = SubstitutionCosts::from_transitions(&TransitionRates::unweighted(&sequences));
        let by_matching = Dissimilarity::OptimalMatching { indel, substitution: substitution.clone() };
        let matching = distances(&sequences, &by_matching);
        let common = distances(&sequences, &Dissimilarity::LongestCommonSubsequence);
        for one in 0..days.len() {
            for other in 0..days.len() {
                let expected = edit_distance(&days[one], &days[other], indel, |a, b| substitution.cost(a, b));
                prop_assert!((matching.between(one, other) - expected).abs() <= 1e-10 * expected.max(1.0));
                let expected = edit_distance(&days[one], &days[other], 1.0, |a, b| if a == b { 0.0 } else { 2.0 });
                prop_assert_eq!(common.between(one, other), expected);
            }
        }
    }
}
