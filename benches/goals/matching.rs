//! Measures the whole answer to a title, nothing kept from others, against tantivy's best fifty names by BM25.

use rolecall::engine::MatchOptions;

use crate::clock::{Contender, each, median, quantile, ratio, rounds};
use crate::input::Inputs;
use crate::limits::Limits;
use crate::report::{Bound, Report, Row};

pub(crate) fn measure(inputs: &mut Inputs, report: &mut Report) {
    let options = MatchOptions::default();
    for bench in inputs.benches() {
        let engine = &bench.engine;
        let mut limits = Limits::new(engine.index());
        let mut contenders: Vec<Contender<'_>> = vec![
            Box::new(|| bench.titles.iter().for_each(|title| drop(std::hint::black_box(engine.classify(title, &options))))),
            Box::new(|| bench.titles.iter().for_each(|title| drop(std::hint::black_box(limits.by_words(title))))),
            Box::new(|| {
                bench.titles.iter().for_each(|title| {
                    drop(std::hint::black_box(serde_json::to_vec(&engine.classify(title, &options)).expect("an answer is plain data")));
                });
            }),
        ];
        let times = rounds(&mut contenders);
        drop(contenders);
        let mean = |times: &[f64]| median(times) / bench.titles.len() as f64 * 1e6;
        report.add(Row {
            goal: "match / tantivy BM25, top 50 with codes",
            on: bench.name.to_owned(),
            figures: format!("{:.1} µs / {:.1} µs", mean(&times[0]), mean(&times[1])),
            value: ratio(&times[0], &times[1]),
            unit: "×",
            bound: Some(Bound::AtMost(if bench.learned { 4.0 } else { 2.5 })),
        });
        report.add(Row {
            goal: "the same with the answer written as JSON",
            on: bench.name.to_owned(),
            figures: format!("{:.1} µs", mean(&times[2])),
            value: ratio(&times[2], &times[1]),
            unit: "×",
            bound: None,
        });
        let single = each(&bench.titles, |title| drop(std::hint::black_box(engine.classify(title, &options))));
        let (p50, p99) = (quantile(&single, 0.5) * 1e6, quantile(&single, 0.99) * 1e6);
        report.add(Row {
            goal: "match p99 / p50",
            on: bench.name.to_owned(),
            figures: format!("{p99:.1} µs / {p50:.1} µs"),
            value: p99 / p50,
            unit: "×",
            bound: Some(Bound::AtMost(3.0)),
        });
    }
}
