//! The answers of a snapshot, gathered by person.

use questionnaires::{Answer, Answers};

use super::error::SnapshotError;
use super::ids::{Dictionary, Ids, merged};
use super::part::{Part, Table};

/// A row: who, which question, what was said.
#[derive(Debug, Clone, Copy)]
struct Row {
    person: u32,
    question: u32,
    value: u32,
}

struct Rows {
    rows: Vec<Row>,
    questions: Dictionary,
    values: Dictionary,
}

/// The answers of each person of `ids`, whose table has the path `person_path`.
pub(super) fn read(
    table: &Table,
    ids: &Ids<'_>,
    person_path: &str,
    n_persons: usize,
) -> Result<Vec<Answers>, SnapshotError> {
    let parts = table.by_part(&["person_id", "question", "value"], |part| rows(part, ids, person_path))?;
    let (questions, question_places) = merged(parts.iter().map(|part| &part.questions));
    let (values, value_places) = merged(parts.iter().map(|part| &part.values));
    let mut rows = Vec::with_capacity(parts.iter().map(|part| part.rows.len()).sum());
    for ((part, question_places), value_places) in parts.into_iter().zip(question_places).zip(value_places) {
        rows.extend(part.rows.into_iter().map(|row| Row {
            question: question_places[row.question as usize],
            value: value_places[row.value as usize],
            ..row
        }));
    }
    // The options of a question stay in the order of the table.
    rows.sort_by_key(|row| (row.person, row.question));
    let mut answers = vec![Answers::default(); n_persons];
    for same in rows.chunk_by(|a, b| (a.person, a.question) == (b.person, b.question)) {
        let said = same.iter().map(|row| values[row.value as usize].clone()).collect();
        answers[same[0].person as usize].set(questions[same[0].question as usize].clone(), answer(said));
    }
    Ok(answers)
}

fn rows(part: &Part<'_>, ids: &Ids<'_>, person_path: &str) -> Result<Rows, SnapshotError> {
    let persons = part.full_text("person_id")?;
    let questions = part.full_text("question")?;
    let values = part.full_text("value")?;
    let mut rows = Rows {
        rows: Vec::with_capacity(persons.len()),
        questions: Dictionary::default(),
        values: Dictionary::default(),
    };
    let mut finder = ids.finder();
    for (row, ((id, question), value)) in persons.into_iter().zip(questions).zip(values).enumerate() {
        let person =
            finder.find(id).ok_or_else(|| part.row(row, format!("`person_id` {id} has no row in {person_path}")))?;
        let (question, value) = (rows.questions.number(question), rows.values.number(value));
        rows.rows.push(Row { person, question, value });
    }
    Ok(rows)
}

fn answer(mut values: Vec<String>) -> Answer {
    match (values.len(), values.pop()) {
        (1, Some(value)) => value.parse().map(Answer::Number).unwrap_or(Answer::Choice(value)),
        (_, last) => Answer::Choices(values.into_iter().chain(last).collect()),
    }
}
