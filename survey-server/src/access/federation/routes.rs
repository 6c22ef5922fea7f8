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
    Federation, IdentityProvider, claims,
    discovery::Described,
    form::{BROWSER_COOKIE, Chosen, Returned},
    id_token::{self, Expected},
    identity_provider::Client,
    refusal::Refusal,
    request::{Attempt as Begun, authorization_address},
    store::Departures,
    token::Asking,
    view::RefusalPage,
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
        layout::html_with_status,
        route::Route,
        visit::{Visit, host_cookie},
    },
};

pub(crate) fn routes() -> Vec<Route> {
    vec![
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
    let issuer = issuer(provider, chosen.issuer.as_deref()).ok_or(AppError::NotFound)?;
    let described = match federation.describe(departures.outbound(), provider, &issuer, visit.now).await {
        Ok(described) => described,
        Err(refusal) => return refused(&visit, provider, refusal),
    };
    let begun = Begun::new(departures.keys());
    let browser = chosen.browser.unwrap_or_else(keys::random_token);
    departures.remember(&begun.state, &browser, &provider.config.id, &issuer, visit.now).await?;
    let address = authorization_address(
        provider,
        &described.metadata,
        &begun,
        &redirect_uri(&visit, provider),
        visit.texts.language.tag(),
    );
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
    let described = federation.describe(departures.outbound(), provider, issuer, visit.now).await?;
    let comes_from = returned.issuer.as_deref();
    if comes_from.is_some_and(|named| named != issuer) || (described.metadata.names_itself && comes_from.is_none()) {
        return Err(Refusal::NotBelieved("the answer comes from another provider than the one asked"));
    }
    if let Some(error) = &returned.error {
        return Err(Refusal::of_error(error, &returned.description));
    }
    let code = returned.code.as_deref().ok_or(Refusal::NotBelieved("the answer holds neither code nor error"))?;
    let client = federation.client(provider).ok_or(Refusal::NotAccepted("we have no name at this provider"))?;
    let asking = Asking { outbound: departures.outbound(), known: &federation.known, client: &client, now: visit.now };
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

/// The provider to be asked: the only one there is, or the one chosen among those known.
fn issuer(provider: &IdentityProvider, chosen: Option<&str>) -> Option<String> {
    match &provider.config.kind {
        ProviderKind::Standard { issuer, .. } => Some(issuer.clone()),
        ProviderKind::Federated { issuers, .. } => match (issuers.as_slice(), chosen) {
            ([only], None) => Some(only.clone()),
            (several, Some(chosen)) => several.iter().find(|issuer| *issuer == chosen).cloned(),
            _ => None,
        },
    }
}

impl Federation {
    /// What a provider says of itself and its keys.
    async fn describe(
        &self,
        outbound: &crate::outbound::Outbound,
        provider: &IdentityProvider,
        issuer: &str,
        now: chrono::DateTime<chrono::Utc>,
    ) -> Result<std::sync::Arc<Described>, Refusal> {
        match &provider.config.kind {
            ProviderKind::Standard { .. } => self.known.discover(outbound, issuer, now).await,
            ProviderKind::Federated { .. } => Err(Refusal::NotAccepted("not a member of a federation")),
        }
    }

    fn client<'a>(&'a self, provider: &'a IdentityProvider) -> Option<Client<'a>> {
        provider.agreed_client()
    }
}
