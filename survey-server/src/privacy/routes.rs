//! Handlers of the notice and of consent.

use actix_web::{HttpResponse, http::StatusCode};

use super::{
    store::Consents,
    view::{ConsentPage, WithdrawnPage},
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
        Route::citizen("/consenso", notice),
        Route::citizen_form("/consenso", agree),
        Route::citizen_form("/consenso/ritiro", withdraw),
    ]
}

async fn notice(consents: Guarded<Citizen, Consents>, visit: Visit) -> Result<HttpResponse, AppError> {
    let given = consents.store().given(consents.role()).await?;
    Ok(html(&ConsentPage::new(&visit, given, false))?)
}

async fn agree(consents: Guarded<Citizen, Consents>, visit: Visit, _: Submitted) -> Result<HttpResponse, AppError> {
    consents.store().give(consents.role(), visit.now).await?;
    Ok(see_other("/area-personale"))
}

async fn withdraw(
    consents: Guarded<Citizen, Consents>,
    visit: Visit,
    Submitted(fields): Submitted,
) -> Result<HttpResponse, AppError> {
    if !fields.has(super::CONFIRMATION_FIELD, "si") {
        let given = consents.store().given(consents.role()).await?;
        return Ok(html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &ConsentPage::new(&visit, given, true))?);
    }
    consents.store().withdraw(consents.role(), visit.now).await?;
    Ok(html(&WithdrawnPage::new(&visit))?)
}
