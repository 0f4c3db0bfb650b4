//! Holds the command line as it is typed; `settings` checks what needs an index to be checked.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Maps free-text job titles onto the codes of a role taxonomy, with a level, a confidence and the reason.
#[derive(Debug, Parser)]
#[command(name = "rolecall", version, about, max_term_width = 100, arg_required_else_help = true, after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_CODES: &str = "Data goes to stdout, messages to stderr.\n\
    Exit codes: 0 done, 1 nothing found or below a floor, 2 wrong usage, 3 wrong input, 4 unusable index, 5 unreadable or unwritable file.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Answer titles: code, level, confidence and why
    Match(MatchArgs),
    /// Answer every row of files, all their columns kept
    Classify(ClassifyArgs),
    /// Complete the beginning of a title
    Suggest(super::find::SuggestArgs),
    /// Search roles by words of names, skills and knowledge
    Search(super::find::SearchArgs),
    /// Show a role's record
    Role(super::role::RoleArgs),
    /// Show the nearest roles by family, track and grade
    Adjacent(super::role::AdjacentArgs),
    /// Show the levels
    Levels(super::role::LevelsArgs),
    /// Show how titles are read
    Normalize(super::normalize::NormalizeArgs),
    /// Turn O*NET, ESCO, a CSV or a role's page into a taxonomy
    Import(super::import::ImportArgs),
    /// Build an index from a taxonomy
    Index(IndexArgs),
    /// Look for what is wrong or doubtful in a taxonomy
    Lint(LintArgs),
    /// Measure how well an index answers
    Eval(Box<super::eval::EvalArgs>),
    /// Learn a prior from titles of your own
    Adapt(super::adapt::AdaptArgs),
    /// Answer over HTTP, with a web page
    #[cfg(feature = "server")]
    Serve(super::serve::ServeArgs),
    /// Say what an index is made of
    Info(super::info::InfoArgs),
    /// Compare two indexes: roles, and answers to titles
    Diff(super::diff::DiffArgs),
    /// Check decisions of your own, or gather them from reviewed tables and feedback
    Overrides(super::overrides::OverridesArgs),
    /// Write completions for a shell
    Completions(super::completions::CompletionsArgs),
}

/// Which index answers, and what of the user's own is laid over it.
#[derive(Debug, Clone, Args)]
pub(crate) struct EngineArgs {
    /// Index to answer from: a folder or file that `rolecall index` wrote [default: Canon, built in]
    #[arg(long, value_name = "DIR", env = "ROLECALL_INDEX", hide_env_values = true, help_heading = "Index")]
    pub(crate) index: Option<PathBuf>,
    /// CSV with the columns title and code whose decisions win over every other answer
    #[arg(long, value_name = "FILE", help_heading = "Index")]
    pub(crate) overrides: Option<PathBuf>,
    /// Prior learnt from your own titles with `rolecall adapt`
    #[arg(long, value_name = "FILE", help_heading = "Index")]
    pub(crate) prior: Option<PathBuf>,
}

/// What is asked beside the title.
#[derive(Debug, Clone, Args)]
pub(crate) struct AskArgs {
    /// Language of the titles, as in en or de [default: all of the taxonomy's]
    #[arg(long, value_name = "LANG", help_heading = "Answer")]
    pub(crate) lang: Option<String>,
    /// Precision that accepted answers aim at, from 0.5 to 0.99
    #[arg(long, value_name = "P", default_value_t = rolecall::engine::DEFAULT_ACCEPT_PRECISION, help_heading = "Answer")]
    pub(crate) accept_precision: f32,
    /// Give reviewed codes of these schemes too, as in soc,isco
    #[arg(long, value_name = "SCHEME", value_delimiter = ',', help_heading = "Answer")]
    pub(crate) emit: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct MatchArgs {
    /// Titles; read from stdin, one a line, when there are none
    #[arg(value_name = "TITLE")]
    pub(crate) titles: Vec<String>,
    /// Most roles in an answer, from 1 to 50
    #[arg(long, short = 'n', value_name = "N", default_value_t = rolecall::engine::DEFAULT_LIMIT, help_heading = "Answer")]
    pub(crate) limit: usize,
    /// Give the reasons of every role in words and numbers
    #[arg(long, help_heading = "Answer")]
    pub(crate) explain: bool,
    /// Write one JSON object a title
    #[arg(long, help_heading = "Answer")]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) ask: AskArgs,
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
}

const CLASSIFY_NOTES: &str = "\
Every row comes out, in order, with all its columns, followed by rolecall_decision, rolecall_code,
rolecall_title, rolecall_level, rolecall_confidence, rolecall_reasons, rolecall_group,
rolecall_group_confidence, rolecall_matched, rolecall_alternatives, one column for each --emit scheme,
and rolecall_error. A rejected title has no code. A row that cannot be read comes out with rolecall_error
instead of an answer; the exit code is then 3 although everything is written.

JSON lines come out as the answer of `match --json` between \"id\" (of --id-col, else the row's number) and
\"input_row\", which holds the row as it came in.

With -o the output is written to OUT.partial and renamed when it is whole; after a kill, the same command
with --resume goes on from there.";

#[derive(Debug, Args)]
#[command(after_help = CLASSIFY_NOTES)]
pub(crate) struct ClassifyArgs {
    /// CSV, TSV, JSON lines, plain lines or Parquet; `-` or nothing for stdin
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// File to write; `-` for stdout
    #[arg(long, short = 'o', value_name = "OUT", default_value = "-")]
    pub(crate) output: PathBuf,
    /// Column of titles, by name or number from 1 [default: guessed from common names]
    #[arg(long, value_name = "COLUMN", help_heading = "Input")]
    pub(crate) title_col: Option<String>,
    /// Column of ids, for JSON lines [default: the row's number]
    #[arg(long, value_name = "COLUMN", help_heading = "Input")]
    pub(crate) id_col: Option<String>,
    /// Column of languages, for rows in several
    #[arg(long, value_name = "COLUMN", help_heading = "Input")]
    pub(crate) lang_col: Option<String>,
    /// Format of the input [default: by the file's ending, else by its first line]
    #[arg(long, value_enum, value_name = "FORMAT", help_heading = "Input")]
    pub(crate) input_format: Option<InputFormatName>,
    /// Encoding of the input: utf-8, latin1, windows-1252 or utf-16
    #[arg(long, value_name = "ENCODING", default_value = "utf-8", value_parser = encoding, help_heading = "Input")]
    pub(crate) encoding: rolecall::batch::TextEncoding,
    /// The first row is no header
    #[arg(long, help_heading = "Input")]
    pub(crate) no_header: bool,
    /// Format of the output [default: by its ending, else that of the input]
    #[arg(long, value_enum, value_name = "FORMAT", help_heading = "Output")]
    pub(crate) format: Option<OutputFormatName>,
    /// Write cells so that spreadsheets neither run nor change them: a byte order mark, an apostrophe before what looks
    /// like a formula, codes that look like numbers as ="0110"
    #[arg(long, help_heading = "Output")]
    pub(crate) spreadsheet: bool,
    /// Write the doubtful titles to a CSV, those that settle most rows first
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) review_out: Option<PathBuf>,
    /// Go on with an output that was interrupted
    #[arg(long, help_heading = "Output")]
    pub(crate) resume: bool,
    /// Threads [default: as many as the machine has]
    #[arg(long, short = 'j', value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024), help_heading = "Output")]
    pub(crate) jobs: Option<u16>,
    /// Most roles in an answer, from 1 to 50
    #[arg(long, short = 'k', value_name = "K", default_value_t = rolecall::engine::DEFAULT_LIMIT, help_heading = "Answer")]
    pub(crate) top: usize,
    #[command(flatten)]
    pub(crate) ask: AskArgs,
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
}

