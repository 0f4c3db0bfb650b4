//! `rolecall adapt`: turns a list of one's own titles, without codes, into a prior for `--prior`.

use std::path::PathBuf;

use clap::Args;
use rolecall::engine;

use super::args::EngineArgs;
use super::exit::{Failure, Outcome};
use super::settings;

/// Names that the column of titles is looked for under.
const TITLE_COLUMNS: [&str; 5] = ["title", "job_title", "text", "name", "input"];

#[derive(Debug, Args)]
pub(crate) struct AdaptArgs {
    /// Titles: CSV, or TSV when the name ends in .tsv or .txt; repeated titles count as often as they stand
    #[arg(value_name = "FILE")]
    titles: PathBuf,
    /// Column of the title [default: title, job_title, text, name or input; the only column when there is one]
    #[arg(long, value_name = "NAME")]
    title_col: Option<String>,
    /// File to write the prior to
    #[arg(long, short = 'o', value_name = "FILE")]
    output: PathBuf,
    /// Name of the prior in answers [default: the file's name]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    #[command(flatten)]
    engine: EngineArgs,
}

pub(crate) fn run(args: AdaptArgs) -> Result<Outcome, Failure> {
    let engine = settings::engine(&args.engine)?;
    let titles = read(&args)?;
    let stem = args.titles.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let name = args.name.clone().or(stem).unwrap_or_else(|| "titles".to_owned());
    let prior = engine::adapt(engine, &name, titles.iter().map(String::as_str));
    if prior.titles == 0 {
        return Err(Failure::input(format!("{} holds no title with a candidate: check --title-col", args.titles.display())));
    }
    let text = serde_json::to_string_pretty(&prior).expect("a prior is plain data");
    std::fs::write(&args.output, text).map_err(|error| Failure::io(format!("{}: {error}: check the path", args.output.display())))?;
    eprintln!("{}: learnt from {} of {} titles", args.output.display(), prior.titles, titles.len());
    Ok(Outcome::Done)
}

fn read(args: &AdaptArgs) -> Result<Vec<String>, Failure> {
    let path = &args.titles;
    let by_tabs = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("tsv") || ending.eq_ignore_ascii_case("txt"));
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(if by_tabs { b'\t' } else { b',' })
        .quoting(!by_tabs)
        .flexible(true)
        .from_path(path)
        .map_err(|error| Failure::io(format!("{}: {error}: check the path", path.display())))?;
    let wrong = |error: csv::Error| Failure::input(format!("{}: {error}: save the file as UTF-8", path.display()));
    let header = reader.headers().map_err(wrong)?.clone();
    let find = |name: &str| header.iter().position(|own| own.trim_start_matches('\u{feff}').trim().eq_ignore_ascii_case(name));
    let column = match &args.title_col {
        Some(name) => find(name),
        None => TITLE_COLUMNS.into_iter().find_map(find).or((header.len() == 1).then_some(0)),
    };
    let Some(column) = column else {
        let known: Vec<&str> = header.iter().collect();
        return Err(Failure::usage(format!("{} has no column of titles: name one of {} with --title-col", path.display(), known.join(", "))));
    };
    let mut titles = Vec::new();
    for record in reader.records() {
        let record = record.map_err(wrong)?;
        titles.extend(record.get(column).map(str::trim).filter(|title| !title.is_empty()).map(str::to_owned));
    }
    Ok(titles)
}
