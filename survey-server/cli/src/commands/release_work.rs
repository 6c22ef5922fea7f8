//! The work of a release, done for a server: told on standard input what to do, saying on standard output how far it is. When
//! the input ends, the server is gone and the work stops. Nothing of the pseudonymised snapshot outlives it.

use std::fs;
use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};

use analytics::disclosure::History;
use analytics::pipeline::{self, Stage as Analysing};
use analytics::plan::ReleasePlan;
use analytics::table::Estimates;
use anyhow::Context;
use questionnaires::Label;
use reports::comparison::Comparison;
use reports::edition::ReportPlan;
use reports::opendata::Catalogue;
use reports::{Edition, Progress as Published, PublishOptions};
use survey_server::clock::{Clock, SystemClock};
use survey_server::release::{Commission, DataAccess, Reported, Stage, Work, without_unanswered};
use survey_server::residents::margins::{MarginsPlan, margins};
use survey_server::serve::open_database;
use survey_server::snapshot::{self, ExportOptions};

use super::publish::{catalogue_of, design_system};

/// How many of the largest differences the desk shows.
const N_CHANGES: usize = 200;

/// What catalogues are told of every edition of the desk, where the office has written it.
const CATALOGUE: &str = "catalogue.toml";
/// What the office says of the reports of every edition, in the folder of releases.
const REPORT: &str = "report.toml";

/// Works, and says how it ended. The exit status says the same.
pub fn run() -> anyhow::Result<()> {
    let mut line = String::new();
    let n_bytes = std::io::stdin().lock().read_line(&mut line)?;
    anyhow::ensure!(
        n_bytes > 0,
        "this command is for a server that prepares releases; use `tempi analyse` and `tempi publish`"
    );
    let commission: Commission = serde_json::from_str(&line).context("what a server asked cannot be read")?;
    give_way(commission.niceness);
    match &commission.work {
        Work::Compute { folder, .. } => stop_with_the_server(Some(folder.clone())),
        Work::Seal { output, .. } => stop_with_the_server(Some(output.clone())),
    }
    let worked = match commission.work {
        Work::Compute { plan, edition, folder, margins, earlier, data } => {
            compute(&plan, &edition, &folder, margins.as_deref(), &earlier, &data)
        }
        Work::Seal { estimates, edition, output, previous } => {
            publish(&estimates, &Edition::read(&edition)?, &output, previous.as_deref())
        }
    };
    say(&match &worked {
        Ok(()) => Reported::Done,
        Err(error) => Reported::Failed { message: message(error) },
    });
    worked
}

/// The words for an analyst. What failed about the data is told to the operator alone: it may name the database.
fn message(error: &anyhow::Error) -> String {
    if error.downcast_ref::<NoData>().is_some() {
        return "release-failed-data".to_owned();
    }
    crate::message(error)
}

/// The data cannot be reached, or not be exported.
#[derive(Debug)]
struct NoData;

impl std::fmt::Display for NoData {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("the data cannot be read")
    }
}

/// The site comes first: for the processor, and when the machine runs out of memory.
fn give_way(niceness: u8) {
    if let Err(error) = rustix::process::nice(i32::from(niceness)) {
        tracing::warn!(%error, "the work does not give way to the site");
    }
    // Up to 1000; anybody may offer themselves (proc(5)).
    if let Err(error) = fs::write("/proc/self/oom_score_adj", "800") {
        tracing::warn!(%error, "the work is not the first to go when memory is short");
    }
}

/// Ends this process, and what it has half made, when standard input ends.
fn stop_with_the_server(half_made: Option<PathBuf>) {
    std::thread::spawn(move || {
        let ended = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
        tracing::warn!(?ended, "the server is gone: the work stops");
        if let Some(folder) = half_made {
            let _ = fs::remove_dir_all(folder);
        }
        std::process::exit(3);
    });
}

