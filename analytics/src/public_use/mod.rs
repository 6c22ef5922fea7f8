//! A public-use file: persons, days and half hours, reduced until an outsider's reasonable means find nobody; checked apart from
//! the reduction, and written only where the check is passed. `docs/METHODOLOGY.md` says what remains.

mod characteristics;
mod codebook;
mod days;
mod fingerprint;
mod make;
mod random;
mod replicates;
mod report;
mod risk;
mod tables;
#[cfg(test)]
mod tests;

use std::path::Path;

use serde_json::json;

use crate::columns;
use crate::editing::usable_diaries;
use crate::output_folder::OutputFolder;
use crate::plan::{PlanError, ReleasePlan};
use crate::sample::{Sample, SampleError};
use crate::snapshot::{Snapshot, SnapshotError};
use crate::time_budget::ClassificationError;

pub use report::{
    CategoryDescription, ColumnDescription, Diversity, Fingerprints, KnownHalfHours, Mean, PublicUseReport,
    PublicUseRules, Risk, TableDescription, WeightProtection,
};
pub use risk::individual_risk;

/// The report's file.
pub const REPORT: &str = "report.json";

/// The files of a public-use file.
pub const FILES: [&str; 11] = [
    "persons.csv",
    "persons.parquet",
    "days.csv",
    "days.parquet",
    "episodes.csv",
    "episodes.parquet",
    "classification.csv",
    "classification.parquet",
    "codebook.xml",
    "design.json",
    REPORT,
];

/// Why there is no public-use file.
#[derive(Debug, thiserror::Error)]
pub enum PublicUseError {
    /// The snapshot cannot be used.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// What was asked is no release.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The sample cannot be weighted.
    #[error(transparent)]
    Sample(#[from] SampleError),
    /// Level 1 does not divide the day.
    #[error(transparent)]
    Classification(#[from] ClassificationError),
    /// The source has totals without times.
    #[error("the snapshot has totals without times of day, of which no half hours can be made. Nothing was written.")]
    NotTimed,
    /// Too few clusters for groups of them.
    #[error(
        "the sample has fewer than {0} clusters, too few to hide each among others in the replicate weights. Nothing was \
         written; a sample this small is told in tables only."
    )]
    TooFewClusters(usize),
    /// The file did not pass its check.
    #[error("the public-use file did not pass its check, and was not written:\n{}", reasons(.0))]
    Refused(Box<PublicUseReport>),
    /// The files cannot be written.
    #[error("cannot write the public-use file {path}: {source}. What was there before is unchanged.")]
    Write {
        /// The folder.
        path: String,
        /// The cause.
        source: std::io::Error,
    },
}

fn reasons(report: &PublicUseReport) -> String {
    report.refusals.iter().map(|reason| format!("- {reason}")).collect::<Vec<_>>().join("\n")
}

/// Makes the public-use file of a release's snapshot in `output`, whole or not at all; an earlier one there is replaced.
///
/// # Errors
/// See [`PublicUseError`]; a file that does not pass its check is refused, with the report of why.
pub fn write(plan: &ReleasePlan, rules: PublicUseRules, output: &Path) -> Result<PublicUseReport, PublicUseError> {
    plan.check()?;
    let snapshot = Snapshot::open(&plan.snapshot)?;
    if !snapshot.manifest.description.timed {
        return Err(PublicUseError::NotTimed);
    }
    let usable = usable_diaries(&snapshot);
    let sample = Sample::new(&snapshot, &usable, plan)?;
    let made = make::make(&snapshot, &usable, &sample, plan, rules)?;
    if !made.report.accepted {
        return Err(PublicUseError::Refused(Box::new(made.report)));
    }
    write_files(&snapshot, &made, output)
        .map_err(|source| PublicUseError::Write { path: output.display().to_string(), source })?;
    Ok(made.report)
}

fn write_files(snapshot: &Snapshot, made: &make::Made, output: &Path) -> std::io::Result<()> {
    let folder = OutputFolder::begin(output, REPORT)?;
    for table in &made.tables {
        let columns = table.columns.iter().map(|column| (column.description.name.as_str(), column.values.clone()));
        columns::write(folder.path(), table.name, columns.collect())?;
    }
    let codebook = codebook::codebook(&snapshot.manifest.description, &made.report);
    std::fs::write(folder.path().join("codebook.xml"), codebook)?;
    let n = made.report.weights.n_replicates;
    let design = json!({
        "data": "days.csv",
        "weights": "weight",
        "replicate_weights": "^replicate_",
        "n_replicates": n,
        "method": "delete-a-group jackknife (Kott 2001)",
        "type": "JK1",
        "scale": (n as f64 - 1.0) / n as f64,
        "centre": "mean of the replicates",
        "degrees_of_freedom": n.saturating_sub(1),
    });
    std::fs::write(folder.path().join("design.json"), serde_json::to_string_pretty(&design)? + "\n")?;
    std::fs::write(folder.path().join(REPORT), serde_json::to_string_pretty(&made.report)? + "\n")?;
    folder.publish()
}
