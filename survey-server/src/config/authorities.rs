//! Whose cards are believed: authorities by hand, the national trust list, revocation.

use std::path::PathBuf;

use chrono::Duration;

use super::{ConfigError, Key, values::Values};

/// The keys of this section.
pub(super) const KEYS: &[Key] = &[
    ("card.trust_anchors", "the folder of the certificates of the authorities that issue cards"),
    ("card.intermediates", "the folder of certificates that lead from cards to those authorities"),
    ("card.identity_cards", "whether the identity card (CIE) signs in like a services card: true or false"),
    ("card.revocation_lists", "the folder of the authorities' certificate revocation lists"),
    ("revocation.addresses", "where revocation lists are downloaded from, separated by commas"),
    ("revocation.from_certificates", "whether the addresses in cards and authorities' certificates are asked too"),
    ("revocation.check_minutes", "minutes after which revocation lists are looked after again"),
    ("revocation.grace_hours", "hours for which the last revocation list still counts after its next update was due"),
    ("trust.list", "the national trust list: an address, or a file"),
    ("trust.signers", "the folder of the certificates that may sign the trust list"),
    ("trust.folder", "the folder where the last good trust list is kept"),
    ("trust.refresh_hours", "hours after which the trust list is downloaded again"),
    ("trust.maximum_age_days", "days for which a trust list that cannot be downloaded again still counts"),
];

/// Whose cards are believed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuthoritiesConfig {
    /// The folder of the certificates (PEM or DER) of the authorities that issue cards.
    pub trust_anchors: Option<PathBuf>,
    /// The folder of certificates (PEM or DER) that are not believed by themselves and lead from cards to authorities.
    pub intermediates: Option<PathBuf>,
    /// Whether the identity card signs in too.
    pub identity_cards: bool,
    /// The national trust list.
    pub trust_list: Option<TrustListConfig>,
    /// When set, a card is refused while its issuer's list is missing or stale.
    pub revocation: Option<RevocationConfig>,
}

/// The national trust list: where it comes from and how long it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustListConfig {
    /// An `https` or `http` address, or the path of a file that somebody else keeps fresh.
    pub source: String,
    /// The folder of the certificates (PEM or DER) that may sign it.
    pub signers: PathBuf,
    /// The folder where the last good list is kept.
    pub folder: PathBuf,
    /// How often it is downloaded.
    pub refresh: Duration,
    /// How long it counts without a successful download.
    pub maximum_age: Duration,
}

/// Revocation lists: where they lie, where they come from, how long they count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevocationConfig {
    /// The folder of the lists, those that are downloaded too.
    pub folder: PathBuf,
    /// Addresses to download from.
    pub addresses: Vec<String>,
    /// Whether the addresses named in cards of known authorities, and in the authorities' own certificates, are asked.
    pub from_certificates: bool,
    /// How often the lists are looked after.
    pub check: Duration,
    /// How long a list counts after its next update was due.
    pub grace: Duration,
}

impl AuthoritiesConfig {
    /// Only the authorities of a folder, and no revocation.
    pub fn of_folder(trust_anchors: PathBuf) -> AuthoritiesConfig {
        AuthoritiesConfig { trust_anchors: Some(trust_anchors), ..AuthoritiesConfig::default() }
    }

    pub(super) fn read(values: &Values) -> Result<AuthoritiesConfig, ConfigError> {
        let trust_list = TrustListConfig::read(values)?;
        let trust_anchors = match trust_list {
            Some(_) => values.optional_path("card.trust_anchors"),
            None => Some(values.path("card.trust_anchors")?),
        };
        Ok(AuthoritiesConfig {
            trust_anchors,
            intermediates: values.optional_path("card.intermediates"),
            identity_cards: values.flag("card.identity_cards")?,
            trust_list,
            revocation: RevocationConfig::read(values)?,
        })
    }
}

impl TrustListConfig {
    fn read(values: &Values) -> Result<Option<TrustListConfig>, ConfigError> {
        let Some(source) = values.optional("trust.list") else { return Ok(None) };
        Ok(Some(TrustListConfig {
            source: source.to_owned(),
            signers: values.path("trust.signers")?,
            folder: values.path("trust.folder")?,
            refresh: Duration::hours(values.whole_number("trust.refresh_hours")?.unwrap_or(12)),
            maximum_age: Duration::days(values.whole_number("trust.maximum_age_days")?.unwrap_or(14)),
        }))
    }
}

impl RevocationConfig {
    /// The lists of a folder that somebody else keeps fresh.
    pub fn of_folder(folder: PathBuf) -> RevocationConfig {
        RevocationConfig {
            folder,
            addresses: Vec::new(),
            from_certificates: false,
            check: Duration::minutes(60),
            grace: Duration::zero(),
        }
    }

    fn read(values: &Values) -> Result<Option<RevocationConfig>, ConfigError> {
        let addresses = values.list("revocation.addresses");
        if addresses.iter().any(|address| !address.starts_with("http://") && !address.starts_with("https://")) {
            return Err(values.invalid("revocation.addresses", "addresses that begin with http:// or https://"));
        }
        let from_certificates = values.flag("revocation.from_certificates")?;
        let folder = match addresses.is_empty() && !from_certificates {
            true => values.optional_path("card.revocation_lists"),
            // What is downloaded must be kept somewhere.
            false => Some(values.path("card.revocation_lists")?),
        };
        let Some(folder) = folder else { return Ok(None) };
        Ok(Some(RevocationConfig {
            addresses,
            from_certificates,
            check: Duration::minutes(values.whole_number("revocation.check_minutes")?.unwrap_or(60)),
            grace: Duration::hours(values.whole_number("revocation.grace_hours")?.unwrap_or(0)),
            ..RevocationConfig::of_folder(folder)
        }))
    }
}
