//! Ourselves as an OpenID Connect provider for the municipality's other portals: who has signed in here need not do so
//! again there. Off unless the configuration names a key. A portal learns a pseudonym of its own for each person and,
//! where the configuration says so, the fiscal code; the person agrees to that first.

mod client;
mod logout;
mod request;
mod routes;
mod store;
mod token;
mod view;

use serde_json::{Value, json};

pub(crate) use logout::tell_portals;
pub(crate) use request::PENDING_COOKIE;
pub(crate) use routes::{CONTINUATION, routes};
pub(crate) use store::SignOns;

use super::{
    federation::{FederationError, read_key},
    jose::{Claims, JoseError, KeySet, Signed, SigningKey},
    session::Means,
};
use crate::config::OpenidConfig;
use client::Portal;

/// Ourselves as a provider.
#[derive(Debug)]
pub struct Provider {
    key: SigningKey,
    previous: Option<SigningKey>,
    portals: Vec<Portal>,
}

impl Provider {
    /// Reads the keys and secrets that the configuration names.
    ///
    /// # Errors
    /// [`FederationError`], by file.
    pub fn open(config: &OpenidConfig) -> Result<Provider, FederationError> {
        let curve = |pem: &[u8]| match SigningKey::from_pem(pem)? {
            key if key.algorithm().name() == "ES256" => Ok(key),
            _ => Err(JoseError::Key("it must be on the curve P-256")),
        };
        Ok(Provider {
            key: read_key(&config.key_file, curve)?,
            previous: config.previous_key_file.as_deref().map(|file| read_key(file, curve)).transpose()?,
            portals: config.clients.iter().map(Portal::open).collect::<Result<_, _>>()?,
        })
    }

    fn portal(&self, id: &str) -> Option<&Portal> {
        self.portals.iter().find(|portal| portal.config.id == id)
    }

    /// Our public keys: the present one, and the one before it while tokens signed with it live.
    fn public_keys(&self) -> Value {
        let keys: Vec<&Value> =
            [Some(&self.key), self.previous.as_ref()].into_iter().flatten().map(SigningKey::public).collect();
        json!({ "keys": keys })
    }

    /// The claims of a token that we signed ourselves, whether or not it has expired.
    fn own_claims(&self, token: &str) -> Option<Claims> {
        let keys = KeySet::read(&self.public_keys()).ok()?;
        Signed::parse(token).ok()?.verify(&keys, &[self.key.algorithm()]).ok()
    }
}

/// How surely a person is known, in the words of the eIDAS regulation (Implementing Regulation 2015/1502): the card with its
/// PIN is a key in hardware; SPID and CIE count the same three levels. What a provider did not say counts as the lowest.
fn acr(means: &Means) -> &'static str {
    match means {
        Means::Card | Means::Federated { level: 3, .. } => "http://eidas.europa.eu/LoA/high",
        Means::Federated { level: 2, .. } => "http://eidas.europa.eu/LoA/substantial",
        Means::Federated { .. } => "http://eidas.europa.eu/LoA/low",
        Means::Simulated => "simulated",
    }
}

/// Every value of [`acr`] that is not of the demonstration.
const LEVELS: [&str; 3] =
    ["http://eidas.europa.eu/LoA/low", "http://eidas.europa.eu/LoA/substantial", "http://eidas.europa.eu/LoA/high"];
