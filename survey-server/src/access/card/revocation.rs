//! Certificate revocation lists in a folder, which is all that the judgement sees: whoever fills it, another program or
//! our own download, meets it there. Read anew when a file changes; fails closed: without a fresh list of the issuer nobody
//! signs in with its cards.

mod download;
mod list;

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use chrono::Duration;
use rustls_pki_types::CertificateDer;
use x509_parser::{certificate::X509Certificate, prelude::FromDer, time::ASN1Time};

use super::Refusal;
use crate::config::RevocationConfig;
pub(super) use download::write_whole;
pub use download::{DownloadError, Downloads};
use list::{RevocationList, Scope};

/// What tells one state of the folder from another.
type Stamp = Vec<(PathBuf, Option<SystemTime>, u64, u64)>;

/// By issuer's key and scope, the highest number of a list that was seen.
type Numbers = BTreeMap<(Vec<u8>, Scope), Option<Vec<u8>>>;

/// The revocation lists of a folder.
#[derive(Debug)]
pub struct RevocationLists {
    folder: PathBuf,
    grace: Duration,
    read: Mutex<(Stamp, Arc<Vec<RevocationList>>)>,
    numbers: Mutex<Numbers>,
    /// Where lists come from.
    pub(super) downloads: Downloads,
}

impl RevocationLists {
    /// The lists of the folder, which may still be empty.
    pub fn new(config: &RevocationConfig) -> RevocationLists {
        RevocationLists {
            folder: config.folder.clone(),
            grace: config.grace,
            read: Mutex::default(),
            numbers: Mutex::default(),
            downloads: Downloads::new(config),
        }
    }

    /// Holds that `issuer` has a list that is fresh at `now`, that it signed, that speaks for `certificate`, and that does
    /// not name it.
    pub(super) fn check(
        &self,
        certificate: &X509Certificate<'_>,
        issuer: &CertificateDer<'static>,
        now: ASN1Time,
    ) -> Result<(), Refusal> {
        self.downloads.note(certificate, issuer);
        let lists = self.current();
        let (_, parsed) = X509Certificate::from_der(issuer).map_err(|_| Refusal::RevocationUnknown)?;
        let speaking = lists.iter().filter(|list| list.is_signed_by(&parsed) && list.scope.covers(certificate));
        let speaking: Vec<&RevocationList> = speaking.filter(|list| self.is_newest(list, &parsed)).collect();
        // What was revoked stays so, even when the list that says it has grown old.
        if speaking.iter().any(|list| list.names(certificate)) {
            return Err(Refusal::Revoked);
        }
        if speaking.iter().any(|list| self.is_fresh(list, now)) { Ok(()) } else { Err(Refusal::RevocationUnknown) }
    }

    /// A list without a next update is never fresh: nothing says until when it holds.
    fn is_fresh(&self, list: &RevocationList, now: ASN1Time) -> bool {
        let ends = list.next_update.map(|next| next.timestamp() + self.grace.num_seconds());
        list.this_update <= now && ends.is_some_and(|ends| now.timestamp() < ends)
    }

    /// Numbers never go backwards: an older list, though still fresh, would bring back cards revoked since.
    fn is_newest(&self, list: &RevocationList, issuer: &X509Certificate<'_>) -> bool {
        let mut numbers = self.numbers.lock().unwrap_or_else(PoisonError::into_inner);
        let highest = numbers.entry((issuer.public_key().raw.to_vec(), list.scope.clone())).or_default();
        if list.is_before(highest) {
            return false;
        }
        highest.clone_from(&list.number);
        true
    }

    /// The lists as the folder holds them now, those with the highest numbers first.
    fn current(&self) -> Arc<Vec<RevocationList>> {
        let stamp = stamp(&self.folder);
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if read.0 != stamp {
            let mut lists = Vec::new();
            for (path, ..) in &stamp {
                let bytes = fs::read(path).unwrap_or_default();
                match RevocationList::parse(&bytes) {
                    Ok(list) => lists.push(list),
                    Err(problem) => {
                        tracing::warn!(file = %path.display(), %problem, "a revocation list is passed over")
                    }
                }
            }
            lists.sort_by_key(|list| {
                let number = list.number.clone();
                std::cmp::Reverse(number.map(|digits| (digits.len(), digits)))
            });
            *read = (stamp, Arc::new(lists));
        }
        Arc::clone(&read.1)
    }
}

/// The state of the files in a folder. Those whose name begins with a point are being written, or are not lists.
fn stamp(folder: &Path) -> Stamp {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let files = entries.filter_map(|entry| {
        let metadata = entry.metadata().ok().filter(fs::Metadata::is_file)?;
        let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
        (!is_hidden).then(|| (entry.path(), metadata.modified().ok(), metadata.len(), metadata.ino()))
    });
    let mut files: Stamp = files.collect();
    files.sort();
    files
}
