//! Turns files into rows with the same columns: CSV, TSV, JSON lines, plain lines of text, and Parquet.

use std::collections::VecDeque;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use csv::StringRecord;

use super::columns::{Columns, Wanted, guess_title_column};
use super::encoding::{TextEncoding, decoded};
use super::error::BatchError;
use super::json_members;
use super::parquet_files;
use super::records::{MAX_RECORD_BYTES, RecordError, Records, cells};

/// The path that stands for stdin.
pub const STDIN: &str = "-";
/// JSON rows looked at to learn the columns; names that first occur later go into one further column.
const HEADER_ROWS: usize = 1000;
/// Delimiters that a table may have, the likeliest first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// What a file is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputFormat {
    /// Cells between commas, semicolons, tabs or bars: whichever the header has.
    Csv,
    /// Cells between tabs.
    Tsv,
    /// A JSON object a line.
    Jsonl,
    /// A title a line.
    Lines,
    /// A Parquet file; read only by a program built with the feature `parquet`.
    Parquet,
}

impl InputFormat {
    /// The format that a file's ending names.
    pub fn of_path(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "csv" => Some(Self::Csv),
            "tsv" | "tab" => Some(Self::Tsv),
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            "txt" | "list" => Some(Self::Lines),
            "parquet" => Some(Self::Parquet),
            _ => None,
        }
    }
}

/// How files are to be read.
#[derive(Debug, Clone, Default)]
pub struct InputSettings {
    /// The format; by the file's ending, else by its first line, when `None`.
    pub format: Option<InputFormat>,
    /// The encoding.
    pub encoding: TextEncoding,
    /// Column of titles, by name or number from 1; guessed when `None`.
    pub title_column: Option<String>,
    /// Column of ids.
    pub id_column: Option<String>,
    /// Column of languages.
    pub lang_column: Option<String>,
    /// Whether the first row is no header; columns are then `column_1`, `column_2`, ….
    pub no_header: bool,
}

/// A row as it was read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    /// Its number from 1, over all files.
    pub(super) number: u64,
    /// Number of its file.
    pub(super) file: usize,
    /// Line on which it begins, from 1.
    pub(super) line: u64,
    /// One cell a column.
    pub(super) cells: StringRecord,
    /// The whole JSON object as written.
    pub(super) json: Option<String>,
    /// Members of a JSON object that are no column, as an object.
    pub(super) rest: String,
    /// Why it cannot be answered.
    pub(super) problem: Option<String>,
    /// Where it stands in a Parquet file, with the types of its cells.
    pub(super) place: Option<parquet_files::Place>,
}

/// Columns and separators that all files of a batch share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) header: Vec<String>,
    pub(super) columns: Columns,
    pub(super) form: Form,
    /// Types of the columns of a Parquet file.
    pub(super) types: Option<parquet_files::Types>,
}

/// How rows are written in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Delimited(u8),
    Json,
    Lines,
    #[cfg_attr(not(feature = "parquet"), expect(dead_code, reason = "only the feature reads such files"))]
    Parquet,
}

/// The rows of several files as one list.
pub(super) struct Input {
    files: Vec<PathBuf>,
    settings: InputSettings,
    /// The shape of the first file, which the others must have.
    pub(super) shape: Shape,
    current: Source,
    position: usize,
    rows: u64,
    bytes: Arc<AtomicU64>,
}

impl Input {
    /// Opens the first of some files; there must be one.
    pub(super) fn open(files: &[PathBuf], settings: &InputSettings) -> Result<Self, BatchError> {
        let bytes = Arc::new(AtomicU64::new(0));
        let first = files.first().expect("a batch has a file");
        let current = Source::open(first, 0, settings, &bytes)?;
        let shape = current.shape().clone();
        Ok(Self { files: files.to_vec(), settings: settings.clone(), shape, current, position: 0, rows: 0, bytes })
    }

    /// The next row of all files.
    pub(super) fn next(&mut self) -> Result<Option<Row>, BatchError> {
        loop {
            if let Some(mut row) = self.current.next()? {
                self.rows += 1;
                row.number = self.rows;
                return Ok(Some(row));
            }
            let Some(path) = self.files.get(self.position + 1) else { return Ok(None) };
            self.position += 1;
            self.current = Source::open(path, self.position, &self.settings, &self.bytes)?;
            let shape = self.current.shape();
            if shape.header != self.shape.header || shape.types != self.shape.types {
                return Err(BatchError::OtherColumns { file: self.name(self.position), first: self.name(0) });
            }
        }
    }

