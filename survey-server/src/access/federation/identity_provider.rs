//! A provider of identities with the keys and secrets that we use towards it.

use serde_json::Value;

use super::{FederationError, chain::Anchor, read_key, read_public, read_shared_secret, token::ClientProof};
use crate::{
    access::jose::{DecryptionKey, KeySet, SigningKey},
    config::{ClientAuthentication, ProviderConfig, ProviderKind},
};

/// A provider, ready to be used.
#[derive(Debug)]
pub(crate) struct IdentityProvider {
    pub(super) config: ProviderConfig,
    proof: Proof,
    decryption_key: Option<DecryptionKey>,
    /// The keys of the trust anchor of its federation.
    anchor_keys: Option<KeySet>,
}

/// How we prove to it who we are.
enum Proof {
    Key(Box<SigningKey>),
    Basic(String),
    Post(String),
    /// As a member of its federation.
    Membership,
}

/// Ourselves as a provider knows us.
pub(super) struct Client<'a> {
    pub(super) id: &'a str,
    pub(super) proof: ClientProof<'a>,
    pub(super) decryption_key: Option<&'a DecryptionKey>,
    /// Whether personal data must be signed and encrypted.
    pub(super) wants_signed_data: bool,
}

impl IdentityProvider {
    pub(super) fn open(config: &ProviderConfig) -> Result<IdentityProvider, FederationError> {
        let proof = match &config.kind {
            ProviderKind::Federated { .. } => Proof::Membership,
            ProviderKind::Standard { authentication, proof_file, .. } => match authentication {
                ClientAuthentication::PrivateKeyJwt => {
                    Proof::Key(Box::new(read_key(proof_file, SigningKey::from_pem)?))
                }
                ClientAuthentication::SecretBasic => Proof::Basic(read_shared_secret(proof_file)?),
                ClientAuthentication::SecretPost => Proof::Post(read_shared_secret(proof_file)?),
            },
        };
        let decryption_key = config.decryption_key_file.as_deref();
        let anchor_keys = match &config.kind {
            ProviderKind::Federated { trust_anchor_keys, .. } => Some(read_public(trust_anchor_keys, KeySet::parse)?),
            ProviderKind::Standard { .. } => None,
        };
        Ok(IdentityProvider {
            proof,
            anchor_keys,
            decryption_key: decryption_key.map(|file| read_key(file, DecryptionKey::from_pem)).transpose()?,
            config: config.clone(),
        })
    }

    /// The trust anchor of its federation.
    pub(super) fn anchor(&self) -> Option<Anchor<'_>> {
        let ProviderKind::Federated { trust_anchor, .. } = &self.config.kind else { return None };
        self.anchor_keys.as_ref().map(|keys| Anchor { id: trust_anchor, keys })
    }

    /// Ourselves, at a provider with which we have an agreement of our own.
    pub(super) fn agreed_client(&self) -> Option<Client<'_>> {
        let ProviderKind::Standard { client_id, .. } = &self.config.kind else { return None };
        let proof = match &self.proof {
            Proof::Key(key) => ClientProof::Key(key),
            Proof::Basic(secret) => ClientProof::Basic(secret),
            Proof::Post(secret) => ClientProof::Post(secret),
            Proof::Membership => return None,
        };
        Some(Client { id: client_id, proof, decryption_key: self.decryption_key.as_ref(), wants_signed_data: false })
    }

    /// The public halves of the keys that we use at this provider alone.
    pub(super) fn public_keys(&self) -> impl Iterator<Item = &Value> {
        let signing = match &self.proof {
            Proof::Key(key) => Some(key.public()),
            _ => None,
        };
        signing.into_iter().chain(self.decryption_key.as_ref().map(DecryptionKey::public))
    }
}

impl std::fmt::Debug for Proof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Proof(***)")
    }
}
