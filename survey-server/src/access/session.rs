//! Sessions live on the server; the browser holds a token of which the database keeps only the digest.

mod device;
mod means;
mod routes;
pub(crate) mod store;
mod view;

use actix_web::{HttpRequest, HttpResponse, cookie::Cookie};
use chrono::{DateTime, Utc};

pub(crate) use device::Device;
pub use means::Means;
pub(crate) use routes::{PATH, routes};
use store::{Sessions, SignIn};

use super::officer::RoleInForce;
use crate::{
    app::Services,
    error::AppError,
    keys,
    web::{
        layout::see_other,
        visit::{Visit, host_cookie},
    },
};

const SESSION_COOKIE: &str = "__Host-tempi";

/// A living session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SignedIn {
    pub(crate) token_digest: String,
    /// By which its owner names it.
    pub(crate) session_id: String,
    pub(crate) participant_id: String,
    pub(crate) began_at: DateTime<Utc>,
    pub(crate) means: Means,
    /// The roles that the person holds at the time of the request.
    pub(crate) roles: Vec<RoleInForce>,
}

/// The session of a request, if it has one and it is neither idle nor old beyond the configured bounds.
pub(crate) async fn recognise(
    request: &HttpRequest,
    services: &Services,
    now: DateTime<Utc>,
) -> Result<Option<SignedIn>, AppError> {
    let Some(cookie) = request.cookie(SESSION_COOKIE) else { return Ok(None) };
    Sessions::over(services).continue_session(&keys::token_digest(cookie.value()), now).await
}

/// Begins a session under a new token and leads to the personal area. A session that the browser was in ends.
pub(crate) async fn begin(
    sessions: &Sessions,
    participant_id: &str,
    means: Means,
    visit: &Visit,
) -> Result<HttpResponse, AppError> {
    let token = keys::random_token();
    let sign_in = SignIn {
        token_digest: &keys::token_digest(&token),
        participant_id,
        means: &means,
        device: visit.device,
        replaces: visit.signed_in.as_ref().map(|session| session.token_digest.as_str()),
    };
    sessions.begin(&sign_in, visit.now).await?;
    tracing::info!(means = means.name(), "signed in");
    let mut response = see_other("/area-personale");
    add_cookie(&mut response, host_cookie(SESSION_COOKIE, token));
    Ok(response)
}

/// The answer to who has signed out: the front page, and a browser without its cookie.
fn signed_out() -> HttpResponse {
    let mut response = see_other("/");
    let mut cookie = host_cookie(SESSION_COOKIE, String::new());
    cookie.make_removal();
    add_cookie(&mut response, cookie);
    response
}

fn add_cookie(response: &mut HttpResponse, cookie: Cookie<'static>) {
    if let Err(error) = response.add_cookie(&cookie) {
        tracing::error!(%error, "a cookie could not be set");
    }
}
