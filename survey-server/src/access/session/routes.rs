//! Signing out, and the page on which people see and end their own sessions.

use actix_web::HttpResponse;

use super::{store::Sessions, view::SessionsPage};
use crate::{
    access::guard::{Citizen, Guarded},
    error::AppError,
    web::{form::Submitted, layout, layout::see_other, route::Route, visit::Visit},
};

/// Where one's own sessions are shown.
pub(crate) const PATH: &str = "/area-personale/sessioni";

/// Where one of them is ended.
pub(super) const END_PATH: &str = "/area-personale/sessioni/fine";

/// Where all but this one are ended.
pub(super) const END_OTHERS_PATH: &str = "/area-personale/sessioni/altre";

/// The field that names a session.
pub(super) const SESSION_FIELD: &str = "sessione";

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::citizen_form("/esci", sign_out),
        Route::citizen(PATH, own_sessions),
        Route::citizen_form(END_PATH, end_one),
        Route::citizen_form(END_OTHERS_PATH, end_others),
    ]
}

async fn sign_out(citizen: Guarded<Citizen, Sessions>, visit: Visit, _: Submitted) -> Result<HttpResponse, AppError> {
    let session = visit.signed_in.ok_or(AppError::SignInFirst)?;
    citizen.store().end(&session.token_digest).await?;
    Ok(super::signed_out())
}

async fn own_sessions(citizen: Guarded<Citizen, Sessions>, visit: Visit) -> Result<HttpResponse, AppError> {
    let sessions = citizen.store().of(citizen.role(), visit.now).await?;
    Ok(layout::html(&SessionsPage::new(&visit, sessions))?)
}

/// Ends one session; when it is the one that asks, this is signing out.
async fn end_one(
    citizen: Guarded<Citizen, Sessions>,
    visit: Visit,
    Submitted(fields): Submitted,
) -> Result<HttpResponse, AppError> {
    let session_id = fields.text(SESSION_FIELD).ok_or(AppError::NotFound)?;
    citizen.store().end_own(citizen.role(), session_id).await?;
    let is_this = visit.signed_in.is_some_and(|session| session.session_id == session_id);
    Ok(if is_this { super::signed_out() } else { see_other(PATH) })
}

async fn end_others(citizen: Guarded<Citizen, Sessions>, visit: Visit, _: Submitted) -> Result<HttpResponse, AppError> {
    let session = visit.signed_in.ok_or(AppError::SignInFirst)?;
    citizen.store().end_others(citizen.role(), &session.token_digest).await?;
    Ok(see_other(PATH))
}
