//! The answers of a snapshot: one table for all persons, of which each has some rows.

use std::ops::Range;
use std::sync::Arc;

use questionnaires::{Answer, Answered};

use super::error::SnapshotError;
use super::ids::{Dictionary, Ids, merged};
use super::part::{Part, Table};

/// The answers of one person. Copies share the table.
#[derive(Clone)]
pub struct PersonAnswers {
    table: Arc<AnswerTable>,
    rows: Range<u32>,
}

/// What all persons answered, as numbers of texts; person by person, then in the order of questions.
#[derive(Debug, Default)]
struct AnswerTable {
    /// Sorted.
    questions: Vec<String>,
    values: Vec<String>,
    /// By value, the whole number that it says.
    numbers: Vec<Option<i64>>,
    rows: Vec<Given>,
}

/// A question, and what was said: an option of several has a row of its own.
#[derive(Debug, Clone, Copy)]
struct Given {
    question: u32,
    value: u32,
}

impl PersonAnswers {
    /// The answer to `question`.
    pub fn answer(&self, question: &str) -> Option<Answer> {
        let value = |given: &Given| self.table.values[given.value as usize].clone();
        match self.to(question) {
            [] => None,
            [one] => Some(match self.table.numbers[one.value as usize] {
                Some(number) => Answer::Number(number),
                None => Answer::Choice(value(one)),
            }),
            several => Some(Answer::Choices(several.iter().map(value).collect())),
        }
    }

    /// The number answered to `question`.
    pub fn number(&self, question: &str) -> Option<i64> {
        match self.to(question) {
            [one] => self.table.numbers[one.value as usize],
            _ => None,
        }
    }

    /// Whether `value` was chosen for `question`, alone or among others.
    pub fn has(&self, question: &str, value: &str) -> bool {
        let is_it = |given: &Given| self.table.values[given.value as usize] == value;
        match self.to(question) {
            [one] => self.table.numbers[one.value as usize].is_none() && is_it(one),
            several => several.iter().any(is_it),
        }
    }

    /// What was said to `question`: a value for each chosen option.
    pub fn values(&self, question: &str) -> impl Iterator<Item = &str> {
        self.to(question).iter().map(|given| self.table.values[given.value as usize].as_str())
    }

    fn rows(&self) -> &[Given] {
        &self.table.rows[self.rows.start as usize..self.rows.end as usize]
    }

    fn to(&self, question: &str) -> &[Given] {
        let Ok(number) = self.table.questions.binary_search_by(|known| known.as_str().cmp(question)) else {
            return &[];
        };
        let place = |number: u32| self.rows().partition_point(|given| given.question < number);
        &self.rows()[place(number as u32)..place(number as u32 + 1)]
    }

    /// Question and value of each row.
    fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        let texts = |given: &Given| {
            (self.table.questions[given.question as usize].as_str(), self.table.values[given.value as usize].as_str())
        };
        self.rows().iter().map(texts)
    }
}

impl Answered for PersonAnswers {
    fn number(&self, question: &str) -> Option<i64> {
        PersonAnswers::number(self, question)
    }

    fn has(&self, question: &str, value: &str) -> bool {
        PersonAnswers::has(self, question, value)
    }
}

impl PartialEq for PersonAnswers {
    fn eq(&self, other: &PersonAnswers) -> bool {
        self.texts().eq(other.texts())
    }
}

impl std::fmt::Debug for PersonAnswers {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_map().entries(self.texts()).finish()
    }
}

/// A row of the table: who, which question, what was said.
#[derive(Debug, Clone, Copy)]
struct Row {
    person: u32,
    given: Given,
}

struct Rows {
    rows: Vec<Row>,
    questions: Dictionary,
    values: Dictionary,
}

/// The question that tells a person's age.
const AGE: &str = "age";

/// The answers of each person of `ids`, whose table has the path `person_path`. Who has an age but did not answer for it
/// has answered it.
pub(super) fn read(
    table: &Table,
    ids: &Ids<'_>,
    person_path: &str,
    ages: &[Option<i64>],
) -> Result<Vec<PersonAnswers>, SnapshotError> {
    let mut parts = table.by_part(&["person_id", "question", "value"], |part| rows(part, ids, person_path))?;
    let mut told = Rows { rows: Vec::new(), questions: Dictionary::default(), values: Dictionary::default() };
    let question = told.questions.number(AGE);
    for (person, age) in (0..).zip(ages) {
        let value = age.map(|age| told.values.number(&age.to_string()));
        told.rows.extend(value.map(|value| Row { person, given: Given { question, value } }));
    }
    parts.push(told);
    let n_answered: usize = parts[..parts.len() - 1].iter().map(|part| part.rows.len()).sum();
    let (questions, question_places) = merged(parts.iter().map(|part| &part.questions));
    let (values, value_places) = merged(parts.iter().map(|part| &part.values));
    let mut rows: Vec<Row> = Vec::with_capacity(n_answered + ages.len());
    for ((part, question_places), value_places) in parts.into_iter().zip(question_places).zip(value_places) {
        rows.extend(part.rows.into_iter().map(|Row { person, given: Given { question, value } }| Row {
            person,
            given: Given { question: question_places[question as usize], value: value_places[value as usize] },
        }));
    }
    let age = questions.binary_search_by(|known| known.as_str().cmp(AGE)).map_or(u32::MAX, |place| place as u32);
    let mut has_age = vec![false; ages.len()];
    for row in rows[..n_answered].iter().filter(|row| row.given.question == age) {
        has_age[row.person as usize] = true;
    }
    let mut place = 0;
    rows.retain(|row| {
        place += 1;
        place <= n_answered || !has_age[row.person as usize]
    });
    // The options of a question stay in the order of the table.
    rows.sort_by_key(|row| (row.person, row.given.question));
    let mut ends = vec![0_u32; ages.len() + 1];
    for row in &rows {
        ends[row.person as usize + 1] += 1;
    }
    for person in 0..ages.len() {
        ends[person + 1] += ends[person];
    }
    let table = Arc::new(AnswerTable {
        questions,
        numbers: values.iter().map(|value| value.parse().ok()).collect(),
        values,
        rows: rows.into_iter().map(|row| row.given).collect(),
    });
    Ok(ends.windows(2).map(|ends| PersonAnswers { table: table.clone(), rows: ends[0]..ends[1] }).collect())
}

fn rows(part: &Part<'_>, ids: &Ids<'_>, person_path: &str) -> Result<Rows, SnapshotError> {
    let persons = part.full_text("person_id")?;
    let questions = part.full_coded_text("question")?;
    let values = part.full_coded_text("value")?;
    let mut rows = Rows {
        rows: Vec::with_capacity(persons.len()),
        questions: Dictionary::default(),
        values: Dictionary::default(),
    };
    // Texts are numbered anew, in the order that the column has them in.
    for (dictionary, coded) in [(&mut rows.questions, &questions), (&mut rows.values, &values)] {
        for text in &coded.texts {
            dictionary.number(text);
        }
    }
    let mut finder = ids.finder();
    for (row, id) in persons.into_iter().enumerate() {
        let person =
            finder.find(id).ok_or_else(|| part.row(row, format!("`person_id` {id} has no row in {person_path}")))?;
        let [question, value] = [&questions, &values].map(|coded| coded.number(row).unwrap_or_default() as u32);
        rows.rows.push(Row { person, given: Given { question, value } });
    }
    Ok(rows)
}
