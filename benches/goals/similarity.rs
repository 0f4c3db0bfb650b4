//! Measures string distances: what strsim costs where it is used, beside rapidfuzz on the same pairs.
//!
//! A distance is needed for words that nobody knows: each is measured against the words that share most letter pairs with it.

use rapidfuzz::distance::{jaro_winkler, osa};
use rolecall::holdout;
use rolecall::learn::Random;

use crate::clock::{Contender, median, ratio, rounds};
use crate::input::{Inputs, TITLES};
use crate::report::{Report, Row};

/// Words that each misspelt one is measured against, the most that the engine takes.
const MEASURED: usize = 96;

pub(crate) fn measure(inputs: &mut Inputs, report: &mut Report) {
    let bench = &inputs.benches()[0];
    let words: Vec<&str> = bench.engine.index().names.words.iter().filter(|word| word.chars().count() >= holdout::MIN_LETTERS).collect();
    let mut random = Random::new(9);
    let cases: Vec<(String, Vec<&str>)> = (0..TITLES / 10)
        .filter_map(|_| {
            let word = words[random.below(words.len())];
            let typed = holdout::misspell(word, &mut random)?;
            let length = typed.chars().count();
            let near: Vec<&str> = words.iter().copied().filter(|word| word.chars().count().abs_diff(length) <= 2).collect();
            Some((typed, (0..MEASURED).map(|_| near[random.below(near.len())]).collect()))
        })
        .collect();
    let pairs: usize = cases.iter().map(|(_, near)| near.len()).sum();
    let mut contenders: Vec<Contender<'_>> = vec![
        Box::new(|| over(&cases, |typed, near| near.iter().map(|word| strsim::osa_distance(typed, word)).sum())),
        Box::new(|| {
            over(&cases, |typed, near| {
                let scorer = osa::BatchComparator::new(typed.chars());
                near.iter().map(|word| scorer.distance(word.chars())).sum()
            });
        }),
        Box::new(|| {
            over(&cases, |typed, near| {
                let scorer = osa::BatchComparator::new(typed.chars());
                let options = osa::Args::default().score_cutoff(2);
                near.iter().filter(|word| scorer.distance_with_args(word.chars(), &options).is_some()).count()
            });
        }),
        Box::new(|| over(&cases, |typed, near| near.iter().filter(|word| strsim::jaro_winkler(typed, word) > 0.9).count())),
        Box::new(|| {
            over(&cases, |typed, near| {
                let scorer = jaro_winkler::BatchComparator::new(typed.chars());
                near.iter().filter(|word| scorer.similarity(word.chars()) > 0.9).count()
            });
        }),
    ];
    let times = rounds(&mut contenders);
    let nanoseconds = |at: usize| median(&times[at]) / pairs as f64 * 1e9;
    let mut row = |goal, figures, value| {
        report.add(Row { goal, on: "words of Canon, misspelt".to_owned(), figures, value, unit: "×", bound: None });
    };
    row("alignment distance, strsim / rapidfuzz", format!("{:.0} ns / {:.0} ns a pair", nanoseconds(0), nanoseconds(1)), ratio(&times[0], &times[1]));
    row("the same, at most two edits asked", format!("{:.0} ns / {:.0} ns a pair", nanoseconds(0), nanoseconds(2)), ratio(&times[0], &times[2]));
    row("Jaro-Winkler, strsim / rapidfuzz", format!("{:.0} ns / {:.0} ns a pair", nanoseconds(3), nanoseconds(4)), ratio(&times[3], &times[4]));
}

fn over(cases: &[(String, Vec<&str>)], mut work: impl FnMut(&str, &[&str]) -> usize) {
    let sum: usize = cases.iter().map(|(typed, near)| work(typed, near)).sum();
    std::hint::black_box(sum);
}