    /// The name of a file for messages.
    pub(super) fn name(&self, file: usize) -> String {
        name_of(&self.files[file])
    }

    /// Bytes read from all files so far.
    pub(super) fn bytes_read(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }
}

/// The titles of files, in order; bad rows are passed over.
///
/// # Errors
/// [`BatchError`] says what stopped it.
pub fn read_titles(files: &[PathBuf], settings: &InputSettings) -> Result<Vec<String>, BatchError> {
    let mut input = Input::open(files, settings)?;
    let mut titles = Vec::new();
    while let Some(row) = input.next()? {
        if row.problem.is_none() {
            titles.push(row.cells.get(input.shape.columns.title).unwrap_or_default().to_owned());
        }
    }
    Ok(titles)
}

/// A path for messages.
pub(super) fn name_of(path: &Path) -> String {
    if path == Path::new(STDIN) { "stdin".to_owned() } else { path.display().to_string() }
}

/// An open file: text that is read record by record, or Parquet that is read by columns.
enum Source {
    Text(Box<InputFile>),
    Parquet(Box<parquet_files::ParquetInput>),
}

impl Source {
    fn open(path: &Path, number: usize, settings: &InputSettings, bytes: &Arc<AtomicU64>) -> Result<Self, BatchError> {
        if settings.format.or_else(|| InputFormat::of_path(path)) == Some(InputFormat::Parquet) {
            return Ok(Self::Parquet(Box::new(parquet_files::ParquetInput::open(path, number, settings, bytes)?)));
        }
        Ok(Self::Text(Box::new(InputFile::open(path, number, settings, bytes)?)))
    }

    fn next(&mut self) -> Result<Option<Row>, BatchError> {
        match self {
            Self::Text(file) => file.next(),
            Self::Parquet(file) => file.next(),
        }
    }

    fn shape(&self) -> &Shape {
        match self {
            Self::Text(file) => &file.shape,
            Self::Parquet(file) => file.shape(),
        }
    }
}

struct InputFile {
    name: String,
    number: usize,
    shape: Shape,
    records: Records<Box<dyn Read + Send>>,
    /// Rows read to learn the columns.
    pending: VecDeque<Row>,
}

impl InputFile {
    fn open(path: &Path, number: usize, settings: &InputSettings, bytes: &Arc<AtomicU64>) -> Result<Self, BatchError> {
        let name = name_of(path);
        let source: Box<dyn Read + Send> = if path == Path::new(STDIN) {
            Box::new(std::io::stdin())
        } else {
            Box::new(std::fs::File::open(path).map_err(|error| BatchError::read(&name, &error))?)
        };
        let counted = Box::new(Counted { source, bytes: bytes.clone() });
        let text = decoded(counted, &name, settings.encoding)?;
        let mut records = Records::new(text, None);
        let sample = records.peek().map_err(|error| BatchError::read(&name, &error))?;
        let format = settings.format.or_else(|| InputFormat::of_path(path));
        let form = form_of(format, sample);
        if let Form::Delimited(delimiter) = form {
            records.set_delimiter(Some(delimiter));
        }
        let columns = Columns { title: 0, id: None, lang: None };
        let shape = Shape { header: Vec::new(), columns, form, types: None };
        let mut file = Self { name, number, shape, records, pending: VecDeque::new() };
        file.read_header(settings)?;
        Ok(file)
    }

    fn read_header(&mut self, settings: &InputSettings) -> Result<(), BatchError> {
        match self.shape.form {
            Form::Lines => self.shape.header = vec!["title".to_owned()],
            Form::Delimited(_) if settings.no_header => {
                let first = self.next()?;
                let width = first.as_ref().map_or(0, |row| row.cells.len());
                self.shape.header = (1..=width).map(|number| format!("column_{number}")).collect();
                self.pending.extend(first.map(|row| Row { problem: None, ..row }));
            }
            Form::Delimited(_) => {
                let header = self.next()?.map(|row| row.cells).unwrap_or_default();
                self.shape.header = header.iter().map(|name| name.trim().to_owned()).collect();
            }
            Form::Json => self.read_json_header()?,
            Form::Parquet => {}
        }
        if self.shape.header.is_empty() {
            return Err(BatchError::Empty { file: self.name.clone() });
        }
        self.shape.columns = columns_of(&self.name, &self.shape.header, settings)?;
        for row in &mut self.pending {
            check_title(row, self.shape.columns.title);
        }
        Ok(())
    }

