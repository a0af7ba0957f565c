//! The `laminar` command: SQL files run from the shell.
//!
//! A thin shell around `laminar::adhoc`: reads arguments and files, prints rows, and turns errors into messages and exit
//! codes (1 for an error, 2 for wrong arguments).

mod arguments;
mod explain;
mod format;
mod functions;
mod new;
mod report;
mod run;
mod sql;
mod test;

use arguments::{Arguments, Command};
use clap::Parser;
use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Run(run) => run::run(&run),
        Command::Explain(explain) => explain::explain(&explain),
        Command::Sql(arguments) => sql::sql(&arguments),
        Command::Functions(arguments) => functions::functions(&arguments),
        Command::New(arguments) => new::new(&arguments),
        Command::Test(arguments) => test::test(&arguments),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // The reader of our output has what it wanted (`laminar run q.sql | head`).
        Err(report::Failure::BrokenPipe) => ExitCode::SUCCESS,
        Err(report::Failure::Told) => ExitCode::FAILURE,
        Err(report::Failure::Message(message)) => {
            let _ = writeln!(std::io::stderr(), "{message}");
            ExitCode::FAILURE
        }
    }
}
