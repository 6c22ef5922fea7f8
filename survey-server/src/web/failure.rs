//! Failures as pages of the site: what happened, what was kept, what to do next.

use actix_web::{
    Error, HttpRequest, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::StatusCode,
    middleware::Next,
};
use askama::Template;

use super::{
    layout::{self, Page},
    observe, visit,
    visit::Visit,
};
use crate::{
    error::{AppError, Instead},
    residents::admission::NotAdmitted,
};

#[derive(Template)]
#[template(path = "failure.html")]
struct FailurePage {
    page: Page,
    text: String,
    /// Whom to ask, where the site cannot help.
    where_to_turn: Option<String>,
    /// Shown only when an operator has to look: the name of the request in the log.
    request_id: Option<String>,
    offers_sign_in: bool,
}

/// Middleware: draws the page of every answer that carries an error, and logs those that are ours to repair.
pub(crate) async fn draw_failures(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let response = next.call(request).await?.map_into_boxed_body();
    let Some(error) = response.response().error() else { return Ok(response) };
    if let Some(AppError::Instead(instead)) = error.as_error::<AppError>() {
        let instead = match instead {
            Instead::Address(path) => layout::see_other(path),
            Instead::Page(status, page) => layout::drawn(*status, page.clone()),
        };
        return with_cookies(response, instead);
    }
    let (status, message) = match error.as_error::<AppError>() {
        Some(error) => error.status_and_message(),
        None => of_framework(error.as_response_error().status_code()),
    };
    if status.is_server_error() {
        tracing::error!(parent: tracing::Span::current(), id = observe::request_id(response.request()), %error, "failed");
    }
    if is_worth_noting(status) {
        tracing::warn!(reason = message, status = status.as_u16(), "refused");
    }
    let refused_person = match error.as_error::<AppError>() {
        Some(AppError::NotAdmitted(reason)) => Some(*reason),
        _ => None,
    };
    let drawn = draw(response.request(), status, message, refused_person);
    let drawn = drawn.unwrap_or_else(|_| HttpResponse::new(status));
    with_cookies(response, drawn)
}

/// Another answer in the place of one, with its cookies.
fn with_cookies(
    refused: ServiceResponse<BoxBody>,
    mut answer: HttpResponse,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let (request, refused) = refused.into_parts();
    for cookie in refused.cookies() {
        answer.add_cookie(&cookie)?;
    }
    Ok(ServiceResponse::new(request, answer))
}

/// Refusals that somebody who attacks would meet: they are looked for in the log.
fn is_worth_noting(status: StatusCode) -> bool {
    [
        StatusCode::FORBIDDEN,
        StatusCode::REQUEST_TIMEOUT,
        StatusCode::PAYLOAD_TOO_LARGE,
        StatusCode::TOO_MANY_REQUESTS,
        StatusCode::BAD_REQUEST,
    ]
    .contains(&status)
}

/// Errors raised by the framework itself, for example a path that does not parse.
fn of_framework(status: StatusCode) -> (StatusCode, &'static str) {
    match status {
        StatusCode::NOT_FOUND => AppError::NotFound.status_and_message(),
        status if status.is_client_error() => AppError::BadRequest("").status_and_message(),
        status => (status, "internal"),
    }
}

fn draw(
    request: &HttpRequest,
    status: StatusCode,
    message: &str,
    not_admitted: Option<NotAdmitted>,
) -> Result<HttpResponse, AppError> {
    let visit = visit::of(request).ok_or(AppError::NotFound)?;
    let failure = FailurePage {
        page: visit.page(visit.text(&format!("error-{message}-title"))),
        text: match not_admitted.and_then(NotAdmitted::age) {
            Some(age) => visit.texts.text_with(&format!("error-{message}-text"), &[("age", age.into())]),
            None => visit.text(&format!("error-{message}-text")),
        },
        where_to_turn: not_admitted.map(|_| where_to_turn(&visit)),
        request_id: status.is_server_error().then(|| observe::request_id(request)),
        offers_sign_in: status == StatusCode::UNAUTHORIZED,
    };
    Ok(layout::html_with_status(status, &failure)?)
}

/// The office that the installation names, or the municipality.
pub(crate) fn where_to_turn(visit: &Visit) -> String {
    match &visit.settings.participation.contact {
        Some(contact) => visit.texts.text_with("residents-contact", &[("contact", contact.as_str().into())]),
        None => {
            let municipality = visit.settings.municipality.as_str().into();
            visit.texts.text_with("residents-contact-municipality", &[("municipality", municipality)])
        }
    }
}
