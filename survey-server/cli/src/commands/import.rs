//! `tempi import`.

use std::path::Path;

use analytics::import::atus;
use serde_json::json;

use crate::results::Results;

/// Makes a snapshot from the American Time Use Survey's activity summary file.
pub fn atus(file: &Path, output: &Path, results: Results) -> anyhow::Result<()> {
    let summary = atus::import(file, output, &atus::Options::default())?;
    results.print(
        &format!(
            "{} respondents, {} activity totals in {} activity codes, in {}",
            summary.n_persons,
            summary.n_episodes,
            summary.n_activity_codes,
            output.display()
        ),
        &json!({
            "output": output,
            "n_persons": summary.n_persons,
            "n_episodes": summary.n_episodes,
            "n_activity_codes": summary.n_activity_codes,
        }),
    );
    Ok(())
}
