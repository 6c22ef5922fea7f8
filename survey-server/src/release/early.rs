//! Approved editions before their hour, for the council and for editors: each reading is on record, and each page says
//! until when it must not be passed on.

use actix_web::{HttpResponse, web};
use askama::Template;

use super::{routes::blocking, store::Releases};
use crate::{
    access::{
        guard::Guarded,
        officer::{EarlyReader, OneOf},
    },
    error::AppError,
    publication::{
        file::EditionFile,
        language_of, notice,
        shelf::{self, Shelved},
    },
    web::{
        date,
        layout::{Page, html, see_other},
        route::Route,
        visit::Visit,
    },
};

/// Where editions under embargo are.
pub(crate) const PATH: &str = "/ufficio/anticipazioni";

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::one_of::<EarlyReader, _, _>(PATH, list),
        Route::one_of::<EarlyReader, _, _>("/ufficio/anticipazioni/{number}/{path:.*}", read),
    ]
}

type Reader = Guarded<OneOf<EarlyReader>, Releases>;

/// The editions that wait for their hour.
#[derive(Template)]
#[template(path = "release/early.html")]
struct EarlyPage {
    page: Page,
    editions: Vec<EarlyView>,
}

struct EarlyView {
    title: String,
    until: String,
    href: String,
}

/// The editions in the folder of publication whose hour is to come.
fn waiting(visit: &Visit) -> Vec<Shelved> {
    let folder = visit.settings.publication.as_deref();
    let editions = folder.map(shelf::all).unwrap_or_default().into_iter();
    editions.filter(|edition| !edition.is_public(visit.now)).collect()
}

async fn list(_: Reader, visit: Visit) -> Result<HttpResponse, AppError> {
    let view = |edition: Shelved| EarlyView {
        title: visit.texts.text_with("early-edition", &[("number", edition.number.to_string().into())]),
        until: edition.embargo.map(|embargo| date::long_instant(&visit.texts, embargo)).unwrap_or_default(),
        href: format!("{PATH}/{}/", edition.number),
    };
    let editions = waiting(&visit).into_iter().map(view).collect();
    Ok(html(&EarlyPage { page: visit.page(visit.text("early-title")), editions })?)
}

async fn read(reader: Reader, visit: Visit, place: web::Path<(String, String)>) -> Result<HttpResponse, AppError> {
    let (number, wanted) = place.into_inner();
    let number: u32 = number.parse().map_err(|_| AppError::NotFound)?;
    if let Some((_, earlier)) = wanted.split_once("edizioni/").filter(|(before, _)| before.is_empty()) {
        // Editions of before are where everybody reads them.
        return Ok(see_other(&format!("/risultati/edizioni/{earlier}")));
    }
    let waiting = waiting(&visit).into_iter().find(|edition| edition.number == number);
    let Some((edition, embargo)) = waiting.and_then(|edition| edition.embargo.map(|embargo| (edition, embargo))) else {
        // Its hour may just have come.
        let folder = visit.settings.publication.as_deref();
        let is_public =
            folder.is_some_and(|folder| shelf::public(folder, visit.now).iter().any(|one| one.number == number));
        let here = format!("/risultati/edizioni/{number}/{wanted}");
        return if is_public { Ok(see_other(&here)) } else { Err(AppError::NotFound) };
    };
    let notice = notice::embargo(language_of(&wanted), embargo, PATH)?;
    let asked = wanted.clone();
    let file = blocking(move || Ok(EditionFile::read(&edition.folder, &asked))).await?.ok_or(AppError::NotFound)?;
    if file.tells_results() {
        // Before it is told: what cannot be recorded is not read.
        reader.store().record_reading(reader.role().actor(), number, &wanted, visit.now).await?;
    }
    Ok(file.under(&notice).for_one())
}
