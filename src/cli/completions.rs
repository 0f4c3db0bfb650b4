//! `rolecall completions`: writes the completions of a shell.

use std::io::Write;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::args::Arguments;
use super::exit::{Failure, Outcome};

#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

pub(crate) fn run(args: CompletionsArgs) -> Result<Outcome, Failure> {
    // Written to memory first: the generator panics when the reader goes away.
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Arguments::command(), "rolecall", &mut text);
    std::io::stdout().lock().write_all(&text)?;
    Ok(Outcome::Done)
}
