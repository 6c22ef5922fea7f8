//! What an adjustment did to the weights: their distribution, what unequal weights cost, margins before and after.

use serde::Serialize;

use super::adjusted::Adjusted;
use super::error::Note;
use super::margin::Margin;

/// A report on adjusted weights. Units of weight zero stand for nobody and are counted apart.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WeightingReport {
    /// Units with a weight other than zero after the adjustment.
    pub n_units: usize,
    /// Units of weight zero.
    pub n_zero: usize,
    /// Weights before.
    pub before: Distribution,
    /// Weights after.
    pub after: Distribution,
    /// New weight over old (the g-factors).
    pub factors: Distribution,
    /// Iterations done.
    pub n_iterations: usize,
    /// Margins before and after.
    pub margins: Vec<MarginReport>,
    /// What else is worth knowing.
    pub notes: Vec<Note>,
}

/// How numbers are distributed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Distribution {
    /// Their sum.
    pub sum: f64,
    /// Their mean.
    pub mean: f64,
    /// Lowest.
    pub min: f64,
    /// First quartile (R's `quantile`, type 7, as the other two).
    pub lower_quartile: f64,
    /// Median.
    pub median: f64,
    /// Third quartile.
    pub upper_quartile: f64,
    /// Highest.
    pub max: f64,
    /// Coefficient of variation, with divisor n.
    pub cv: f64,
    /// Kish's design effect of unequal weights, 1 + CV².
    pub design_effect: f64,
    /// Kish's effective sample size, n / (1 + CV²).
    pub effective_n: f64,
}

/// A margin before and after.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MarginReport {
    /// Its name.
    pub name: String,
    /// Its categories.
    pub categories: Vec<CategoryReport>,
}

/// A category before and after.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CategoryReport {
    /// Its label.
    pub label: String,
    /// Units in it with a weight other than zero.
    pub n_units: usize,
    /// The population total asked for.
    pub total: f64,
    /// What the weights made of it before.
    pub before: f64,
    /// What they make of it after.
    pub after: f64,
}

impl WeightingReport {
    /// A report on what `adjusted` made of the weights `before`; `margins` are those to be shown.
    pub fn new(before: &[f64], adjusted: &Adjusted, margins: &[Margin]) -> WeightingReport {
        let counted = |values: &[f64]| {
            let counted = values.iter().zip(&adjusted.weights).filter(|(_, weight)| **weight != 0.0);
            Distribution::of(counted.map(|(value, _)| *value).collect())
        };
        let n_units = adjusted.weights.iter().filter(|weight| **weight != 0.0).count();
        WeightingReport {
            n_units,
            n_zero: before.len() - n_units,
            before: counted(before),
            after: counted(&adjusted.weights),
            factors: counted(&adjusted.factors),
            n_iterations: adjusted.n_iterations,
            margins: margins.iter().map(|margin| MarginReport::new(margin, before, &adjusted.weights)).collect(),
            notes: adjusted.notes.clone(),
        }
    }
}

impl MarginReport {
    fn new(margin: &Margin, before: &[f64], after: &[f64]) -> MarginReport {
        let is_counted: Vec<f64> = after.iter().map(|weight| f64::from(u8::from(*weight != 0.0))).collect();
        let (counts, sums_before, sums_after) = (margin.sums(&is_counted), margin.sums(before), margin.sums(after));
        let categories = margin.categories().iter().enumerate().map(|(place, category)| CategoryReport {
            label: category.label.clone(),
            n_units: counts[place] as usize,
            total: category.total,
            before: sums_before[place],
            after: sums_after[place],
        });
        MarginReport { name: margin.name().to_owned(), categories: categories.collect() }
    }
}

impl Distribution {
    /// Of these numbers; all zero where there are none.
    pub fn of(mut values: Vec<f64>) -> Distribution {
        let n = values.len() as f64;
        let sum: f64 = values.iter().sum();
        if values.is_empty() || sum == 0.0 {
            let quantiles = [0.0; 5];
            return Distribution::from_parts(sum, 0.0, quantiles, 0.0, n);
        }
        let mean = sum / n;
        let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        let cv = (squares / n).sqrt() / mean.abs();
        values.sort_by(f64::total_cmp);
        let quantile = |share: f64| {
            let place = share * (n - 1.0);
            let (low, high) = (values[place.floor() as usize], values[place.ceil() as usize]);
            low + (high - low) * place.fract()
        };
        Distribution::from_parts(sum, mean, [0.0, 0.25, 0.5, 0.75, 1.0].map(quantile), cv, n)
    }

    fn from_parts(sum: f64, mean: f64, quantiles: [f64; 5], cv: f64, n: f64) -> Distribution {
        let [min, lower_quartile, median, upper_quartile, max] = quantiles;
        let design_effect = 1.0 + cv * cv;
        let effective_n = n / design_effect;
        Distribution { sum, mean, min, lower_quartile, median, upper_quartile, max, cv, design_effect, effective_n }
    }
}
