//! The audit of answers in words that the office can check. It holds true values of withheld numbers and is as confidential as
//! the data.

use serde::Serialize;

use super::super::audit::{Extent, audit};
use super::super::history::AnswerKey;
use super::{AnswerContext, AnswerRelease, decide};
use crate::answers::AnswerCandidate;

/// One withheld cell, or one that no table tells and that sums lead to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AnswerAuditRow {
    /// What is added up: `weights`, `persons`, or `sums` of numbers.
    pub table: &'static str,
    /// The questionnaire; blank where no number tells of these persons.
    pub questionnaire: String,
    /// The question.
    pub question: String,
    /// The answer; blank for all who answered, and for a sum.
    pub answer: String,
    /// `all`, `F` or `M`.
    pub sex: String,
    /// `all` or an age group.
    pub age_group: String,
    /// `all`, a target group or a zone.
    pub target_group: String,
    /// `primary` or `secondary`.
    pub verdict: &'static str,
    /// The true value.
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

impl AnswerRelease {
    /// What an outsider can tell of each withheld cell, table by table. `candidates` are those that were released.
    pub fn audit(&self, candidates: &[AnswerCandidate], context: AnswerContext<'_>) -> Vec<AnswerAuditRow> {
        let mut rows = Vec::new();
        for table in &self.tables {
            let system = table.nodes.system(table.response);
            for row in audit(&system, &table.pattern) {
                let name = table.nodes.nodes[row.cell].name;
                let key = name.map(|(candidate, as_base)| {
                    let key = decide::key(&candidates[candidate], context);
                    if as_base { AnswerKey { answer: String::new(), ..key } } else { key }
                });
                let AnswerKey { questionnaire, question, answer, sex, age_group, target_group } =
                    key.unwrap_or_default();
                rows.push(AnswerAuditRow {
                    table: table.name,
                    questionnaire,
                    question,
                    answer,
                    sex,
                    age_group,
                    target_group,
                    verdict: row.verdict.code(),
                    value: row.value,
                    low: row.low,
                    high: row.high,
                    required_down: row.required.map_or(0.0, |required| required.down),
                    required_up: row.required.map_or(0.0, |required| required.up),
                    extent: row.extent,
                    protected: row.is_protected(),
                });
            }
        }
        rows
    }
}
