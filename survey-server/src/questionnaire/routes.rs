//! Handlers of the questionnaires.

use actix_web::{HttpResponse, http::StatusCode, web::Path};
use questionnaires::{
    Answers, Instrument, instrument,
    instrument::{Question, Section},
};

use super::{
    form,
    store::{Response, Responses},
    view::{SectionPage, SummaryPage},
};
use crate::{
    access::guard::{Citizen, Guarded},
    error::AppError,
    privacy::CONSENT_PATH,
    web::{
        form::Submitted,
        layout::{html, html_with_status, see_other},
        route::Route,
        visit::Visit,
    },
};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::citizen("/questionari/{name}", begin_or_go_on),
        Route::citizen("/questionari/{name}/riepilogo", summary),
        Route::citizen_form("/questionari/{name}/consegna", submit),
        Route::citizen("/questionari/{name}/{section}", section),
        Route::citizen_form("/questionari/{name}/{section}", save_section),
    ]
}

type Guard = Guarded<Citizen, Responses>;

async fn begin_or_go_on(guard: Guard, name: Path<String>) -> Result<HttpResponse, AppError> {
    let instrument = named(&name)?;
    let Some(participant) = guard.store().participant(guard.role()).await? else { return Ok(see_other(CONSENT_PATH)) };
    let response = guard.store().response(&participant, instrument).await?;
    let route = instrument.route(&response.answers);
    let open = route.iter().find(|(_, questions)| has_open_questions(questions, &response.answers));
    Ok(see_other(&match open {
        Some((section, _)) if response.submitted_at.is_none() => section_path(instrument, section),
        _ => summary_path(instrument),
    }))
}

async fn section(guard: Guard, visit: Visit, path: Path<(String, String)>) -> Result<HttpResponse, AppError> {
    let instrument = named(&path.0)?;
    let Some(participant) = guard.store().participant(guard.role()).await? else { return Ok(see_other(CONSENT_PATH)) };
    let response = guard.store().response(&participant, instrument).await?;
    let section = section_named(instrument, &path.1)?;
    if response.submitted_at.is_some() || !is_on_route(instrument, section, &response.answers) {
        return Ok(see_other(&summary_path(instrument)));
    }
    Ok(html(&SectionPage::new(&visit, instrument, section, &response.answers, None))?)
}

async fn save_section(
    guard: Guard,
    visit: Visit,
    path: Path<(String, String)>,
    Submitted(fields): Submitted,
) -> Result<HttpResponse, AppError> {
    let instrument = named(&path.0)?;
    let section = section_named(instrument, &path.1)?;
    let Some(participant) = guard.store().participant(guard.role()).await? else { return Ok(see_other(CONSENT_PATH)) };
    let Response { mut answers, submitted_at } = guard.store().response(&participant, instrument).await?;
    if submitted_at.is_some() {
        return Ok(see_other(&summary_path(instrument)));
    }
    let mut filled = form::read(section, &fields);
    for (question, answer) in &filled.answers {
        match answer {
            Some(answer) => answers.set(question, answer.clone()),
            None => drop(answers.0.remove(question)),
        }
    }
    let answers = instrument.prune(&answers);
    guard.store().save(&participant, instrument, &answers, visit.now).await?;
    let asked = instrument.questions_for(&answers);
    filled.problems.retain(|(name, _)| asked.iter().any(|question| question.name == *name));
    if !filled.problems.is_empty() {
        let page = SectionPage::new(&visit, instrument, section, &answers, Some(&filled));
        return Ok(html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)?);
    }
    Ok(see_other(&after(instrument, section, &answers)))
}

async fn summary(guard: Guard, visit: Visit, name: Path<String>) -> Result<HttpResponse, AppError> {
    let instrument = named(&name)?;
    let Some(participant) = guard.store().participant(guard.role()).await? else { return Ok(see_other(CONSENT_PATH)) };
    let response = guard.store().response(&participant, instrument).await?;
    Ok(html(&SummaryPage::new(&visit, instrument, &response))?)
}

/// Hands the answers in. Handing in again leads to the same receipt.
async fn submit(guard: Guard, visit: Visit, name: Path<String>, _: Submitted) -> Result<HttpResponse, AppError> {
    let instrument = named(&name)?;
    let Some(participant) = guard.store().participant(guard.role()).await? else { return Ok(see_other(CONSENT_PATH)) };
    let response = guard.store().response(&participant, instrument).await?;
    if response.submitted_at.is_none() {
        if !instrument.validate(&response.answers).is_empty() {
            let page = SummaryPage::new(&visit, instrument, &response);
            return Ok(html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)?);
        }
        guard.store().submit(&participant, instrument, visit.now).await?;
    }
    Ok(see_other(&summary_path(instrument)))
}

fn named(path: &str) -> Result<&'static Instrument, AppError> {
    instrument::all().into_iter().find(|instrument| instrument.path == path).ok_or(AppError::NotFound)
}

fn section_named<'a>(instrument: &'a Instrument, path: &str) -> Result<&'a Section, AppError> {
    instrument.sections.iter().find(|section| section.path == path).ok_or(AppError::NotFound)
}

fn is_on_route(instrument: &Instrument, section: &Section, answers: &Answers) -> bool {
    instrument.route(answers).iter().any(|(on_route, _)| on_route.name == section.name)
}

fn has_open_questions(questions: &[&Question], answers: &Answers) -> bool {
    questions.iter().any(|question| question.problem(answers.answer(&question.name)).is_some())
}

/// Where to go from a section that was saved: to the same one while its answers raise new questions, else to the
/// next one, else to the summary.
fn after(instrument: &Instrument, section: &Section, answers: &Answers) -> String {
    let route = instrument.route(answers);
    let place = route.iter().position(|(on_route, _)| on_route.name == section.name);
    let following = place.map_or(&route[..], |place| {
        let raises_questions = has_open_questions(&route[place].1, answers);
        &route[if raises_questions { place } else { place + 1 }..]
    });
    match following.first() {
        Some((next, _)) => section_path(instrument, next),
        None => summary_path(instrument),
    }
}

fn section_path(instrument: &Instrument, section: &Section) -> String {
    format!("/questionari/{}/{}", instrument.path, section.path)
}

fn summary_path(instrument: &Instrument) -> String {
    format!("/questionari/{}/riepilogo", instrument.path)
}
