//! Lists of titles through the program: formats, encodings, bad rows, resuming. Properties of batches as such stand in
//! `src/batch/tests.rs`.

use std::time::{Duration, Instant};

use crate::util::{WorkDir, root, table, tiny_index};

#[test]
fn the_example_is_answered_whole() {
    let work = WorkDir::new();
    let example = root().join("examples/titles.csv");
    let ran = work.run(&["classify", &example.display().to_string(), "-o", "coded.csv"]).exits(0).says("213 rows");
    assert!(ran.stdout.is_empty());
    let (before, after) = (table(&std::fs::read_to_string(&example).expect("it is there")), table(&work.read("coded.csv")));
    assert_eq!(before.len(), after.len());
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before[..], after[..before.len()], "columns are kept in order");
    }
    let decision = before[0].len();
    let accepted = after.iter().filter(|row| row[decision] == "accept").count();
    assert!(accepted > 20, "only {accepted} accepted");
}

#[test]
fn stdin_goes_to_stdout() {
    let work = WorkDir::new();
    let ran = work.run_with(&["classify", "--index", tiny_index()], "Senior DevOps Engineer\nManager, Sales\n").exits(0);
    let rows = table(&ran.stdout);
    assert_eq!(rows[0][..3], ["title", "rolecall_decision", "rolecall_code"]);
    assert_eq!(rows[1][2], "DEI.GEN.P5");
    assert_eq!(rows[2][0], "Manager, Sales");
    let json = work.run_with(&["classify", "--index", tiny_index(), "-", "--format", "jsonl", "--top", "1"], "id\ttitle\nx\tNurse\n");
    let line = &json.exits(0).json()[0];
    assert_eq!(line["id"], "1");
    assert_eq!(line["input_row"]["id"], "x");
    assert_eq!(line["input"], "Nurse");
    assert!(line["candidates"].as_array().is_some_and(|found| found.len() <= 1));
}

#[test]
fn encodings_are_named_and_read() {
    let work = WorkDir::new();
    let index = tiny_index();
    work.file("latin.csv", b"title\nK\xf6chin\n");
    let utf16: Vec<u8> = "\u{feff}title\r\nK\u{f6}chin\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    work.file("wide.csv", utf16);
    work.run(&["classify", "--index", index, "latin.csv"]).exits(3).says("--encoding windows-1252");
    work.run(&["classify", "--index", index, "wide.csv"]).exits(3).says("--encoding utf-16");
    for (file, encoding) in [("latin.csv", "latin1"), ("wide.csv", "utf-16")] {
        let ran = work.run(&["classify", "--index", index, file, "--encoding", encoding]).exits(0);
        assert_eq!(table(&ran.stdout)[1][0], "K\u{f6}chin", "{file}");
    }
}

#[test]
fn bad_rows_are_told_and_kept() {
    let work = WorkDir::new();
    work.file("in.csv", "id,title\n1,Nurse\n2,Manager, Sales\n3,Nurse\n");
    let ran = work.run(&["classify", "--index", tiny_index(), "in.csv", "-o", "out.csv"]).exits(3);
    let ran = ran.says("in.csv:3: 3 cells where the header has 2").says("1 row could not be answered");
    assert!(ran.stderr.contains("3 rows:"), "{}", ran.stderr);
    let rows = table(&work.read("out.csv"));
    assert_eq!(rows.len(), 4);
    assert_eq!(rows[2][..3], ["2", "Manager", ""]);
    assert!(rows[2].last().is_some_and(|error| error.contains("[\" Sales\"]")));
}

#[test]
fn empty_and_header_only_files() {
    let work = WorkDir::new();
    work.file("empty.csv", "");
    work.file("header.csv", "id,title\r\n");
    work.run(&["classify", "--index", tiny_index(), "empty.csv", "-o", "out.csv"]).exits(3).says("is empty");
    assert!(!work.path("out.csv").exists());
    work.run(&["classify", "--index", tiny_index(), "header.csv", "-o", "out.csv"]).exits(0).says("0 rows");
    assert_eq!(work.read("out.csv").lines().count(), 1);
}

