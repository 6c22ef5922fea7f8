//! The risk that somebody is found by their characteristics: classes of persons who share them, and for each class the risk of
//! Benedetti and Franconi (Proc. NTTS 1998; Franconi and Polettini 2004), as R's sdcMicro has it.

use std::collections::BTreeMap;

use super::characteristics::Key;
use super::report::Risk;

/// By characteristics the persons of the file who share them, and the weight they stand for.
#[derive(Debug, Clone, PartialEq)]
pub struct Classes<'a>(pub BTreeMap<&'a Key, (u64, f64)>);

impl<'a> Classes<'a> {
    /// The classes of the persons who are in the file.
    pub fn of(keys: &'a [Option<Key>], weights: &[f64]) -> Classes<'a> {
        let mut classes: BTreeMap<&Key, (u64, f64)> = BTreeMap::new();
        for (key, weight) in keys.iter().zip(weights) {
            if let Some(key) = key {
                let class = classes.entry(key).or_default();
                class.0 += 1;
                class.1 += weight;
            }
        }
        Classes(classes)
    }

    /// The risk of the file.
    pub fn risk(&self) -> Risk {
        let each = || self.0.values().map(|(n, weight)| (*n, individual_risk(*n, *weight)));
        Risk {
            n_classes: self.0.len() as u64,
            smallest_class: each().map(|(n, _)| n).min().unwrap_or_default(),
            n_sample_uniques: each().filter(|(n, _)| *n == 1).count() as u64,
            expected_population_uniques: self
                .0
                .values()
                .filter(|(n, _)| *n == 1)
                .fold(0.0, |sum, (n, weight)| sum + share(*n, *weight)),
            largest_risk: each().map(|(_, risk)| risk).fold(0.0, f64::max),
            expected_identifications: each().map(|(n, risk)| n as f64 * risk).sum(),
        }
    }
}

/// The estimated share of the population's class that is in the sample.
fn share(n: u64, weight: f64) -> f64 {
    (n as f64 / weight.max(n as f64)).clamp(0.0, 1.0)
}

/// E(1/F | f): the chance that a person of a class with `n` persons in the sample, who stand for `weight` persons, is the one
/// who is looked for. F given f is negative binomial with p = f / weight; then
///
/// r = pᶠ/f · ₂F₁(f, f; f+1; 1−p) = p/f · ₂F₁(1, 1; f+1; 1−p) = p/f · Σ_j j! (1−p)ʲ / ((f+1) … (f+j)),
///
/// by Euler's transformation; its terms are positive, and for f = 1 they sum to p/(1−p) · ln(1/p).
pub fn individual_risk(n: u64, weight: f64) -> f64 {
    if n == 0 {
        return 0.0;
    }
    let f = n as f64;
    let p = share(n, weight);
    let rest = 1.0 - p;
    if rest <= 0.0 {
        return 1.0 / f;
    }
    if n == 1 {
        return p / rest * (1.0 / p).ln();
    }
    let (mut sum, mut term, mut j) = (1.0, 1.0, 0.0);
    while term > 1e-17 * sum && j < 1e6 {
        term *= (j + 1.0) * rest / (f + 1.0 + j);
        sum += term;
        j += 1.0;
    }
    p / f * sum
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Made with scipy 1.17.1 by summing 1/(f + k) over `scipy.stats.nbinom.pmf(k, f, p)`; its `hyp2f1(1, 1, f + 1, 1 - p)` agrees.
    #[test]
    fn the_risk_is_that_of_the_negative_binomial() {
        for (n, weight, expected) in RISKS {
            let found = individual_risk(n, weight);
            assert!((found / expected - 1.0).abs() < 1e-9, "{n} of {weight}: {found} instead of {expected}");
        }
    }

    const RISKS: [(u64, f64, f64); 9] = [
        (1, 20.0, 0.15767011966073635),
        (1, 1.5, 0.8109302162163284),
        (2, 40.0, 0.04433315159680336),
        (3, 7.0, 0.1699537848508515),
        (5, 100.0, 0.012300967125684487),
        (5, 5.5, 0.18464709915267105),
        (17, 400.0, 0.002648769210235953),
        (60, 1200.0, 0.0008467283384743768),
        (250, 260.0, 0.003846743384679981),
    ];

    #[test]
    fn a_census_hides_somebody_among_their_class_and_a_sample_among_more() {
        assert_eq!(individual_risk(4, 4.0), 0.25);
        assert!(individual_risk(4, 80.0) < 0.02);
        assert!(individual_risk(1, 20.0) > individual_risk(2, 40.0));
    }
}
