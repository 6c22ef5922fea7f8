//! Signing in with another site: any OpenID Connect provider, SPID and CIE. Nothing here believes what a browser brings
//! back before it is bound to the browser that began, nor what a provider says before its signature holds.

mod chain;
mod claims;
mod discovery;
mod form;
mod id_token;
mod identity_provider;
mod members;
mod membership;
mod policy;
mod refusal;
mod request;
mod routes;
mod statement;
mod store;
mod token;
mod view;

use std::{
    collections::BTreeSet,
    fs, io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use thiserror::Error;

pub(crate) use id_token::half_hash;
pub(crate) use identity_provider::IdentityProvider;
pub(crate) use request::challenge_of;
pub(crate) use routes::routes;
pub(crate) use store::Departures;
pub(crate) use view::{Door, Look, doors};

use super::jose::JoseError;
use crate::config::{FederationConfig, ProviderConfig, ProviderKind};
use membership::Membership;

/// Why the connection with another site cannot be set up.
#[derive(Debug, Error)]
pub enum FederationError {
    /// A file cannot be read.
    #[error("{path} cannot be read: {error}")]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// Others than its owner may read a secret.
    #[error("{0} may be read by others than its owner: run `chmod 600` on it")]
    Exposed(PathBuf),
    /// A file does not hold what it should.
    #[error("{path} cannot be used: {error}")]
    Unusable {
        /// Which.
        path: PathBuf,
        /// Why.
        error: JoseError,
    },
    /// A secret too short to be one.
    #[error("{0} must hold a secret of at least 32 characters")]
    WeakSecret(PathBuf),
}

/// The sites that people may sign in with, and what is known of them at the moment.
#[derive(Debug, Default)]
pub struct Federation {
    providers: Vec<IdentityProvider>,
    membership: Option<Membership>,
    known: discovery::Known,
    members: members::Members,
}

impl Federation {
    /// Reads the keys and secrets that the configuration names. No other site is asked yet.
    ///
    /// # Errors
    /// [`FederationError`], by file.
    pub fn open(
        providers: &[ProviderConfig],
        membership: Option<&FederationConfig>,
    ) -> Result<Federation, FederationError> {
        Ok(Federation {
            providers: providers.iter().map(IdentityProvider::open).collect::<Result<_, _>>()?,
            membership: membership.map(Membership::open).transpose()?,
            ..Federation::default()
        })
    }

    /// The providers, in the order of their names in the configuration.
    pub(crate) fn providers(&self) -> &[IdentityProvider] {
        &self.providers
    }

    /// The hosts of federations that the operator named: trust anchors, and providers chosen by name. They may be anywhere;
    /// whatever else a federation's documents name must be on the public internet.
    pub fn named_hosts(&self) -> BTreeSet<String> {
        let of = |provider: &IdentityProvider| match &provider.config.kind {
            ProviderKind::Standard { .. } => Vec::new(),
            ProviderKind::Federated { trust_anchor, issuers, .. } => {
                issuers.iter().chain([trust_anchor]).map(|id| statement::host(id).to_owned()).collect()
            }
        };
        self.providers.iter().flat_map(of).collect()
    }

    fn provider(&self, id: &str) -> Option<&IdentityProvider> {
        self.providers.iter().find(|provider| provider.config.id == id)
    }
}

/// A secret's file, which its owner alone may read.
pub(crate) fn read_secret(path: &Path) -> Result<Vec<u8>, FederationError> {
    let failed = |error| FederationError::Unreadable { path: path.to_owned(), error };
    if fs::metadata(path).map_err(failed)?.permissions().mode() & 0o077 != 0 {
        return Err(FederationError::Exposed(path.to_owned()));
    }
    fs::read(path).map_err(failed)
}

/// A key or another object in a secret's file.
pub(crate) fn read_key<T>(path: &Path, read: impl Fn(&[u8]) -> Result<T, JoseError>) -> Result<T, FederationError> {
    read(&read_secret(path)?).map_err(|error| FederationError::Unusable { path: path.to_owned(), error })
}

/// A public file's content.
pub(crate) fn read_public<T>(path: &Path, read: impl Fn(&[u8]) -> Result<T, JoseError>) -> Result<T, FederationError> {
    let bytes = fs::read(path).map_err(|error| FederationError::Unreadable { path: path.to_owned(), error })?;
    read(&bytes).map_err(|error| FederationError::Unusable { path: path.to_owned(), error })
}

/// The shared secret in a file.
pub(crate) fn read_shared_secret(path: &Path) -> Result<String, FederationError> {
    let text = String::from_utf8(read_secret(path)?).unwrap_or_default().trim().to_owned();
    if text.len() < 32 { Err(FederationError::WeakSecret(path.to_owned())) } else { Ok(text) }
}
