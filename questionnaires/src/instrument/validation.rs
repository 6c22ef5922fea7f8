//! Whether answers fit an instrument: everything asked is answered, and nothing else.

use super::{AnswerKind, Instrument, Question};
use crate::answer::{Answer, Answers};

/// Something to mend in a person's answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerIssue {
    /// The question's name.
    pub question: String,
    /// What is wrong.
    pub problem: AnswerProblem,
}

/// What is wrong with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerProblem {
    /// It is missing.
    Missing,
    /// A number where an option is asked for, or several options where one is.
    WrongKind,
    /// It is not one of the options.
    UnknownOption,
    /// The same option twice.
    RepeatedOption,
    /// An option that excludes the others, together with others.
    ExclusiveOption,
    /// The number is out of bounds.
    OutOfRange {
        /// Lowest number allowed.
        min: i64,
        /// Highest number allowed.
        max: i64,
    },
    /// The person is not asked this question.
    NotAsked,
}

impl Question {
    /// What is wrong with an answer to this question, if anything; `None` stands for a question left blank.
    pub fn problem(&self, answer: Option<&Answer>) -> Option<AnswerProblem> {
        let Some(answer) = answer else {
            return (!self.optional).then_some(AnswerProblem::Missing);
        };
        match (&self.answer, answer) {
            (AnswerKind::Number { min, max }, Answer::Number(number)) => {
                (!(*min..=*max).contains(number)).then_some(AnswerProblem::OutOfRange { min: *min, max: *max })
            }
            (AnswerKind::Single(_), Answer::Choice(value)) => {
                self.option(value).is_none().then_some(AnswerProblem::UnknownOption)
            }
            (AnswerKind::Multiple(_), Answer::Choices(values)) => self.problem_of_choices(values),
            _ => Some(AnswerProblem::WrongKind),
        }
    }

    fn problem_of_choices(&self, values: &[String]) -> Option<AnswerProblem> {
        if values.is_empty() {
            return (!self.optional).then_some(AnswerProblem::Missing);
        }
        for (index, value) in values.iter().enumerate() {
            match self.option(value) {
                None => return Some(AnswerProblem::UnknownOption),
                Some(option) if option.exclusive && values.len() > 1 => return Some(AnswerProblem::ExclusiveOption),
                Some(_) if values[..index].contains(value) => return Some(AnswerProblem::RepeatedOption),
                Some(_) => {}
            }
        }
        None
    }
}

impl Instrument {
    /// Everything to mend before these answers can be handed in, in the order of the questions;
    /// answers to questions that are not asked come last. Never fails.
    pub fn validate(&self, answers: &Answers) -> Vec<AnswerIssue> {
        let asked = self.questions_for(answers);
        let problems = asked.iter().filter_map(|question| {
            let problem = question.problem(answers.answer(&question.name))?;
            Some(AnswerIssue { question: question.name.clone(), problem })
        });
        let not_asked = answers.0.keys().filter(|name| asked.iter().all(|question| question.name != **name));
        let not_asked = not_asked.map(|name| AnswerIssue { question: name.clone(), problem: AnswerProblem::NotAsked });
        problems.chain(not_asked).collect()
    }
}
