//! Questionnaires in files: read, checked, and refused with file and line.

use std::{
    fs,
    path::{Path, PathBuf},
};

use questionnaires::Instrument;

use super::CatalogueError;

/// The questionnaires of a folder, by file name; files of other kinds are left alone.
///
/// # Errors
/// When the folder or a file cannot be read, or a file has faults.
pub fn read(folder: &Path) -> Result<Vec<(PathBuf, Instrument)>, CatalogueError> {
    let unreadable = |error| CatalogueError::Unreadable { path: folder.display().to_string(), error };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            paths.push(path);
        }
    }
    paths.sort();
    paths.into_iter().map(|path| read_file(&path).map(|instrument| (path, instrument))).collect()
}

/// The questionnaire of a file.
///
/// # Errors
/// When it cannot be read or has faults.
pub fn read_file(path: &Path) -> Result<Instrument, CatalogueError> {
    let shown = path.display().to_string();
    let text = fs::read_to_string(path).map_err(|error| CatalogueError::Unreadable { path: shown.clone(), error })?;
    match faults(&shown, &text) {
        Ok(instrument) => Ok(instrument),
        Err(faults) => {
            let lines: Vec<String> = faults.into_iter().map(|fault| format!("  {fault}")).collect();
            Err(CatalogueError::Faults { path: shown, faults: lines.join("\n") })
        }
    }
}

/// A fault of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file.
    pub path: String,
    /// The line, from 1, where it is known.
    pub line: Option<usize>,
    /// The section and question, where it is known.
    pub place: Option<String>,
    /// What is wrong.
    pub problem: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.path)?;
        if let Some(line) = self.line {
            write!(formatter, ":{line}")?;
        }
        if let Some(place) = &self.place {
            write!(formatter, ": {place}")?;
        }
        write!(formatter, ": {}", self.problem)
    }
}

/// The questionnaire that `text` is, or everything that is wrong with it.
///
/// # Errors
/// The faults, in the order of the file.
pub fn faults(path: &str, text: &str) -> Result<Instrument, Vec<Fault>> {
    let instrument = Instrument::from_toml(text).map_err(|error| {
        let line = error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        let problem = error.message().replace('\n', "; ");
        vec![Fault { path: path.to_owned(), line, place: None, problem }]
    })?;
    let issues = instrument.check();
    if issues.is_empty() {
        return Ok(instrument);
    }
    let fault = |issue: &questionnaires::instrument::InstrumentIssue| Fault {
        path: path.to_owned(),
        line: issue.line(text),
        place: Some(issue.place.clone()),
        problem: issue.problem.to_string(),
    };
    Err(issues.iter().map(fault).collect())
}
