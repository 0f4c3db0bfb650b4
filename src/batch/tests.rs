//! Properties of whole batches: order, columns, threads, bad rows, interruption.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::*;
use crate::build::{self, BuildOptions};
use crate::engine::{Engine, MatchOptions};
use crate::index::Index;

fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| {
        let taxonomy = crate::corpus::load(Path::new("tests/corpus")).expect("the tiny taxonomy loads").taxonomy;
        let options = BuildOptions { learn: false, ..BuildOptions::default() };
        let parts = build::build(taxonomy, &[], &options, &|_| ()).expect("it builds");
        Engine::new(Index::assemble(parts)).expect("it opens")
    })
}

pub(super) struct Folder(tempfile::TempDir);

impl Folder {
    pub(super) fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder can be made"))
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(super) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        std::fs::write(self.path(name), content).expect("the folder can be written");
        self.path(name)
    }

    pub(super) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect("the file is there")
    }
}

pub(super) fn batch(input: PathBuf, output: PathBuf) -> Batch<'static> {
    Batch {
        engine: engine(),
        options: MatchOptions::default(),
        files: vec![input],
        input: InputSettings::default(),
        target: Target::File(output),
        format: None,
        spreadsheet: false,
        jobs: 2,
        review: None,
        resume: false,
        salt: String::new(),
    }
}

pub(super) fn run_through(batch: &Batch<'_>) -> Result<Summary, BatchError> {
    run(batch, &mut |_| ControlFlow::Continue(()))
}

/// Rows of a CSV as lists of cells, the header included.
fn table(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|row| row.expect("all rows are as wide").iter().map(str::to_owned).collect()).collect()
}

/// A list of many rows, more than a chunk, with repeated titles.
fn long_list() -> String {
    let titles = ["Senior DevOps Engineer", "Nurse", "accountant ii", "???", "Truck Driver (m/f/d)", "unheard of"];
    let rows = (0..10_000).map(|row| format!("{row},{} {},x\n", titles[row % titles.len()], if row % 7 == 0 { row } else { 0 }));
    std::iter::once("id,title,note\n".to_owned()).chain(rows).collect()
}

#[test]
fn every_row_comes_out_in_order_with_all_its_columns() {
    let folder = Folder::new();
    let text = "id,Job Title,\"a \"\"note\"\"\"\n7,\"Engineer,\nDevOps\",\n8,Senior DevOps Engineer,\"x,y\"\n\n9,,\u{e9}\n";
    let batch = batch(folder.file("in.csv", text), folder.path("out.csv"));
    let summary = run_through(&batch).expect("it runs");
    let rows = table(&folder.read("out.csv"));
    assert_eq!(rows.len(), 4);
    assert_eq!(rows[0][..4], ["id", "Job Title", "a \"note\"", "rolecall_decision"]);
    assert_eq!(rows[0].last().map(String::as_str), Some("rolecall_error"));
    assert_eq!(rows[1][..3], ["7", "Engineer,\nDevOps", ""]);
    assert_eq!(rows[2][..5], ["8", "Senior DevOps Engineer", "x,y", &rows[2][3], "DEI.GEN.P5"]);
    assert_eq!(rows[3][2..5], ["\u{e9}", "reject", ""]);
    assert_eq!(summary.counts.rows, 3);
    assert!(!folder.path("out.csv.partial").exists() && !folder.path("out.csv.partial.json").exists());
}

#[test]
fn the_output_does_not_depend_on_the_threads() {
    let folder = Folder::new();
    let input = folder.file("in.csv", long_list());
    for format in [OutputFormat::Csv, OutputFormat::Jsonl] {
        let mut outputs = Vec::new();
        for jobs in [1, 2, 5] {
            let batch = Batch {
                jobs,
                format: Some(format),
                review: Some(folder.path("review")),
                ..batch(input.clone(), folder.path("out"))
            };
            let summary = run_through(&batch).expect("it runs");
            outputs.push((folder.read("out"), folder.read("review"), summary));
        }
        assert_eq!(outputs[0], outputs[1], "{format:?}");
        assert_eq!(outputs[0], outputs[2], "{format:?}");
        assert_eq!(outputs[0].0.lines().count(), 10_000 + usize::from(format == OutputFormat::Csv));
        assert!(outputs[0].2.answered < 1_500, "repeated titles are answered once");
    }
}

#[test]
fn an_interrupted_output_is_continued_to_the_same_bytes() {
    let folder = Folder::new();
    let input = folder.file("in.csv", long_list());
    let whole = Batch { review: Some(folder.path("whole.review")), ..batch(input.clone(), folder.path("whole.csv")) };
    let expected = run_through(&whole).expect("it runs");
    let cut = Batch { review: Some(folder.path("cut.review")), resume: true, ..batch(input.clone(), folder.path("cut.csv")) };
    let mut stops = 0;
    let summary = loop {
        match run(&cut, &mut |_| ControlFlow::Break(())) {
            Err(BatchError::Stopped { .. }) => stops += 1,
            Ok(summary) => break summary,
            Err(error) => panic!("{error}"),
        }
        assert!(!folder.path("cut.csv").exists(), "an output appears when it is whole");
        // What was written after the last note is written again, not twice.
        let mut partial = std::fs::OpenOptions::new().append(true).open(folder.path("cut.csv.partial")).expect("it is there");
        std::io::Write::write_all(&mut partial, b"half a ro").expect("it can be written");
    };
    assert_eq!(stops, 3);
    assert_eq!(folder.read("cut.csv"), folder.read("whole.csv"));
    assert_eq!(folder.read("cut.review"), folder.read("whole.review"));
    assert_eq!(summary.counts, expected.counts);
    assert_eq!(summary.resumed, 10_000);
}

