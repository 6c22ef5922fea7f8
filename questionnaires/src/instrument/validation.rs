//! Whether answers fit an instrument: everything asked is answered, and nothing else.

use super::{AnswerKind, Field, Instrument, Question};
use crate::answer::{Answer, Answers};

/// Something to mend in a person's answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerIssue {
    /// The name of the answer, such as `age` or `services.post.wait`.
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
    /// The text is too long.
    TooLong {
        /// Characters at most.
        max: u32,
    },
    /// A text holds a character that nobody types.
    ControlCharacter,
    /// Not a time of day such as `08:30`.
    NotATime,
    /// The end of a spell whose beginning is missing.
    NoBeginning,
    /// A spell that ends when it begins.
    EmptySpell,
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
            (AnswerKind::Text { max }, Answer::Text(text)) => self.problem_of_text(text, *max),
            (AnswerKind::Time { .. }, Answer::Text(text)) => (!is_time(text)).then_some(AnswerProblem::NotATime),
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

    fn problem_of_text(&self, text: &str, max: u32) -> Option<AnswerProblem> {
        if text.trim().is_empty() {
            return (!self.optional).then_some(AnswerProblem::Missing);
        }
        if text.chars().count() > max as usize {
            return Some(AnswerProblem::TooLong { max });
        }
        text.chars()
            .any(|character| character.is_control() && character != '\n')
            .then_some(AnswerProblem::ControlCharacter)
    }
}

/// Whether a text is a time of day, `00:00` to `23:59`.
pub(crate) fn is_time(text: &str) -> bool {
    let digits = |part: &str, below: u32| {
        part.len() == 2
            && part.bytes().all(|byte| byte.is_ascii_digit())
            && part.parse::<u32>().is_ok_and(|number| number < below)
    };
    text.split_once(':').is_some_and(|(hours, minutes)| digits(hours, 24) && digits(minutes, 60))
}

impl Field<'_> {
    /// What is wrong with the answer to this field among a person's answers, if anything.
    pub fn problem(&self, answers: &Answers) -> Option<AnswerProblem> {
        let answer = answers.answer(&self.name);
        let AnswerKind::Time { from: Some(from) } = &self.question.answer else {
            return self.question.problem(answer);
        };
        let prefix = self.name.strip_suffix(&self.question.name).unwrap_or_default();
        match (answers.answer(&format!("{prefix}{from}")), answer) {
            (None, None) => None,
            (Some(_), None) => Some(AnswerProblem::Missing),
            (None, Some(_)) => Some(AnswerProblem::NoBeginning),
            (Some(beginning), Some(end)) if beginning == end => Some(AnswerProblem::EmptySpell),
            (Some(_), Some(_)) => self.question.problem(answer),
        }
    }
}

impl Instrument {
    /// Everything to mend before these answers can be handed in, in the order of the questions;
    /// answers to questions that are not asked come last. Never fails.
    pub fn validate(&self, answers: &Answers) -> Vec<AnswerIssue> {
        let asked = self.fields_for(answers);
        let problems = asked.iter().filter_map(|field| {
            let problem = field.problem(answers)?;
            Some(AnswerIssue { question: field.name.clone(), problem })
        });
        let not_asked = answers.0.keys().filter(|name| asked.iter().all(|field| field.name != **name));
        let not_asked = not_asked.map(|name| AnswerIssue { question: name.clone(), problem: AnswerProblem::NotAsked });
        problems.chain(not_asked).collect()
    }
}
