//! Writes the estimates folder. It takes only rows that disclosure has released, and the same input gives
//! the same bytes.

use std::path::Path;

use serde::Serialize;

use super::{CategoryRow, EstimateRow, RunInfo};
use crate::columns::{self, Values};
use crate::disclosure::Released;
use crate::output_folder::OutputFolder;
use crate::plan::ReleasePlan;

/// What a run was asked beyond what [`RunInfo`] tells.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunOptions {
    /// SHA-256 of the margins file, hexadecimal.
    pub margins_sha256: Option<String>,
    /// Whether the weights of the snapshot were set aside.
    pub weights_ignored: bool,
    /// SHA-256 of the table of hourly wages, hexadecimal.
    pub hourly_wages_sha256: Option<String>,
    /// The whole plan, as [`ReleasePlan::stated`].
    pub release: ReleasePlan,
}

/// Writes `estimates.parquet`, `estimates.csv`, `classification.csv` and `run.json` to `folder`, all or none;
/// earlier estimates there are replaced.
pub fn write(
    folder: &Path,
    rows: &[Released],
    classification: &[CategoryRow],
    run: &RunInfo,
    options: &RunOptions,
) -> std::io::Result<()> {
    let output = OutputFolder::begin(folder, "run.json")?;
    let rows: Vec<&EstimateRow> = rows.iter().map(Released::row).collect();
    columns::write(output.path(), "estimates", columns_of(&rows))?;
    let mut writer = csv::Writer::from_path(output.path().join("classification.csv"))?;
    for row in classification {
        writer.serialize(row)?;
    }
    writer.flush()?;
    #[derive(Serialize)]
    struct RunFile<'a> {
        #[serde(flatten)]
        run: &'a RunInfo,
        options: &'a RunOptions,
    }
    let text = serde_json::to_string_pretty(&RunFile { run, options })? + "\n";
    std::fs::write(output.path().join("run.json"), text)?;
    output.publish()
}

fn columns_of(rows: &[&EstimateRow]) -> Vec<(&'static str, Values)> {
    let text = |field: &dyn Fn(&EstimateRow) -> String| Values::Text(rows.iter().map(|row| Some(field(row))).collect());
    let integer =
        |field: &dyn Fn(&EstimateRow) -> Option<i64>| Values::Integer(rows.iter().map(|row| field(row)).collect());
    let real = |field: &dyn Fn(&EstimateRow) -> Option<f64>| Values::Real(rows.iter().map(|row| field(row)).collect());
    vec![
        ("indicator", text(&|row| code(&row.indicator))),
        ("unit", text(&|row| code(&row.unit))),
        ("timeline", text(&|row| code(&row.timeline))),
        ("activity", text(&|row| row.activity.clone())),
        ("level", integer(&|row| Some(row.level.into()))),
        ("sex", text(&|row| row.sex.clone())),
        ("age_group", text(&|row| row.age_group.clone())),
        ("target_group", text(&|row| row.target_group.clone())),
        ("day", text(&|row| row.day.clone())),
        ("slot", integer(&|row| row.slot.map(i64::from))),
        ("value", real(&|row| row.value)),
        ("standard_error", real(&|row| row.standard_error)),
        ("ci_low", real(&|row| row.ci_low)),
        ("ci_high", real(&|row| row.ci_high)),
        ("degrees_of_freedom", real(&|row| row.degrees_of_freedom)),
        ("n", integer(&|row| Some(row.n as i64))),
        ("flag", text(&|row| code(&row.flag))),
        ("status", text(&|row| code(&row.status))),
    ]
}

/// The name that the type itself has in files.
fn code(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(code)) => code,
        other => unreachable!("the codes of the estimates serialise as text, not as {other:?}"),
    }
}
