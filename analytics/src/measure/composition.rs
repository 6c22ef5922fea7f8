//! Which categories add up to which, over all timelines: what secrecy has to know, since a part that is withheld follows
//! from the rest. Unpaid work is housework and three kinds of travel; personal care is the same number under two names.

use super::membership::{EpisodeField, Membership};

/// Categories that do not overlap and together are another, or the whole day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Composition {
    /// The category they make up, by its place; `None` for the day.
    pub total: Option<usize>,
    /// Its parts, ascending.
    pub parts: Vec<usize>,
}

/// The value of time as a sum.
#[derive(Debug, Clone, PartialEq)]
pub struct Valuation {
    /// The category that is valued.
    pub category: usize,
    /// Categories with euros per minute; none where the value is no such sum.
    pub parts: Vec<(usize, f64)>,
}

/// The compositions among all categories of `timelines`: for every category the coarsest others that divide it, and for
/// each timeline whether its coarsest categories divide the day. Categories of two fields at once, such as an activity
/// as main or secondary one, are made up of no others.
pub(super) fn compositions(timelines: &[TimelinePlaces]) -> Vec<Composition> {
    let n_categories = timelines.iter().map(|timeline| timeline.first + timeline.n).max().unwrap_or(0);
    let mut compositions = Vec::new();
    let fields: Vec<Values> = EpisodeField::ALL.map(|field| Values::of(field, timelines, n_categories)).into();
    let n_fields_of = |place: usize| fields.iter().filter(|values| !values.is_empty(place)).count();
    for values in &fields {
        let is_here = |place: &usize| !values.is_empty(*place) && n_fields_of(*place) == 1;
        for timeline in timelines {
            let coarsest: Vec<usize> = (timeline.first..timeline.first + timeline.n_coarsest).filter(is_here).collect();
            if values.divide(&coarsest, &values.whole) {
                compositions.push(Composition { total: None, parts: coarsest });
            }
        }
        for total in (0..n_categories).filter(is_here) {
            // Of two names for the same values the later one is made of the earlier.
            let is_part = |part: &usize| {
                *part != total
                    && is_here(part)
                    && values.is_within(*part, &values.of[total])
                    && (*part < total || !values.is_within(total, &values.of[*part]))
            };
            let mut parts: Vec<usize> = Vec::new();
            for part in (0..n_categories).filter(is_part) {
                if parts.iter().all(|other| values.are_apart(*other, part)) {
                    parts.push(part);
                }
            }
            if values.divide(&parts, &values.of[total]) {
                compositions.push(Composition { total: Some(total), parts });
            }
        }
    }
    compositions
}

/// Where a timeline's categories lie among all.
#[derive(Debug)]
pub(super) struct TimelinePlaces {
    pub membership: Membership,
    pub first: usize,
    pub n: usize,
    /// The categories of level 1, which come first.
    pub n_coarsest: usize,
}

/// The values that a field takes in a snapshot, and for each category those that belong to it.
struct Values {
    of: Vec<Vec<bool>>,
    whole: Vec<bool>,
}

impl Values {
    fn of(field: EpisodeField, timelines: &[TimelinePlaces], n_categories: usize) -> Values {
        let n_values = timelines.first().map_or(0, |timeline| timeline.membership.by_value(field).len());
        let mut values = Values { of: vec![vec![false; n_values]; n_categories], whole: vec![true; n_values] };
        for timeline in timelines {
            for (value, places) in timeline.membership.by_value(field).into_iter().enumerate() {
                for place in places {
                    values.of[timeline.first + place][value] = true;
                }
            }
        }
        values
    }

    fn is_empty(&self, category: usize) -> bool {
        !self.of[category].contains(&true)
    }

    fn is_within(&self, category: usize, whole: &[bool]) -> bool {
        self.of[category].iter().zip(whole).all(|(part, whole)| *whole || !part)
    }

    fn are_apart(&self, one: usize, other: usize) -> bool {
        !self.of[one].iter().zip(&self.of[other]).any(|(one, other)| *one && *other)
    }

    /// Whether `parts` do not overlap and fill `whole`.
    fn divide(&self, parts: &[usize], whole: &[bool]) -> bool {
        let times = |value: usize| parts.iter().filter(|part| self.of[**part][value]).count();
        !parts.is_empty() && whole.iter().enumerate().all(|(value, is_in)| times(value) == usize::from(*is_in))
    }
}
