//! Turns a command line into calls of the library: one subcommand a file in `cli`.

mod cli;

fn main() -> std::process::ExitCode {
    cli::run()
}
