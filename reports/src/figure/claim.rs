//! What a figure's message claims, in numbers: by it the front page chooses the few messages that it tells.

use analytics::table::EstimateRow;

use crate::chart::rows::Interval;
use crate::figure::reading::{Reading, Reliability};

/// What a message claims.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// Code of the activity it is about.
    pub activity: String,
    /// Whether it tells a difference that the sample is sure of, or how much there is of something.
    pub kind: Kind,
    /// In what `size` is.
    pub scale: Scale,
    /// How large what it tells is; not negative.
    pub size: f64,
    /// Part of the persons asked whom it is about, 0..1.
    pub reach: f64,
    /// The worst sign of the numbers in it.
    pub reliability: Reliability,
}

/// What kind of message. The order is that of choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Two numbers are different: the interval of their difference leaves zero out, or their intervals lie apart.
    Difference,
    /// A number is so large.
    Level,
}

/// The unit of a size. Sizes in different units are not set against each other: the whole day comes before an hour of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scale {
    /// Minutes of a day.
    Minutes,
    /// Percentage points, of people at an hour or of people at all.
    Points,
}

/// Percent of people above which a share tells nothing: at four in the morning the city sleeps.
const NEARLY_ALL: f64 = 90.0;

impl Claim {
    /// A difference that one row tells: `None` where its interval has zero inside or it may not be read.
    pub fn of_difference(row: &EstimateRow, scale: Scale, reach: f64) -> Option<Claim> {
        let Reading::Value(interval, reliability) = Reading::of(row) else { return None };
        interval.excludes_zero().then(|| Claim {
            activity: row.activity.clone(),
            kind: Kind::Difference,
            scale,
            size: interval.value.abs(),
            reach,
            reliability,
        })
    }

    /// Two rows that are said to be different: `None` where their intervals touch or one may not be read.
    pub fn of_two(rows: [&EstimateRow; 2], scale: Scale, reach: f64) -> Option<Claim> {
        let [Reading::Value(one, first), Reading::Value(other, second)] = rows.map(Reading::of) else { return None };
        let apart = one.low > other.high || other.low > one.high;
        apart.then(|| Claim {
            activity: rows[0].activity.clone(),
            kind: Kind::Difference,
            scale,
            size: (one.value - other.value).abs(),
            reach: reach.min(1.0),
            reliability: first.max(second),
        })
    }

    /// A number that one row tells: `None` where it may not be read, or where it says that nearly everybody does what
    /// everybody does.
    pub fn of_level(row: &EstimateRow, scale: Scale, reach: f64) -> Option<Claim> {
        let Reading::Value(Interval { value, .. }, reliability) = Reading::of(row) else { return None };
        let says_something = scale == Scale::Minutes || value < NEARLY_ALL;
        says_something.then(|| Claim {
            activity: row.activity.clone(),
            kind: Kind::Level,
            scale,
            size: value.abs(),
            reach,
            reliability,
        })
    }

    /// What is told first: reliable numbers before those to be used with care, differences before levels, the whole day
    /// before an hour of it; then what is larger over everybody: the size times the part of the people it is about.
    pub fn comes_before(&self, other: &Claim) -> std::cmp::Ordering {
        let rank = |claim: &Claim| (claim.reliability, claim.kind, claim.scale);
        let weight = |claim: &Claim| claim.size * claim.reach;
        rank(self).cmp(&rank(other)).then_with(|| weight(other).total_cmp(&weight(self)))
    }
}
