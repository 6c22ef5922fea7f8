//! Disclosure: the only way from a candidate to a row that may be published. Two rules are kept apart: confidentiality
//! (`withheld`, whatever could be worked out included) and reliability (too uncertain: `suppressed`).
//!
//! The general part knows tables only: cells and their sums ([`CellSystem`]), primary rules ([`PrimaryRules`]), secondary
//! suppression ([`protect`]) and the audit ([`audit()`]). The other part makes such a system of a release of time-use
//! estimates ([`SecrecyRules::release`]).

mod answers;
mod audit;
mod cell;
mod contributions;
mod crossed;
mod decision;
mod frame;
mod further;
mod giving_back;
mod groups;
mod history;
mod insiders;
mod primary;
mod product;
mod proof;
mod region;
mod release;
mod release_audit;
mod reliability;
mod rows;
mod rules;
mod secondary;
mod simplex;
mod system;
mod tableau;
mod untold;
mod widening;

pub use answers::{AnswerAuditRow, AnswerContext, AnswerRelease, ReleasedAnswer, WithheldDomains};
pub use audit::{AuditRow, Extent, audit};
pub use cell::{Bounds, Cell, CellId, CellSystem, Crossing, Limit, Openness, Relation};
pub use crossed::{CrossedTable, Dimension, Record};
pub use frame::Frame;
pub use groups::{Difference, PersonSet, differences, disclosing_differences};
pub use history::{AnswerKey, History, HistoryError, HistoryKey, Past};
pub use insiders::Insiders;
pub use primary::{Dominance, MinimumFrequency, PPercent, PrimaryRules, Protection};
pub use release::{Release, ReleaseContext};
pub use release_audit::{ReleaseAuditRow, write_audit};
pub use reliability::N_TO_SHOW;
pub use rows::Released;
pub use rules::{NonParticipants, Rests, SecrecyRules, Unlisted};
pub use secondary::{Demand, Pattern, Verdict, protect, suppress};
