//! The handler of the office's first page.

use std::sync::Arc;

use actix_web::HttpResponse;

use super::view::OfficePage;
use crate::{
    access::{
        guard::{Guarded, Store},
        officer::AnyOfficer,
    },
    app::Services,
    error::AppError,
    web::{layout::html, route::Route, visit::Visit},
};

/// Where the office is.
pub(crate) const PATH: &str = "/ufficio";

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::any_officer(PATH, office)]
}

/// The first page needs no data but the roles of whoever asks.
struct NoStore;

impl Store for NoStore {
    fn open(_: &Arc<Services>) -> NoStore {
        NoStore
    }
}

async fn office(officer: Guarded<AnyOfficer, NoStore>, visit: Visit) -> Result<HttpResponse, AppError> {
    Ok(html(&OfficePage::new(&visit, &officer.role().roles))?)
}
