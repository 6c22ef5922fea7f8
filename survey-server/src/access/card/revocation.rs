//! Certificate revocation lists in a folder that another program keeps fresh. Read anew when a file changes; fails
//! closed: without a fresh list of the issuer nobody signs in with its cards.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use rustls_pki_types::{CertificateDer, CertificateRevocationListDer, pem::PemObject};
use x509_parser::{
    certificate::X509Certificate, prelude::FromDer, revocation_list::CertificateRevocationList, time::ASN1Time,
};

use super::Refusal;

/// What tells one state of the folder from another.
type Stamp = Vec<(PathBuf, Option<SystemTime>, u64)>;

/// The revocation lists of a folder.
#[derive(Debug)]
pub struct RevocationLists {
    folder: PathBuf,
    read: Mutex<(Stamp, Arc<Vec<RevocationList>>)>,
}

#[derive(Debug)]
struct RevocationList {
    der: Vec<u8>,
    issuer: Vec<u8>,
    this_update: ASN1Time,
    next_update: Option<ASN1Time>,
    revoked: BTreeSet<Vec<u8>>,
}

impl RevocationLists {
    /// The lists of `folder`, which may still be empty.
    pub fn new(folder: &Path) -> RevocationLists {
        RevocationLists { folder: folder.to_owned(), read: Mutex::default() }
    }

    /// Holds that `issuer` has a list that is fresh at `now`, that it signed, and that does not name `certificate`.
    pub(super) fn check(
        &self,
        certificate: &X509Certificate<'_>,
        issuer: &CertificateDer<'_>,
        now: ASN1Time,
    ) -> Result<(), Refusal> {
        let lists = self.current();
        let (_, issuer) = X509Certificate::from_der(issuer).map_err(|_| Refusal::RevocationUnknown)?;
        let fresh: Vec<&RevocationList> = lists.iter().filter(|list| list.is_fresh_from(&issuer, now)).collect();
        let serial = significant(certificate.raw_serial());
        if fresh.is_empty() {
            return Err(Refusal::RevocationUnknown);
        }
        if fresh.iter().any(|list| list.revoked.contains(serial)) { Err(Refusal::Revoked) } else { Ok(()) }
    }

    /// The lists as the folder holds them now.
    fn current(&self) -> Arc<Vec<RevocationList>> {
        let stamp = stamp(&self.folder);
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if read.0 != stamp {
            let lists = stamp.iter().filter_map(|(path, ..)| {
                let list = fs::read(path).ok().and_then(|bytes| RevocationList::parse(&bytes));
                if list.is_none() {
                    tracing::warn!(file = %path.display(), "not a certificate revocation list, passed over");
                }
                list
            });
            let lists = lists.collect();
            *read = (stamp, Arc::new(lists));
        }
        Arc::clone(&read.1)
    }
}

impl RevocationList {
    fn parse(bytes: &[u8]) -> Option<RevocationList> {
        let der = match CertificateRevocationListDer::from_pem_slice(bytes) {
            Ok(der) => der.to_vec(),
            Err(_) => bytes.to_vec(),
        };
        let (_, list) = CertificateRevocationList::from_der(&der).ok()?;
        Some(RevocationList {
            issuer: list.issuer().as_raw().to_vec(),
            this_update: list.last_update(),
            next_update: list.next_update(),
            revoked: list.iter_revoked_certificates().map(|entry| significant(entry.raw_serial()).to_vec()).collect(),
            der,
        })
    }

    /// A list without a next update is never fresh: nothing says until when it holds.
    fn is_fresh_from(&self, issuer: &X509Certificate<'_>, now: ASN1Time) -> bool {
        self.issuer == issuer.subject().as_raw()
            && self.this_update <= now
            && self.next_update.is_some_and(|next| now < next)
            && CertificateRevocationList::from_der(&self.der)
                .is_ok_and(|(_, list)| list.verify_signature(issuer.public_key()).is_ok())
    }
}

/// A serial number without the zeros that some encoders put before it.
fn significant(serial: &[u8]) -> &[u8] {
    let n_zeros = serial.iter().take_while(|byte| **byte == 0).count();
    &serial[n_zeros..]
}

fn stamp(folder: &Path) -> Stamp {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let files = entries.filter_map(|entry| {
        let metadata = entry.metadata().ok().filter(fs::Metadata::is_file)?;
        Some((entry.path(), metadata.modified().ok(), metadata.len()))
    });
    let mut files: Stamp = files.collect();
    files.sort();
    files
}
