//! `rolecall classify`: turns files of titles into files of answers, with a progress bar and a summary on stderr.

use std::io::IsTerminal;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use rolecall::batch::{self, Batch, InputFormat, InputSettings, OutputFormat, Progress, STDIN, Summary, Target};

use super::args::{ClassifyArgs, EngineArgs, InputFormatName, OutputFormatName};
use super::exit::{Failure, Outcome};
use super::settings;

pub(crate) fn run(args: ClassifyArgs) -> Result<Outcome, Failure> {
    let started = Instant::now();
    let engine = settings::engine(&args.engine)?;
    let options = settings::options(engine, &args.ask, args.top, false)?;
    let files = if args.files.is_empty() { vec![PathBuf::from(STDIN)] } else { args.files };
    let target = if args.output == Path::new(STDIN) { Target::Stdout } else { Target::File(args.output.clone()) };
    check_paths(&files, &target, args.review_out.as_deref(), args.resume)?;
    let batch = Batch {
        engine,
        options,
        input: InputSettings {
            format: args.input_format.map(input_format),
            encoding: args.encoding,
            title_column: args.title_col,
            id_column: args.id_col,
            lang_column: args.lang_col,
            no_header: args.no_header,
        },
        format: args.format.map(output_format).or_else(|| format_of_path(&args.output)),
        target,
        spreadsheet: args.spreadsheet,
        jobs: args.jobs.map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from), usize::from),
        review: args.review_out,
        resume: args.resume,
        salt: salt(&args.engine),
        files,
    };
    let bar = bar(&batch.files);
    let result = batch::run(&batch, &mut |progress| {
        show(&bar, progress);
        ControlFlow::Continue(())
    });
    bar.finish_and_clear();
    let summary = result?;
    report(&summary, started.elapsed(), batch.review.as_deref());
    match summary.counts.bad {
        0 => Ok(Outcome::Done),
        1 => Err(Failure::input("1 row could not be answered; it stands in the output with its error")),
        bad => Err(Failure::input(format!("{bad} rows could not be answered; they stand in the output with their errors"))),
    }
}

/// Refuses to write over what is read.
fn check_paths(files: &[PathBuf], target: &Target, review: Option<&Path>, resume: bool) -> Result<(), Failure> {
    if files.iter().filter(|file| *file == Path::new(STDIN)).count() > 1 {
        return Err(Failure::usage("stdin can be read once only: give `-` once"));
    }
    if resume && (*target == Target::Stdout || files.iter().any(|file| file == Path::new(STDIN))) {
        return Err(Failure::usage("`--resume` needs files to read and, with `-o`, a file to write: a pipe cannot be read again"));
    }
    let output = match target {
        Target::File(path) => Some(path.as_path()),
        Target::Stdout => None,
    };
    for written in output.into_iter().chain(review) {
        let same = |file: &PathBuf| std::fs::canonicalize(file).ok().is_some_and(|file| std::fs::canonicalize(written).ok() == Some(file));
        if files.iter().any(same) {
            return Err(Failure::usage(format!("{} is read and cannot be written at the same time: write to another file", written.display())));
        }
    }
    if output.is_some() && output == review {
        return Err(Failure::usage("`-o` and `--review-out` name the same file: give them two"));
    }
    Ok(())
}

fn input_format(name: InputFormatName) -> InputFormat {
    match name {
        InputFormatName::Csv => InputFormat::Csv,
        InputFormatName::Tsv => InputFormat::Tsv,
        InputFormatName::Jsonl => InputFormat::Jsonl,
        InputFormatName::Lines => InputFormat::Lines,
        InputFormatName::Parquet => InputFormat::Parquet,
    }
}

fn output_format(name: OutputFormatName) -> OutputFormat {
    match name {
        OutputFormatName::Csv => OutputFormat::Csv,
        OutputFormatName::Tsv => OutputFormat::Tsv,
        OutputFormatName::Jsonl => OutputFormat::Jsonl,
        OutputFormatName::Parquet => OutputFormat::Parquet,
    }
}

fn format_of_path(path: &Path) -> Option<OutputFormat> {
    match InputFormat::of_path(path)? {
        InputFormat::Csv => Some(OutputFormat::Csv),
        InputFormat::Tsv => Some(OutputFormat::Tsv),
        InputFormat::Jsonl => Some(OutputFormat::Jsonl),
        InputFormat::Parquet => Some(OutputFormat::Parquet),
        InputFormat::Lines => None,
    }
}

/// The user's own files that answers follow from; they were read before, so one that is gone meanwhile counts as empty.
fn salt(args: &EngineArgs) -> String {
    let digest = |path: &Option<PathBuf>| {
        let bytes = path.as_ref().and_then(|path| std::fs::read(path).ok()).unwrap_or_default();
        blake3::hash(&bytes).to_hex().to_string()
    };
    format!("{} {}", digest(&args.overrides), digest(&args.prior))
}

/// A bar over the bytes of the files, or a spinner when their number is unknown; hidden when nobody watches.
fn bar(files: &[PathBuf]) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let sizes: Option<Vec<u64>> =
        files.iter().map(|file| std::fs::metadata(file).ok().filter(|facts| facts.is_file()).map(|facts| facts.len())).collect();
    let (bar, template) = match sizes {
        Some(sizes) => (ProgressBar::new(sizes.iter().sum()), "{wide_bar} {percent:>3} %  {msg}  {eta} left"),
        None => (ProgressBar::new_spinner(), "{spinner} {msg}  {elapsed}"),
    };
    bar.set_style(ProgressStyle::with_template(template).expect("the template is fixed"));
    bar
}

fn show(bar: &ProgressBar, progress: Progress) {
    bar.set_position(progress.bytes_read);
    bar.set_message(format!("{} rows", progress.rows));
}

fn report(summary: &Summary, took: Duration, review: Option<&Path>) {
    let counts = &summary.counts;
    let share = |count: u64| 100.0 * count as f64 / counts.rows.max(1) as f64;
    for bad in &summary.bad_rows {
        eprintln!("rolecall: {}:{}: {}", bad.file, bad.line, bad.problem);
    }
    let unseen = counts.bad.saturating_sub(summary.bad_rows.len() as u64);
    if unseen > 0 {
        eprintln!("rolecall: {unseen} further bad rows; each has its error in the output");
    }
    eprintln!(
        "{} rows: {} accept ({:.1} %), {} review ({:.1} %), {} reject ({:.1} %), {} bad",
        counts.rows,
        counts.accept,
        share(counts.accept),
        counts.review,
        share(counts.review),
        counts.reject,
        share(counts.reject),
        counts.bad,
    );
    let resumed = if summary.resumed > 0 { format!(", {} rows from an earlier run", summary.resumed) } else { String::new() };
    eprintln!("{} distinct titles answered in {:.1} s{resumed}", summary.answered, took.as_secs_f64());
    if let Some(path) = review {
        eprintln!("{}: {} titles to decide", path.display(), summary.doubts);
        if summary.doubts_left_out > 0 {
            eprintln!("rolecall: {} further doubtful rows found no room there: decide these first", summary.doubts_left_out);
        }
    }
}
