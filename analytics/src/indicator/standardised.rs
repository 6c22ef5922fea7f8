//! Women and men at one age structure: direct standardisation of the gap, the relative gap and the asymmetry.

use questionnaires::DayKind;

use super::pending::{Number, Pending};
use super::{Candidate, EVERYBODY, Indicators, PERCENT};
use crate::domain::{AgeGroup, DayScope, PopulationGroup, classes};
use crate::estimation::{Contrast, Linearised, Term, Totals};
use crate::snapshot::Sex;
use crate::table::Indicator;
use crate::weighting::DayBalance;

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

impl Indicators<'_> {
    /// The age structure of the sample itself, by the weights of its days.
    pub fn own_age_standard(&self) -> Option<AgeStandard> {
        let ages = AgeGroup::ALL.into_iter().filter_map(|age| {
            let group = self.sample.groups.iter().position(|group| *group == PopulationGroup::Age(age))?;
            Some((age, self.weights[group].first().copied()?))
        });
        AgeStandard::new(ages)
    }

    /// The gap, the relative gap and the asymmetry of one category at `standard`, by kind of day, given the totals of its
    /// minutes. There is no value where an age group of the standard has no woman or no man on a kind of day.
    pub(super) fn of_standardised(
        &self,
        category: usize,
        time: &Totals,
        n_participants: &[u64],
        standard: &AgeStandard,
    ) -> Vec<Candidate> {
        let mut pending = Pending::default();
        let [women, men] =
            [Sex::Female, Sex::Male].map(|sex| DayMeans::new(|days| self.standardised_mean(sex, days, time, standard)));
        for domain in self.gap_domains(EVERYBODY) {
            let [women, men] = [&women, &men].map(|means| means.on(domain.scope.day, self.balance));
            let both = women.zip(men);
            let number = |combination: fn(f64, f64) -> Combination, scale| {
                let (women, men) = both.as_ref()?;
                let Combination { value, by_women, by_men } = combination(women.value, men.value);
                let linearised = Linearised::function(value, &[(women, by_women), (men, by_men)]);
                value.is_finite().then(|| Number { linearised, scale, degrees_of_freedom: self.df(domain) })
            };
            let found = [
                (Indicator::StandardisedGap, number(difference, 1.0)),
                (Indicator::StandardisedRelativeGap, number(relative_gap, PERCENT)),
                (Indicator::StandardisedAsymmetry, number(asymmetry, PERCENT)),
            ];
            for (indicator, number) in found {
                let candidate = Candidate {
                    n_participants: n_participants[domain.place],
                    ..self.candidate(indicator, category, domain)
                };
                pending.add(candidate, number);
            }
        }
        pending.estimated(self)
    }

    /// The sum over ages of share times mean, as one score.
    fn standardised_mean(
        &self,
        sex: Sex,
        days: &[DayKind],
        time: &Totals,
        standard: &AgeStandard,
    ) -> Option<Linearised> {
        let contrast = Contrast(vec![Term { classes: classes(&[sex], days), factor: 1.0 }]);
        let of_age = |(age, share): &(AgeGroup, f64)| {
            let group = self.sample.groups.iter().position(|group| *group == PopulationGroup::Age(*age))?;
            Some((Linearised::mean(&self.sample.blocks, time, group, &contrast)?, *share))
        };
        let means = standard.shares.iter().map(of_age).collect::<Option<Vec<_>>>()?;
        let value = means.iter().map(|(mean, share)| share * mean.value).sum();
        let parts: Vec<(&Linearised, f64)> = means.iter().map(|(mean, share)| (mean, *share)).collect();
        Some(Linearised::function(value, &parts).summed())
    }
}

/// A mean on each kind of day and on all days together, each with a score of its own, so that the average day is made of
/// them.
struct DayMeans {
    by_kind: [Option<Linearised>; 3],
    of_all: Option<Linearised>,
}

impl DayMeans {
    fn new(mean: impl Fn(&[DayKind]) -> Option<Linearised>) -> DayMeans {
        DayMeans { by_kind: DayKind::ALL.map(|kind| mean(&[kind])), of_all: mean(&DayKind::ALL) }
    }

    fn of(&self, days: &[DayKind]) -> Option<&Linearised> {
        match days {
            [kind] => self.by_kind[DayKind::ALL.iter().position(|one| one == kind)?].as_ref(),
            _ => self.of_all.as_ref(),
        }
    }

    fn on(&self, day: DayScope, balance: DayBalance) -> Option<Linearised> {
        let pools = match day {
            DayScope::Average => balance.shares(),
            DayScope::Kind(kind) => vec![(vec![kind], 1.0)],
        };
        let means = pools.iter().map(|(days, share)| Some((self.of(days)?, *share))).collect::<Option<Vec<_>>>()?;
        Some(Linearised::function(means.iter().map(|(mean, share)| share * mean.value).sum(), &means))
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
