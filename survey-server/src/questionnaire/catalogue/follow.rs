//! The questionnaires of a running site, read again when a version was published or a file of the folder changed. What cannot be put to
//! people leaves everything as it was.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use super::{CatalogueError, fingerprint, folder, open, store};
use crate::database::Database;

/// How often somebody looks.
pub(crate) const INTERVAL: Duration = Duration::from_secs(3);

/// What tells whether anything changed: the versions that were published, and those in the folder with what they say.
#[derive(Debug, PartialEq, Eq)]
struct State {
    published: Vec<(String, i32)>,
    in_folder: Vec<(PathBuf, String)>,
}

async fn state(database: &Database, folder: &Path) -> Result<State, CatalogueError> {
    let files = folder::read(folder)?.into_iter();
    Ok(State {
        published: store::names(database).await?,
        in_folder: files.map(|(path, instrument)| (path, fingerprint(&instrument))).collect(),
    })
}

/// Looks at every interval, until it is dropped.
pub(crate) async fn follow(database: Database, folder: PathBuf, interval: Duration) {
    // Said once for each state: a file that somebody is about to mend is no reason to fill the log.
    let (mut known, mut complaint) = (state(&database, &folder).await.ok(), None);
    loop {
        tokio::time::sleep(interval).await;
        let read = async {
            let now = state(&database, &folder).await?;
            if known.as_ref() == Some(&now) {
                return Ok(None);
            }
            Ok::<_, CatalogueError>(Some((now, open(&database, Some(&folder)).await?)))
        };
        match read.await {
            Ok(None) => complaint = None,
            Ok(Some((now, catalogue))) => {
                tracing::info!(n_asked = catalogue.offered().len(), "the questionnaires were read again");
                catalogue.warn_of_drafts();
                database.know_questionnaires(catalogue);
                (known, complaint) = (Some(now), None);
            }
            Err(error) => {
                let error = error.to_string();
                if complaint.as_ref() != Some(&error) {
                    tracing::error!(%error, "the questionnaires cannot be read again: people are asked those of before");
                }
                complaint = Some(error);
            }
        }
    }
}
