//! The pipeline: calls the stages in their order and nothing else.

use std::path::{Path, PathBuf};

use questionnaires::slot::SLOTS_PER_DAY;
use rayon::prelude::*;

use crate::disclosure::{Frame, History, Release, ReleaseContext, Released, SecrecyRules, sums_of_classification};
use crate::editing::{UsableDiaries, usable_diaries};
use crate::indicator::{Candidate, Indicators};
use crate::sample::{Sample, SampleError};
use crate::snapshot::{Episode, Snapshot, SnapshotError, sha256};
use crate::table::{self, ClassificationRow, Flag, RunInfo, RunOptions, Status};
use crate::tempogram::occupants;
use crate::time_budget::{ClassificationError, activities_of_codes, days, minutes_by_activity};
use crate::weighting::{DayBalance, Margins, MarginsError};

/// Fewest persons behind a published number, unless asked otherwise.
pub const DEFAULT_THRESHOLD: u64 = 3;
/// The finest level that age groups and target groups get; finer levels are given by sex and day only.
const FINEST_LEVEL_OF_GROUPS: u8 = 2;
/// The level of the tempogram.
const LEVEL_OF_TEMPOGRAM: u8 = 1;
/// Activities estimated between two reports of progress.
const ACTIVITIES_PER_REPORT: usize = 16;

/// What a run is asked.
#[derive(Debug, Clone)]
pub struct AnalyseOptions {
    /// The snapshot's folder.
    pub snapshot: PathBuf,
    /// The estimates' folder; replaced when it holds earlier estimates.
    pub output: PathBuf,
    /// Population totals by sex and age group to post-stratify to.
    pub margins: Option<PathBuf>,
    /// Fewest persons behind a published number.
    pub threshold: u64,
    /// Which weights to begin with.
    pub base_weights: BaseWeights,
}

/// Which weights a run begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BaseWeights {
    /// Those of the snapshot.
    #[default]
    FromFile,
    /// One for everybody: to see what the weights do, never to publish.
    AllOne,
}

/// A stage of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Reading and checking the snapshot.
    Reading,
    /// Minutes per diary and activity.
    TimeBudget,
    /// Weights.
    Weighting,
    /// Estimates and their standard errors, activity by activity.
    Estimating,
    /// Writing the tables.
    Writing,
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The stage under way.
    pub stage: Stage,
    /// Units of it done.
    pub done: usize,
    /// Units it has.
    pub total: usize,
}

/// What a run made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnalyseSummary {
    /// Persons with at least one diary used.
    pub n_persons: u64,
    /// Diaries used.
    pub n_diaries: u64,
    /// Diaries left out for their quality.
    pub n_diaries_rejected: u64,
    /// Rows written.
    pub n_rows: u64,
    /// Rows withheld for secrecy.
    pub n_withheld: u64,
    /// Rows suppressed as unreliable, the withheld ones left out.
    pub n_suppressed: u64,
}

