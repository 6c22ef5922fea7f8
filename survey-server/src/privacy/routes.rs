//! Handlers of the notice and of consent.

use actix_web::{HttpResponse, http::StatusCode};

use super::{
    store::Agreeing,
    view::{ConsentPage, WithdrawnPage},
};
use crate::{
    access::guard::{Citizen, Guarded},
    error::AppError,
    residents::city_user,
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

type Guard = Guarded<Citizen, Agreeing>;

async fn notice(guard: Guard, visit: Visit) -> Result<HttpResponse, AppError> {
    Ok(html(&page(&guard, &visit, false).await?)?)
}

async fn page(guard: &Guard, visit: &Visit, confirmation_missing: bool) -> Result<ConsentPage, AppError> {
    let given = guard.store().consents.given(guard.role()).await?;
    let standing = guard.store().city_users.standing(guard.role()).await?;
    Ok(ConsentPage::new(visit, given, standing.may_agree(), confirmation_missing))
}

async fn agree(guard: Guard, visit: Visit, _: Submitted) -> Result<HttpResponse, AppError> {
    if !guard.store().city_users.standing(guard.role()).await?.may_agree() {
        return Ok(see_other(city_user::PATH));
    }
    guard.store().consents.give(guard.role(), visit.now).await?;
    Ok(see_other("/area-personale"))
}

async fn withdraw(guard: Guard, visit: Visit, Submitted(fields): Submitted) -> Result<HttpResponse, AppError> {
    if !fields.has(super::CONFIRMATION_FIELD, "si") {
        let page = page(&guard, &visit, true).await?;
        return Ok(html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)?);
    }
    guard.store().consents.withdraw(guard.role(), visit.now).await?;
    Ok(html(&WithdrawnPage::new(&visit))?)
}
