//! What a single answer belongs to: a plain question, a cell of a grid, or a question about a person of a roster.

use super::{AnswerKind, Grid, Instrument, Question, Roster};
use crate::answer::{Answer, Answered, Answers};
use crate::text::{Label, Language};

/// What a single answer belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field<'a> {
    /// The name of its answer: `age`, `services.post.wait`, `members.2.age`.
    pub name: String,
    /// What is asked: a plain question, a column of a grid or a question of a roster.
    pub question: &'a Question,
    /// The row or person that it is about, where the question is asked again and again.
    pub group: Option<Group<'a>>,
}

/// A row of a grid or a person of a roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group<'a> {
    /// A row.
    Row {
        /// Its name.
        value: &'a str,
        /// Its label.
        label: &'a Label,
    },
    /// A person.
    Person {
        /// What a person is called.
        item: &'a Label,
        /// From 1.
        number: u32,
    },
}

impl Group<'_> {
    /// What it is called.
    pub fn title(&self, language: Language) -> String {
        match self {
            Group::Row { label, .. } => label.text(language).to_owned(),
            Group::Person { item, number } => format!("{} {number}", item.text(language)),
        }
    }
}

/// Answers as a condition within a group sees them: its own questions first, then those outside.
struct Within<'a> {
    prefix: &'a str,
    inner: &'a [Question],
    answers: &'a Answers,
}

impl Within<'_> {
    fn full(&self, question: &str) -> String {
        match self.inner.iter().any(|one| one.name == question) {
            true => format!("{}{question}", self.prefix),
            false => question.to_owned(),
        }
    }
}

impl Answered for Within<'_> {
    fn number(&self, question: &str) -> Option<i64> {
        self.answers.number(&self.full(question))
    }

    fn has(&self, question: &str, value: &str) -> bool {
        self.answers.has(&self.full(question), value)
    }
}

impl Grid {
    /// Name and label of every row that there may be. `choice` is the question that `rows_of` names.
    pub fn possible_rows<'a>(&'a self, choice: Option<&'a Question>) -> Vec<(&'a str, &'a Label)> {
        let options = choice.into_iter().flat_map(Question::options).filter(|option| !option.exclusive);
        let chosen = options.map(|option| (option.value.as_str(), &option.label));
        self.rows.iter().map(|row| (row.value.as_str(), &row.label)).chain(chosen).collect()
    }
}

impl Roster {
    /// How many people are asked about.
    pub fn n_people(&self, answers: &Answers) -> u32 {
        let size = answers.number(&self.size).unwrap_or_default() - i64::from(self.less);
        u32::try_from(size.max(0)).unwrap_or(u32::MAX)
    }
}

