//! Questionnaires as data: sections, questions, options and the conditions that route between them.
//! Answers and the storage of answers are elsewhere.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::answer::Answers;
use crate::text::Label;

mod check;
mod condition;
mod validation;

pub use check::{InstrumentIssue, InstrumentProblem};
pub use condition::Condition;
pub use validation::{AnswerIssue, AnswerProblem};

/// A questionnaire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instrument {
    /// English name in code and files, such as `individual`.
    pub name: String,
    /// The last part of its address, in Italian, such as `individuale`.
    pub path: String,
    /// Grows by one whenever the wording, an option or the routing changes.
    pub version: u32,
    /// Title in every language.
    pub title: Label,
    /// What it asks, and how long it takes, in a sentence.
    pub introduction: Label,
    /// Pages, in order.
    #[serde(rename = "section")]
    pub sections: Vec<Section>,
}

/// Questions that stand on one page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// English name, unique in the instrument.
    pub name: String,
    /// Italian name in the address, such as `lavoro`, unique in the instrument.
    pub path: String,
    /// Title in every language.
    pub title: Label,
    /// A sentence above the questions.
    #[serde(default)]
    pub introduction: Option<Label>,
    /// Who is asked; everybody when left out.
    #[serde(default)]
    pub when: Option<Condition>,
    /// Questions, in order.
    #[serde(rename = "question")]
    pub questions: Vec<Question>,
}

/// A question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// English name, unique in the instrument; the `question` column of a snapshot.
    pub name: String,
    /// The wording.
    pub text: Label,
    /// A sentence that helps to answer.
    #[serde(default)]
    pub help: Option<Label>,
    /// What an answer looks like.
    pub answer: AnswerKind,
    /// Whether it may be left blank.
    #[serde(default)]
    pub optional: bool,
    /// Who is asked; everybody when left out.
    #[serde(default)]
    pub when: Option<Condition>,
}

/// What an answer looks like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum AnswerKind {
    /// One of these options.
    Single(Vec<AnswerOption>),
    /// One or more of these options.
    Multiple(Vec<AnswerOption>),
    /// A whole number between the bounds, both included.
    Number {
        /// Lowest.
        min: i64,
        /// Highest.
        max: i64,
    },
}

/// An option to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerOption {
    /// English value in code and files.
    pub value: String,
    /// Label in every language.
    pub label: Label,
    /// Whether it excludes every other option, such as "none".
    #[serde(default)]
    pub exclusive: bool,
}

impl Question {
    /// The options, none for a number.
    pub fn options(&self) -> &[AnswerOption] {
        match &self.answer {
            AnswerKind::Single(options) | AnswerKind::Multiple(options) => options,
            AnswerKind::Number { .. } => &[],
        }
    }

    /// The option with this value.
    pub fn option(&self, value: &str) -> Option<&AnswerOption> {
        self.options().iter().find(|option| option.value == value)
    }
}

impl Instrument {
    /// Reads an instrument written in TOML. [`Instrument::check`] then says whether it makes sense.
    ///
    /// # Errors
    /// When the text is not TOML, a field is missing, or a field is unknown; the message names the line.
    pub fn from_toml(text: &str) -> Result<Instrument, toml::de::Error> {
        toml::from_str(text)
    }

    /// Every question of every section, whether asked or not.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.sections.iter().flat_map(|section| &section.questions)
    }

    /// The question with this name.
    pub fn question(&self, name: &str) -> Option<&Question> {
        self.questions().find(|question| question.name == name)
    }

    /// The sections that a person with these answers goes through, each with its questions for that
    /// person; a section without any is left out. Only answers to questions that are themselves asked count.
    pub fn route(&self, answers: &Answers) -> Vec<(&Section, Vec<&Question>)> {
        let mut counted = Answers::default();
        let mut route = Vec::new();
        for section in &self.sections {
            if !holds(section.when.as_ref(), &counted) {
                continue;
            }
            let mut asked = Vec::new();
            for question in &section.questions {
                if holds(question.when.as_ref(), &counted) {
                    asked.push(question);
                    if let Some(answer) = answers.answer(&question.name) {
                        counted.set(&question.name, answer.clone());
                    }
                }
            }
            if !asked.is_empty() {
                route.push((section, asked));
            }
        }
        route
    }

    /// The questions that a person with these answers is asked, in order.
    pub fn questions_for(&self, answers: &Answers) -> Vec<&Question> {
        self.route(answers).into_iter().flat_map(|(_, questions)| questions).collect()
    }

    /// The answers without those to questions that are not asked (any more).
    pub fn prune(&self, answers: &Answers) -> Answers {
        let asked = self.questions_for(answers).into_iter();
        let kept = asked.filter_map(|question| Some((question.name.clone(), answers.answer(&question.name)?.clone())));
        Answers(kept.collect())
    }
}

/// The questionnaire about the person.
pub fn individual() -> &'static Instrument {
    &INDIVIDUAL
}

/// The questionnaire about the people the person lives with.
pub fn household() -> &'static Instrument {
    &HOUSEHOLD
}

/// Tempi's instruments, in the order in which people answer them.
pub fn all() -> [&'static Instrument; 2] {
    [individual(), household()]
}

static INDIVIDUAL: LazyLock<Instrument> = LazyLock::new(|| embedded(include_str!("../data/individual.toml")));
static HOUSEHOLD: LazyLock<Instrument> = LazyLock::new(|| embedded(include_str!("../data/household.toml")));

fn embedded(text: &str) -> Instrument {
    Instrument::from_toml(text).expect("the embedded instruments are well formed; a test reads them")
}

fn holds(condition: Option<&Condition>, answers: &Answers) -> bool {
    condition.is_none_or(|condition| condition.holds(answers))
}

#[cfg(test)]
#[path = "instrument_tests.rs"]
mod tests;
