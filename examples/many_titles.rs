//! Answers a file of titles on all processors: `cargo run --example many_titles -- examples/titles.csv coded.csv`.

use std::ops::ControlFlow;
use std::path::PathBuf;

use rolecall::batch::{self, Batch, InputSettings, Target};
use rolecall::canon;
use rolecall::engine::MatchOptions;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut paths = std::env::args().skip(1).map(PathBuf::from);
    let (Some(input), Some(output)) = (paths.next(), paths.next()) else {
        return Err("give a file of titles and a file to write".into());
    };
    let engine = canon::engine()?;
    let batch = Batch {
        engine: &engine,
        options: MatchOptions::default(),
        files: vec![input],
        input: InputSettings::default(),
        target: Target::File(output),
        format: None,
        spreadsheet: false,
        jobs: std::thread::available_parallelism().map_or(1, usize::from),
        review: None,
        resume: false,
        salt: String::new(),
    };
    let summary = batch::run(&batch, &mut |_| ControlFlow::Continue(()))?;
    println!("{} rows, {} accepted", summary.counts.rows, summary.counts.accept);
    Ok(())
}
