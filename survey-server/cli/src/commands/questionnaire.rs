//! `tempi questionnaire`: checking, showing, translating, publishing questionnaires, and taking them to other programs and back.

mod exchange;
mod publish;
mod translate;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use questionnaires::Instrument;
use serde_json::json;
use survey_server::clock::SystemClock;
use survey_server::questionnaire::catalogue::folder::{self, Fault};
use survey_server::questionnaire::preview;

use super::server::stop_asked;
use crate::arguments::QuestionnaireCommand;
use crate::results::Results;

/// Runs one of the commands.
pub async fn run(command: QuestionnaireCommand, results: Results) -> anyhow::Result<()> {
    match command {
        QuestionnaireCommand::Check { files } => check(&files, results),
        QuestionnaireCommand::Preview { file, port } => show(&file, port).await,
        QuestionnaireCommand::Publish(arguments) => publish::run(&arguments, results).await,
        QuestionnaireCommand::Translate(arguments) => translate::run(&arguments, results),
        QuestionnaireCommand::Export(arguments) => exchange::export(&arguments, results),
        QuestionnaireCommand::Import { file, output } => exchange::import(&file, &output, results),
    }
}

/// The questionnaire of a file that must be without faults.
fn read(file: &Path) -> anyhow::Result<Instrument> {
    Ok(folder::read_file(file)?)
}

/// Checks files and names each fault with its file, line and place.
fn check(files: &[PathBuf], results: Results) -> anyhow::Result<()> {
    let mut texts = Vec::new();
    for file in files {
        texts.push(std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?);
    }
    let (mut lines, mut reports, mut n_faults) = (Vec::new(), Vec::new(), 0);
    for (file, text) in files.iter().zip(&texts) {
        match folder::faults(&file.display().to_string(), text) {
            Ok(instrument) => {
                let (line, report) = good(file, &instrument);
                lines.push(line);
                reports.push(report);
            }
            Err(faults) => {
                n_faults += faults.len();
                lines.extend(faults.iter().map(Fault::to_string));
                let faults = faults
                    .iter()
                    .map(|fault| json!({ "line": fault.line, "place": fault.place, "problem": fault.problem }));
                reports.push(json!({ "file": file, "faults": faults.collect::<Vec<_>>() }));
            }
        }
    }
    results.print(&lines.join("\n"), &json!({ "n_faults": n_faults, "files": reports }));
    if n_faults > 0 {
        bail!("{n_faults} faults: mend them, then check again");
    }
    Ok(())
}

/// What there is to say of a file without faults.
fn good(file: &Path, instrument: &Instrument) -> (String, serde_json::Value) {
    let texts = instrument.texts();
    let n_missing = |tag: &str| texts.iter().filter(|text| text.label.written(tag).is_none()).count();
    let languages: Vec<(String, usize)> =
        instrument.languages().into_iter().map(|tag| (tag.clone(), n_missing(&tag))).collect();
    let incomplete = languages.iter().filter(|(_, n_missing)| *n_missing > 0);
    let remarks: String = incomplete
        .map(|(tag, n_missing)| {
            format!(
                "\n  {n_missing} of {} texts have no translation in `{tag}`: people read them in Italian",
                texts.len()
            )
        })
        .collect();
    let (n_sections, n_questions) = (instrument.sections.len(), instrument.questions().count());
    let line = format!(
        "{}: {}, version {}: {n_sections} sections, {n_questions} questions, nothing to mend{remarks}",
        file.display(),
        instrument.name,
        instrument.version,
    );
    let languages = languages.iter().map(|(tag, n_missing)| json!({ "language": tag, "n_missing": n_missing }));
    let report = json!({
        "file": file,
        "name": instrument.name,
        "version": instrument.version,
        "n_sections": n_sections,
        "n_questions": n_questions,
        "n_texts": texts.len(),
        "languages": languages.collect::<Vec<_>>(),
        "faults": [],
    });
    (line, report)
}

/// Shows the real pages of a questionnaire until Ctrl-C.
async fn show(file: &Path, port: u16) -> anyhow::Result<()> {
    let instrument = read(file)?;
    let bound = preview::bind(instrument, port, Arc::new(SystemClock)).with_context(|| {
        format!("cannot listen on port {port}: stop the program that does, or name another with --port")
    })?;
    println!("The preview is at {}. Nothing that you write there is saved. Ctrl-C ends it.", bound.url);
    let handle = bound.server.handle();
    let stopping = async {
        stop_asked().await;
        handle.stop(true).await;
    };
    let (served, ()) = tokio::join!(bound.server, stopping);
    Ok(served?)
}
