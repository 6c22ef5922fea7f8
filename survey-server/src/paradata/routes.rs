//! Handlers of the choice, and of what a page reports.

use actix_web::{HttpResponse, web::Path};
use chrono::NaiveDate;

use super::{CHOICE_FIELD, CONSENT_PATH, Trace, device_class, store::Choices};
use crate::{
    access::guard::{Citizen, Guarded},
    error::AppError,
    privacy,
    web::{form::Submitted, layout::see_other, route::Route, visit::Visit},
};

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::citizen_form(CONSENT_PATH, choose), Route::citizen_form("/diario/{date}/percorso", report)]
}

type Guard = Guarded<Citizen, Choices>;

async fn choose(choices: Guard, visit: Visit, Submitted(fields): Submitted) -> Result<HttpResponse, AppError> {
    let agrees = match fields.text(CHOICE_FIELD) {
        Some("si") => true,
        Some("no") => false,
        _ => return Err(AppError::BadRequest("neither yes nor no")),
    };
    if choices.store().participant(choices.role()).await?.is_some() || !agrees {
        choices.store().choose(choices.role(), agrees, visit.now).await?;
    }
    Ok(see_other(&format!("{}#percorso", privacy::CONSENT_PATH)))
}

/// Takes what a page reports. The answer is the same whether or not anything was kept, and needs no page.
async fn report(
    choices: Guard,
    visit: Visit,
    date: Path<String>,
    Submitted(fields): Submitted,
) -> Result<HttpResponse, AppError> {
    let date: NaiveDate = date.parse().map_err(|_| AppError::NotFound)?;
    let trace = Trace::read(&fields, device_class(visit.device));
    let trace = trace.ok_or(AppError::BadRequest("not a report of how a day is filled in"))?;
    if let Some(participant) = choices.store().participant(choices.role()).await? {
        choices.store().add(choices.role(), &participant, date, &[trace]).await?;
    }
    Ok(HttpResponse::NoContent().finish())
}
