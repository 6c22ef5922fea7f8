//! Predicates over answers. What uses them (routing, target groups) is elsewhere.

use serde::{Deserialize, Serialize};

use crate::answer::Answered;

/// A predicate over answers: routing in an instrument, membership of a target group.
/// A question without an answer satisfies none but `not`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Condition {
    /// The answer is, or includes, one of these option values.
    OneOf {
        /// Question name.
        question: String,
        /// Option values.
        values: Vec<String>,
    },
    /// The number answered lies between the bounds, both included; a bound left out does not bind.
    Between {
        /// Question name.
        question: String,
        /// Lowest number.
        #[serde(default)]
        min: Option<i64>,
        /// Highest number.
        #[serde(default)]
        max: Option<i64>,
    },
    /// All hold.
    All(Vec<Condition>),
    /// At least one holds.
    Any(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
}

impl Condition {
    /// Whether it holds for these answers.
    pub fn holds(&self, answers: &impl Answered) -> bool {
        match self {
            Condition::OneOf { question, values } => values.iter().any(|value| answers.has(question, value)),
            Condition::Between { question, min, max } => answers
                .number(question)
                .is_some_and(|number| min.is_none_or(|min| number >= min) && max.is_none_or(|max| number <= max)),
            Condition::All(conditions) => conditions.iter().all(|condition| condition.holds(answers)),
            Condition::Any(conditions) => conditions.iter().any(|condition| condition.holds(answers)),
            Condition::Not(condition) => !condition.holds(answers),
        }
    }

    /// The conditions on single questions that it is made of, in order.
    pub fn leaves(&self) -> Vec<&Condition> {
        match self {
            Condition::OneOf { .. } | Condition::Between { .. } => vec![self],
            Condition::All(conditions) | Condition::Any(conditions) => {
                conditions.iter().flat_map(Condition::leaves).collect()
            }
            Condition::Not(condition) => condition.leaves(),
        }
    }
}
