//! `tempi questionnaire translate`.

use std::fs;

use anyhow::{Context, bail};
use questionnaires::exchange::translation::{to_translate, translated};
use questionnaires::text::is_language_tag;
use serde_json::json;

use crate::arguments::TranslateArguments;
use crate::results::Results;

/// Writes the table for a translator, or puts a filled one into the questionnaire.
pub fn run(arguments: &TranslateArguments, results: Results) -> anyhow::Result<()> {
    let TranslateArguments { file, language, all, from, output } = arguments;
    if !is_language_tag(language) || language == "it" {
        bail!("`{language}` is not a language to translate into: give its tag, such as en, ar or ro");
    }
    let instrument = super::read(file)?;
    let write = |text: &str| fs::write(output, text).with_context(|| format!("cannot write {}", output.display()));
    let Some(from) = from else {
        let table = to_translate(&instrument, language, *all);
        write(&table)?;
        let texts = instrument.texts();
        let n_missing = texts.iter().filter(|text| text.label.written(language).is_none()).count();
        results.print(
            &format!(
                "{n_missing} of {} texts have no translation in `{language}`: fill in the last column of {}, then bring it back with --from",
                texts.len(),
                output.display()
            ),
            &json!({ "output": output, "language": language, "n_texts": texts.len(), "n_missing": n_missing }),
        );
        return Ok(());
    };
    let table = fs::read_to_string(from).with_context(|| format!("cannot read {}", from.display()))?;
    let done = translated(&instrument, language, &table).map_err(|problems| {
        anyhow::anyhow!(
            "{} does not fit {}, nothing was written:\n  {}",
            from.display(),
            file.display(),
            problems.join("\n  ")
        )
    })?;
    write(&done.instrument.to_toml())?;
    results.print(
        &format!(
            "{} texts translated into `{language}`, {} missing still, in {}. Raise its version if {} was published",
            done.n_translated,
            done.n_missing,
            output.display(),
            done.instrument.version
        ),
        &json!({ "output": output, "language": language, "n_translated": done.n_translated, "n_missing": done.n_missing }),
    );
    Ok(())
}
