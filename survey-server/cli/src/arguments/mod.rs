//! What the `tempi` command understands. Every command shows an example in its help.

mod desk;
mod installation;
mod officer;
mod questionnaire;
mod residents;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

pub use desk::*;
pub use installation::*;
pub use officer::*;
pub use questionnaire::*;
pub use residents::*;

/// Time use, from a citizen's diary to the city's timetable plan.
#[derive(Debug, Parser)]
#[command(name = "tempi", version, about, max_term_width = 100)]
pub struct Arguments {
    /// Print results as JSON on standard output.
    #[arg(long, global = true)]
    pub json: bool,
    /// What to log, such as `info` or `survey_server=debug`; `serve` logs `info`, the others only errors.
    #[arg(long, global = true, env = "TEMPI_LOG", value_name = "FILTER")]
    pub log: Option<String>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const ESTIMATE_EXAMPLES: &str = "Examples:
  tempi estimate apistrat.csv mean api00 api99 --strata stype --weights pw --fpc fpc --by awards
  tempi estimate day.parquet mean care --ids household --weights w --by sex --function '(F - M) / M'
  tempi estimate survey.csv proportion works=yes --repweights 'rw*' --replicate-type JK1 --weights w --interval logit";

const WEIGHT_EXAMPLES: &str = "Examples:
  tempi weight persons.csv --margins register.csv --weights d --output weighted.csv
  tempi weight persons.parquet --margins register.csv --calfun logit --bounds 0.3,3 --aggregate household --output weighted.parquet

register.csv:
  margin,category,total
  sex,F,31200
  sex,M,29300
  age_group*zone,25-44*centre,4120";

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the web site and the card listener.
    #[command(after_help = "Example: tempi serve --config /etc/tempi/tempi.toml")]
    Serve(ServerArguments),
    /// Show everything on a synthetic city, on this computer only.
    #[command(after_help = "Example: tempi demo --folder /tmp/tempi-demo --persons 1500")]
    Demo(DemoArguments),
    /// Create the database schema, or bring it up to date.
    #[command(after_help = "Example: tempi migrate --config /etc/tempi/tempi.toml")]
    Migrate(ServerArguments),
    /// Review a configuration without starting anything.
    #[command(after_help = "Example: tempi check --config /etc/tempi/tempi.toml")]
    Check(ServerArguments),
    /// See whose cards are believed, or download the trust list and the revocation lists now.
    #[command(subcommand)]
    Trust(TrustCommand),
    /// Grant and take back roles, such as that of the first administrator.
    #[command(subcommand)]
    Officer(OfficerCommand),
    /// End sessions.
    #[command(subcommand)]
    Sessions(SessionsCommand),
    /// Write the pseudonymised snapshot of what citizens handed in.
    #[command(after_help = "Example: tempi export --config tempi.toml --output snapshot")]
    Export(ExportArguments),
    /// Look at the audit log.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Write a backup of the database into one file, also while the server runs.
    #[command(after_help = "Example: tempi backup --config tempi.toml --output backup.tempi --encrypt-with backup.key")]
    Backup(BackupArguments),
    /// Put a backup into an empty database.
    #[command(after_help = "Example: tempi restore backup.tempi --config tempi.toml --decrypt-with backup.key")]
    Restore(RestoreArguments),
    /// Look after keys.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Apply retention limits.
    #[command(subcommand)]
    Retention(RetentionCommand),
    /// The register of residents, samples from it and its totals.
    #[command(subcommand)]
    Residents(ResidentsCommand),
    /// Make a diary on paper, as a PDF with a number in place of the name.
    #[command(after_help = "Example: tempi paper RSSMRA80A41C707O --output diario.pdf --config /etc/tempi/tempi.toml")]
    Paper(PaperArguments),
    /// Make a snapshot from somebody else's microdata.
    #[command(subcommand)]
    Import(ImportCommand),
    /// Make weighted estimates from a snapshot.
    #[command(after_help = "Example: tempi analyse snapshot --margins margins.csv --output estimates")]
    Analyse(AnalyseArguments),
    /// Answer one question on a CSV or Parquet file, as R's survey package would.
    #[command(after_help = ESTIMATE_EXAMPLES)]
    Estimate(EstimateArguments),
    /// Calibrate a file's weights to known totals of a population.
    #[command(after_help = WEIGHT_EXAMPLES)]
    Weight(WeightArguments),
    /// Make a public-use file of a release's snapshot: microdata reduced, checked and described, or refused.
    #[command(after_help = "Example: tempi puf snapshot --margins margins.csv --output puf --report puf-report.json")]
    Puf(PufArguments),
    /// Write the site of charts, tables and data from estimates.
    #[command(after_help = "Example: tempi publish estimates --output site")]
    Publish(PublishArguments),
    /// The work of a release, for a server that has begun it.
    #[command(hide = true)]
    ReleaseWork,
    /// Compare an edition, file by file, with the seal it was published with.
    #[command(after_help = "Example: tempi verify-edition editions/2 --previous editions/1")]
    VerifyEdition(VerifyEditionArguments),
    /// Work on questionnaires.
    #[command(subcommand)]
    Questionnaire(QuestionnaireCommand),
}

