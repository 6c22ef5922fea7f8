//! `tempi puf`.

use std::path::Path;

use analytics::public_use::{self, PublicUseError, PublicUseReport, PublicUseRules};
use anyhow::Context;
use serde_json::json;

use super::analyse;
use crate::arguments::PufArguments;
use crate::results::Results;

/// Makes the public-use file, or says why not.
pub fn run(arguments: PufArguments, results: Results) -> anyhow::Result<()> {
    let plan = analyse::release(arguments.release)?;
    let asked = PublicUseRules::default();
    let rules = PublicUseRules {
        smallest_class: arguments.smallest_class,
        largest_risk: arguments.largest_risk.unwrap_or(asked.largest_risk),
        ..asked
    };
    let made = public_use::write(&plan, rules, &arguments.output);
    if let (Some(path), Ok(report)) = (&arguments.report, &made) {
        write_report(path, report)?;
    }
    if let (Some(path), Err(PublicUseError::Refused(report))) = (&arguments.report, &made) {
        write_report(path, report)?;
    }
    let report = made?;
    results.print(&in_words(&report, &arguments.output), &json!({ "output": arguments.output, "report": report }));
    Ok(())
}

fn write_report(path: &Path, report: &PublicUseReport) -> anyhow::Result<()> {
    let text = serde_json::to_string_pretty(report)? + "\n";
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

fn in_words(report: &PublicUseReport, output: &Path) -> String {
    format!(
        "{} days of {} persons ({} left out) in {}\nEverybody shares all characteristics with {} persons or more; the largest \
         risk of identification is {:.4}, {:.2} identifications are expected in all.\n{:.0}% of the days are unique to whoever \
         knows all their half hours; docs/METHODOLOGY.md says what remains.",
        report.n_days,
        report.n_persons,
        report.n_left_out,
        output.display(),
        report.after.smallest_class,
        report.after.largest_risk,
        report.after.expected_identifications,
        report.fingerprints.unique_days * 100.0,
    )
}
