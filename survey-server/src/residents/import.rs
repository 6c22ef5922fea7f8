//! Importing an extract: all of its lines or, where the office says so, those that can be read.

use std::io::{Read, Seek, Write};

use chrono::{DateTime, Utc};
use questionnaires::Language;
use thiserror::Error;

use super::{
    extract::{Encoding, Entry, Extract, ExtractError, Remark},
    store::{Changes, Loading},
};
use crate::{clock::italian_time, database::Database, error::AppError, keys::Keys};

/// When more lines than one in this many disagree with their fiscal codes, columns were probably confused.
const ONE_DISAGREEMENT_IN: u64 = 20;
/// Disagreements are not judged by share in files of fewer lines.
const FEW_LINES: u64 = 100;

/// How an import goes about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImportOptions {
    /// The present instant.
    pub now: DateTime<Utc>,
    /// Whether lines that cannot be read are left out; otherwise one of them stops everything.
    pub accept_partial: bool,
    /// Whether the register may lose more than half of its people.
    pub accept_shrinking: bool,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportSummary {
    /// How the file writes letters.
    pub encoding: Encoding,
    /// What divides its fields.
    pub separator: char,
    /// The names of columns that were not read.
    pub ignored_columns: Vec<String>,
    /// People in the register now.
    pub n_residents: u64,
    /// Lines left out.
    pub n_rejected: u64,
    /// Remarks on lines that count.
    pub n_remarks: u64,
    /// How the register changed.
    pub changes: Changes,
}

/// Why nothing was imported. The register is as it was.
#[derive(Debug, Error)]
pub enum ImportError {
    /// The file cannot be read.
    #[error("nothing was imported: {0}")]
    Extract(#[from] ExtractError),
    /// The report cannot be written.
    #[error("nothing was imported: the report of lines cannot be written: {0}")]
    Report(#[source] csv::Error),
    /// Some lines cannot be read.
    #[error(
        "nothing was imported: {n_rejected} of {n_lines} lines cannot be read. The report says which and why; correct them, \
         or leave them out with --accept-partial"
    )]
    Rejected {
        /// Lines that cannot be read.
        n_rejected: u64,
        /// Lines.
        n_lines: u64,
    },
    /// Nobody is in the file.
    #[error("nothing was imported: no line of the extract holds a resident")]
    Nobody,
    /// Too many lines disagree with their codes.
    #[error(
        "nothing was imported: sex, date of birth or name disagree with the fiscal code in {n_disagreements} of {n_lines} \
         lines; columns were probably confused. The report says which"
    )]
    Disagreement {
        /// Remarks of disagreement.
        n_disagreements: u64,
        /// Lines.
        n_lines: u64,
    },
    /// Half of the register would go.
    #[error(
        "nothing was imported: the extract has {n_new} people and the register {n_old}; more than half would go. If that \
         is right, say --accept-shrinking"
    )]
    Shrinking {
        /// In the extract.
        n_new: u64,
        /// In the register.
        n_old: u64,
    },
    /// The database cannot be used.
    #[error("nothing was imported: {0}")]
    Database(#[from] AppError),
}

/// Imports an extract: it replaces the register as a whole, so that people who left are no longer in it. The report gets a
/// CSV line for every remark.
///
/// # Errors
/// See [`ImportError`]; the register is then as it was.
pub async fn import(
    database: &Database,
    keys: &Keys,
    file: impl Read + Seek,
    report: impl Write,
    options: ImportOptions,
) -> Result<ImportSummary, ImportError> {
    let mut extract = Extract::open(file, italian_time(options.now).date())?;
    let mut report = Report::begin(report).map_err(ImportError::Report)?;
    let mut loading = Loading::begin(database, keys, options.now).await?;
    let outcome = read(&mut extract, &mut report, &mut loading, options.accept_partial).await;
    let judged = match outcome {
        Ok(()) => judge(&report, &mut loading, options).await,
        Err(error) => Err(error),
    };
    let changes = match judged {
        Ok(changes) => changes,
        Err(error) => {
            loading.abandon().await?;
            return Err(error);
        }
    };
    let n_residents = loading.n_residents();
    loading.put_in_force(report.n_rejected, changes, options.now).await?;
    Ok(ImportSummary {
        encoding: extract.encoding,
        separator: extract.separator(),
        ignored_columns: extract.ignored_columns().to_vec(),
        n_residents,
        n_rejected: report.n_rejected,
        n_remarks: report.n_remarks,
        changes,
    })
}

/// Reads every line, also after one that stops the import, so that the report is complete.
async fn read(
    extract: &mut Extract<impl Read>,
    report: &mut Report<impl Write>,
    loading: &mut Loading<'_>,
    accept_partial: bool,
) -> Result<(), ImportError> {
    while let Some(entry) = extract.next_entry().map_err(ExtractError::File)? {
        report.n_lines += 1;
        for remark in extract.take_remarks() {
            report.add(&remark).map_err(ImportError::Report)?;
        }
        if let Entry::Resident(resident) = entry
            && (accept_partial || report.n_rejected == 0)
        {
            loading.add(&resident).await?;
        }
    }
    report.finish().map_err(ImportError::Report)?;
    let (n_rejected, n_lines) = (report.n_rejected, report.n_lines);
    if n_rejected > 0 && !accept_partial { Err(ImportError::Rejected { n_rejected, n_lines }) } else { Ok(()) }
}

/// Whether what was read may become the register.
async fn judge(
    report: &Report<impl Write>,
    loading: &mut Loading<'_>,
    options: ImportOptions,
) -> Result<Changes, ImportError> {
    if loading.n_residents() == 0 {
        return Err(ImportError::Nobody);
    }
    let (n_disagreements, n_lines) = (report.n_disagreements, report.n_lines);
    if n_lines >= FEW_LINES && n_disagreements * ONE_DISAGREEMENT_IN > n_lines {
        return Err(ImportError::Disagreement { n_disagreements, n_lines });
    }
    let changes = loading.changes().await?;
    let n_old = changes.n_left + changes.n_changed + changes.n_unchanged;
    let n_new = loading.n_residents();
    if n_new * 2 < n_old && !options.accept_shrinking {
        return Err(ImportError::Shrinking { n_new, n_old });
    }
    Ok(changes)
}

/// The report of lines: line, column, outcome, reason in Italian, reason in English.
struct Report<W: Write> {
    csv: csv::Writer<W>,
    n_lines: u64,
    n_rejected: u64,
    n_remarks: u64,
    n_disagreements: u64,
}

impl<W: Write> Report<W> {
    fn begin(file: W) -> csv::Result<Report<W>> {
        let mut csv = csv::Writer::from_writer(file);
        csv.write_record(["riga", "colonna", "esito", "motivo", "reason"])?;
        Ok(Report { csv, n_lines: 0, n_rejected: 0, n_remarks: 0, n_disagreements: 0 })
    }

    fn add(&mut self, remark: &Remark) -> csv::Result<()> {
        let rejects = remark.reason.rejects();
        *(if rejects { &mut self.n_rejected } else { &mut self.n_remarks }) += 1;
        self.n_disagreements += u64::from(remark.reason.is_disagreement());
        let outcome = if rejects { "scartata" } else { "accettata" };
        let column = remark.column.map_or("", |column| column.name());
        let (italian, english) = (remark.reason.text(Language::It), remark.reason.text(Language::En));
        self.csv.write_record([remark.line.to_string().as_str(), column, outcome, &italian, &english])
    }

    fn finish(&mut self) -> csv::Result<()> {
        Ok(self.csv.flush()?)
    }
}
