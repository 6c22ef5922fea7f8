//! Whether an instrument makes sense: names, labels, options, and conditions that can be met.

use super::{AnswerKind, AnswerOption, Condition, Instrument, Question};
use crate::text::{Label, Language};

/// Something wrong with an instrument or with a condition over its questions.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct InstrumentIssue {
    /// Names from the outside in, such as `individual.work.weekly_hours`.
    pub place: String,
    /// What is wrong.
    pub problem: InstrumentProblem,
}

/// What is wrong with an instrument.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InstrumentProblem {
    /// A name that is not lower-case English in snake case, or an empty one.
    #[error("`{0}` is not a name: use small letters, digits and `_`")]
    BadName(String),
    /// Two sections, questions or options with the same name, path or value.
    #[error("`{0}` stands there twice")]
    Duplicate(String),
    /// A text without words in a language.
    #[error("a text has no words in `{}`", .0.tag())]
    EmptyText(Language),
    /// A choice of fewer than two options.
    #[error("a choice needs at least two options")]
    TooFewOptions,
    /// The bounds of a number exclude every number.
    #[error("the lowest number is above the highest")]
    EmptyRange,
    /// A section without questions.
    #[error("a section needs at least one question")]
    NoQuestions,
    /// A condition on a question that does not exist or is asked only later.
    #[error("the condition looks at `{0}`, which no earlier question is called")]
    UnknownQuestion(String),
    /// A condition on an option that its question does not have.
    #[error("the condition looks for `{value}`, which `{question}` does not offer")]
    UnknownOption {
        /// Question name.
        question: String,
        /// Option value.
        value: String,
    },
    /// A condition on the options of a number, or on the size of a choice.
    #[error("the condition does not fit the kind of answer that `{0}` asks for")]
    WrongKind(String),
}

impl Instrument {
    /// Looks the instrument over. Never fails; no issues means that it can be put to people.
    pub fn check(&self) -> Vec<InstrumentIssue> {
        let mut findings = Findings { issues: Vec::new() };
        findings.name(&self.name, &self.name);
        findings.texts(&self.name, [&self.title, &self.introduction]);
        findings.duplicates(&self.name, self.sections.iter().map(|section| section.name.as_str()));
        findings.duplicates(&self.name, self.sections.iter().map(|section| section.path.as_str()));
        findings.duplicates(&self.name, self.questions().map(|question| question.name.as_str()));

        let mut earlier: Vec<&Question> = Vec::new();
        for section in &self.sections {
            let place = format!("{}.{}", self.name, section.name);
            findings.name(&place, &section.name);
            findings.texts(&place, std::iter::once(&section.title).chain(&section.introduction));
            findings.condition(&place, section.when.as_ref(), &earlier);
            if section.questions.is_empty() {
                findings.add(&place, InstrumentProblem::NoQuestions);
            }
            for question in &section.questions {
                let place = format!("{place}.{}", question.name);
                findings.question(&place, question);
                findings.condition(&place, question.when.as_ref(), &earlier);
                earlier.push(question);
            }
        }
        findings.issues
    }
}

impl Condition {
    /// Looks the condition over against the questions that are answered before it. `place` goes into the issues.
    pub fn check(&self, place: &str, earlier: &[&Question]) -> Vec<InstrumentIssue> {
        let mut findings = Findings { issues: Vec::new() };
        findings.condition(place, Some(self), earlier);
        findings.issues
    }
}

struct Findings {
    issues: Vec<InstrumentIssue>,
}

impl Findings {
    fn add(&mut self, place: &str, problem: InstrumentProblem) {
        self.issues.push(InstrumentIssue { place: place.to_owned(), problem });
    }

    fn question(&mut self, place: &str, question: &Question) {
        self.name(place, &question.name);
        self.texts(place, std::iter::once(&question.text).chain(&question.help));
        match &question.answer {
            AnswerKind::Single(options) | AnswerKind::Multiple(options) => self.options(place, options),
            AnswerKind::Number { min, max } if min > max => self.add(place, InstrumentProblem::EmptyRange),
            AnswerKind::Number { .. } => {}
        }
    }

    fn options(&mut self, place: &str, options: &[AnswerOption]) {
        if options.len() < 2 {
            self.add(place, InstrumentProblem::TooFewOptions);
        }
        self.duplicates(place, options.iter().map(|option| option.value.as_str()));
        self.texts(place, options.iter().map(|option| &option.label));
        for option in options.iter().filter(|option| option.value.trim().is_empty()) {
            self.add(place, InstrumentProblem::BadName(option.value.clone()));
        }
    }

    fn name(&mut self, place: &str, name: &str) {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        if name.is_empty() || !name.bytes().all(allowed) {
            self.add(place, InstrumentProblem::BadName(name.to_owned()));
        }
    }

    fn texts<'a>(&mut self, place: &str, labels: impl IntoIterator<Item = &'a Label>) {
        for label in labels {
            for language in Language::COMPLETE {
                if label.text(language).trim().is_empty() {
                    self.add(place, InstrumentProblem::EmptyText(language));
                }
            }
        }
    }

    fn duplicates<'a>(&mut self, place: &str, names: impl Iterator<Item = &'a str>) {
        let mut seen = Vec::new();
        for name in names {
            if seen.contains(&name) {
                self.add(place, InstrumentProblem::Duplicate(name.to_owned()));
            }
            seen.push(name);
        }
    }

    fn condition(&mut self, place: &str, condition: Option<&Condition>, earlier: &[&Question]) {
        for leaf in condition.map(Condition::leaves).unwrap_or_default() {
            let (Condition::OneOf { question: name, .. } | Condition::Between { question: name, .. }) = leaf else {
                continue;
            };
            let Some(question) = earlier.iter().find(|question| question.name == *name) else {
                self.add(place, InstrumentProblem::UnknownQuestion(name.clone()));
                continue;
            };
            match (leaf, &question.answer) {
                (Condition::Between { .. }, AnswerKind::Number { .. }) => {}
                (Condition::OneOf { values, .. }, AnswerKind::Single(_) | AnswerKind::Multiple(_)) => {
                    for value in values.iter().filter(|value| question.option(value).is_none()) {
                        let problem = InstrumentProblem::UnknownOption { question: name.clone(), value: value.clone() };
                        self.add(place, problem);
                    }
                }
                _ => self.add(place, InstrumentProblem::WrongKind(name.clone())),
            }
        }
    }
}
