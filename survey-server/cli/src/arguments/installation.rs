//! What the commands that look after an installation's data understand.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::ServerArguments;

/// `tempi audit`.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Go through the whole log; exit code 1 names the first row that does not hold.
    #[command(after_help = "Example: tempi audit verify --config tempi.toml --head 1742:3fa1...")]
    Verify(AuditVerifyArguments),
    /// Print the head of the log, to be kept elsewhere: with it, `verify` notices a log whose end was cut off.
    #[command(after_help = "Example: tempi audit head --config tempi.toml >> /mnt/elsewhere/audit-heads")]
    Head(ServerArguments),
    /// Print the latest rows, newest first.
    #[command(after_help = "Example: tempi audit list --config tempi.toml --limit 50")]
    List(AuditListArguments),
}

/// `tempi audit verify`.
#[derive(Debug, Args)]
pub struct AuditVerifyArguments {
    /// Where the database is.
    #[command(flatten)]
    pub server: ServerArguments,
    /// A head noted earlier, as `tempi audit head` printed it; it must still be part of the log.
    #[arg(long, value_name = "NUMBER:HASH")]
    pub head: Option<String>,
    /// Archived segments, oldest first, to verify from the first row ever.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub archive: Vec<PathBuf>,
}

/// `tempi audit list`.
#[derive(Debug, Args)]
pub struct AuditListArguments {
    /// Where the database is.
    #[command(flatten)]
    pub server: ServerArguments,
    /// How many rows at most.
    #[arg(long, default_value_t = 100)]
    pub limit: u64,
}

/// `tempi backup`.
#[derive(Debug, Args)]
pub struct BackupArguments {
    /// Where the database is.
    #[command(flatten)]
    pub server: ServerArguments,
    /// The file to write; it must not exist.
    #[arg(long, value_name = "FILE")]
    pub output: PathBuf,
    /// Encrypt with the key in this file (`tempi keys generate` makes one). Not the master key.
    #[arg(long, value_name = "FILE")]
    pub encrypt_with: Option<PathBuf>,
}

/// `tempi restore`.
#[derive(Debug, Args)]
pub struct RestoreArguments {
    /// The backup.
    pub backup: PathBuf,
    /// Where the database is; it must be empty.
    #[command(flatten)]
    pub server: ServerArguments,
    /// The key that the backup was encrypted with.
    #[arg(long, value_name = "FILE")]
    pub decrypt_with: Option<PathBuf>,
    /// Only hold that the backup is whole and unchanged; needs no database.
    #[arg(long)]
    pub check: bool,
}

/// `tempi keys`.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Replace the master key; everything written with it is written anew, all of it or nothing.
    #[command(after_help = "Example: tempi keys rotate --config tempi.toml")]
    Rotate(RotateArguments),
    /// Make a file with a new key, for example for backups.
    #[command(after_help = "Example: tempi keys generate /etc/tempi/backup.key")]
    Generate {
        /// The file to write; it must not exist.
        file: PathBuf,
    },
}

/// `tempi keys rotate`.
#[derive(Debug, Args)]
pub struct RotateArguments {
    /// Where the database and the present key are.
    #[command(flatten)]
    pub server: ServerArguments,
    /// Where the new key goes when the present one comes from the environment.
    #[arg(long, value_name = "FILE")]
    pub new_key_file: Option<PathBuf>,
}

/// `tempi retention`.
#[derive(Debug, Subcommand)]
pub enum RetentionCommand {
    /// Apply the retention limits now, as the server does by itself.
    #[command(after_help = "Example: tempi retention run --config tempi.toml")]
    Run(ServerArguments),
}
