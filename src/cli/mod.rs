//! Turns arguments into output on stdout, messages on stderr and an exit code.
//!
//! `args` is what was typed, `settings` what it means once checked; each subcommand has a file of its own. Data goes to
//! stdout and nothing else does, so that every command can stand in a pipe.

mod adapt;
mod args;
mod classify;
mod eval;
mod exit;
mod index;
mod lint;
mod matching;
mod paint;
#[cfg(feature = "server")]
mod serve;
mod settings;

use std::process::ExitCode;

use clap::Parser;

use args::{Arguments, Command};
use exit::{Failure, Outcome};

/// Runs the command line of this process.
pub(crate) fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return exit::usage(&error),
    };
    exit::code(dispatch(arguments))
}

fn dispatch(arguments: Arguments) -> Result<Outcome, Failure> {
    match arguments.command {
        Command::Match(args) => matching::run(args),
        Command::Classify(args) => classify::run(args),
        Command::Index(args) => index::run(args),
        Command::Lint(args) => lint::run(args),
        Command::Eval(args) => eval::run(*args),
        Command::Adapt(args) => adapt::run(args),
        #[cfg(feature = "server")]
        Command::Serve(args) => serve::run(args),
    }
}
