//! Turns arguments into output on stdout, messages on stderr and an exit code.
//!
//! `args` is what was typed, `settings` what it means once checked; each subcommand has a file of its own. Data goes to
//! stdout and nothing else does, so that every command can stand in a pipe.

mod adapt;
mod args;
mod classify;
mod completions;
mod diff;
mod eval;
mod exit;
mod find;
mod import;
mod index;
mod info;
mod lint;
mod matching;
mod normalize;
mod overrides;
mod paint;
mod role;
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
        Command::Suggest(args) => find::suggest(args),
        Command::Search(args) => find::search(args),
        Command::Role(args) => role::role(args),
        Command::Adjacent(args) => role::adjacent(args),
        Command::Levels(args) => role::levels(args),
        Command::Normalize(args) => normalize::run(args),
        Command::Import(args) => import::run(args),
        Command::Info(args) => info::run(args),
        Command::Diff(args) => diff::run(args),
        Command::Overrides(args) => overrides::run(args),
        Command::Completions(args) => completions::run(args),
        Command::Index(args) => index::run(args),
        Command::Lint(args) => lint::run(args),
        Command::Eval(args) => eval::run(*args),
        Command::Adapt(args) => adapt::run(args),
        #[cfg(feature = "server")]
        Command::Serve(args) => serve::run(args),
    }
}
