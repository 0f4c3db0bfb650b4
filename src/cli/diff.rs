//! `rolecall diff`: turns two indexes into what differs: roles added, removed and changed, and titles answered otherwise.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use rolecall::batch::{self, InputSettings};
use rolecall::canon;
use rolecall::engine::{Classification, Engine, MatchOptions};
use rolecall::taxonomy::RoleId;
use serde::Serialize;

use super::exit::{Failure, Outcome};
use super::find::line;

#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// The older index; `canon` for the built-in one
    #[arg(value_name = "INDEX_A")]
    old: PathBuf,
    /// The newer index; `canon` for the built-in one
    #[arg(value_name = "INDEX_B")]
    new: PathBuf,
    /// Titles to answer with both, in any form that `classify` reads
    #[arg(long, value_name = "FILE")]
    titles: Option<PathBuf>,
    /// Column of titles, by name or number from 1 [default: guessed from common names]
    #[arg(long, value_name = "COLUMN", requires = "titles")]
    title_col: Option<String>,
    /// Write one JSON object a difference
    #[arg(long)]
    json: bool,
}

/// One difference.
#[derive(Debug, Serialize)]
#[serde(tag = "difference", rename_all = "snake_case")]
enum Difference {
    RoleAdded { code: String, title: String },
    RoleRemoved { code: String, title: String },
    RoleChanged { code: String, title: String, parts: Vec<String> },
    Answer { title: String, old: Given, new: Given },
}

/// What an index answers.
#[derive(Debug, PartialEq, Serialize)]
struct Given {
    decision: &'static str,
    code: Option<String>,
}

pub(crate) fn run(args: DiffArgs) -> Result<Outcome, Failure> {
    let (old, new) = (open(&args.old)?, open(&args.new)?);
    let mut differences = roles(&old, &new);
    if let Some(path) = &args.titles {
        differences.extend(answers(&old, &new, path, args.title_col)?);
    }
    let mut stdout = std::io::stdout().lock();
    for difference in &differences {
        if args.json {
            line(&mut stdout, difference)?;
        } else {
            writeln!(stdout, "{}", shown(difference))?;
        }
    }
    let count = |wanted: fn(&Difference) -> bool| differences.iter().filter(|difference| wanted(difference)).count();
    eprintln!(
        "{} roles added, {} removed, {} changed; {} titles answered otherwise",
        count(|difference| matches!(difference, Difference::RoleAdded { .. })),
        count(|difference| matches!(difference, Difference::RoleRemoved { .. })),
        count(|difference| matches!(difference, Difference::RoleChanged { .. })),
        count(|difference| matches!(difference, Difference::Answer { .. })),
    );
    Ok(Outcome::Done)
}

fn open(path: &Path) -> Result<Engine, Failure> {
    if path == Path::new(canon::NAME) && !path.exists() { Ok(canon::engine()?) } else { Ok(Engine::open(path)?) }
}

/// Roles by code: those that only one index has, and those whose joined records differ.
fn roles(old: &Engine, new: &Engine) -> Vec<Difference> {
    let by_code = |engine: &Engine| -> BTreeMap<String, RoleId> {
        let roles = engine.index().taxonomy.roles.iter().enumerate();
        roles.map(|(number, role)| (role.code.to_string(), RoleId(number as u32))).collect()
    };
    let (before, after) = (by_code(old), by_code(new));
    let title = |engine: &Engine, role_id: RoleId| engine.index().taxonomy.role(role_id).title.clone();
    let mut differences = Vec::new();
    for (code, role_id) in &after {
        if !before.contains_key(code) {
            differences.push(Difference::RoleAdded { code: code.clone(), title: title(new, *role_id) });
        }
    }
    for (code, role_id) in &before {
        let Some(other_id) = after.get(code) else {
            differences.push(Difference::RoleRemoved { code: code.clone(), title: title(old, *role_id) });
            continue;
        };
        let parts = changed_parts(old, *role_id, new, *other_id);
        if !parts.is_empty() {
            differences.push(Difference::RoleChanged { code: code.clone(), title: title(new, *other_id), parts });
        }
    }
    differences
}

/// Names of the parts of a record that differ.
fn changed_parts(old: &Engine, old_id: RoleId, new: &Engine, new_id: RoleId) -> Vec<String> {
    let (before, after) = (old.index().taxonomy.record(old_id), new.index().taxonomy.record(new_id));
    if before == after {
        return Vec::new();
    }
    let parts = |record| serde_json::to_value(record).ok().and_then(|value| value.as_object().cloned()).unwrap_or_default();
    let (before, after) = (parts(before), parts(after));
    let mut names: Vec<String> = before.keys().chain(after.keys()).cloned().collect();
    names.sort();
    names.dedup();
    names.retain(|name| before.get(name) != after.get(name));
    names
}

fn answers(old: &Engine, new: &Engine, path: &Path, title_column: Option<String>) -> Result<Vec<Difference>, Failure> {
    let mut titles = batch::read_titles(&[path.to_owned()], &InputSettings { title_column, ..InputSettings::default() })?;
    titles.sort();
    titles.dedup();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let jobs = std::thread::available_parallelism().map_or(1, usize::from);
    let options = MatchOptions { limit: 1, ..MatchOptions::default() };
    let before = batch::answer_all(old, &titles, &options, jobs);
    let after = batch::answer_all(new, &titles, &options, jobs);
    let pairs = titles.iter().zip(before.iter().zip(&after));
    Ok(pairs
        .map(|(title, (before, after))| Difference::Answer { title: (*title).to_owned(), old: given(before), new: given(after) })
        .filter(|difference| matches!(difference, Difference::Answer { old, new, .. } if old != new))
        .collect())
}

fn given(answer: &Classification) -> Given {
    Given { decision: answer.decision.name(), code: answer.candidates.first().map(|first| first.code.to_string()) }
}

fn shown(difference: &Difference) -> String {
    match difference {
        Difference::RoleAdded { code, title } => format!("+ {code}  {title}"),
        Difference::RoleRemoved { code, title } => format!("- {code}  {title}"),
        Difference::RoleChanged { code, title, parts } => format!("~ {code}  {title}: {}", parts.join(", ")),
        Difference::Answer { title, old, new } => {
            let side = |given: &Given| format!("{} {}", given.decision, given.code.as_deref().unwrap_or("-"));
            format!("? {title}: {} → {}", side(old), side(new))
        }
    }
}
