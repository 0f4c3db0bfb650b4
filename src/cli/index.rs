//! `rolecall index`: turns a taxonomy into an index, with its progress on stderr.

use std::path::Path;
use std::time::{Duration, Instant};

use rolecall::build::{self, BuildOptions, Step};
use rolecall::index::IndexManifest;
use rolecall::rank::Fits;
use rolecall::taxonomy::Taxonomy;
use rolecall::{canon, corpus, lint};

use super::args::IndexArgs;
use super::exit::{Failure, Outcome};

/// How many errors of lint a refusal lists.
const LISTED_ERRORS: usize = 10;

pub(crate) fn run(args: IndexArgs) -> Result<Outcome, Failure> {
    let started = Instant::now();
    let taxonomy = load(&args.taxonomy)?;
    let mut auxiliaries: Vec<Taxonomy> = Vec::new();
    let mut fallback = None;
    // Canon is neither learnt from nor calibrated with itself, so it can be built where none is built in yet.
    if taxonomy.manifest.name != canon::NAME {
        let (built_in, fits) = built_in();
        fallback = fits;
        if !args.no_auxiliary {
            auxiliaries.extend(built_in);
        }
    }
    for path in &args.auxiliary {
        auxiliaries.push(corpus::load(path)?.taxonomy);
    }
    let options = BuildOptions {
        learn: !args.no_learning,
        dims: usize::from(args.dims),
        models: usize::from(args.models),
        least_count: args.least_count,
        time_cap: args.time_limit.map(Duration::from_secs),
        seed: args.seed,
        fallback,
        ..BuildOptions::default()
    };
    let parts = build::build(taxonomy, &auxiliaries, &options, &|step| show(step, started))?;
    let written = parts.write(&args.output)?;
    let bytes = std::fs::metadata(&written).map_or(0, |facts| facts.len());
    report(&parts.manifest, started.elapsed());
    eprintln!("{}: {:.1} MiB", written.display(), bytes as f64 / f64::from(1 << 20));
    Ok(Outcome::Done)
}

/// Loads a taxonomy; one that people write by hand must be free of lint's errors, which would give wrong answers.
fn load(path: &Path) -> Result<Taxonomy, Failure> {
    let loaded = corpus::load(path)?;
    let errors = if path.is_dir() { lint::errors(&loaded) } else { Vec::new() };
    if errors.is_empty() {
        return Ok(loaded.taxonomy);
    }
    let listed: String = errors.iter().take(LISTED_ERRORS).map(|finding| format!("\n  {finding}")).collect();
    let count = lint::Counts::of(&errors).errors;
    Err(Failure::input(format!(
        "{} is not built: lint finds {count} errors; correct them, `rolecall lint {}` lists all:{listed}",
        path.display(),
        path.display()
    )))
}

/// The built-in Canon with its fits; a program from an unfinished tree goes without them and says so.
fn built_in() -> (Option<Taxonomy>, Option<Fits>) {
    match canon::engine() {
        Ok(engine) => (Some(engine.index().taxonomy.clone()), Some(engine.fits().clone())),
        Err(error) => {
            eprintln!("rolecall: {error}; this index is built without it");
            (None, None)
        }
    }
}

/// Shows a step on stderr.
fn show(step: Step, started: Instant) {
    let seconds = started.elapsed().as_secs_f32();
    match step {
        Step::Tables => eprintln!("{seconds:6.1} s  reading names and words"),
        Step::Training { model, epoch, epochs, loss } => {
            eprintln!("{seconds:6.1} s  training model {}, round {epoch} of {epochs}, loss {loss:.3}", model + 1);
        }
        Step::Fitting => eprintln!("{seconds:6.1} s  fitting ranking and confidence to hidden names"),
    }
}

fn report(manifest: &IndexManifest, took: Duration) {
    eprintln!(
        "{}: {} roles, {} specialisations, {} names, ranking {}, confidence {} in {:.1} s",
        manifest.taxonomy,
        manifest.roles,
        manifest.specialisations,
        manifest.names,
        manifest.ranker,
        manifest.calibration,
        took.as_secs_f32(),
    );
    for (name, value) in &manifest.figures {
        eprintln!("  {name}: {value:.3}");
    }
}
