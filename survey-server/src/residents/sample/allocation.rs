//! How many units are drawn from each stratum.

use std::collections::BTreeMap;

use super::SampleError;

/// How a sample is shared out among strata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Allocation {
    /// In proportion to what the strata hold.
    Proportional,
    /// The same for each.
    Equal,
    /// So many of each, by the stratum's name.
    Given(BTreeMap<String, u64>),
}

/// A variance can be estimated from two units or more.
const FEWEST: u64 = 2;

impl Allocation {
    /// Its name, as it is stored.
    pub fn name(&self) -> &'static str {
        match self {
            Allocation::Proportional => "proportional",
            Allocation::Equal => "equal",
            Allocation::Given(_) => "given",
        }
    }

    /// The units to draw from each stratum, given what it holds. Never more than it holds; two at least, or all where a
    /// stratum holds one, unless the numbers are given. No chance is in it, so that n_h / N_h is the probability.
    pub(super) fn of(&self, strata: &[(String, u64)], size: u64) -> Result<Vec<u64>, SampleError> {
        if let Allocation::Given(numbers) = self {
            return given(numbers, strata);
        }
        let populations: Vec<u64> = strata.iter().map(|(_, population)| *population).collect();
        let n_units: u64 = populations.iter().sum();
        let least: u64 = populations.iter().map(|population| FEWEST.min(*population)).sum();
        if size < least || size > n_units {
            return Err(SampleError::Size { size, least, n_units, n_strata: strata.len() });
        }
        let shares = match self {
            Allocation::Equal => vec![1; populations.len()],
            _ => populations.clone(),
        };
        Ok(shared_out(&populations, &shares, size))
    }
}

/// `size` shared out in proportion to `shares`, each stratum within its bounds (two or all, and all). Strata whose share is
/// outside are fixed at the bound, and the rest is shared out anew among the others; what whole numbers leave goes to the
/// largest remainders, the first of equals.
fn shared_out(populations: &[u64], shares: &[u64], size: u64) -> Vec<u64> {
    let bounds = |stratum: usize| (FEWEST.min(populations[stratum]), populations[stratum]);
    let mut fixed: Vec<Option<u64>> = vec![None; populations.len()];
    loop {
        let free: Vec<usize> = (0..populations.len()).filter(|stratum| fixed[*stratum].is_none()).collect();
        let left = u128::from(size - fixed.iter().flatten().sum::<u64>());
        let total: u128 = free.iter().map(|stratum| u128::from(shares[*stratum])).sum();
        if total == 0 {
            return fixed.into_iter().flatten().collect();
        }
        // share / total of what is left, compared without dividing.
        let numerator = |stratum: usize| left * u128::from(shares[stratum]);
        let below: Vec<usize> =
            free.iter().copied().filter(|one| numerator(*one) < u128::from(bounds(*one).0) * total).collect();
        let above: Vec<usize> =
            free.iter().copied().filter(|one| numerator(*one) > u128::from(bounds(*one).1) * total).collect();
        if below.is_empty() && above.is_empty() {
            let mut given: Vec<u64> = fixed.iter().map(|number| number.unwrap_or_default()).collect();
            for stratum in &free {
                given[*stratum] = (numerator(*stratum) / total) as u64;
            }
            let mut by_remainder = free.clone();
            by_remainder.sort_by_key(|stratum| (std::cmp::Reverse(numerator(*stratum) % total), *stratum));
            let n_missing = size - given.iter().sum::<u64>();
            for stratum in by_remainder.into_iter().take(n_missing as usize) {
                given[stratum] += 1;
            }
            return given;
        }
        // Bounds that are missed by more in sum come first, so that the others find what they need.
        let lack: u128 = below.iter().map(|one| u128::from(bounds(*one).0) * total - numerator(*one)).sum();
        let excess: u128 = above.iter().map(|one| numerator(*one) - u128::from(bounds(*one).1) * total).sum();
        if lack >= excess {
            below.into_iter().for_each(|one| fixed[one] = Some(bounds(one).0));
        } else {
            above.into_iter().for_each(|one| fixed[one] = Some(bounds(one).1));
        }
    }
}