#[test]
fn another_input_or_question_is_not_continued() {
    let folder = Folder::new();
    let input = folder.file("in.csv", long_list());
    let stop = |batch: &Batch<'_>| match run(batch, &mut |_| ControlFlow::Break(())) {
        Err(BatchError::CannotResume { reason, .. }) => reason,
        other => format!("{other:?}"),
    };
    let first = Batch { resume: true, ..batch(input.clone(), folder.path("out.csv")) };
    assert!(stop(&first).contains("Stopped"));
    let other_question = Batch { options: MatchOptions { limit: 2, ..MatchOptions::default() }, ..first.clone() };
    assert!(stop(&other_question).contains("options"));
    let other_salt = Batch { salt: "x".to_owned(), ..first.clone() };
    assert!(stop(&other_salt).contains("options"));
    folder.file("in.csv", long_list() + "1,Nurse,\n");
    assert!(stop(&first).contains("input has changed"));
    folder.file("in.csv", long_list());
    folder.file("out.csv.partial", "");
    assert!(stop(&first).contains("shorter"));
    std::fs::remove_file(folder.path("out.csv.partial.json")).expect("it is there");
    assert!(stop(&first).contains("missing"));
}

#[test]
fn bad_rows_come_out_with_their_error() {
    let folder = Folder::new();
    let text = b"id,title\n1,Nurse\n2,Manager, Sales\n3\n4,N\xffrse\n5,G\xc3\xa4rtner\n6,\"open\n7,Nurse\n".to_vec();
    let batch = batch(folder.file("in.csv", text), folder.path("out.csv"));
    let summary = run_through(&batch).expect("bad rows stop nothing");
    let rows = table(&folder.read("out.csv"));
    assert_eq!(rows.len(), 8);
    assert_eq!(rows[1..].iter().map(|row| row[0].as_str()).collect::<Vec<_>>(), ["1", "2", "3", "4", "5", "6", "7"]);
    let errors: Vec<&str> = rows[1..].iter().map(|row| row.last().map_or("", String::as_str)).collect();
    let expected = ["", "3 cells where the header has 2", "1 cells where the header has 2", "not UTF-8", "", "a quote is never closed", ""];
    for (error, expected) in errors.iter().zip(expected) {
        assert!(error.starts_with(expected) && error.is_empty() == expected.is_empty(), "{error:?} begins with {expected:?}");
    }
    assert!(errors[1].contains("[\" Sales\"]"), "what has no column is kept: {}", errors[1]);
    assert!(rows[2][2..rows[2].len() - 1].iter().all(String::is_empty), "a bad row has no answer");
    assert_eq!(summary.counts.bad, 4);
    assert_eq!(summary.bad_rows.iter().map(|bad| bad.line).collect::<Vec<_>>(), [3, 4, 5, 7]);
}

