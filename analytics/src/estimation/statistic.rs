//! Statistics of weighted variables as a value and a score per unit: totals, means, ratios and variances.
//! Domains are in the weights: a unit outside has none.
//!
//! Sources: Särndal, Swensson and Wretman (1992), sections 5.5 to 5.7; R survey, `svytotal`, `svymean`, `svyratio`, `svyvar`.

use super::Variable;
use super::survey::all_observed;

/// A statistic of weighted variables.
pub trait Statistic {
    /// What it is called in errors.
    fn name(&self) -> &'static str;

    /// When it has no value although somebody is in the domain.
    fn why_undefined(&self) -> &'static str;

    /// The variables it reads.
    fn variables(&self) -> &[Variable<'_>];

    /// Its values under any weights, as replicates need them; NaN where it is not defined. Units of weight zero are
    /// not looked at, so their values may be missing.
    fn values(&self, weights: &[f64]) -> Vec<f64>;

    /// Its values, and for each unit as many weighted scores w u, where u is the change of the value per unit of
    /// weight. Zero for units without weight.
    fn linearise(&self, weights: &[f64]) -> (Vec<f64>, Vec<f64>);

    /// The variance that a simple random sample of as many units would give each value, for design effects; `None` where
    /// the statistic has no such variance.
    fn simple_random_variance(&self, weights: &[f64], sampling: SimpleRandom) -> Option<Vec<f64>>;

    /// Whether a unit has all the values that are asked of it.
    fn is_observed(&self, unit: usize) -> bool {
        all_observed(self.variables(), unit)
    }
}

/// The simple random sample that a design effect compares with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SimpleRandom {
    /// Drawn without replacement from a population as large as the weights' sum (R's `deff = TRUE`).
    WithoutReplacement,
    /// Drawn with replacement (R's `deff = "replace"`).
    WithReplacement,
}

/// Population totals of variables.
#[derive(Debug, Clone, PartialEq)]
pub struct Total<'a>(pub Vec<Variable<'a>>);

/// Means of variables; proportions, for the indicators of a factor.
#[derive(Debug, Clone, PartialEq)]
pub struct Mean<'a>(pub Vec<Variable<'a>>);

/// The ratio of two totals.
#[derive(Debug, Clone, PartialEq)]
pub struct Ratio<'a> {
    variables: [Variable<'a>; 2],
}

impl<'a> Ratio<'a> {
    /// The total of `numerator` over that of `denominator`.
    pub fn new(numerator: Variable<'a>, denominator: Variable<'a>) -> Ratio<'a> {
        Ratio { variables: [numerator, denominator] }
    }
}

/// Population variances and covariances of variables: all pairs, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Variance<'a>(pub Vec<Variable<'a>>);

impl Statistic for Total<'_> {
    fn name(&self) -> &'static str {
        "a total"
    }

    fn why_undefined(&self) -> &'static str {
        "a value is infinite"
    }

    fn variables(&self) -> &[Variable<'_>] {
        &self.0
    }

    fn values(&self, weights: &[f64]) -> Vec<f64> {
        totals(&self.0, weights)
    }

    fn linearise(&self, weights: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let scores = unit_scores(weights, self.0.len(), |unit, place| self.0[place].at(unit));
        (totals(&self.0, weights), scores)
    }

    fn simple_random_variance(&self, weights: &[f64], sampling: SimpleRandom) -> Option<Vec<f64>> {
        let population: f64 = weights.iter().sum();
        let of_means = simple_random_variance_of_means(&self.0, weights, sampling)?;
        Some(of_means.into_iter().map(|variance| variance * population * population).collect())
    }
}

impl Statistic for Mean<'_> {
    fn name(&self) -> &'static str {
        "a mean"
    }

    fn why_undefined(&self) -> &'static str {
        "the weights sum to zero, or a value is infinite"
    }

    fn variables(&self) -> &[Variable<'_>] {
        &self.0
    }

    fn values(&self, weights: &[f64]) -> Vec<f64> {
        means(&self.0, weights)
    }

    fn linearise(&self, weights: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let means = means(&self.0, weights);
        let population: f64 = weights.iter().sum();
        let score = |unit: usize, place: usize| (self.0[place].at(unit) - means[place]) / population;
        let scores = unit_scores(weights, self.0.len(), score);
        (means, scores)
    }

    fn simple_random_variance(&self, weights: &[f64], sampling: SimpleRandom) -> Option<Vec<f64>> {
        simple_random_variance_of_means(&self.0, weights, sampling)
    }
}

