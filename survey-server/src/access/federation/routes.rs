//! Leaving for a provider, and coming back.

use actix_web::{
    HttpResponse,
    cookie::Cookie,
    http::header::{CACHE_CONTROL, LOCATION},
    web::Path,
};
use questionnaires::fiscal_code::FiscalCode;
use serde_json::{Value, json};

use super::{
    IdentityProvider, claims,
    discovery::Described,
    form::{BROWSER_COOKIE, Chosen, Returned, Wanted},
    id_token::{self, Expected},
    identity_provider::Client,
    members,
    refusal::Refusal,
    request::{Asked, Attempt as Begun},
    store::Departures,
    token::Asking,
    view::{ChoicePage, RefusalPage},
};
use crate::{
    access::{
        Attempt, Reception,
        guard::{Anybody, Guarded},
        session::{self, Means},
    },
    config::ProviderKind,
    error::AppError,
    keys,
    web::{
        assets,
        layout::{html, html_with_status},
        route::Route,
        visit::{Visit, host_cookie},
    },
};

/// Where we say what we found out about the providers that people may sign in with.
pub(super) const RESOLVE: &str = "/accesso/federazione";

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::public("/.well-known/openid-federation", own_statement),
        Route::public(RESOLVE, resolve),
        Route::public("/accesso/con/{fornitore}", leave),
        Route::public("/accesso/ritorno/{fornitore}", come_back),
        Route::public("/accesso/chiavi", public_keys),
    ]
}

/// The public halves of our keys towards providers (RFC 7517), which they may fetch.
async fn public_keys(departures: Guarded<Anybody, Departures>) -> Result<HttpResponse, AppError> {
    let federation = departures.store().federation();
    let keys: Vec<&Value> = federation.providers().iter().flat_map(IdentityProvider::public_keys).collect();
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "public, max-age=300"))
        .content_type("application/jwk-set+json")
        .body(json!({ "keys": keys }).to_string()))
}

/// What we say of ourselves to the Italian federations.
async fn own_statement(departures: Guarded<Anybody, Departures>, visit: Visit) -> Result<HttpResponse, AppError> {
    let federation = departures.store().federation();
    let membership = federation.membership.as_ref().ok_or(AppError::NotFound)?;
    let members =
        federation.providers().iter().filter(|provider| matches!(provider.config.kind, ProviderKind::Federated { .. }));
    let redirect_uris: Vec<String> = members.map(|provider| redirect_uri(&visit, provider)).collect();
    let logo = assets::address("icon.svg");
    let statement = membership.statement(&visit.settings.public_url, &logo, &redirect_uris, visit.now);
    Ok(HttpResponse::Ok().content_type("application/entity-statement+jwt").body(statement))
}

/// What we found out about a provider that people may sign in with, signed. About others nothing is found out, so that
/// nobody can make us ask for them.
async fn resolve(
    departures: Guarded<Anybody, Departures>,
    _: Attempt,
    visit: Visit,
    wanted: Wanted,
) -> Result<HttpResponse, AppError> {
    let departures = departures.store();
    let federation = departures.federation();
    let membership = federation.membership.as_ref().ok_or(AppError::NotFound)?;
    let answer = federation.resolve(departures.federation_outbound(), &wanted.subject, &wanted.anchor, visit.now).await;
    let Ok(member) = answer else { return Err(AppError::NotFound) };
    let claims = json!({
        "iss": visit.settings.public_url,
        "sub": wanted.subject,
        "iat": visit.now.timestamp(),
        "exp": member.expires,
        "metadata": { members::KIND: member.metadata },
        "trust_chain": member.chain,
    });
    Ok(HttpResponse::Ok().content_type("application/resolve-response+jwt").body(membership.vouch(&claims)))
}

/// Sends the browser to the provider, with a state that only this browser can bring back.
async fn leave(
    departures: Guarded<Anybody, Departures>,
    _: Attempt,
    visit: Visit,
    provider: Path<String>,
    chosen: Chosen,
) -> Result<HttpResponse, AppError> {
    let departures = departures.store();
    let federation = departures.federation();
    let provider = federation.provider(&provider).ok_or(AppError::NotFound)?;
    let issuers = match federation.issuers(departures.outbound_to(provider), provider, visit.now).await {
        Ok(issuers) => issuers,
        Err(refusal) => return refused(&visit, provider, refusal),
    };
    let issuer = match (issuers.as_slice(), chosen.issuer) {
        ([only], None) => only.clone(),
        (_, Some(chosen)) => issuers.into_iter().find(|issuer| *issuer == chosen).ok_or(AppError::NotFound)?,
        (_, None) => return Ok(html(&ChoicePage::new(&visit, federation, provider, &issuers))?),
    };
    let described = match federation.describe(departures.outbound_to(provider), provider, &issuer, visit.now).await {
        Ok(described) => described,
        Err(refusal) => return refused(&visit, provider, refusal),
    };
    let begun = Begun::new(departures.keys());
    let browser = chosen.browser.unwrap_or_else(keys::random_token);
    departures.remember(&begun.state, &browser, &provider.config.id, &issuer, visit.now).await?;
    let Some(client) = federation.client(provider, &visit.settings.public_url) else {
        return refused(&visit, provider, Refusal::NotAccepted("we have no name at this provider"));
    };
    let asked = Asked {
        provider,
        client_id: client.id,
        metadata: &described.metadata,
        begun: &begun,
        redirect_uri: &redirect_uri(&visit, provider),
        language: visit.texts.language.tag(),
    };
    let address = match (&provider.config.kind, &federation.membership) {
        (ProviderKind::Federated { .. }, Some(membership)) => asked.signed_address(membership.signing_key(), visit.now),
        _ => asked.address(),
    };
    let mut response = HttpResponse::SeeOther();
    response.insert_header((LOCATION, address)).insert_header((CACHE_CONTROL, "no-store"));
    response.cookie(host_cookie(BROWSER_COOKIE, browser));
    Ok(response.finish())
}

