//! `rolecall suggest` and `rolecall search`: turn a few letters or words into roles, one a line.

use std::io::Write;

use clap::Args;
use rolecall::engine::{SearchFilters, Suggestion};
use serde::Serialize;

use super::args::EngineArgs;
use super::exit::{Failure, Outcome};
use super::paint::Paint;
use super::settings;

#[derive(Debug, Args)]
pub(crate) struct SuggestArgs {
    /// The beginning of a title; nothing for the commonest roles
    #[arg(value_name = "TEXT", default_value = "")]
    text: String,
    /// Most roles
    #[arg(long, short = 'n', value_name = "N", default_value_t = 10)]
    limit: usize,
    /// Write one JSON object a role
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    engine: EngineArgs,
}

#[derive(Debug, Args)]
pub(crate) struct SearchArgs {
    /// Words of titles, aliases, skills and knowledge; nothing to browse
    #[arg(value_name = "WORD")]
    words: Vec<String>,
    /// Only this family
    #[arg(long, value_name = "CODE", help_heading = "Filters")]
    family: Option<String>,
    /// Only this superfunction
    #[arg(long, value_name = "CODE", help_heading = "Filters")]
    superfunction: Option<String>,
    /// Only roles that exist on this track: P, M, E or S
    #[arg(long, value_name = "TRACK", help_heading = "Filters")]
    track: Option<String>,
    /// Only roles that exist at this level
    #[arg(long, value_name = "LEVEL", help_heading = "Filters")]
    level: Option<String>,
    /// Only records of this status: draft, review, approved or deprecated
    #[arg(long, value_name = "STATUS", help_heading = "Filters")]
    status: Option<String>,
    /// Most roles
    #[arg(long, short = 'n', value_name = "N", default_value_t = 20)]
    limit: usize,
    /// Roles to pass over
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: usize,
    /// Write the result as one JSON object, with counts by facet
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    engine: EngineArgs,
}

pub(crate) fn suggest(args: SuggestArgs) -> Result<Outcome, Failure> {
    let engine = settings::engine(&args.engine)?;
    let found = engine.suggest(&args.text, args.limit);
    let mut stdout = std::io::stdout().lock();
    let paint = Paint::stdout();
    for suggestion in &found {
        if args.json {
            line(&mut stdout, suggestion)?;
        } else {
            writeln!(stdout, "{}  {}{}", paint.strong(suggestion.code.as_str()), suggestion.title, other_name(suggestion, paint))?;
        }
    }
    Ok(if found.is_empty() { Outcome::Nothing } else { Outcome::Done })
}

/// The name that matches, where it is not the title.
fn other_name(suggestion: &Suggestion, paint: Paint) -> String {
    if suggestion.name.eq_ignore_ascii_case(&suggestion.title) {
        return String::new();
    }
    format!("  {}", paint.faint(&format!("({})", suggestion.name)))
}

pub(crate) fn search(args: SearchArgs) -> Result<Outcome, Failure> {
    let engine = settings::engine(&args.engine)?;
    let upper = |text: Option<String>| text.map(|text| text.trim().to_uppercase());
    let filters = SearchFilters {
        superfunction: args.superfunction,
        family: args.family,
        track: upper(args.track),
        level: upper(args.level),
        status: args.status.map(|status| status.trim().to_lowercase()),
    };
    let result = engine.search(&args.words.join(" "), &filters, args.limit, args.offset);
    let mut stdout = std::io::stdout().lock();
    if args.json {
        line(&mut stdout, &result)?;
    } else {
        let paint = Paint::stdout();
        for hit in &result.hits {
            let levels = match (hit.levels.first(), hit.levels.last()) {
                (Some(first), Some(last)) if first != last => format!("  {first}–{last}"),
                (Some(only), _) => format!("  {only}"),
                _ => String::new(),
            };
            let summary = if hit.summary.is_empty() { String::new() } else { format!("\n    {}", paint.faint(&hit.summary)) };
            writeln!(stdout, "{}  {}{levels}{summary}", paint.strong(&hit.specialisation), hit.specialisation_title)?;
        }
        eprintln!("{} of {}", result.hits.len(), result.total);
    }
    Ok(if result.hits.is_empty() { Outcome::Nothing } else { Outcome::Done })
}

/// Writes a value as one line of JSON.
pub(super) fn line(output: &mut impl Write, value: &impl Serialize) -> Result<(), Failure> {
    serde_json::to_writer(&mut *output, value).map_err(std::io::Error::from)?;
    output.write_all(b"\n")?;
    Ok(())
}
