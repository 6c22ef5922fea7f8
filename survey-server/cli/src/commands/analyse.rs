//! `tempi analyse`.

use std::path::PathBuf;

use analytics::pipeline::{self, AnalyseSummary, Stage};
use analytics::plan::{BaseWeights, ReleasePlan};
use serde_json::json;

use crate::arguments::{AnalyseArguments, ReleaseArguments};
use crate::progress::Progress;
use crate::results::Results;

/// Makes the estimates.
pub fn run(arguments: AnalyseArguments, results: Results) -> anyhow::Result<()> {
    let plan = plan(arguments)?;
    let summary = with_progress(&plan)?;
    results.print(
        &format!(
            "{} numbers from {} diaries of {} persons ({} diaries left out for their quality; {} numbers withheld for \
             secrecy, {} suppressed as unreliable) in {}{}",
            summary.n_rows,
            summary.n_diaries,
            summary.n_persons,
            summary.n_diaries_rejected,
            summary.n_withheld,
            summary.n_suppressed,
            plan.output.display(),
            secrecy_in_words(&plan, &summary)
        ),
        &json!({
            "output": plan.output,
            "n_rows": summary.n_rows,
            "n_persons": summary.n_persons,
            "n_diaries": summary.n_diaries,
            "n_diaries_rejected": summary.n_diaries_rejected,
            "n_withheld": summary.n_withheld,
            "n_withheld_for_others": summary.n_withheld_for_others,
            "n_suppressed": summary.n_suppressed,
            "n_shown": summary.n_shown,
            "n_told_before": summary.n_told_before,
        }),
    );
    Ok(())
}

/// What is protected, from whom and by what, and what the office must know before it publishes.
fn secrecy_in_words(plan: &ReleasePlan, summary: &AnalyseSummary) -> String {
    let rules = plan.secrecy.rules();
    let also = if rules.dominance.is_some() || rules.p_percent.is_some() {
        " and those that the rules of [secrecy] call dominated"
    } else {
        ""
    };
    let mut words = vec![String::new()];
    if summary.n_withheld > 0 {
        words.push(format!(
            "Secrecy: numbers of fewer than {} persons{also} are withheld ({}), and as many others ({}) as it takes so that \
             the sums of the rest give none away: for each it is proved that they would hold as well with it {}% higher or \
             lower, or as far as anybody could tell before. docs/METHODOLOGY.md, Secrecy, says what outsiders are taken to know.",
            rules.minimum_frequency,
            summary.n_withheld - summary.n_withheld_for_others,
            summary.n_withheld_for_others,
            rules.safety_range,
        ));
    }
    if summary.n_shown == 0 {
        words.push(
            "The release is empty: any number of it would tell too much of few persons, or is too unreliable to show. Leave \
             out groups or measures, or join rare activities in the classification."
                .to_owned(),
        );
    }
    if summary.n_told_before > 0 {
        words.push(format!(
            "{} withheld numbers follow from what earlier releases told; nothing that is withheld now can hide them. \
             `audit` under [secrecy] names a file that lists them.",
            summary.n_told_before
        ));
    }
    words.join("\n")
}

/// The plan, with what the command line says last.
fn plan(arguments: AnalyseArguments) -> anyhow::Result<ReleasePlan> {
    let mut plan = release(arguments.release)?;
    if let Some(output) = arguments.output {
        plan.output = output;
    }
    if let Some(threshold) = arguments.threshold {
        plan.secrecy.minimum_frequency = threshold;
    }
    if arguments.ignore_weights {
        plan.weights.base = BaseWeights::AllOne;
    }
    Ok(plan)
}

/// A release in TOML, or the standard release of a snapshot.
pub fn release(arguments: ReleaseArguments) -> anyhow::Result<ReleasePlan> {
    let mut plan = if arguments.source.is_dir() || arguments.source.extension().is_none_or(|ending| ending != "toml") {
        ReleasePlan::new(arguments.source, PathBuf::from("estimates"))
    } else {
        ReleasePlan::read(&arguments.source)?
    };
    if let Some(margins) = arguments.margins {
        plan.weights.margins = Some(margins);
    }
    Ok(plan)
}

/// Runs the pipeline with its stages shown.
pub fn with_progress(plan: &ReleasePlan) -> Result<AnalyseSummary, pipeline::AnalyseError> {
    let mut progress = Progress::new();
    let mut stage = None;
    let summary = pipeline::analyse(plan, &mut |now| {
        if stage != Some(now.stage) {
            stage = Some(now.stage);
            progress.step(name(now.stage));
        }
        progress.at(now.done, now.total);
    });
    progress.finish();
    summary
}

fn name(stage: Stage) -> &'static str {
    match stage {
        Stage::Reading => "Reading the snapshot",
        Stage::TimeBudget => "Adding up minutes",
        Stage::Weighting => "Weighting",
        Stage::Estimating => "Estimating",
        Stage::Protecting => "Protecting secrets",
        Stage::Writing => "Writing the estimates",
    }
}
