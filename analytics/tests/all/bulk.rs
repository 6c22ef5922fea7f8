//! The bulk kernel: calibrated residuals, jackknives and panels of slots from blocks, against the same numbers made unit by
//! unit, alone, from replicate weights or by another number of threads.

use std::sync::Arc;

use analytics::design::{Placement, SurveyDesign};
use analytics::estimation::{
    Blocks, Calibration, Centre, Column, Contrast, Estimator, Linearised, Observation, RakedMargin, Regression,
    ReplicateMethod, ReplicateWeights, Residuals, Span, Term,
};

use crate::city::noise;

const N_UNITS: usize = 400;
const N_SLOTS: usize = 20;

/// 400 units in 5 strata of 8 clusters, some without a weight; everybody, and one half of them.
struct Sample {
    design: SurveyDesign,
    leaves: Vec<u32>,
    observations: Vec<Observation>,
    domains: Vec<Vec<u32>>,
    minutes: Vec<f64>,
}

fn sample() -> Sample {
    let below = |unit: usize, key: usize, bound: u64| noise(unit, key) % bound;
    let names: Vec<(String, String)> =
        (0..N_UNITS).map(|unit| (format!("s{}", below(unit, 1, 5)), format!("c{}", below(unit, 2, 8)))).collect();
    let placements: Vec<Placement<'_>> =
        names.iter().map(|(stratum, cluster)| Placement { stratum: Some(stratum), cluster }).collect();
    let (design, leaves) = SurveyDesign::new(&placements).expect("several clusters in every stratum");
    let observation = |unit: usize| Observation {
        weight: if unit.is_multiple_of(50) { 0.0 } else { 1.0 + below(unit, 3, 900) as f64 / 100.0 },
        leaf: leaves[unit],
        class: below(unit, 4, 3) as u8,
    };
    let everybody: Vec<u32> = (0..N_UNITS as u32).collect();
    Sample {
        observations: (0..N_UNITS).map(observation).collect(),
        domains: vec![everybody.clone(), everybody.into_iter().filter(|unit| unit % 2 == 0).collect()],
        minutes: (0..N_UNITS).map(|unit| below(unit, 5, 300) as f64).collect(),
        leaves,
        design,
    }
}

fn term(classes: u16, factor: f64) -> Term {
    Term { classes, factor }
}

impl Sample {
    fn rows(&self) -> &[u32] {
        &self.domains[0]
    }

    fn weights(&self) -> Vec<f64> {
        self.observations.iter().map(|observation| observation.weight).collect()
    }

    /// The score of every unit for the mean of classes 0 and 1 minus that of class 2, in a domain; weighted.
    fn weighted_scores(&self, domain: usize) -> Vec<f64> {
        let mut scores = vec![0.0; N_UNITS];
        for (classes, factor) in [(0b011_u16, 1.0), (0b100, -1.0)] {
            let is_in = |unit: &&u32| classes & 1 << self.observations[**unit as usize].class != 0;
            let units: Vec<usize> = self.domains[domain].iter().filter(is_in).map(|unit| *unit as usize).collect();
            let weight: f64 = units.iter().map(|unit| self.observations[*unit].weight).sum();
            let weighted = |unit: &usize| self.observations[*unit].weight * self.minutes[*unit];
            let mean = units.iter().map(weighted).sum::<f64>() / weight;
            for unit in units {
                scores[unit] += factor * self.observations[unit].weight * (self.minutes[unit] - mean) / weight;
            }
        }
        scores
    }

    fn error_unit_by_unit(&self, residuals: &Residuals, domain: usize) -> f64 {
        let mut scores = self.weighted_scores(domain);
        residuals.project(&mut scores, 1);
        let mut of_leaves = vec![0.0; self.design.n_leaves()];
        for (leaf, score) in self.leaves.iter().zip(scores) {
            of_leaves[*leaf as usize] += score;
        }
        let leaves: Vec<u32> = (0..of_leaves.len() as u32).collect();
        self.design.variance(&leaves, &of_leaves).expect("a variance").sqrt()
    }

