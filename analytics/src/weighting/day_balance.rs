//! The average day of the week: five weekdays, a Saturday and a Sunday; by means, or by weights.

use std::collections::BTreeMap;

use questionnaires::DayKind;

use super::adjusted::{Adjusted, check_length, check_weights};
use super::error::WeightingError;
use super::margin::{Margin, MarginRules};
use super::raking::rake;

/// How an average day is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayBalance {
    /// As (5 weekday + Saturday + Sunday) / 7 of the means of the three kinds of day.
    Balanced,
    /// As the mean over all days: the weights already make the seven days equal.
    ByWeights,
}

impl DayBalance {
    /// The kinds of day that are pooled, and the share of the week each pool stands for.
    pub fn shares(self) -> Vec<(Vec<DayKind>, f64)> {
        let days_of_week = DayKind::ALL.iter().map(|kind| kind.days_per_week()).sum::<usize>() as f64;
        match self {
            DayBalance::Balanced => {
                DayKind::ALL.iter().map(|kind| (vec![*kind], kind.days_per_week() as f64 / days_of_week)).collect()
            }
            DayBalance::ByWeights => vec![(DayKind::ALL.to_vec(), 1.0)],
        }
    }
}

/// Weights under which the kinds of day weigh 5 : 1 : 1, in the whole sample or within each group. A group keeps the weight
/// it has. `groups` holds a name per unit.
///
/// The balance is exact only within the groups it is made for; `Balanced` means need no weights.
pub fn balance_days(weights: &[f64], days: &[DayKind], groups: Option<&[String]>) -> Result<Adjusted, WeightingError> {
    check_weights(weights)?;
    check_length("the kinds of day", days.len(), weights.len())?;
    if let Some(groups) = groups {
        check_length("the groups of the day balance", groups.len(), weights.len())?;
    }
    let label = |group: &str, kind: DayKind| {
        if group.is_empty() { kind.code().to_owned() } else { format!("{group}, {}", kind.code()) }
    };
    let group_of = |unit: usize| groups.map_or("", |groups| groups[unit].as_str());
    let mut weight_of: BTreeMap<&str, f64> = BTreeMap::new();
    for (unit, weight) in weights.iter().enumerate() {
        *weight_of.entry(group_of(unit)).or_default() += weight;
    }
    let mut totals = Vec::new();
    for (group, weight) in &weight_of {
        for (kinds, share) in DayBalance::Balanced.shares() {
            totals.extend(kinds.into_iter().map(|kind| (label(group, kind), weight * share)));
        }
    }
    let labels: Vec<String> = days.iter().enumerate().map(|(unit, day)| label(group_of(unit), *day)).collect();
    rake(weights, vec![Margin::new("kind of day", totals, &labels)?], MarginRules::default())
}
