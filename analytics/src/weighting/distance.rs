//! Distances of calibration: how much a weight's factor moves along the linear predictor, and within which bounds.
//! Sources: Deville and Särndal (1992), table 1; R survey's `calfun` objects.

use super::error::WeightingError;

/// The distance between old and new weights that calibration keeps small.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Distance {
    /// g = 1 + u: the regression estimator (GREG). In closed form; weights may become negative.
    Linear,
    /// g = 1 + u cut at the bounds.
    TruncatedLinear(Bounds),
    /// g = exp(u): never negative; with categories only, the same as raking by rounds.
    Raking,
    /// g = exp(u) cut at the bounds.
    TruncatedRaking(Bounds),
    /// A logistic curve between the bounds, which must enclose 1.
    Logit(Bounds),
}

/// Lower and upper bound of a calibration.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    lower: f64,
    upper: f64,
    of: Bounded,
}

/// What bounds hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bounded {
    /// New weight over old.
    Factors,
    /// The new weight itself (R's `bounds.const`).
    Weights,
}

impl Bounds {
    /// Bounds of new weight over old. They must enclose 1, so that a weight may stay as it is.
    pub fn of_factors(lower: f64, upper: f64) -> Result<Bounds, WeightingError> {
        let reason = "bounds of factors enclose 1";
        if lower < 1.0 && 1.0 < upper {
            Bounds::new(lower, upper, Bounded::Factors)
        } else {
            refuse(lower, upper, reason)
        }
    }

    /// Bounds of the new weights themselves.
    pub fn of_weights(lower: f64, upper: f64) -> Result<Bounds, WeightingError> {
        Bounds::new(lower, upper, Bounded::Weights)
    }

    fn new(lower: f64, upper: f64, of: Bounded) -> Result<Bounds, WeightingError> {
        if lower < upper {
            Ok(Bounds { lower, upper, of })
        } else {
            refuse(lower, upper, "the lower is below the upper")
        }
    }

    /// The bounds of the factor of a unit with this weight.
    fn around(self, weight: f64) -> (f64, f64) {
        match self.of {
            Bounded::Weights if weight > 0.0 => (self.lower / weight, self.upper / weight),
            _ => (self.lower, self.upper),
        }
    }
}

fn refuse(lower: f64, upper: f64, reason: &'static str) -> Result<Bounds, WeightingError> {
    Err(WeightingError::Bounds { lower, upper, reason })
}

impl Distance {
    /// Refuses bounds that the distance cannot keep for these weights.
    pub(super) fn check(self, weights: &[f64]) -> Result<(), WeightingError> {
        let Distance::Logit(bounds) = self else { return Ok(()) };
        let encloses_one =
            |(lower, upper): (f64, f64)| lower < 1.0 && 1.0 < upper && lower.is_finite() && upper.is_finite();
        if weights.iter().all(|weight| *weight == 0.0 || encloses_one(bounds.around(*weight))) {
            return Ok(());
        }
        let reason = "the logit distance needs finite bounds that enclose every weight before calibration";
        Err(WeightingError::Bounds { lower: bounds.lower, upper: bounds.upper, reason })
    }

    /// Whether units that are alike in everything but their weight may get different factors.
    pub(super) fn depends_on_weight(self) -> bool {
        match self {
            Distance::Linear | Distance::Raking => false,
            Distance::TruncatedLinear(bounds) | Distance::TruncatedRaking(bounds) | Distance::Logit(bounds) => {
                bounds.of == Bounded::Weights
            }
        }
    }

    /// The factor at linear predictor u of a unit with this weight, and the factor's derivative.
    pub(super) fn factor(self, u: f64, weight: f64) -> (f64, f64) {
        if weight == 0.0 && self.depends_on_weight() {
            // No factor brings a weight of zero within bounds, and none is needed: it stands for nobody.
            return (1.0, 0.0);
        }
        match self {
            Distance::Linear => (1.0 + u, 1.0),
            Distance::TruncatedLinear(bounds) => cut(1.0 + u, 1.0, bounds.around(weight)),
            Distance::Raking => (u.exp(), u.exp()),
            // The derivative is that of the curve itself; R 4.1-1 takes the bounds for bounds of u, and converges more
            // slowly to the same weights.
            Distance::TruncatedRaking(bounds) => cut(u.exp(), u.exp(), bounds.around(weight)),
            Distance::Logit(bounds) => logit(u, bounds.around(weight)),
        }
    }
}

fn cut(factor: f64, derivative: f64, (lower, upper): (f64, f64)) -> (f64, f64) {
    if factor <= lower {
        (lower, 0.0)
    } else if factor >= upper {
        (upper, 0.0)
    } else {
        (factor, derivative)
    }
}

/// Written with exp(-|Au|), which cannot overflow.
fn logit(u: f64, (lower, upper): (f64, f64)) -> (f64, f64) {
    let steepness = (upper - lower) / ((upper - 1.0) * (1.0 - lower));
    let decay = (-(steepness * u).abs()).exp();
    let (rising, falling) = if u > 0.0 { (1.0, decay) } else { (decay, 1.0) };
    let (below, above) = ((upper - 1.0) * falling, (1.0 - lower) * rising);
    // Far out, rounding would put it a last digit beyond the bound.
    let factor = ((lower * below + upper * above) / (below + above)).clamp(lower, upper);
    let derivative = steepness * (upper - lower) * below * above / ((below + above) * (below + above));
    (factor, derivative)
}

#[cfg(test)]
mod tests {
    use super::{Bounds, Distance};

    #[test]
    fn every_distance_leaves_the_weight_alone_at_zero_with_unit_slope() {
        let bounds = Bounds::of_factors(0.3, 3.0).expect("bounds");
        let distances = [
            Distance::Linear,
            Distance::TruncatedLinear(bounds),
            Distance::Raking,
            Distance::TruncatedRaking(bounds),
            Distance::Logit(bounds),
        ];
        for distance in distances {
            let (factor, slope) = distance.factor(0.0, 7.0);
            assert!((factor - 1.0).abs() < 1e-15 && (slope - 1.0).abs() < 1e-15, "{distance:?}");
            let step = 1e-6;
            let numeric = (distance.factor(0.2 + step, 7.0).0 - distance.factor(0.2 - step, 7.0).0) / (2.0 * step);
            assert!((distance.factor(0.2, 7.0).1 - numeric).abs() < 1e-8, "{distance:?}");
        }
        for (u, bound) in [(1e6, 3.0), (-1e6, 0.3)] {
            let (factor, slope) = Distance::Logit(bounds).factor(u, 1.0);
            assert!(
                (factor - bound).abs() < 1e-14 && (0.3..=3.0).contains(&factor) && slope == 0.0,
                "{factor} {slope}"
            );
        }
    }

    #[test]
    fn bounds_that_cannot_hold_are_refused() {
        for (lower, upper) in [(1.2, 2.0), (0.2, 0.9), (2.0, 0.5), (f64::NAN, 2.0)] {
            assert!(Bounds::of_factors(lower, upper).is_err(), "{lower} {upper}");
        }
        assert!(Bounds::of_weights(3.0, 3.0).is_err());
    }
}
