//! `rolecall normalize`: turns a title into how it is read, answering nothing.

use std::io::Write;

use clap::Args;
use rolecall::engine::Parsed;

use super::args::EngineArgs;
use super::exit::{Failure, Outcome};
use super::find::line;
use super::settings;

#[derive(Debug, Args)]
pub(crate) struct NormalizeArgs {
    /// Titles
    #[arg(value_name = "TITLE", required = true)]
    titles: Vec<String>,
    /// Language of the titles [default: all of the taxonomy's]
    #[arg(long, value_name = "LANG")]
    lang: Option<String>,
    /// Write one JSON object a title
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    engine: EngineArgs,
}

pub(crate) fn run(args: NormalizeArgs) -> Result<Outcome, Failure> {
    let engine = settings::engine(&args.engine)?;
    let lang = args.lang.as_deref().map(|lang| settings::language(&engine.index().taxonomy, lang)).transpose()?;
    let mut stdout = std::io::stdout().lock();
    let mut found = false;
    for title in &args.titles {
        let parsed = engine.parse(title, lang.as_deref());
        found |= !parsed.normalized.is_empty() || parsed.level.is_some();
        if args.json {
            line(&mut stdout, &parsed)?;
        } else {
            stdout.write_all(page(&parsed).as_bytes())?;
        }
    }
    Ok(if found { Outcome::Done } else { Outcome::Nothing })
}

/// The name on a line of its own, so that it can be cut out; what was found beside it on indented lines.
fn page(parsed: &Parsed) -> String {
    let mut page = format!("{}\n", parsed.normalized);
    if let Some(level) = &parsed.level {
        let place = match (level.track, level.min, level.max) {
            (Some(track), Some(min), Some(max)) if min == max => format!(" = {}{min}", track.letter()),
            (Some(track), Some(min), Some(max)) => format!(" = {0}{min}–{0}{max}", track.letter()),
            _ => String::new(),
        };
        page.push_str(&format!("    level: {}{place}\n", level.word));
    }
    for noise in &parsed.noise {
        page.push_str(&format!("    noise: {} ({})\n", noise.text, noise.kind.0));
    }
    for change in &parsed.changes {
        page.push_str(&format!("    read: {} as {}\n", change.from, change.to));
    }
    page
}
