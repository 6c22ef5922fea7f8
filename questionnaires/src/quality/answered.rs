//! What becomes of the answer "yes, it was so" when the day is edited afterwards.

use super::{Issue, IssueCode, check};
use crate::diary::DiaryDraft;
use crate::slot::{SLOTS_PER_DAY, Slot, Span};

/// Whether an answer given to `issue` of the day `before` still answers it in the day `after`: the issue is still there, and
/// nothing that was said of the time it is about has changed. A question about the whole day (no sleep, no meal, few
/// activities) stays answered as long as it would be asked again.
pub fn still_answered(issue: &Issue, before: &DiaryDraft, after: &DiaryDraft) -> bool {
    let is_said_alike = |span: Span| span.range().all(|slot| before.fields_at(slot) == after.fields_at(slot));
    check(after).contains(issue) && (issue.span == Span::DAY || is_said_alike(evidence(issue)))
}

/// The time that an issue rests on: its span and, where it is about coming and going, the ten minutes before and after.
fn evidence(issue: &Issue) -> Span {
    let span = issue.span;
    let looks_around =
        matches!(issue.code, IssueCode::MissingTravel | IssueCode::TravelWithoutChangeOfPlace | IssueCode::HastyTravel);
    if !looks_around {
        return span;
    }
    let start = span.start().index().saturating_sub(1);
    let end = (span.end().index() + 1).min(SLOTS_PER_DAY);
    Slot::new(start).zip(Slot::new(end)).and_then(|(start, end)| Span::new(start, end)).unwrap_or(span)
}
