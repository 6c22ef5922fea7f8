//! One release after the other: takes the oldest that waits, has it computed or sealed, and writes down how it ended. What
//! an earlier server had begun and nothing works on any more is said to be broken off.

use std::{fs, io, path::PathBuf, sync::Arc};

use super::{
    Commission, Desk, State, Work,
    child::{Ended, Worker},
    folder::{self, ReleaseFolder},
    process::ProcessName,
    store::{Release, Releases, Run},
};
use crate::{access::guard::Store, app::Services, error::AppError, publication::shelf};

/// Runs until the server stops.
pub(crate) async fn run(services: Arc<Services>) {
    let Some(desk) = services.desk.clone() else { return };
    let releases = Releases::open(&services);
    while !desk.is_stopping() {
        match step(&services, &desk, &releases).await {
            Ok(true) => {}
            Ok(false) => desk.rest().await,
            Err(error) => {
                tracing::warn!(%error, "releases were not looked after");
                desk.rest().await;
            }
        }
    }
}

/// Settles what was broken off, and does the next piece of work; whether there was any.
async fn step(services: &Services, desk: &Arc<Desk>, releases: &Releases) -> Result<bool, AppError> {
    for release in releases.at_work().await? {
        if !release.process.as_deref().is_some_and(|name| ProcessName::kept(name.to_owned()).is_alive()) {
            settle(services, desk, releases, &release).await?;
        }
    }
    let Some(release) = releases.next().await? else { return Ok(false) };
    match release.state {
        State::Queued => compute(services, desk, releases, release).await?,
        _ => seal(services, desk, releases, release).await?,
    }
    Ok(true)
}

/// Writes down that the process of a release is gone, and removes what it left half made.
async fn settle(services: &Services, desk: &Desk, releases: &Releases, release: &Release) -> Result<(), AppError> {
    let now = services.clock.now();
    let folder = ReleaseFolder::new(&desk.folder, &release.release_id);
    if release.state == State::Running {
        tidy(folder.clear_work());
        return releases.ended(release, Run::Interrupted, now).await;
    }
    tidy(folder::remove(&unsealed(desk, release)));
    // It may have been put in its place just before.
    match place(desk, release).filter(|place| place.join(shelf::MARK).exists()) {
        Some(_) => releases.sealed(release, now).await,
        None => releases.not_sealed(release, "release-seal-interrupted", now).await,
    }
}

async fn compute(services: &Services, desk: &Arc<Desk>, releases: &Releases, release: Release) -> Result<(), AppError> {
    let folder = ReleaseFolder::new(&desk.folder, &release.release_id);
    let commission = Commission {
        niceness: desk.limits.niceness,
        work: Work::Compute {
            plan: folder.plan(),
            edition: folder.edition(),
            folder: folder.work(),
            margins: wants_register(&folder).then(|| folder.work().join("margins.csv")),
            earlier: shelf::all(&desk.publication).into_iter().map(|edition| edition.folder).collect(),
            data: Box::new(desk.data.clone()),
        },
    };
    let begun = folder.begin(&folder::history(&desk.folder, &desk.survey));
    let ended = match begun {
        Ok(()) => work(services, desk, releases, &release, State::Running, commission).await?,
        Err(error) => cannot_write(&error),
    };
    let run = match ended {
        Ended::Done => match folder.finish() {
            Ok(()) => Run::Done,
            Err(error) => Run::Failed(explained(&cannot_write(&error))),
        },
        Ended::Cancelled => Run::Cancelled,
        Ended::Stopping => Run::Interrupted,
        failed => Run::Failed(explained(&failed)),
    };
    if run != Run::Done {
        tidy(folder.clear_work());
    }
    releases.ended(&release, run, services.clock.now()).await
}

