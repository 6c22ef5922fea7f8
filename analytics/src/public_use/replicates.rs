//! Weights of days, and replicate weights in place of strata and clusters: a jackknife that leaves out groups of clusters
//! (Kott 2001, Journal of Official Statistics 17, 521–526), so that which persons share a household is told by no column.

use std::collections::BTreeMap;

use questionnaires::DayKind;

use super::characteristics::Key;
use super::report::{Mean, WeightProtection};

/// Most groups of clusters.
pub const MOST_GROUPS: usize = 80;
/// Fewest groups: fewer give no standard error worth having.
pub const FEWEST_GROUPS: usize = 10;
/// Fewest clusters in a group.
pub const FEWEST_CLUSTERS: usize = 10;

/// A day as weights see it.
#[derive(Debug, Clone)]
pub struct WeighedDay {
    /// Its person, by place among those in the file.
    pub person: usize,
    /// Its kind.
    pub kind: DayKind,
    /// Its weight in the release.
    pub weight: f64,
}

/// A person as weights see them.
#[derive(Debug, Clone)]
pub struct WeighedPerson {
    /// What the file tells of them.
    pub key: Key,
    /// The stratum of the design, by place among all strata.
    pub stratum: usize,
    /// The cluster, by place among all clusters in an order that tells nothing.
    pub cluster: usize,
}

/// The weights of a file.
#[derive(Debug)]
pub struct FileWeights {
    /// By person.
    pub persons: Vec<f64>,
    /// By day: the average day of the whole population.
    pub days: Vec<f64>,
    /// By replicate, then by day.
    pub replicates: Vec<Vec<f64>>,
    /// What was done.
    pub protection: WeightProtection,
}

impl FileWeights {
    /// Weights of a file that will be refused.
    pub fn none(n_persons: usize, n_days: usize) -> FileWeights {
        let (persons, days) = (vec![1.0; n_persons], vec![1.0; n_days]);
        FileWeights { persons, days, replicates: Vec::new(), protection: WeightProtection::default() }
    }
}

/// How weights are made.
#[derive(Debug, Clone, Copy)]
pub struct WeightRules {
    /// Fewest days that share a weight.
    pub smallest_group: u64,
    /// Whether the release adjusted weights to known totals by sex and age, so that every replicate is adjusted too.
    pub is_adjusted: bool,
    /// Whether kinds of day are made to weigh 5 : 1 : 1.
    pub balances_days: bool,
}

/// Makes the weights; `None` where there are too few clusters.
pub fn weigh(persons: &[WeighedPerson], days: &[WeighedDay], rules: WeightRules) -> Option<FileWeights> {
    let groups = Groups::of(persons)?;
    // What the file tells of sex and age: a weight must tell no more.
    let cell_of: Vec<[Option<&str>; 2]> =
        persons.iter().map(|person| [person.key[0].as_deref(), person.key[1].as_deref()]).collect();
    let (smoothed, largest_change, smallest_group) = smooth(days, &cell_of, rules.smallest_group as usize);
    let mut of_person = vec![(0.0, 0.0); persons.len()];
    for (day, weight) in days.iter().zip(&smoothed) {
        of_person[day.person].0 += weight;
        of_person[day.person].1 += 1.0;
    }
    let person_weights: Vec<f64> = of_person.iter().map(|(sum, n)| if *n > 0.0 { sum / n } else { 0.0 }).collect();
    let population: f64 = person_weights.iter().sum();
    let totals = totals(&person_weights, &cell_of);

    let replicates = (0..groups.n_groups).map(|group| {
        let mut factors: Vec<f64> = (0..persons.len()).map(|person| groups.factor(&persons[person], group)).collect();
        if rules.is_adjusted {
            let weighed: Vec<f64> =
                person_weights.iter().zip(&factors).map(|(weight, factor)| weight * factor).collect();
            let found = self::totals(&weighed, &cell_of);
            for (factor, cell) in factors.iter_mut().zip(&cell_of) {
                if let (Some(total), Some(found)) = (totals.get(cell), found.get(cell).filter(|found| **found > 0.0)) {
                    *factor *= total / found;
                }
            }
        }
        let weighed: Vec<f64> = days.iter().zip(&smoothed).map(|(day, weight)| weight * factors[day.person]).collect();
        balanced(&weighed, days, population, rules.balances_days)
    });
    let protection = WeightProtection {
        smallest_group: smallest_group as u64,
        largest_change,
        n_replicates: groups.n_groups as u64,
        fewest_clusters: groups.fewest as u64,
    };
    Some(FileWeights {
        replicates: replicates.collect(),
        days: balanced(&smoothed, days, population, rules.balances_days),
        persons: person_weights.into_iter().map(rounded).collect(),
        protection,
    })
}

/// Clusters in groups, each spread over the strata. One factor for all strata: factors by stratum, as Kott has them for strata
/// with few clusters, would tell strata apart and in small ones the cluster. Where strata have fewer clusters than there are
/// groups the variance is therefore too large rather than too small.
struct Groups {
    n_groups: usize,
    fewest: usize,
    /// By cluster.
    group_of: Vec<usize>,
}