#[test]
fn titles_with_line_ends_stay_one_row() {
    let work = WorkDir::new();
    work.file("in.csv", "title,id\r\n\"Senior\nDevOps Engineer\",1\r\nNurse,2\r\n");
    let ran = work.run(&["classify", "--index", tiny_index(), "in.csv"]).exits(0);
    let rows = table(&ran.stdout);
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[1][..2], ["Senior\nDevOps Engineer", "1"]);
    assert_eq!(rows[2][..2], ["Nurse", "2"]);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let work = WorkDir::new();
    let titles: String = (0..6000).map(|row| format!("{},Senior DevOps Engineer {}\n", row, row % 2500)).collect();
    work.file("in.csv", format!("id,title\n{titles}"));
    let output = |jobs: &str| work.run(&["classify", "--index", tiny_index(), "in.csv", "--jobs", jobs]).exits(0).stdout;
    assert_eq!(output("1"), output("3"));
}

#[test]
fn a_killed_run_is_resumed_to_the_same_bytes() {
    let work = WorkDir::new();
    // Enough distinct titles to be still at it when the first note has been written.
    let words = ["nurse", "driver", "baker", "engineer", "clerk", "teacher", "welder"];
    let titles: String = (0..400_000)
        .map(|row| format!("{row},{} {} of {}{row}\n", words[row % 7], words[row / 7 % 7], words[row / 49 % 7]))
        .collect();
    work.file("in.csv", format!("id,title\n{titles}"));
    let arguments = ["classify", "--index", tiny_index(), "in.csv", "-o", "out.csv", "--resume"];
    let mut child = work.command(&arguments).stderr(std::process::Stdio::null()).spawn().expect("the program starts");
    let started = Instant::now();
    let rows_noted = || {
        let note = std::fs::read_to_string(work.path("out.csv.partial.json")).unwrap_or_default();
        serde_json::from_str::<serde_json::Value>(&note).ok().and_then(|note| note["counts"]["rows"].as_u64()).unwrap_or(0)
    };
    while rows_noted() == 0 {
        assert!(started.elapsed() < Duration::from_secs(120), "no note was written");
        assert!(child.try_wait().expect("it can be asked").is_none(), "the list is too short to be killed in the middle");
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
    assert!(!work.path("out.csv").exists(), "the output appears when it is whole");
    assert!(rows_noted() > 0);
    work.run(&arguments).exits(0).says("rows from an earlier run").says("400000 rows");
    assert!(!work.path("out.csv.partial").exists());
    work.run(&["classify", "--index", tiny_index(), "in.csv", "-o", "whole.csv"]).exits(0);
    assert!(work.read("out.csv") == work.read("whole.csv"), "the resumed output differs");
}

#[test]
fn codes_of_other_schemes_are_given() {
    let work = WorkDir::new();
    work.file("in.csv", "title\nSenior DevOps Engineer\n");
    let ran = work.run(&["classify", "in.csv", "--emit", "soc,isco"]).exits(0);
    let rows = table(&ran.stdout);
    let column = |name: &str| rows[0].iter().position(|known| known == name).unwrap_or_else(|| panic!("no column {name}"));
    assert!(rows[1][column("rolecall_soc")].starts_with("15-"), "{rows:?}");
    assert_eq!(rows[0].last().map(String::as_str), Some("rolecall_error"));
}

#[cfg(not(feature = "parquet"))]
#[test]
fn a_program_without_parquet_says_how_to_get_one_with_it() {
    let work = WorkDir::new();
    work.file("titles.csv", "title\nNurse\n");
    let cases: [&[&str]; 3] = [
        &["classify", "--index", tiny_index(), "titles.csv", "-o", "coded.parquet"],
        &["classify", "--index", tiny_index(), "titles.csv", "--format", "parquet"],
        &["classify", "--index", tiny_index(), "titles.parquet"],
    ];
    for arguments in cases {
        work.run(arguments).exits(2).says("cargo install --path . --features parquet");
    }
}
