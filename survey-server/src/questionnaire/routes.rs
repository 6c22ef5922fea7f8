//! Handlers of the questionnaires.

use actix_web::{HttpResponse, http::StatusCode, web::Path};

use super::{
    Asking, form,
    route::{after, begin_at, is_on_route, section_named, settle, summary_path},
    store::{Response, Responses},
    view::{SectionPage, SummaryPage},
};
use crate::{
    access::guard::{Citizen, Guarded},
    error::AppError,
    privacy::Participant,
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

/// Whoever may answer the questionnaire of an address, with what they answered so far. Who may not yet is led to what comes first.
async fn find(guard: &Guard, path: &str) -> Result<(Participant, Response), AppError> {
    let asking = guard.store().catalogue().at(path).ok_or(AppError::NotFound)?;
    let participant = guard.participant().await?;
    if !guard.store().may_begin(&participant, &asking).await? {
        return Err(AppError::elsewhere("/diario"));
    }
    let response = guard.store().response(&participant, &asking).await?;
    Ok((participant, response))
}

async fn begin_or_go_on(guard: Guard, name: Path<String>) -> Result<HttpResponse, AppError> {
    let (_, response) = find(&guard, &name).await?;
    Ok(see_other(&match response.submitted_at {
        Some(_) => summary_path(&response.asking),
        None => begin_at(&response.asking, &response.answers),
    }))
}

async fn section(guard: Guard, visit: Visit, path: Path<(String, String)>) -> Result<HttpResponse, AppError> {
    let (_, response) = find(&guard, &path.0).await?;
    let section = section_named(&response.asking, &path.1)?;
    if response.submitted_at.is_some() || !is_on_route(&response.asking, section, &response.answers) {
        return Ok(see_other(&summary_path(&response.asking)));
    }
    Ok(html(&SectionPage::new(&visit, &response, section, None))?)
}

async fn save_section(
    guard: Guard,
    visit: Visit,
    path: Path<(String, String)>,
    Submitted(fields): Submitted,
) -> Result<HttpResponse, AppError> {
    let (participant, mut response) = find(&guard, &path.0).await?;
    let asking: Asking = response.asking.clone();
    let section = section_named(&asking, &path.1)?;
    if response.submitted_at.is_some() {
        return Ok(see_other(&summary_path(&asking)));
    }
    let mut filled = form::read(&asking.instrument, section, &fields);
    response.answers = settle(&asking, response.answers, &mut filled);
    guard.store().save(&participant, &asking, &response.answers, visit.now).await?;
    response.n_left_behind = None;
    if !filled.problems.is_empty() {
        let page = SectionPage::new(&visit, &response, section, Some(&filled));
        return Ok(html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)?);
    }
    Ok(see_other(&after(&asking, section, &response.answers)))
}

async fn summary(guard: Guard, visit: Visit, name: Path<String>) -> Result<HttpResponse, AppError> {
    let (_, response) = find(&guard, &name).await?;
    Ok(html(&SummaryPage::new(&visit, &response))?)
}

/// Hands the answers in. Handing in again leads to the same receipt.
async fn submit(guard: Guard, visit: Visit, name: Path<String>, _: Submitted) -> Result<HttpResponse, AppError> {
    let (participant, response) = find(&guard, &name).await?;
    if response.submitted_at.is_none() {
        if !response.instrument().validate(&response.answers).is_empty() {
            let page = SummaryPage::new(&visit, &response);
            return Ok(html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)?);
        }
        // Answers that were carried over from an earlier version are put down as answers to this one.
        if response.n_left_behind.is_some() {
            guard.store().save(&participant, &response.asking, &response.answers, visit.now).await?;
        }
        guard.store().submit(&participant, &response.asking, visit.now).await?;
    }
    Ok(see_other(&summary_path(&response.asking)))
}
