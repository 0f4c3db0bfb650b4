//! Measures how long a public taxonomy takes from its files to an index without learning.

use std::path::Path;
use std::time::Instant;

use rolecall::build::{self, BuildOptions};
use rolecall::import::{self, EscoOptions, Imported};

use crate::clock;
use crate::input::{Inputs, kept};
use crate::report::{Bound, Report, Row};

pub(crate) fn measure(inputs: &mut Inputs, report: &mut Report) {
    let Some(data) = inputs.data.clone() else {
        report.skip("import and index of O*NET and ESCO: there is no data");
        return;
    };
    let folders = ["esco_1_2_1", "esco_other_languages"].map(|folder| data.join(folder));
    let esco: Vec<&Path> = folders.iter().map(|folder| folder.as_path()).collect();
    run(report, "O*NET", 5.0, || import::onet(&data.join("onet_27_0")).expect("O*NET is read"));
    run(report, "ESCO in nine languages", 15.0, || import::esco(&esco, EscoOptions::default()).expect("ESCO is read"));
}

fn run(report: &mut Report, on: &str, bound: f64, import: impl FnOnce() -> Imported) {
    let (before, began) = (clock::process(), Instant::now());
    let taxonomy = import().taxonomy;
    let imported = began.elapsed().as_secs_f64();
    let options = BuildOptions { learn: false, ..BuildOptions::default() };
    let parts = build::build(taxonomy, &[], &options, &|_| ()).expect("tantivy writes to memory");
    parts.write(&kept("indexed.bin")).expect("the target folder can be written");
    let (spent, took) = (clock::process() - before, began.elapsed().as_secs_f64());
    report.add(Row {
        goal: "import and index without learning",
        on: format!("{on}, {} names", parts.manifest.names),
        figures: format!("on the wall {took:.2} s, of which import {imported:.2} s; processor time {spent:.2} s"),
        value: took,
        unit: "s",
        bound: Some(Bound::AtMost(bound)),
    });
}
