//! The indicators: numbers of every group, sex and kind of day, each with its precision. Here is what they share; each
//! family has a room of its own. Everything made here is a candidate for publication; only `disclosure` lets numbers
//! out.

mod episodes;
mod pending;
mod persons;
mod poverty;
mod shared;
mod slot;
mod standardised;
mod time;
mod value;

use crate::domain::{DayScope, PopulationGroup, SexScope, gap_contrast, mean_contrast};
use crate::estimation::{Contrast, Estimator, Linearised, Totals, t_quantile};
use crate::sample::Sample;
use crate::table::Indicator;
use crate::weighting::DayBalance;

pub use episodes::EpisodeQuestion;
use persons::PersonCounts;
pub use poverty::PovertyLine;
pub use shared::PairTime;
pub use standardised::AgeStandard;
pub use time::TimeQuestion;

/// Shares are published in percent.
const PERCENT: f64 = 100.0;
/// Everybody's place among the groups.
const EVERYBODY: usize = 0;

/// A number with its precision, before any rule of publication.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The number, in its indicator's unit.
    pub value: f64,
    /// Its standard error; `None` where the design gives none.
    pub standard_error: Option<f64>,
    /// Degrees of freedom in the domain.
    pub degrees_of_freedom: u32,
    /// Half the length of the 95% t interval.
    pub half_width: Option<f64>,
}

/// A number that asks to be published. Indicator, category, group, sex, day and slot together are its key.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// What it measures.
    pub indicator: Indicator,
    /// The category's place among those of the run.
    pub category: usize,
    /// Of whom.
    pub group: PopulationGroup,
    /// Of which sex.
    pub sex: SexScope,
    /// On which day.
    pub day: DayScope,
    /// The slot of a tempogram.
    pub slot: Option<u8>,
    /// The number; `None` where nobody was observed.
    pub estimate: Option<Estimate>,
    /// Persons in the domain, unweighted.
    pub n_persons: u64,
    /// Persons in the domain who did it, unweighted.
    pub n_participants: u64,
    /// The weight of the days (or pairs) that the number is a mean over: times it, the total behind it.
    pub weight: f64,
}

/// A sex and day with the contrast that expresses it.
struct Scope {
    sex: SexScope,
    day: DayScope,
    contrast: Contrast,
}

/// What a gap compares, as contrasts: women's mean, men's, and the sum of the two.
struct Sides {
    women: Contrast,
    men: Contrast,
    both: Contrast,
}

impl Sides {
    fn new(day: DayScope, balance: DayBalance) -> Sides {
        let women = mean_contrast(SexScope::Women, day, balance);
        let men = mean_contrast(SexScope::Men, day, balance);
        let both = Contrast(women.0.iter().chain(&men.0).copied().collect());
        Sides { women, men, both }
    }
}

/// One scope in one group.
#[derive(Clone, Copy)]
struct Domain<'s> {
    group: usize,
    /// The scope's place: means first, gaps after.
    place: usize,
    scope: &'s Scope,
}

/// What all indicators of one sample share.
pub struct Indicators<'a> {
    sample: &'a Sample,
    balance: DayBalance,
    estimator: Estimator<'a>,
    persons: PersonCounts<'a>,
    means: Vec<Scope>,
    gaps: Vec<Scope>,
    /// Of each gap.
    sides: Vec<Sides>,
    t_quantiles: Vec<f64>,
    /// By group, then scope: means first, gaps after.
    n_persons: Vec<Vec<u64>>,
    degrees_of_freedom: Vec<Vec<u32>>,
    weights: Vec<Vec<f64>>,
}

