//! Turns a row and its answer into the bytes of an output row.
//!
//! **CSV and TSV**: the input's columns as they are, then the answer's. **JSON lines**: the answer as everywhere, after `id`
//! (the id column, else the row's number) and before `input_row`, which holds the input's columns, so that `input` stays the
//! title that was answered.

use csv::StringRecord;

use super::cells::{ANSWER_COLUMNS, ERROR_COLUMN, answer_cells};
use super::error::BatchError;
use super::input::{Form, Row, Shape};
use crate::engine::Classification;

/// What the output is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputFormat {
    /// Cells between commas, or whatever stands between the input's.
    Csv,
    /// Cells between tabs.
    Tsv,
    /// A JSON object a line.
    Jsonl,
    /// A Parquet file; written only by a program built with the feature `parquet`.
    Parquet,
}

/// Column of what a JSON row holds beyond the columns of the first rows.
const REST_COLUMN: &str = "rolecall_other_columns";

/// Writes rows in one format.
#[derive(Debug, Clone)]
pub(super) struct Renderer {
    format: OutputFormat,
    cells: CellStyle,
    shape: Shape,
    /// Unique names of the columns for JSON.
    names: Vec<String>,
    emit: Vec<String>,
}

impl Renderer {
    pub(super) fn new(format: OutputFormat, shape: &Shape, emit: &[String], spreadsheet: bool) -> Self {
        let delimiter = match (format, shape.form) {
            (OutputFormat::Tsv, _) => b'\t',
            (_, Form::Delimited(delimiter)) if delimiter != b'\t' => delimiter,
            _ => b',',
        };
        let cells = CellStyle { delimiter, spreadsheet };
        Self { format, cells, shape: shape.clone(), names: unique(&shape.header), emit: emit.to_vec() }
    }

    /// Refuses an input whose columns would stand twice.
    pub(super) fn check(&self, file: &str) -> Result<(), BatchError> {
        let own = self.columns();
        let taken = self.shape.header.iter().find(|column| self.format != OutputFormat::Jsonl && own.contains(column));
        taken.map_or(Ok(()), |column| Err(BatchError::ColumnTaken { file: file.to_owned(), column: column.clone() }))
    }

    /// Columns that follow those of the input.
    pub(super) fn columns(&self) -> Vec<String> {
        let rest = (self.shape.form == Form::Json).then_some(REST_COLUMN);
        let own = ANSWER_COLUMNS.iter().copied().map(str::to_owned);
        let schemes = self.emit.iter().map(|scheme| format!("rolecall_{scheme}"));
        rest.map(str::to_owned).into_iter().chain(own).chain(schemes).chain([ERROR_COLUMN.to_owned()]).collect()
    }

    /// What stands before the first row.
    pub(super) fn head(&self) -> Vec<u8> {
        if matches!(self.format, OutputFormat::Jsonl | OutputFormat::Parquet) {
            return Vec::new();
        }
        let names: Vec<String> = self.shape.header.iter().cloned().chain(self.columns()).collect();
        let mut head = self.cells.mark();
        self.cells.push_row(&mut head, &names);
        head
    }

    /// The part of a row that follows from the answer alone, the same for every row with that title.
    pub(super) fn tail(&self, answer: &Classification) -> Vec<u8> {
        if self.format == OutputFormat::Jsonl {
            let text = serde_json::to_string(answer).expect("an answer is plain data");
            // Without the braces: members of the row come before and after.
            return text.as_bytes()[1..text.len() - 1].to_vec();
        }
        if self.format == OutputFormat::Parquet {
            return postcard::to_stdvec(&answer_cells(answer, &self.emit)).expect("cells are plain data");
        }
        let mut tail = Vec::new();
        for (position, cell) in answer_cells(answer, &self.emit).iter().enumerate() {
            tail.push(self.cells.delimiter);
            let is_code = position == CODE_COLUMN || position >= ANSWER_COLUMNS.len();
            if is_code { self.cells.push_code(&mut tail, cell) } else { self.cells.push(&mut tail, cell) }
        }
        tail.push(self.cells.delimiter);
        tail
    }

    /// Writes a row; `tail` is the answer's part, `None` for a bad row.
    pub(super) fn push_row(&self, output: &mut Vec<u8>, row: &Row, tail: Option<&[u8]>) {
        if self.format == OutputFormat::Jsonl {
            self.push_json(output, row, tail);
            return;
        }
        for (position, cell) in row.cells.iter().enumerate() {
            if position > 0 {
                output.push(self.cells.delimiter);
            }
            self.cells.push(output, cell);
        }
        if self.shape.form == Form::Json {
            output.push(self.cells.delimiter);
            self.cells.push(output, &row.rest);
        }
        match tail {
            Some(tail) => output.extend_from_slice(tail),
            None => {
                output.extend(std::iter::repeat_n(self.cells.delimiter, ANSWER_COLUMNS.len() + self.emit.len() + 1));
                self.cells.push(output, row.problem.as_deref().unwrap_or_default());
            }
        }
        output.push(b'\n');
    }

