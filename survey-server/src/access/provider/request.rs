//! What a portal asks for when it sends somebody here (OpenID Connect Core 3.1.2), and how the request waits while the
//! person signs in.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};

use super::{Provider, client::Portal};
use crate::{
    access::session::SignedIn,
    keys::Keys,
    web::form::{Fields, encoded_pairs},
};

/// Holds the request of a portal while the person signs in. The ticket of the card listener, perhaps another site, comes
/// by POST, and this must come along: that is why it is not `SameSite=Lax`. It opens nothing.
pub(crate) const PENDING_COOKIE: &str = "__Host-tempi-richiesta";

/// A request may not be longer, in bytes: it must fit a cookie.
const LIMIT: usize = 2048;

/// The scope that stands for the fiscal code.
const FISCAL_CODE: &str = "fiscal_number";

/// A request that names a known portal and one of its addresses, and asks for what there is.
#[derive(Debug)]
pub(super) struct Request<'a> {
    pub(super) portal: &'a Portal,
    pub(super) redirect_uri: String,
    pub(super) challenge: String,
    pub(super) nonce: Option<String>,
    state: Option<String>,
    /// Whether the portal wants, and may have, the fiscal code.
    pub(super) wants_fiscal_code: bool,
    pub(super) prompt: Prompt,
    /// The person must have signed in within so many seconds.
    max_age: Option<i64>,
}

/// How much a person may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Prompt {
    /// Nothing at all.
    pub(super) nothing: bool,
    /// To sign in, even if they have.
    pub(super) login: bool,
    /// To agree, even if they have.
    pub(super) consent: bool,
}

/// A request that cannot be followed.
#[derive(Debug)]
pub(super) enum Refused {
    /// It names no portal and address of ours: the person is told here and sent nowhere.
    Here,
    /// The portal is told, at its own address.
    There(String),
}

impl<'a> Request<'a> {
    /// Reads a query. Nobody is sent to an address before it is known to be the portal's.
    pub(super) fn read(provider: &'a Provider, issuer: &str, query: &str) -> Result<Request<'a>, Refused> {
        let fields = Fields::parse(query.as_bytes()).map_err(|_| Refused::Here)?;
        if query.len() > LIMIT {
            return Err(Refused::Here);
        }
        let portal = fields.text("client_id").and_then(|id| provider.portal(id)).ok_or(Refused::Here)?;
        let redirect_uri = fields.text("redirect_uri").ok_or(Refused::Here)?;
        if !portal.config.redirect_uris.iter().any(|known| known == redirect_uri) {
            return Err(Refused::Here);
        }
        let is_repeated =
            fields.pairs().any(|(name, _)| fields.pairs().filter(|(other, _)| *other == name).count() > 1);
        if is_repeated {
            return Err(Refused::Here);
        }
        let text = |name: &str| fields.text(name).map(str::to_owned);
        let state = text("state");
        let refuse =
            |error: &str| Err(Refused::There(answer(redirect_uri, issuer, state.as_deref(), &[("error", error)])));
        if fields.text("request").is_some() {
            return refuse("request_not_supported");
        }
        if fields.text("request_uri").is_some() {
            return refuse("request_uri_not_supported");
        }
        if fields.text("response_type") != Some("code") {
            return refuse("unsupported_response_type");
        }
        if fields.text("response_mode").is_some_and(|mode| mode != "query") {
            return refuse("invalid_request");
        }
        let scopes: Vec<&str> = fields.text("scope").unwrap_or_default().split(' ').collect();
        if !scopes.contains(&"openid") {
            return refuse("invalid_scope");
        }
        let challenge = text("code_challenge").filter(|challenge| challenge.len() == 43);
        let Some(challenge) = challenge.filter(|_| fields.text("code_challenge_method") == Some("S256")) else {
            return refuse("invalid_request");
        };
        let prompts: Vec<&str> = fields.text("prompt").unwrap_or_default().split(' ').collect();
        let prompt = Prompt {
            nothing: prompts.contains(&"none"),
            // An age of nothing demands a new sign-in (OpenID Connect Core 3.1.2.1).
            login: prompts.contains(&"login") || fields.text("max_age") == Some("0"),
            consent: prompts.contains(&"consent"),
        };
        if prompt.nothing && prompts.len() > 1 {
            return refuse("invalid_request");
        }
        let max_age = match fields.text("max_age").map(str::parse::<i64>) {
            Some(Ok(seconds)) if seconds >= 0 => Some(seconds),
            None => None,
            Some(_) => return refuse("invalid_request"),
        };
        Ok(Request {
            portal,
            redirect_uri: redirect_uri.to_owned(),
            challenge,
            nonce: text("nonce"),
            state,
            wants_fiscal_code: portal.config.receives_fiscal_code && scopes.contains(&FISCAL_CODE),
            prompt,
            max_age,
        })
    }

    /// Whether a session is recent enough; `demanded_at` is when signing in again was asked for.
    pub(super) fn is_satisfied(&self, session: &SignedIn, demanded_at: Option<i64>, now: DateTime<Utc>) -> bool {
        let began = session.began_at.timestamp();
        let is_new = demanded_at.is_some_and(|demanded| began >= demanded);
        let is_recent = self.max_age.is_none_or(|seconds| now.timestamp() - began <= seconds);
        is_new || (!self.prompt.login && is_recent)
    }

    /// The address of the portal with an answer.
    pub(super) fn answer(&self, issuer: &str, pairs: &[(&str, &str)]) -> String {
        answer(&self.redirect_uri, issuer, self.state.as_deref(), pairs)
    }

    /// What the portal receives, as agreements are kept.
    pub(super) fn claims(&self) -> &'static str {
        if self.wants_fiscal_code { "pseudonym fiscal_number" } else { "pseudonym" }
    }
}

fn answer(redirect_uri: &str, issuer: &str, state: Option<&str>, pairs: &[(&str, &str)]) -> String {
    let mut all = pairs.to_vec();
    all.extend(state.map(|state| ("state", state)));
    // The portal can tell our answers from those of others (RFC 9207).
    all.push(("iss", issuer));
    let separator = if redirect_uri.contains('?') { '&' } else { '?' };
    format!("{redirect_uri}{separator}{}", encoded_pairs(&all))
}

/// A request that waits, with the instant since when signing in again is asked for. Nobody but us can make one that reads
/// back, so that nobody can take away that demand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pending {
    pub(super) query: String,
    pub(super) demanded_at: Option<i64>,
}

impl Pending {
    pub(super) fn seal(&self, keys: &Keys) -> String {
        let demanded = self.demanded_at.map(|instant| instant.to_string()).unwrap_or_default();
        let text = format!("{demanded}.{}", URL_SAFE_NO_PAD.encode(&self.query));
        format!("{}.{text}", keys.connection_secret("pending", &text))
    }

    pub(super) fn open(keys: &Keys, sealed: &str) -> Option<Pending> {
        let (mac, text) = sealed.split_once('.')?;
        if keys.connection_secret("pending", text) != mac {
            return None;
        }
        let (demanded, query) = text.split_once('.')?;
        let query = String::from_utf8(URL_SAFE_NO_PAD.decode(query).ok()?).ok()?;
        let demanded_at = if demanded.is_empty() { None } else { Some(demanded.parse().ok()?) };
        Some(Pending { query, demanded_at })
    }
}
