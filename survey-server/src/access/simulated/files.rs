//! The demonstration's certificates on disk: written once, used again at every later start.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use chrono::{DateTime, Duration, Utc};
use rustls_pki_types::{CertificateDer, pem::PemObject};
use thiserror::Error;
use x509_parser::{certificate::X509Certificate, prelude::FromDer};

use super::{CITIZENS, CardProfile, SimulatedAuthority};

/// Why the demonstration's certificates cannot be prepared.
#[derive(Debug, Error)]
pub enum PreparationError {
    /// A file cannot be written.
    #[error("{path} cannot be written: {error}")]
    Unwritable {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A certificate cannot be made.
    #[error("a certificate cannot be made: {0}")]
    Certificate(#[from] rcgen::Error),
}

/// Where the demonstration's certificates lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardFiles {
    /// The certificate chain of both listeners, PEM.
    pub server_certificate: PathBuf,
    /// Its key, PEM.
    pub server_key: PathBuf,
    /// The folder with the invented authority's certificate.
    pub trust_anchors: PathBuf,
    /// A folder with, for each simulated citizen, `<name>.pem`: certificate and key.
    pub cards: PathBuf,
}

impl CardFiles {
    /// The files in `folder`, made when they are missing or about to expire.
    pub fn prepare(folder: &Path, now: DateTime<Utc>) -> Result<CardFiles, PreparationError> {
        let files = CardFiles {
            server_certificate: folder.join("server.pem"),
            server_key: folder.join("server.key"),
            trust_anchors: folder.join("trust"),
            cards: folder.join("cards"),
        };
        if !files.still_serve(now) {
            files.write(now)?;
        }
        Ok(files)
    }

    /// The server certificate is written last, so its presence means that everything is there.
    fn still_serve(&self, now: DateTime<Utc>) -> bool {
        CertificateDer::from_pem_file(&self.server_certificate).is_ok_and(|der| {
            X509Certificate::from_der(&der).is_ok_and(|(_, certificate)| {
                certificate.validity().not_after.timestamp() > (now + Duration::days(1)).timestamp()
            })
        })
    }

    fn write(&self, now: DateTime<Utc>) -> Result<(), PreparationError> {
        for folder in [&self.trust_anchors, &self.cards] {
            let unwritable = |error| PreparationError::Unwritable { path: folder.clone(), error };
            fs::create_dir_all(folder).map_err(unwritable)?;
        }
        let authority = SimulatedAuthority::new("Autorità simulata di Tempi, senza alcun valore", now)?;
        for citizen in &CITIZENS {
            let card = authority.issue_card(&CardProfile::good(&citizen.fiscal_code(), now))?;
            let name = citizen.name.to_lowercase().replace(' ', "-");
            write(&self.cards.join(format!("{name}.pem")), &(card.certificate_pem + &card.key_pem))?;
        }
        write(&self.trust_anchors.join("authority.pem"), &authority.certificate().certificate_pem)?;
        let server = authority.issue_server(now)?;
        write(&self.server_key, &server.key_pem)?;
        write(&self.server_certificate, &server.certificate_pem)
    }
}

fn write(path: &Path, text: &str) -> Result<(), PreparationError> {
    fs::write(path, text).map_err(|error| PreparationError::Unwritable { path: path.to_owned(), error })
}
