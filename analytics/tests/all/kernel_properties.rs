//! The kernel's blocks against the definitions written out observation by observation, on arbitrary samples.

use analytics::design::{Placement, SurveyDesign};
use analytics::estimation::{
    Blocks, Calibration, Column, Contrast, Estimator, Linearised, Observation, Residuals, Term,
};
use proptest::prelude::*;

const STRATA: [&str; 3] = ["a", "b", "c"];
const CLUSTERS: [&str; 4] = ["1", "2", "3", "4"];

#[derive(Debug, Clone)]
struct Drawn {
    stratum: usize,
    cluster: usize,
    class: u8,
    post_stratum: u16,
    weight: f64,
    value: f64,
    in_domain: bool,
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let place = (0..STRATA.len(), 0..CLUSTERS.len(), 0..3_u8, 0..2_u16);
    // Half the values are zero, as minutes of an activity are.
    let measure = (0.1..10.0, prop_oneof![Just(0.0), 1.0..500.0], any::<bool>());
    (place, measure).prop_map(|((stratum, cluster, class, post_stratum), (weight, value, in_domain))| Drawn {
        stratum,
        cluster,
        class,
        post_stratum,
        weight,
        value,
        in_domain,
    })
}

/// The contrast of class means as the definition has it: value, and each observation's score.
fn by_definition(sample: &[Drawn], contrast: &[(u8, f64)]) -> Option<(f64, Vec<f64>)> {
    let mut value = 0.0;
    let mut scores = vec![0.0; sample.len()];
    for (class, factor) in contrast {
        let is_in = |one: &Drawn| one.in_domain && one.class == *class;
        let weight: f64 = sample.iter().filter(|one| is_in(one)).map(|one| one.weight).sum();
        let total: f64 = sample.iter().filter(|one| is_in(one)).map(|one| one.weight * one.value).sum();
        if weight == 0.0 {
            return None;
        }
        let mean = total / weight;
        value += factor * mean;
        for (score, one) in scores.iter_mut().zip(sample).filter(|(_, one)| is_in(one)) {
            *score += factor * (one.value - mean) / weight;
        }
    }
    Some((value, scores))
}

fn variance_by_definition(sample: &[Drawn], scores: &[f64], post_stratified: bool) -> f64 {
    let mut scores = scores.to_vec();
    if post_stratified {
        for post_stratum in 0..2 {
            let is_in = |one: &Drawn| one.post_stratum == post_stratum;
            let weight: f64 = sample.iter().filter(|one| is_in(one)).map(|one| one.weight).sum();
            let total: f64 =
                sample.iter().zip(&scores).filter(|(one, _)| is_in(one)).map(|(one, z)| one.weight * z).sum();
            for (score, _) in scores.iter_mut().zip(sample).filter(|(_, one)| is_in(one)) {
                *score -= total / weight;
            }
        }
    }
    let mut variance = 0.0;
    for stratum in 0..STRATA.len() {
        let clusters: Vec<f64> = (0..CLUSTERS.len())
            .filter(|cluster| sample.iter().any(|one| (one.stratum, one.cluster) == (stratum, *cluster)))
            .map(|cluster| {
                let of_cluster =
                    sample.iter().zip(&scores).filter(|(one, _)| (one.stratum, one.cluster) == (stratum, cluster));
                of_cluster.map(|(one, score)| one.weight * score).sum()
            })
            .collect();
        let n = clusters.len() as f64;
        let mean = clusters.iter().sum::<f64>() / n;
        variance += clusters.iter().map(|total| (total - mean).powi(2)).sum::<f64>() * n / (n - 1.0);
    }
    variance
}

proptest! {
    #[test]
    fn blocks_give_what_the_definitions_give(
        mut sample in prop::collection::vec(drawn(), 1..60),
        factors in prop::collection::vec(-1.0..1.0, 3),
        post_stratified in any::<bool>(),
    ) {
        // Two clusters in every stratum, so that each has a variance.
        for (stratum, cluster) in [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)] {
            sample.push(Drawn { stratum, cluster, in_domain: false, ..sample[0].clone() });
        }
        let placements: Vec<Placement<'_>> = sample
            .iter()
            .map(|one| Placement { stratum: Some(STRATA[one.stratum]), cluster: CLUSTERS[one.cluster] })
            .collect();
        let (design, clusters) = SurveyDesign::new(&placements).expect("two clusters in every stratum");
        let observations: Vec<Observation> = sample
            .iter()
            .zip(&clusters)
            .map(|(one, cluster)| Observation {
                weight: one.weight,
                leaf: *cluster,
                class: one.class,
            })
            .collect();
        let rows: Vec<u32> = (0..sample.len() as u32).collect();
        let domain = rows.iter().copied().filter(|row| sample[*row as usize].in_domain).collect();
        let domains = [rows.clone(), domain];
        let weights: Vec<f64> = sample.iter().map(|one| one.weight).collect();
        let residuals = Residuals::PostStrata {
            groups: sample.iter().map(|one| post_stratified.then_some(one.post_stratum.into())).collect(),
            weights_before: weights.clone(),
            weights_after: weights,
        };
        let residuals = Calibration::of(&residuals, &clusters).expect("residuals of leaves").into();
        let blocks = Blocks::calibrated(&observations, &domains, residuals, &rows);
        let values: Vec<f64> = sample.iter().map(|one| one.value).collect();
        let totals = blocks.totals(Column { rows: &rows, values: &values });

        let pairs: Vec<(u8, f64)> = (0..3).zip(factors).collect();
        let terms = pairs.iter().map(|(class, factor)| Term { classes: 1 << class, factor: *factor });
        let found = Linearised::mean(&blocks, &totals, 1, &Contrast(terms.collect()));
        let expected = by_definition(&sample, &pairs);
        prop_assert_eq!(found.is_some(), expected.is_some());
        if let (Some(found), Some((value, scores))) = (found, expected) {
            prop_assert!((found.value - value).abs() <= 1e-9 * value.abs().max(1.0));
            let estimator = Estimator::new(&design, &blocks);
            let error = estimator.standard_error(&found).expect("a standard error");
            let expected = variance_by_definition(&sample, &scores, post_stratified).sqrt();
            prop_assert!((error - expected).abs() <= 1e-9 * expected.max(1.0), "{} and {}", error, expected);
        }
    }
}
