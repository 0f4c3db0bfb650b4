//! `rolecall role`, `adjacent` and `levels`: turn records of the taxonomy into pages for people, or JSON.

use std::fmt::Write as _;
use std::io::Write;

use clap::Args;
use rolecall::engine::Engine;
use rolecall::taxonomy::{ComponentKind, Level, ReviewStatus, RoleId, RoleRecord, Status, Story};
use serde::Serialize;

use super::args::EngineArgs;
use super::exit::{Failure, Outcome};
use super::find::line;
use super::paint::Paint;
use super::settings;

/// Codes offered in place of one that does not exist.
const OFFERED: usize = 3;

#[derive(Debug, Args)]
pub(crate) struct RoleArgs {
    /// Code of a role, as in DEI.GEN.P5
    #[arg(value_name = "CODE")]
    code: String,
    /// Write the record as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    engine: EngineArgs,
}

#[derive(Debug, Args)]
pub(crate) struct AdjacentArgs {
    /// Code of a role, as in DEI.GEN.P5
    #[arg(value_name = "CODE")]
    code: String,
    /// Most roles
    #[arg(long, short = 'n', value_name = "N", default_value_t = 12)]
    limit: usize,
    /// Write one JSON object a role
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    engine: EngineArgs,
}

#[derive(Debug, Args)]
pub(crate) struct LevelsArgs {
    /// Write one JSON object a level
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    engine: EngineArgs,
}

pub(crate) fn role(args: RoleArgs) -> Result<Outcome, Failure> {
    let engine = settings::engine(&args.engine)?;
    let Some(role_id) = find(engine, &args.code) else { return Ok(Outcome::Nothing) };
    let record = engine.index().taxonomy.record(role_id);
    let mut stdout = std::io::stdout().lock();
    if args.json {
        line(&mut stdout, &record)?;
    } else {
        stdout.write_all(page(&record, Paint::stdout()).as_bytes())?;
    }
    Ok(Outcome::Done)
}

pub(crate) fn adjacent(args: AdjacentArgs) -> Result<Outcome, Failure> {
    #[derive(Serialize)]
    struct Neighbour<'a> {
        code: &'a str,
        title: &'a str,
        distance: f32,
        band: String,
    }
    let engine = settings::engine(&args.engine)?;
    let Some(role_id) = find(engine, &args.code) else { return Ok(Outcome::Nothing) };
    let taxonomy = &engine.index().taxonomy;
    let paint = Paint::stdout();
    let mut stdout = std::io::stdout().lock();
    for (other, distance) in taxonomy.adjacent(role_id, args.limit) {
        let role = taxonomy.role(other);
        let band = taxonomy.manifest.distance.band(distance).0;
        if args.json {
            line(&mut stdout, &Neighbour { code: role.code.as_str(), title: &role.title, distance, band })?;
        } else {
            writeln!(stdout, "{distance:.2}  {band:8}  {}  {}", paint.strong(role.code.as_str()), role.title)?;
        }
    }
    Ok(Outcome::Done)
}

pub(crate) fn levels(args: LevelsArgs) -> Result<Outcome, Failure> {
    let engine = settings::engine(&args.engine)?;
    let levels = &engine.index().taxonomy.levels;
    let paint = Paint::stdout();
    let mut stdout = std::io::stdout().lock();
    for level in levels {
        if args.json {
            line(&mut stdout, level)?;
        } else {
            let mut text = format!("{}  {}\n", paint.strong(&level.code.to_string()), level.label);
            facets(&mut text, level);
            writeln!(stdout, "{text}")?;
        }
    }
    if levels.is_empty() {
        eprintln!("rolecall: this taxonomy has no levels");
        return Ok(Outcome::Nothing);
    }
    Ok(Outcome::Done)
}

/// Finds a role; for a code that does not exist it says which ones are like it.
fn find(engine: &Engine, code: &str) -> Option<RoleId> {
    let found = engine.index().find_role(code.trim());
    if found.is_none() {
        let upper = code.trim().to_ascii_uppercase();
        let stem = upper.rsplit_once('.').map_or(upper.as_str(), |(stem, _)| stem);
        let roles = &engine.index().taxonomy.roles;
        let near: Vec<&str> = roles.iter().map(|role| role.code.as_str()).filter(|known| known.starts_with(stem)).take(OFFERED).collect();
        let offer = if near.is_empty() { "find one with `rolecall search`".to_owned() } else { format!("there are {}", near.join(", ")) };
        eprintln!("rolecall: no role has the code {code:?}: {offer}");
    }
    found
}