/// Why a run made no estimates.
#[derive(Debug, thiserror::Error)]
pub enum AnalyseError {
    /// The snapshot cannot be used.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// The classification does not divide the day.
    #[error(transparent)]
    Classification(#[from] ClassificationError),
    /// The margins cannot be used.
    #[error(transparent)]
    Margins(#[from] MarginsError),
    /// The sample cannot be weighted.
    #[error(transparent)]
    Sample(#[from] SampleError),
    /// The estimates cannot be written.
    #[error("cannot write the estimates {path}: {source}. What was there before is unchanged.")]
    Write {
        /// The folder.
        path: String,
        /// The cause.
        source: std::io::Error,
    },
}

/// Reads a snapshot and writes its estimates.
pub fn analyse(options: &AnalyseOptions, progress: &mut dyn FnMut(Progress)) -> Result<AnalyseSummary, AnalyseError> {
    let mut begin = |stage| progress(Progress { stage, done: 0, total: 1 });
    begin(Stage::Reading);
    let margins = options.margins.as_deref().map(Margins::read).transpose()?;
    let margins_sha256 = options.margins.as_deref().map(sha256_of_margins).transpose()?;
    let snapshot = Snapshot::open(&options.snapshot)?;
    let usable = usable_diaries(&snapshot);
    begin(Stage::Weighting);
    let sample = Sample::new(&snapshot, &usable, options.base_weights, margins.as_ref())?;
    let rules = SecrecyRules { minimum_frequency: options.threshold, ..SecrecyRules::default() };
    let rows = estimate(&snapshot, &usable, &sample, &rules, progress)?.rows;
    progress(Progress { stage: Stage::Writing, done: 0, total: 1 });
    let run = run_info(&snapshot, &usable, options);
    let run_options = RunOptions { margins_sha256, weights_ignored: options.base_weights == BaseWeights::AllOne };
    table::write(&options.output, &rows, &snapshot.classification, &run, &run_options)
        .map_err(|source| AnalyseError::Write { path: options.output.display().to_string(), source })?;
    let count = |is_counted: fn(&Released) -> bool| rows.iter().filter(|row| is_counted(row)).count() as u64;
    let summary = AnalyseSummary {
        n_persons: sample.n_respondents() as u64,
        n_diaries: run.n_diaries,
        n_diaries_rejected: run.n_diaries_rejected,
        n_rows: rows.len() as u64,
        n_withheld: count(|released| released.row().status.is_withheld()),
        n_suppressed: count(|released| {
            released.row().status == Status::Published && released.row().flag == Flag::Suppressed
        }),
    };
    tracing::info!(input_sha256 = %run.input_sha256, weighting = %run.weighting, ?summary, "estimates written");
    Ok(summary)
}

/// All rows, activity by activity in the classification's order, the tempogram last.
fn estimate(
    snapshot: &Snapshot,
    usable: &UsableDiaries,
    sample: &Sample,
    rules: &SecrecyRules,
    progress: &mut dyn FnMut(Progress),
) -> Result<Release, ClassificationError> {
    progress(Progress { stage: Stage::TimeBudget, done: 0, total: 1 });
    let classification = &snapshot.classification;
    let activities_of = activities_of_codes(&snapshot.activity_codes, classification)?;
    let days = days(&snapshot.episodes, &usable.diaries);
    let budget = minutes_by_activity(&days, &activities_of, classification.len());

    let balance =
        if snapshot.manifest.description.weights_balance_days { DayBalance::ByWeights } else { DayBalance::Balanced };
    let indicators = Indicators::new(sample, balance);
    let all_groups: Vec<usize> = (0..sample.groups.len()).collect();
    let groups_at = |level: u8| if level <= FINEST_LEVEL_OF_GROUPS { &all_groups[..] } else { &all_groups[..1] };
    let total = classification.len();
    let mut candidates = Vec::new();
    for first in (0..total).step_by(ACTIVITIES_PER_REPORT) {
        progress(Progress { stage: Stage::Estimating, done: first, total });
        // Each activity is summed by one thread in row order, and the results are taken in the activities' order.
        let activities = (first..total.min(first + ACTIVITIES_PER_REPORT)).into_par_iter();
        let of_activities: Vec<Vec<Candidate>> = activities
            .map(|activity| {
                let groups = groups_at(classification[activity].level);
                indicators.of_activity(activity, &budget[activity], groups)
            })
            .collect();
        candidates.extend(of_activities.into_iter().flatten());
    }
    if snapshot.manifest.description.timed {
        candidates.extend(tempogram(classification, &days, &activities_of, &indicators));
    }
    progress(Progress { stage: Stage::Estimating, done: total, total });
    let context = ReleaseContext {
        classification,
        sums: &sums_of_classification(classification, &activities_of),
        sample,
        frame: &Frame::new(sample, balance),
        minutes: &budget,
        history: &History::default(),
    };
    Ok(rules.release(candidates, context))
}

fn tempogram(
    classification: &[ClassificationRow],
    days: &[&[Episode]],
    activities_of: &[Vec<usize>],
    indicators: &Indicators<'_>,
) -> Vec<Candidate> {
    let is_shown = |at: &usize| classification[*at].level == LEVEL_OF_TEMPOGRAM;
    let activities: Vec<usize> = (0..classification.len()).filter(is_shown).collect();
    let occupants = occupants(days, activities_of, &activities);
    let points: Vec<(usize, usize)> =
        (0..activities.len()).flat_map(|place| (0..SLOTS_PER_DAY).map(move |slot| (place, slot))).collect();
    let shares: Vec<Vec<Candidate>> = points
        .into_par_iter()
        .map(|(place, slot)| indicators.of_slot(activities[place], slot as u8, &occupants[place][slot]))
        .collect();
    shares.into_iter().flatten().collect()
}

fn run_info(snapshot: &Snapshot, usable: &UsableDiaries, options: &AnalyseOptions) -> RunInfo {
    let description = &snapshot.manifest.description;
    let weighting = match (&options.margins, options.base_weights) {
        (Some(_), _) => "post-stratified",
        (None, BaseWeights::FromFile) => "file",
        (None, BaseWeights::AllOne) => "none",
    };
    RunInfo {
        tempi_version: env!("CARGO_PKG_VERSION").to_owned(),
        title: description.title.clone(),
        population: description.population.clone(),
        source: description.source.clone(),
        synthetic: description.synthetic,
        classification: description.classification.clone(),
        as_of: description.as_of.clone(),
        input_sha256: snapshot.manifest_sha256.clone(),
        threshold: options.threshold,
        weighting: weighting.to_owned(),
        n_persons: snapshot.persons.len() as u64,
        n_diaries: usable.diaries.len() as u64,
        n_diaries_rejected: usable.n_rejected,
    }
}

fn sha256_of_margins(path: &Path) -> Result<String, MarginsError> {
    let bytes = std::fs::read(path)
        .map_err(|error| MarginsError::Unreadable { path: path.display().to_string(), message: error.to_string() })?;
    Ok(sha256(&bytes))
}