/// `tempi trust`.
#[derive(Debug, Subcommand)]
pub enum TrustCommand {
    /// Download the trust list and the revocation lists now; a running server uses them at once.
    #[command(after_help = "Example: tempi trust refresh --config /etc/tempi/tempi.toml")]
    Refresh(ServerArguments),
    /// List the authorities whose cards are believed.
    #[command(after_help = "Example: tempi trust show --config /etc/tempi/tempi.toml")]
    Show(ServerArguments),
}

/// Where the server's settings come from: the file, then `TEMPI_*` variables, then these flags.
#[derive(Debug, Clone, Default, Args)]
pub struct ServerArguments {
    /// The configuration file.
    #[arg(long, env = "TEMPI_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where the database is, such as sqlite:///var/lib/tempi/tempi.sqlite.
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
    /// The file of the master key.
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<String>,
    /// Where the public site listens, such as 0.0.0.0:443.
    #[arg(long, value_name = "ADDRESS")]
    pub public_address: Option<String>,
    /// The public site's origin, such as <https://tempi.comune.example.it>.
    #[arg(long, value_name = "URL")]
    pub public_url: Option<String>,
    /// Where the card listener listens.
    #[arg(long, value_name = "ADDRESS")]
    pub card_address: Option<String>,
    /// The card listener's origin.
    #[arg(long, value_name = "URL")]
    pub card_url: Option<String>,
    /// The folder that `tempi publish` wrote.
    #[arg(long, value_name = "FOLDER")]
    pub publication: Option<String>,
}

/// `tempi demo`.
#[derive(Debug, Args)]
pub struct DemoArguments {
    /// Where the demonstration keeps its files; a second start finds them there.
    #[arg(long, default_value = "tempi-demo", value_name = "FOLDER")]
    pub folder: PathBuf,
    /// People in the synthetic city.
    #[arg(long, default_value_t = 1_500, value_parser = clap::value_parser!(u32).range(20..=100_000))]
    pub persons: u32,
    /// Seed of the synthetic city: the same seed, the same city.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Port of the site on loopback.
    #[arg(long, default_value_t = 8443)]
    pub port: u16,
    /// Port of the card listener on loopback.
    #[arg(long, default_value_t = 8444)]
    pub card_port: u16,
    /// Make the city anew even if it is there.
    #[arg(long)]
    pub fresh: bool,
}

/// `tempi export`.
#[derive(Debug, Args)]
pub struct ExportArguments {
    /// Where the database is.
    #[command(flatten)]
    pub server: ServerArguments,
    /// The snapshot folder to write; an older snapshot there is replaced.
    #[arg(long, default_value = "snapshot", value_name = "FOLDER")]
    pub output: PathBuf,
    /// What it is for: exports for different purposes know people by different pseudonyms.
    #[arg(long, default_value = "analysis", value_name = "PURPOSE")]
    pub purpose: String,
    /// Name of the survey.
    #[arg(long, default_value = "Indagine sull'uso del tempo", value_name = "TITLE")]
    pub title: String,
    /// Name of the survey in English.
    #[arg(long, default_value = "Time use survey", value_name = "TITLE")]
    pub title_en: String,
    /// Leave out people who were not drawn in the sample, where one was drawn.
    #[arg(long)]
    pub sampled_only: bool,
    /// Let the words leave too that people wrote themselves: read them before you pass them on, since they may tell who wrote.
    #[arg(long)]
    pub with_texts: bool,
}

