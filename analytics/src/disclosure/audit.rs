//! The audit: within what interval an outsider can place every withheld cell, given everything published. It knows
//! only the tables and what is withheld, nothing of how that was found.

use serde::Serialize;

use super::cell::{CellId, CellSystem};
use super::primary::Protection;
use super::product::{Wanted, movement_by_products};
use super::region::{Reach, Region, Search, View};
use super::secondary::{Pattern, Verdict};

/// Cells that one linear programme of the audit holds at most.
const LARGEST: usize = 1500;
/// All cells tied together.
const WHOLE: Reach = Reach { cells: usize::MAX, per_relation: usize::MAX };
/// How much of the required protection may be lost to rounding.
const ROUNDING: f64 = 1e-6;

/// How sure the audit is of an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Extent {
    /// It is the whole interval.
    Exact,
    /// The cells tied together are too many for one programme, or it was left early: the interval is at least this wide.
    AtLeast,
}

/// What an outsider can tell about one withheld cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AuditRow {
    /// The cell.
    pub cell: CellId,
    /// Why it is withheld.
    pub verdict: Verdict,
    /// Its true value.
    pub value: f64,
    /// The lowest value that agrees with everything published.
    pub low: f64,
    /// The highest; infinite where nothing bounds it.
    pub high: f64,
    /// How sure that is.
    pub extent: Extent,
    /// The protection it needs, where it is unsafe.
    pub required: Option<Protection>,
}

impl AuditRow {
    /// Whether the interval leaves as much open as the rules ask for.
    pub fn is_protected(&self) -> bool {
        self.required.is_none_or(|Protection { up, down }| {
            self.high >= self.value + up * (1.0 - ROUNDING) && self.low <= self.value - down * (1.0 - ROUNDING)
        })
    }
}

/// A row for every withheld cell and for every unsafe one that no table lists, in the order of the system.
pub fn audit(system: &CellSystem, pattern: &Pattern) -> Vec<AuditRow> {
    let hidden: Vec<bool> = (0..system.cells().len()).map(|cell| pattern.hides(system, cell)).collect();
    let wanted = |cell: &CellId| pattern.verdicts[*cell] != Verdict::Published;
    let row = |cell: CellId| {
        let view =
            View { system, hidden: &hidden, known: None, respondent_of: &[], kept_open: None, dearest: f64::INFINITY };
        let value = system.cells()[cell].value;
        let required = pattern.required[cell];
        let scale = required.map_or(0.0, |required| required.up).max(value.abs() * 0.1).max(f64::MIN_POSITIVE);
        let reach = Reach { cells: LARGEST, per_relation: usize::MAX };
        let mut region = Region::around(view, cell, Search::AmongHidden, reach, scale);
        let (low, high) = region.interval(cell);
        let extent = if region.is_exact() { Extent::Exact } else { Extent::AtLeast };
        let mut row = AuditRow { cell, verdict: pattern.verdicts[cell], value, low, high, extent, required };
        if let (Extent::AtLeast, false, Some(required)) = (extent, row.is_protected(), required) {
            // A part of the cells tied together was not enough; another part may be, and all of them must be.
            row.high = row.high.max(value + reached(view, Wanted { cell, direction: 1.0, distance: required.up }));
            row.low = row.low.min(value - reached(view, Wanted { cell, direction: -1.0, distance: required.down }));
            if !row.is_protected() {
                let mut whole = Region::around(view, cell, Search::AmongHidden, WHOLE, scale);
                let (low, high) = whole.interval(cell);
                (row.low, row.high) = (row.low.min(low), row.high.max(high));
                row.extent = if whole.is_exact() { Extent::Exact } else { Extent::AtLeast };
            }
        }
        row
    };
    (0..system.cells().len()).filter(wanted).map(row).collect()
}

/// How far a cell is known to be able to move: as far as asked for, or not at all.
fn reached(view: View<'_>, wanted: Wanted) -> f64 {
    movement_by_products(view, wanted, Search::AmongHidden).map_or(0.0, |_| wanted.distance)
}