    fn error_in_bulk(&self, residuals: &Residuals, domain: usize) -> f64 {
        let residuals = Arc::new(Calibration::of(residuals, &self.leaves).expect("residuals of leaves"));
        let blocks = Blocks::calibrated(&self.observations, &self.domains, residuals, self.rows());
        let totals = blocks.totals(Column { rows: self.rows(), values: &self.minutes });
        let contrast = Contrast(vec![term(0b011, 1.0), term(0b100, -1.0)]);
        let number = Linearised::mean(&blocks, &totals, domain, &contrast).expect("everybody is there");
        Estimator::new(&self.design, &blocks).standard_error(&number).expect("an error")
    }
}

fn assert_close(found: f64, expected: f64, what: &str) {
    assert!((found / expected - 1.0).abs() < 1e-10, "{what}: {found} and {expected}");
}

/// Elsewhere a variance ignored the calibration, or the fast way knew fewer calibrations than the slow one.
#[test]
fn residuals_of_every_calibration_are_those_taken_unit_by_unit() {
    let sample = sample();
    let weights = sample.weights();
    let group = |unit: usize, key: usize, n: u64| (noise(unit, key) % n) as u32;
    let before: Vec<f64> =
        (0..N_UNITS).map(|unit| weights[unit] * (0.5 + f64::from(group(unit, 11, 10)) / 10.0)).collect();
    let post_strata = Residuals::PostStrata {
        groups: (0..N_UNITS).map(|unit| (unit % 7 != 0).then(|| group(unit, 12, 4))).collect(),
        weights_before: before.clone(),
        weights_after: weights.clone(),
    };
    let margin = |key, n| RakedMargin {
        groups: (0..N_UNITS).map(|unit| group(unit, key, n)).collect(),
        weights: weights.clone(),
    };
    let raking = Residuals::Raking { margins: vec![margin(13, 3), margin(14, 5), margin(15, 2)] };
    // A constant, a number, and the same number twice: collinear on purpose.
    let x: Vec<f64> = (0..N_UNITS)
        .flat_map(|unit| {
            let root = before[unit].sqrt();
            let age = f64::from(group(unit, 16, 80));
            [root, root * age, 2.0 * root * age]
        })
        .collect();
    let scale =
        before.iter().zip(&weights).map(|(before, after)| if *before == 0.0 { 0.0 } else { after / before.sqrt() });
    let regression = Residuals::Regression(Regression::new(&x, scale.collect()));
    for (what, residuals) in [("post-strata", post_strata), ("raking", raking), ("regression", regression)] {
        for domain in 0..2 {
            let expected = sample.error_unit_by_unit(&residuals, domain);
            assert_close(sample.error_in_bulk(&residuals, domain), expected, what);
        }
    }
}

#[test]
fn a_jackknife_from_blocks_is_that_of_replicate_weights() {
    let sample = sample();
    let blocks = Blocks::new(&sample.observations, &sample.domains);
    let totals = blocks.totals(Column { rows: sample.rows(), values: &sample.minutes });
    let estimator = Estimator::new(&sample.design, &blocks);
    let everybody = Contrast(vec![term(0b111, 1.0)]);
    let from_blocks = estimator.jackknife(1, &[&totals], |sums| sums.mean(0, &everybody)).expect("a mean");

    let weights = sample.weights();
    let replicates =
        ReplicateWeights::new(&sample.design, &weights, ReplicateMethod::Jkn, Some(Centre::Estimate)).expect("JKn");
    let cells: Vec<Option<u32>> = (0..N_UNITS).map(|unit| unit.is_multiple_of(2).then_some(0)).collect();
    let ones = vec![1.0; N_UNITS];
    let of_cells = replicates.totals(&[&sample.minutes, &ones], &cells, 1);
    let from_weights = of_cells.estimate(|totals| totals.total(0, 0) / totals.total(0, 1));

    assert_close(from_blocks.estimate, from_weights.estimate, "the estimate");
    assert_eq!(from_blocks.replicates.len(), from_weights.replicates.len());
    for (found, expected) in from_blocks.replicates.iter().zip(&from_weights.replicates) {
        assert_close(*found, *expected, "a replicate");
    }
    let variance = estimator.jackknife_variance(&from_blocks).expect("a variance");
    assert_close(variance, replicates.variance(&from_weights), "the variance");
}

