//! `tempi questionnaire`.

use std::path::Path;

use anyhow::{Context, bail};
use questionnaires::instrument::Instrument;
use serde_json::json;

use crate::results::Results;

/// Checks a questionnaire file and names each fault with its place.
pub fn check(file: &Path, results: Results) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let instrument =
        Instrument::from_toml(&text).with_context(|| format!("{} is not a questionnaire", file.display()))?;
    let issues = instrument.check();
    if !issues.is_empty() {
        let lines: Vec<String> = issues.iter().map(|issue| format!("  {issue}")).collect();
        bail!("{} needs mending in {} places:\n{}", file.display(), issues.len(), lines.join("\n"));
    }
    let n_questions: usize = instrument.sections.iter().map(|section| section.questions.len()).sum();
    results.print(
        &format!(
            "{}, version {}: {} sections, {n_questions} questions, nothing to mend",
            instrument.name,
            instrument.version,
            instrument.sections.len()
        ),
        &json!({
            "name": instrument.name,
            "version": instrument.version,
            "n_sections": instrument.sections.len(),
            "n_questions": n_questions,
        }),
    );
    Ok(())
}
