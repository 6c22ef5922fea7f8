//! `tempi residents`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::ServerArguments;

const IMPORT_EXAMPLES: &str = "Examples:
  tempi residents import anagrafe.csv --config /etc/tempi/tempi.toml
  tempi residents import anagrafe.csv --accept-partial --report scarti.csv

Columns (docs/OPERATIONS.md): codice_fiscale;sesso;data_nascita;zona;id_famiglia, and if wanted relazione;cognome;nome";

const SAMPLE_EXAMPLES: &str = "Examples:
  tempi residents sample --size 1200 --strata zona,sesso,eta --seed 'lotto 2026-11-21' --output inviti.csv
  tempi residents sample --size 600 --households --strata zona,componenti --seed 7 --populations strata.csv --output inviti.csv
  tempi residents sample --allocation numeri.csv --strata zona --seed 7 --output inviti.csv      (columns stratum,number)";

const MARGINS_EXAMPLES: &str = "Examples:
  tempi residents margins --output margins.csv                          (sex,age_group,population)
  tempi residents margins --margin zona --margin 'sesso*eta' --output margins.csv    (margin,category,total)";

/// `tempi paper`.
#[derive(Debug, Args)]
pub struct PaperArguments {
    /// The person's fiscal code, who must be in the register of residents; `-` reads it from standard input.
    pub fiscal_code: String,
    /// The PDF; a file that is there is not replaced.
    #[arg(long, value_name = "FILE")]
    pub output: PathBuf,
    /// In English instead of Italian.
    #[arg(long)]
    pub english: bool,
    /// Where the database is.
    #[command(flatten)]
    pub server: ServerArguments,
}

/// `tempi residents`.
#[derive(Debug, Subcommand)]
pub enum ResidentsCommand {
    /// Replace the register of residents by an extract of the population register.
    #[command(after_help = IMPORT_EXAMPLES)]
    Import(RegisterImportArguments),
    /// Draw a sample of persons or households and write the list of invitations.
    #[command(after_help = SAMPLE_EXAMPLES)]
    Sample(SampleArguments),
    /// Count the known totals that surveys are weighted to.
    #[command(after_help = MARGINS_EXAMPLES)]
    Margins(MarginsArguments),
    /// Count the people who live elsewhere and declared what brings them to the city.
    #[command(after_help = "Example: tempi residents city-users --config /etc/tempi/tempi.toml")]
    CityUsers(CityUsersArguments),
    /// Remove the register of residents.
    #[command(after_help = "Example: tempi residents forget --config /etc/tempi/tempi.toml")]
    Forget(ServerArguments),
}

/// `tempi residents import`.
#[derive(Debug, Args)]
pub struct RegisterImportArguments {
    /// The extract: CSV with `;`, `,` or tabs, UTF-8 or Latin-1.
    pub file: PathBuf,
    /// Where the database is.
    #[command(flatten)]
    pub server: ServerArguments,
    /// Leave out lines that cannot be read; without this, one of them stops the import.
    #[arg(long)]
    pub accept_partial: bool,
    /// Go on when more than half of the register would go.
    #[arg(long)]
    pub accept_shrinking: bool,
    /// The report of lines, with numbers and reasons and nothing personal; an older one is replaced.
    #[arg(long, default_value = "register-report.csv", value_name = "FILE")]
    pub report: PathBuf,
}

/// `tempi residents sample`.
#[derive(Debug, Args)]
pub struct SampleArguments {
    /// Where the database is.
    #[command(flatten)]
    pub server: ServerArguments,
    /// How many persons, or households, to draw.
    #[arg(long, value_name = "N", required_unless_present = "allocation")]
    pub size: Option<u64>,
    /// Draw households and invite all of their members of the right age.
    #[arg(long)]
    pub households: bool,
    /// The variables whose values make the strata: zona, sesso, eta, componenti.
    #[arg(long, value_delimiter = ',', value_name = "NAMES")]
    pub strata: Vec<String>,
    /// How the size is shared out among strata.
    #[arg(long, value_enum, default_value_t = Shares::Proportional, conflicts_with = "allocation")]
    pub shares: Shares,
    /// A CSV file `stratum,number` of how many to draw from each.
    #[arg(long, value_name = "FILE", conflicts_with = "size")]
    pub allocation: Option<PathBuf>,
    /// What the draws are made from, any text: the same seed and register give the same sample.
    #[arg(long, value_name = "TEXT")]
    pub seed: String,
    /// Nobody younger is invited; what `participation.minimum_age` says, when left out.
    #[arg(long, value_name = "YEARS")]
    pub minimum_age: Option<u32>,
    /// Give up the sample drawn before.
    #[arg(long)]
    pub replace: bool,
    /// The list of invitations to write: personal data, readable by its owner only. It must not exist.
    #[arg(long, value_name = "FILE")]
    pub output: PathBuf,
    /// Write how many units each stratum holds (`stratum,clusters`), for the finite population correction of a release.
    #[arg(long, value_name = "FILE")]
    pub populations: Option<PathBuf>,
}

/// How a size is shared out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Shares {
    /// In proportion to what the strata hold.
    Proportional,
    /// The same for each.
    Equal,
}

/// `tempi residents city-users`.
#[derive(Debug, Args)]
pub struct CityUsersArguments {
    /// Where the database is.
    #[command(flatten)]
    pub server: ServerArguments,
    /// Of fewer people than this only that they are fewer is said.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u64).range(3..))]
    pub threshold: u64,
}

/// `tempi residents margins`.
#[derive(Debug, Args)]
pub struct MarginsArguments {
    /// Where the database is.
    #[command(flatten)]
    pub server: ServerArguments,
    /// A margin: a variable (zona, sesso, eta) or several crossed with `*`. Given again for several margins.
    #[arg(long = "margin", value_name = "NAMES")]
    pub margins: Vec<String>,
    /// Nobody younger is counted; what `participation.minimum_age` says, when left out.
    #[arg(long, value_name = "YEARS")]
    pub minimum_age: Option<u32>,
    /// A category with fewer people than this is not written.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u64).range(3..))]
    pub threshold: u64,
    /// Round counts to multiples of this.
    #[arg(long, value_name = "N")]
    pub round: Option<u64>,
    /// The file to write.
    #[arg(long, default_value = "margins.csv", value_name = "FILE")]
    pub output: PathBuf,
}
