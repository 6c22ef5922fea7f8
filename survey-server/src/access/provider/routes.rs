//! The pages and documents of ourselves as a provider.

use actix_web::{
    HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite, time::Duration},
    http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderValue},
};
use serde_json::json;

use super::{
    LEVELS, logout,
    request::{PENDING_COOKIE, Pending, Prompt, Refused, Request},
    store::SignOns,
    token,
    view::{AgreementPage, SignOutPage},
};
use crate::{
    access::{
        guard::{Anybody, Citizen, Guarded},
        session::{self, SignedIn},
    },
    error::AppError,
    web::{
        form::{Fields, Submitted},
        layout::{html, see_other},
        route::Route,
        visit::Visit,
    },
};

const AUTHORIZATION: &str = "/openid/autorizzazione";
/// Where whoever was sent here goes on after signing in.
pub(crate) const CONTINUATION: &str = "/openid/continua";
const AGREEMENT: &str = "/openid/consenso";
const KEYS: &str = "/openid/chiavi";
const PERSON: &str = "/openid/persona";
const SIGN_OUT: &str = "/openid/uscita";

/// The field that carries a waiting request.
const PENDING_FIELD: &str = "richiesta";

/// How long a request waits for the person to sign in, in minutes.
const PATIENCE: i64 = 15;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::public("/.well-known/openid-configuration", description),
        Route::public(KEYS, public_keys),
        Route::public(AUTHORIZATION, authorize),
        Route::public(CONTINUATION, proceed),
        Route::citizen_form(AGREEMENT, agree),
        Route::public_form(token::PATH, token::exchange),
        Route::public(PERSON, token::person),
        Route::public_form(PERSON, token::person),
        Route::public(SIGN_OUT, sign_out_page),
        Route::citizen_form(SIGN_OUT, sign_out),
    ]
}

