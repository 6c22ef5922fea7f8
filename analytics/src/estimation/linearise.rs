//! Estimators as a value and its linearisation: the mean of a domain, a contrast of such means, and smooth functions of
//! them. A number is a function of a few means; its scores are theirs, times its derivatives.

use std::sync::Arc;

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

    /// Its value, given each class's weight and total. `None` when a term has no weight.
    pub(super) fn value(&self, weight: &ClassSums, total: &ClassSums) -> Option<f64> {
        self.0
            .iter()
            .try_fold(0.0, |value, term| Some(value + term.factor * Pooled::new(term.classes, weight, total)?.mean))
    }
}

/// A number with its linearisation.
#[derive(Debug, Clone)]
pub struct Linearised {
    /// The estimate.
    pub value: f64,
    pub(super) parts: Vec<Part>,
}

/// What a number has of one score.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub score: Score,
    /// The derivative of the number by what the score is of.
    pub slope: f64,
}

/// A score that is made for every leaf.
#[derive(Debug, Clone)]
pub(super) enum Score {
    /// That of a mean.
    Mean(Mean),
    /// The sum of those of several means, times a factor each.
    Sum(Arc<Vec<(Mean, f64)>>),
}

/// The weighted mean of a variable over some classes of a domain.
#[derive(Debug, Clone)]
pub(super) struct Mean {
    pub domain: usize,
    pub classes: u16,
    pub totals: Totals,
    pub pooled: Pooled,
}

/// The weight of some classes together and the mean of a variable over them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pooled {
    pub weight: f64,
    pub mean: f64,
}

impl Pooled {
    /// `None` where there is no weight: nobody was observed there.
    pub fn new(classes: u16, weight: &ClassSums, total: &ClassSums) -> Option<Pooled> {
        let pooled = |sums: &ClassSums| -> f64 { classes_in(classes).map(|class| sums[class]).sum() };
        let weight_of_all = pooled(weight);
        (weight_of_all > 0.0).then(|| Pooled { weight: weight_of_all, mean: pooled(total) / weight_of_all })
    }
}

impl Linearised {
    /// The contrast of weighted means of a variable within `domain`. `None` when a term has no weight:
    /// nobody was observed there.
    ///
    /// For one term the mean is R = Y / W and the score of a leaf is (y - R w) / W, with y and w the
    /// leaf's own sums (Särndal et al. 1992, result 5.6.2); a contrast adds its terms' scores.
    pub fn mean(blocks: &Blocks, totals: &Totals, domain: usize, contrast: &Contrast) -> Option<Linearised> {
        let (weight, total) = (blocks.class_weights(domain), totals.of_classes(domain));
        let value = contrast.value(weight, total)?;
        let part = |term: &Term| {
            let pooled = Pooled::new(term.classes, weight, total)?;
            let mean = Mean { domain, classes: term.classes, totals: totals.clone(), pooled };
            Some(Part { score: Score::Mean(mean), slope: term.factor })
        };
        Some(Linearised { value, parts: contrast.0.iter().map(part).collect::<Option<_>>()? })
    }

    /// The total of a variable within `domain` over `classes` (a bit each). Its score is the variable itself: that of a
    /// mean with nothing subtracted and nothing divided by.
    pub fn total(totals: &Totals, domain: usize, classes: u16) -> Linearised {
        let of_classes = totals.of_classes(domain);
        let value = classes_in(classes).map(|class| of_classes[class]).sum();
        let pooled = Pooled { weight: 1.0, mean: 0.0 };
        let score = Score::Mean(Mean { domain, classes, totals: totals.clone(), pooled });
        Linearised { value, parts: vec![Part { score, slope: 1.0 }] }
    }

    /// The product of two numbers: its score is a u_b + b u_a.
    pub fn product(one: &Linearised, other: &Linearised) -> Linearised {
        Linearised::function(one.value * other.value, &[(one, other.value), (other, one.value)])
    }

    /// The ratio of two numbers: its score is (n - R d) / D. `None` when the denominator is zero.
    pub fn ratio(numerator: &Linearised, denominator: &Linearised) -> Option<Linearised> {
        if denominator.value == 0.0 {
            return None;
        }
        let value = numerator.value / denominator.value;
        Some(Linearised::function(
            value,
            &[(numerator, 1.0 / denominator.value), (denominator, -value / denominator.value)],
        ))
    }

    /// A smooth function of numbers, given its value and its derivative by each of them (the delta method).
    pub fn function(value: f64, numbers: &[(&Linearised, f64)]) -> Linearised {
        let mut parts: Vec<Part> = Vec::with_capacity(numbers.iter().map(|(number, _)| number.parts.len()).sum());
        for (number, slope) in numbers {
            for part in &number.parts {
                let by_part = slope * part.slope;
                match parts.iter_mut().find(|known| known.score.is(&part.score)) {
                    Some(known) => known.slope += by_part,
                    None => parts.push(Part { score: part.score.clone(), slope: by_part }),
                }
            }
        }
        Linearised { value, parts }
    }

    /// The same number with a single score, its parts' summed up: for one of many parts that others are functions of.
    #[must_use]
    pub fn summed(self) -> Linearised {
        let mut means = Vec::new();
        for Part { score, slope } in &self.parts {
            match score {
                Score::Mean(mean) => means.push((mean.clone(), *slope)),
                Score::Sum(of) => means.extend(of.iter().map(|(mean, factor)| (mean.clone(), factor * slope))),
            }
        }
        Linearised { value: self.value, parts: vec![Part { score: Score::Sum(Arc::new(means)), slope: 1.0 }] }
    }

    /// The domains that its scores lie in, ascending.
    pub(super) fn domains(&self) -> Vec<usize> {
        let mut domains: Vec<usize> = Vec::new();
        for part in &self.parts {
            part.score.for_each(|mean, _| domains.push(mean.domain));
        }
        domains.sort_unstable();
        domains.dedup();
        domains
    }
}

impl Score {
    /// Whether it is the same, not an equal one.
    pub fn is(&self, other: &Score) -> bool {
        match (self, other) {
            (Score::Mean(a), Score::Mean(b)) => {
                (a.domain, a.classes) == (b.domain, b.classes) && a.totals.are(&b.totals)
            }
            (Score::Sum(a), Score::Sum(b)) => Arc::ptr_eq(a, b),
            _ => false,
        }
    }

    /// Its means in order, each with its factor.
    pub fn for_each<'s>(&'s self, mut tell: impl FnMut(&'s Mean, f64)) {
        match self {
            Score::Mean(mean) => tell(mean, 1.0),
            Score::Sum(means) => means.iter().for_each(|(mean, factor)| tell(mean, *factor)),
        }
    }
}

/// By class.
pub(super) type ClassSums = [f64; Blocks::MAX_CLASSES];

pub(super) fn classes_in(mask: u16) -> impl Iterator<Item = usize> {
    (0..Blocks::MAX_CLASSES).filter(move |class| mask & (1 << class) != 0)
}
