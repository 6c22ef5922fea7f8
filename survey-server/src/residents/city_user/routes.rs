//! Handlers of what people declare of themselves and the city.

use actix_web::{HttpResponse, http::StatusCode};

use super::{PATH, REMOVAL_PATH, Standing, form::Typed, store::CityUsers, view::CityPage};
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
    vec![Route::citizen(PATH, page), Route::citizen_form(PATH, declare), Route::citizen_form(REMOVAL_PATH, remove)]
}

type Guard = Guarded<Citizen, CityUsers>;

async fn page(guard: Guard, visit: Visit) -> Result<HttpResponse, AppError> {
    let standing = guard.store().standing(guard.role()).await?;
    let typed = match &standing {
        Standing::CityUser(declared) => Typed::again(declared),
        _ => Typed::default(),
    };
    Ok(html(&CityPage::new(&visit, &standing, &typed, &[]))?)
}

async fn declare(guard: Guard, visit: Visit, Submitted(fields): Submitted) -> Result<HttpResponse, AppError> {
    let standing = guard.store().standing(guard.role()).await?;
    if matches!(standing, Standing::NotAsked | Standing::Resident) {
        // What nobody needs to know is not kept; the page says why.
        return Ok(see_other(PATH));
    }
    let typed = Typed::of(&fields);
    match typed.read() {
        Ok(declared) => {
            guard.store().declare(guard.role(), &declared, visit.now).await?;
            Ok(see_other("/area-personale"))
        }
        Err(wrong) => {
            let page = CityPage::new(&visit, &standing, &typed, &wrong);
            Ok(html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)?)
        }
    }
}

async fn remove(guard: Guard, visit: Visit, _: Submitted) -> Result<HttpResponse, AppError> {
    guard.store().remove(guard.role(), visit.now).await?;
    Ok(see_other(PATH))
}
