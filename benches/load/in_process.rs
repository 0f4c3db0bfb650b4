//! Answers the same batches of a hundred titles as `scripts/load-test` sends over HTTP, without HTTP: the limit beside it.
//!
//! ```text
//! cargo bench --bench in_process -- TITLES SECONDS
//! ```

use std::time::{Duration, Instant};

use rolecall::batch;
use rolecall::canon;
use rolecall::engine::MatchOptions;

/// Titles in a batch.
const BATCH: usize = 100;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let (Some(path), Some(seconds)) = (arguments.next(), arguments.next()) else {
        return Err("give a file with a title a line, and seconds".into());
    };
    let text = std::fs::read_to_string(path)?;
    let titles: Vec<&str> = text.lines().collect();
    let engine = canon::engine()?;
    let jobs = std::thread::available_parallelism().map_or(1, usize::from);
    let wanted = Duration::from_secs_f64(seconds.parse()?);
    for writes in [false, true] {
        let (mut answered, mut bytes) = (0, 0);
        let began = Instant::now();
        while began.elapsed() < wanted {
            let rows: Vec<&str> = (0..BATCH).map(|place| titles[(answered + place) % titles.len()]).collect();
            let answers = batch::answer_all(&engine, &rows, &MatchOptions::default(), jobs);
            if writes {
                bytes += serde_json::to_vec(&answers)?.len();
            }
            answered += BATCH;
        }
        let rate = answered as f64 / began.elapsed().as_secs_f64();
        let name = if writes { "written" } else { "answered" };
        println!("RESULT in_process_{name}={rate:.1} bytes={bytes}");
    }
    Ok(())
}
