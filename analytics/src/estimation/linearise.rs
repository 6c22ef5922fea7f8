//! Estimators as a value and its scores: the mean of a domain, a contrast of such means, and their ratio.

use super::blocks::{Blocks, Run, Totals};

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
    /// Σ q x u for the calibration's regression; empty without one.
    pub(super) moments: Vec<f64>,
}

impl Linearised {
    /// The contrast of weighted means of a variable within `domain`. `None` when a term has no weight:
    /// nobody was observed there.
    ///
    /// For one term the mean is R = Y / W and the score of a run is (y - R w) / W, with y and w the
    /// run's own sums (Särndal et al. 1992, result 5.6.2); a contrast adds its terms' scores.
    pub fn mean(blocks: &Blocks, totals: &Totals, domain: usize, contrast: &Contrast) -> Option<Linearised> {
        let (weight, total) = class_sums(blocks, totals, domain);
        let form = Form::new(contrast, &weight, &total)?;
        let score = |run: &Run| {
            let cells = blocks.cells[run.cells.clone()].iter().zip(&totals.cells[run.cells.clone()]);
            cells.fold(0.0, |score, (cell, total)| {
                let class = usize::from(cell.class);
                score + (form.of_total[class] * total - form.of_weight[class] * cell.weight)
            })
        };
        let scores = blocks.runs_of(domain).iter().map(score).collect();
        let moments = form.moments(blocks, domain, |class, auxiliary, n_auxiliary| {
            totals.moments[blocks.moment_of(domain, class, n_auxiliary) + auxiliary]
        });
        Some(Linearised { value: form.value, domain, scores, moments })
    }

    /// The ratio of two numbers of the same domain: its score is (n - R d) / D. `None` when the denominator is zero.
    pub fn ratio(numerator: &Linearised, denominator: &Linearised) -> Option<Linearised> {
        debug_assert_eq!(numerator.domain, denominator.domain, "a ratio lies within one domain");
        if denominator.value == 0.0 {
            return None;
        }
        let value = numerator.value / denominator.value;
        let of_ratio = |numerator: &[f64], of_denominator: &[f64]| {
            let scores = numerator.iter().zip(of_denominator);
            scores.map(|(n, d)| (n - value * d) / denominator.value).collect()
        };
        Some(Linearised {
            value,
            domain: numerator.domain,
            scores: of_ratio(&numerator.scores, &denominator.scores),
            moments: of_ratio(&numerator.moments, &denominator.moments),
        })
    }
}

/// By class.
pub(super) type ClassSums = [f64; Blocks::MAX_CLASSES];

/// A contrast as a linear form of the cells: its value, and what a cell's total and weight enter its scores with.
pub(super) struct Form {
    pub value: f64,
    pub of_total: ClassSums,
    pub of_weight: ClassSums,
}

impl Form {
    /// The form of a contrast, given each class's weight and total. `None` when a term has no weight.
    pub fn new(contrast: &Contrast, weight: &ClassSums, total: &ClassSums) -> Option<Form> {
        let mut form = Form { value: 0.0, of_total: [0.0; _], of_weight: [0.0; _] };
        for term in &contrast.0 {
            let pooled = |sums: &ClassSums| -> f64 { classes_in(term.classes).map(|class| sums[class]).sum() };
            let (weight, total) = (pooled(weight), pooled(total));
            if weight <= 0.0 {
                return None;
            }
            let mean = total / weight;
            form.value += term.factor * mean;
            for class in classes_in(term.classes) {
                form.of_total[class] += term.factor / weight;
                form.of_weight[class] += term.factor / weight * mean;
            }
        }
        Some(form)
    }

    /// Σ q x u by auxiliary variable, given Σ q x y by class and auxiliary variable (and their number); nothing without
    /// a calibration.
    pub fn moments(&self, blocks: &Blocks, domain: usize, moment: impl Fn(usize, usize, usize) -> f64) -> Vec<f64> {
        let Some(calibrated) = &blocks.calibrated else { return Vec::new() };
        let n_auxiliary = calibrated.calibration.n_variables();
        let mut moments = vec![0.0; n_auxiliary];
        for class in 0..blocks.n_classes() {
            let of_weight = &blocks.moments_of_weight[blocks.moment_of(domain, class, n_auxiliary)..];
            for (auxiliary, sum) in moments.iter_mut().enumerate() {
                *sum += self.of_total[class] * moment(class, auxiliary, n_auxiliary)
                    - self.of_weight[class] * of_weight[auxiliary];
            }
        }
        moments
    }
}

pub(super) fn class_sums(blocks: &Blocks, totals: &Totals, domain: usize) -> (ClassSums, ClassSums) {
    let mut weight = [0.0; Blocks::MAX_CLASSES];
    let mut total = [0.0; Blocks::MAX_CLASSES];
    for run in blocks.runs_of(domain) {
        for cell in run.cells.clone() {
            let class = usize::from(blocks.cells[cell].class);
            weight[class] += blocks.cells[cell].weight;
            total[class] += totals.cells[cell];
        }
    }
    (weight, total)
}

fn classes_in(mask: u16) -> impl Iterator<Item = usize> {
    (0..Blocks::MAX_CLASSES).filter(move |class| mask & (1 << class) != 0)
}