    /// Learns the columns from the first rows, in the order in which their names occur.
    fn read_json_header(&mut self) -> Result<(), BatchError> {
        let mut texts = Vec::new();
        while texts.len() < HEADER_ROWS {
            let Some((line, text, problem)) = self.next_line()? else { break };
            if !text.trim().is_empty() {
                texts.push((line, text, problem));
            }
        }
        for (_, text, _) in &texts {
            for (name, _) in json_members::members(text).unwrap_or_default() {
                if !self.shape.header.contains(&name) {
                    self.shape.header.push(name);
                }
            }
        }
        let rows: VecDeque<Row> = texts.into_iter().map(|(line, text, problem)| self.json_row(line, text, problem)).collect();
        self.pending = rows;
        Ok(())
    }

    fn next(&mut self) -> Result<Option<Row>, BatchError> {
        if let Some(row) = self.pending.pop_front() {
            return Ok(Some(row));
        }
        match self.shape.form {
            Form::Delimited(delimiter) => self.next_delimited(delimiter),
            Form::Json => loop {
                let Some((line, text, problem)) = self.next_line()? else { return Ok(None) };
                if !text.trim().is_empty() {
                    return Ok(Some(self.json_row(line, text, problem)));
                }
            },
            // A Parquet file is no text and is read elsewhere.
            Form::Lines | Form::Parquet => {
                let Some((line, text, problem)) = self.next_line()? else { return Ok(None) };
                let mut row = self.row(line);
                row.cells.push_field(&text);
                row.problem = problem;
                Ok(Some(row))
            }
        }
    }

    fn next_delimited(&mut self, delimiter: u8) -> Result<Option<Row>, BatchError> {
        loop {
            let record = self.records.next().map_err(|error| failed(&self.name, error))?;
            let Some(record) = record else { return Ok(None) };
            if record.bytes.is_empty() {
                continue;
            }
            let (line, unclosed) = (record.line, record.unclosed);
            // A table of one column has no delimiter: "Manager, Sales" is one cell there.
            let is_plain = self.shape.header.len() == 1 && !record.bytes.starts_with(b"\"");
            let found = if is_plain { csv::ByteRecord::from(vec![record.bytes]) } else { cells(record.bytes, delimiter) };
            let mut row = self.row(line);
            match StringRecord::from_byte_record(found) {
                Ok(cells) => row.cells = cells,
                Err(error) => {
                    row.cells = StringRecord::from_byte_record_lossy(error.into_byte_record());
                    row.problem = Some(NOT_UTF8.to_owned());
                }
            }
            let width = self.shape.header.len();
            let count = row.cells.len();
            if unclosed {
                row.problem = Some("a quote is never closed: close it, or double it when it belongs to the text".to_owned());
            } else if width > 0 && count != width {
                row.problem = Some(format!("{count} cells where the header has {width}: quote cells that hold the delimiter"));
            }
            if width > 0 && count > width {
                // What has no column is kept with the message, so that nothing is lost.
                let further: Vec<&str> = row.cells.iter().skip(width).collect();
                let problem = row.problem.unwrap_or_default();
                row.problem = Some(format!("{problem}; further cells: {}", serde_json::json!(further)));
                row.cells.truncate(width);
            }
            while row.cells.len() < width {
                row.cells.push_field("");
            }
            return Ok(Some(row));
        }
    }

    /// The next line with its number and what is wrong with its letters.
    fn next_line(&mut self) -> Result<Option<(u64, String, Option<String>)>, BatchError> {
        let record = self.records.next().map_err(|error| failed(&self.name, error))?;
        Ok(record.map(|record| match std::str::from_utf8(record.bytes) {
            Ok(text) => (record.line, text.to_owned(), None),
            Err(_) => (record.line, String::from_utf8_lossy(record.bytes).into_owned(), Some(NOT_UTF8.to_owned())),
        }))
    }

