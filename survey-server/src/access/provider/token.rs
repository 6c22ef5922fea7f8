//! What portals ask from server to server: tokens for a code, and who somebody is.

use std::{future::Future, pin::Pin};

use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    dev::Payload,
    http::{
        StatusCode,
        header::{AUTHORIZATION, CACHE_CONTROL, WWW_AUTHENTICATE},
    },
};
use serde_json::{Value, json};

use super::{
    client,
    store::{SignOns, TOKEN_LIFETIME},
};
use crate::{
    access::{
        federation::half_hash,
        guard::{Anybody, Guarded},
    },
    database::entity::provider_code,
    error::AppError,
    web::{
        form::{self, Fields},
        route::Submits,
        visit::Visit,
    },
};

/// Where codes are exchanged.
pub(super) const PATH: &str = "/openid/token";

/// A form of a portal's server. It carries no token of a page: the portal proves itself instead, and no cookie counts.
pub(super) struct ServerRequest {
    fields: Fields,
    authorization: Option<String>,
}

impl<A, B> Submits for (A, B, ServerRequest) {}

impl FromRequest for ServerRequest {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<ServerRequest, AppError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let authorization = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
            let authorization = authorization.map(str::to_owned);
            // A token may be asked about with an empty body.
            let fields = match form::read_fields(&request, payload).await {
                Err(AppError::BadRequest(_)) => Fields::default(),
                other => other?,
            };
            Ok(ServerRequest { fields, authorization })
        })
    }
}

/// Exchanges a code for tokens (OpenID Connect Core 3.1.3).
pub(super) async fn exchange(
    sign_ons: Guarded<Anybody, SignOns>,
    visit: Visit,
    request: ServerRequest,
) -> Result<HttpResponse, AppError> {
    let sign_ons = sign_ons.store();
    if sign_ons.provider().is_none() {
        return Err(AppError::NotFound);
    }
    let authorization = request.authorization.as_deref();
    let Some(portal) = client::authenticate(sign_ons, authorization, &request.fields, visit.now).await? else {
        return Ok(refused(StatusCode::UNAUTHORIZED, "invalid_client"));
    };
    if request.fields.text("grant_type") != Some("authorization_code") {
        return Ok(refused(StatusCode::BAD_REQUEST, "unsupported_grant_type"));
    }
    let given = |name: &'static str| request.fields.text(name).unwrap_or_default();
    let redeemed = sign_ons
        .redeem(given("code"), &portal.config.id, given("redirect_uri"), given("code_verifier"), visit.now)
        .await?;
    let Ok((code, access_token)) = redeemed else {
        return Ok(refused(StatusCode::BAD_REQUEST, "invalid_grant"));
    };
    let id_token = id_token(sign_ons, &code, &access_token, visit.now.timestamp())?;
    tracing::info!(client = portal.config.id, "signed on at a portal");
    Ok(answer(
        StatusCode::OK,
        &json!({
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": TOKEN_LIFETIME,
            "id_token": id_token,
        }),
    ))
}

fn id_token(sign_ons: &SignOns, code: &provider_code::Model, access_token: &str, now: i64) -> Result<String, AppError> {
    let provider = sign_ons.provider().ok_or(AppError::NotFound)?;
    let mut claims = json!({
        "iss": sign_ons.issuer(),
        "sub": sign_ons.pseudonym(&code.client_id, &code.participant_id),
        "aud": code.client_id,
        "iat": now,
        "exp": now + TOKEN_LIFETIME,
        "auth_time": code.signed_in_at,
        "acr": code.acr,
        "at_hash": half_hash(access_token),
        "sid": sign_ons.session_name(&code.client_id, &code.session_id),
    });
    if let Some(nonce) = &code.nonce {
        claims["nonce"] = json!(nonce);
    }
    Ok(provider.key.sign("JWT", &claims))
}

/// Who somebody is, for whoever holds their token (OpenID Connect Core 5.3).
pub(super) async fn person(
    sign_ons: Guarded<Anybody, SignOns>,
    visit: Visit,
    request: ServerRequest,
) -> Result<HttpResponse, AppError> {
    let sign_ons = sign_ons.store();
    if sign_ons.provider().is_none() {
        return Err(AppError::NotFound);
    }
    let token = request.authorization.as_deref().and_then(|header| header.strip_prefix("Bearer "));
    let told = match token {
        Some(token) => sign_ons.told_by(token.trim(), visit.now).await?,
        None => None,
    };
    let Some((pseudonym, fiscal_code)) = told else {
        let mut response = refused(StatusCode::UNAUTHORIZED, "invalid_token");
        let challenge = actix_web::http::header::HeaderValue::from_static("Bearer error=\"invalid_token\"");
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        return Ok(response);
    };
    let mut told = json!({ "sub": pseudonym });
    if let Some(code) = fiscal_code {
        told["fiscal_number"] = json!(format!("TINIT-{code}"));
    }
    Ok(answer(StatusCode::OK, &told))
}

fn refused(status: StatusCode, error: &str) -> HttpResponse {
    answer(status, &json!({ "error": error }))
}

fn answer(status: StatusCode, body: &Value) -> HttpResponse {
    HttpResponse::build(status)
        .content_type("application/json")
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(body.to_string())
}
