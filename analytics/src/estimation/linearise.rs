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

/// A number with its linearisation: the linear form of the cells' totals and weights that gives each run its score.
#[derive(Debug, Clone)]
pub struct Linearised {
    /// The estimate.
    pub value: f64,
    pub(super) domain: usize,
    pub(super) parts: Vec<LinearPart>,
    /// By class, what a cell's weight is subtracted with.
    pub(super) of_weight: ClassSums,
}

/// By class, what the totals of one variable enter a score with.
#[derive(Debug, Clone)]
pub(super) struct LinearPart {
    pub totals: Totals,
    pub of_total: ClassSums,
}

impl Linearised {
    /// The contrast of weighted means of a variable within `domain`. `None` when a term has no weight:
    /// nobody was observed there.
    ///
    /// For one term the mean is R = Y / W and the score of a run is (y - R w) / W, with y and w the
    /// run's own sums (Särndal et al. 1992, result 5.6.2); a contrast adds its terms' scores.
    pub fn mean(blocks: &Blocks, totals: &Totals, domain: usize, contrast: &Contrast) -> Option<Linearised> {
        let form = Form::new(contrast, blocks.class_weights(domain), totals.of_classes(domain))?;
        let parts = vec![LinearPart { totals: totals.clone(), of_total: form.of_total }];
        Some(Linearised { value: form.value, domain, parts, of_weight: form.of_weight })
    }

    /// The ratio of two numbers of the same domain: its score is (n - R d) / D. `None` when the denominator is zero.
    pub fn ratio(numerator: &Linearised, denominator: &Linearised) -> Option<Linearised> {
        debug_assert_eq!(numerator.domain, denominator.domain, "a ratio lies within one domain");
        if denominator.value == 0.0 {
            return None;
        }
        let value = numerator.value / denominator.value;
        let of_ratio = |of_numerator: &ClassSums, of_denominator: &ClassSums| -> ClassSums {
            std::array::from_fn(|class| (of_numerator[class] - value * of_denominator[class]) / denominator.value)
        };
        const NOTHING: ClassSums = [0.0; Blocks::MAX_CLASSES];
        let mut parts: Vec<LinearPart> = Vec::with_capacity(numerator.parts.len() + denominator.parts.len());
        for part in numerator.parts.iter().chain(&denominator.parts) {
            if !parts.iter().any(|known| known.totals.are(&part.totals)) {
                let of = |number: &Linearised| {
                    number
                        .parts
                        .iter()
                        .find(|other| other.totals.are(&part.totals))
                        .map_or(NOTHING, |part| part.of_total)
                };
                let of_total = of_ratio(&of(numerator), &of(denominator));
                parts.push(LinearPart { totals: part.totals.clone(), of_total });
            }
        }
        let of_weight = of_ratio(&numerator.of_weight, &denominator.of_weight);
        Some(Linearised { value, domain: numerator.domain, parts, of_weight })
    }

    /// The classes that enter its scores.
    pub(super) fn classes(&self) -> u16 {
        let is_in =
            |class: &usize| self.of_weight[*class] != 0.0 || self.parts.iter().any(|part| part.of_total[*class] != 0.0);
        (0..Blocks::MAX_CLASSES).filter(is_in).fold(0, |classes, class| classes | 1 << class)
    }

    /// Σ f w u by auxiliary variable of the calibration; nothing without one.
    pub(super) fn moments(&self, blocks: &Blocks) -> Vec<f64> {
        let n_auxiliary = blocks.n_auxiliary();
        let mut moments = vec![0.0; n_auxiliary];
        for class in classes_in(self.classes()).take_while(|class| *class < blocks.n_classes()) {
            let first = blocks.moment_of(self.domain, class, n_auxiliary);
            for (place, sum) in (first..).zip(&mut moments) {
                let of_parts = self.parts.iter().map(|part| part.of_total[class] * part.totals.moment(place));
                *sum += of_parts.sum::<f64>() - self.of_weight[class] * blocks.moments_of_weight[place];
            }
        }
        moments
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
}

pub(super) fn classes_in(mask: u16) -> impl Iterator<Item = usize> {
    (0..Blocks::MAX_CLASSES).filter(move |class| mask & (1 << class) != 0)
}
