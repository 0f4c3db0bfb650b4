//! Turns what was typed into an engine and options that are known to be valid; every check is made here, once.

use std::collections::BTreeSet;

use rolecall::canon;
use rolecall::engine::{Engine, MAX_LIMIT, MatchOptions, NamedPrior, Overrides};
use rolecall::taxonomy::Taxonomy;

use super::args::{AskArgs, EngineArgs};
use super::exit::Failure;

/// Precisions that thresholds are kept for.
const ACCEPT_PRECISIONS: std::ops::RangeInclusive<f32> = 0.5..=0.99;

/// Opens the index that was asked for, with overrides and prior, to the end of the process: giving its memory back piece by
/// piece takes longer than an answer.
pub(crate) fn engine(args: &EngineArgs) -> Result<&'static Engine, Failure> {
    Ok(Box::leak(Box::new(own_engine(args)?)))
}

/// The same, for those who need more than one.
pub(crate) fn own_engine(args: &EngineArgs) -> Result<Engine, Failure> {
    let mut engine = match &args.index {
        Some(path) => Engine::open(path)?,
        None => canon::engine()?,
    };
    if let Some(path) = &args.prior {
        let prior = NamedPrior::load(path, engine.index())?;
        engine = engine.with_prior(prior);
    }
    if let Some(path) = &args.overrides {
        let overrides = Overrides::load(path, engine.index())?;
        engine = engine.with_overrides(overrides);
    }
    Ok(engine)
}

/// Checks what is asked beside the titles against the index.
pub(crate) fn options(engine: &Engine, ask: &AskArgs, limit: usize, explain: bool) -> Result<MatchOptions, Failure> {
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(Failure::usage(format!("{limit} is no number of roles: give one from 1 to {MAX_LIMIT}")));
    }
    check_accept_precision(ask.accept_precision)?;
    let taxonomy = &engine.index().taxonomy;
    let lang = ask.lang.as_deref().map(|lang| language(taxonomy, lang)).transpose()?;
    let known = schemes(taxonomy);
    let emit: Vec<String> = ask.emit.iter().map(|scheme| scheme.trim().to_lowercase()).filter(|scheme| !scheme.is_empty()).collect();
    if let Some(unknown) = emit.iter().find(|scheme| !known.contains(scheme.as_str())) {
        return Err(Failure::usage(format!("the index has no codes of the scheme {unknown:?}: it has {}", listed(known.iter().copied()))));
    }
    Ok(MatchOptions { limit, explain, lang, accept_precision: ask.accept_precision, emit })
}

/// Refuses a precision that accepted answers cannot aim at.
pub(crate) fn check_accept_precision(precision: f32) -> Result<(), Failure> {
    if ACCEPT_PRECISIONS.contains(&precision) {
        return Ok(());
    }
    Err(Failure::usage(format!("{precision} is no precision to aim at: give one from 0.5 to 0.99")))
}

/// Checks a language against those of the taxonomy.
pub(crate) fn language(taxonomy: &Taxonomy, lang: &str) -> Result<String, Failure> {
    let wanted = lang.trim().to_lowercase();
    if taxonomy.manifest.languages.is_empty() || taxonomy.manifest.languages.contains(&wanted) {
        return Ok(wanted);
    }
    let known = listed(taxonomy.manifest.languages.iter().map(String::as_str));
    Err(Failure::usage(format!("the index has no language {lang:?}: it has {known}")))
}

/// Schemes that the roles of a taxonomy have codes of.
fn schemes(taxonomy: &Taxonomy) -> BTreeSet<&str> {
    let families = taxonomy.families.iter().flat_map(|family| &family.mappings);
    let specialisations = taxonomy.specialisations.iter().flat_map(|specialisation| &specialisation.mappings);
    let roles = taxonomy.roles.iter().flat_map(|role| &role.mappings);
    families.chain(specialisations).chain(roles).map(|mapping| mapping.scheme.as_str()).collect()
}

/// Names in a row for a message.
fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
