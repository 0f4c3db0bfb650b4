//! Measures how candidates are proposed against the union of letter trigrams in tantivy.
//!
//! The engine keeps no postings of letter grams: the learned channel has letter grams among its features and stands in their
//! place. What is measured is all that the engine does to propose candidates: word sums over names and texts, the learned
//! channel, tantivy's best names, and the choice of the best.

use rolecall::retrieve;

use crate::clock::{Contender, median, ratio, rounds};
use crate::input::Inputs;
use crate::limits::Limits;
use crate::report::{Bound, Report, Row};

pub(crate) fn measure(inputs: &mut Inputs, report: &mut Report) {
    for bench in inputs.benches() {
        let index = bench.engine.index();
        let limits = Limits::new(index);
        let queries: Vec<_> = bench.titles.iter().map(|title| bench.engine.analyze(title, None)).collect();
        let mut contenders: Vec<Contender<'_>> = vec![
            Box::new(|| queries.iter().for_each(|query| drop(std::hint::black_box(retrieve::evidence(index, query))))),
            Box::new(|| bench.titles.iter().for_each(|title| drop(std::hint::black_box(limits.by_grams(title))))),
        ];
        let times = rounds(&mut contenders);
        let each = |times: &[f64]| median(times) / bench.titles.len() as f64 * 1e6;
        report.add(Row {
            goal: "candidates / tantivy trigram union, top 50",
            on: bench.name.to_owned(),
            figures: format!("{:.1} µs / {:.1} µs", each(&times[0]), each(&times[1])),
            value: ratio(&times[0], &times[1]),
            unit: "×",
            bound: Some(Bound::AtMost(0.125)),
        });
    }
}
