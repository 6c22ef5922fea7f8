//! The public-use file as `tempi puf` wrote it, carried into the site: which files it has, and what its own check found.

use std::path::Path;

use analytics::public_use::{FILES, PublicUseReport, REPORT};

use crate::folder::Files;

/// Three lines with which R's package `survey` has the design.
pub fn load_in_r(n_replicates: u64) -> [String; 3] {
    [
        "library(survey)".to_owned(),
        "giornate <- read.csv(\"puf/days.csv\")".to_owned(),
        format!(
            "disegno <- svrepdesign(data = giornate, weights = ~weight, repweights = \"^replicate_\", type = \"JK1\", \
             scale = {} / {n_replicates})",
            n_replicates.saturating_sub(1)
        ),
    ]
}

/// Three lines with which Python's package `svy` has the design.
pub fn load_in_python(n_replicates: u64) -> [String; 3] {
    let width = n_replicates.to_string().len();
    [
        "import svy".to_owned(),
        "giornate = svy.read_csv(\"puf/days.csv\")".to_owned(),
        format!(
            "disegno = svy.Sample(giornate, svy.Design(wgt=\"weight\", rep_wgts=svy.JackknifeWgts(prefix=\"replicate_\", \
             n_reps={n_replicates}, padding={width}, kind=\"jk1\")))"
        ),
    ]
}

/// Why a public-use file is not published.
#[derive(Debug, thiserror::Error)]
pub enum PublicUseError {
    /// A file is missing or unreadable.
    #[error("cannot read {path}: {message}. Nothing was published; run `tempi puf` to make the public-use file again.")]
    Unreadable {
        /// The file.
        path: String,
        /// The cause.
        message: String,
    },
}

/// A public-use file in memory.
#[derive(Debug, Clone, PartialEq)]
pub struct PublicUse {
    /// What its check found.
    pub report: PublicUseReport,
    /// Its files, by name.
    pub files: Files,
}

impl PublicUse {
    /// Reads the folder that `tempi puf` wrote.
    ///
    /// # Errors
    /// See [`PublicUseError`].
    pub fn read(folder: &Path) -> Result<PublicUse, PublicUseError> {
        let mut files = Files::new();
        for name in FILES {
            let path = folder.join(name);
            let bytes = std::fs::read(&path).map_err(|error| PublicUseError::Unreadable {
                path: path.display().to_string(),
                message: error.to_string(),
            })?;
            files.insert(name.to_owned(), bytes);
        }
        let report = serde_json::from_slice(&files[REPORT]).map_err(|error| PublicUseError::Unreadable {
            path: folder.join(REPORT).display().to_string(),
            message: error.to_string(),
        })?;
        Ok(PublicUse { report, files })
    }
}
