//! The sites that people may sign in with: any OpenID Connect provider, SPID and CIE.

use std::path::PathBuf;

use super::{ConfigError, Key, values::Values};

/// The keys of this section, one table for each provider.
pub(super) const KEYS: &[Key] = &[
    ("provider.NAME.kind", "standard, spid or cie"),
    ("provider.NAME.name", "the provider's name as people know it"),
    ("provider.NAME.issuer", "the provider's identifier, an https address (spid: left out)"),
    ("provider.NAME.issuers", "the identifiers of the SPID providers (those that the federation lists, when not set)"),
    ("provider.NAME.client_id", "our name at the provider (spid and cie: public.url)"),
    ("provider.NAME.authentication", "private_key_jwt, client_secret_basic or client_secret_post"),
    ("provider.NAME.secret_file", "the file of the secret shared with the provider, readable by its owner only"),
    ("provider.NAME.key_file", "our private key towards the provider in PEM, readable by its owner only"),
    ("provider.NAME.decryption_key_file", "our private RSA key in PEM that opens encrypted answers"),
    ("provider.NAME.scopes", "the scopes asked for"),
    ("provider.NAME.fiscal_code_claim", "the claim that holds the fiscal code (usual names when not set)"),
    ("provider.NAME.acr", "the levels of authentication that are enough, from the lowest to the highest"),
    ("provider.NAME.level", "the lowest level of SPID or CIE that is enough: 1, 2 or 3"),
    ("provider.NAME.trust_anchor", "the identifier of the federation's trust anchor"),
    ("provider.NAME.trust_anchor_keys", "the file of the trust anchor's public keys (JWKS)"),
];

/// A provider of identities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderConfig {
    /// The name of its table, and its part of our addresses.
    pub id: String,
    /// Its name as people know it.
    pub name: String,
    /// How it is found, and what it promises.
    pub kind: ProviderKind,
    /// The scopes asked for, `openid` among them.
    pub scopes: Vec<String>,
    /// The claims that may hold the fiscal code; the first that is there counts.
    pub fiscal_code_claims: Vec<String>,
    /// The levels of authentication that are enough, from the lowest to the highest; empty: any.
    pub acr: Vec<String>,
    /// Our private RSA key that opens encrypted answers.
    pub decryption_key_file: Option<PathBuf>,
}

/// How a provider is found and how we prove to it who we are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProviderKind {
    /// Found by OpenID Connect Discovery under its issuer.
    Standard {
        /// Its identifier.
        issuer: String,
        /// Our name there.
        client_id: String,
        /// How we prove who we are.
        authentication: ClientAuthentication,
        /// The file of the shared secret, or of our private key.
        proof_file: PathBuf,
    },
    /// Found and believed through an Italian federation.
    Federated {
        /// SPID rather than CIE: people choose among its providers.
        system: ItalianSystem,
        /// The identifiers of the providers; empty: those that the trust anchor lists.
        issuers: Vec<String>,
        /// The federation's trust anchor.
        trust_anchor: String,
        /// The file of its public keys.
        trust_anchor_keys: PathBuf,
    },
}

/// The two Italian systems of digital identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItalianSystem {
    /// Sistema Pubblico di Identità Digitale.
    Spid,
    /// Carta d'Identità Elettronica.
    Cie,
}

/// How a client proves who it is at a token endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientAuthentication {
    /// A statement signed with its private key.
    PrivateKeyJwt,
    /// A shared secret in the Authorization header.
    SecretBasic,
    /// A shared secret in the form.
    SecretPost,
}

/// The claim in which SPID and CIE give the fiscal code.
pub const ITALIAN_FISCAL_CODE_CLAIM: &str = "https://attributes.eid.gov.it/fiscal_number";

/// The names under which Italian providers give it.
const USUAL_FISCAL_CODE_CLAIMS: [&str; 3] = [ITALIAN_FISCAL_CODE_CLAIM, "fiscal_number", "fiscalNumber"];

impl ProviderConfig {
    pub(super) fn read_all(values: &Values) -> Result<Vec<ProviderConfig>, ConfigError> {
        values.names("provider").into_iter().map(|name| ProviderConfig::read(values, name)).collect()
    }

    fn read(values: &Values, id: &str) -> Result<ProviderConfig, ConfigError> {
        let key = |name: &str| format!("provider.{id}.{name}");
        let system = values.word(
            &key("kind"),
            &[("standard", None), ("spid", Some(ItalianSystem::Spid)), ("cie", Some(ItalianSystem::Cie))],
            "standard, spid or cie",
        )?;
        let kind = match system {
            None => standard(values, &key)?,
            Some(system) => ProviderKind::Federated {
                system,
                issuers: match system {
                    ItalianSystem::Spid => values.https_list(&key("issuers"))?,
                    ItalianSystem::Cie => vec![values.https(&key("issuer"))?],
                },
                trust_anchor: values.https(&key("trust_anchor"))?,
                trust_anchor_keys: values.path(&key("trust_anchor_keys"))?,
            },
        };
        let usual_name = match system {
            None => None,
            Some(ItalianSystem::Spid) => Some("SPID"),
            Some(ItalianSystem::Cie) => Some("CIE"),
        };
        let acr = match system {
            None => values.list(&key("acr")),
            Some(_) => italian_levels(values, &key("level"))?,
        };
        let mut scopes = values.list(&key("scopes"));
        if !scopes.iter().any(|scope| scope == "openid") {
            scopes.insert(0, "openid".to_owned());
        }
        Ok(ProviderConfig {
            id: id.to_owned(),
            name: match usual_name {
                Some(usual) => values.optional(&key("name")).unwrap_or(usual).to_owned(),
                None => values.required(&key("name"))?.to_owned(),
            },
            scopes,
            fiscal_code_claims: match values.optional(&key("fiscal_code_claim")) {
                Some(claim) => vec![claim.to_owned()],
                None if system.is_some() => vec![ITALIAN_FISCAL_CODE_CLAIM.to_owned()],
                None => USUAL_FISCAL_CODE_CLAIMS.map(str::to_owned).to_vec(),
            },
            acr,
            decryption_key_file: values.optional_path(&key("decryption_key_file")),
            kind,
        })
    }
}

fn standard(values: &Values, key: &impl Fn(&str) -> String) -> Result<ProviderKind, ConfigError> {
    let authentication = values.word(
        &key("authentication"),
        &[
            ("private_key_jwt", ClientAuthentication::PrivateKeyJwt),
            ("client_secret_basic", ClientAuthentication::SecretBasic),
            ("client_secret_post", ClientAuthentication::SecretPost),
        ],
        "private_key_jwt, client_secret_basic or client_secret_post",
    )?;
    let proof = if authentication == ClientAuthentication::PrivateKeyJwt { "key_file" } else { "secret_file" };
    Ok(ProviderKind::Standard {
        issuer: values.https(&key("issuer"))?,
        client_id: values.required(&key("client_id"))?.to_owned(),
        authentication,
        proof_file: values.path(&key(proof))?,
    })
}

/// The levels from the lowest that is enough. Both systems say them with the same words.
fn italian_levels(values: &Values, key: &str) -> Result<Vec<String>, ConfigError> {
    let lowest = match values.optional(key) {
        None => 2,
        Some("1") => 1,
        Some("2") => 2,
        Some("3") => 3,
        Some(_) => return Err(values.invalid(key, "1, 2 or 3")),
    };
    Ok((lowest..=3).map(|level| format!("https://www.spid.gov.it/SpidL{level}")).collect())
}
