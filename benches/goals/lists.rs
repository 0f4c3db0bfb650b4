//! Measures lists: what two threads give over one, and what a list costs beside the answers to its distinct titles.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Instant;

use rolecall::batch::{self, Batch, InputSettings, Target};
use rolecall::engine::MatchOptions;
use rolecall::learn::Random;

use crate::clock::{self, ROUNDS, quantile};
use crate::input::{Bench, Inputs, kept, messy_titles};
use crate::report::{Bound, Report, Row};

/// Rows of the long list.
const ROWS: usize = 1_000_000;
/// Distinct titles among them: the share that a list of real vacancies had.
const DISTINCT: usize = 130_000;
/// Distinct titles answered one by one beside the list; the others cost as much on average.
const SAMPLE: usize = 10_000;
/// Seed of the list.
const SEED: u64 = 1;

pub(crate) fn measure(inputs: &mut Inputs, report: &mut Report) {
    for bench in inputs.benches().iter().filter(|bench| bench.learned) {
        two_threads(bench, report);
    }
    long_list(&inputs.benches()[0], report);
}

/// Waiting threads have no processor time, so this is the time on the wall. Other programs only ever slow it down: the best
/// round of each counts.
fn two_threads(bench: &Bench, report: &mut Report) {
    if std::thread::available_parallelism().map_or(1, usize::from) < 2 {
        report.skip("two threads against one: there is one processor");
        return;
    }
    let options = MatchOptions::default();
    let titles: Vec<&str> = bench.titles.iter().map(String::as_str).collect();
    let mut times = [Vec::new(), Vec::new()];
    let mut cpu = [Vec::new(), Vec::new()];
    for _ in 0..3 * ROUNDS {
        for jobs in [1, 2] {
            let (before, began) = (clock::process(), Instant::now());
            drop(std::hint::black_box(batch::answer_all(&bench.engine, &titles, &options, jobs)));
            times[jobs - 1].push(began.elapsed().as_secs_f64());
            cpu[jobs - 1].push(clock::process() - before);
        }
    }
    let best = times.map(|times| quantile(&times, 0.0));
    let spent = cpu.map(|cpu| quantile(&cpu, 0.0));
    report.add(Row {
        goal: "titles a second, two threads / one",
        on: bench.name.to_owned(),
        figures: format!(
            "{:.0} / {:.0} titles a second; processor time {:.2} ×",
            titles.len() as f64 / best[1],
            titles.len() as f64 / best[0],
            spent[1] / spent[0]
        ),
        value: best[0] / best[1],
        unit: "×",
        bound: Some(Bound::AtLeast(1.8)),
    });
}

fn long_list(bench: &Bench, report: &mut Report) {
    let titles = messy_titles(bench.engine.index(), DISTINCT, SEED);
    let path = write_list(&titles);
    let options = MatchOptions::default();
    let sample: Vec<&String> = titles.iter().step_by(DISTINCT / SAMPLE).collect();
    let single = || {
        let work = || sample.iter().for_each(|title| drop(std::hint::black_box(bench.engine.classify(title, &options))));
        clock::timed(work) / sample.len() as f64
    };
    single();
    let before = single();
    let list = Batch {
        engine: &bench.engine,
        options: options.clone(),
        files: vec![path],
        input: InputSettings::default(),
        target: Target::File(kept("list-coded.csv")),
        format: None,
        spreadsheet: false,
        jobs: 1,
        review: None,
        resume: false,
        salt: String::new(),
    };
    let started = clock::process();
    let summary = batch::run(&list, &mut |_| ControlFlow::Continue(())).expect("the list is answered");
    let took = clock::process() - started;
    // Before and after, as the machine may have changed meanwhile.
    let one = (before + single()) / 2.0;
    report.add(Row {
        goal: "list of 1 M rows, 13 % distinct / distinct × match",
        on: bench.name.to_owned(),
        figures: format!("{took:.2} s / {:.2} s; {} answered for {DISTINCT} distinct", one * DISTINCT as f64, summary.answered),
        value: took / (one * DISTINCT as f64),
        unit: "×",
        bound: Some(Bound::AtMost(1.25)),
    });
}

/// Every title once and the other rows drawn so that some titles are common and most are rare, in random order.
fn write_list(titles: &[String]) -> PathBuf {
    let mut random = Random::new(SEED);
    let mut rows: Vec<usize> = (0..titles.len()).collect();
    rows.extend((titles.len()..ROWS).map(|_| {
        let share = f64::from(random.unit());
        ((titles.len() as f64).powf(share) as usize - 1).min(titles.len() - 1)
    }));
    random.shuffle(&mut rows);
    let path = kept("list.csv");
    let mut file = csv::Writer::from_path(&path).expect("the target folder can be written");
    file.write_record(["id", "title", "place"]).expect("a row is written");
    for (number, row) in rows.iter().enumerate() {
        file.write_record([number.to_string().as_str(), &titles[*row], "Berlin"]).expect("a row is written");
    }
    file.flush().expect("the list is written");
    path
}
