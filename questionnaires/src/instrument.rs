//! Questionnaires as data: sections, questions, options and the conditions that route between them.
//! Answers and the storage of answers are elsewhere.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::answer::Answers;
use crate::text::Label;

mod check;
mod condition;
mod field;
mod place;
mod texts;
mod validation;

pub use check::{InstrumentIssue, InstrumentProblem};
pub use condition::Condition;
pub use field::{Field, Group};
pub use texts::InstrumentText;
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
    /// How often it is asked.
    #[serde(default, skip_serializing_if = "Asked::is_usual")]
    pub asked: Asked,
    /// Title in every language.
    pub title: Label,
    /// What it asks, and how long it takes, in a sentence.
    pub introduction: Label,
    /// Pages, in order.
    #[serde(rename = "section")]
    pub sections: Vec<Section>,
}

/// How often a questionnaire is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// Once of each person.
    #[default]
    Once,
    /// After each day that a person tells.
    AfterEachDay,
}

impl Asked {
    fn is_usual(&self) -> bool {
        *self == Asked::Once
    }
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub introduction: Option<Label>,
    /// Who is asked; everybody when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<Label>,
    /// What an answer looks like.
    pub answer: AnswerKind,
    /// Whether it may be left blank.
    #[serde(default, skip_serializing_if = "is_false")]
    pub optional: bool,
    /// Who is asked; everybody when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
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
    /// Words of one's own.
    Text {
        /// Characters at most.
        max: u32,
    },
    /// A time of day, to the minute.
    Time {
        /// The question of the same group that says when the spell began whose end this is. It is asked for when the
        /// beginning is given, and only then. A spell may pass midnight.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<String>,
    },
    /// The same questions about each row.
    Grid(Grid),
    /// The same questions about each person.
    Roster(Roster),
}

/// The same questions about several things: an answer to column `wait` of row `post` of the question `services` is called
/// `services.post.wait`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grid {
    /// The rows, unless they are the options chosen elsewhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<GridRow>,
    /// The earlier question with several options whose chosen ones are the rows; an exclusive option never is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows_of: Option<String>,
    /// What is asked about each row. A condition may look at columns before it, in the same row, and at earlier questions.
    #[serde(rename = "column")]
    pub columns: Vec<Question>,
}

/// A row of a grid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GridRow {
    /// English name in code and files.
    pub value: String,
    /// Label in every language.
    pub label: Label,
}

/// The same questions about several people: an answer to `age` about the second person of the question `members` is called
/// `members.2.age`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Roster {
    /// The earlier question whose number says how many people there are.
    pub size: String,
    /// How many of them are not asked about, such as 1 where who answers is counted too.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub less: u32,
    /// What a person is called before its number, such as `Person`.
    pub item: Label,
    /// What is asked about each. A condition may look at questions before it, about the same person, and at earlier questions.
    #[serde(rename = "question")]
    pub questions: Vec<Question>,
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
    #[serde(default, skip_serializing_if = "is_false")]
    pub exclusive: bool,
}

fn is_false(value: &bool) -> bool {
    !value
}

fn is_zero(value: &u32) -> bool {
    *value == 0
}

impl Question {
    /// The options, none for what is not chosen.
    pub fn options(&self) -> &[AnswerOption] {
        match &self.answer {
            AnswerKind::Single(options) | AnswerKind::Multiple(options) => options,
            _ => &[],
        }
    }

    /// The option with this value.
    pub fn option(&self, value: &str) -> Option<&AnswerOption> {
        self.options().iter().find(|option| option.value == value)
    }

    /// The questions that are asked again and again within this one, none for most.
    pub fn inner(&self) -> &[Question] {
        match &self.answer {
            AnswerKind::Grid(grid) => &grid.columns,
            AnswerKind::Roster(roster) => &roster.questions,
            _ => &[],
        }
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

    /// The instrument in TOML, in one form: two instruments are the same when these texts are. Comments of the file that it
    /// was read from are not part of it.
    pub fn to_toml(&self) -> String {
        toml::to_string(self).expect("names and texts under names: everything has a form in TOML")
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
                if holds(question.when.as_ref(), &counted) && self.has_fields(question, &counted) {
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
        let asked = self.fields_for(answers).into_iter();
        let kept = asked.filter_map(|field| {
            let answer = answers.answer(&field.name)?.clone();
            Some((field.name, answer))
        });
        Answers(kept.collect())
    }

    /// Of answers to another version of this instrument those that are good answers to this one.
    pub fn adopt(&self, answers: &Answers) -> Answers {
        let good = answers
            .0
            .iter()
            .filter(|(name, answer)| self.field(name).is_some_and(|question| question.problem(Some(answer)).is_none()));
        self.prune(&Answers(good.map(|(name, answer)| (name.clone(), answer.clone())).collect()))
    }
}

/// The questionnaire about the person.
pub fn individual() -> &'static Instrument {
    &INSTRUMENTS[0]
}

/// The questionnaire about the people the person lives with.
pub fn household() -> &'static Instrument {
    &INSTRUMENTS[1]
}

/// Tempi's instruments, in the order in which people answer them.
pub fn all() -> &'static [Instrument] {
    &INSTRUMENTS
}

static INSTRUMENTS: LazyLock<Vec<Instrument>> = LazyLock::new(|| EMBEDDED.iter().map(|text| embedded(text)).collect());

const EMBEDDED: [&str; 5] = [
    include_str!("../data/individual.toml"),
    include_str!("../data/household.toml"),
    include_str!("../data/work_pattern.toml"),
    include_str!("../data/temporal_needs.toml"),
    include_str!("../data/end_of_day.toml"),
];

fn embedded(text: &str) -> Instrument {
    Instrument::from_toml(text).expect("the embedded instruments are well formed; a test reads them")
}

fn holds(condition: Option<&Condition>, answers: &Answers) -> bool {
    condition.is_none_or(|condition| condition.holds(answers))
}

#[cfg(test)]
#[path = "instrument_tests.rs"]
mod tests;
