//! Answers with a taxonomy of one's own: reads a list of codes, titles and aliases, indexes it in memory and asks it.

use rolecall::build::{self, BuildOptions};
use rolecall::engine::{Engine, MatchOptions};
use rolecall::import::{self, CsvOptions};
use rolecall::index::Index;

const LIST: &str = "\
code,title,alias
10,Baker,
10,,Pastry Chef
20,Bus Driver,
20,,Coach Driver
30,Bank Teller,
";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let list = import::csv_text("list.csv", LIST, &CsvOptions::default())?;
    for notice in &list.notices {
        eprintln!("{notice}");
    }
    // Six names are too few to learn from; they are found by their words.
    let options = BuildOptions { learn: false, ..BuildOptions::default() };
    let parts = build::build(list.taxonomy, &[], &options, &|_| ())?;
    let engine = Engine::new(Index::assemble(parts))?;
    for title in ["coach driver (part time)", "baker", "tellers, bank"] {
        let answer = engine.classify(title, &MatchOptions::default());
        let code = answer.candidates.first().map_or("none", |role| role.code.as_str());
        println!("{title}: {} {code}", answer.decision.name());
    }
    Ok(())
}
