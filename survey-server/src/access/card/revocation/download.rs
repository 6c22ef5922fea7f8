//! Fetching revocation lists into their folder. A list is believed for its signature, so plain `http` will do; what is
//! asked is only what the configuration names, and what known authorities wrote into their certificates.

use std::{
    collections::BTreeMap,
    fs, io,
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Duration, Utc};
use rustls_pki_types::CertificateDer;
use thiserror::Error;
use tokio::sync::Notify;
use x509_parser::{certificate::X509Certificate, prelude::FromDer};

use super::list::{ListProblem, RevocationList, distribution_points};
use crate::{
    config::RevocationConfig,
    keys,
    outbound::{Channel, Outbound, OutboundError},
};

/// The longest list accepted, in bytes: a region's cards make some megabytes.
const LIST_LIMIT: u64 = 64 * 1024 * 1024;

/// Addresses learned from certificates at most.
const N_LEARNED: usize = 256;

/// Where the addresses learned are kept from start to start.
const LEARNED: &str = ".addresses";

/// Why a list was not taken.
#[derive(Debug, Error)]
pub enum DownloadError {
    /// It did not come.
    #[error(transparent)]
    Outbound(#[from] OutboundError),
    /// What came is of no use.
    #[error("{0} gives {1}")]
    Unusable(String, String),
    /// No authority that is known here signed it.
    #[error("the list of {0} is signed by no authority that is known here")]
    Unsigned(String),
    /// It is older than the list that is kept.
    #[error("the list of {0} has a lower number than the one that is kept: somebody may be holding back the newer one")]
    Older(String),
    /// It cannot be kept.
    #[error("the list of {0} cannot be kept in {1}: {2}")]
    Unwritable(String, PathBuf, io::Error),
}

/// Where lists come from.
#[derive(Debug)]
pub struct Downloads {
    folder: PathBuf,
    configured: Vec<String>,
    from_certificates: bool,
    /// How often lists are looked after.
    pub(in crate::access::card) check: Duration,
    /// Addresses that certificates named, with the certificate of the authority whose list is there.
    learned: Mutex<BTreeMap<String, CertificateDer<'static>>>,
    /// Told when an address is new, so that the first holder of a card waits for a minute and not for an hour.
    pub(in crate::access::card) news: Notify,
}

impl Downloads {
    pub(super) fn new(config: &RevocationConfig) -> Downloads {
        let downloads = Downloads {
            folder: config.folder.clone(),
            configured: config.addresses.clone(),
            from_certificates: config.from_certificates,
            check: config.check,
            learned: Mutex::default(),
            news: Notify::new(),
        };
        if config.from_certificates {
            let known = fs::read_to_string(config.folder.join(LEARNED)).unwrap_or_default();
            let pairs = known.lines().filter_map(|line| {
                let (address, issuer) = line.split_once(' ')?;
                Some((address.to_owned(), CertificateDer::from(STANDARD.decode(issuer).ok()?)))
            });
            *downloads.learned.lock().unwrap_or_else(PoisonError::into_inner) = pairs.take(N_LEARNED).collect();
        }
        downloads
    }

    /// Whether anything is to be fetched.
    pub(in crate::access::card) fn are_wanted(&self) -> bool {
        self.from_certificates || !self.configured.is_empty()
    }

    /// Learns where the list is that speaks for `certificate`. The caller has checked that `issuer`, an authority that is
    /// believed, signed it: nobody else can have us ask an address.
    pub(in crate::access::card) fn note(&self, certificate: &X509Certificate<'_>, issuer: &CertificateDer<'static>) {
        if !self.from_certificates {
            return;
        }
        let mut learned = self.learned.lock().unwrap_or_else(PoisonError::into_inner);
        for address in distribution_points(certificate) {
            // Directories (ldap) are not asked.
            let is_web = address.starts_with("http://") || address.starts_with("https://");
            let is_plain = address.len() <= 512 && address.bytes().all(|byte| byte.is_ascii_graphic());
            if is_web && is_plain && learned.len() < N_LEARNED && !learned.contains_key(address) {
                learned.insert(address.to_owned(), issuer.clone());
                self.news.notify_one();
            }
        }
    }