impl Instrument {
    /// The fields that a person with these answers is to fill in, in order.
    pub fn fields_for<'a>(&'a self, answers: &Answers) -> Vec<Field<'a>> {
        // A condition counts answers to what is itself asked only; so do the sizes of groups.
        let asked = self.questions_for(answers);
        let counted = |(name, _): &(&String, &Answer)| match name.split_once('.') {
            None => asked.iter().any(|question| question.name == **name),
            Some(_) => true,
        };
        let counted =
            Answers(answers.0.iter().filter(counted).map(|(name, answer)| (name.clone(), answer.clone())).collect());
        asked.iter().flat_map(|question| self.fields(question, &counted)).collect()
    }

    /// The fields of a question for a person with these answers.
    pub fn fields<'a>(&'a self, question: &'a Question, answers: &Answers) -> Vec<Field<'a>> {
        let groups: Vec<(String, Group<'a>)> = match &question.answer {
            AnswerKind::Grid(grid) => self
                .rows(grid, Some(answers))
                .into_iter()
                .map(|(value, label)| (format!("{}.{value}.", question.name), Group::Row { value, label }))
                .collect(),
            AnswerKind::Roster(roster) => (1..=roster.n_people(answers).min(self.most_people(roster)))
                .map(|number| (format!("{}.{number}.", question.name), Group::Person { item: &roster.item, number }))
                .collect(),
            _ => return vec![Field { name: question.name.clone(), question, group: None }],
        };
        let inner = question.inner();
        let mut fields = Vec::new();
        for (prefix, group) in groups {
            let mut counted = answers.clone();
            for one in inner {
                let name = format!("{prefix}{}", one.name);
                let within = Within { prefix: &prefix, inner, answers: &counted };
                if one.when.as_ref().is_none_or(|condition| condition.holds(&within)) {
                    fields.push(Field { name, question: one, group: Some(group) });
                } else {
                    counted.0.remove(&name);
                }
            }
        }
        fields
    }

    /// What an answer called `name` belongs to, whoever is asked it: a plain question, a column or a question of a roster.
    pub fn field(&self, name: &str) -> Option<&Question> {
        let Some((outer, rest)) = name.split_once('.') else {
            return self.question(name).filter(|question| question.inner().is_empty());
        };
        let (group, inner) = rest.split_once('.')?;
        let outer = self.question(outer)?;
        let exists = match &outer.answer {
            AnswerKind::Grid(grid) => self.rows(grid, None).iter().any(|(value, _)| *value == group),
            AnswerKind::Roster(roster) => group.parse().is_ok_and(|number: u32| {
                number.to_string() == group && (1..=self.most_people(roster)).contains(&number)
            }),
            _ => false,
        };
        outer.inner().iter().find(|question| exists && question.name == inner)
    }

    /// Every field that there may be, whoever is asked it: the columns of a table of all answers.
    pub fn all_fields(&self) -> Vec<Field<'_>> {
        let mut fields = Vec::new();
        for question in self.questions() {
            let groups: Vec<(String, Group<'_>)> = match &question.answer {
                AnswerKind::Grid(grid) => {
                    let rows = self.rows(grid, None).into_iter();
                    rows.map(|(value, label)| (value.to_owned(), Group::Row { value, label })).collect()
                }
                AnswerKind::Roster(roster) => (1..=self.most_people(roster))
                    .map(|number| (number.to_string(), Group::Person { item: &roster.item, number }))
                    .collect(),
                _ => {
                    fields.push(Field { name: question.name.clone(), question, group: None });
                    continue;
                }
            };
            for (value, group) in groups {
                let name = |inner: &Question| format!("{}.{value}.{}", question.name, inner.name);
                let inner = question.inner().iter();
                fields.extend(inner.map(|inner| Field { name: name(inner), question: inner, group: Some(group) }));
            }
        }
        fields
    }

    pub(super) fn has_fields(&self, question: &Question, answers: &Answers) -> bool {
        match &question.answer {
            AnswerKind::Grid(grid) => !self.rows(grid, Some(answers)).is_empty(),
            AnswerKind::Roster(roster) => roster.n_people(answers) > 0,
            _ => true,
        }
    }

    /// The rows of a grid for a person with these answers, or every row that there may be.
    fn rows<'a>(&'a self, grid: &'a Grid, answers: Option<&Answers>) -> Vec<(&'a str, &'a Label)> {
        let choice = grid.rows_of.as_deref().and_then(|name| self.question(name));
        let mut rows = grid.possible_rows(choice);
        if let (Some(choice), Some(answers)) = (&choice, answers) {
            rows.retain(|(value, _)| answers.has(&choice.name, value));
        }
        rows
    }

    /// The most people that a roster asks about: as many as its size may say.
    fn most_people(&self, roster: &Roster) -> u32 {
        match self.question(&roster.size).map(|question| &question.answer) {
            Some(AnswerKind::Number { max, .. }) => {
                u32::try_from(*max).unwrap_or_default().saturating_sub(roster.less).min(MOST_PEOPLE)
            }
            _ => 0,
        }
    }
}

/// No roster asks about more people, whatever its size says.
pub(super) const MOST_PEOPLE: u32 = 30;
