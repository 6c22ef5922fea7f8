//! `tempi analyse`.

use analytics::measure::MeasureSet;
use analytics::pipeline::{self, AnalyseOptions, BaseWeights, Stage};
use serde_json::json;

use crate::arguments::AnalyseArguments;
use crate::progress::Progress;
use crate::results::Results;

/// Makes the estimates.
pub fn run(arguments: AnalyseArguments, results: Results) -> anyhow::Result<()> {
    let options = AnalyseOptions {
        snapshot: arguments.snapshot,
        output: arguments.output,
        margins: arguments.margins,
        threshold: arguments.threshold,
        base_weights: if arguments.ignore_weights { BaseWeights::AllOne } else { BaseWeights::FromFile },
        measures: MeasureSet::default(),
    };
    let summary = with_progress(&options)?;
    results.print(
        &format!(
            "{} numbers from {} diaries of {} persons ({} diaries left out for their quality; {} numbers withheld for \
             secrecy, {} suppressed as unreliable) in {}",
            summary.n_rows,
            summary.n_diaries,
            summary.n_persons,
            summary.n_diaries_rejected,
            summary.n_withheld,
            summary.n_suppressed,
            options.output.display()
        ),
        &json!({
            "output": options.output,
            "n_rows": summary.n_rows,
            "n_persons": summary.n_persons,
            "n_diaries": summary.n_diaries,
            "n_diaries_rejected": summary.n_diaries_rejected,
            "n_withheld": summary.n_withheld,
            "n_suppressed": summary.n_suppressed,
        }),
    );
    Ok(())
}

/// Runs the pipeline with its stages shown.
pub fn with_progress(options: &AnalyseOptions) -> Result<pipeline::AnalyseSummary, pipeline::AnalyseError> {
    let mut progress = Progress::new();
    let mut stage = None;
    let summary = pipeline::analyse(options, &mut |now| {
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
        Stage::Writing => "Writing the estimates",
    }
}
