//! The audit of a release in words that the office can check: `audit.csv`. It holds true values of withheld numbers and
//! is as confidential as the data.

use std::path::Path;

use serde::Serialize;

use super::audit::{AuditRow, Extent};
use super::frame::{AVERAGE, N_DAYS, N_SEXES, UNLISTED_SEX};
use super::release::ReleaseContext;
use crate::domain::{PopulationGroup, SexScope};
use crate::table::Timeline;

/// One withheld cell, or one that no table lists and that sums lead to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReleaseAuditRow {
    /// What is added up: `minutes`, `participants` (both weighted) or `counts`; led by its indicator where that has a
    /// table of its own; `value` for euros beside the minutes.
    pub table: String,
    /// The timeline.
    pub timeline: Timeline,
    /// Code of the category in its timeline.
    pub activity: String,
    /// `all`, `F`, `M`, or `X` for those whose sex has no rows.
    pub sex: String,
    /// The group; a rest as `all - students`.
    pub group: String,
    /// `average`, `weekday`, `saturday` or `sunday`.
    pub day: &'static str,
    /// `primary` or `secondary`.
    pub verdict: &'static str,
    /// The true value, in weighted minutes, weighted persons or persons.
    pub value: f64,
    /// The lowest value that agrees with everything published.
    pub low: f64,
    /// The highest.
    pub high: f64,
    /// How far below the value an outsider must be kept; 0 for a secondary cell.
    pub required_down: f64,
    /// How far above.
    pub required_up: f64,
    /// Whether the interval is exact, or at least this wide.
    pub extent: Extent,
    /// Whether the interval leaves as much open as required.
    pub protected: bool,
}

impl ReleaseAuditRow {
    pub(super) fn new(table: String, place: usize, row: AuditRow, context: ReleaseContext<'_>) -> ReleaseAuditRow {
        let frame = context.frame;
        let n_domains = frame.n_persons.len();
        let domain = place % n_domains;
        let is_value = place / n_domains >= context.categories.len();
        let valued = context.value.map_or(0, |value| value.category);
        let category = &context.categories[if is_value { valued } else { place / n_domains }];
        let sex = match domain / N_DAYS % N_SEXES {
            UNLISTED_SEX => "X",
            sex => SexScope::ALL[sex].code(),
        };
        let day = match domain % N_DAYS {
            AVERAGE => "average",
            day => questionnaires::DayKind::ALL[day].code(),
        };
        ReleaseAuditRow {
            table: if is_value { "value".to_owned() } else { table },
            timeline: category.timeline,
            activity: category.code.clone(),
            sex: sex.to_owned(),
            group: name_of_group(context, domain / (N_SEXES * N_DAYS)),
            day,
            verdict: row.verdict.code(),
            value: row.value,
            low: row.low,
            high: row.high,
            required_down: row.required.map_or(0.0, |required| required.down),
            required_up: row.required.map_or(0.0, |required| required.up),
            extent: row.extent,
            protected: row.is_protected(),
        }
    }
}

fn name_of_group(context: ReleaseContext<'_>, group: usize) -> String {
    let name = |group: PopulationGroup| match group {
        PopulationGroup::Age(_) => group.age_code(),
        _ => group.target_code(),
    };
    let frame = context.frame;
    if let Some(group) = frame.groups.get(group) {
        return name(*group).to_owned();
    }
    // A rest comes after what it is a rest of.
    let split = frame.splits.iter().find(|split| split.parts.last() == Some(&group) && split.whole != group);
    split.map_or_else(String::new, |split| {
        let known = [split.whole].into_iter().chain(split.parts[..split.parts.len() - 1].iter().copied());
        let names = known.filter(|other| *other < group).map(|other| name_of_group(context, other));
        names.collect::<Vec<_>>().join(" - ")
    })
}

/// Writes the rows of an audit, of time use or of answers, as CSV. The file is for the office only.
pub fn write_audit<Row: Serialize>(path: &Path, rows: &[Row]) -> std::io::Result<()> {
    let mut writer = csv::Writer::from_path(path)?;
    for row in rows {
        writer.serialize(row)?;
    }
    writer.flush()
}
