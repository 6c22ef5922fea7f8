//! The answers to questionnaires, question by question: those of one column of a grid together, as its figure has them.

use std::collections::BTreeMap;

use analytics::table::{AnswerMeasure, AnswerRow, Estimates, QuestionRow};
use questionnaires::Language;

use crate::figure::needs;
use crate::text::Texts;

/// The unit of means: the one in which the question asks, minutes or hours or people.
const UNIT_OF_QUESTION: &str = "unit_of_question";

/// A question, or a question of a grid about each of its rows.
pub struct Asked<'a> {
    /// The questionnaire's name.
    pub questionnaire: &'a str,
    /// The question's name without the row of a grid, such as `service_hours.collides`.
    pub name: String,
    /// Its numbers, in the order of the estimates.
    pub rows: Vec<&'a AnswerRow>,
}

/// The questions and what they and their answers are in words.
pub struct Questions<'a> {
    /// The questions that have numbers, in the order of the numbers.
    pub asked: Vec<Asked<'a>>,
    words: BTreeMap<(&'a str, &'a str), &'a QuestionRow>,
}

impl<'a> Questions<'a> {
    /// Those of the estimates.
    pub fn of(estimates: &'a Estimates) -> Questions<'a> {
        let words: BTreeMap<(&str, &str), &QuestionRow> =
            estimates.questions.iter().map(|row| ((row.question.as_str(), row.answer.as_str()), row)).collect();
        let mut asked: Vec<Asked> = Vec::new();
        for row in &estimates.answers {
            let question = words.get(&(row.question.as_str(), row.answer.as_str()));
            let name = question.map_or_else(|| row.question.clone(), |question| needs::without_row(question));
            let is_it = |one: &&mut Asked| (one.questionnaire, &one.name) == (row.questionnaire.as_str(), &name);
            match asked.iter_mut().rev().find(is_it) {
                Some(known) => known.rows.push(row),
                None => asked.push(Asked { questionnaire: &row.questionnaire, name, rows: vec![row] }),
            }
        }
        Questions { asked, words }
    }

    /// Question, what it is about in a grid, answer, each in words; what nobody described goes by its name.
    pub fn in_words<'b>(&self, question: &'b str, answer: &'b str, texts: &Texts) -> InWords<'b>
    where
        'a: 'b,
    {
        let Some(row) = self.words.get(&(question, answer)).copied() else {
            return InWords { question: question.to_owned(), about: "", answer };
        };
        let [question, about, answer] = match texts.language() {
            Language::It | Language::Ar => [&row.question_it, &row.about_it, &row.answer_it],
            Language::En => [&row.question_en, &row.about_en, &row.answer_en],
        };
        let day = match row.day.as_str() {
            day @ ("weekday" | "weekend") => format!(" ({})", texts.text(&format!("code-day-{day}")).to_lowercase()),
            _ => String::new(),
        };
        InWords { question: format!("{question}{day}"), about, answer }
    }
}

/// An answer in words.
pub struct InWords<'a> {
    /// The question, with the kind of day that it is about.
    pub question: String,
    /// The row of a grid; blank elsewhere.
    pub about: &'a str,
    /// The option; blank for a number.
    pub answer: &'a str,
}

impl Asked<'_> {
    /// What its numbers are.
    pub fn measure(&self) -> AnswerMeasure {
        self.rows.first().map_or(AnswerMeasure::Share, |row| row.measure)
    }

    /// The question in words, and what its numbers are.
    pub fn label(&self, questions: &Questions, texts: &Texts) -> String {
        let first = self.rows.first().map(|row| (row.question.as_str(), row.answer.as_str())).unwrap_or_default();
        let question = questions.in_words(first.0, first.1, texts).question;
        format!("{question} · {}", measure(self.measure(), texts))
    }
}

/// What a number is, in words.
pub fn measure(measure: AnswerMeasure, texts: &Texts) -> String {
    texts.text(match measure {
        AnswerMeasure::Share => "code-answer-share",
        AnswerMeasure::Mean => "code-answer-mean",
    })
}

/// The code of the unit of a number.
pub fn unit(measure: AnswerMeasure) -> &'static str {
    match measure {
        AnswerMeasure::Share => "percent",
        AnswerMeasure::Mean => UNIT_OF_QUESTION,
    }
}
