//! The handler of the personal area.

use actix_web::HttpResponse;

use super::{store::PersonalArea, view::PersonalAreaPage};
use crate::{
    access::guard::{Citizen, Guarded},
    error::AppError,
    web::{layout::html, route::Route, visit::Visit},
};

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::citizen("/area-personale", personal_area)]
}

async fn personal_area(area: Guarded<Citizen, PersonalArea>, visit: Visit) -> Result<HttpResponse, AppError> {
    let progress = area.store().progress(area.role()).await?;
    Ok(html(&PersonalAreaPage::new(&visit, &progress))?)
}