/// The spans of every third unit, two a day.
fn spans(sample: &Sample) -> Vec<Span> {
    let of_unit = |row: u32| {
        let first = (noise(row as usize, 21) % 8) as u16;
        let second = 10 + (noise(row as usize, 22) % 5) as u16;
        [Span { row, first, after: first + 2 }, Span { row, first: second, after: N_SLOTS as u16 }]
    };
    sample.rows().iter().copied().filter(|row| row % 3 == 0).flat_map(of_unit).collect()
}

fn contrasts() -> Vec<Contrast> {
    vec![
        Contrast(vec![term(0b001, 1.0)]),
        Contrast(vec![term(0b011, 5.0 / 7.0), term(0b100, 2.0 / 7.0)]),
        Contrast(vec![term(0b010, 1.0), term(0b100, -1.0)]),
    ]
}

fn calibrated(sample: &Sample) -> Blocks {
    let residuals = Residuals::PostStrata {
        groups: (0..N_UNITS).map(|unit| Some((noise(unit, 12) % 4) as u32)).collect(),
        weights_before: sample.weights(),
        weights_after: sample.weights(),
    };
    let residuals = Arc::new(Calibration::of(&residuals, &sample.leaves).expect("residuals of leaves"));
    Blocks::calibrated(&sample.observations, &sample.domains, residuals, sample.rows())
}

#[test]
fn slots_estimated_together_have_the_bits_that_each_has_alone() {
    let sample = sample();
    let spans = spans(&sample);
    for blocks in [Blocks::new(&sample.observations, &sample.domains), calibrated(&sample)] {
        let estimator = Estimator::new(&sample.design, &blocks);
        for domain in 0..2 {
            let together = estimator.shares(domain, &contrasts(), N_SLOTS, &spans);
            for slot in 0..N_SLOTS {
                let is_in = |span: &&Span| (span.first..span.after).contains(&(slot as u16));
                let rows: Vec<u32> = spans.iter().filter(is_in).map(|span| span.row).collect();
                let totals = blocks.totals(Column { rows: &rows, values: &vec![1.0; rows.len()] });
                for (contrast, shares) in contrasts().iter().zip(&together) {
                    let alone = Linearised::mean(&blocks, &totals, domain, contrast).expect("everybody is there");
                    let shares = shares.as_ref().expect("everybody is there");
                    assert_eq!(shares.values[slot].to_bits(), alone.value.to_bits());
                    let error = estimator.standard_error(&alone).map(f64::to_bits);
                    assert_eq!(shares.standard_errors[slot].map(f64::to_bits), error);
                }
            }
        }
    }
}

#[test]
fn standard_errors_side_by_side_have_the_bits_that_each_has_alone() {
    let sample = sample();
    for blocks in [Blocks::new(&sample.observations, &sample.domains), calibrated(&sample)] {
        let estimator = Estimator::new(&sample.design, &blocks);
        let minutes = blocks.totals(Column { rows: sample.rows(), values: &sample.minutes });
        let ones = blocks.totals(Column { rows: sample.rows(), values: &vec![1.0; N_UNITS] });
        let contrasts = contrasts();
        let mean = |totals, contrast| Linearised::mean(&blocks, totals, 1, contrast).expect("everybody is there");
        let mut numbers: Vec<Linearised> = contrasts.iter().map(|contrast| mean(&minutes, contrast)).collect();
        for contrast in &contrasts[..2] {
            numbers.extend(Linearised::ratio(&mean(&minutes, contrast), &mean(&ones, contrast)));
            numbers.extend(Linearised::ratio(&mean(&minutes, contrast), &mean(&minutes, &contrasts[0])));
        }
        numbers.extend(numbers.clone());
        let together = estimator.standard_errors(&numbers.iter().collect::<Vec<_>>());
        let alone: Vec<Option<f64>> = numbers.iter().map(|number| estimator.standard_error(number)).collect();
        let bits = |errors: &[Option<f64>]| errors.iter().map(|error| error.map(f64::to_bits)).collect::<Vec<_>>();
        assert_eq!(bits(&together), bits(&alone));
    }
    let blocks = calibrated(&sample);
    assert!(Estimator::new(&sample.design, &blocks).standard_errors(&[]).is_empty());
}

