//! Answers one title with the built-in Canon: `cargo run --example one_title -- "Sr. DevOps Eng (Remote)"`.

use rolecall::canon;
use rolecall::engine::MatchOptions;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let title = std::env::args().nth(1).unwrap_or_else(|| "Sr. DevOps Eng (Remote)".to_owned());
    let engine = canon::engine()?;
    let answer = engine.classify(&title, &MatchOptions::default());
    println!("{}: {}", answer.input, answer.decision.name());
    for role in &answer.candidates {
        println!("  {:.2}  {}  {}", role.confidence, role.code, role.title);
    }
    Ok(())
}
