//! The desk while the server runs: what is being computed now, how far it is, and whether somebody wants it to stop.

use std::{
    path::PathBuf,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::sync::Notify;

use super::{DataAccess, Stage};
use crate::config::{Config, ReleasesConfig};

/// The desk of an installation.
pub(crate) struct Desk {
    /// Where releases lie.
    pub(super) folder: PathBuf,
    /// Where editions lie.
    pub(super) publication: PathBuf,
    pub(super) limits: ReleasesConfig,
    pub(super) data: DataAccess,
    /// The survey that releases are of.
    pub(super) survey: String,
    /// Whose results they are.
    pub(super) publisher: String,
    current: Mutex<Option<Current>>,
    work: Notify,
    is_stopping: AtomicBool,
}

/// What is being computed.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Current {
    release_id: String,
    at: At,
    is_cancelled: bool,
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct At {
    pub(super) stage: Stage,
    pub(super) done: usize,
    pub(super) total: usize,
}

impl At {
    /// The beginning.
    const START: At = At { stage: Stage::Starting, done: 0, total: 0 };
}

/// How often it is looked whether there is something to do, should nobody say so.
const PAUSE: Duration = Duration::from_secs(2);

impl Desk {
    /// The desk of a configuration that has a folder for it and one for editions.
    pub(crate) fn of(config: &Config) -> Option<Desk> {
        Some(Desk {
            folder: config.releases.folder.clone()?,
            publication: config.publication.clone()?,
            limits: config.releases.clone(),
            data: DataAccess::of(config),
            survey: config.survey.name.clone(),
            publisher: config.municipality.clone(),
            current: Mutex::default(),
            work: Notify::new(),
            is_stopping: AtomicBool::new(false),
        })
    }

    fn current(&self) -> MutexGuard<'_, Option<Current>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says that a release waits.
    pub(super) fn wake(&self) {
        self.work.notify_one();
    }

    /// Waits until a release may wait.
    pub(super) async fn rest(&self) {
        let _ = tokio::time::timeout(PAUSE, self.work.notified()).await;
    }

    /// Begins to follow a run.
    pub(super) fn begin(&self, release_id: &str) {
        *self.current() = Some(Current { release_id: release_id.to_owned(), at: At::START, is_cancelled: false });
    }

    /// Ends following a run.
    pub(super) fn end(&self) {
        *self.current() = None;
    }

    /// Notes how far the run is.
    pub(super) fn note(&self, at: At) {
        if let Some(current) = self.current().as_mut() {
            current.at = at;
        }
    }

    /// How far the run of a release is, while it runs here.
    pub(super) fn progress(&self, release_id: &str) -> Option<At> {
        self.current().as_ref().filter(|current| current.release_id == release_id).map(|current| current.at)
    }

    /// Asks the run of a release to stop; whether there was one.
    pub(super) fn cancel(&self, release_id: &str) -> bool {
        let mut current = self.current();
        let run = current.as_mut().filter(|current| current.release_id == release_id);
        run.map(|current| current.is_cancelled = true).is_some()
    }

    /// Asks whatever runs to stop.
    pub(super) fn cancel_current(&self) {
        if let Some(current) = self.current().as_mut() {
            current.is_cancelled = true;
        }
    }

    /// Whether an officer asked the run to stop.
    pub(super) fn is_cancelled(&self) -> bool {
        self.current().as_ref().is_some_and(|current| current.is_cancelled)
    }

    /// The server stops: so does what it began.
    pub(crate) fn stop(&self) {
        self.is_stopping.store(true, Ordering::SeqCst);
        self.wake();
    }

    /// Whether the server stops.
    pub(super) fn is_stopping(&self) -> bool {
        self.is_stopping.load(Ordering::SeqCst)
    }
}
