//! What `tempi questionnaire` understands.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::ServerArguments;

const TRANSLATE_EXAMPLES: &str = "Examples:
  tempi questionnaire translate needs.toml --language ar --output needs-ar.csv
  tempi questionnaire translate needs.toml --language ar --from needs-ar.csv --output needs.toml";

const EXPORT_EXAMPLES: &str = "Examples:
  tempi questionnaire export needs.toml --format xlsform --output needs.xlsx
  tempi questionnaire export temporal_needs --format ddi --output codebook.xml";

/// `tempi questionnaire`.
#[derive(Debug, Subcommand)]
pub enum QuestionnaireCommand {
    /// Check questionnaires written in TOML; names each fault with its file and line.
    #[command(after_help = "Example: tempi questionnaire check needs.toml")]
    Check {
        /// The questionnaires.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Show the pages of a questionnaire on this computer; nothing is saved.
    #[command(after_help = "Example: tempi questionnaire preview needs.toml")]
    Preview {
        /// The questionnaire.
        file: PathBuf,
        /// Port on loopback; 0 takes a free one.
        #[arg(long, default_value_t = 8090)]
        port: u16,
    },
    /// Publish a version: from then on it never changes, and people may be asked it.
    #[command(after_help = "Example: tempi questionnaire publish needs.toml --config /etc/tempi/tempi.toml")]
    Publish(PublishQuestionnaireArguments),
    /// List the texts that have no translation, or put translations in.
    #[command(after_help = TRANSLATE_EXAMPLES)]
    Translate(TranslateArguments),
    /// Write a questionnaire for other programs: as XLSForm, XForms or a DDI codebook.
    #[command(after_help = EXPORT_EXAMPLES)]
    Export(ExportQuestionnaireArguments),
    /// Read a questionnaire from an XLSForm (.xlsx) or XForms (.xml); refuses what it cannot express, and says what.
    #[command(after_help = "Example: tempi questionnaire import survey.xlsx --output survey.toml")]
    Import {
        /// The form.
        file: PathBuf,
        /// The questionnaire to write.
        #[arg(long, value_name = "FILE")]
        output: PathBuf,
    },
}

/// `tempi questionnaire publish`.
#[derive(Debug, Args)]
pub struct PublishQuestionnaireArguments {
    /// The questionnaire.
    pub file: PathBuf,
    /// Where the database is.
    #[command(flatten)]
    pub server: ServerArguments,
}

/// `tempi questionnaire translate`.
#[derive(Debug, Args)]
pub struct TranslateArguments {
    /// The questionnaire.
    pub file: PathBuf,
    /// The tag of the language, such as `ar`.
    #[arg(long, value_name = "TAG")]
    pub language: String,
    /// List also the texts that are translated already.
    #[arg(long, conflicts_with = "from")]
    pub all: bool,
    /// A table that a translator has filled in, to be put into the questionnaire.
    #[arg(long, value_name = "TABLE")]
    pub from: Option<PathBuf>,
    /// The table to write or, with --from, the questionnaire with the translations. Comments are not carried over.
    #[arg(long, value_name = "FILE")]
    pub output: PathBuf,
}

/// `tempi questionnaire export`.
#[derive(Debug, Args)]
pub struct ExportQuestionnaireArguments {
    /// The questionnaire: a file, or the name of one of the program's own.
    #[arg(value_name = "FILE|NAME")]
    pub source: PathBuf,
    /// The form.
    #[arg(long, value_enum)]
    pub format: ExchangeFormat,
    /// The file to write.
    #[arg(long, value_name = "FILE")]
    pub output: PathBuf,
}

/// A form of other programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExchangeFormat {
    /// A workbook for ODK, KoboToolbox and their kin.
    Xlsform,
    /// The XML that those programs run.
    Xforms,
    /// DDI-Codebook 2.5, the description of the data for archives.
    Ddi,
    /// TOML, in one form.
    Toml,
}