/// A role for a person, in the order of its page.
fn page(record: &RoleRecord, paint: Paint) -> String {
    let mut page = String::new();
    let _ = writeln!(page, "{}", paint.strong(&record.title));
    let mut facts = vec![paint.strong(record.code.as_str())];
    if let Some(level) = &record.level {
        facts.push(format!("{} — {}", level.code, level.label));
    }
    facts.push(status(record.status).to_owned());
    if let Some(confidence) = record.record_confidence {
        facts.push(format!("record confidence {:.2}", confidence.score));
    }
    facts.extend([record.region.clone(), format!("v{}", record.version)].into_iter().filter(|fact| !fact.is_empty()));
    let _ = writeln!(page, "{}", facts.join("  "));
    let path = [record.superfunction.as_ref(), record.family.as_ref(), Some(&record.specialisation)];
    let path: Vec<String> = path.into_iter().flatten().map(|place| format!("{} {}", place.code, place.title)).collect();
    let _ = writeln!(page, "{}", paint.faint(&path.join(" › ")));
    for group in &record.groups {
        let _ = writeln!(page, "{}", paint.faint(&format!("{} {}", group.code, group.title)));
    }
    if let Some(successor) = &record.superseded_by {
        let _ = writeln!(page, "replaced by {successor}");
    }
    if !record.summary.is_empty() {
        let _ = writeln!(page, "\n{}", record.summary);
    }
    if let Some(told) = &record.story {
        story(&mut page, told, paint);
    }
    if let Some(level) = &record.level {
        let _ = writeln!(page, "\n{}", paint.strong(&format!("Level {} — {}", level.code, level.label)));
        facets(&mut page, level);
    }
    let outputs = record.core_outputs.as_ref().map(|outputs| if outputs.is_empty() { "none".to_owned() } else { outputs.join("; ") });
    let _ = writeln!(page, "\n{}\n  {}", paint.strong("Core outputs"), outputs.unwrap_or_else(|| "not known".to_owned()));
    for kind in ComponentKind::ALL {
        let texts: Vec<&str> = record.components.iter().filter(|found| found.kind == kind).map(|found| found.text.as_str()).collect();
        list(&mut page, heading(kind), &texts, paint);
    }
    names(&mut page, record, paint);
    page
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Draft => "draft",
        Status::Review => "in review",
        Status::Approved => "approved",
        Status::Deprecated => "deprecated",
    }
}

fn story(page: &mut String, story: &Story, paint: Paint) {
    let _ = writeln!(page, "\n{}", paint.strong("Story"));
    let parts = [
        ("who", &story.who),
        ("the problem", &story.problem.external),
        ("how it feels", &story.problem.internal),
        ("why it matters", &story.problem.why),
    ];
    let told = |page: &mut String, (name, text): (&str, &String)| {
        if !text.is_empty() {
            let _ = writeln!(page, "  {name}: {text}");
        }
    };
    parts.into_iter().for_each(|part| told(page, part));
    for (number, step) in story.plan.iter().enumerate() {
        let _ = writeln!(page, "  {}. {step}", number + 1);
    }
    [("at stake", &story.stakes), ("success", &story.success)].into_iter().for_each(|part| told(page, part));
}

fn facets(page: &mut String, level: &Level) {
    let experience = level.experience.map(|years| format!("{}–{} years", years.min, years.max)).unwrap_or_default();
    let parts = [
        ("", &level.sentence),
        ("scope: ", &level.scope),
        ("autonomy: ", &level.autonomy),
        ("complexity: ", &level.complexity),
        ("impact: ", &level.impact),
        ("decision rights: ", &level.decision_rights),
        ("leadership: ", &level.leadership),
        ("typical experience: ", &experience),
    ];
    for (name, text) in parts.into_iter().filter(|(_, text)| !text.is_empty()) {
        let _ = writeln!(page, "  {name}{text}");
    }
}

fn heading(kind: ComponentKind) -> &'static str {
    match kind {
        ComponentKind::Responsibility => "Responsibilities",
        ComponentKind::Task => "Tasks",
        ComponentKind::Skill => "Skills",
        ComponentKind::Knowledge => "Knowledge",
        ComponentKind::Competency => "Competencies",
        ComponentKind::Qualification => "Qualifications",
    }
}

fn list(page: &mut String, heading: &str, texts: &[&str], paint: Paint) {
    if texts.is_empty() {
        return;
    }
    let _ = writeln!(page, "\n{}", paint.strong(heading));
    for text in texts {
        let _ = writeln!(page, "  • {text}");
    }
}

fn names(page: &mut String, record: &RoleRecord, paint: Paint) {
    let aliases: Vec<String> = record
        .aliases
        .iter()
        .map(|alias| {
            let approved = if alias.approved { "" } else { ", not approved" };
            format!("{} {}", alias.text, paint.faint(&format!("({}{approved})", alias.lang)))
        })
        .collect();
    list(page, "Also called", &aliases.iter().map(String::as_str).collect::<Vec<_>>(), paint);
    let mappings: Vec<String> = record
        .mappings
        .iter()
        .map(|mapping| {
            let unreviewed = if mapping.review_status == ReviewStatus::Reviewed { "" } else { ", not reviewed" };
            let relation = format!("{:?}", mapping.relation).to_lowercase();
            let notes = paint.faint(&format!("({relation}{unreviewed})"));
            format!("{} {} {} {notes}", mapping.scheme, mapping.code, mapping.title)
        })
        .collect();
    list(page, "Codes of other schemes", &mappings.iter().map(String::as_str).collect::<Vec<_>>(), paint);
}
