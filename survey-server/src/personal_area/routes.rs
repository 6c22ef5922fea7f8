//! The handler of the personal area.

use actix_web::HttpResponse;

use super::view::PersonalAreaPage;
use crate::{
    access::{
        Sessions,
        guard::{Citizen, Guarded},
    },
    error::AppError,
    web::{layout::html, route::Route, visit::Visit},
};

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::citizen("/area-personale", personal_area)]
}

async fn personal_area(_: Guarded<Citizen, Sessions>, visit: Visit) -> Result<HttpResponse, AppError> {
    Ok(html(&PersonalAreaPage::new(&visit))?)
}