async fn seal(services: &Services, desk: &Arc<Desk>, releases: &Releases, release: Release) -> Result<(), AppError> {
    let folder = ReleaseFolder::new(&desk.folder, &release.release_id);
    let output = unsealed(desk, &release);
    tidy(folder::remove(&output));
    let commission = Commission {
        niceness: desk.limits.niceness,
        work: Work::Seal {
            estimates: folder.estimates(),
            edition: folder.approved_edition(),
            output: output.clone(),
            previous: previous(desk),
        },
    };
    let history = folder::history(&desk.folder, &desk.survey);
    // Another may have been approved at the same time and be sealed already.
    let is_up_to_date = folder.is_up_to_date(&history).and_then(|is_up_to_date| {
        fs::create_dir_all(&desk.publication)?;
        Ok(is_up_to_date)
    });
    let ended = match is_up_to_date {
        Ok(false) => Ended::Failed("release-seal-outdated".to_owned()),
        Ok(true) => work(services, desk, releases, &release, State::Sealing, commission).await?,
        Err(error) => cannot_write(&error),
    };
    let ended = match (ended, place(desk, &release)) {
        // What it tells counts as told before anybody can read it.
        (Ended::Done, Some(place)) if !place.exists() => {
            let kept = folder::keep_history(&folder.history(), &history).and_then(|()| fs::rename(&output, &place));
            kept.map_or_else(|error| cannot_write(&error), |()| Ended::Done)
        }
        (Ended::Done, _) => Ended::Failed("release-seal-occupied".to_owned()),
        (ended, _) => ended,
    };
    let now = services.clock.now();
    if ended == Ended::Done {
        return releases.sealed(&release, now).await;
    }
    tidy(folder::remove(&output));
    releases.not_sealed(&release, &explained(&ended), now).await
}

/// Has a child do its work, with the release in `state` meanwhile.
async fn work(
    services: &Services,
    desk: &Arc<Desk>,
    releases: &Releases,
    release: &Release,
    state: State,
    commission: Commission,
) -> Result<Ended, AppError> {
    desk.begin(&release.release_id);
    let ended = async {
        let worker = match Worker::start(desk, &commission) {
            Ok(worker) => worker,
            Err(error) => {
                tracing::error!(%error, "a release's process cannot be started");
                return Ok(Ended::Failed("release-failed-start".to_owned()));
            }
        };
        // A child that has ended already is settled by its last word.
        let name = ProcessName::of(worker.number());
        let started =
            releases.started(release, state, name.as_ref().map(ProcessName::text), services.clock.now()).await;
        let desk = Arc::clone(desk);
        let is_ours = started.is_ok();
        let watched = tokio::task::spawn_blocking(move || {
            if !is_ours {
                desk.cancel_current();
            }
            worker.watch(&desk)
        });
        let ended = watched.await.unwrap_or(Ended::Died);
        started.map(|()| ended)
    }
    .await;
    desk.end();
    ended
}

/// The key of the words for how a run ended, or the words of the child.
fn explained(ended: &Ended) -> String {
    match ended {
        Ended::Failed(message) => message.clone(),
        Ended::TimeLimit => "release-failed-time".to_owned(),
        Ended::MemoryLimit => "release-failed-memory".to_owned(),
        Ended::Cancelled => "release-seal-cancelled".to_owned(),
        Ended::Stopping => "release-seal-interrupted".to_owned(),
        Ended::Died | Ended::Done => "release-failed-died".to_owned(),
    }
}

fn cannot_write(error: &io::Error) -> Ended {
    tracing::error!(%error, "a release's folder cannot be written");
    Ended::Failed("release-failed-folder".to_owned())
}

/// Where an edition is drawn before it is put in its place: on the same disk, under a name that is no number.
fn unsealed(desk: &Desk, release: &Release) -> PathBuf {
    desk.publication.join(format!(".unsealed-{}", release.release_id))
}

/// Where an approved edition belongs.
fn place(desk: &Desk, release: &Release) -> Option<PathBuf> {
    release.number.map(|number| desk.publication.join(number.to_string()))
}

/// The newest edition, public or not.
fn previous(desk: &Desk) -> Option<PathBuf> {
    shelf::all(&desk.publication).pop().map(|edition| edition.folder)
}

fn wants_register(folder: &ReleaseFolder) -> bool {
    let plan = fs::read_to_string(folder.plan()).unwrap_or_default();
    plan.contains("\"work/margins.csv\"")
}

/// What cannot be removed now is removed when the release is run again.
fn tidy(removed: io::Result<()>) {
    if let Err(error) = removed {
        tracing::warn!(%error, "what a release left half made was not removed");
    }
}
