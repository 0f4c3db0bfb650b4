//! Turns the goals of speed and memory into a table of ratios, each measured in one run against a limit measured beside it.
//!
//! ```text
//! cargo bench --bench goals                    every part
//! cargo bench --bench goals -- match suggest   some parts
//! cargo bench --bench goals -- --record        also a file under benches/runs/
//! ```
//!
//! A *limit* is a plain way to do the same work on the same machine at the same time, mostly one that tantivy offers.
//! Contenders take turns, round by round, and a ratio is the median over the rounds of the ratio within a round, so that a
//! busy machine slows both sides. Where no thread waits, time is the thread's own processor time.

mod candidates;
mod child;
mod clock;
mod indexing;
mod input;
mod limits;
mod lists;
mod matching;
mod report;
mod similarity;
mod start;
mod suggest;

use input::Inputs;
use report::Report;

type Part = fn(&mut Inputs, &mut Report);

const PARTS: [(&str, Part); 8] = [
    ("candidates", candidates::measure),
    ("match", matching::measure),
    ("list", lists::measure),
    ("suggest", suggest::measure),
    ("start", start::measure),
    ("memory", child::measure),
    ("index", indexing::measure),
    ("similarity", similarity::measure),
];

fn main() {
    if let Some(work) = child::requested() {
        child::run(&work);
        return;
    }
    // Cargo adds `--bench`.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let wanted: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with("--")).collect();
    if let Some(unknown) = wanted.iter().find(|wanted| !PARTS.iter().any(|(name, _)| name == **wanted)) {
        let names: Vec<&str> = PARTS.iter().map(|(name, _)| *name).collect();
        eprintln!("there is no part {unknown:?}: choose among {}", names.join(", "));
        std::process::exit(2);
    }
    let mut report = Report::default();
    let mut inputs = Inputs::new(&mut report);
    for (name, part) in PARTS {
        if wanted.is_empty() || wanted.iter().any(|wanted| *wanted == name) {
            eprintln!("measuring: {name}");
            part(&mut inputs, &mut report);
        }
    }
    print!("{}", report.markdown(&arguments));
    if arguments.iter().any(|argument| argument == "--record") {
        let path = report.record(&arguments);
        eprintln!("{}: written", path.display());
    }
}