fn compute(
    plan: &Path,
    edition: &Path,
    folder: &Path,
    margins_file: Option<&Path>,
    earlier: &[PathBuf],
    data: &DataAccess,
) -> anyhow::Result<()> {
    let mut plan = ReleasePlan::read(plan)?;
    let edition = Edition::read(edition)?;
    at(Stage::Exporting, 0, 0);
    let exported = tokio::runtime::Runtime::new()?.block_on(export(&plan.snapshot, margins_file, data));
    // Whatever comes, the snapshot goes.
    let _leaves = Gone(plan.snapshot.clone());
    exported?;
    plan.answers.leave_out = without_unanswered(&plan.answers.leave_out, &plan.snapshot)
        .context("cannot read the questionnaires of the snapshot")?;
    if let Some(history) = plan.secrecy.history.as_deref().filter(|history| !history.exists()) {
        remember(earlier, &data.title(), history)?;
    }
    pipeline::analyse(&plan, &mut |now| at(stage(now.stage), now.done, now.total))?;
    let _ = fs::remove_dir_all(&plan.snapshot);
    let previous = earlier.last().map(PathBuf::as_path);
    if let Some(previous) = previous {
        at(Stage::Comparing, 0, 0);
        let (before, after) = (Estimates::read(&previous.join("dati"))?, Estimates::read(&plan.output)?);
        let mut comparison = Comparison::of(&before, &after);
        comparison.changes.truncate(N_CHANGES);
        fs::write(folder.join("comparison.json"), serde_json::to_vec(&comparison)?)
            .context("cannot write the comparison")?;
    }
    publish(&plan.output, &edition, &folder.join("draft"), previous)
}

/// Where no history of the survey was kept, what its editions have published is known all the same.
fn remember(earlier: &[PathBuf], survey: &Label, history: &Path) -> anyhow::Result<()> {
    let mut told = History::default();
    for edition in earlier {
        let estimates = Estimates::read(&edition.join("dati"))?;
        if estimates.run.title == *survey {
            told.add(&estimates.rows);
            told.add_answers(&estimates.answers);
        }
    }
    if told.is_empty() { Ok(()) } else { Ok(told.write(history)?) }
}

/// A folder that is removed at the end, however it comes.
struct Gone(PathBuf);

impl Drop for Gone {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

async fn export(snapshot: &Path, margins_file: Option<&Path>, data: &DataAccess) -> anyhow::Result<()> {
    let now = SystemClock.now();
    let (database, keys) = open_database(&data.config()).await.context(NoData)?;
    let options = ExportOptions {
        as_of: now,
        purpose: snapshot::USUAL_PURPOSE.to_owned(),
        synthetic: survey_server::demonstration::holds_invented_people(&database).await.context(NoData)?,
        title: data.title(),
        population: Label::new("Persone di 10 anni e più che hanno partecipato", "Participants aged 10 and over"),
        who: data.who(),
        sampled_only: false,
        with_texts: false,
    };
    snapshot::export(&database, &keys, snapshot, &options).await.context(NoData)?;
    if let Some(file) = margins_file {
        let plan = MarginsPlan { margins: Vec::new(), minimum_age: data.minimum_age(), threshold: 1, round_to: None };
        let mut text = Vec::new();
        margins(&database, &keys, &plan, &mut text, now).await?;
        fs::write(file, text).context("cannot write the known totals")?;
    }
    database.close().await.context(NoData)
}

fn publish(estimates: &Path, edition: &Edition, output: &Path, previous: Option<&Path>) -> anyhow::Result<()> {
    at(Stage::Drawing, 0, 0);
    let design_system = design_system();
    // The server starts its child in the folder of releases.
    let file = Path::new(CATALOGUE);
    let catalogue = if file.exists() { Catalogue::read(file)? } else { catalogue_of(edition) };
    let mut edition = edition.clone();
    if Path::new(REPORT).exists() {
        edition.imprint.report = Some(ReportPlan::read(Path::new(REPORT))?);
    }
    let options = PublishOptions {
        estimates,
        output,
        edition: &edition,
        previous,
        design_system: &design_system,
        languages: &questionnaires::Language::COMPLETE,
        home: Some("/"),
        catalogue: &catalogue,
        public_use: None,
    };
    reports::publish(&options, &mut |now| {
        if let Published::Drawn { done, total } = now {
            at(Stage::Drawing, done, total);
        }
    })?;
    Ok(())
}

fn stage(stage: Analysing) -> Stage {
    match stage {
        Analysing::Reading => Stage::Reading,
        Analysing::TimeBudget => Stage::Adding,
        Analysing::Weighting => Stage::Weighting,
        Analysing::Estimating => Stage::Estimating,
        Analysing::Protecting => Stage::Protecting,
        Analysing::Writing => Stage::Writing,
    }
}

fn at(stage: Stage, done: usize, total: usize) {
    say(&Reported::At { stage, done, total });
}

fn say(said: &Reported) {
    let mut stdout = std::io::stdout().lock();
    // Nobody listening is noticed by the end of standard input.
    if let Ok(line) = serde_json::to_string(said) {
        let _ = writeln!(stdout, "{line}").and_then(|()| stdout.flush());
    }
}
