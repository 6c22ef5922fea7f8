//! The rows that may be published: made here from candidates and their verdicts, and nowhere else.

use super::reliability::published_n;
use crate::domain::{DayScope, PopulationGroup, SexScope};
use crate::indicator::Candidate;
use crate::table::{CategoryRow, EstimateRow, Flag, Status};

/// A row that has passed the rules. Nothing else can be written to the estimates, and nothing outside the rules can
/// make one:
///
/// ```compile_fail
/// fn smuggle(row: analytics::table::EstimateRow) -> analytics::disclosure::Released {
///     analytics::disclosure::Released(row)
/// }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Released(EstimateRow);

impl Released {
    /// The row.
    pub fn row(&self) -> &EstimateRow {
        &self.0
    }

    /// A candidate as the public sees it. Withheld, it shows neither value nor count.
    pub(super) fn new(candidate: Candidate, flag: Flag, status: Status, categories: &[CategoryRow]) -> Released {
        let n = if status == Status::Published { published_n(&candidate) } else { 0 };
        let Candidate { indicator, category, group, sex, day, slot, estimate, .. } = candidate;
        let shown = estimate.filter(|_| flag != Flag::Suppressed && status == Status::Published);
        let interval = shown.and_then(|estimate| Some((estimate.value, estimate.half_width?)));
        let known_df = estimate.filter(|_| status == Status::Published);
        Released(EstimateRow {
            indicator,
            unit: indicator.unit(),
            timeline: categories[category].timeline,
            activity: categories[category].code.clone(),
            level: categories[category].level,
            sex: SexScope::code(sex).to_owned(),
            age_group: PopulationGroup::age_code(group).to_owned(),
            target_group: PopulationGroup::target_code(group).to_owned(),
            day: DayScope::code(day).to_owned(),
            slot,
            value: shown.map(|estimate| estimate.value),
            standard_error: shown.and_then(|estimate| estimate.standard_error),
            ci_low: interval.map(|(value, half)| value - half),
            ci_high: interval.map(|(value, half)| value + half),
            degrees_of_freedom: known_df.map(|estimate| estimate.degrees_of_freedom.into()),
            n,
            flag,
            status,
        })
    }
}