/// `tempi import`.
#[derive(Debug, Subcommand)]
pub enum ImportCommand {
    /// The American Time Use Survey's activity summary file.
    #[command(after_help = "Example: tempi import atus atussum_2015.dat --output snapshot")]
    Atus {
        /// The file of the Bureau of Labor Statistics, plain or gzipped.
        file: PathBuf,
        /// The snapshot folder to write.
        #[arg(long, default_value = "snapshot", value_name = "FOLDER")]
        output: PathBuf,
    },
}

/// What a release is made from.
#[derive(Debug, Args)]
pub struct ReleaseArguments {
    /// The snapshot folder, or a whole release described in TOML (see METHODOLOGY.md); what follows here comes last.
    #[arg(value_name = "SNAPSHOT|RELEASE.toml")]
    pub source: PathBuf,
    /// Known population by sex and age group (columns `sex,age_group,population`) to post-stratify to, or margins
    /// (columns `margin,category,total`) to rake to.
    #[arg(long, value_name = "FILE")]
    pub margins: Option<PathBuf>,
}

/// `tempi analyse`.
#[derive(Debug, Args)]
pub struct AnalyseArguments {
    /// The release.
    #[command(flatten)]
    pub release: ReleaseArguments,
    /// The estimates folder to write; `estimates` where neither this nor the release says.
    #[arg(long, value_name = "FOLDER")]
    pub output: Option<PathBuf>,
    /// Withhold numbers about fewer persons than this; 3 where neither this nor the release says.
    #[arg(long, value_parser = clap::value_parser!(u64).range(3..))]
    pub threshold: Option<u64>,
    /// Leave all weights aside, to see what they do. Never publish the result.
    #[arg(long)]
    pub ignore_weights: bool,
}

/// `tempi puf`.
#[derive(Debug, Args)]
pub struct PufArguments {
    /// The snapshot or release, with the weights of its estimates.
    #[command(flatten)]
    pub release: ReleaseArguments,
    /// The folder to write; an older public-use file there is replaced.
    #[arg(long, default_value = "puf", value_name = "FOLDER")]
    pub output: PathBuf,
    /// Fewest persons who share all characteristics.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(3..))]
    pub smallest_class: u64,
    /// Largest risk of identification of a person, from 0 to 1; 0.05 when left out.
    #[arg(long, value_name = "RISK")]
    pub largest_risk: Option<f64>,
    /// Where to write the report of the check, also when the file is refused. For the office.
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
}

/// `tempi publish`.
#[derive(Debug, Args)]
pub struct PublishArguments {
    /// The estimates folder.
    pub estimates: PathBuf,
    /// The site folder to write; an older site there is replaced.
    #[arg(long, default_value = "site", value_name = "FOLDER")]
    pub output: PathBuf,
    /// Number of the edition.
    #[arg(long, default_value_t = 1)]
    pub edition: u32,
    /// Whose results they are, such as the municipality.
    #[arg(long, default_value = "Tempi", value_name = "NAME")]
    pub publisher: String,
    /// Date of the edition, `YYYY-MM-DD`; today when left out.
    #[arg(long, value_name = "DATE")]
    pub date: Option<String>,
    /// The edition described in TOML (see OPERATIONS.md), instead of its number, publisher and date.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["edition", "publisher", "date"])]
    pub edition_file: Option<PathBuf>,
    /// The folder of the edition before: the new one names it by its hash and says what has changed.
    #[arg(long, value_name = "FOLDER")]
    pub previous: Option<PathBuf>,
    /// Write over an edition that is there already, such as a draft.
    #[arg(long)]
    pub replace: bool,
    /// What catalogues are told of the data, in TOML: address, holder of the rights, contact, licence (see OPERATIONS.md).
    #[arg(long, value_name = "FILE")]
    pub catalogue: Option<PathBuf>,
    /// The public-use file that goes with the edition, as `tempi puf` wrote it.
    #[arg(long, value_name = "FOLDER")]
    pub public_use: Option<PathBuf>,
}

/// `tempi verify-edition`.
#[derive(Debug, Args)]
pub struct VerifyEditionArguments {
    /// The edition's folder.
    pub edition: PathBuf,
    /// The folder of the edition before, to see whether it is the one that this edition names.
    #[arg(long, value_name = "FOLDER")]
    pub previous: Option<PathBuf>,
}
