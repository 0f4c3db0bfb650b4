//! Properties of batches that read or write Parquet: types, order, the same answers as from a CSV, refusals.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{Array, ArrayRef, DictionaryArray, Float64Array, Int64Array, ListArray, RecordBatch, StringArray, TimestampMillisecondArray};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::properties::WriterProperties;

use super::tests::{Folder, run_through};
use super::*;

/// More rows than a chunk, in several row groups.
const ROWS: usize = 5000;
/// Titles of the rows, in turn; the third is nothing.
const TITLES: [Option<&str>; 5] = [Some("Senior DevOps Engineer"), Some("Nurse"), None, Some("zzz qqq"), Some("Truck, \"Driver\"")];

fn columns() -> Vec<(&'static str, ArrayRef)> {
    let titles: Vec<Option<&str>> = (0..ROWS).map(|row| TITLES[row % TITLES.len()]).collect();
    let numbers = || 0..ROWS as i64;
    let lists = (0..ROWS as i32).map(|row| Some(vec![Some(row), None])).collect::<Vec<_>>();
    vec![
        ("number", Arc::new(Int64Array::from_iter_values(numbers()))),
        ("title", Arc::new(titles.iter().copied().collect::<StringArray>())),
        ("kind", Arc::new(titles.iter().copied().collect::<DictionaryArray<Int32Type>>())),
        ("pay", Arc::new(numbers().map(|row| (row % 3 > 0).then_some(row as f64 / 7.0)).collect::<Float64Array>())),
        ("since", Arc::new(TimestampMillisecondArray::from_iter_values(numbers().map(|row| row * 86_400_000)))),
        ("tags", Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>(lists))),
    ]
}

fn write(path: &Path, columns: Vec<(&'static str, ArrayRef)>) {
    let table = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, column)| (name, column, true))).unwrap();
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(1700)).build();
    let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), table.schema(), Some(properties)).unwrap();
    writer.write(&table).unwrap();
    writer.close().unwrap();
}

/// A batch whose output has the format of its ending, as the command line chooses it.
fn coded(input: PathBuf, output: PathBuf) -> Batch<'static> {
    let format = match output.extension().and_then(|ending| ending.to_str()) {
        Some("parquet") => OutputFormat::Parquet,
        Some("jsonl") => OutputFormat::Jsonl,
        _ => OutputFormat::Csv,
    };
    Batch { format: Some(format), ..super::tests::batch(input, output) }
}

/// The whole file as one batch.
fn read(path: &Path) -> RecordBatch {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap().with_batch_size(2 * ROWS).build().unwrap();
    let batches: Vec<RecordBatch> = reader.map(Result::unwrap).collect();
    assert_eq!(batches.len(), 1);
    batches[0].clone()
}

fn texts(table: &RecordBatch, name: &str) -> Vec<String> {
    let column = table.column_by_name(name).unwrap_or_else(|| panic!("there is a column {name}"));
    let column = column.as_any().downcast_ref::<StringArray>().unwrap();
    column.iter().map(|cell| cell.unwrap_or_default().to_owned()).collect()
}

#[test]
fn every_column_keeps_its_type_and_the_answers_are_those_of_a_csv() {
    let folder = Folder::new();
    let input = folder.path("titles.parquet");
    write(&input, columns());
    let summary = run_through(&coded(input.clone(), folder.path("coded.parquet"))).unwrap();
    assert_eq!((summary.counts.rows, summary.counts.bad), (ROWS as u64, 0));
    let (before, after) = (read(&input), read(&folder.path("coded.parquet")));
    assert_eq!(after.num_rows(), ROWS);
    for (number, field) in before.schema().fields().iter().enumerate() {
        assert_eq!(after.schema().field(number), field.as_ref());
        assert_eq!(after.column(number), before.column(number), "{}", field.name());
    }

    run_through(&coded(input, folder.path("coded.csv"))).unwrap();
    let mut csv = csv::Reader::from_path(folder.path("coded.csv")).unwrap();
    let header = csv.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = csv.records().map(Result::unwrap).collect();
    let names: Vec<String> = after.schema().fields().iter().map(|field| field.name().clone()).collect();
    assert_eq!(header.iter().collect::<Vec<_>>(), names);
    assert!(rows.iter().any(|row| &row[6] == "accept") && rows.iter().any(|row| &row[6] == "reject"));
    for (at, name) in names.iter().enumerate().skip(6) {
        let expected: Vec<&str> = rows.iter().map(|row| &row[at]).collect();
        if name.ends_with("confidence") {
            let numbers = after.column(at).as_any().downcast_ref::<Float64Array>().unwrap();
            let shown: Vec<String> = numbers.iter().map(|number| number.map(|number| format!("{number:.3}")).unwrap_or_default()).collect();
            assert_eq!(shown, expected, "{name}");
        } else {
            assert_eq!(texts(&after, name), expected, "{name}");
        }
    }
}