/// Signs in whoever comes back with a good answer of the provider.
async fn come_back(
    departures: Guarded<Anybody, Departures>,
    reception: Guarded<Anybody, Reception>,
    _: Attempt,
    visit: Visit,
    provider: Path<String>,
    returned: Returned,
) -> Result<HttpResponse, AppError> {
    let departures = departures.store();
    let provider = departures.federation().provider(&provider).ok_or(AppError::NotFound)?;
    let (Some(state), Some(browser)) = (&returned.state, &returned.browser) else {
        return refused(&visit, provider, Refusal::NotBegun);
    };
    let Some(issuer) = departures.take(state, browser, &provider.config.id, visit.now).await? else {
        return refused(&visit, provider, Refusal::NotBegun);
    };
    let begun = Begun::again(departures.keys(), state.clone());
    match identify(departures, provider, &issuer, &begun, &returned, &visit).await {
        Ok((fiscal_code, level)) => {
            let reception = reception.store();
            let participant = reception.identities.participant(&fiscal_code, visit.now).await?;
            let means = Means::Federated { provider: provider.config.id.clone(), level };
            let mut response = session::begin(&reception.sessions, &participant, means, &visit).await?;
            let mut spent: Cookie<'static> = host_cookie(BROWSER_COOKIE, String::new());
            spent.make_removal();
            response.add_cookie(&spent).map_err(|_| AppError::BadRequest("the sign-in cookie"))?;
            Ok(response)
        }
        Err(refusal) => refused(&visit, provider, refusal),
    }
}

/// Who the provider says that came back, and how surely.
async fn identify(
    departures: &Departures,
    provider: &IdentityProvider,
    issuer: &str,
    begun: &Begun,
    returned: &Returned,
    visit: &Visit,
) -> Result<(FiscalCode, u8), Refusal> {
    let federation = departures.federation();
    let described = federation.describe(departures.outbound_to(provider), provider, issuer, visit.now).await?;
    const ELSEWHERE: Refusal = Refusal::NotBelieved("the answer comes from another provider than the one asked");
    if returned.issuer.as_deref().is_some_and(|named| named != issuer) {
        return Err(ELSEWHERE);
    }
    if let Some(error) = &returned.error {
        return Err(Refusal::of_error(error, &returned.description));
    }
    // A provider that names itself does so whenever it gives a code; some leave it out of errors, which give nothing.
    if described.metadata.names_itself && returned.issuer.is_none() {
        return Err(ELSEWHERE);
    }
    let code = returned.code.as_deref().ok_or(Refusal::NotBelieved("the answer holds neither code nor error"))?;
    let client = federation
        .client(provider, &visit.settings.public_url)
        .ok_or(Refusal::NotAccepted("we have no name at this provider"))?;
    let asking = Asking {
        outbound: departures.outbound_to(provider),
        known: &federation.known,
        client: &client,
        now: visit.now,
    };
    let redirect_uri = redirect_uri(visit, provider);
    let tokens = asking.redeem(&described, code, &begun.verifier, &redirect_uri).await?;
    let found = person(&asking, &described, provider, begun, &tokens.id_token, &tokens.access_token, visit).await;
    asking.revoke(&described, &tokens.access_token).await;
    found
}

async fn person(
    asking: &Asking<'_>,
    described: &Described,
    provider: &IdentityProvider,
    begun: &Begun,
    id_token: &str,
    access_token: &str,
    visit: &Visit,
) -> Result<(FiscalCode, u8), Refusal> {
    let claims = asking.proved(described, id_token).await?;
    let Client { id, .. } = asking.client;
    id_token::judge(
        &claims,
        &Expected {
            issuer: &described.metadata.issuer,
            client_id: id,
            nonce: &begun.nonce,
            acr: &provider.config.acr,
            access_token: Some(access_token),
            now: visit.now,
        },
    )?;
    let names = &provider.config.fiscal_code_claims;
    let level = id_token::level(claims.text("acr"), &provider.config.acr);
    if let Some(code) = claims::fiscal_code(&claims, names)? {
        return Ok((code, level));
    }
    let subject = claims.text("sub").unwrap_or_default();
    let told = asking.personal_data(described, access_token, subject).await?;
    let code = claims::fiscal_code(&told, names)?.ok_or(Refusal::NoFiscalCode)?;
    Ok((code, level))
}

fn refused(visit: &Visit, provider: &IdentityProvider, refusal: Refusal) -> Result<HttpResponse, AppError> {
    tracing::info!(
        provider = provider.config.id,
        reason = refusal.stem(),
        detail = refusal.detail(),
        "sign-in with another site refused"
    );
    Ok(html_with_status(refusal.status(), &RefusalPage::new(visit, &provider.config.name, refusal))?)
}

/// Where a provider sends people back to: one address for each, so that answers cannot be mixed up.
fn redirect_uri(visit: &Visit, provider: &IdentityProvider) -> String {
    format!("{}/accesso/ritorno/{}", visit.settings.public_url, provider.config.id)
}