    fn json_row(&self, line: u64, text: String, problem: Option<String>) -> Row {
        let mut row = self.row(line);
        row.problem = problem;
        let Some(members) = json_members::members(&text) else {
            row.problem = Some("no JSON object: write one object a line".to_owned());
            row.cells = self.shape.header.iter().map(|_| "").collect();
            row.rest = serde_json::json!({ "text": text }).to_string();
            return row;
        };
        for name in &self.shape.header {
            let raw = members.iter().rev().find(|(known, _)| known == name).map_or("null", |(_, raw)| raw);
            row.cells.push_field(&json_members::cell(raw));
        }
        let unknown: Vec<String> = members
            .iter()
            .filter(|(name, _)| !self.shape.header.contains(name))
            .map(|(name, raw)| format!("{}:{raw}", serde_json::Value::from(name.as_str())))
            .collect();
        if !unknown.is_empty() {
            row.rest = format!("{{{}}}", unknown.join(","));
        }
        row.json = Some(text.trim().to_owned());
        check_title(&mut row, self.shape.columns.title);
        row
    }

    fn row(&self, line: u64) -> Row {
        Row { number: 0, file: self.number, line, cells: StringRecord::new(), json: None, rest: String::new(), problem: None, place: None }
    }
}

/// The columns that settings ask for.
pub(super) fn columns_of(file: &str, header: &[String], settings: &InputSettings) -> Result<Columns, BatchError> {
    let wanted = Wanted {
        title: settings.title_column.as_deref(),
        id: settings.id_column.as_deref(),
        lang: settings.lang_column.as_deref(),
    };
    Columns::find(file, header, &wanted)
}

const NOT_UTF8: &str = "not UTF-8: state the file's encoding with `--encoding`";

/// A JSON title must be text.
fn check_title(row: &mut Row, title: usize) {
    if row.json.is_some() && row.cells.get(title).is_some_and(|cell| cell.starts_with(['{', '['])) {
        row.problem.get_or_insert_with(|| "the title is no text: write a string".to_owned());
    }
}

fn failed(file: &str, error: RecordError) -> BatchError {
    match error {
        RecordError::Io(error) => BatchError::read(file, &error),
        RecordError::TooLong { line } => {
            BatchError::RowTooLong { file: file.to_owned(), line, limit_mib: MAX_RECORD_BYTES >> 20 }
        }
    }
}

/// The form of a file from its format, or from its first line when that is unknown.
fn form_of(format: Option<InputFormat>, sample: &[u8]) -> Form {
    let first_line = sample.split(|byte| *byte == b'\n').find(|line| !line.trim_ascii().is_empty()).unwrap_or_default();
    let first_line = first_line.strip_suffix(b"\r").unwrap_or(first_line);
    let header = |delimiter: u8| -> Vec<String> {
        cells(first_line, delimiter).iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect()
    };
    let widest = || {
        let mut best = (DELIMITERS[0], 0);
        for delimiter in DELIMITERS {
            let width = header(delimiter).len();
            if width > best.1 {
                best = (delimiter, width);
            }
        }
        best.0
    };
    match format {
        Some(InputFormat::Csv) => Form::Delimited(widest()),
        Some(InputFormat::Tsv) => Form::Delimited(b'\t'),
        Some(InputFormat::Jsonl) => Form::Json,
        Some(InputFormat::Lines | InputFormat::Parquet) => Form::Lines,
        None if first_line.trim_ascii_start().starts_with(b"{") => Form::Json,
        None => {
            let names = header(widest());
            // A single cell is a header only when it is a usual name of one.
            let is_header = guess_title_column(&names).is_some_and(|title| names.len() > 1 || is_usual(&names[title]));
            if is_header { Form::Delimited(widest()) } else { Form::Lines }
        }
    }
}

fn is_usual(name: &str) -> bool {
    guess_title_column(&[String::new(), name.to_owned()]) == Some(1)
}

/// Counts the bytes read, for the progress bar.
struct Counted {
    source: Box<dyn Read + Send>,
    bytes: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.bytes.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
