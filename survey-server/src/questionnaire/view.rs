//! What the pages of a questionnaire show.

use askama::Template;
use questionnaires::{
    Answer, Answers, Instrument, Language,
    instrument::{AnswerKind, AnswerProblem, Question, Section},
};

use super::{
    form::{FieldProblem, FilledSection, SHOWN_FIELD},
    store::Response,
};
use crate::{
    i18n::Texts,
    web::{date, field_error::FieldErrorView, layout::Page, visit::Visit},
};

/// A section to fill in.
#[derive(Template)]
#[template(path = "questionnaire/section.html")]
pub(super) struct SectionPage {
    page: Page,
    heading: String,
    introduction: Option<String>,
    progress: String,
    n_done: usize,
    n_sections: usize,
    action: String,
    back: Option<String>,
    shown_field: &'static str,
    questions: Vec<QuestionView>,
    errors: Vec<FieldErrorView>,
}

struct QuestionView {
    name: String,
    text: String,
    help: Option<String>,
    /// `single`, `multiple` or `number`.
    kind: &'static str,
    options: Vec<OptionView>,
    typed: String,
    n_digits: usize,
    error: Option<String>,
    described_by: String,
}

struct OptionView {
    id: String,
    value: String,
    label: String,
    chosen: bool,
}

impl SectionPage {
    /// The section with the answers kept so far or, after an error, with what was just typed.
    pub(super) fn new(
        visit: &Visit,
        instrument: &Instrument,
        section: &Section,
        answers: &Answers,
        filled: Option<&FilledSection>,
    ) -> SectionPage {
        let language = visit.texts.language;
        let route = instrument.route(answers);
        let place = route.iter().position(|(on_route, _)| on_route.name == section.name).unwrap_or_default();
        let asked = route.get(place).map(|(_, questions)| questions.as_slice()).unwrap_or_default();
        let questions: Vec<QuestionView> =
            asked.iter().map(|question| QuestionView::new(visit, question, answers, filled)).collect();
        let errors = questions.iter().filter_map(|question| {
            Some(FieldErrorView::new(question.first_id(), &question.text, question.error.as_ref()?))
        });
        let progress = [("place", (place + 1).into()), ("sections", route.len().into())];
        SectionPage {
            page: visit.page(format!("{}: {}", instrument.title.text(language), section.title.text(language))),
            heading: section.title.text(language).to_owned(),
            introduction: (place == 0).then(|| instrument.introduction.text(language).to_owned()),
            progress: visit.texts.text_with("questionnaire-progress", &progress),
            n_done: place,
            n_sections: route.len(),
            action: format!("/questionari/{}/{}", instrument.path, section.path),
            back: place
                .checked_sub(1)
                .and_then(|before| route.get(before))
                .map(|(before, _)| format!("/questionari/{}/{}", instrument.path, before.path)),
            shown_field: SHOWN_FIELD,
            errors: errors.collect(),
            questions,
        }
    }
}

impl QuestionView {
    fn new(visit: &Visit, question: &Question, answers: &Answers, filled: Option<&FilledSection>) -> QuestionView {
        let language = visit.texts.language;
        let typed = match filled.and_then(|filled| filled.typed.get(&question.name)) {
            Some(typed) => typed.clone(),
            None => answers.answer(&question.name).map(values).unwrap_or_default(),
        };
        let problem = filled.and_then(|filled| filled.problems.iter().find(|(name, _)| *name == question.name));
        let options = question.options().iter().enumerate().map(|(number, option)| OptionView {
            id: format!("{}-{number}", question.name),
            value: option.value.clone(),
            label: option.label.text(language).to_owned(),
            chosen: typed.contains(&option.value),
        });
        let help = question.help.as_ref().map(|help| help.text(language).to_owned());
        let error = problem.map(|(_, problem)| problem_text(&visit.texts, question, *problem));
        let described_by = [
            help.as_ref().map(|_| format!("{}-aiuto", question.name)),
            error.as_ref().map(|_| format!("{}-errore", question.name)),
        ];
        QuestionView {
            name: question.name.clone(),
            text: question.text.text(language).to_owned(),
            help,
            kind: match question.answer {
                AnswerKind::Single(_) => "single",
                AnswerKind::Multiple(_) => "multiple",
                AnswerKind::Number { .. } => "number",
            },
            options: options.collect(),
            typed: typed.into_iter().next().unwrap_or_default(),
            n_digits: match question.answer {
                AnswerKind::Number { max, .. } => max.to_string().len(),
                _ => 0,
            },
            error,
            described_by: described_by.into_iter().flatten().collect::<Vec<_>>().join(" "),
        }
    }

    /// The element that the error summary leads to.
    fn first_id(&self) -> String {
        self.options.first().map_or_else(|| self.name.clone(), |option| option.id.clone())
    }
}

fn values(answer: &Answer) -> Vec<String> {
    match answer {
        Answer::Number(number) => vec![number.to_string()],
        Answer::Choice(value) => vec![value.clone()],
        Answer::Choices(values) => values.clone(),
    }
}

fn problem_text(texts: &Texts, question: &Question, problem: FieldProblem) -> String {
    let key = match problem {
        FieldProblem::NotANumber => "questionnaire-not-a-number",
        FieldProblem::Answer(AnswerProblem::OutOfRange { min, max }) => {
            return texts.text_with("questionnaire-out-of-range", &[("min", min.into()), ("max", max.into())]);
        }
        FieldProblem::Answer(AnswerProblem::Missing) => match question.answer {
            AnswerKind::Number { .. } => "questionnaire-missing-number",
            AnswerKind::Single(_) | AnswerKind::Multiple(_) => "questionnaire-missing",
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

/// All answers, to look over before handing them in, or the receipt after.
#[derive(Template)]
#[template(path = "questionnaire/summary.html")]
pub(super) struct SummaryPage {
    page: Page,
    /// When the answers were handed in, in words.
    submitted: Option<String>,
    sections: Vec<SummarySection>,
    is_complete: bool,
    submit: String,
}

struct SummarySection {
    title: String,
    href: String,
    answers: Vec<SummaryAnswer>,
}

struct SummaryAnswer {
    question: String,
    /// Nothing when an answer is still needed.
    answer: Option<String>,
}

impl SummaryPage {
    pub(super) fn new(visit: &Visit, instrument: &Instrument, response: &Response) -> SummaryPage {
        let language = visit.texts.language;
        let route = instrument.route(&response.answers);
        let sections = route.iter().map(|(section, questions)| SummarySection {
            title: section.title.text(language).to_owned(),
            href: format!("/questionari/{}/{}", instrument.path, section.path),
            answers: questions.iter().map(|question| summary_answer(question, &response.answers, language)).collect(),
        });
        let submitted = |instant| {
            visit.texts.text_with("questionnaire-receipt", &[("date", date::long_day(&visit.texts, instant).into())])
        };
        SummaryPage {
            page: visit.page(instrument.title.text(language)),
            submitted: response.submitted_at.map(submitted),
            sections: sections.collect(),
            is_complete: instrument.validate(&response.answers).is_empty(),
            submit: format!("/questionari/{}/consegna", instrument.path),
        }
    }
}

fn summary_answer(question: &Question, answers: &Answers, language: Language) -> SummaryAnswer {
    let label = |value: &String| match question.option(value) {
        Some(option) => option.label.text(language).to_owned(),
        None => value.clone(),
    };
    SummaryAnswer {
        question: question.text.text(language).to_owned(),
        answer: answers
            .answer(&question.name)
            .map(|answer| values(answer).iter().map(label).collect::<Vec<_>>().join(", ")),
    }
}
