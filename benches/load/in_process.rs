//! Answers the same batches of a hundred titles as `scripts/load-test` sends over HTTP, without HTTP: the limit beside it.
//!
//! ```text
//! cargo bench --bench in_process -- TITLES SECONDS
//! ```

use std::time::{Duration, Instant};

use rolecall::batch;
use rolecall::canon;
use rolecall::engine::{Engine, MatchOptions};

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
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let wanted = Duration::from_secs_f64(seconds.parse()?);
    for writes in [false, true] {
        let began = Instant::now();
        // Each thread has batches of its own, as the service has them under several clients.
        let answered: usize = std::thread::scope(|scope| {
            let answering: Vec<_> = (0..threads).map(|_| scope.spawn(|| answer(&engine, &titles, wanted, writes))).collect();
            answering.into_iter().map(|thread| thread.join().unwrap_or_default()).sum()
        });
        let rate = answered as f64 / began.elapsed().as_secs_f64();
        println!("RESULT in_process_{}={rate:.1}", if writes { "written" } else { "answered" });
    }
    Ok(())
}

/// Answers batches until the time is over, and says how many titles.
fn answer(engine: &Engine, titles: &[&str], wanted: Duration, writes: bool) -> usize {
    let mut answered = 0;
    let began = Instant::now();
    while began.elapsed() < wanted {
        let rows: Vec<&str> = (0..BATCH).map(|place| titles[(answered + place) % titles.len()]).collect();
        let answers = batch::answer_all(engine, &rows, &MatchOptions::default(), 1);
        for answer in answers.iter().filter(|_| writes) {
            std::hint::black_box(serde_json::to_vec(answer.as_ref()).unwrap_or_default());
        }
        answered += BATCH;
    }
    answered
}
