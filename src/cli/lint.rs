//! `rolecall lint`: turns a taxonomy into a list of what is wrong or doubtful in it, with file and line.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;

use rolecall::corpus::{self, Loaded, Place};
use rolecall::lint::report::{self, Format};
use rolecall::lint::{self, Counts, Extras, OverrideRow, Rule, Severity};

use super::args::{LintArgs, LintFormat, LintWeight};
use super::exit::{Failure, Outcome};

pub(crate) fn run(args: LintArgs) -> Result<Outcome, Failure> {
    let mut stdout = std::io::stdout().lock();
    if args.rules {
        report::write_rules(&mut stdout)?;
    }
    let Some(path) = args.taxonomy else { return Ok(Outcome::Done) };
    let chosen = chosen(&args.only)?;
    let (loaded, mut extras) = load(&path)?;
    if let Some(path) = &args.overrides {
        extras.overrides = overrides(path)?;
    }
    let mut least = match args.least {
        LintWeight::Info => Severity::Info,
        LintWeight::Warning => Severity::Warning,
        LintWeight::Error => Severity::Error,
    };
    let findings = if chosen.is_empty() {
        lint::check(&loaded, &extras)
    } else {
        least = Severity::Info;
        lint::check_only(&loaded, &extras, &chosen)
    };
    let format = match args.format {
        LintFormat::Text => Format::Text,
        LintFormat::Json => Format::Json,
        LintFormat::Sarif => Format::Sarif,
        LintFormat::Github => Format::Github,
    };
    report::write(&findings, least, format, &mut stdout)?;
    stdout.flush()?;
    let counts = Counts::of(&findings);
    eprintln!("{}: {counts}", path.display());
    if counts.infos > 0 && least > Severity::Info {
        eprintln!("notes are lists that are only to be read: show them with --least info");
    }
    Ok(if counts.errors > 0 { Outcome::Nothing } else { Outcome::Done })
}

fn chosen(ids: &[String]) -> Result<Vec<&'static Rule>, Failure> {
    let find = |id: &String| lint::rule(id).ok_or_else(|| Failure::usage(format!("there is no rule {id:?}: `rolecall lint --rules` lists them")));
    ids.iter().map(find).collect()
}

/// A folder, a taxonomy's file, or else the text of a role's page, which does not begin with a brace.
fn load(path: &Path) -> Result<(Loaded, Extras), Failure> {
    if path.is_dir() || begins_with_brace(path) {
        return Ok((corpus::load(path)?, Extras::default()));
    }
    if !path.exists() {
        return Err(Failure::io(format!("{} does not exist: give a taxonomy's folder or file, or the text of a role's page", path.display())));
    }
    lint::page(path).map_err(|error| Failure::input(error.to_string()))
}

fn begins_with_brace(path: &Path) -> bool {
    let mut first = [0_u8; 1];
    std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut first)).is_ok() && first[0] == b'{'
}

/// Rows of a file of overrides; whether their codes exist is for lint to say.
fn overrides(path: &Path) -> Result<Vec<OverrideRow>, Failure> {
    let io = |error: csv::Error| Failure::io(format!("{}: {error}: check the path and its permissions", path.display()));
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::Headers).flexible(true).from_path(path).map_err(io)?;
    let headers = reader.headers().map_err(io)?.clone();
    let column = |name: &str| {
        let position = headers.iter().position(|header| header.eq_ignore_ascii_case(name));
        position.ok_or_else(|| Failure::input(format!("{} has no column {name}: write a CSV with the columns title and code", path.display())))
    };
    let (title, code) = (column("title")?, column("code")?);
    let file: Arc<str> = path.display().to_string().into();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| Failure::input(format!("{}: {error}: correct the row", path.display())))?;
        let line = record.position().map_or(0, csv::Position::line) as u32;
        let field = |position: usize| record.get(position).unwrap_or_default().trim().to_owned();
        rows.push(OverrideRow { title: field(title), code: field(code), place: Place { file: file.clone(), line } });
    }
    Ok(rows)
}
