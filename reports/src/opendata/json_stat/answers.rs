//! The answers to questionnaires as JSON-stat: a dataset for each question, one for all rows of a grid.

use std::borrow::Cow;

use super::cube::{Axis, Cube, Dataset, Unit, group};
use crate::opendata::Material;
use crate::opendata::codes::Variable;
use crate::opendata::questions::{Asked, unit};
use crate::text::Texts;

/// The file of a dataset.
pub fn name(asked: &Asked, texts: &Texts) -> String {
    let question = asked.name.replace('.', "-");
    format!("answers-{}-{question}-{}.json", asked.questionnaire, texts.language().tag())
}

/// The dataset of a question. A mean has no answer to choose, and no dimension of answers.
pub fn dataset(material: &Material, asked: &Asked, texts: &Texts) -> Dataset {
    let questions = &material.questions;
    let first_answer = asked.rows.first().map_or("", |row| &row.answer);
    let question = |code: &str| {
        let words = questions.in_words(code, first_answer, texts);
        if words.about.is_empty() { words.question } else { words.about.to_owned() }
    };
    let first_question = asked.rows.first().map_or("", |row| &row.question);
    let answer = |code: &str| questions.in_words(first_question, code, texts).answer.to_owned();
    let cells = asked.rows.iter().map(|row| {
        let people = group(&row.age_group, &row.target_group);
        ([&row.question, &row.answer, &row.sex, people].map(Cow::Borrowed), (*row).into())
    });
    let cube = Cube {
        label: asked.label(questions, texts),
        axes: [
            Axis::new("question", "question-words", texts, question),
            Axis::new("answer", "answer-words", texts, answer),
            Axis::sex(texts),
            Axis::group(material, texts),
        ],
        unit: Unit { label: Variable::Unit.label(unit(asked.measure()), texts), decimals: 1 },
        cells: cells.collect(),
    };
    cube.dataset(material, texts)
}
