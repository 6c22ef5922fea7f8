//! The national trust list (ETSI TS 119 612): downloaded, verified, kept on disk. The judgement sees only what is kept;
//! whoever puts a list there, the running server or `tempi trust refresh`, meets it there, and its signature is checked anew
//! when it is read.

mod canonical;
mod document;
mod signature;

use std::{
    fs, io,
    os::unix::fs::MetadataExt,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use chrono::{DateTime, SecondsFormat, Utc};
use rustls_pki_types::CertificateDer;
use thiserror::Error;

pub use document::{Period, Service, TrustList};
pub use signature::SignatureProblem;

use super::{TrustAnchors, TrustError, revocation::write_whole, trust::certificates_in};
use crate::{
    config::TrustListConfig,
    outbound::{Channel, Outbound, OutboundError},
};

/// The longest list accepted, in bytes: the Italian one has three megabytes.
const LIST_LIMIT: u64 = 32 * 1024 * 1024;

/// The last good list.
const KEPT: &str = "trust-list.xml";

/// When it was last found to be the newest.
const CHECKED: &str = "trust-list.checked";

/// Why a trust list is not taken.
#[derive(Debug, Error)]
pub enum TrustListError {
    /// It did not come.
    #[error(transparent)]
    Outbound(#[from] OutboundError),
    /// The file cannot be read.
    #[error("the trust list {0} cannot be read: {1} (trust.list)")]
    Unreadable(PathBuf, io::Error),
    /// Not XML, or with a document type definition.
    #[error("the trust list is not XML that is accepted: {0}")]
    NotXml(String),
    /// Not signed by those who may.
    #[error("the trust list is refused: {0}")]
    Signature(#[from] SignatureProblem),
    /// A part is missing, double or of another form.
    #[error("the trust list is not of the form of ETSI TS 119 612: {0}")]
    Content(&'static str),
    /// An older list than the one that is kept.
    #[error("the trust list has number {offered}, lower than {kept}, the one that is kept: it is refused")]
    RolledBack {
        /// The number of the list that is kept.
        kept: u64,
        /// The number offered.
        offered: u64,
    },
    /// A list whose time is over.
    #[error("the trust list should have been replaced by {0}: it is refused")]
    Expired(DateTime<Utc>),
    /// It cannot be kept.
    #[error("the trust list cannot be kept in {0}: {1} (trust.folder)")]
    Unwritable(PathBuf, io::Error),
}

/// Where the trust list stands.
#[derive(Debug, Clone)]
pub enum Standing {
    /// It counts.
    Good(Arc<TrustList>),
    /// There is none, or it is too old; the reason is for the operator. Cards of its authorities are refused.
    Useless(Option<Arc<TrustList>>, String),
}

impl Standing {
    /// The authorities recognised at `now`: those that count, and those of a list that does not.
    pub(super) fn authorities(&self, now: DateTime<Utc>) -> (TrustAnchors, TrustAnchors) {
        let recognised = |list: &TrustList| {
            let services = list.services.iter().filter(|service| service.recognised_since(now).is_some());
            TrustAnchors::new(services.flat_map(|service| service.certificates.iter().cloned()))
        };
        match self {
            Standing::Good(list) => (recognised(list), TrustAnchors::default()),
            Standing::Useless(list, _) => {
                (TrustAnchors::default(), list.as_deref().map(recognised).unwrap_or_default())
            }
        }
    }
}

/// What was read from the folder, and the state of the folder then.
#[derive(Debug, Default)]
struct Kept {
    stamp: Vec<Option<(SystemTime, u64)>>,
    list: Option<Arc<TrustList>>,
    checked: Option<DateTime<Utc>>,
}

/// The trust list of an installation.
#[derive(Debug)]
pub struct TrustListStore {
    pub(super) config: TrustListConfig,
    signers: Vec<CertificateDer<'static>>,
    kept: Mutex<Kept>,
}

impl TrustListStore {
    /// Reads who may sign. The list itself may still be missing.
    pub(super) fn open(config: &TrustListConfig) -> Result<TrustListStore, TrustError> {
        let signers = certificates_in(&config.signers, "trust.signers")?;
        let signers = signers.into_iter().flat_map(|(_, certificates)| certificates).collect();
        Ok(TrustListStore { config: config.clone(), signers, kept: Mutex::default() })
    }

    /// Where the list stands at `now`.
    pub fn standing(&self, now: DateTime<Utc>) -> Standing {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        self.read(&mut kept);
        let Some(list) = kept.list.clone() else {
            return Standing::Useless(None, "no trust list was downloaded yet".to_owned());
        };
        let checked = kept.checked.unwrap_or(DateTime::UNIX_EPOCH);
        let trouble = if now >= list.next_update {
            Some(format!("the trust list should have been replaced by {}", list.next_update))
        } else if now >= checked + self.config.maximum_age {
            let days = self.config.maximum_age.num_days();
            Some(format!("the trust list was last downloaded on {checked}, more than {days} days ago"))
        } else {
            None
        };
        match trouble {
            None => Standing::Good(list),
            Some(trouble) => Standing::Useless(Some(list), trouble),
        }
    }

    /// Downloads the list and keeps it, if it is good and not older than the one that is kept.
    ///
    /// # Errors
    /// See [`TrustListError`]. What is kept stays then.
    pub async fn refresh(&self, outbound: &Outbound, now: DateTime<Utc>) -> Result<Arc<TrustList>, TrustListError> {
        let source = &self.config.source;
        let is_address = source.starts_with("https://") || source.starts_with("http://");
        let bytes = if is_address {
            outbound.get(source, Channel::SignedContent, LIST_LIMIT).await?
        } else {
            fs::read(source).map_err(|error| TrustListError::Unreadable(PathBuf::from(source), error))?
        };
        self.take(&bytes, now)
    }

    fn take(&self, bytes: &[u8], now: DateTime<Utc>) -> Result<Arc<TrustList>, TrustListError> {
        let offered = TrustList::parse(bytes, &self.signers)?;
        if now >= offered.next_update {
            return Err(TrustListError::Expired(offered.next_update));
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        self.read(&mut kept);
        let known = kept.list.as_ref().map(|list| list.sequence_number);
        if let Some(known) = known.filter(|known| offered.sequence_number < *known) {
            return Err(TrustListError::RolledBack { kept: known, offered: offered.sequence_number });
        }
        let unwritable = |error| TrustListError::Unwritable(self.config.folder.clone(), error);
        // The same number is the same list: what is kept stays, so that no other list can pass for it.
        if known != Some(offered.sequence_number) {
            write_whole(&self.config.folder, KEPT, bytes).map_err(unwritable)?;
        }
        let checked = now.to_rfc3339_opts(SecondsFormat::Secs, true);
        write_whole(&self.config.folder, CHECKED, checked.as_bytes()).map_err(unwritable)?;
        self.read(&mut kept);
        kept.list.clone().ok_or(TrustListError::Content("it does not read back"))
    }

    /// Reads the folder when its files have changed.
    fn read(&self, kept: &mut Kept) {
        let path = |name: &str| self.config.folder.join(name);
        // A file put in place anew is another file (inode), even within the same tick of the clock.
        let changed = |name: &str| {
            let metadata = fs::metadata(path(name)).ok()?;
            Some((metadata.modified().ok()?, metadata.ino()))
        };
        let stamp = vec![changed(KEPT), changed(CHECKED)];
        if kept.stamp == stamp {
            return;
        }
        if kept.stamp.first() != stamp.first() {
            let bytes = fs::read(path(KEPT)).unwrap_or_default();
            match TrustList::parse(&bytes, &self.signers) {
                Ok(list) if kept.list.as_ref().is_some_and(|known| list.sequence_number < known.sequence_number) => {
                    tracing::warn!(
                        number = list.sequence_number,
                        "an older trust list was put in place: it is not used"
                    );
                }
                Ok(list) => kept.list = Some(Arc::new(list)),
                Err(_) if bytes.is_empty() => kept.list = None,
                Err(error) => {
                    tracing::error!(%error, file = %path(KEPT).display(), "the trust list that is kept is refused");
                    kept.list = None;
                }
            }
        }
        let checked = fs::read_to_string(path(CHECKED)).ok();
        kept.checked = checked.and_then(|text| Some(DateTime::parse_from_rfc3339(text.trim()).ok()?.to_utc()));
        kept.stamp = stamp;
    }
}

#[cfg(test)]
mod tests;
