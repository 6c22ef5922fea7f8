//! Sessions live on the server; the browser holds a token of which the database keeps only the digest.

use actix_web::{HttpRequest, HttpResponse, cookie::Cookie};
use chrono::{DateTime, Utc};

use super::Sessions;
use crate::{
    access::guard::{Citizen, Guarded},
    app::Services,
    error::AppError,
    keys,
    web::{
        form::Submitted,
        layout::see_other,
        route::Route,
        visit::{Visit, host_cookie},
    },
};

const SESSION_COOKIE: &str = "__Host-tempi";

/// A living session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SignedIn {
    pub(crate) token_digest: String,
    pub(crate) participant_id: String,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::citizen_form("/esci", sign_out)]
}

/// The session of a request, if it has one and it is neither idle nor old beyond the configured bounds.
pub(crate) async fn recognise(
    request: &HttpRequest,
    services: &Services,
    now: DateTime<Utc>,
) -> Result<Option<SignedIn>, AppError> {
    let Some(cookie) = request.cookie(SESSION_COOKIE) else { return Ok(None) };
    let token_digest = keys::token_digest(cookie.value());
    let sessions = Sessions::new(&services.database, services.settings.session_lifetime);
    let participant_id = sessions.continue_session(&token_digest, now).await?;
    Ok(participant_id.map(|participant_id| SignedIn { token_digest, participant_id }))
}

/// Begins a session under a new token and leads to the personal area.
pub(crate) async fn begin(
    sessions: &Sessions,
    participant_id: &str,
    now: DateTime<Utc>,
) -> Result<HttpResponse, AppError> {
    let token = keys::random_token();
    sessions.begin(&keys::token_digest(&token), participant_id, now).await?;
    tracing::info!("signed in");
    let mut response = see_other("/area-personale");
    add_cookie(&mut response, host_cookie(SESSION_COOKIE, token));
    Ok(response)
}

async fn sign_out(citizen: Guarded<Citizen, Sessions>, visit: Visit, _: Submitted) -> Result<HttpResponse, AppError> {
    let session = visit.signed_in.ok_or(AppError::SignInFirst)?;
    citizen.store().end(&session.token_digest).await?;
    let mut response = see_other("/");
    let mut cookie = host_cookie(SESSION_COOKIE, String::new());
    cookie.make_removal();
    add_cookie(&mut response, cookie);
    Ok(response)
}

fn add_cookie(response: &mut HttpResponse, cookie: Cookie<'static>) {
    if let Err(error) = response.add_cookie(&cookie) {
        tracing::error!(%error, "a cookie could not be set");
    }
}
