//! The fields of a page: plain questions, and those of the rows of a grid or the people of a roster.

use questionnaires::{
    Answers, Instrument,
    instrument::{AnswerKind, AnswerProblem, Field, Question},
};

use super::{error_of, words};
use crate::{
    i18n::Texts,
    questionnaire::form::{FieldProblem, FilledSection},
    web::{field_error::FieldErrorView, visit::Visit},
};

/// A question with its fields: one, or several groups of them.
pub(super) struct QuestionView {
    /// Nothing for a plain question, whose field says it.
    pub(super) heading: Option<String>,
    pub(super) help: Option<String>,
    pub(super) groups: Vec<GroupView>,
}

/// The fields of a row or person, or the one of a plain question.
pub(super) struct GroupView {
    pub(super) title: Option<String>,
    /// Whether every field is short, so that two stand side by side.
    pub(super) is_short: bool,
    pub(super) fields: Vec<FieldView>,
}

/// A field.
pub(super) struct FieldView {
    pub(super) name: String,
    pub(super) text: String,
    /// What it is called in the summary of errors.
    pub(super) caption: String,
    pub(super) help: Option<String>,
    /// `single`, `multiple`, `number`, `text` or `time`.
    pub(super) kind: &'static str,
    pub(super) options: Vec<OptionView>,
    pub(super) typed: String,
    /// Characters that an answer may have.
    pub(super) most: usize,
    pub(super) error: Option<String>,
    pub(super) described_by: String,
}

/// An option.
pub(super) struct OptionView {
    pub(super) id: String,
    pub(super) value: String,
    pub(super) label: String,
    pub(super) chosen: bool,
}

impl QuestionView {
    pub(super) fn new(
        visit: &Visit,
        instrument: &Instrument,
        question: &Question,
        answers: &Answers,
        filled: Option<&FilledSection>,
    ) -> QuestionView {
        let language = visit.texts.language;
        let is_group = !question.inner().is_empty();
        let mut groups: Vec<GroupView> = Vec::new();
        let fields = instrument.fields(question, answers);
        for of_group in fields.chunk_by(|one, other| one.group == other.group) {
            let views: Vec<FieldView> =
                of_group.iter().map(|field| FieldView::new(visit, field, answers, filled)).collect();
            groups.push(GroupView {
                title: of_group[0].group.map(|group| group.title(language)),
                is_short: views.iter().all(FieldView::is_short),
                fields: views,
            });
        }
        QuestionView {
            heading: is_group.then(|| question.text.text(language).to_owned()),
            help: question.help.as_ref().filter(|_| is_group).map(|help| help.text(language).to_owned()),
            groups,
        }
    }

    pub(super) fn errors(&self) -> impl Iterator<Item = FieldErrorView> {
        self.groups.iter().flat_map(|group| &group.fields).filter_map(error_of)
    }
}

impl FieldView {
    fn new(visit: &Visit, field: &Field<'_>, answers: &Answers, filled: Option<&FilledSection>) -> FieldView {
        let (language, question) = (visit.texts.language, field.question);
        let typed = match filled.and_then(|filled| filled.typed.get(&field.name)) {
            Some(typed) => typed.clone(),
            None => answers.answer(&field.name).map(words::values).unwrap_or_default(),
        };
        let problem = filled.and_then(|filled| filled.problems.iter().find(|(name, _)| *name == field.name));
        let options = question.options().iter().enumerate().map(|(number, option)| OptionView {
            id: format!("{}-{number}", field.name),
            value: option.value.clone(),
            label: option.label.text(language).to_owned(),
            chosen: typed.contains(&option.value),
        });
        let help = question.help.as_ref().map(|help| help.text(language).to_owned());
        let error = problem.map(|(_, problem)| problem_text(&visit.texts, question, *problem));
        let described_by = [
            help.as_ref().map(|_| format!("{}-aiuto", field.name)),
            error.as_ref().map(|_| format!("{}-errore", field.name)),
        ];
        let (kind, most) = match &question.answer {
            AnswerKind::Single(_) => ("single", 0),
            AnswerKind::Multiple(_) => ("multiple", 0),
            AnswerKind::Number { max, .. } => ("number", max.to_string().len()),
            AnswerKind::Text { max } => ("text", *max as usize),
            AnswerKind::Time { .. } => ("time", 5),
            AnswerKind::Grid(_) | AnswerKind::Roster(_) => ("", 0),
        };
        FieldView {
            name: field.name.clone(),
            text: question.text.text(language).to_owned(),
            caption: words::caption(field, language),
            help,
            kind,
            options: options.collect(),
            typed: typed.into_iter().next().unwrap_or_default(),
            most,
            error,
            described_by: described_by.into_iter().flatten().collect::<Vec<_>>().join(" "),
        }
    }

    fn is_short(&self) -> bool {
        ["time", "number"].contains(&self.kind) && self.help.is_none()
    }

    /// The element that the error summary leads to.
    pub(super) fn first_id(&self) -> String {
        self.options.first().map_or_else(|| self.name.clone(), |option| option.id.clone())
    }
}

fn problem_text(texts: &Texts, question: &Question, problem: FieldProblem) -> String {
    let key = match problem {
        FieldProblem::NotANumber => "questionnaire-not-a-number",
        FieldProblem::Answer(AnswerProblem::OutOfRange { min, max }) => {
            return texts.text_with("questionnaire-out-of-range", &[("min", min.into()), ("max", max.into())]);
        }
        FieldProblem::Answer(AnswerProblem::TooLong { max }) => {
            return texts.text_with("questionnaire-too-long", &[("max", max.into())]);
        }
        FieldProblem::Answer(AnswerProblem::ControlCharacter) => "questionnaire-control-character",
        FieldProblem::Answer(AnswerProblem::NotATime) => "questionnaire-not-a-time",
        FieldProblem::Answer(AnswerProblem::NoBeginning) => "questionnaire-no-beginning",
        FieldProblem::Answer(AnswerProblem::EmptySpell) => "questionnaire-empty-spell",
        FieldProblem::Answer(AnswerProblem::Missing) => match question.answer {
            AnswerKind::Number { .. } => "questionnaire-missing-number",
            AnswerKind::Text { .. } => "questionnaire-missing-text",
            AnswerKind::Time { from: None } => "questionnaire-missing-time",
            AnswerKind::Time { from: Some(_) } => "questionnaire-missing-end",
            _ => "questionnaire-missing",
        },
        FieldProblem::Answer(AnswerProblem::ExclusiveOption) => "questionnaire-exclusive",
        FieldProblem::Answer(
            AnswerProblem::WrongKind
            | AnswerProblem::UnknownOption
            | AnswerProblem::RepeatedOption
            | AnswerProblem::NotAsked,
        ) => "questionnaire-unknown-option",
    };
    texts.text(key)
}
