//! Answers to a questionnaire, by question name.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What a person answered to one question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Answer {
    /// A whole number.
    Number(i64),
    /// One option's value.
    Choice(String),
    /// The values of several options, in the order of the question's options.
    Choices(Vec<String>),
    /// Words of one's own, or a time of day such as `08:30`.
    #[serde(skip_deserializing)]
    Text(String),
}

/// Answers that conditions can be put to.
pub trait Answered {
    /// The number answered to `question`.
    fn number(&self, question: &str) -> Option<i64>;
    /// Whether `value` was chosen for `question`, alone or among others.
    fn has(&self, question: &str, value: &str) -> bool;
}

impl Answered for Answers {
    fn number(&self, question: &str) -> Option<i64> {
        Answers::number(self, question)
    }

    fn has(&self, question: &str, value: &str) -> bool {
        Answers::has(self, question, value)
    }
}

/// All answers of one person, in the order of their names: the question's, or one such as `services.post.wait` within a grid
/// and `members.2.age` within a roster.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(pub BTreeMap<String, Answer>);

impl Answers {
    /// The answer to `question`.
    pub fn answer(&self, question: &str) -> Option<&Answer> {
        self.0.get(question)
    }

    /// The number answered to `question`.
    pub fn number(&self, question: &str) -> Option<i64> {
        match self.answer(question)? {
            Answer::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The option chosen for `question`.
    pub fn choice(&self, question: &str) -> Option<&str> {
        match self.answer(question)? {
            Answer::Choice(value) => Some(value),
            _ => None,
        }
    }

    /// Whether `value` was chosen for `question`, alone or among others.
    pub fn has(&self, question: &str, value: &str) -> bool {
        match self.answer(question) {
            Some(Answer::Choice(chosen)) => chosen == value,
            Some(Answer::Choices(chosen)) => chosen.iter().any(|one| one == value),
            _ => false,
        }
    }

    /// States an answer.
    pub fn set(&mut self, question: impl Into<String>, answer: Answer) {
        self.0.insert(question.into(), answer);
    }

    /// The answers as rows of `question, value`, one row per chosen option: the form of a snapshot.
    pub fn rows(&self) -> Vec<(&str, String)> {
        let mut rows = Vec::new();
        for (question, answer) in &self.0 {
            match answer {
                Answer::Number(number) => rows.push((question.as_str(), number.to_string())),
                Answer::Choice(value) | Answer::Text(value) => rows.push((question.as_str(), value.clone())),
                Answer::Choices(values) => rows.extend(values.iter().map(|value| (question.as_str(), value.clone()))),
            }
        }
        rows
    }
}
