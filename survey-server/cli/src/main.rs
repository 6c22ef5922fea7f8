//! The tempi command: parses arguments, calls one function of one library, prints.

mod arguments;
mod commands;
mod progress;
mod results;
mod table;

use std::io::IsTerminal;
use std::process::ExitCode;

use arguments::{
    Arguments, AuditCommand, Command, ImportCommand, KeysCommand, RetentionCommand, SessionsCommand, TrustCommand,
};
use clap::Parser;
use results::Results;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let filter = arguments.log.as_deref().unwrap_or(match arguments.command {
        Command::Serve(_) => "info,sqlx=warn,sea_orm=error",
        _ => "error",
    });
    if let Err(error) = log_to_standard_error(filter) {
        eprintln!("tempi: {error:#}");
        return ExitCode::from(2);
    }
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("tempi: {}", message(&error));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> anyhow::Result<()> {
    let results = if arguments.json { Results::Json } else { Results::Text };
    match arguments.command {
        Command::Serve(arguments) => block_on(commands::server::serve(&arguments)),
        Command::Demo(arguments) => block_on(commands::demo::run(&arguments)),
        Command::Migrate(arguments) => block_on(commands::server::migrate(&arguments, results)),
        Command::Check(arguments) => block_on(commands::server::check(&arguments, results)),
        Command::Trust(TrustCommand::Refresh(arguments)) => block_on(commands::trust::refresh(&arguments, results)),
        Command::Trust(TrustCommand::Show(arguments)) => commands::trust::show(&arguments, results),
        Command::Sessions(SessionsCommand::End(arguments)) => block_on(commands::sessions::end(&arguments, results)),
        Command::Officer(command) => block_on(commands::officer::run(command, results)),
        Command::Export(arguments) => block_on(commands::export::run(&arguments, results)),
        Command::Audit(AuditCommand::Verify(arguments)) => block_on(commands::audit::verify(&arguments, results)),
        Command::Audit(AuditCommand::Head(arguments)) => block_on(commands::audit::head(&arguments, results)),
        Command::Audit(AuditCommand::List(arguments)) => block_on(commands::audit::list(&arguments, results)),
        Command::Backup(arguments) => block_on(commands::backup::backup(&arguments, results)),
        Command::Restore(arguments) => block_on(commands::backup::restore(&arguments, results)),
        Command::Keys(KeysCommand::Rotate(arguments)) => block_on(commands::keys::rotate(&arguments, results)),
        Command::Keys(KeysCommand::Generate { file }) => commands::keys::generate(&file, results),
        Command::Retention(RetentionCommand::Run(arguments)) => block_on(commands::retention::run(&arguments, results)),
        Command::Residents(command) => block_on(commands::residents::run(&command, results)),
        Command::Paper(arguments) => block_on(commands::paper::run(&arguments, results)),
        Command::Import(ImportCommand::Atus { file, output }) => commands::import::atus(&file, &output, results),
        Command::Analyse(arguments) => commands::analyse::run(arguments, results),
        Command::Estimate(arguments) => commands::estimate::run(arguments, results),
        Command::Weight(arguments) => commands::weight::run(arguments, results),
        Command::Puf(arguments) => commands::puf::run(arguments, results),
        Command::Publish(arguments) => commands::publish::run(arguments, results),
        Command::ReleaseWork => commands::release_work::run(),
        Command::VerifyEdition(arguments) => commands::publish::verify(&arguments, results),
        Command::Questionnaire(command) => block_on(commands::questionnaire::run(command, results)),
    }
}

/// The error with its causes, leaving out a cause that the text before it already tells.
pub(crate) fn message(error: &anyhow::Error) -> String {
    error.chain().map(ToString::to_string).fold(String::new(), |told, cause| match told.contains(&cause) {
        true => told,
        false if told.is_empty() => cause,
        false => format!("{told}: {cause}"),
    })
}

fn block_on(work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    tokio::runtime::Runtime::new()?.block_on(work)
}

/// Structured logs: readable lines on a terminal, JSON in a pipe.
fn log_to_standard_error(filter: &str) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(filter).map_err(|error| anyhow::anyhow!("`--log {filter}`: {error}"))?;
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        logs.with_target(false).init();
    } else {
        logs.json().init();
    }
    Ok(())
}