impl<'a> Indicators<'a> {
    /// Prepares the domains of a sample.
    pub fn new(sample: &'a Sample, balance: DayBalance) -> Indicators<'a> {
        let mean = |sex, day| Scope { sex, day, contrast: mean_contrast(sex, day, balance) };
        let gap = |day| Scope { sex: SexScope::All, day, contrast: gap_contrast(day, balance) };
        let mut indicators = Indicators {
            sample,
            balance,
            estimator: Estimator::new(&sample.design, &sample.blocks),
            persons: PersonCounts::new(sample),
            means: SexScope::ALL.iter().flat_map(|sex| DayScope::ALL.map(|day| mean(*sex, day))).collect(),
            gaps: DayScope::ALL.map(gap).into_iter().collect(),
            sides: DayScope::ALL.map(|day| Sides::new(day, balance)).into_iter().collect(),
            t_quantiles: (1..=sample.design.n_clusters()).map(|df| t_quantile(0.975, df as f64)).collect(),
            n_persons: Vec::new(),
            degrees_of_freedom: Vec::new(),
            weights: Vec::new(),
        };
        let everyone: Vec<u32> = (0..sample.respondent_of.len() as u32).collect();
        indicators.n_persons = indicators.count_persons(&everyone);
        let degrees = |group| {
            let scopes = indicators.means.iter().chain(&indicators.gaps);
            scopes.map(|scope| indicators.estimator.degrees_of_freedom(group, &scope.contrast)).collect()
        };
        indicators.degrees_of_freedom = (0..sample.groups.len()).map(degrees).collect();
        indicators.weights = indicators.weigh_domains();
        indicators
    }

    /// The place of every group but the zones, everybody first.
    pub fn groups(&self) -> Vec<usize> {
        (0..self.sample.groups.len()).filter(|group| !self.sample.groups[*group].is_zone()).collect()
    }

    /// Every group's place, that of zones too.
    pub fn groups_and_zones(&self) -> Vec<usize> {
        (0..self.sample.groups.len()).collect()
    }

    fn mean_domains(&self, group: usize) -> impl Iterator<Item = Domain<'_>> {
        self.means.iter().enumerate().map(move |(place, scope)| Domain { group, place, scope })
    }

    fn gap_domains(&self, group: usize) -> impl Iterator<Item = Domain<'_>> {
        self.gaps.iter().zip(self.means.len()..).map(move |(scope, place)| Domain { group, place, scope })
    }

    fn df(&self, domain: Domain<'_>) -> u32 {
        self.degrees_of_freedom[domain.group][domain.place]
    }

    /// Degrees of freedom within those who take part, by scope.
    fn df_of_participants(&self, group: usize, participation: &Totals) -> Vec<u32> {
        self.estimator.degrees_of_freedom_of_participants(group, &self.masks(), participation)
    }

    fn mean(&self, totals: &Totals, domain: Domain<'_>) -> Option<Linearised> {
        Linearised::mean(&self.sample.blocks, totals, domain.group, &domain.scope.contrast)
    }

    fn candidate(&self, indicator: Indicator, category: usize, domain: Domain<'_>) -> Candidate {
        Candidate {
            indicator,
            category,
            group: self.sample.groups[domain.group],
            sex: domain.scope.sex,
            day: domain.scope.day,
            slot: None,
            estimate: None,
            n_persons: self.n_persons[domain.group][domain.place],
            n_participants: 0,
            weight: self.weights[domain.group][domain.place],
        }
    }

    /// The first domains of the blocks that hold all of `groups`.
    fn n_domains(groups: &[usize]) -> usize {
        groups.iter().max().map_or(0, |last| last + 1)
    }

    fn with_error(&self, value: f64, error: Option<f64>, scale: f64, degrees_of_freedom: u32) -> Estimate {
        let standard_error = error.map(|error| error * scale);
        let t = degrees_of_freedom.checked_sub(1).map(|below| self.t_quantiles[below as usize]);
        Estimate {
            value,
            standard_error,
            degrees_of_freedom,
            half_width: standard_error.zip(t).map(|(error, t)| error * t),
        }
    }

    /// Distinct persons behind observations (ascending), by group and scope. Days without weight are in no number, so
    /// they count for none.
    fn count_persons(&self, rows: &[u32]) -> Vec<Vec<u64>> {
        self.persons.by_class_set(rows).iter().map(|of_sets| self.by_scope(of_sets)).collect()
    }

    /// By scope, those counted whose set of classes meets it.
    fn by_scope(&self, n_of_set: &[u64]) -> Vec<u64> {
        let meeting = |mask: u16| {
            let sets = n_of_set.iter().enumerate().filter(|(set, _)| set & usize::from(mask) != 0);
            sets.map(|(_, n)| n).sum()
        };
        self.masks().into_iter().map(meeting).collect()
    }

    fn weigh_domains(&self) -> Vec<Vec<f64>> {
        let masks = self.masks();
        let mut weights = vec![vec![0.0; masks.len()]; self.sample.groups.len()];
        for (observation, respondent) in self.sample.observations.iter().zip(&self.sample.respondent_of) {
            for group in &self.sample.groups_of[*respondent as usize] {
                for (weight, mask) in weights[*group].iter_mut().zip(&masks) {
                    if mask & 1 << observation.class != 0 {
                        *weight += observation.weight;
                    }
                }
            }
        }
        weights
    }

    /// The classes of every scope, a bit each.
    fn masks(&self) -> Vec<u16> {
        self.means.iter().chain(&self.gaps).map(|scope| scope.contrast.classes()).collect()
    }
}
