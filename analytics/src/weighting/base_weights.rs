//! Base weights: how many units of the population a sampled unit stands for, the inverse of its chance to be drawn.
//! Source: Särndal, Swensson and Wretman (1992), section 4.3; R survey's `svydesign`, which makes weights from `fpc`.

use std::collections::{BTreeMap, BTreeSet};

use crate::design::Stage;

use super::adjusted::check_length;
use super::error::WeightingError;

/// The product over stages of clusters in the population over clusters drawn, stratum by stratum. Every stage needs its
/// population sizes (or, where none exceeds 1, the shares that were drawn).
pub fn base_weights(stages: &[Stage<'_>]) -> Result<Vec<f64>, WeightingError> {
    let n_units = stages.first().map_or(0, |stage| stage.clusters.codes().len());
    if n_units == 0 {
        return Err(WeightingError::Nothing { what: "the design has no unit" });
    }
    let mut weights = vec![1.0; n_units];
    // The cluster of the stage before, numbered over the whole sample.
    let mut parents = vec![0; n_units];
    let sizes = stages.iter().filter_map(|stage| stage.population);
    let are_shares = sizes.clone().flatten().all(|size| *size <= 1.0);
    for (number, stage) in stages.iter().enumerate() {
        let name = format!("stage {}", number + 1);
        let Some(population) = stage.population else {
            return Err(WeightingError::Nothing { what: "a stage has no population sizes to make base weights from" });
        };
        let clusters = stage.clusters.codes();
        check_length(&format!("the clusters of {name}"), clusters.len(), n_units)?;
        check_length(&format!("the population sizes of {name}"), population.len(), n_units)?;
        let strata = match stage.strata {
            Some(strata) => strata.codes().to_vec(),
            None => vec![0; n_units],
        };
        check_length(&format!("the strata of {name}"), strata.len(), n_units)?;
        let places: Vec<(u32, u32)> = parents.iter().copied().zip(strata).collect();
        let mut drawn: BTreeMap<(u32, u32), BTreeSet<u32>> = BTreeMap::new();
        for (place, cluster) in places.iter().zip(clusters) {
            drawn.entry(*place).or_default().insert(*cluster);
        }
        let mut numbers = BTreeMap::new();
        for (unit, place) in places.iter().enumerate() {
            let size = population[unit];
            let n_drawn = drawn[place].len() as f64;
            let weight = if are_shares { 1.0 / size } else { size / n_drawn };
            // A size below the number drawn gives a weight below 1: nobody stands for less than himself.
            if !(weight.is_finite() && weight >= 1.0) {
                let what = format!("the population size of {name} (at least the {n_drawn} clusters drawn)");
                return Err(WeightingError::NotANumber { what, row: unit + 1, value: size });
            }
            weights[unit] *= weight;
            let next = numbers.len() as u32;
            parents[unit] = *numbers.entry((*place, clusters[unit])).or_insert(next);
        }
    }
    Ok(weights)
}
