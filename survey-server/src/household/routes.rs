//! Handlers of households.

use actix_web::{HttpResponse, http::StatusCode};

use super::{
    CODE_FIELD, CODE_PATH, JOIN_PATH, LEAVE_PATH, PATH,
    store::{Households, Joined},
    view::{HouseholdPage, Note},
};
use crate::{
    access::guard::{Citizen, Guarded},
    error::AppError,
    web::{
        form::Submitted,
        layout::{html, html_with_status, see_other},
        route::Route,
        visit::Visit,
    },
};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::citizen(PATH, show),
        Route::citizen_form(CODE_PATH, make_code),
        Route::citizen_form(JOIN_PATH, join),
        Route::citizen_form(LEAVE_PATH, leave),
    ]
}

type Guard = Guarded<Citizen, Households>;

async fn show(guard: Guard, visit: Visit) -> Result<HttpResponse, AppError> {
    let participant = guard.participant().await?;
    let household = guard.store().household(&participant).await?;
    Ok(html(&HouseholdPage::new(&visit, household, Note::None))?)
}

/// The code is on this page only: the database keeps a digest.
async fn make_code(guard: Guard, visit: Visit, _: Submitted) -> Result<HttpResponse, AppError> {
    let participant = guard.participant().await?;
    let code = guard.store().make_code(&participant, visit.now).await?;
    let household = guard.store().household(&participant).await?;
    Ok(html(&HouseholdPage::new(&visit, household, Note::Code(code.shown())))?)
}

async fn join(guard: Guard, visit: Visit, Submitted(fields): Submitted) -> Result<HttpResponse, AppError> {
    let participant = guard.participant().await?;
    let typed = fields.text(CODE_FIELD).unwrap_or_default();
    let joined = guard.store().join(&participant, typed, visit.now).await?;
    let household = guard.store().household(&participant).await?;
    match joined {
        Joined::Yes | Joined::Already => Ok(html(&HouseholdPage::new(&visit, household, Note::Joined))?),
        Joined::No => {
            let page = HouseholdPage::new(&visit, household, Note::WrongCode(typed.chars().take(20).collect()));
            Ok(html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)?)
        }
    }
}

async fn leave(guard: Guard, visit: Visit, _: Submitted) -> Result<HttpResponse, AppError> {
    let participant = guard.participant().await?;
    guard.store().leave(&participant, visit.now).await?;
    Ok(see_other(PATH))
}
