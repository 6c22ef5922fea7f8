//! Estimators as a value and its scores: the mean of a domain, a contrast of such means, and their ratio.

use super::blocks::{Blocks, Totals};

/// One mean in a contrast: the classes it pools and the factor it enters with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Term {
    /// The classes pooled, a bit each.
    pub classes: u16,
    /// The factor of their weighted mean.
    pub factor: f64,
}

/// A linear combination of weighted means over classes within a domain. A single term of factor 1 is
/// an ordinary domain mean; 5/7, 1/7 and 1/7 of three kinds of day make an average day; opposite
/// signs make a difference, whose variance then holds the covariance of both sides.
#[derive(Debug, Clone, PartialEq)]
pub struct Contrast(pub Vec<Term>);

impl Contrast {
    /// All classes that enter.
    pub fn classes(&self) -> u16 {
        self.0.iter().fold(0, |classes, term| classes | term.classes)
    }
}

/// A number with the scores of its linearisation, one for each run of its domain.
#[derive(Debug, Clone)]
pub struct Linearised {
    /// The estimate.
    pub value: f64,
    pub(super) domain: usize,
    pub(super) scores: Vec<f64>,
}

impl Linearised {
    /// The contrast of weighted means of a variable within `domain`. `None` when a term has no weight:
    /// nobody was observed there.
    ///
    /// For one term the mean is R = Y / W and the score of a run is (y - R w) / W, with y and w the
    /// run's own sums (Särndal et al. 1992, result 5.6.2); a contrast adds its terms' scores.
    pub fn mean(blocks: &Blocks, totals: &Totals, domain: usize, contrast: &Contrast) -> Option<Linearised> {
        let runs = blocks.runs_of(domain);
        let (weight, total) = class_sums(blocks, totals, domain);
        let mut value = 0.0;
        let mut of_total = [0.0; Blocks::MAX_CLASSES];
        let mut of_weight = [0.0; Blocks::MAX_CLASSES];
        for term in &contrast.0 {
            let pooled = |sums: &[f64]| -> f64 { classes_in(term.classes).map(|class| sums[class]).sum() };
            let (weight, total) = (pooled(&weight), pooled(&total));
            if weight <= 0.0 {
                return None;
            }
            let mean = total / weight;
            value += term.factor * mean;
            for class in classes_in(term.classes) {
                of_total[class] += term.factor / weight;
                of_weight[class] += term.factor / weight * mean;
            }
        }
        let scores = runs
            .iter()
            .map(|run| {
                let cells = blocks.cells[run.cells.clone()].iter().zip(&totals.0[run.cells.clone()]);
                cells.fold(0.0, |score, (cell, total)| {
                    let class = usize::from(cell.class);
                    score + (of_total[class] * total - of_weight[class] * cell.weight)
                })
            })
            .collect();
        Some(Linearised { value, domain, scores })
    }

    /// The ratio of two numbers of the same domain: its score is (n - R d) / D. `None` when the denominator is zero.
    pub fn ratio(numerator: &Linearised, denominator: &Linearised) -> Option<Linearised> {
        debug_assert_eq!(numerator.domain, denominator.domain, "a ratio lies within one domain");
        if denominator.value == 0.0 {
            return None;
        }
        let value = numerator.value / denominator.value;
        let scores = numerator.scores.iter().zip(&denominator.scores);
        Some(Linearised {
            value,
            domain: numerator.domain,
            scores: scores.map(|(n, d)| (n - value * d) / denominator.value).collect(),
        })
    }
}

fn class_sums(
    blocks: &Blocks,
    totals: &Totals,
    domain: usize,
) -> ([f64; Blocks::MAX_CLASSES], [f64; Blocks::MAX_CLASSES]) {
    let mut weight = [0.0; Blocks::MAX_CLASSES];
    let mut total = [0.0; Blocks::MAX_CLASSES];
    for run in blocks.runs_of(domain) {
        for cell in run.cells.clone() {
            let class = usize::from(blocks.cells[cell].class);
            weight[class] += blocks.cells[cell].weight;
            total[class] += totals.0[cell];
        }
    }
    (weight, total)
}

fn classes_in(mask: u16) -> impl Iterator<Item = usize> {
    (0..Blocks::MAX_CLASSES).filter(move |class| mask & (1 << class) != 0)
}
