//! The questions of a snapshot whose answers are told, with their words. Words of people's own, times of day, and what is said
//! of other people in the household never are.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use questionnaires::Label;
use questionnaires::instrument::{self, AnswerKind, AnswerOption, Asked, Field, Group, Instrument, Question, Section};
use serde::Deserialize;

use crate::plan::AnswersPlan;
use crate::table::{AskedOf, QuestionKind, QuestionRow};

/// A question whose answers are told.
#[derive(Debug, Clone, PartialEq)]
pub struct AskedQuestion {
    /// The questionnaire's name.
    pub questionnaire: String,
    /// The question's name in a snapshot.
    pub name: String,
    /// How it is answered.
    pub kind: QuestionKind,
    /// Who is asked.
    pub asked: AskedOf,
    /// The wording.
    pub text: Label,
    /// In a grid, what it is asked about.
    pub about: Option<Label>,
    /// The type of day it is asked about.
    pub day: Option<&'static str>,
    /// The options that are answers, value and label, in their order; none for a number.
    pub options: Vec<(String, Label)>,
    /// The least and the greatest number; 0 and 0 where it is no number.
    pub range: (i64, i64),
}

/// Why answers cannot be told as asked. Nothing was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnswersError {
    /// A name that is no question.
    #[error(
        "`[answers]` of the release names `{name}`, which is neither a questionnaire of the snapshot nor a question of one. \
         Nothing was written; the questions are {}.", known.join(", ")
    )]
    Unknown {
        /// The name.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// An option that is none.
    #[error(
        "`[answers]` of the release sets aside `{value}` of `{name}`, which has no such option. Nothing was written."
    )]
    UnknownOption {
        /// The question.
        name: String,
        /// The value.
        value: String,
    },
}

/// What is known of the questions of Tempi's own questionnaires: `data/questions.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    leave_out: Vec<String>,
    scales: Vec<String>,
    set_aside: BTreeMap<String, Vec<String>>,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    toml::from_str(include_str!("../../data/questions.toml"))
        .expect("the embedded list of questions is well formed; a test reads it")
});

/// The types of day that a questionnaire about days is answered for.
const DAY_TYPES: [&str; 2] = ["weekday", "weekend"];

/// The questions of these questionnaires that the plan lets out, in the questionnaires' order.
///
/// # Errors
/// When the plan names what there is not.
pub fn asked_questions(questionnaires: &[Instrument], plan: &AnswersPlan) -> Result<Vec<AskedQuestion>, AnswersError> {
    check(questionnaires, plan)?;
    if !plan.publish {
        return Ok(Vec::new());
    }
    let mut questions = Vec::new();
    for questionnaire in questionnaires.iter().filter(|one| !plan.leave_out.contains(&one.name)) {
        let days: Vec<Option<&'static str>> = match questionnaire.asked {
            Asked::Once => vec![None],
            Asked::AfterEachDay => DAY_TYPES.into_iter().map(Some).collect(),
        };
        for day in days {
            let fields = questionnaire.all_fields();
            questions.extend(fields.iter().filter_map(|field| asked_question(questionnaire, field, day, plan)));
        }
    }
    Ok(questions)
}

fn check(questionnaires: &[Instrument], plan: &AnswersPlan) -> Result<(), AnswersError> {
    let mut known: Vec<String> = Vec::new();
    for field in questionnaires.iter().flat_map(Instrument::all_fields) {
        let name = plain_name(&field);
        if !known.contains(&name) {
            known.push(name);
        }
    }
    let is_known = |name: &&String| known.contains(name) || questionnaires.iter().any(|one| one.name == **name);
    let named = plan.leave_out.iter().chain(&plan.scales).chain(plan.set_aside.keys());
    if let Some(name) = named.into_iter().find(|name| !is_known(name)) {
        return Err(AnswersError::Unknown { name: name.clone(), known });
    }
    for (name, values) in &plan.set_aside {
        let fields = questionnaires.iter().flat_map(Instrument::all_fields);
        let of_name: Vec<&Question> =
            fields.filter(|field| plain_name(field) == *name).map(|field| field.question).collect();
        let is_option = |value: &&String| of_name.iter().any(|question| question.option(value).is_some());
        if let Some(value) = values.iter().find(|value| !is_option(value)) {
            return Err(AnswersError::UnknownOption { name: name.clone(), value: value.clone() });
        }
    }
    Ok(())
}

