//! Checks on a day, as issues that say where, and the grade of a finished diary.

use serde::Serialize;

use crate::diary::DiaryDraft;
use crate::slot::Span;

/// What is the matter: at once the test's name, the key of its message and its anchor in the docs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IssueCode {
    /// A span without main activity.
    UncoveredTime,
}

/// Something to mend or to confirm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Issue {
    /// What.
    pub code: IssueCode,
    /// Where; the whole day when it is about the day.
    pub span: Span,
}

impl Issue {
    /// Whether the day cannot be handed in as it is.
    pub fn is_blocking(&self) -> bool {
        self.code == IssueCode::UncoveredTime
    }
}

/// Looks a draft over. Never fails.
pub fn check(draft: &DiaryDraft) -> Vec<Issue> {
    let gaps = draft.main.spans().into_iter().filter(|(_, main)| main.is_none());
    gaps.map(|(span, _)| Issue { code: IssueCode::UncoveredTime, span }).collect()
}
