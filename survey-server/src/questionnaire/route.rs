//! The way through a questionnaire: which page comes next, whoever keeps the answers.

use questionnaires::{Answers, instrument::Section};

use super::{Asking, form::FilledSection};
use crate::error::AppError;

/// The section that the last part of an address names.
pub(super) fn section_named<'a>(asking: &'a Asking, path: &str) -> Result<&'a Section, AppError> {
    asking.instrument.sections.iter().find(|section| section.path == path).ok_or(AppError::NotFound)
}

/// Whether a person with these answers goes through the section.
pub(super) fn is_on_route(asking: &Asking, section: &Section, answers: &Answers) -> bool {
    asking.instrument.route(answers).iter().any(|(on_route, _)| on_route.name == section.name)
}

/// The answers with what a page says put into them. Problems of fields that these answers no longer ask for are dropped.
pub(super) fn settle(asking: &Asking, mut answers: Answers, filled: &mut FilledSection) -> Answers {
    for (name, answer) in &filled.answers {
        match answer {
            Some(answer) => answers.set(name, answer.clone()),
            None => drop(answers.0.remove(name)),
        }
    }
    let answers = asking.instrument.prune(&answers);
    let asked = asking.instrument.fields_for(&answers);
    filled.problems.retain(|(name, _)| asked.iter().any(|field| field.name == *name));
    answers
}

/// Where somebody with these answers goes on: to the first page with something open, or to the summary.
pub(super) fn begin_at(asking: &Asking, answers: &Answers) -> String {
    let route = asking.instrument.route(answers);
    match route.iter().find(|(section, _)| has_open_fields(asking, section, answers)) {
        Some((section, _)) => section_path(asking, section),
        None => summary_path(asking),
    }
}

/// Where to go from a section that was saved: to the same one while its answers raise new questions, else to the
/// next one, else to the summary.
pub(super) fn after(asking: &Asking, section: &Section, answers: &Answers) -> String {
    let route = asking.instrument.route(answers);
    let place = route.iter().position(|(on_route, _)| on_route.name == section.name);
    let following = place.map_or(&route[..], |place| {
        let raises_questions = has_open_fields(asking, route[place].0, answers);
        &route[if raises_questions { place } else { place + 1 }..]
    });
    match following.first() {
        Some((next, _)) => section_path(asking, next),
        None => summary_path(asking),
    }
}

fn has_open_fields(asking: &Asking, section: &Section, answers: &Answers) -> bool {
    let is_here = |name: &str| {
        let outer = name.split('.').next().unwrap_or_default();
        section.questions.iter().any(|question| question.name == outer)
    };
    let fields = asking.instrument.fields_for(answers);
    fields.iter().any(|field| is_here(&field.name) && field.problem(answers).is_some())
}

pub(super) fn section_path(asking: &Asking, section: &Section) -> String {
    format!("{}/{}", asking.address(), section.path)
}

pub(super) fn summary_path(asking: &Asking) -> String {
    format!("{}/riepilogo", asking.address())
}
