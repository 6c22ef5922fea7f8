//! Post-stratification: weights scaled so that each sex and age group weighs as many people as the register counts.
//! Source: Särndal, Swensson and Wretman (1992), section 7.6; Lumley (2010), section 7.2.

use std::collections::BTreeMap;

use super::margins::{Margins, MarginsError};
use crate::domain::AgeGroup;
use crate::snapshot::Sex;

/// A respondent before the adjustment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Respondent {
    /// Sex.
    pub sex: Sex,
    /// Age group, where the age is known and 10 or more.
    pub age_group: Option<AgeGroup>,
    /// Base weight.
    pub weight: f64,
}

/// What the adjustment does to each respondent.
#[derive(Debug, Clone, PartialEq)]
pub struct PostStratification {
    /// The factor of the weight.
    pub factors: Vec<f64>,
    /// The post-stratum; `None` for those whom no margin counts.
    pub post_strata: Vec<Option<u16>>,
}

/// Adjusts respondents to the margins.
///
/// A register counts women and men of known age. Who declares another sex, or no age, and has no
/// line in the margins, takes the mean factor of all others.
pub fn post_stratify(respondents: &[Respondent], margins: &Margins) -> Result<PostStratification, MarginsError> {
    let mut sample: BTreeMap<(Sex, AgeGroup), (usize, f64)> = BTreeMap::new();
    for respondent in respondents {
        if let Some(age_group) = respondent.age_group {
            let (n_persons, weight) = sample.entry((respondent.sex, age_group)).or_default();
            *n_persons += 1;
            *weight += respondent.weight;
        }
    }
    for ((sex, age_group), (n_persons, _)) in &sample {
        if *sex != Sex::Other && !margins.0.contains_key(&(*sex, *age_group)) {
            let (sex, age_group) = (sex.code(), age_group.code());
            return Err(MarginsError::NotCovered { sex, age_group, n_persons: *n_persons });
        }
    }
    let mut strata = BTreeMap::new();
    let (mut population_of_all, mut weight_of_all) = (0.0, 0.0);
    for (number, (group, population)) in margins.0.iter().enumerate() {
        let weight = sample.get(group).map_or(0.0, |(_, weight)| *weight);
        if weight <= 0.0 {
            let (sex, age_group) = (group.0.code(), group.1.code());
            return Err(MarginsError::NoRespondents { sex, age_group, population: *population });
        }
        strata.insert(*group, (number as u16, population / weight));
        population_of_all += population;
        weight_of_all += weight;
    }
    let mean_factor = if weight_of_all > 0.0 { population_of_all / weight_of_all } else { 1.0 };
    let found = respondents.iter().map(|respondent| strata.get(&(respondent.sex, respondent.age_group?)));
    let (post_strata, factors) =
        found.map(|stratum| stratum.map_or((None, mean_factor), |(number, factor)| (Some(*number), *factor))).unzip();
    Ok(PostStratification { factors, post_strata })
}