/// Who does it at all does it for half an hour: the mean is sure, however unsure it is how many do. What rounding leaves of
/// its variance may have either sign.
#[test]
fn a_ratio_that_no_sample_could_change_has_no_error() {
    let sample = sample();
    for (blocks, domain) in [(Blocks::new(&sample.observations, &sample.domains), 0), (calibrated(&sample), 1)] {
        let estimator = Estimator::new(&sample.design, &blocks);
        let rows: Vec<u32> = sample.rows().iter().copied().filter(|row| row % 3 == 0).collect();
        let [minutes, participation] = blocks.totals_of(&rows, 2, |_| [30.1, 1.0]);
        for contrast in &contrasts()[..2] {
            let mean = |totals| Linearised::mean(&blocks, totals, domain, contrast).expect("everybody is there");
            let ratio = Linearised::ratio(&mean(&minutes), &mean(&participation)).expect("somebody takes part");
            assert!((ratio.value - 30.1).abs() < 1e-12);
            assert_eq!(estimator.standard_error(&ratio), Some(0.0));
            assert!(estimator.standard_error(&mean(&minutes)).is_some_and(|error| error > 0.1));
        }
    }
}

/// Elsewhere a sum was split over as many parts as there were threads, and changed with their number.
#[test]
fn sums_do_not_change_with_the_number_of_threads() {
    let sample = sample();
    let blocks = calibrated(&sample);
    let estimator = Estimator::new(&sample.design, &blocks);
    let spans = spans(&sample);
    let bits = |n_threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().expect("threads");
        let shares = pool.install(|| estimator.shares(0, &contrasts(), N_SLOTS, &spans));
        let of_one = |shares: analytics::estimation::Shares| {
            let errors = shares.standard_errors.into_iter().flatten();
            shares.values.into_iter().chain(errors).map(f64::to_bits).collect::<Vec<u64>>()
        };
        shares.into_iter().flatten().flat_map(of_one).collect::<Vec<u64>>()
    };
    let once = bits(1);
    assert!(once.len() > 2 * N_SLOTS);
    for n_threads in [1, 2, 3] {
        assert_eq!(bits(n_threads), once, "{n_threads} threads");
    }
}

#[test]
fn blocks_of_parts_of_a_sample_add_up() {
    let sample = sample();
    let blocks = calibrated(&sample);
    let estimator = Estimator::new(&sample.design, &blocks);
    let contrast = &contrasts()[1];
    let of = |rows: &[u32]| {
        let values: Vec<f64> = rows.iter().map(|row| sample.minutes[*row as usize]).collect();
        blocks.totals(Column { rows, values: &values })
    };
    let whole = of(sample.rows());
    let mut parts = of(&sample.rows()[..150]);
    let before = parts.clone();
    parts.add(&of(&sample.rows()[150..]));
    assert_ne!(parts, before, "a copy keeps its own sums");
    let [whole, parts] = [whole, parts].map(|totals| {
        let number = Linearised::mean(&blocks, &totals, 1, contrast).expect("everybody is there");
        (number.value, estimator.standard_error(&number).expect("an error"))
    });
    assert_close(parts.0, whole.0, "the value");
    assert_close(parts.1, whole.1, "the error");
}
