//! Handlers of the front page and the legal pages.

use actix_web::HttpResponse;

use super::view::{HomePage, TextPage};
use crate::{
    error::AppError,
    web::{layout::html, route::Route, visit::Visit},
};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::public("/", home),
        Route::public("/note-legali", legal_notes),
        Route::public("/privacy", privacy),
        Route::public("/accessibilita", accessibility),
    ]
}

async fn home(visit: Visit) -> Result<HttpResponse, AppError> {
    Ok(html(&HomePage::new(&visit))?)
}

async fn legal_notes(visit: Visit) -> Result<HttpResponse, AppError> {
    Ok(html(&TextPage::new(&visit, "legal"))?)
}

async fn privacy(visit: Visit) -> Result<HttpResponse, AppError> {
    Ok(html(&TextPage::new(&visit, "privacy"))?)
}

async fn accessibility(visit: Visit) -> Result<HttpResponse, AppError> {
    Ok(html(&TextPage::new(&visit, "accessibility"))?)
}