#[test]
fn json_lines_keep_the_row_as_it_was() {
    let folder = Folder::new();
    let lines = [
        r#"{"key": 12345678901234567890.10, "title": "Senior DevOps Engineer", "tags": ["a", {"b": 1}]}"#,
        r#"{"title": null, "key": 2}"#,
        "nonsense",
        r#"{"title": ["Nurse"], "key": 4}"#,
    ];
    let input = folder.file("in.jsonl", lines.join("\n"));
    let settings = InputSettings { id_column: Some("key".to_owned()), ..InputSettings::default() };
    let as_json = Batch { input: settings, ..batch(input.clone(), folder.path("out.jsonl")) };
    assert_eq!(run_through(&as_json).expect("it runs").counts.bad, 2);
    let text = folder.read("out.jsonl");
    let rows: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect();
    assert_eq!(rows.len(), 4);
    assert_eq!(rows[0]["id"], "12345678901234567890.10");
    assert_eq!(rows[0]["input"], "Senior DevOps Engineer");
    assert_eq!(rows[0]["candidates"][0]["code"], "DEI.GEN.P5");
    assert!(text.lines().next().expect("there is one").contains(&format!("\"input_row\":{}", lines[0])), "digits and order are kept");
    assert_eq!(rows[1]["reasons"][0], "input_empty");
    assert_eq!(rows[2]["input_row"]["text"], "nonsense");
    assert!(rows[3]["error"].as_str().expect("it has one").contains("no text") && rows[3]["decision"].is_null());

    let as_table = Batch { format: Some(OutputFormat::Csv), ..batch(input, folder.path("out.csv")) };
    run_through(&as_table).expect("it runs");
    let rows = table(&folder.read("out.csv"));
    assert_eq!(rows[0][..4], ["key", "title", "tags", "rolecall_other_columns"]);
    assert_eq!(rows[1][..3], ["12345678901234567890.10", "Senior DevOps Engineer", r#"["a", {"b": 1}]"#]);
    assert_eq!(rows[3][3], r#"{"text":"nonsense"}"#);
}

#[test]
fn late_json_columns_are_kept_in_one() {
    let folder = Folder::new();
    let mut text = "{\"title\":\"Nurse\"}\n".repeat(1000);
    text.push_str("{\"title\":\"Nurse\",\"late\":1.50}\n");
    let batch = Batch { format: Some(OutputFormat::Csv), ..batch(folder.file("in.jsonl", text), folder.path("out.csv")) };
    run_through(&batch).expect("it runs");
    let rows = table(&folder.read("out.csv"));
    assert_eq!(rows[1001][..2], ["Nurse", "{\"late\":1.50}"]);
}

#[test]
fn formats_are_recognised() {
    let folder = Folder::new();
    let cases = [
        ("lines without header", "in", "Nurse\nManager, Sales\n", "title,", 2),
        ("tab separated", "in.tsv", "title\tid\nManager, Sales\t1\n", "title\tid\t", 1),
        ("semicolons", "in.csv", "id;title\n1;Manager, Sales\n", "id;title;", 1),
        ("a usual header", "in", "id|job title\n1|Nurse\n", "id|job title|", 1),
        ("json", "in", "{\"title\":\"Nurse\"}\n", "{\"id\":\"1\"", 1),
        ("one column", "in.csv", "title\nManager, Sales\n\"Nurse, \"\"A\"\"\"\n", "title,rolecall_decision", 2),
        ("header only", "in.csv", "title\n", "title,rolecall_decision", 0),
    ];
    for (name, file, text, begins, rows) in cases {
        let batch = batch(folder.file(file, text), folder.path("out"));
        let summary = run_through(&batch).expect(name);
        assert_eq!(summary.counts.rows, rows, "{name}");
        assert_eq!(summary.counts.bad, 0, "{name}");
        assert!(folder.read("out").starts_with(begins), "{name}: {}", folder.read("out"));
    }
}

#[test]
fn what_cannot_be_read_is_named() {
    let folder = Folder::new();
    let message = |name: &str, text: &[u8]| {
        run_through(&batch(folder.file(name, text), folder.path("out.csv"))).expect_err("it cannot be read").to_string()
    };
    assert!(message("a.csv", b"").contains("is empty"));
    assert!(message("a.csv", b"id,name\n1,x\n").contains("--title-col` with one of: id, name"));
    assert!(message("a.csv", b"title\nG\xe4rtner\n").contains("--encoding windows-1252"));
    assert!(message("a.csv", b"title,rolecall_code\nx,y\n").contains("rolecall_code"));
    assert!(!folder.path("out.csv").exists());
}

#[test]
fn several_files_become_one_list() {
    let folder = Folder::new();
    let first = folder.file("a.csv", "title,id\nNurse,1\n");
    let second = folder.file("b.csv", "title,id\nDriver,2\n");
    let both = Batch { files: vec![first.clone(), second], ..batch(first.clone(), folder.path("out.csv")) };
    assert_eq!(run_through(&both).expect("it runs").counts.rows, 2);
    let other = folder.file("c.csv", "id,title\n2,Driver\n");
    let mixed = Batch { files: vec![first.clone(), other], ..batch(first, folder.path("out.csv")) };
    assert!(matches!(run_through(&mixed), Err(BatchError::OtherColumns { .. })));
}

#[test]
fn doubtful_titles_are_gathered_by_what_settles_them() {
    let folder = Folder::new();
    let text = "title\nzebra whisperer\nWhisperer, Zebra\nDevOps Engineer\nZEBRA WHISPERER (Remote)\nDEI.GEN.P5\n???\n";
    let batch = Batch { review: Some(folder.path("review.csv")), ..batch(folder.file("in.csv", text), folder.path("out.csv")) };
    run_through(&batch).expect("it runs");
    let rows = table(&folder.read("review.csv"));
    assert_eq!(rows[0][..5], ["title", "code", "note", "rows", "first_row"]);
    assert_eq!(rows[1][..5], ["zebra whisperer", "", "", "3", "1"]);
    assert_eq!(rows[2][..1], ["DevOps Engineer"]);
    assert_eq!(rows.len(), 3, "{rows:?}");
}

#[test]
fn spreadsheets_neither_run_nor_change_cells() {
    let folder = Folder::new();
    let text = "title,x\n=HYPERLINK(1),-5\n";
    let batch = Batch { spreadsheet: true, ..batch(folder.file("in.csv", text), folder.path("out.csv")) };
    run_through(&batch).expect("it runs");
    let written = folder.read("out.csv");
    assert!(written.starts_with("\u{feff}title,x,"));
    assert!(written.contains("\n'=HYPERLINK(1),-5,"), "{written}");
}
