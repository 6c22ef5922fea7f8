//! Nonresponse: those who answered also stand for those who did not, within classes or by their propensity to answer.
//! Sources: Särndal and Lundström, Estimation in Surveys with Nonresponse (2005), chapters 5 and 6; Little (1986).

use super::adjusted::{Adjusted, check_length, check_weights};
use super::error::{Note, WeightingError};
use super::logistic::Logistic;

/// Classes of the sampled units, respondents or not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ResponseClasses<'a> {
    /// Names of the classes, in an order in which neighbours are alike.
    pub names: &'a [String],
    /// The class of each unit, as a place in `names`.
    pub class_of: &'a [u32],
    /// A class with fewer respondents is joined with its neighbour.
    pub min_respondents: usize,
}

/// How a response propensity becomes a weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PropensityUse {
    /// The weight is divided by the propensity.
    Inverse,
    /// Units are put in this many classes of equal size by their propensity, and adjusted within them; less exposed to
    /// a wrong model, and to single very small propensities.
    Classes(usize),
}

/// Multiplies respondents' weights, class by class, by the weight of the class over the weight of its respondents;
/// those who did not answer get zero.
pub fn adjust_by_classes(
    weights: &[f64],
    responded: &[bool],
    classes: ResponseClasses<'_>,
) -> Result<Adjusted, WeightingError> {
    check_weights(weights)?;
    check_length("the response", responded.len(), weights.len())?;
    check_length("the classes", classes.class_of.len(), weights.len())?;
    if classes.class_of.iter().any(|class| *class as usize >= classes.names.len()) {
        return Err(WeightingError::Nothing { what: "a unit's class has no name" });
    }
    let mut groups: Vec<Group> = classes.names.iter().map(|name| Group::named(name)).collect();
    for ((weight, responded), class) in weights.iter().zip(responded).zip(classes.class_of) {
        groups[*class as usize].add(*weight, *responded);
    }
    let mut notes = Vec::new();
    let joined = join_small(groups, classes.min_respondents.max(1), &mut notes)?;
    let mut factor_of_class = vec![0.0; classes.names.len()];
    let mut first = 0;
    for group in &joined {
        factor_of_class[first..first + group.n_classes].fill(group.weight / group.weight_of_respondents);
        first += group.n_classes;
    }
    let of_unit = responded.iter().zip(classes.class_of);
    let factors: Vec<f64> =
        of_unit.map(|(responded, class)| if *responded { factor_of_class[*class as usize] } else { 0.0 }).collect();
    let weights = weights.iter().zip(&factors).map(|(weight, factor)| weight * factor).collect();
    Ok(Adjusted { weights, factors, n_iterations: 1, notes })
}

/// Neighbouring classes, joined.
#[derive(Debug)]
struct Group {
    name: String,
    n_classes: usize,
    n_units: usize,
    n_respondents: usize,
    weight: f64,
    weight_of_respondents: f64,
}

impl Group {
    fn named(name: &str) -> Group {
        let name = name.to_owned();
        Group { name, n_classes: 1, n_units: 0, n_respondents: 0, weight: 0.0, weight_of_respondents: 0.0 }
    }

    fn add(&mut self, weight: f64, responded: bool) {
        self.n_units += 1;
        self.weight += weight;
        if responded && weight > 0.0 {
            self.n_respondents += 1;
            self.weight_of_respondents += weight;
        }
    }

    fn join(&mut self, other: Group) {
        self.name = format!("{} + {}", self.name, other.name);
        self.n_classes += other.n_classes;
        self.n_units += other.n_units;
        self.n_respondents += other.n_respondents;
        self.weight += other.weight;
        self.weight_of_respondents += other.weight_of_respondents;
    }
}

/// The smallest class below the minimum is joined with its smaller neighbour, until none is left.
fn join_small(
    mut groups: Vec<Group>,
    min_respondents: usize,
    notes: &mut Vec<Note>,
) -> Result<Vec<Group>, WeightingError> {
    loop {
        // A class that nobody was sampled in needs no respondents.
        let small =
            groups.iter().enumerate().filter(|(_, group)| group.n_units > 0 && group.n_respondents < min_respondents);
        let Some((place, _)) = small.min_by_key(|(place, group)| (group.n_respondents, *place)) else {
            return Ok(groups);
        };
        let n_respondents = |place: usize| groups[place].n_respondents;
        let neighbour = match (place.checked_sub(1), (place + 1 < groups.len()).then_some(place + 1)) {
            (Some(before), Some(after)) if n_respondents(after) < n_respondents(before) => after,
            (Some(before), _) => before,
            (None, Some(after)) => after,
            (None, None) if groups[place].n_respondents > 0 => return Ok(groups),
            (None, None) => return Err(WeightingError::NobodyAnswered { class: groups[place].name.clone() }),
        };
        notes.push(Note::Joined { class: groups[place].name.clone(), with: groups[neighbour].name.clone() });
        let after = groups.remove(place.max(neighbour));
        groups[place.min(neighbour)].join(after);
    }
}

/// Adjusts weights by the propensity to answer, from a logistic regression of the response on predictors, weighted by the
/// base weights. Those who did not answer get zero.
pub fn adjust_by_propensity(
    weights: &[f64],
    responded: &[bool],
    propensity: &Logistic,
    how: PropensityUse,
) -> Result<Adjusted, WeightingError> {
    check_weights(weights)?;
    check_length("the response", responded.len(), weights.len())?;
    check_length("the propensities", propensity.probabilities.len(), weights.len())?;
    let redundant = propensity.redundant.iter().map(|column| Note::Redundant { column: column.clone() });
    let mut adjusted = match how {
        PropensityUse::Inverse => {
            let of_unit = responded.iter().zip(&propensity.probabilities);
            let factors: Vec<f64> = of_unit.map(|(responded, p)| if *responded { 1.0 / p } else { 0.0 }).collect();
            let weights = weights.iter().zip(&factors).map(|(weight, factor)| weight * factor).collect();
            Adjusted { weights, factors, n_iterations: propensity.n_iterations, notes: Vec::new() }
        }
        PropensityUse::Classes(n_classes) => {
            let class_of = classes_of_equal_size(&propensity.probabilities, n_classes);
            let names: Vec<String> = (1..=n_classes).map(|class| format!("propensity class {class}")).collect();
            let classes = ResponseClasses { names: &names, class_of: &class_of, min_respondents: 1 };
            adjust_by_classes(weights, responded, classes)?
        }
    };
    adjusted.notes.splice(0..0, redundant);
    Ok(adjusted)
}

/// Classes by rank, from the lowest value up; equal values share the class of the first of them.
fn classes_of_equal_size(values: &[f64], n_classes: usize) -> Vec<u32> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut classes = vec![0; values.len()];
    let mut rank = 0;
    for (place, unit) in order.iter().enumerate() {
        if place == 0 || values[*unit] != values[order[place - 1]] {
            rank = place;
        }
        classes[*unit] = (rank * n_classes / values.len()) as u32;
    }
    classes
}
