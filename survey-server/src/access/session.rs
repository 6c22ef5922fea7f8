//! Sessions live on the server; the browser holds a token of which the database keeps only the digest.

mod device;
mod means;
mod routes;
pub(crate) mod store;
mod view;

use actix_web::{
    HttpRequest, HttpResponse,
    cookie::Cookie,
    http::header::{HeaderName, HeaderValue},
};
use chrono::{DateTime, Utc};
use questionnaires::fiscal_code::FiscalCode;

pub(crate) use device::Device;
pub use means::Means;
pub(crate) use routes::{PATH, routes};
use store::{Sessions, SignIn};

use super::{assistance::Assisting, officer::RoleInForce, provider};
use crate::{
    app::Services,
    database::Database,
    error::AppError,
    keys::{self, Keys},
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
    /// The help that goes on in it.
    pub(crate) assistance: Option<Assisting>,
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
    // Whoever was sent here by another portal goes on to decide about it.
    let mut response = see_other(if visit.continues { provider::CONTINUATION } else { "/area-personale" });
    add_cookie(&mut response, host_cookie(SESSION_COOKIE, token));
    Ok(response)
}

/// Takes the session's cookie from the browser.
pub(crate) fn forget(response: &mut HttpResponse) {
    let mut cookie = host_cookie(SESSION_COOKIE, String::new());
    cookie.make_removal();
    add_cookie(response, cookie);
    // At a shared computer the next person must not find pages by going back.
    let clear = HeaderValue::from_static("\"cache\", \"storage\"");
    response.headers_mut().insert(HeaderName::from_static("clear-site-data"), clear);
}

/// Ends every session of the person with `fiscal_code` or, without one, of everybody: for whoever runs the installation.
/// Gives how many there were.
///
/// # Errors
/// When the database cannot be written.
pub async fn end(
    database: &Database,
    keys: &Keys,
    fiscal_code: Option<&FiscalCode>,
    now: DateTime<Utc>,
) -> Result<u64, AppError> {
    match fiscal_code {
        None => store::end_by_operator(database, None, now).await,
        Some(fiscal_code) => match super::store::known(database, keys, fiscal_code).await? {
            Some(participant_id) => store::end_by_operator(database, Some(&participant_id), now).await,
            None => Ok(0),
        },
    }
}

/// The answer to who has signed out: the front page, and a browser without its cookie.
fn signed_out() -> HttpResponse {
    signed_out_to("/")
}

/// The same, with another page to go to.
pub(crate) fn signed_out_to(address: &str) -> HttpResponse {
    let mut response = see_other(address);
    forget(&mut response);
    response
}

fn add_cookie(response: &mut HttpResponse, cookie: Cookie<'static>) {
    if let Err(error) = response.add_cookie(&cookie) {
        tracing::error!(%error, "a cookie could not be set");
    }
}