impl Groups {
    fn of(persons: &[WeighedPerson]) -> Option<Groups> {
        let stratum_of: BTreeMap<usize, usize> =
            persons.iter().map(|person| (person.cluster, person.stratum)).collect();
        let n_groups = (stratum_of.len() / FEWEST_CLUSTERS).min(MOST_GROUPS);
        if n_groups < FEWEST_GROUPS {
            return None;
        }
        let mut clusters: Vec<(usize, usize)> =
            stratum_of.iter().map(|(cluster, stratum)| (*stratum, *cluster)).collect();
        clusters.sort_unstable();
        let mut group_of = vec![0; stratum_of.keys().max().map_or(0, |last| last + 1)];
        let mut sizes = vec![0; n_groups];
        for (place, (_, cluster)) in clusters.into_iter().enumerate() {
            group_of[cluster] = place % n_groups;
            sizes[place % n_groups] += 1;
        }
        Some(Groups { n_groups, fewest: sizes.into_iter().min().unwrap_or_default(), group_of })
    }

    /// By what a person's weight is multiplied in the replicate without `group`.
    fn factor(&self, person: &WeighedPerson, group: usize) -> f64 {
        let groups = self.n_groups as f64;
        if self.group_of[person.cluster] == group { 0.0 } else { groups / (groups - 1.0) }
    }
}

/// Weights that whole groups of days share, the mean of each: by sex and age as the file tells them, in the order of weights.
fn smooth(days: &[WeighedDay], cell_of: &[[Option<&str>; 2]], smallest: usize) -> (Vec<f64>, f64, usize) {
    let mut cells: BTreeMap<[Option<&str>; 2], Vec<usize>> = BTreeMap::new();
    for (place, day) in days.iter().enumerate() {
        cells.entry(cell_of[day.person]).or_default().push(place);
    }
    let mut smoothed: Vec<f64> = days.iter().map(|day| day.weight).collect();
    let (mut largest_change, mut smallest_found) = (0.0_f64, usize::MAX);
    for mut places in cells.into_values() {
        places.sort_by(|a, b| days[*a].weight.total_cmp(&days[*b].weight).then(a.cmp(b)));
        let n_groups = (places.len() / smallest.max(1)).max(1);
        for group in 0..n_groups {
            let (from, to) = (group * places.len() / n_groups, (group + 1) * places.len() / n_groups);
            let members = &places[from..to];
            let mean = members.iter().map(|place| days[*place].weight).sum::<f64>() / members.len().max(1) as f64;
            smallest_found = smallest_found.min(members.len());
            for place in members {
                if days[*place].weight > 0.0 {
                    largest_change = largest_change.max((mean / days[*place].weight - 1.0).abs());
                }
                smoothed[*place] = mean;
            }
        }
    }
    (smoothed, largest_change, if smallest_found == usize::MAX { 0 } else { smallest_found })
}

fn totals<'a>(weights: &[f64], cell_of: &[[Option<&'a str>; 2]]) -> BTreeMap<[Option<&'a str>; 2], f64> {
    let mut totals = BTreeMap::new();
    for (weight, cell) in weights.iter().zip(cell_of) {
        *totals.entry(*cell).or_default() += weight;
    }
    totals
}

/// Days that together weigh as the population, kinds of day 5 : 1 : 1.
fn balanced(weights: &[f64], days: &[WeighedDay], population: f64, balances_days: bool) -> Vec<f64> {
    let kind_of = |day: &WeighedDay| if balances_days { Some(day.kind) } else { None };
    let mut sums: BTreeMap<Option<&str>, f64> = BTreeMap::new();
    for (day, weight) in days.iter().zip(weights) {
        *sums.entry(kind_of(day).map(DayKind::code)).or_default() += weight;
    }
    let share = |kind: Option<DayKind>| kind.map_or(1.0, |kind| kind.days_per_week() as f64 / 7.0);
    // A kind of day that nobody told leaves its share to the others.
    let there: f64 = DayKind::ALL
        .into_iter()
        .filter(|kind| sums.get(&Some(kind.code())).is_some_and(|sum| *sum > 0.0))
        .map(|kind| share(Some(kind)))
        .sum();
    let there = if balances_days && there > 0.0 { there } else { 1.0 };
    days.iter()
        .zip(weights)
        .map(|(day, weight)| {
            let kind = kind_of(day);
            let sum = sums.get(&kind.map(DayKind::code)).copied().unwrap_or_default();
            rounded(if sum > 0.0 { weight / sum * population * share(kind) / there } else { 0.0 })
        })
        .collect()
}

/// Four decimals: more would say nothing, and tell weights apart that are the same.
fn rounded(weight: f64) -> f64 {
    (weight * 1e4).round() / 1e4
}

/// The mean of `values` over days, and its standard error by the replicates, around their mean as R's `svrepdesign` has it.
pub fn mean(column: &str, values: &[f64], weights: &FileWeights) -> Mean {
    let of = |weights: &[f64]| {
        let sum: f64 = weights.iter().sum();
        let total: f64 = weights.iter().zip(values).map(|(weight, value)| weight * value).sum();
        if sum > 0.0 { total / sum } else { 0.0 }
    };
    let replicates: Vec<f64> = weights.replicates.iter().map(|weights| of(weights)).collect();
    let n = replicates.len() as f64;
    let centre = replicates.iter().sum::<f64>() / n;
    let squares: f64 = replicates.iter().map(|replicate| (replicate - centre).powi(2)).sum();
    Mean { column: column.to_owned(), value: of(&weights.days), standard_error: ((n - 1.0) / n * squares).sqrt() }
}
