//! The pipeline: calls the stages in their order and nothing else.

use crate::answers::{AnswersError, AskedQuestion, Given, asked_questions, candidates as answer_candidates, given};
use crate::disclosure::{
    AnswerContext, Frame, History, HistoryError, Release, ReleaseContext, Released, ReleasedAnswer, WithheldDomains,
    write_audit,
};
use crate::editing::{UsableDiaries, usable_diaries};
use crate::indicator::Indicators;
use crate::measure::{MeasureError, Measures};
use crate::plan::{BaseWeights, PlanError, ReleasePlan};
use crate::sample::{Sample, SampleError, respondents};
use crate::snapshot::{Person, Snapshot, SnapshotError};
use crate::table::{self, Flag, GroupRow, QuestionRow, RunInfo, RunOptions, Status, Tables};
use crate::weighting::DayBalance;

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
    /// Keeping secret what must be.
    Protecting,
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
    /// Of these the ones that are safe by themselves and would lead to others.
    pub n_withheld_for_others: u64,
    /// Rows suppressed as unreliable, the withheld ones left out.
    pub n_suppressed: u64,
    /// Rows that show a number.
    pub n_shown: u64,
    /// Cells withheld now or before that earlier releases of the same data give away already.
    pub n_told_before: u64,
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
    /// The plan asks what no release may.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The sample cannot be weighted.
    #[error(transparent)]
    Sample(#[from] SampleError),
    /// Answers cannot be told as asked.
    #[error(transparent)]
    Answers(#[from] AnswersError),
    /// The history of releases cannot be used.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// The audit cannot be written.
    #[error("cannot write the audit {path}: {source}. Nothing was released.")]
    Audit {
        /// The file.
        path: String,
        /// The cause.
        source: std::io::Error,
    },
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
pub fn analyse(plan: &ReleasePlan, progress: &mut dyn FnMut(Progress)) -> Result<AnalyseSummary, AnalyseError> {
    let mut begin = |stage| progress(Progress { stage, done: 0, total: 1 });
    begin(Stage::Reading);
    plan.check()?;
    let snapshot = Snapshot::open(&plan.snapshot)?;
    let usable = usable_diaries(&snapshot);
    begin(Stage::Weighting);
    let sample = Sample::new(&snapshot, &usable, plan)?;
    progress(Progress { stage: Stage::TimeBudget, done: 0, total: 1 });
    let measures = Measures::new(&snapshot, &usable, &plan.measures)?;
    let mut history = plan.secrecy.history.as_deref().map_or_else(|| Ok(History::default()), History::read_if_there)?;
    let asked = asked_questions(&snapshot.questionnaires, &plan.answers)?;
    let Made { rows, n_told_before: of_time } = release(&snapshot, &measures, &sample, plan, &history, progress)?;
    let persons = respondents(&snapshot, &usable);
    let told = release_answers(&asked, &persons, &sample, &WithheldDomains::of(&rows), plan, &history)?;
    let n_told_before = of_time + told.n_told_before;
    if let Some(path) = &plan.secrecy.history {
        history.add(rows.iter().map(Released::row));
        history.add_answers(told.rows.iter().map(ReleasedAnswer::row));
        history.write(path)?;
    }
    progress(Progress { stage: Stage::Writing, done: 0, total: 1 });
    let run = run_info(&snapshot, &usable, &sample, plan);
    let options = RunOptions {
        margins_sha256: sample.margins_sha256.clone(),
        weights_ignored: plan.weights.base == BaseWeights::AllOne,
        hourly_wages_sha256: measures.hourly_wages_sha256().map(str::to_owned),
        release: plan.stated(),
    };
    let groups: Vec<GroupRow> = sample.groups.iter().filter_map(|group| GroupRow::of(*group)).collect();
    let questions: Vec<QuestionRow> = asked.iter().flat_map(AskedQuestion::rows).collect();
    let tables = Tables {
        rows: &rows,
        classification: measures.categories(),
        groups: &groups,
        answers: &told.rows,
        questions: &questions,
    };
    table::write(&plan.output, &tables, &run, &options)
        .map_err(|source| AnalyseError::Write { path: plan.output.display().to_string(), source })?;
    let count = |is_counted: fn(&Released) -> bool| rows.iter().filter(|row| is_counted(row)).count() as u64;
    let summary = AnalyseSummary {
        n_persons: sample.n_respondents() as u64,
        n_diaries: run.n_diaries,
        n_diaries_rejected: run.n_diaries_rejected,
        n_rows: rows.len() as u64,
        n_withheld: count(|released| released.row().status.is_withheld()),
        n_withheld_for_others: count(|released| released.row().status == Status::WithheldSecondary),
        n_suppressed: count(|released| {
            released.row().status == Status::Published && released.row().flag == Flag::Suppressed
        }),
        n_shown: count(|released| released.row().value.is_some()),
        n_told_before,
    };
    tracing::info!(input_sha256 = %run.input_sha256, weighting = %run.weighting, ?summary, "estimates written");
    Ok(summary)
}

/// What a release has come to.
struct Made {
    rows: Vec<Released>,
    n_told_before: u64,
}

/// All rows, part by part, judged together; the audit and the history of releases where the plan keeps them.
fn release(
    snapshot: &Snapshot,
    measures: &Measures<'_>,
    sample: &Sample,
    plan: &ReleasePlan,
    history: &History,
    progress: &mut dyn FnMut(Progress),
) -> Result<Made, AnalyseError> {
    let balance =
        if snapshot.manifest.description.weights_balance_days { DayBalance::ByWeights } else { DayBalance::Balanced };
    let indicators = Indicators::new(sample, balance);
    let parts = measures.parts();
    let mut candidates = Vec::new();
    for (done, part) in parts.iter().enumerate() {
        progress(Progress { stage: Stage::Estimating, done, total: parts.len() });
        candidates.extend(measures.candidates(*part, &indicators).into_iter().flatten());
    }
    progress(Progress { stage: Stage::Protecting, done: 0, total: 1 });
    let valuation = measures.valuation();
    let context = ReleaseContext {
        categories: measures.categories(),
        sums: &measures.compositions(),
        sample,
        frame: &Frame::new(sample, balance),
        minutes: &|| measures.minutes_of_all(),
        value: valuation.as_ref(),
        history,
    };
    let release: Release = plan.secrecy.rules().release(candidates, context);
    if let Some(path) = &plan.secrecy.audit {
        let written = write_audit(path, &release.audit(context));
        written.map_err(|source| AnalyseError::Audit { path: path.display().to_string(), source })?;
    }
    let n_told_before = release.unprotected(context).len() as u64;
    Ok(Made { rows: release.rows, n_told_before })
}

/// What a release has come to in the questionnaires.
struct Told {
    rows: Vec<ReleasedAnswer>,
    n_told_before: u64,
}

/// The answers, judged together, and their audit.
fn release_answers(
    asked: &[AskedQuestion],
    persons: &[&Person],
    sample: &Sample,
    withheld: &WithheldDomains,
    plan: &ReleasePlan,
    history: &History,
) -> Result<Told, AnalyseError> {
    let given: Vec<Given> = asked.iter().map(|question| given(question, persons, &sample.person_weights)).collect();
    let context = AnswerContext { questions: asked, given: &given, sample, withheld, history };
    let candidates = answer_candidates(asked, &given, sample);
    let release = plan.secrecy.rules().release_answers(candidates.clone(), context);
    if let Some(path) = plan.secrecy.audit.as_deref().filter(|_| !asked.is_empty()) {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let path = path.with_file_name(format!("{stem}-answers.csv"));
        let written = write_audit(&path, &release.audit(&candidates, context));
        written.map_err(|source| AnalyseError::Audit { path: path.display().to_string(), source })?;
    }
    let n_told_before = release.n_unprotected() as u64;
    Ok(Told { rows: release.rows, n_told_before })
}

fn run_info(snapshot: &Snapshot, usable: &UsableDiaries, sample: &Sample, plan: &ReleasePlan) -> RunInfo {
    let description = &snapshot.manifest.description;
    RunInfo {
        tempi_version: env!("CARGO_PKG_VERSION").to_owned(),
        title: description.title.clone(),
        population: description.population.clone(),
        source: description.source.clone(),
        synthetic: description.synthetic,
        classification: description.classification.clone(),
        as_of: description.as_of.clone(),
        input_sha256: snapshot.manifest_sha256.clone(),
        threshold: plan.secrecy.minimum_frequency,
        weighting: sample.weighting.code().to_owned(),
        n_persons: snapshot.persons.len() as u64,
        n_diaries: usable.diaries.len() as u64,
        n_diaries_rejected: usable.n_rejected,
    }
}