impl Statistic for Ratio<'_> {
    fn name(&self) -> &'static str {
        "a ratio"
    }

    fn why_undefined(&self) -> &'static str {
        "its denominator is zero"
    }

    fn variables(&self) -> &[Variable<'_>] {
        &self.variables
    }

    fn values(&self, weights: &[f64]) -> Vec<f64> {
        let totals = totals(&self.variables, weights);
        vec![if totals[1] == 0.0 { f64::NAN } else { totals[0] / totals[1] }]
    }

    fn linearise(&self, weights: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let residuals = self.residuals(weights);
        (self.values(weights), unit_scores(weights, 1, |unit, _| residuals[unit]))
    }

    fn simple_random_variance(&self, weights: &[f64], sampling: SimpleRandom) -> Option<Vec<f64>> {
        // The ratio varies as the total of its residuals does.
        Total(vec![Variable::Number(&self.residuals(weights))]).simple_random_variance(weights, sampling)
    }
}

impl Ratio<'_> {
    fn residuals(&self, weights: &[f64]) -> Vec<f64> {
        let totals = totals(&self.variables, weights);
        let ratio = totals[0] / totals[1];
        let [numerator, denominator] = &self.variables;
        let residual = |unit: usize| (numerator.at(unit) - ratio * denominator.at(unit)) / totals[1];
        weights.iter().enumerate().map(|(unit, weight)| if *weight == 0.0 { 0.0 } else { residual(unit) }).collect()
    }
}

impl Statistic for Variance<'_> {
    fn name(&self) -> &'static str {
        "a variance"
    }

    fn why_undefined(&self) -> &'static str {
        "it takes two units with a weight"
    }

    fn variables(&self) -> &[Variable<'_>] {
        &self.0
    }

    fn values(&self, weights: &[f64]) -> Vec<f64> {
        self.products(weights).1
    }

    fn linearise(&self, weights: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let (products, values) = self.products(weights);
        let population: f64 = weights.iter().sum();
        let score = |unit: usize, place: usize| (products(unit, place) - values[place]) / population;
        let scores = unit_scores(weights, values.len(), score);
        (values, scores)
    }

    fn simple_random_variance(&self, _: &[f64], _: SimpleRandom) -> Option<Vec<f64>> {
        None
    }
}

impl Variance<'_> {
    /// The products of deviations whose means are the covariances, n / (n - 1) included, and these.
    fn products(&self, weights: &[f64]) -> (impl Fn(usize, usize) -> f64, Vec<f64>) {
        let n = n_counted(weights);
        let n_variables = self.0.len();
        let means = means(&self.0, weights);
        let factor = if n > 1.0 { n / (n - 1.0) } else { f64::NAN };
        let products = move |unit: usize, place: usize| {
            let deviation = |place: usize| self.0[place].at(unit) - means[place];
            deviation(place / n_variables) * deviation(place % n_variables) * factor
        };
        let population: f64 = weights.iter().sum();
        let mut values = vec![0.0; n_variables * n_variables];
        for (unit, weight) in weights.iter().enumerate().filter(|(_, weight)| **weight != 0.0) {
            for (place, value) in values.iter_mut().enumerate() {
                *value += weight * products(unit, place);
            }
        }
        values.iter_mut().for_each(|value| *value = if n > 1.0 { *value / population } else { f64::NAN });
        (products, values)
    }
}

fn totals(variables: &[Variable<'_>], weights: &[f64]) -> Vec<f64> {
    let mut totals = vec![0.0; variables.len()];
    for (unit, weight) in weights.iter().enumerate().filter(|(_, weight)| **weight != 0.0) {
        for (total, variable) in totals.iter_mut().zip(variables) {
            *total += weight * variable.at(unit);
        }
    }
    totals
}

fn means(variables: &[Variable<'_>], weights: &[f64]) -> Vec<f64> {
    let population: f64 = weights.iter().sum();
    let mean = |total: f64| if population == 0.0 { f64::NAN } else { total / population };
    totals(variables, weights).into_iter().map(mean).collect()
}

fn unit_scores(weights: &[f64], n_values: usize, score: impl Fn(usize, usize) -> f64) -> Vec<f64> {
    let mut scores = vec![0.0; weights.len() * n_values];
    for (unit, weight) in weights.iter().enumerate().filter(|(_, weight)| **weight != 0.0) {
        for (place, of_unit) in scores[unit * n_values..][..n_values].iter_mut().enumerate() {
            *of_unit = weight * score(unit, place);
        }
    }
    scores
}

fn n_counted(weights: &[f64]) -> f64 {
    weights.iter().filter(|weight| **weight != 0.0).count() as f64
}

/// S² / n, with the finite population correction 1 - n / N where drawn without replacement; `None` where the weights
/// sum to less than the number of units, as no sample is larger than its population.
fn simple_random_variance_of_means(
    variables: &[Variable<'_>],
    weights: &[f64],
    sampling: SimpleRandom,
) -> Option<Vec<f64>> {
    let n = n_counted(weights);
    let population: f64 = weights.iter().sum();
    let left_out = match sampling {
        SimpleRandom::WithReplacement => 1.0,
        SimpleRandom::WithoutReplacement => (population - n) / population,
    };
    if n < 2.0 || left_out < 0.0 {
        return None;
    }
    let of_variable = |variable: &Variable<'_>| Variance(vec![*variable]).values(weights)[0] * left_out / n;
    Some(variables.iter().map(of_variable).collect())
}
