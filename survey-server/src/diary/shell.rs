//! The page of a day as a browser without network shows it: the frame, and nobody's data. Scripts fill it from what the device keeps. Also
//! the page that says, before signing out, that something has not been sent yet.

use actix_web::HttpResponse;
use askama::Template;

use super::{routes::Guard, view::EditorView};
use crate::{
    error::AppError,
    web::{
        layout::{Page, html},
        route::Route,
        visit::Visit,
    },
};

/// The page without network. It is asked for without cookies, and says the same to everybody.
#[derive(Template)]
#[template(path = "diary/shell.html")]
struct ShellPage {
    page: Page,
    editor: EditorView,
}

/// The page about what waits on the device; a script writes what.
#[derive(Template)]
#[template(path = "diary/waiting.html")]
struct WaitingPage {
    page: Page,
}

pub(super) fn routes() -> Vec<Route> {
    vec![Route::public("/diario/senza-rete", shell), Route::citizen("/diario/in-attesa", waiting)]
}

async fn shell(mut visit: Visit) -> Result<HttpResponse, AppError> {
    // Whoever asks, nobody is signed in on this page.
    visit.signed_in = None;
    Ok(html(&ShellPage { page: visit.page(visit.text("diary-offline-title")), editor: EditorView::new(&visit) })?)
}

async fn waiting(_: Guard, visit: Visit) -> Result<HttpResponse, AppError> {
    Ok(html(&WaitingPage { page: visit.page(visit.text("diary-waiting-title")) })?)
}
