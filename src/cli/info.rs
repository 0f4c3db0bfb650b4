//! `rolecall info`: turns an index's manifest, or what its taxonomy covers, into a few lines or JSON.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use rolecall::corpus;
use rolecall::index::IndexManifest;
use rolecall::lint::coverage::coverage;
use rolecall::taxonomy::Taxonomy;
use serde::Serialize;

use super::args::EngineArgs;
use super::exit::{Failure, Outcome};
use super::find::line;
use super::settings;

#[derive(Debug, Args)]
pub(crate) struct InfoArgs {
    /// Write the facts as JSON
    #[arg(long)]
    json: bool,
    /// Count families, specialisations, roles, names and codes by SOC major group instead
    #[arg(long)]
    coverage: bool,
    /// Taxonomy to count, a folder or file, instead of the index's
    #[arg(long, value_name = "TAXONOMY", requires = "coverage", conflicts_with = "index")]
    taxonomy: Option<PathBuf>,
    #[command(flatten)]
    engine: EngineArgs,
}

pub(crate) fn run(args: InfoArgs) -> Result<Outcome, Failure> {
    #[derive(Serialize)]
    struct Facts<'a> {
        version: &'static str,
        index: &'a IndexManifest,
        languages: &'a [String],
        licence: &'a str,
        description: &'a str,
    }
    if let Some(path) = &args.taxonomy {
        return coverage_of(&corpus::load(path)?.taxonomy, args.json);
    }
    let engine = settings::engine(&args.engine)?;
    let index = engine.index();
    if args.coverage {
        return coverage_of(&index.taxonomy, args.json);
    }
    let (manifest, taxonomy) = (&index.manifest, &index.taxonomy.manifest);
    let mut stdout = std::io::stdout().lock();
    if args.json {
        let facts = Facts {
            version: env!("CARGO_PKG_VERSION"),
            index: manifest,
            languages: &taxonomy.languages,
            licence: &taxonomy.licence,
            description: &taxonomy.description,
        };
        line(&mut stdout, &facts)?;
        return Ok(Outcome::Done);
    }
    let built_in = if args.engine.index.is_none() { " (built in)" } else { "" };
    let learnt = if manifest.auxiliaries.is_empty() { "nothing else".to_owned() } else { manifest.auxiliaries.join(", ") };
    let rows = [
        ("program", format!("rolecall {}", env!("CARGO_PKG_VERSION"))),
        ("taxonomy", format!("{}{built_in}: {}", manifest.taxonomy, taxonomy.description)),
        ("licence", taxonomy.licence.clone()),
        ("languages", taxonomy.languages.join(", ")),
        ("roles", format!("{} in {} specialisations, {} names", manifest.roles, manifest.specialisations, manifest.names)),
        ("index", manifest.fingerprint.clone()),
        ("built by", format!("rolecall {}, seed {}", manifest.crate_version, manifest.seed)),
        ("learnt from", format!("itself and {learnt}")),
        ("ranking", manifest.ranker.clone()),
        ("confidence", format!("{}: {}", manifest.calibration, manifest.population)),
    ];
    for (name, value) in rows.iter().filter(|(_, value)| !value.is_empty()) {
        writeln!(stdout, "{name:12} {value}")?;
    }
    for (name, value) in &manifest.figures {
        writeln!(stdout, "{:12} {} {value:.3}", "", name.replace('_', " "))?;
    }
    Ok(Outcome::Done)
}

/// Writes how much of the labour market a taxonomy covers.
fn coverage_of(taxonomy: &Taxonomy, json: bool) -> Result<Outcome, Failure> {
    let report = coverage(taxonomy);
    let mut stdout = std::io::stdout().lock();
    if json {
        line(&mut stdout, &report)?;
    } else {
        write!(stdout, "{report}")?;
    }
    Ok(Outcome::Done)
}
