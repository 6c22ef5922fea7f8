//! The handlers of the card listener.

use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{CONTENT_SECURITY_POLICY, HeaderValue},
    },
};

use super::{
    form::{BrowserDigest, Judged},
    view::{HandoverPage, RefusalPage},
};
use crate::{
    access::{
        Attempt, Reception,
        guard::{Anybody, Guarded},
    },
    error::AppError,
    web::{
        layout::{html, html_with_status, see_other},
        route::Route,
        visit::Visit,
    },
};

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::public("/", to_main_site), Route::public("/accesso/carta", present_card)]
}

/// Judges the card and either hands a ticket over or says why not. Without the digest of a browser that began at the
/// sign-in page there is nobody to give a ticket to.
async fn present_card(
    reception: Guarded<Anybody, Reception>,
    attempt: Attempt,
    visit: Visit,
    browser: BrowserDigest,
    judged: Judged,
) -> Result<HttpResponse, AppError> {
    let Some(browser_digest) = browser.0 else { return to_main_site(visit).await };
    let holder = match judged.0 {
        Ok(holder) => holder,
        Err(refusal) => {
            tracing::info!(reason = refusal.stem(), "card refused");
            reception.store().note_refusal(refusal, attempt.place(), visit.now).await;
            return Ok(html_with_status(StatusCode::FORBIDDEN, &RefusalPage::new(&visit, refusal))?);
        }
    };
    let reception = reception.store();
    let participant = reception.identities.participant(&holder.fiscal_code, visit.now).await?;
    let ticket = reception.tickets.issue(&participant, &browser_digest, visit.now).await?;
    let mut response = html(&HandoverPage::new(&visit, ticket))?;
    if let Ok(policy) = HeaderValue::from_str(&handover_policy(&visit.settings.public_url)) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    Ok(response)
}

async fn to_main_site(visit: Visit) -> Result<HttpResponse, AppError> {
    Ok(see_other(&format!("{}/accesso", visit.settings.public_url)))
}

/// Like the policy of every page, except that the form goes to the main site.
fn handover_policy(main_site: &str) -> String {
    crate::web::headers::CONTENT_SECURITY_POLICY.replace("form-action 'self'", &format!("form-action {main_site}"))
}
