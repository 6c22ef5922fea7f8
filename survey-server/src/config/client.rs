//! The municipality's other portals, which people may enter with a sign-in made here.

use std::path::PathBuf;

use super::{ClientAuthentication, ConfigError, Key, values::Values};

/// The keys of these sections: ourselves as a provider, and one table for each portal.
pub(super) const KEYS: &[Key] = &[
    ("openid.key_file", "the private key in PEM (P-256) that signs what other portals are told"),
    ("openid.previous_key_file", "the key before it, still published while old tokens live"),
    ("client.NAME.name", "the portal's name as people know it"),
    ("client.NAME.redirect_uris", "the addresses to which people return after signing in"),
    ("client.NAME.logout_uris", "the addresses to which people may return after signing out"),
    ("client.NAME.backchannel_logout_uri", "the address that is told when somebody signs out here"),
    ("client.NAME.authentication", "private_key_jwt or client_secret_basic"),
    ("client.NAME.secret_file", "the file of the secret shared with the portal, readable by its owner only"),
    ("client.NAME.keys_file", "the file of the portal's public keys (JWKS)"),
    ("client.NAME.claims", "fiscal_number, where the portal may receive the fiscal code"),
];

/// Ourselves as a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenidConfig {
    /// The key that signs.
    pub key_file: PathBuf,
    /// The key before it.
    pub previous_key_file: Option<PathBuf>,
    /// The portals.
    pub clients: Vec<ClientConfig>,
}

/// A portal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientConfig {
    /// The name of its table, which is its `client_id`.
    pub id: String,
    /// Its name as people know it.
    pub name: String,
    /// Where people return after signing in; compared character by character.
    pub redirect_uris: Vec<String>,
    /// Where people may return after signing out.
    pub logout_uris: Vec<String>,
    /// What is told when somebody signs out.
    pub backchannel_logout_uri: Option<String>,
    /// How it proves who it is.
    pub authentication: ClientAuthentication,
    /// Its secret, or its public keys.
    pub proof_file: PathBuf,
    /// Whether it may receive the fiscal code.
    pub receives_fiscal_code: bool,
}

impl OpenidConfig {
    /// Nothing when no key is named.
    pub(super) fn read(values: &Values) -> Result<Option<OpenidConfig>, ConfigError> {
        let names = values.names("client");
        if values.optional("openid.key_file").is_none() && names.is_empty() {
            return Ok(None);
        }
        Ok(Some(OpenidConfig {
            key_file: values.path("openid.key_file")?,
            previous_key_file: values.optional_path("openid.previous_key_file"),
            clients: names.into_iter().map(|name| ClientConfig::read(values, name)).collect::<Result<_, _>>()?,
        }))
    }
}

impl ClientConfig {
    fn read(values: &Values, id: &str) -> Result<ClientConfig, ConfigError> {
        let key = |name: &str| format!("client.{id}.{name}");
        let authentication = values.word(
            &key("authentication"),
            &[
                ("private_key_jwt", ClientAuthentication::PrivateKeyJwt),
                ("client_secret_basic", ClientAuthentication::SecretBasic),
            ],
            "private_key_jwt or client_secret_basic",
        )?;
        let proof = if authentication == ClientAuthentication::PrivateKeyJwt { "keys_file" } else { "secret_file" };
        let claims = values.list(&key("claims"));
        if claims.iter().any(|claim| claim != "fiscal_number") {
            return Err(values.invalid(&key("claims"), "fiscal_number or nothing"));
        }
        values.required(&key("redirect_uris"))?;
        Ok(ClientConfig {
            id: id.to_owned(),
            name: values.required(&key("name"))?.to_owned(),
            redirect_uris: values.https_list(&key("redirect_uris"))?,
            logout_uris: values.https_list(&key("logout_uris"))?,
            backchannel_logout_uri: match values.optional(&key("backchannel_logout_uri")) {
                Some(_) => Some(values.https(&key("backchannel_logout_uri"))?),
                None => None,
            },
            authentication,
            proof_file: values.path(&key(proof))?,
            receives_fiscal_code: !claims.is_empty(),
        })
    }
}