fn given(numbers: &BTreeMap<String, u64>, strata: &[(String, u64)]) -> Result<Vec<u64>, SampleError> {
    if let Some(unknown) = numbers.keys().find(|name| !strata.iter().any(|(stratum, _)| stratum == *name)) {
        return Err(SampleError::UnknownStratum(unknown.clone()));
    }
    strata
        .iter()
        .map(|(stratum, population)| match numbers.get(stratum) {
            None => Err(SampleError::NoNumber(stratum.clone())),
            Some(number) if (1..=*population).contains(number) => Ok(*number),
            Some(number) => {
                Err(SampleError::Number { stratum: stratum.clone(), number: *number, population: *population })
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn strata(populations: &[u64]) -> Vec<(String, u64)> {
        populations.iter().enumerate().map(|(number, population)| (format!("s{number}"), *population)).collect()
    }

    #[test]
    fn shares_are_proportional_to_the_largest_remainder() {
        let of = |populations: &[u64], size| Allocation::Proportional.of(&strata(populations), size).unwrap();
        assert_eq!(of(&[600, 300, 100], 10), [5, 3, 2], "the smallest needs two; the other eight are 5.33 and 2.67");
        assert_eq!(of(&[1_000, 1_000, 1_000], 10), [4, 3, 3], "the first of equals");
        assert_eq!(of(&[5_000, 3_000, 2_000], 100), [50, 30, 20]);
        assert_eq!(of(&[1, 99], 10), [1, 9], "a stratum of one is taken whole");
    }

    #[test]
    fn equal_numbers_stop_at_what_a_stratum_holds() {
        let of = |populations: &[u64], size| Allocation::Equal.of(&strata(populations), size).unwrap();
        assert_eq!(of(&[500, 500, 500], 30), [10, 10, 10]);
        assert_eq!(of(&[500, 4, 500], 30), [13, 4, 13]);
        assert_eq!(of(&[3, 4, 5], 12), [3, 4, 5]);
    }

    #[test]
    fn given_numbers_must_name_every_stratum_and_fit_it() {
        let given = |pairs: &[(&str, u64)]| {
            let numbers = pairs.iter().map(|(name, number)| ((*name).to_owned(), *number)).collect();
            Allocation::Given(numbers).of(&strata(&[10, 20]), 0)
        };
        assert_eq!(given(&[("s0", 1), ("s1", 20)]).unwrap(), [1, 20]);
        assert!(matches!(given(&[("s0", 1)]), Err(SampleError::NoNumber(name)) if name == "s1"));
        assert!(matches!(given(&[("s0", 11), ("s1", 1)]), Err(SampleError::Number { number: 11, .. })));
        assert!(matches!(given(&[("s0", 1), ("s1", 0)]), Err(SampleError::Number { number: 0, .. })));
        assert!(matches!(given(&[("x", 1)]), Err(SampleError::UnknownStratum(name)) if name == "x"));
    }

    proptest! {
        #[test]
        fn an_allocation_sums_to_its_size_within_bounds(
            populations in prop::collection::vec(1u64..5_000, 1..30), share in 0.0f64..=1.0, equal in any::<bool>(),
        ) {
            let least: u64 = populations.iter().map(|population| 2.min(*population)).sum();
            let total: u64 = populations.iter().sum();
            let size = least + ((total - least) as f64 * share) as u64;
            let allocation = if equal { Allocation::Equal } else { Allocation::Proportional };
            let drawn = allocation.of(&strata(&populations), size).unwrap();
            prop_assert_eq!(drawn.iter().sum::<u64>(), size);
            for (drawn, population) in drawn.iter().zip(&populations) {
                prop_assert!(*drawn >= 2.min(*population) && drawn <= population);
            }
            if !equal {
                // Where no bound is in the way, nobody is further than one unit from the exact share.
                let exact = |population: u64| size as f64 * population as f64 / total as f64;
                if populations.iter().all(|population| exact(*population) >= 2.0) {
                    for (drawn, population) in drawn.iter().zip(&populations) {
                        prop_assert!((*drawn as f64 - exact(*population)).abs() < 1.0);
                    }
                }
            }
        }
    }
}