    /// Fetches every list; `known` are the authorities believed. Each failure is logged and told; what is kept stays.
    pub(in crate::access::card) async fn fetch(
        &self,
        outbound: &Outbound,
        known: &[CertificateDer<'static>],
    ) -> Vec<DownloadError> {
        let learned = self.learned.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut failures = Vec::new();
        for address in &self.configured {
            let came = outbound.get(address, Channel::SignedContent, LIST_LIMIT).await;
            failures.extend(self.take(address, came, known).err());
        }
        for (address, issuer) in learned.iter().filter(|(address, _)| !self.configured.contains(address)) {
            let came = outbound.get_public(address, Channel::SignedContent, LIST_LIMIT).await;
            failures.extend(self.take(address, came, std::slice::from_ref(issuer)).err());
        }
        self.remember(&learned);
        for failure in &failures {
            tracing::warn!(%failure, "a revocation list was not renewed");
        }
        failures
    }

    fn take(
        &self,
        address: &str,
        came: Result<Vec<u8>, OutboundError>,
        known: &[CertificateDer<'static>],
    ) -> Result<(), DownloadError> {
        let unusable = |problem: ListProblem| DownloadError::Unusable(address.to_owned(), problem.to_string());
        let list = RevocationList::parse(&came?).map_err(unusable)?;
        let parsed = known.iter().filter_map(|issuer| Some(X509Certificate::from_der(issuer).ok()?.1));
        if !parsed.into_iter().any(|issuer| list.is_signed_by(&issuer)) {
            return Err(DownloadError::Unsigned(address.to_owned()));
        }
        let name = &keys::token_digest(address)[..32];
        let path = self.folder.join(format!("{name}.crl"));
        let kept = fs::read(&path).ok().and_then(|bytes| RevocationList::parse(&bytes).ok());
        if let Some(kept) = kept.filter(|kept| kept.issuer == list.issuer && kept.scope == list.scope) {
            if list.is_before(&kept.number) {
                return Err(DownloadError::Older(address.to_owned()));
            }
            if kept.der() == list.der() {
                return Ok(());
            }
        }
        let written = write_whole(&self.folder, &format!("{name}.crl"), list.der());
        written.map_err(|error| DownloadError::Unwritable(address.to_owned(), self.folder.clone(), error))
    }

    /// When the first of the lists that are kept wants to be renewed: after nine tenths of the time for which it holds.
    pub(in crate::access::card) fn next_due(&self, now: DateTime<Utc>) -> Duration {
        let lists = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let lists = lists.filter_map(|entry| RevocationList::parse(&fs::read(entry.path()).ok()?).ok());
        let dues = lists.filter_map(|list| {
            let (begins, ends) = (list.this_update.timestamp(), list.next_update?.timestamp());
            Some(begins + (ends - begins) / 10 * 9 - now.timestamp())
        });
        // A list that its authority does not renew in time is not asked for without pause.
        let soonest = dues.map(|seconds| seconds.max(60)).min().map(Duration::seconds);
        soonest.map_or(self.check, |soonest| soonest.min(self.check))
    }

    fn remember(&self, learned: &BTreeMap<String, CertificateDer<'static>>) {
        if learned.is_empty() {
            return;
        }
        let lines: String =
            learned.iter().map(|(address, issuer)| format!("{address} {}\n", STANDARD.encode(issuer))).collect();
        if fs::read_to_string(self.folder.join(LEARNED)).is_ok_and(|kept| kept == lines) {
            return;
        }
        if let Err(error) = write_whole(&self.folder, LEARNED, lines.as_bytes()) {
            tracing::warn!(%error, "the addresses of revocation lists cannot be kept");
        }
    }
}

/// Writes a file whole or not at all. The unfinished file is hidden, so that nobody reads it.
pub(in crate::access::card) fn write_whole(folder: &std::path::Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let unfinished = folder.join(format!(".{name}.new"));
    fs::create_dir_all(folder)?;
    fs::write(&unfinished, bytes)?;
    fs::File::open(&unfinished)?.sync_all()?;
    fs::rename(&unfinished, folder.join(name))
}
