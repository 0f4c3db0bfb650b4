//! Measures a cold start: the whole program from its call to the first answer, with the built-in Canon.

use std::process::{Command, Stdio};
use std::time::Instant;

use crate::clock::{median, quantile};
use crate::input::Inputs;
use crate::report::{Bound, Report, Row};

/// Calls of each kind, taking turns.
const CALLS: usize = 30;

pub(crate) fn measure(_: &mut Inputs, report: &mut Report) {
    let program = env!("CARGO_BIN_EXE_rolecall");
    let call = |arguments: &[&str]| {
        let began = Instant::now();
        let status = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status().expect("the program runs");
        assert!(status.success(), "{arguments:?} ended with {status}");
        began.elapsed().as_secs_f64() * 1e3
    };
    let kinds: [(&str, &[&str]); 4] = [
        ("match \"Sr DevOps Eng\"", &["match", "Sr DevOps Eng"]),
        ("match \"Sr DevOps Eng Wizard\"", &["match", "Sr DevOps Eng Wizard"]),
        ("suggest devo", &["suggest", "devo"]),
        ("--version", &["--version"]),
    ];
    let mut times = vec![Vec::new(); kinds.len()];
    for _ in 0..CALLS {
        for ((_, arguments), times) in kinds.iter().zip(&mut times) {
            times.push(call(arguments));
        }
    }
    let nothing = quantile(&times[3], 0.0);
    for (number, (what, _)) in kinds.iter().enumerate().take(3) {
        let bound = (number == 0).then_some(Bound::AtMost(100.0));
        report.add(Row {
            goal: "cold start to the first answer",
            on: format!("Canon built in, {what}"),
            figures: format!("on the wall: median {:.1} ms, best of {CALLS} {:.1} ms; --version {nothing:.1} ms", median(&times[number]), quantile(&times[number], 0.0)),
            value: median(&times[number]),
            unit: "ms",
            bound,
        });
    }
}
