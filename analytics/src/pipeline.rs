//! The pipeline: calls the stages in their order and nothing else.

use std::path::{Path, PathBuf};

use crate::disclosure::{Disclosure, Released};
use crate::editing::{UsableDiaries, usable_diaries};
use crate::indicator::Indicators;
use crate::measure::{MeasureError, MeasureSet, Measures, WagesError};
use crate::sample::{Sample, SampleError};
use crate::snapshot::{Snapshot, SnapshotError, sha256};
use crate::table::{self, Flag, RunInfo, RunOptions, Status};
use crate::weighting::{DayBalance, Margins, MarginsError};

/// Fewest persons behind a published number, unless asked otherwise.
pub const DEFAULT_THRESHOLD: u64 = 3;

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
    /// What is measured.
    pub measures: MeasureSet,
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
    /// What was asked cannot be measured.
    #[error(transparent)]
    Measure(#[from] MeasureError),
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
    let hourly_wages_sha256 = options.measures.hourly_wages.as_deref().map(sha256_of_wages).transpose()?;
    let snapshot = Snapshot::open(&options.snapshot)?;
    let usable = usable_diaries(&snapshot);
    begin(Stage::Weighting);
    let sample = Sample::new(&snapshot, &usable, options.base_weights, margins.as_ref())?;
    let disclosure = Disclosure { threshold: options.threshold };
    progress(Progress { stage: Stage::TimeBudget, done: 0, total: 1 });
    let measures = Measures::new(&snapshot, &usable, &options.measures)?;
    let rows = estimate(&snapshot, &measures, &sample, disclosure, progress);
    progress(Progress { stage: Stage::Writing, done: 0, total: 1 });
    let run = run_info(&snapshot, &usable, options);
    let run_options = RunOptions {
        margins_sha256,
        weights_ignored: options.base_weights == BaseWeights::AllOne,
        measures: options.measures.clone(),
        hourly_wages_sha256,
    };
    table::write(&options.output, &rows, measures.categories(), &run, &run_options)
        .map_err(|source| AnalyseError::Write { path: options.output.display().to_string(), source })?;
    let count = |is_counted: fn(&Released) -> bool| rows.iter().filter(|row| is_counted(row)).count() as u64;
    let summary = AnalyseSummary {
        n_persons: sample.n_respondents() as u64,
        n_diaries: run.n_diaries,
        n_diaries_rejected: run.n_diaries_rejected,
        n_rows: rows.len() as u64,
        n_withheld: count(|released| released.row().status == Status::Withheld),
        n_suppressed: count(|released| {
            released.row().status == Status::Published && released.row().flag == Flag::Suppressed
        }),
    };
    tracing::info!(input_sha256 = %run.input_sha256, weighting = %run.weighting, ?summary, "estimates written");
    Ok(summary)
}

/// All rows, part by part.
fn estimate(
    snapshot: &Snapshot,
    measures: &Measures<'_>,
    sample: &Sample,
    disclosure: Disclosure,
    progress: &mut dyn FnMut(Progress),
) -> Vec<Released> {
    let balance =
        if snapshot.manifest.description.weights_balance_days { DayBalance::ByWeights } else { DayBalance::Balanced };
    let indicators = Indicators::new(sample, balance);
    let parts = measures.parts();
    let mut rows = Vec::new();
    for (done, part) in parts.iter().enumerate() {
        progress(Progress { stage: Stage::Estimating, done, total: parts.len() });
        let candidates = measures.candidates(*part, &indicators).into_iter();
        rows.extend(candidates.flat_map(|candidates| disclosure.release(candidates, measures.categories())));
    }
    progress(Progress { stage: Stage::Estimating, done: parts.len(), total: parts.len() });
    rows
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

fn sha256_of_wages(path: &Path) -> Result<String, MeasureError> {
    let unreadable =
        |error: std::io::Error| WagesError::Unreadable { path: path.display().to_string(), message: error.to_string() };
    Ok(sha256(&std::fs::read(path).map_err(unreadable)?))
}
