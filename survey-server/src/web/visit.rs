//! Who is asking, in which language, when: worked out once per request, before any handler.

use std::{
    future::{Ready, ready},
    sync::Arc,
};

use actix_web::{
    Error, FromRequest, HttpMessage, HttpRequest, HttpResponse,
    body::{BoxBody, MessageBody},
    cookie::{Cookie, SameSite},
    dev::{Payload, ServiceRequest, ServiceResponse},
    http::header::HeaderName,
    middleware::Next,
    web,
};
use chrono::{DateTime, Utc};

use super::{language, layout::Page};
use crate::{
    access::{
        guard, provider,
        session::{self, Device, SignedIn},
    },
    app::{Services, Settings, Site},
    error::AppError,
    i18n::Texts,
    keys,
};

/// Binds forms to the browser of somebody who has not signed in.
const VISIT_COOKIE: &str = "__Host-tempi-visita";

/// What every present browser says of the use that an answer is asked for (Fetch Metadata, W3C).
const FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// A request as handlers and views see it.
#[derive(Clone)]
pub struct Visit {
    /// When the request arrived.
    pub now: DateTime<Utc>,
    /// The texts in the language of the answer.
    pub texts: Texts,
    /// The path asked for, without the query.
    pub path: String,
    /// The token that every form of the answer carries.
    pub csrf_token: String,
    /// The session, when somebody is signed in.
    pub(crate) signed_in: Option<SignedIn>,
    /// Whether another portal sent the person here and waits.
    pub(crate) continues: bool,
    /// What the request says of the device.
    pub(crate) device: Device,
    /// The installation's settings.
    pub settings: Arc<Settings>,
    pub(crate) site: Site,
    bearer: String,
}

impl Visit {
    /// The frame of a page with this title.
    pub fn page(&self, title: impl Into<String>) -> Page {
        Page::new(self, title.into())
    }

    /// The text of `key`.
    pub fn text(&self, key: &str) -> String {
        self.texts.text(key)
    }

    /// Whether an operator asks, who writes for somebody who has not signed in.
    pub(crate) fn writes_for_another(&self) -> bool {
        let assistance = self.signed_in.as_ref().and_then(|session| session.assistance.as_ref());
        assistance.is_some_and(|assisting| assisting.mode.is_blind())
    }

    /// A visit to a preview, which knows no sessions and stores nothing.
    pub(crate) fn of_preview(request: &HttpRequest, settings: Arc<Settings>, now: DateTime<Utc>) -> Visit {
        Visit {
            now,
            texts: Texts::new(language::wanted(request)),
            path: request.path().to_owned(),
            csrf_token: String::new(),
            signed_in: None,
            continues: false,
            device: Device::of(request),
            settings,
            site: Site::Main,
            bearer: String::new(),
        }
    }

    /// What the form token of this request is bound to: the session, or the browser.
    pub(crate) fn bearer(&self) -> &str {
        &self.bearer
    }
}

impl FromRequest for Visit {
    type Error = AppError;
    type Future = Ready<Result<Visit, AppError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(of(request).ok_or_else(|| AppError::StoredData("a request that was not recognised".to_owned())))
    }
}

/// The visit of a request that has passed [`recognise`].
pub(crate) fn of(request: &HttpRequest) -> Option<Visit> {
    request.extensions().get::<Visit>().cloned()
}

/// Middleware: finds the language and the session, and gives every browser the cookie its forms are bound to.
pub(crate) async fn recognise(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let services = Arc::clone(guard::services(request.request()));
    let (visit, new_visit_cookie, failure) = visit(request.request(), &services).await;
    let chosen = language::chosen(request.request());
    request.extensions_mut().insert(visit);
    let mut response = match failure {
        Some(error) => request.into_response(HttpResponse::from_error(error)),
        None => next.call(request).await?.map_into_boxed_body(),
    };
    let cookies = [new_visit_cookie, chosen.map(language::cookie)];
    for cookie in cookies.into_iter().flatten() {
        response.response_mut().add_cookie(&cookie)?;
    }
    Ok(response)
}

async fn visit(request: &HttpRequest, services: &Services) -> (Visit, Option<Cookie<'static>>, Option<AppError>) {
    let now = services.clock.now();
    let site = request.app_data::<web::Data<Site>>().map_or(Site::Main, |site| *site.get_ref());
    let (signed_in, failure) = match site {
        Site::Card => (None, None),
        Site::Main => match session::recognise(request, services, now).await {
            Ok(signed_in) => (signed_in, None),
            Err(error) => (None, Some(error)),
        },
    };
    let known = request.cookie(VISIT_COOKIE).map(|cookie| cookie.value().to_owned());
    let (visit_token, new_cookie) = match known.filter(|token| token.len() == 43) {
        Some(token) => (token, None),
        None => {
            let token = keys::random_token();
            let cookie = is_for_a_page(request).then(|| host_cookie(VISIT_COOKIE, token.clone()));
            (token, cookie)
        }
    };
    let bearer = match &signed_in {
        // A form made for one person is never taken for another.
        Some(session) => match &session.assistance {
            None => format!("session:{}", session.token_digest),
            Some(assisting) => format!("session:{}:{}", session.token_digest, assisting.assistance_id),
        },
        None => format!("visit:{visit_token}"),
    };
    let visit = Visit {
        now,
        texts: Texts::new(language::wanted_at(request, request.path())),
        path: request.path().to_owned(),
        csrf_token: services.keys.csrf_token(&bearer),
        signed_in,
        continues: request.cookie(provider::PENDING_COOKIE).is_some(),
        device: Device::of(request),
        settings: Arc::clone(&services.settings),
        site,
        bearer,
    };
    (visit, new_cookie, failure)
}

/// Whether the answer may be a page with a form. A script or a picture that arrives after a page must not bind the browser
/// anew: the page's form would be refused.
fn is_for_a_page(request: &HttpRequest) -> bool {
    request.headers().get(&FETCH_DEST).is_none_or(|destination| destination == "document")
}

/// A cookie that only this host, only over HTTPS, receives, that scripts cannot read, and that ends with the browser.
pub(crate) fn host_cookie(name: &'static str, value: String) -> Cookie<'static> {
    Cookie::build(name, value).path("/").secure(true).http_only(true).same_site(SameSite::Lax).finish()
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn only_pages_bind_a_browser() {
        let judged = |destination: Option<&'static str>| {
            let request = TestRequest::get();
            let request =
                destination.into_iter().fold(request, |request, name| request.insert_header((FETCH_DEST, name)));
            is_for_a_page(&request.to_http_request())
        };
        assert!(judged(None), "browsers that say nothing get pages");
        assert!(judged(Some("document")));
        for other in ["serviceworker", "script", "style", "image", "manifest", "empty"] {
            assert!(!judged(Some(other)), "{other}");
        }
    }
}
