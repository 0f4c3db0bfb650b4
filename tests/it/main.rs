//! One binary for all tests of the program as a whole.
//!
//! - `canon`: the built-in index follows from `corpus/`
//! - `judgements`: what the built-in Canon must answer, case by case
//! - `commands`: each command's output and exit code
//! - `classify`: lists of titles: formats, encodings, bad rows, resuming
//! - `help`: snapshots of what `--help` says
//! - `readme`: the commands of README.md run
//! - `levels`: which role of a specialisation answers
//! - `names`: which role answers where several bear a name
//! - `layers`: modules depend one way, and heavy dependencies stay where they belong
//!
//! Tests of one module stand in that module.

mod canon;
mod classify;
mod commands;
mod help;
mod judgements;
mod layers;
mod levels;
mod names;
mod readme;
mod util;
