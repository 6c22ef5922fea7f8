//! `tempi officer` and `tempi sessions`.

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use survey_server::access::officer::OfficerRole;

use super::ServerArguments;

const GRANT_EXAMPLES: &str = "Examples:
  tempi officer grant RSSMRA80A41C707O --role administrator --until 2027-12-31 --name 'Maria Rossi, statistica'
  tempi officer grant - --role auditor --until 2027-06-30 < code.txt";

/// `tempi officer`.
#[derive(Debug, Subcommand)]
pub enum OfficerCommand {
    /// Grant a role to a person: the first administrator, or when none is left. The person's sessions end.
    #[command(after_help = GRANT_EXAMPLES)]
    Grant {
        /// The person's fiscal code; `-` reads it from standard input, so that it is in no history of commands.
        fiscal_code: String,
        /// The role.
        #[arg(long, value_parser = role())]
        role: OfficerRole,
        /// The last day on which it holds, `YYYY-MM-DD`; two years from today at most.
        #[arg(long, value_name = "DATE")]
        until: NaiveDate,
        /// Who the person is, for the administrators who read the list.
        #[arg(long, default_value = "", value_name = "NAME")]
        name: String,
        /// Where the database is.
        #[command(flatten)]
        server: ServerArguments,
    },
    /// List who holds which role, and the roles that ended in the last year.
    #[command(after_help = "Example: tempi officer list --config /etc/tempi/tempi.toml")]
    List(ServerArguments),
    /// Take a role back from a person. The person's sessions end.
    #[command(after_help = "Example: tempi officer revoke RSSMRA80A41C707O --role administrator")]
    Revoke(RevokeArguments),
}

/// `tempi officer revoke`.
#[derive(Debug, Args)]
pub struct RevokeArguments {
    /// The person's fiscal code; `-` reads it from standard input.
    pub fiscal_code: String,
    /// The role.
    #[arg(long, value_parser = role())]
    pub role: OfficerRole,
    /// Where the database is.
    #[command(flatten)]
    pub server: ServerArguments,
}

/// `tempi sessions`.
#[derive(Debug, Subcommand)]
pub enum SessionsCommand {
    /// End every session of a person, or of everybody.
    #[command(after_help = "Example: tempi sessions end RSSMRA80A41C707O --config /etc/tempi/tempi.toml")]
    End(EndSessionsArguments),
}

/// `tempi sessions end`.
#[derive(Debug, Args)]
pub struct EndSessionsArguments {
    /// The person's fiscal code; `-` reads it from standard input.
    pub fiscal_code: Option<String>,
    /// Everybody's sessions.
    #[arg(long)]
    pub everybody: bool,
    /// Where the database is.
    #[command(flatten)]
    pub server: ServerArguments,
}

fn role() -> impl clap::builder::TypedValueParser<Value = OfficerRole> {
    use clap::builder::{PossibleValuesParser, TypedValueParser};
    PossibleValuesParser::new(OfficerRole::ALL.map(OfficerRole::name)).try_map(|name| name.parse::<OfficerRole>())
}
