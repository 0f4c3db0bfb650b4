//! Measures memory in processes of their own, so that nothing else of this program is counted.

use std::path::{Path, PathBuf};
use std::process::Command;

use rolecall::engine::{Engine, MatchOptions};

use crate::input::{Inputs, canon_index_without_learning, messy_titles, onet_index};
use crate::report::{Bound, Report, Row};

/// Names the index that a child process opens.
const VARIABLE: &str = "ROLECALL_BENCH_MEMORY_OF";
/// Titles asked before memory is read, so that everything made when first used is there.
const ASKED: usize = 500;

/// The index whose memory this process was called to measure.
pub(crate) fn requested() -> Option<PathBuf> {
    std::env::var_os(VARIABLE).map(PathBuf::from)
}

/// Opens the index, uses all of it and prints: kilobytes before, kilobytes after, names.
pub(crate) fn run(index: &Path) {
    let before = resident().unwrap_or(f64::NAN);
    let engine = Engine::open(index).expect("the index opens");
    for title in messy_titles(engine.index(), ASKED, 5) {
        drop(engine.classify(&title, &MatchOptions::default()));
        drop(engine.suggest(&title, 5));
    }
    println!("{before} {} {}", resident().unwrap_or(f64::NAN), engine.index().names.len());
}

/// Kilobytes of memory of this process that are no file's.
fn resident() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"))?;
    line.trim().split(' ').next()?.parse().ok()
}

pub(crate) fn measure(inputs: &mut Inputs, report: &mut Report) {
    if resident().is_none() {
        report.skip("memory: /proc/self/status does not tell it on this system");
        return;
    }
    let mut indexes = vec![("Canon, learned parameters apart".to_owned(), canon_index_without_learning(), true)];
    if let Some(data) = &inputs.data {
        indexes.push(("O*NET, learned parameters apart".to_owned(), onet_index(data, false), true));
        indexes.push(("O*NET, with learned parameters".to_owned(), onet_index(data, true), false));
    }
    for (on, index, bounded) in indexes {
        let child = Command::new(std::env::current_exe().expect("this program has a path")).env(VARIABLE, &index).output();
        let printed = String::from_utf8(child.expect("the child runs").stdout).expect("it prints numbers");
        let numbers: Vec<f64> = printed.split_whitespace().filter_map(|number| number.parse().ok()).collect();
        let [before, after, names] = numbers[..] else { panic!("the child printed {printed:?}") };
        report.add(Row {
            goal: "memory above the base, a name",
            on,
            figures: format!("{:.1} MB for {names} names", (after - before) / 1e3),
            value: (after - before) / names,
            unit: "KB",
            bound: bounded.then_some(Bound::AtMost(0.5)),
        });
    }
}
