//! Two releases side by side: which numbers changed, came, went, and by how much. Nothing is estimated here; a difference
//! is set against the standard errors that both releases state.

use std::collections::BTreeMap;

use analytics::table::{EstimateRow, Estimates, Indicator, Timeline};
use serde::Serialize;

/// What a row is about.
type Key<'a> = (Indicator, Timeline, &'a str, &'a str, &'a str, &'a str, &'a str, Option<u8>);

/// What became of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// Both releases show it, and it differs.
    Changed,
    /// It was not there before.
    New,
    /// It is there no more.
    Gone,
    /// It was hidden, for secrecy or as unreliable, and is shown now.
    Shown,
    /// It was shown, and is hidden now.
    Hidden,
}

/// A number that is not what it was.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// What became of it.
    pub fate: Fate,
    /// The row as it is, or as it was where it is gone.
    pub row: EstimateRow,
    /// The value before, when it was shown.
    pub before: Option<f64>,
    /// The value now, when it is shown.
    pub after: Option<f64>,
    /// The difference over the larger of both standard errors: what is a lot in minutes may be little in percent.
    pub in_standard_errors: Option<f64>,
}

impl Change {
    /// The value now less the value before, where both are shown.
    pub fn difference(&self) -> Option<f64> {
        Some(self.after? - self.before?)
    }
}

/// What has changed from one release to another.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Comparison {
    /// Numbers that are what they were, hidden ones included.
    pub n_same: usize,
    /// Numbers that differ.
    pub n_changed: usize,
    /// Numbers that were not there before.
    pub n_new: usize,
    /// Numbers that are there no more.
    pub n_gone: usize,
    /// Numbers that were hidden and are shown now.
    pub n_shown: usize,
    /// Numbers that were shown and are hidden now.
    pub n_hidden: usize,
    /// Each, the largest differences first, those of the tempogram's slots after all others.
    pub changes: Vec<Change>,
}

impl Comparison {
    /// Compares `after` with `before`.
    pub fn of(before: &Estimates, after: &Estimates) -> Comparison {
        let mut old: BTreeMap<Key, &EstimateRow> = before.rows.iter().map(|row| (key(row), row)).collect();
        let mut changes = Vec::new();
        let mut n_same = 0;
        for row in &after.rows {
            let was = old.remove(&key(row));
            match was.map(|was| (was, was.value, row.value)) {
                None => changes.push(change(Fate::New, row, None, row.value, None)),
                Some((_, None, None)) => n_same += 1,
                Some((_, Some(one), Some(other))) if one == other => n_same += 1,
                Some((was, Some(one), Some(other))) => {
                    let error = was.standard_error.unwrap_or(0.0).max(row.standard_error.unwrap_or(0.0));
                    let ratio = (error > 0.0).then(|| (other - one) / error);
                    changes.push(change(Fate::Changed, row, Some(one), Some(other), ratio));
                }
                Some((_, None, now)) => changes.push(change(Fate::Shown, row, None, now, None)),
                Some((_, was, None)) => changes.push(change(Fate::Hidden, row, was, None, None)),
            }
        }
        changes.extend(old.into_values().map(|row| change(Fate::Gone, row, row.value, None, None)));
        let size = |change: &Change| match (change.in_standard_errors, change.difference()) {
            (Some(ratio), _) => ratio.abs(),
            // Without an error any difference is more than chance.
            (None, Some(_)) => f64::MAX,
            (None, None) => -1.0,
        };
        // The slots of the tempogram are thousands, and each says little: they come after the rest.
        let is_slot = |change: &Change| change.row.slot.is_some();
        changes.sort_by(|one, other| {
            let by_size = size(other).total_cmp(&size(one));
            is_slot(one).cmp(&is_slot(other)).then(by_size).then_with(|| key(&one.row).cmp(&key(&other.row)))
        });
        let count = |fate| changes.iter().filter(|change| change.fate == fate).count();
        Comparison {
            n_same,
            n_changed: count(Fate::Changed),
            n_new: count(Fate::New),
            n_gone: count(Fate::Gone),
            n_shown: count(Fate::Shown),
            n_hidden: count(Fate::Hidden),
            changes,
        }
    }

    /// The numbers that differ, the largest differences first.
    pub fn largest(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| change.fate == Fate::Changed)
    }

    /// Every change as CSV.
    ///
    /// # Errors
    /// When a row cannot be written as CSV.
    pub fn csv(&self) -> Result<Vec<u8>, csv::Error> {
        let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
        writer.write_record(COLUMNS)?;
        for change in &self.changes {
            let row = &change.row;
            let about = (row.indicator, row.unit, row.timeline, &row.activity, row.level);
            let whom = (&row.sex, &row.age_group, &row.target_group, &row.day, row.slot);
            writer.serialize((about, whom, change.fate, change.before, change.after, change.difference()))?;
        }
        writer.into_inner().map_err(|error| error.into_error().into())
    }
}

/// The columns of a comparison.
pub(crate) const COLUMNS: [&str; 14] = [
    "indicator",
    "unit",
    "timeline",
    "activity",
    "level",
    "sex",
    "age_group",
    "target_group",
    "day",
    "slot",
    "fate",
    "before",
    "after",
    "difference",
];

fn change(fate: Fate, row: &EstimateRow, before: Option<f64>, after: Option<f64>, ratio: Option<f64>) -> Change {
    Change { fate, row: row.clone(), before, after, in_standard_errors: ratio }
}

fn key(row: &EstimateRow) -> Key<'_> {
    (row.indicator, row.timeline, &row.activity, &row.sex, &row.age_group, &row.target_group, &row.day, row.slot)
}
