//! Women and men at one age structure: direct standardisation of the gap, the relative gap and the asymmetry.

use super::{Candidate, EVERYBODY, Estimate, Indicators, PERCENT};
use crate::domain::{AgeGroup, DayScope, PopulationGroup, classes};
use crate::snapshot::Sex;
use crate::table::Indicator;
use crate::time_budget::Minutes;

/// The age structure that both sexes are given: the share of each age group, taken as known.
#[derive(Debug, Clone, PartialEq)]
pub struct AgeStandard {
    /// Age groups and their shares, which sum to 1; groups without a share are left out.
    shares: Vec<(AgeGroup, f64)>,
}

impl AgeStandard {
    /// The structure of a population counted by age group. `None` when nobody is counted, or a count is negative.
    pub fn new(population: impl IntoIterator<Item = (AgeGroup, f64)>) -> Option<AgeStandard> {
        let counts: Vec<(AgeGroup, f64)> = population.into_iter().filter(|(_, count)| *count != 0.0).collect();
        let total: f64 = counts.iter().map(|(_, count)| count).sum();
        let is_a_population = total > 0.0 && total.is_finite() && counts.iter().all(|(_, count)| *count > 0.0);
        is_a_population
            .then(|| AgeStandard { shares: counts.into_iter().map(|(age, count)| (age, count / total)).collect() })
    }
}

/// A standardised mean with its score for each observation.
struct Mean {
    value: f64,
    scores: Vec<f64>,
}

impl Indicators<'_> {
    /// The age structure of the sample itself, by the weights of its days.
    pub fn own_age_standard(&self) -> Option<AgeStandard> {
        let ages = AgeGroup::ALL.into_iter().filter_map(|age| {
            let group = self.sample.groups.iter().position(|group| *group == PopulationGroup::Age(age))?;
            Some((age, self.weights[group].first().copied()?))
        });
        AgeStandard::new(ages)
    }

    /// The gap, the relative gap and the asymmetry of one category at `standard`, by kind of day. There is no value
    /// where an age group of the standard has no woman or no man on a kind of day.
    pub fn of_standardised(&self, category: usize, minutes: &Minutes, standard: &AgeStandard) -> Vec<Candidate> {
        let mut values = vec![0.0; self.sample.observations.len()];
        for (row, minutes) in minutes.rows.iter().zip(&minutes.minutes) {
            values[*row as usize] = *minutes;
        }
        let n_participants = self.count_persons(&minutes.rows);
        let mut candidates = Vec::new();
        for domain in self.gap_domains(EVERYBODY) {
            let women = self.standardised_mean(Sex::Female, domain.scope.day, &values, standard);
            let men = self.standardised_mean(Sex::Male, domain.scope.day, &values, standard);
            let both = women.zip(men);
            let combine = |combination: fn(f64, f64) -> Combination, scale| {
                let (women, men) = both.as_ref()?;
                self.combined(women, men, combination(women.value, men.value), scale, self.df(domain))
            };
            let found = [
                (Indicator::StandardisedGap, combine(difference, 1.0)),
                (Indicator::StandardisedRelativeGap, combine(relative_gap, PERCENT)),
                (Indicator::StandardisedAsymmetry, combine(asymmetry, PERCENT)),
            ];
            candidates.extend(found.map(|(indicator, estimate)| Candidate {
                estimate,
                n_participants: n_participants[EVERYBODY][domain.place],
                ..self.candidate(indicator, category, domain)
            }));
        }
        candidates
    }

    fn combined(
        &self,
        women: &Mean,
        men: &Mean,
        combination: Combination,
        scale: f64,
        degrees_of_freedom: u32,
    ) -> Option<Estimate> {
        let Combination { value, by_women, by_men } = combination;
        if !value.is_finite() {
            return None;
        }
        let scores = women.scores.iter().zip(&men.scores).map(|(f, m)| by_women * f + by_men * m);
        let error = self.whole.standard_error(&scores.collect::<Vec<f64>>());
        Some(self.with_error(scale * value, error, scale, degrees_of_freedom))
    }

    /// The sum over ages of share times mean; over kinds of day too, for the average day. The score of an observation
    /// is share times (y - mean) / weight, of its age and kind of day.
    fn standardised_mean(&self, sex: Sex, day: DayScope, values: &[f64], standard: &AgeStandard) -> Option<Mean> {
        let pools = match day {
            DayScope::Average => self.balance.shares(),
            DayScope::Kind(kind) => vec![(vec![kind], 1.0)],
        };
        let mut mean = Mean { value: 0.0, scores: vec![0.0; values.len()] };
        for (age, share_of_age) in &standard.shares {
            let group = self.sample.groups.iter().position(|group| *group == PopulationGroup::Age(*age))?;
            for (days, share_of_day) in &pools {
                let rows = self.whole.rows(group, classes(&[sex], days));
                let weight_of = |row: usize| self.sample.observations[row].weight;
                let weight: f64 = rows.clone().map(weight_of).sum();
                if weight <= 0.0 {
                    return None;
                }
                let of_cell = rows.clone().map(|row| weight_of(row) * values[row]).sum::<f64>() / weight;
                let share = share_of_age * share_of_day;
                mean.value += share * of_cell;
                for row in rows {
                    mean.scores[row] += share * (values[row] - of_cell) / weight;
                }
            }
        }
        Some(mean)
    }
}

/// A function of women's and men's mean, and its derivatives by both.
struct Combination {
    value: f64,
    by_women: f64,
    by_men: f64,
}

fn difference(women: f64, men: f64) -> Combination {
    Combination { value: women - men, by_women: 1.0, by_men: -1.0 }
}

fn relative_gap(women: f64, men: f64) -> Combination {
    Combination { value: (women - men) / men, by_women: 1.0 / men, by_men: -women / (men * men) }
}

fn asymmetry(women: f64, men: f64) -> Combination {
    let both = women + men;
    Combination { value: women / both, by_women: men / (both * both), by_men: -women / (both * both) }
}