/// A format that `classify` reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum InputFormatName {
    Csv,
    Tsv,
    Jsonl,
    Lines,
    Parquet,
}

/// A format that `classify` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormatName {
    Csv,
    Tsv,
    Jsonl,
    Parquet,
}

fn encoding(name: &str) -> Result<rolecall::batch::TextEncoding, String> {
    rolecall::batch::TextEncoding::named(name).ok_or_else(|| "give utf-8, latin1, windows-1252 or utf-16".to_owned())
}

#[derive(Debug, Args)]
pub(crate) struct IndexArgs {
    /// A taxonomy: a folder like corpus/, or a file that `rolecall import` wrote
    #[arg(value_name = "TAXONOMY")]
    pub(crate) taxonomy: PathBuf,
    /// Folder to write the index to; a path that ends in .bin is written as one file
    #[arg(long, short = 'o', value_name = "DIR")]
    pub(crate) output: PathBuf,
    /// Further taxonomies to learn from, beside the built-in Canon
    #[arg(long, value_name = "TAXONOMY", num_args = 1..)]
    pub(crate) auxiliary: Vec<PathBuf>,
    /// Do not learn from the built-in Canon
    #[arg(long)]
    pub(crate) no_auxiliary: bool,
    /// Learn nothing: find by names and words only
    #[arg(long)]
    pub(crate) no_learning: bool,
    /// Seed of everything drawn at random
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Number of models, 1 or 2: two are a little better and twice as large
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=2))]
    pub(crate) models: u8,
    /// Width of the models: wider is a little better and larger
    #[arg(long, value_name = "N", default_value_t = 128, value_parser = clap::value_parser!(u16).range(16..=512))]
    pub(crate) dims: u16,
    /// Do not learn words and runs of letters found in fewer names than this: 2 halves the models
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) least_count: u32,
    /// Most seconds for each training; an index that reached the limit differs from machine to machine [default: none]
    #[arg(long, value_name = "SECONDS")]
    pub(crate) time_limit: Option<u64>,
}

#[derive(Debug, Args)]
pub(crate) struct LintArgs {
    /// A taxonomy: a folder like corpus/, a file that `rolecall import` wrote, or the text of a role's page
    #[arg(value_name = "TAXONOMY", required_unless_present = "rules")]
    pub(crate) taxonomy: Option<PathBuf>,
    /// Form of the report
    #[arg(long, short = 'f', value_name = "FORM", value_enum, default_value_t = LintFormat::Text)]
    pub(crate) format: LintFormat,
    /// Lightest findings to show
    #[arg(long, value_name = "WEIGHT", value_enum, default_value_t = LintWeight::Warning)]
    pub(crate) least: LintWeight,
    /// Look at these rules only, whatever their weight
    #[arg(long = "rule", value_name = "ID", value_delimiter = ',')]
    pub(crate) only: Vec<String>,
    /// CSV with the columns title and code to look for overrides that are out of date
    #[arg(long, value_name = "FILE")]
    pub(crate) overrides: Option<PathBuf>,
    /// List the rules with their weights and reasons
    #[arg(long)]
    pub(crate) rules: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum LintFormat {
    /// One finding a line
    Text,
    /// One object with counts and findings
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of a GitHub workflow
    Github,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum LintWeight {
    /// Lists that are only to be read
    Info,
    /// What asks for a look
    Warning,
    /// What stops a build
    Error,
}
