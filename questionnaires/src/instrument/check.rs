//! Whether an instrument makes sense: names, labels, options, and conditions that can be met.

use super::field::MOST_PEOPLE;
use super::{AnswerKind, AnswerOption, Condition, Grid, Instrument, Question, Roster};
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
    #[error("`{0}` is not a name: use small letters, digits and `_`, and begin with a letter")]
    BadName(String),
    /// The last part of an address that browsers would not show as it is, or that leads elsewhere.
    #[error(
        "`{0}` cannot be part of an address: use small letters, digits and `-`, and neither `riepilogo` nor `consegna`"
    )]
    BadPath(String),
    /// A value of an option that other programs would not take.
    #[error("`{0}` is not a value: use letters, digits, `_` and `-`")]
    BadValue(String),
    /// A version below 1.
    #[error("the version is 0: versions begin with 1")]
    NoVersion,
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
    /// A section, grid or roster without questions.
    #[error("at least one question is needed here")]
    NoQuestions,
    /// A grid or roster within another.
    #[error("a grid or roster cannot stand within another")]
    Nested,
    /// A grid whose rows are given twice or not at all.
    #[error("a grid needs either `rows` or `rows_of`")]
    NoRows,
    /// `rows_of` or `size` or `from` that names no earlier question of the right kind.
    #[error("`{field}` looks at `{question}`, but no earlier question of this name asks for {expected}")]
    NotEarlier {
        /// The field of the TOML.
        field: &'static str,
        /// What it names.
        question: String,
        /// What it should name.
        expected: &'static str,
    },
    /// A grid or roster said to be optional, which its inner questions are or are not.
    #[error("`optional` says nothing of a grid or roster: say it of the questions within")]
    OptionalGroup,
    /// A roster that may ask about too many people or about nobody.
    #[error("`size` and `less` must leave from 1 to {0} people to ask about at most")]
    BadSize(u32),
    /// A text without a sensible bound.
    #[error("a text needs a `max` from 1 to {0} characters")]
    BadLength(u32),
    /// More fields on one page than a form takes.
    #[error("a page of {0} fields is too long: at most {most}", most = MOST_FIELDS)]
    TooManyFields(usize),
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

/// Characters that a text may have at most.
pub(crate) const MOST_CHARACTERS: u32 = 2_000;

/// Fields that a page may have at most, so that a form stays well below the size that the server takes.
const MOST_FIELDS: usize = 400;

/// The last parts of addresses that lead elsewhere.
const RESERVED_PATHS: [&str; 2] = ["riepilogo", "consegna"];