#[test]
fn a_csv_becomes_parquet_and_back_to_lines() {
    let folder = Folder::new();
    let input = folder.file("titles.csv", "id,job title,\n007,Nurse,x\n8,\"Truck Driver\",\n9,broken\n");
    let summary = run_through(&coded(input, folder.path("coded.parquet"))).unwrap();
    assert_eq!((summary.counts.rows, summary.counts.bad), (3, 1));
    let table = read(&folder.path("coded.parquet"));
    assert_eq!(texts(&table, "id"), ["007", "8", "9"]);
    assert_eq!(texts(&table, "column_3"), ["x", "", ""]);
    let errors = texts(&table, ERROR_COLUMN);
    assert!(errors[0].is_empty() && errors[2].contains("2 cells where the header has 3"), "{errors:?}");
    assert!(table.column_by_name("rolecall_code").unwrap().is_null(2));

    let plain = RecordBatch::try_from_iter([("job title", table.column(1).clone()), ("id", table.column(0).clone())]).unwrap();
    let mut writer = ArrowWriter::try_new(File::create(folder.path("again.parquet")).unwrap(), plain.schema(), None).unwrap();
    writer.write(&plain).unwrap();
    writer.close().unwrap();
    let lines = Batch { format: Some(OutputFormat::Jsonl), ..coded(folder.path("again.parquet"), folder.path("coded.jsonl")) };
    run_through(&lines).unwrap();
    let text = folder.read("coded.jsonl");
    let first: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    assert_eq!(first["input"], "Nurse");
    assert_eq!(first["input_row"], serde_json::json!({ "job title": "Nurse", "id": "007" }));
}

#[test]
fn what_cannot_be_read_or_continued_is_refused_with_the_way_out() {
    let folder = Folder::new();
    let input = folder.path("titles.parquet");
    write(&input, columns());
    let message = |batch: &Batch<'_>| run_through(batch).unwrap_err().to_string();
    let with_column = |column: &str| {
        let mut asked = coded(input.clone(), folder.path("coded.parquet"));
        asked.input.title_column = Some(column.to_owned());
        asked
    };
    assert!(message(&with_column("job")).contains("has no column \"job\": it has number, title, kind"));
    assert!(message(&with_column("pay")).contains("column \"pay\" holds Float64 and no text"));
    assert!(run_through(&with_column("kind")).is_ok(), "a dictionary of texts is text");

    let resumed = Batch { resume: true, ..coded(input.clone(), folder.path("coded.parquet")) };
    assert!(message(&resumed).contains("cannot be continued: run again without `--resume`"));
    let stdin = Batch { input: InputSettings { format: Some(InputFormat::Parquet), ..InputSettings::default() }, ..coded(STDIN.into(), folder.path("x.csv")) };
    assert!(message(&stdin).contains("give the name of a file"));

    let fake = folder.file("fake.parquet", "title\nBaker\n");
    assert!(message(&coded(fake, folder.path("x.parquet"))).contains("no sound Parquet file"));
    let whole = std::fs::read(&input).unwrap();
    let cut = folder.file("cut.parquet", &whole[..whole.len() / 2]);
    assert!(message(&coded(cut, folder.path("x.parquet"))).contains("no sound Parquet file"));

    let other = folder.path("other.parquet");
    let numbers: ArrayRef = Arc::new(Float64Array::from_iter_values((0..ROWS).map(|row| row as f64)));
    write(&other, columns().into_iter().map(|(name, column)| (name, if name == "number" { numbers.clone() } else { column })).collect());
    let both = Batch { files: vec![input.clone(), other], ..coded(input, folder.path("x.parquet")) };
    assert!(message(&both).contains("has other columns than"));
    assert!(!folder.path("x.parquet").exists());
}