    fn push_json(&self, output: &mut Vec<u8>, row: &Row, tail: Option<&[u8]>) {
        let id = self.shape.columns.id.and_then(|id| row.cells.get(id)).map_or_else(|| row.number.to_string(), str::to_owned);
        output.extend_from_slice(b"{\"id\":");
        push_json_text(output, &id);
        output.push(b',');
        match tail {
            Some(tail) => output.extend_from_slice(tail),
            None => {
                output.extend_from_slice(b"\"decision\":null,\"error\":");
                push_json_text(output, row.problem.as_deref().unwrap_or_default());
            }
        }
        output.extend_from_slice(b",\"input_row\":");
        match &row.json {
            Some(json) => output.extend_from_slice(json.as_bytes()),
            None if !row.rest.is_empty() => output.extend_from_slice(row.rest.as_bytes()),
            None => push_json_row(output, &self.names, &row.cells),
        }
        output.extend_from_slice(b"}\n");
    }
}

/// Position of the code among the answer's columns.
const CODE_COLUMN: usize = 1;

/// How the cells of a table are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CellStyle {
    pub(super) delimiter: u8,
    /// Whether a spreadsheet will open the table.
    pub(super) spreadsheet: bool,
}

impl CellStyle {
    /// What stands before the header: a byte order mark for spreadsheets, which else read UTF-8 as Windows-1252.
    pub(super) fn mark(self) -> Vec<u8> {
        if self.spreadsheet { "\u{feff}".as_bytes().to_vec() } else { Vec::new() }
    }

    /// A whole row.
    pub(super) fn push_row(self, output: &mut Vec<u8>, cells: &[String]) {
        for (position, cell) in cells.iter().enumerate() {
            if position > 0 {
                output.push(self.delimiter);
            }
            self.push(output, cell);
        }
        output.push(b'\n');
    }

    /// A cell, quoted where a reader would misread it.
    pub(super) fn push(self, output: &mut Vec<u8>, cell: &str) {
        if self.spreadsheet && is_formula(cell) {
            push_quoted(output, &format!("'{cell}"), self.delimiter);
        } else {
            push_quoted(output, cell, self.delimiter);
        }
    }

    /// A code; for spreadsheets one that looks like a number or date is written so that it stays text.
    pub(super) fn push_code(self, output: &mut Vec<u8>, code: &str) {
        if self.spreadsheet && looks_like_number(code) {
            push_quoted(output, &format!("=\"{code}\""), self.delimiter);
        } else {
            self.push(output, code);
        }
    }
}

/// Whether a spreadsheet would run a cell as a formula; numbers with a sign are no formulas.
fn is_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err()
}

/// Whether a spreadsheet would turn a code into a number or a date.
fn looks_like_number(code: &str) -> bool {
    code.starts_with(|letter: char| letter.is_ascii_digit())
        && code.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'/' | b':' | b'e' | b'E'))
}

fn push_quoted(output: &mut Vec<u8>, cell: &str, delimiter: u8) {
    let needs_quotes = cell.bytes().any(|byte| byte == delimiter || matches!(byte, b'"' | b'\n' | b'\r'));
    if !needs_quotes {
        output.extend_from_slice(cell.as_bytes());
        return;
    }
    output.push(b'"');
    for byte in cell.bytes() {
        if byte == b'"' {
            output.push(b'"');
        }
        output.push(byte);
    }
    output.push(b'"');
}

fn push_json_text(output: &mut Vec<u8>, text: &str) {
    serde_json::to_writer(output, text).expect("text can be written to memory");
}

fn push_json_row(output: &mut Vec<u8>, names: &[String], cells: &StringRecord) {
    output.push(b'{');
    for (position, (name, cell)) in names.iter().zip(cells).enumerate() {
        if position > 0 {
            output.push(b',');
        }
        push_json_text(output, name);
        output.push(b':');
        push_json_text(output, cell);
    }
    output.push(b'}');
}

/// Names of columns made unique: an empty one is named by its number, a repeated one gets a number.
pub(super) fn unique(header: &[String]) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(header.len());
    for (position, column) in header.iter().enumerate() {
        let base = if column.is_empty() { format!("column_{}", position + 1) } else { column.clone() };
        let mut name = base.clone();
        let mut number = 2;
        while names.contains(&name) || (name != *column && header.contains(&name)) {
            name = format!("{base}_{number}");
            number += 1;
        }
        names.push(name);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_needed_and_guarded_when_asked() {
        let cases = [("plain", "plain"), ("a,b", "\"a,b\""), ("say \"x\"", "\"say \"\"x\"\"\""), ("two\nlines", "\"two\nlines\""), ("", "")];
        for (cell, expected) in cases {
            let mut output = Vec::new();
            push_quoted(&mut output, cell, b',');
            assert_eq!(String::from_utf8_lossy(&output), expected);
        }
        let formulas = ["=1+1", "+cmd", "@x", "-2+3", "\tx"];
        assert!(formulas.iter().all(|cell| is_formula(cell)));
        assert!(!["-5", "+1.5", "a=b", "", "DEI.GEN.P5"].iter().any(|cell| is_formula(cell)));
        assert!(["0110", "3-4", "15-1252", "1e5"].iter().all(|code| looks_like_number(code)));
        assert!(!["DEI.GEN.P5", "http://x/1", ""].iter().any(|code| looks_like_number(code)));
    }

    #[test]
    fn names_of_columns_become_unique() {
        let header: Vec<String> = ["a", "a", "", "a_2", ""].map(str::to_owned).to_vec();
        assert_eq!(unique(&header), ["a", "a_3", "column_3", "a_2", "column_5"]);
    }
}