impl Instrument {
    /// Looks the instrument over. Never fails; no issues means that it can be put to people.
    pub fn check(&self) -> Vec<InstrumentIssue> {
        let mut findings = Findings { issues: Vec::new() };
        findings.name(&self.name, &self.name);
        findings.path(&self.name, &self.path);
        if self.version == 0 {
            findings.add(&self.name, InstrumentProblem::NoVersion);
        }
        findings.texts(&self.name, [&self.title, &self.introduction]);
        findings.duplicates(&self.name, self.sections.iter().map(|section| section.name.as_str()));
        findings.duplicates(&self.name, self.sections.iter().map(|section| section.path.as_str()));
        findings.duplicates(&self.name, self.questions().map(|question| question.name.as_str()));
        if self.sections.is_empty() {
            findings.add(&self.name, InstrumentProblem::NoQuestions);
        }

        let mut earlier: Vec<&Question> = Vec::new();
        for section in &self.sections {
            let place = format!("{}.{}", self.name, section.name);
            findings.name(&place, &section.name);
            findings.path(&place, &section.path);
            findings.texts(&place, std::iter::once(&section.title).chain(&section.introduction));
            findings.condition(&place, section.when.as_ref(), &earlier);
            if section.questions.is_empty() {
                findings.add(&place, InstrumentProblem::NoQuestions);
            }
            let on_page = earlier.len();
            for question in &section.questions {
                let place = format!("{place}.{}", question.name);
                findings.question(&place, question);
                findings.condition(&place, question.when.as_ref(), &earlier);
                findings.beginning(&place, question, &earlier[on_page..]);
                findings.group(&place, self, question, &earlier);
                earlier.push(question);
            }
            let is_here = |name: &str| section.questions.iter().any(|question| question.name == *name);
            let fields = self.all_fields();
            let n_fields =
                fields.iter().filter(|field| is_here(field.name.split('.').next().unwrap_or_default())).count();
            if n_fields > MOST_FIELDS {
                findings.add(&place, InstrumentProblem::TooManyFields(n_fields));
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
            AnswerKind::Text { max } if !(1..=MOST_CHARACTERS).contains(max) => {
                self.add(place, InstrumentProblem::BadLength(MOST_CHARACTERS));
            }
            AnswerKind::Grid(grid) => {
                self.texts(place, grid.rows.iter().map(|row| &row.label));
                self.duplicates(place, grid.rows.iter().map(|row| row.value.as_str()));
                grid.rows.iter().for_each(|row| self.name(place, &row.value));
            }
            AnswerKind::Roster(roster) => self.texts(place, [&roster.item]),
            AnswerKind::Number { .. } | AnswerKind::Text { .. } | AnswerKind::Time { .. } => {}
        }
    }

    /// A question that is asked again and again.
    fn group(&mut self, place: &str, instrument: &Instrument, question: &Question, earlier: &[&Question]) {
        match &question.answer {
            AnswerKind::Grid(grid) => self.grid(place, grid, earlier),
            AnswerKind::Roster(roster) => self.roster(place, roster, earlier),
            _ => return,
        }
        if question.optional {
            self.add(place, InstrumentProblem::OptionalGroup);
        }
        let inner = question.inner();
        if inner.is_empty() {
            self.add(place, InstrumentProblem::NoQuestions);
        }
        // An inner question called like one outside would make conditions and other programs guess.
        let outside = instrument.questions().map(|outer| outer.name.as_str());
        self.duplicates(
            place,
            outside.chain(inner.iter().map(|one| one.name.as_str())).collect::<Vec<_>>().into_iter(),
        );
        for (number, one) in inner.iter().enumerate() {
            let place = format!("{place}.{}", one.name);
            self.question(&place, one);
            if !one.inner().is_empty() || matches!(one.answer, AnswerKind::Grid(_) | AnswerKind::Roster(_)) {
                self.add(&place, InstrumentProblem::Nested);
            }
            let before: Vec<&Question> = inner[..number].iter().collect();
            self.beginning(&place, one, &before);
            let seen: Vec<&Question> = earlier.iter().copied().chain(before).collect();
            self.condition(&place, one.when.as_ref(), &seen);
        }
    }

    fn grid(&mut self, place: &str, grid: &Grid, earlier: &[&Question]) {
        if grid.rows.is_empty() == grid.rows_of.is_none() {
            self.add(place, InstrumentProblem::NoRows);
        }
        let Some(name) = &grid.rows_of else { return };
        let choice = earlier.iter().find(|question| question.name == *name);
        match choice.filter(|question| matches!(question.answer, AnswerKind::Multiple(_))) {
            Some(choice) => {
                let rows = choice.options().iter().filter(|option| !option.exclusive);
                rows.for_each(|option| self.name(place, &option.value));
            }
            None => {
                let expected = "several options";
                self.add(place, InstrumentProblem::NotEarlier { field: "rows_of", question: name.clone(), expected });
            }
        }
    }

    fn roster(&mut self, place: &str, roster: &Roster, earlier: &[&Question]) {
        let size = earlier.iter().find(|question| question.name == roster.size);
        match size.map(|question| &question.answer) {
            Some(AnswerKind::Number { max, .. }) => {
                let most = max - i64::from(roster.less);
                if !(1..=i64::from(MOST_PEOPLE)).contains(&most) {
                    self.add(place, InstrumentProblem::BadSize(MOST_PEOPLE));
                }
            }
            _ => {
                let (question, expected) = (roster.size.clone(), "a number");
                self.add(place, InstrumentProblem::NotEarlier { field: "size", question, expected });
            }
        }
    }

    /// The end of a spell looks at a beginning before it, on the same page or in the same group.
    fn beginning(&mut self, place: &str, question: &Question, before: &[&Question]) {
        let AnswerKind::Time { from: Some(from) } = &question.answer else { return };
        let is_beginning = |one: &Question| one.name == *from && one.answer == AnswerKind::Time { from: None };
        if !before.iter().any(|one| is_beginning(one)) {
            let expected = "a time of day, on this page or in this group";
            self.add(place, InstrumentProblem::NotEarlier { field: "from", question: from.clone(), expected });
        }
    }

    fn options(&mut self, place: &str, options: &[AnswerOption]) {
        if options.len() < 2 {
            self.add(place, InstrumentProblem::TooFewOptions);
        }
        self.duplicates(place, options.iter().map(|option| option.value.as_str()));
        self.texts(place, options.iter().map(|option| &option.label));
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
        for option in options.iter().filter(|one| one.value.is_empty() || !one.value.bytes().all(allowed)) {
            self.add(place, InstrumentProblem::BadValue(option.value.clone()));
        }
    }

    fn name(&mut self, place: &str, name: &str) {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        let begins_well = name.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase());
        if !begins_well || !name.bytes().all(allowed) {
            self.add(place, InstrumentProblem::BadName(name.to_owned()));
        }
    }

    fn path(&mut self, place: &str, path: &str) {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if path.is_empty() || !path.bytes().all(allowed) || RESERVED_PATHS.contains(&path) {
            self.add(place, InstrumentProblem::BadPath(path.to_owned()));
        }
    }

    fn texts<'a>(&mut self, place: &str, labels: impl IntoIterator<Item = &'a Label>) {
        // Other languages may be missing: people then read Italian.
        for _ in labels.into_iter().filter(|label| label.it.trim().is_empty()) {
            self.add(place, InstrumentProblem::EmptyText(Language::It));
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