/// The name of a question whatever row it is asked about: `services_used`, `service_hours.collides`.
fn plain_name(field: &Field<'_>) -> String {
    match field.group {
        None => field.name.clone(),
        Some(_) => {
            let outer = field.name.split('.').next().unwrap_or_default();
            format!("{outer}.{}", field.question.name)
        }
    }
}

fn asked_question(
    questionnaire: &Instrument,
    field: &Field<'_>,
    day: Option<&'static str>,
    plan: &AnswersPlan,
) -> Option<AskedQuestion> {
    let about = match field.group {
        None => None,
        Some(Group::Row { label, .. }) => Some(label.clone()),
        Some(Group::Person { .. }) => return None,
    };
    let name = plain_name(field);
    let is_own = instrument::all().iter().any(|own| own.name == questionnaire.name);
    let known = is_own.then_some(&*KNOWN);
    let names = |list: &[String]| list.contains(&name);
    if names(&plan.leave_out) || known.is_some_and(|known| names(&known.leave_out)) {
        return None;
    }
    let is_scale = names(&plan.scales) || known.is_some_and(|known| names(&known.scales));
    let (kind, options, range): (_, &[AnswerOption], _) = match &field.question.answer {
        AnswerKind::Single(options) if is_scale => (QuestionKind::Scale, options, (0, 0)),
        AnswerKind::Single(options) => (QuestionKind::Single, options, (0, 0)),
        AnswerKind::Multiple(options) => (QuestionKind::Multiple, options, (0, 0)),
        AnswerKind::Number { min, max } => (QuestionKind::Number, &[], (*min, *max)),
        AnswerKind::Text { .. } | AnswerKind::Time { .. } | AnswerKind::Grid(_) | AnswerKind::Roster(_) => return None,
    };
    let set_aside = plan.set_aside.get(&name).or_else(|| known.and_then(|known| known.set_aside.get(&name)));
    let is_answer = |option: &&AnswerOption| set_aside.is_none_or(|values| !values.contains(&option.value));
    Some(AskedQuestion {
        questionnaire: questionnaire.name.clone(),
        name: day.map_or_else(|| field.name.clone(), |day| format!("{}.{day}", field.name)),
        kind,
        asked: asked_of(questionnaire, field),
        text: field.question.text.clone(),
        about,
        day,
        options: options.iter().filter(is_answer).map(|option| (option.value.clone(), option.label.clone())).collect(),
        range,
    })
}

/// Whether earlier answers decide who is asked.
fn asked_of(questionnaire: &Instrument, field: &Field<'_>) -> AskedOf {
    let outer_name = field.name.split('.').next().unwrap_or_default();
    let has_condition = |section: &Section| {
        let outer = section.questions.iter().find(|question| question.name == outer_name);
        outer.map(|outer| {
            let depends_on_rows = matches!(&outer.answer, AnswerKind::Grid(grid) if grid.rows_of.is_some());
            section.when.is_some() || outer.when.is_some() || depends_on_rows
        })
    };
    let is_conditional = questionnaire.sections.iter().find_map(has_condition).unwrap_or(false);
    let of_some = is_conditional || field.question.when.is_some() || field.question.optional;
    if of_some { AskedOf::Some } else { AskedOf::Everybody }
}

impl AskedQuestion {
    /// The rows of `questions.csv`.
    pub fn rows(&self) -> Vec<QuestionRow> {
        let about = self.about.clone().unwrap_or_else(|| Label::new("", ""));
        let row = |answer: &str, label: &Label| QuestionRow {
            questionnaire: self.questionnaire.clone(),
            question: self.name.clone(),
            kind: self.kind,
            asked: self.asked,
            question_it: self.text.it.clone(),
            question_en: self.text.en.clone(),
            about_it: about.it.clone(),
            about_en: about.en.clone(),
            day: self.day.unwrap_or_default().to_owned(),
            answer: answer.to_owned(),
            answer_it: label.it.clone(),
            answer_en: label.en.clone(),
        };
        match self.kind {
            QuestionKind::Number => vec![row("", &Label::new("", ""))],
            _ => self.options.iter().map(|(value, label)| row(value, label)).collect(),
        }
    }
}
