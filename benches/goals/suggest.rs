//! Measures completion while typing: beginnings of words as they are, and with a slip.

use rolecall::engine::SuggestKind;
use rolecall::holdout;
use rolecall::learn::Random;

use crate::clock::{each, quantile};
use crate::input::{Inputs, TITLES};
use crate::report::{Bound, Report, Row};

/// Longest beginning that is typed.
const MOST_LETTERS: usize = 10;
/// Suggestions asked for.
const LIMIT: usize = 10;
/// Fewest letters in which a slip is undone.
const LEAST_LETTERS_WITH_SLIP: usize = 5;

pub(crate) fn measure(inputs: &mut Inputs, report: &mut Report) {
    for bench in inputs.benches().iter().filter(|bench| bench.learned) {
        let engine = &bench.engine;
        let names = &engine.index().names;
        let mut random = Random::new(3);
        let mut exact: Vec<String> = Vec::with_capacity(TITLES);
        let mut slips: Vec<String> = Vec::with_capacity(TITLES);
        while slips.len() < TITLES {
            let text = names.texts.get(random.below(names.len()) as u32);
            let starts: Vec<usize> = std::iter::once(0).chain(text.match_indices(' ').map(|(at, _)| at + 1)).collect();
            let from = &text[starts[random.below(starts.len())]..];
            let letters = 1 + random.below(MOST_LETTERS);
            let prefix: String = from.chars().take(letters).collect();
            if !prefix.trim().is_empty() && exact.len() < TITLES {
                exact.push(prefix.clone());
            }
            if letters >= LEAST_LETTERS_WITH_SLIP
                && let Some(slip) = holdout::misspell_by(&prefix, 1, &mut random)
                && engine.suggest(&slip, LIMIT).first().is_none_or(|first| first.kind == SuggestKind::Typo)
            {
                slips.push(slip);
            }
        }
        for (goal, prefixes, bound) in [("suggest p99, beginnings of words", &exact, 25.0), ("suggest p99, with a slip", &slips, 300.0)] {
            let times = each(prefixes, |prefix| drop(std::hint::black_box(engine.suggest(prefix, LIMIT))));
            report.add(Row {
                goal,
                on: format!("{}, {} names", bench.name.split(',').next().unwrap_or_default(), names.len()),
                figures: format!("p50 {:.1} µs, p90 {:.1} µs", quantile(&times, 0.5) * 1e6, quantile(&times, 0.9) * 1e6),
                value: quantile(&times, 0.99) * 1e6,
                unit: "µs",
                bound: Some(Bound::AtMost(bound)),
            });
        }
    }
}
