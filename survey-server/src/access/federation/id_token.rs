//! What an ID token must say to be believed (OpenID Connect Core 3.1.3.7), once its signature holds.

use chrono::{DateTime, Utc};

use super::refusal::Refusal;
use crate::{
    access::jose::{self, Claims},
    keys,
};

/// Clocks may differ by so many seconds.
pub(super) const LEEWAY: i64 = 60;

/// A token may have been issued so many seconds ago: it comes directly from the provider, just made.
const AGE: i64 = 600;

/// What is expected of a token.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    pub(super) nonce: &'a str,
    /// The levels that are enough; empty: any.
    pub(super) acr: &'a [String],
    /// The access token that came with it.
    pub(super) access_token: Option<&'a str>,
    pub(super) now: DateTime<Utc>,
}

/// Judges the claims of a token.
pub(super) fn judge(claims: &Claims, expected: &Expected<'_>) -> Result<(), Refusal> {
    let hold = |holds: bool, why: &'static str| if holds { Ok(()) } else { Err(Refusal::NotBelieved(why)) };
    let now = expected.now.timestamp();
    hold(claims.text("iss") == Some(expected.issuer), "the ID token is another issuer's")?;
    let audiences = claims.texts("aud");
    hold(audiences.contains(&expected.client_id), "the ID token is meant for somebody else")?;
    match claims.text("azp") {
        Some(party) => hold(party == expected.client_id, "the ID token was issued to somebody else")?,
        None => hold(audiences.len() == 1, "the ID token is meant for several and does not say for whom it was made")?,
    }
    hold(claims.instant("exp").is_some_and(|exp| exp + LEEWAY > now), "the ID token has expired")?;
    let issued = claims.instant("iat").is_some_and(|iat| iat <= now + LEEWAY && iat + AGE > now);
    hold(issued, "the ID token was not issued just now")?;
    hold(claims.instant("nbf").is_none_or(|nbf| nbf <= now + LEEWAY), "the ID token is not valid yet")?;
    hold(claims.text("nonce") == Some(expected.nonce), "the ID token answers another request")?;
    hold(claims.text("sub").is_some_and(|sub| !sub.is_empty()), "the ID token names nobody")?;
    if let Some(hash) = claims.text("at_hash") {
        let holds = expected.access_token.is_some_and(|token| half_hash(token) == hash);
        hold(holds, "the access token is not the one that the ID token was issued with")?;
    }
    let is_enough =
        expected.acr.is_empty() || claims.text("acr").is_some_and(|acr| expected.acr.iter().any(|level| level == acr));
    if is_enough { Ok(()) } else { Err(Refusal::LevelTooLow) }
}

/// The left half of a token's SHA-256 (OpenID Connect Core 3.1.3.6; both algorithms accepted here digest so).
pub(crate) fn half_hash(token: &str) -> String {
    jose::encode(&keys::sha256(token.as_bytes())[..16])
}

/// The level of authentication from 1 to 3 that an `acr` stands for: the names of SPID and of the eIDAS regulation say
/// it; others count by their place in the list of those that are enough, and 0 means that nothing is known.
pub(super) fn level(acr: Option<&str>, enough: &[String]) -> u8 {
    let Some(acr) = acr else { return 0 };
    for (endings, level) in [(["L1", "/low"], 1), (["L2", "/substantial"], 2), (["L3", "/high"], 3)] {
        if endings.iter().any(|ending| acr.ends_with(ending)) {
            return level;
        }
    }
    let place = enough.iter().position(|known| known == acr);
    place.and_then(|place| u8::try_from(place + 1).ok()).map_or(0, |place| place.min(3))
}
