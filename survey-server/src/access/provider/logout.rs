//! Signing out at the wish of a portal (OpenID Connect RP-Initiated Logout 1.0), and telling portals that somebody signed
//! out here (Back-Channel Logout 1.0).

use actix_web::HttpRequest;
use chrono::{DateTime, Utc};
use serde_json::json;

use super::{client::Portal, store::SignOns};
use crate::{
    keys,
    web::form::{Fields, encoded_pairs},
};

/// A logout token is good for so many seconds.
const LIFETIME: i64 = 120;

/// Where people go after signing out: an address that the portal they come from registered, or our front page.
pub(super) fn destination(sign_ons: &SignOns, fields: &Fields) -> Option<(String, String)> {
    let provider = sign_ons.provider()?;
    // The token tells which portal asks; that it may have expired does not matter for that.
    let hinted = fields.text("id_token_hint").and_then(|token| provider.own_claims(token));
    let hinted = hinted.as_ref().and_then(|claims| claims.text("aud"));
    let named = fields.text("client_id");
    if named.is_some() && hinted.is_some() && named != hinted {
        return None;
    }
    let portal: &Portal = provider.portal(named.or(hinted)?)?;
    let wanted = fields.text("post_logout_redirect_uri")?;
    if !portal.config.logout_uris.iter().any(|known| known == wanted) {
        return None;
    }
    let address = match fields.text("state") {
        Some(state) => {
            let separator = if wanted.contains('?') { '&' } else { '?' };
            format!("{wanted}{separator}{}", encoded_pairs(&[("state", state)]))
        }
        None => wanted.to_owned(),
    };
    Some((address, portal.config.name.clone()))
}

/// Tells the portals that a session reached that it has ended. Who cannot be told changes nothing: their own sessions
/// end by themselves.
pub(crate) async fn tell_portals(sign_ons: &SignOns, session_id: &str, now: DateTime<Utc>) {
    let Some(provider) = sign_ons.provider() else { return };
    let reached = match sign_ons.reached(session_id).await {
        Ok(reached) => reached,
        Err(error) => return tracing::warn!(%error, "the portals of a session could not be found"),
    };
    for (client, pseudonym) in reached {
        let Some(portal) = provider.portal(&client) else { continue };
        let Some(address) = &portal.config.backchannel_logout_uri else { continue };
        let seconds = now.timestamp();
        let claims = json!({
            "iss": sign_ons.issuer(),
            "aud": client,
            "sub": pseudonym,
            "sid": sign_ons.session_name(&client, session_id),
            "iat": seconds,
            "exp": seconds + LIFETIME,
            "jti": keys::random_token(),
            "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
        });
        let body = encoded_pairs(&[("logout_token", &provider.key.sign("logout+jwt", &claims))]);
        let headers = vec![("content-type", "application/x-www-form-urlencoded".to_owned())];
        if let Err(error) = sign_ons.outbound().post(address, headers, body, 64 * 1024).await {
            tracing::warn!(%error, client, "a portal could not be told that somebody signed out");
        }
    }
}

/// The parameters of a request to sign out.
pub(super) fn fields(request: &HttpRequest) -> Fields {
    Fields::parse(request.query_string().as_bytes()).unwrap_or_default()
}
