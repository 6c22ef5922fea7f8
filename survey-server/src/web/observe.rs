//! Every request gets an id, a line in the log, and the security headers. Query strings, cookies and bodies are
//! never logged: they may hold tickets or fiscal codes. What somebody who has signed in does is logged at the level of
//! debugging only, but for our own failures.

use std::{sync::Arc, time::Instant};

use actix_web::{
    Error, HttpMessage, HttpRequest,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header::{HeaderName, HeaderValue},
    middleware::Next,
};
use tracing::Instrument;

use super::{headers, visit};
use crate::{access::guard, keys};

/// What stands in the log for a path that no route has.
const UNKNOWN_PATH: &str = "(no route)";

/// The name by which an operator finds a request in the log.
#[derive(Debug, Clone)]
pub(crate) struct RequestId(pub(crate) String);

/// The id of a request that has passed [`observe`].
pub(crate) fn request_id(request: &HttpRequest) -> String {
    request.extensions().get::<RequestId>().map_or_else(String::new, |id| id.0.clone())
}

/// Middleware, the outermost.
pub(crate) async fn observe(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let id = keys::random_id();
    request.extensions_mut().insert(RequestId(id.clone()));
    // The pattern, not the path: a path may name the day that somebody tells.
    let pattern = request.request().match_pattern();
    let path = pattern.as_deref().unwrap_or(UNKNOWN_PATH);
    let span = tracing::info_span!("request", id = %id, method = %request.method(), path = %path);
    let services = Arc::clone(guard::services(request.request()));
    let began = Instant::now();
    let mut response = next.call(request).instrument(span.clone()).await?.map_into_boxed_body();
    headers::add(response.headers_mut(), services.settings.demonstration.is_some());
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    let milliseconds = began.elapsed().as_secs_f64() * 1000.0;
    let status = response.status();
    let is_signed_in = visit::of(response.request()).is_some_and(|visit| visit.signed_in.is_some());
    span.in_scope(|| match is_signed_in && !status.is_server_error() {
        // How many pages somebody saved and when would tell which day is theirs, to whoever knows when they signed in.
        true => tracing::debug!(status = status.as_u16(), milliseconds, "answered"),
        false => tracing::info!(status = status.as_u16(), milliseconds, "answered"),
    });
    Ok(response)
}
