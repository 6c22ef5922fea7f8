//! What the pages of a questionnaire show.

mod field;
mod words;

use askama::Template;
use questionnaires::{
    Answers,
    instrument::{Question, Section},
};

use self::field::{FieldView, QuestionView};
pub(crate) use self::words::answers_in_words;
use super::{
    form::{FilledSection, SHOWN_FIELD},
    route::section_path,
    store::Response,
};
use crate::web::{date, field_error::FieldErrorView, layout::Page, visit::Visit};

/// A section to fill in.
#[derive(Template)]
#[template(path = "questionnaire/section.html")]
pub(super) struct SectionPage {
    page: Page,
    heading: String,
    /// Said once, to somebody whose questionnaire became another on the way.
    changed: Option<String>,
    introductions: Vec<String>,
    progress: String,
    n_done: usize,
    n_sections: usize,
    action: String,
    back: Option<String>,
    shown_field: &'static str,
    questions: Vec<QuestionView>,
    errors: Vec<FieldErrorView>,
}

impl SectionPage {
    /// The section with the answers kept so far or, after an error, with what was just typed.
    pub(super) fn new(
        visit: &Visit,
        response: &Response,
        section: &Section,
        filled: Option<&FilledSection>,
    ) -> SectionPage {
        let (language, asking) = (visit.texts.language, &response.asking);
        let route = asking.instrument.route(&response.answers);
        let place = route.iter().position(|(on_route, _)| on_route.name == section.name).unwrap_or_default();
        let asked: &[&Question] = route.get(place).map(|(_, questions)| questions.as_slice()).unwrap_or_default();
        let questions: Vec<QuestionView> = asked
            .iter()
            .map(|question| QuestionView::new(visit, &asking.instrument, question, &response.answers, filled))
            .collect();
        let errors = questions.iter().flat_map(QuestionView::errors).collect();
        let progress = [("place", (place + 1).into()), ("sections", route.len().into())];
        let introduction = (place == 0).then_some(&asking.instrument.introduction);
        SectionPage {
            page: visit.page(format!("{}: {}", asking.title(&visit.texts), section.title.text(language))),
            heading: section.title.text(language).to_owned(),
            changed: changed(visit, response),
            introductions: introduction
                .into_iter()
                .chain(&section.introduction)
                .map(|label| label.text(language).to_owned())
                .collect(),
            progress: visit.texts.text_with("questionnaire-progress", &progress),
            n_done: place,
            n_sections: route.len(),
            action: section_path(asking, section),
            back: place
                .checked_sub(1)
                .and_then(|before| route.get(before))
                .map(|(before, _)| section_path(asking, before)),
            shown_field: SHOWN_FIELD,
            questions,
            errors,
        }
    }
}

fn changed(visit: &Visit, response: &Response) -> Option<String> {
    let n_left_behind = response.n_left_behind?;
    Some(visit.texts.text_with("questionnaire-changed", &[("n", n_left_behind.into())]))
}

/// All answers, to look over before handing them in, or the receipt after.
#[derive(Template)]
#[template(path = "questionnaire/summary.html")]
pub(super) struct SummaryPage {
    page: Page,
    changed: Option<String>,
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
    /// Nothing where the question was left blank.
    answer: Option<String>,
    /// Whether it may stay so.
    optional: bool,
}

impl SummaryPage {
    pub(super) fn new(visit: &Visit, response: &Response) -> SummaryPage {
        let (language, asking) = (visit.texts.language, &response.asking);
        let fields = asking.instrument.fields_for(&response.answers);
        let sections = asking.instrument.route(&response.answers).into_iter().map(|(section, questions)| {
            let is_here = |name: &str| {
                let outer = name.split('.').next().unwrap_or_default();
                questions.iter().any(|question| question.name == outer)
            };
            let answers = fields.iter().filter(|field| is_here(&field.name)).map(|field| SummaryAnswer {
                question: words::caption(field, language),
                answer: words::answer(field, &response.answers, language),
                optional: field.problem(&response.answers).is_none(),
            });
            SummarySection {
                title: section.title.text(language).to_owned(),
                href: section_path(asking, section),
                // What need not be answered and was not is no news.
                answers: answers.filter(|answer| answer.answer.is_some() || !answer.optional).collect(),
            }
        });
        let submitted = |instant| {
            visit.texts.text_with("questionnaire-receipt", &[("date", date::long_day(&visit.texts, instant).into())])
        };
        SummaryPage {
            page: visit.page(asking.title(&visit.texts)),
            changed: changed(visit, response),
            submitted: response.submitted_at.map(submitted),
            sections: sections.collect(),
            is_complete: is_complete(response.instrument(), &response.answers),
            submit: format!("{}/consegna", asking.address()),
        }
    }
}

fn is_complete(instrument: &questionnaires::Instrument, answers: &Answers) -> bool {
    instrument.validate(answers).is_empty()
}

/// The errors of a question's fields, each with what it is called.
fn error_of(field: &FieldView) -> Option<FieldErrorView> {
    Some(FieldErrorView::new(field.first_id(), &field.caption, field.error.as_ref()?))
}