/// What we are and can (OpenID Connect Discovery 1.0).
async fn description(sign_ons: Guarded<Anybody, SignOns>) -> Result<HttpResponse, AppError> {
    let sign_ons = sign_ons.store();
    let provider = sign_ons.provider().ok_or(AppError::NotFound)?;
    let issuer = sign_ons.issuer();
    let at = |path: &str| format!("{issuer}{path}");
    let tells_portals = provider.portals.iter().any(|portal| portal.config.backchannel_logout_uri.is_some());
    let description = json!({
        "issuer": issuer,
        "authorization_endpoint": at(AUTHORIZATION),
        "token_endpoint": at(token::PATH),
        "userinfo_endpoint": at(PERSON),
        "jwks_uri": at(KEYS),
        "end_session_endpoint": at(SIGN_OUT),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "scopes_supported": ["openid", "fiscal_number"],
        "claims_supported": ["sub", "acr", "auth_time", "fiscal_number"],
        "acr_values_supported": LEVELS,
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["private_key_jwt", "client_secret_basic"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256", "ES256"],
        "prompt_values_supported": ["none", "login", "consent"],
        "ui_locales_supported": ["it", "en"],
        "authorization_response_iss_parameter_supported": true,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "claims_parameter_supported": false,
        "backchannel_logout_supported": tells_portals,
        "backchannel_logout_session_supported": tells_portals,
    });
    Ok(document("application/json", description.to_string()))
}

async fn public_keys(sign_ons: Guarded<Anybody, SignOns>) -> Result<HttpResponse, AppError> {
    let keys = sign_ons.store().provider().ok_or(AppError::NotFound)?.public_keys();
    Ok(document("application/jwk-set+json", keys.to_string()))
}

fn document(kind: &str, body: String) -> HttpResponse {
    HttpResponse::Ok().content_type(kind).insert_header((CACHE_CONTROL, "public, max-age=300")).body(body)
}

/// A portal sends somebody here.
async fn authorize(
    sign_ons: Guarded<Anybody, SignOns>,
    visit: Visit,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let pending = Pending { query: request.query_string().to_owned(), demanded_at: None };
    decide(sign_ons.store(), &visit, pending).await
}

/// Somebody who was sent here has signed in meanwhile.
async fn proceed(
    sign_ons: Guarded<Anybody, SignOns>,
    visit: Visit,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let sign_ons = sign_ons.store();
    let cookie = request.cookie(PENDING_COOKIE);
    let pending = cookie.and_then(|cookie| Pending::open(sign_ons.keys(), cookie.value()));
    let mut response = match pending {
        Some(pending) if visit.signed_in.is_some() => decide(sign_ons, &visit, pending).await?,
        _ => see_other("/area-personale"),
    };
    let mut spent = pending_cookie(String::new());
    spent.make_removal();
    response.add_cookie(&spent).map_err(|_| AppError::BadRequest("the cookie of a request"))?;
    Ok(response)
}

async fn decide(sign_ons: &SignOns, visit: &Visit, pending: Pending) -> Result<HttpResponse, AppError> {
    let provider = sign_ons.provider().ok_or(AppError::NotFound)?;
    let issuer = sign_ons.issuer();
    let request = match Request::read(provider, issuer, &pending.query) {
        Ok(request) => request,
        Err(Refused::Here) => return Err(AppError::BadRequest("the portal is not known here")),
        Err(Refused::There(address)) => return Ok(see_other(&address)),
    };
    let refuse = |error: &str| Ok(see_other(&request.answer(issuer, &[("error", error)])));
    let session = visit.signed_in.as_ref();
    let session = session.filter(|session| request.is_satisfied(session, pending.demanded_at, visit.now));
    let Some(session) = session else {
        if request.prompt.nothing {
            return refuse("login_required");
        }
        let demanded_at = Some(visit.now.timestamp());
        let sealed = Pending { demanded_at, ..pending }.seal(sign_ons.keys());
        let mut response = see_other("/accesso");
        response.add_cookie(&pending_cookie(sealed)).map_err(|_| AppError::BadRequest("the request is too long"))?;
        return Ok(response);
    };
    let client = &request.portal.config.id;
    let has_agreed = sign_ons.has_agreed(&session.participant_id, client, request.claims()).await?;
    match request.prompt {
        Prompt { consent: false, .. } if has_agreed => send_back(sign_ons, visit, &request, session).await,
        Prompt { nothing: true, .. } => refuse("consent_required"),
        _ => {
            let sealed = pending.seal(sign_ons.keys());
            let page = AgreementPage::new(visit, &request, AGREEMENT, PENDING_FIELD, sealed);
            let mut response = html(&page)?;
            allow_form_to(&mut response, super::client::Portal::origin(&request.redirect_uri));
            Ok(response)
        }
    }
}

/// The person agrees, or does not.
async fn agree(citizen: Guarded<Citizen, SignOns>, visit: Visit, form: Submitted) -> Result<HttpResponse, AppError> {
    let sign_ons = citizen.store();
    let provider = sign_ons.provider().ok_or(AppError::NotFound)?;
    let pending = form.0.text(PENDING_FIELD).and_then(|sealed| Pending::open(sign_ons.keys(), sealed));
    let pending = pending.ok_or(AppError::StaleForm)?;
    let Ok(request) = Request::read(provider, sign_ons.issuer(), &pending.query) else {
        return Err(AppError::BadRequest("the portal is not known here"));
    };
    let session = visit.signed_in.as_ref().ok_or(AppError::SignInFirst)?;
    if !request.is_satisfied(session, pending.demanded_at, visit.now) {
        return Err(AppError::SignInFirst);
    }
    if !form.0.has("decisione", "consento") {
        return Ok(see_other(&request.answer(sign_ons.issuer(), &[("error", "access_denied")])));
    }
    let client = &request.portal.config.id;
    sign_ons.agree(&session.participant_id, client, request.claims(), visit.now).await?;
    send_back(sign_ons, &visit, &request, session).await
}

/// Sends the person back to the portal with a code.
async fn send_back(
    sign_ons: &SignOns,
    visit: &Visit,
    request: &Request<'_>,
    session: &SignedIn,
) -> Result<HttpResponse, AppError> {
    let code = sign_ons.issue_code(request, session, visit.now).await?;
    Ok(see_other(&request.answer(sign_ons.issuer(), &[("code", &code)])))
}

/// A portal sends somebody here to sign out: they are asked, so that no page can sign people out by a link.
async fn sign_out_page(
    sign_ons: Guarded<Anybody, SignOns>,
    visit: Visit,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let sign_ons = sign_ons.store();
    if sign_ons.provider().is_none() {
        return Err(AppError::NotFound);
    }
    let fields = logout::fields(&request);
    let destination = logout::destination(sign_ons, &fields);
    if visit.signed_in.is_none() {
        return Ok(see_other(destination.as_ref().map_or("/", |(address, _)| address)));
    }
    let sealed = Pending { query: request.query_string().to_owned(), demanded_at: None }.seal(sign_ons.keys());
    let portal = destination.as_ref().map(|(_, name)| name.clone());
    let mut response = html(&SignOutPage::new(&visit, portal, SIGN_OUT, PENDING_FIELD, sealed))?;
    if let Some((address, _)) = &destination {
        allow_form_to(&mut response, super::client::Portal::origin(address));
    }
    Ok(response)
}

async fn sign_out(citizen: Guarded<Citizen, SignOns>, visit: Visit, form: Submitted) -> Result<HttpResponse, AppError> {
    let sign_ons = citizen.store();
    let pending = form.0.text(PENDING_FIELD).and_then(|sealed| Pending::open(sign_ons.keys(), sealed));
    let fields = pending.and_then(|pending| Fields::parse(pending.query.as_bytes()).ok()).unwrap_or_default();
    let destination = logout::destination(sign_ons, &fields);
    let session = visit.signed_in.as_ref().ok_or(AppError::SignInFirst)?;
    sign_ons.end_session(citizen.role(), session, visit.now).await?;
    logout::tell_portals(sign_ons, &session.session_id, visit.now).await;
    Ok(session::signed_out_to(destination.as_ref().map_or("/", |(address, _)| address)))
}

fn pending_cookie(sealed: String) -> Cookie<'static> {
    Cookie::build(PENDING_COOKIE, sealed)
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::None)
        .max_age(Duration::minutes(PATIENCE))
        .finish()
}

/// Like the policy of every page, except that the form may lead to the portal in the end: browsers hold the address that
/// a form is redirected to against the policy too.
fn allow_form_to(response: &mut HttpResponse, origin: &str) {
    let policy = crate::web::headers::CONTENT_SECURITY_POLICY;
    let policy = policy.replace("form-action 'self'", &format!("form-action 'self' {origin}"));
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
}
