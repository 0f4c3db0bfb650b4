//! `rolecall overrides`: checks a file of decisions, and makes one from a reviewed table or from feedback.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use rolecall::analysis::{self, Word};
use rolecall::engine::{Engine, Override};
use rolecall::taxonomy::Status;
use rustc_hash::FxHashMap;

use super::args::EngineArgs;
use super::exit::{Failure, Outcome};
use super::settings;

#[derive(Debug, Args)]
pub(crate) struct OverridesArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Check that every row can be used: its code exists, its title is not decided twice
    Check {
        /// CSV with the columns title and code
        #[arg(value_name = "FILE")]
        file: PathBuf,
        #[command(flatten)]
        engine: EngineArgs,
    },
    /// Gather decisions into one file: rows of `classify --review-out` whose code was filled in, and feedback to the service
    Export {
        /// Reviewed tables (CSV) and feedback files (JSON lines)
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
        /// File to write [default: stdout]
        #[arg(long, short = 'o', value_name = "FILE")]
        output: Option<PathBuf>,
        #[command(flatten)]
        engine: EngineArgs,
    },
}

/// A decision with its line.
struct Decided {
    line: u64,
    decision: Override,
}

pub(crate) fn run(args: OverridesArgs) -> Result<Outcome, Failure> {
    match args.action {
        Action::Check { file, engine } => check(&file, settings::engine(&engine)?),
        Action::Export { files, output, engine } => export(&files, output.as_deref(), settings::engine(&engine)?),
    }
}

fn check(path: &Path, engine: &Engine) -> Result<Outcome, Failure> {
    let rows = read(path)?;
    let mut stdout = std::io::stdout().lock();
    let problems = problems(&rows, engine);
    for (line, problem) in &problems {
        writeln!(stdout, "{}:{line}: {problem}", path.display())?;
    }
    eprintln!("{}: {} decisions, {} problems", path.display(), rows.len(), problems.len());
    if problems.is_empty() { Ok(Outcome::Done) } else { Err(Failure::input("correct the rows above, then check again")) }
}

/// What is wrong with rows, in their order.
fn problems(rows: &[Decided], engine: &Engine) -> Vec<(u64, String)> {
    let index = engine.index();
    let mut problems = Vec::new();
    let mut first: FxHashMap<u64, usize> = FxHashMap::default();
    for (position, row) in rows.iter().enumerate() {
        let Override { title, code, .. } = &row.decision;
        match index.find_role(code) {
            None => problems.push((row.line, format!("no role has the code {code:?}: find one with `rolecall search`"))),
            Some(role_id) if index.taxonomy.role(role_id).status == Status::Deprecated => {
                problems.push((row.line, format!("the role {code} is deprecated: name its successor")));
            }
            Some(_) => {}
        }
        // Titles with the same words are one decision, whatever their order and case.
        let query = engine.analyze(title, None);
        let words: Vec<&Word> = query.words.iter().filter(|word| !word.is_noise()).collect();
        match analysis::key(&words) {
            None => problems.push((row.line, format!("the title {title:?} has no words to find it by"))),
            Some(key) => {
                let earlier = &rows[*first.entry(key).or_insert(position)];
                if earlier.line != row.line {
                    let how = if earlier.decision.code == *code { "again" } else { "otherwise" };
                    problems.push((row.line, format!("the title {title:?} is decided {how} in line {}: keep one of the two", earlier.line)));
                }
            }
        }
    }
    problems
}

fn export(files: &[PathBuf], output: Option<&Path>, engine: &Engine) -> Result<Outcome, Failure> {
    let mut decisions: Vec<Override> = Vec::new();
    let mut open = 0;
    for path in files {
        for row in read(path)? {
            if row.decision.code.is_empty() {
                open += 1;
                continue;
            }
            if engine.index().find_role(&row.decision.code).is_none() {
                let message = format!("{}:{}: no role has the code {:?}: correct it", path.display(), row.line, row.decision.code);
                return Err(Failure::input(message));
            }
            // The last word counts.
            decisions.retain(|known| known.title != row.decision.title);
            decisions.push(row.decision);
        }
    }
    let mut table = csv::Writer::from_writer(Vec::new());
    for decision in &decisions {
        table.serialize(decision).map_err(|error| Failure::io(error.to_string()))?;
    }
    let bytes = table.into_inner().map_err(|error| Failure::io(error.to_string()))?;
    match output {
        Some(path) => std::fs::write(path, bytes).map_err(|error| Failure::io(format!("{}: {error}: check the path", path.display())))?,
        None => std::io::stdout().lock().write_all(&bytes)?,
    }
    eprintln!("{} decisions, {open} titles still open", decisions.len());
    Ok(if decisions.is_empty() { Outcome::Nothing } else { Outcome::Done })
}

/// Reads a table of decisions, or the service's feedback when the name ends in .jsonl.
fn read(path: &Path) -> Result<Vec<Decided>, Failure> {
    let is_feedback = path.extension().is_some_and(|ending| ending == "jsonl" || ending == "ndjson");
    if is_feedback { feedback(path) } else { table(path) }
}

fn table(path: &Path) -> Result<Vec<Decided>, Failure> {
    let io = |error: csv::Error| Failure::io(format!("{}: {error}: check the path and that it is UTF-8", path.display()));
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_path(path).map_err(io)?;
    let header = reader.headers().map_err(io)?.clone();
    let column = |name: &str| header.iter().position(|known| known.trim_start_matches('\u{feff}').eq_ignore_ascii_case(name));
    let wanted = |name: &str| {
        let message = || Failure::input(format!("{} has no column {name:?}: write a CSV with the columns title and code", path.display()));
        column(name).ok_or_else(message)
    };
    let (title, code, note) = (wanted("title")?, wanted("code")?, column("note"));
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| Failure::input(format!("{}: {error}: correct the row", path.display())))?;
        let cell = |column: usize| record.get(column).unwrap_or_default().to_owned();
        let decision = Override { title: cell(title), code: cell(code), note: note.map(cell).unwrap_or_default() };
        rows.push(Decided { line: record.position().map_or(0, csv::Position::line), decision });
    }
    Ok(rows)
}

/// The latest verdict on each title; lines that a crash cut off are told and left out.
#[cfg(feature = "server")]
fn feedback(path: &Path) -> Result<Vec<Decided>, Failure> {
    let io = |error: std::io::Error| Failure::io(format!("{}: {error}: check the path", path.display()));
    let found = rolecall::server::override_candidates(path).map_err(io)?;
    for line in &found.unreadable_lines {
        eprintln!("{}:{line}: no row of feedback, left out", path.display());
    }
    for title in &found.rejected {
        eprintln!("{}: {title:?} was judged to fit no role, left out", path.display());
    }
    Ok(found.decisions.into_iter().map(|(line, decision)| Decided { line, decision }).collect())
}

#[cfg(not(feature = "server"))]
fn feedback(path: &Path) -> Result<Vec<Decided>, Failure> {
    Err(Failure::usage(format!("{}: feedback is read by programs with the service: build with `--features server`", path.display())))
}
